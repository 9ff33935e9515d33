"""Candidates for a list of suppliers: NIS2 (Directive 2022/2555), articles 21(2)(d) and 21(3).

Suppliers that nobody identified stand in it too: an unknown supplier is a finding of its own. French transposition: to
be checked at the date of use.
"""

from collections.abc import Iterator

from sovscan.render.registers.register import Register, Row
from sovscan.render.registers.supplier import controller_share, supplies
from sovscan.render.view.reading import Reading


def _rows(reading: Reading) -> Iterator[tuple[Row, str, tuple[str, ...]]]:
    for supply in supplies(reading):
        view = supply.provider
        worst = supply.nexuses[0] if supply.nexuses else None
        cells: Row = (
            supply.label,
            reading.shown(view.entity, 200) if view else "",
            reading.layer_name(supply.layer),
            supply.role,
            len(supply.dependencies),
            view.seat if view else "",
            reading.parent_name(view) if view else "",
            view.controller_country if view else "",
            reading.level_word(worst) if worst else "",
            " ".join(supply.countries),
            controller_share(reading, supply),
        )
        yield cells, supply.confidence, supply.because


REGISTER = Register(
    name="nis2",
    columns=("provider", "entity", "layer", "role", "services", "seat", "parent", "parent_country", "level",
             "countries", "share"),
    rows=_rows,
)  # fmt: skip
