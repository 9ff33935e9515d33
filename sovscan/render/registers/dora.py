"""Candidates for the DORA register of information (Regulation 2022/2554, articles 28(3) and 29; ITS (EU) 2024/2956).

Templates B_02 (contract), B_05.01 (provider and parent), B_05.02 (rank) and B_06 (function). Neither contract nor LEI
can be seen; a host under a provider is the second rank of the chain.
"""

from collections.abc import Iterator

from sovscan.model.dependency import Dependency
from sovscan.render.registers.register import Register, Row
from sovscan.render.registers.supplier import Supply, controller_share, supplies
from sovscan.render.view.reading import Reading


def _rows(reading: Reading) -> Iterator[tuple[Row, str, tuple[str, ...]]]:
    for supply in supplies(reading):
        yield _row(reading, supply), supply.confidence, supply.because
        for host, behind in _hosts(supply).items():
            because = tuple(sorted({str(seen) for each in behind if each.host for seen in each.host.observations}))
            yield _host_row(reading, supply, host), supply.confidence, because


def _row(reading: Reading, supply: Supply) -> Row:
    unseen, view = reading.words("register.unseen"), supply.provider
    return (
        unseen,
        unseen,
        supply.label,
        reading.shown(view.entity, 200) if view else "",
        view.seat if view else "",
        reading.parent_name(view) if view else "",
        view.controller_country if view else "",
        1,
        "",
        f"{reading.layer_name(supply.layer)} / {supply.role}",
        unseen,
        controller_share(reading, supply),
    )


def _host_row(reading: Reading, supply: Supply, host: str) -> Row:
    unseen, view = reading.words("register.unseen"), reading.providers.get(host)
    return (
        unseen,
        unseen,
        reading.provider_name(host) if view else reading.shown(host, 120),
        reading.shown(view.entity, 200) if view else "",
        view.seat if view else "",
        reading.parent_name(view) if view else "",
        view.controller_country if view else "",
        2,
        supply.label,
        f"{reading.layer_name(supply.layer)} / {supply.role}",
        unseen,
        None,
    )


def _hosts(supply: Supply) -> dict[str, list[Dependency]]:
    """Hosts other than the supplier, by catalogue id or network label."""
    own = supply.provider.id if supply.provider else None
    found: dict[str, list[Dependency]] = {}
    for each in supply.dependencies:
        if each.host is not None and each.host.provider != own:
            found.setdefault(each.host.provider or each.host.label, []).append(each)
    return dict(sorted(found.items()))


REGISTER = Register(
    name="dora",
    columns=("contract", "lei", "provider", "entity", "seat", "parent", "parent_country", "rank", "under", "function",
             "location", "share"),
    rows=_rows,
)  # fmt: skip
