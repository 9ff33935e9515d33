"""How a provider, its host and the technology it operates are held from outside the EEA at a date (METHOD 3.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.control import chain, controller, direct_links, established, in_force, is_eea, is_sourced
from sovscan.catalogue.qualification import valid_schemes
from sovscan.model.dependency import Dependency, Party
from sovscan.model.exposure import Nexus
from sovscan.model.provider import ControlLink, Offer, OfferId, Provider, ProviderId
from sovscan.model.text import Country
from sovscan.rulebook.rulebook import Ladder

DIRECT, PARENT = "provider.direct_countries", "provider.parent_countries"
INFLUENCE, PRESENCE = "provider.influence_countries", "provider.presence_countries"
HOST_CONTROL, HOST_INFLUENCE = "host.control_countries", "host.influence_countries"
HOST_PRESENCE, TECHNOLOGY = "host.presence_countries", "technology.countries"
HOLD_FACTS = (DIRECT, PARENT, INFLUENCE, PRESENCE, HOST_CONTROL, HOST_INFLUENCE, HOST_PRESENCE, TECHNOLOGY)
"""The list facts a rung of the ladder may take its countries from."""

_UNIDENTIFIED = Country("??")
_DEEPEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One country's hold, and the entity through which it has it."""

    country: Country
    who: str
    sourced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Every hold on a service, by the list fact that names it."""

    provider: Provider | None
    offer: Offer | None
    holds: Mapping[str, tuple[Hold, ...]]
    conflict: bool = False
    owner_known: bool = False
    """Seat and controlling holders all identified, and no two sources disagree."""
    sourced: bool = False
    eea_controlled: bool = False
    controller: str = ""
    """Ultimate parent; empty when the provider is not identified."""
    controller_country: Country = _UNIDENTIFIED
    host_names: tuple[str, ...] = ()
    host_seen: bool = False
    host_identified: bool = False
    """A host other than the operator was seen, every such host is in the catalogue, with known and sourced owners."""
    technology_names: tuple[str, ...] = ()


class Reaches:
    """The holds on the services of one audit, worked out once for each provider, offer, host and technology."""

    def __init__(self, catalogue: Catalogue, as_of: str, ladder: Ladder) -> None:
        self._catalogue = catalogue
        self._reader = _Reader(catalogue, as_of, ladder)
        self._known: dict[object, Reach] = {}
        self.climbed: dict[object, tuple[Nexus, ...]] = {}
        """Nexuses by what the ladder asked, for ``exposure``."""

    def of(self, dependency: Dependency) -> Reach:
        """The holds on a dependency, from its provider, offer, host and technology."""
        attributed = dependency.attribution
        key = (attributed.provider, attributed.offer, dependency.host, dependency.technology)
        if key not in self._known:
            provider = self._catalogue.providers.get(attributed.provider) if attributed.provider else None
            known = self._catalogue.offers.get(attributed.offer) if attributed.offer else None
            self._known[key] = _reach(
                self._reader, provider, known[1] if known else None, dependency.host, dependency.technology
            )
        return self._known[key]


def reach(
    provider: Provider | None,
    offer: Offer | None,
    catalogue: Catalogue,
    as_of: str,
    ladder: Ladder,
    *,
    host: Party | None = None,
    technology: Party | None = None,
) -> Reach:
    """The holds on a service run by ``provider`` (None: unknown, or the organisation itself)."""
    return _reach(_Reader(catalogue, as_of, ladder), provider, offer, host, technology)


def _reach(
    reader: "_Reader", provider: Provider | None, offer: Offer | None, host: Party | None, technology: Party | None
) -> Reach:
    own = reader.ownership(provider) if provider is not None else _Ownership()
    holding = {hold.country for hold in (*own.direct, *own.parent)}
    hosts = reader.hosts(offer, host, provider)
    makers = reader.makers(offer, technology)

    def beyond(found: Iterable[Hold]) -> tuple[Hold, ...]:
        """One hold a country, of those that do not already control the operator."""
        kept: dict[Country, Hold] = {}
        for hold in found:
            if hold.country not in holding:
                kept.setdefault(hold.country, hold)
        return tuple(kept[country] for country in sorted(kept))

    return Reach(
        provider=provider,
        offer=offer,
        holds={
            DIRECT: own.direct,
            PARENT: own.parent,
            INFLUENCE: beyond(own.influence),
            PRESENCE: beyond(own.presence),
            HOST_CONTROL: beyond(hold for other in hosts for hold in other.control),
            HOST_INFLUENCE: beyond(hold for other in hosts for hold in other.influence),
            HOST_PRESENCE: beyond(hold for other in hosts for hold in other.presence),
            TECHNOLOGY: beyond((*makers, *(hold for other in hosts for hold in other.technology))),
        },
        conflict=own.conflict,
        owner_known=own.known,
        sourced=own.sourced,
        eea_controlled=own.eea,
        controller=own.controller[0],
        controller_country=own.controller[1],
        host_names=tuple(sorted({other.name for other in hosts})),
        host_seen=bool(hosts) or (host is not None and provider is not None and host.provider == provider.id),
        host_identified=bool(hosts) and all(other.identified for other in hosts),
        technology_names=reader.names(offer.technology if offer else (), technology),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ownership:
    direct: tuple[Hold, ...] = ()
    parent: tuple[Hold, ...] = ()
    influence: tuple[Hold, ...] = ()
    presence: tuple[Hold, ...] = ()
    conflict: bool = False
    known: bool = False
    sourced: bool = False
    eea: bool = False
    controller: tuple[str, Country] = ("", _UNIDENTIFIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Host:
    name: str
    identified: bool
    control: tuple[Hold, ...] = ()
    influence: tuple[Hold, ...] = ()
    presence: tuple[Hold, ...] = ()
    technology: tuple[Hold, ...] = ()


class _Reader:
    def __init__(self, catalogue: Catalogue, as_of: str, ladder: Ladder) -> None:
        self._catalogue = catalogue
        self._as_of = as_of
        self._ladder = ladder
        self._owned: dict[ProviderId, _Ownership] = {}

    def ownership(self, provider: Provider) -> _Ownership:
        """By provider id, which is unique in a catalogue."""
        if provider.id not in self._owned:
            self._owned[provider.id] = self._ownership(provider)
        return self._owned[provider.id]

    def _ownership(self, provider: Provider) -> _Ownership:
        links = chain(provider, self._catalogue, self._as_of)
        controlling = [link for link in links if link.kind == "control"]
        sourced = is_sourced(provider, self._catalogue, self._as_of)
        countries = {provider.seat, *(link.country for link in controlling)}
        entities = self._entities(provider)
        sure = established(provider, self._catalogue, self._as_of)
        reached = {provider.entity, *(link.holder for link in sure)}
        seat = Hold(country=provider.seat, who=provider.entity, sourced=bool(provider.seat_sources))
        return _Ownership(
            direct=(seat,) if self._outside(provider.seat) else (),
            parent=_one_a_country(
                _hold(link, link in sure) for link in reversed(controlling)
                if self._outside(link.country) and link.country != provider.seat
            ),
            influence=_one_a_country(
                hold for entity in entities for hold in self._influence(entity, entity.entity in reached)
            ),
            presence=_one_a_country(
                Hold(country=place.country, who=entity.entity, sourced=bool(place.sources) and entity.entity in reached)
                for entity in entities for place in entity.presence
                if in_force(place, self._as_of) and not is_eea(place.country)
            ),
            conflict=provider.conflict is not None,
            known=provider.conflict is None and _UNIDENTIFIED not in countries,
            sourced=sourced,
            eea=all(is_eea(country) for country in countries),
            controller=controller(provider, self._catalogue, self._as_of),
        )  # fmt: skip

    def hosts(self, offer: Offer | None, seen: Party | None, operator: Provider | None) -> tuple[_Host, ...]:
        found = [self._host(ident, _DEEPEST) for ident in (offer.hosts if offer else ())]
        known = {self._owner(ident) for ident in (offer.hosts if offer else ())} | {operator.id if operator else None}
        if seen is not None and (seen.provider is None or seen.provider not in known):
            found.append(_Host(name=seen.label, identified=False) if seen.provider is None
                         else self._host(seen.provider, _DEEPEST))  # fmt: skip
        return tuple(found)

    def makers(self, offer: Offer | None, seen: Party | None) -> tuple[Hold, ...]:
        idents = {*(offer.technology if offer else ()), *((seen.provider,) if seen and seen.provider else ())}
        found: list[Hold] = []
        for ident in sorted(idents):
            maker = self._resolve(ident)[0]
            if maker is not None:
                own = self.ownership(maker)
                found.extend((*own.direct, *own.parent))
        return tuple(found)

    def names(self, idents: Iterable[str], seen: Party | None) -> tuple[str, ...]:
        found = {provider.name for ident in idents if (provider := self._resolve(ident)[0]) is not None}
        if seen is not None:
            maker = self._catalogue.providers.get(seen.provider) if seen.provider else None
            found.add(maker.name if maker else seen.label)
        return tuple(sorted(found))

    def _host(self, ident: str, depth: int) -> _Host:
        provider, offer = self._resolve(ident)
        if provider is None or depth == 0:
            return _Host(name=ident, identified=False)
        own = self.ownership(provider)
        below = [self._host(other, depth - 1) for other in (offer.hosts if offer else ())]
        control = (*own.direct, *own.parent, *(hold for other in below for hold in other.control))
        technology = (*self.makers(offer, None), *(hold for other in below for hold in other.technology))
        # Qualification has tested influence and presence away; the technology of the stack remains.
        qualified = offer is not None and own.sourced and own.eea and self._qualified(offer)
        return _Host(
            name=provider.name,
            identified=own.known and (own.sourced or not own.eea) and all(other.identified for other in below),
            control=control,
            influence=() if qualified else (*own.influence, *(hold for other in below for hold in other.influence)),
            presence=() if qualified else (*own.presence, *(hold for other in below for hold in other.presence)),
            technology=technology,
        )

    def _qualified(self, offer: Offer) -> bool:
        return any(scheme in self._ladder.immunity for scheme in valid_schemes(offer, self._as_of))

    def _influence(self, entity: Provider, reached: bool) -> list[Hold]:
        """Holders of one entity above the thresholds of 19.6 b; a share that is not known counts as above."""
        outside = [link for link in direct_links(entity, self._as_of) if not is_eea(link.country)]
        shares = [link for link in outside if link.kind == "share"]
        together = sum(link.share or 0.0 for link in shares) > self._ladder.together
        return [
            _hold(link, reached and bool(link.sources)) for link in outside
            if link.kind == "veto"
            or (link.kind == "share" and (together or link.share is None or link.share > self._ladder.alone))
        ]  # fmt: skip

    def _entities(self, provider: Provider) -> tuple[Provider, ...]:
        """The provider and those of the catalogue that control it."""
        holders = (self._catalogue.by_entity.get(link.holder) for link in chain(provider, self._catalogue, self._as_of)
                   if link.kind == "control")  # fmt: skip
        return (provider, *(holder for holder in holders if holder is not None))

    def _outside(self, country: Country) -> bool:
        return country != _UNIDENTIFIED and not is_eea(country)

    def _owner(self, ident: str) -> ProviderId | None:
        provider = self._resolve(ident)[0]
        return provider.id if provider else None

    def _resolve(self, ident: str) -> tuple[Provider | None, Offer | None]:
        found = self._catalogue.offers.get(OfferId(ident))
        if found is not None:
            return found
        return self._catalogue.providers.get(ProviderId(ident)), None


def _hold(link: ControlLink, sourced: bool) -> Hold:
    return Hold(country=link.country, who=link.holder, sourced=sourced)


def _one_a_country(holds: Iterable[Hold]) -> tuple[Hold, ...]:
    kept: dict[Country, Hold] = {}
    for hold in holds:
        kept.setdefault(hold.country, hold)
    return tuple(kept[country] for country in sorted(kept))
