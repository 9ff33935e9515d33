"""Who controls a provider at a date: the chain of holders, read from dated links.

A link dated to a month holds, and does not hold, on any day of that month: both readings are given (METHOD 3.1).
"""

import calendar
from collections.abc import Callable, Iterable

from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.load import jurisdictions
from sovscan.model.provider import ControlLink, Presence, Provider
from sovscan.model.text import Country


def is_eea(country: Country | str) -> bool:
    """Whether it is in the European Economic Area, ``EU`` as such included; False for ``??``."""
    return country in jurisdictions().eea


def in_force(moment: ControlLink | Presence, as_of: str) -> bool:
    """Whether it may hold on the ISO date ``as_of``: an end or start known by month or year counts in all of it."""
    return (moment.since is None or _first_day(moment.since) <= as_of) and (
        moment.until is None or as_of <= _last_day(moment.until)
    )


def is_certain(moment: ControlLink | Presence, as_of: str) -> bool:
    """Whether it holds on ``as_of`` in every reading of its dates."""
    return (moment.since is None or _last_day(moment.since) <= as_of) and (
        moment.until is None or as_of < _first_day(moment.until) or (len(moment.until) == 10 and as_of <= moment.until)
    )


def chain(provider: Provider, catalogue: Catalogue, as_of: str) -> tuple[ControlLink, ...]:
    """Links in force at ``as_of``, nearest first.

    Through a controlling holder that is itself an entity of the catalogue the chain goes on; a mere share or veto
    ends it. Within a month in which a link begins or ends both readings are in the chain. Loops are cut.
    """
    return _climb(provider, catalogue, as_of, lambda _: True)


def established(provider: Provider, catalogue: Catalogue, as_of: str) -> frozenset[ControlLink]:
    """The links of the chain that have a source, as has every link on a way up to them."""
    return frozenset(_climb(provider, catalogue, as_of, lambda link: bool(link.sources)))


def direct_links(provider: Provider, as_of: str) -> tuple[ControlLink, ...]:
    """The direct holders in force at ``as_of``."""
    return tuple(link for link in provider.control if in_force(link, as_of))


def controller(provider: Provider, catalogue: Catalogue, as_of: str) -> tuple[str, Country]:
    """Legal name and country of the ultimate parent at ``as_of``; the entity itself when nobody controls it.

    Of joint parents, and of the two readings within a month of change, both names are given, joined by `` + ``; the
    country is then the first one outside the EEA, if there is one.
    """
    name, country = provider.entity, provider.seat
    seen = {provider.entity}
    current: Provider | None = provider
    while current is not None:
        links = [link for link in direct_links(current, as_of) if link.kind == "control"]
        if not links:
            break
        holders = sorted({link.holder for link in links})
        name, country = " + ".join(holders), _outermost(link.country for link in links)
        current = catalogue.by_entity.get(name) if name not in seen else None
        seen.add(name)
    return name, country


def is_sourced(provider: Provider, catalogue: Catalogue, as_of: str) -> bool:
    """Whether seat and every link of the chain have a source, and no two sources disagree."""
    if not provider.seat_sources or provider.conflict is not None:
        return False
    return all(link.sources for link in chain(provider, catalogue, as_of))


def _climb(
    provider: Provider, catalogue: Catalogue, as_of: str, counts: Callable[[ControlLink], bool]
) -> tuple[ControlLink, ...]:
    found: list[ControlLink] = []
    seen = {provider.entity}
    level = [provider]
    while level:
        above: list[Provider] = []
        for link in (link for holding in level for link in direct_links(holding, as_of) if counts(link)):
            found.append(link)
            holder = catalogue.by_entity.get(link.holder)
            if link.kind == "control" and holder is not None and holder.entity not in seen:
                seen.add(holder.entity)
                above.append(holder)
        level = above
    return tuple(found)


def _outermost(countries: Iterable[Country]) -> Country:
    # A stable sort: of several outside the EEA, the first in the order of the file.
    return sorted(countries, key=is_eea)[0]


def _first_day(moment: str) -> str:
    return moment + "-01-01"[len(moment) - 10 :] if len(moment) < 10 else moment


def _last_day(moment: str) -> str:
    if len(moment) == 10:
        return moment
    year, month = (int(moment[:4]), int(moment[5:])) if len(moment) == 7 else (int(moment), 12)
    return f"{year:04d}-{month:02d}-{calendar.monthrange(year, month)[1]:02d}"
