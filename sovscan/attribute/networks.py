"""Whose network an address lies in: the owner by AS number decides, never the country of the address."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sovscan.attribute.view import View, reading
from sovscan.catalogue.catalogue import Catalogue, Match
from sovscan.model.dependency import Party, Signal
from sovscan.model.evidence import Observation, ObservationId
from sovscan.model.provider import ProviderId, SignalKind, Strength
from sovscan.model.text import Country

_NETWORK = re.compile(r"AS([0-9]{1,10})(?: (.*))?\Z", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody on whose network addresses lie."""

    provider: ProviderId | None
    """None: the network is seen, its holder is not in the catalogue."""
    party: Party
    matches: tuple[Match, ...]
    signals: tuple[Signal, ...]
    addresses: tuple[str, ...]
    several: bool = False
    """True when an address is announced by several networks, so that this is one candidate of several."""
    block: bool = False
    """True when a published address block says it, narrower than the network."""

    @property
    def observations(self) -> tuple[ObservationId, ...]:
        """What shows it."""
        return tuple(sorted({seen for signal in self.signals for seen in signal.observations}))

    @property
    def key(self) -> str:
        """Who it is, for sorting and ids."""
        return self.provider or self.party.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Networks:
    """Where a set of addresses lies."""

    holders: tuple[Holder, ...] = ()
    """Sorted by key; several when the addresses lie in several networks."""
    unread: tuple[str, ...] = ()
    """Addresses of which the network is not known."""
    observations: tuple[ObservationId, ...] = ()
    """Everything that was asked about the addresses."""


def networks_of(view: View, catalogue: Catalogue, addresses: Iterable[str]) -> Networks:
    """The holders of the networks of some addresses; address blocks of the catalogue come before AS numbers."""
    found: dict[tuple[str, bool], list[tuple[str, tuple[Match, ...], Party, Signal, bool]]] = {}
    unread: list[str] = []
    asked: set[ObservationId] = set()
    for address in sorted(set(addresses)):
        read = view.read("network", address)
        asked.update(read.observations)
        candidates = list(_candidates(catalogue, address, read.facts))
        if not candidates:
            unread.append(address)
        several = len({entry[1].provider or entry[1].label for entry in candidates}) > 1
        for matches, party, signal in candidates:
            key = (party.provider or party.label, signal.kind is SignalKind.RANGE)
            found.setdefault(key, []).append((address, matches, party, signal, several))
    holders = []
    for (_, block), entries in sorted(found.items()):
        party = entries[0][2]
        holders.append(
            Holder(
                provider=party.provider,
                party=_merged(tuple(entry[2] for entry in entries)),
                matches=entries[0][1],
                signals=_unique(entry[3] for entry in entries),
                addresses=tuple(entry[0] for entry in entries),
                several=any(entry[4] for entry in entries),
                block=block,
            )
        )
    return Networks(holders=tuple(holders), unread=tuple(unread), observations=tuple(sorted(asked)))


def addresses_of(observations: Iterable[Observation]) -> tuple[str, ...]:
    """The addresses in A and AAAA answers."""
    return tuple(
        sorted({value for seen in observations if seen.asked.type in ("A", "AAAA") for value in reading([seen]).values})
    )


def pick(matches: tuple[Match, ...], layer: str, *roles: str) -> Match | None:
    """The first match with a role in the layer (one of ``roles`` when given); None when there is none."""
    for match in matches:
        role = match.role(layer)
        if role is not None and (not roles or role in roles):
            return match
    return None


def chief(matches: tuple[Match, ...], layer: str) -> Match | None:
    """The first match that shows a role in the layer and no other: by its own role, else as the offer's main one."""
    for match in matches:
        shown = match.signature.role or next(iter(match.offer.roles), "")
        if shown.partition(".")[0] == layer:
            return match
    return None


def _candidates(
    catalogue: Catalogue, address: str, facts: tuple[Observation, ...]
) -> Iterable[tuple[tuple[Match, ...], Party, Signal]]:
    seen_ids = tuple(sorted(fact.id for fact in facts))
    blocks = _in_block(catalogue, address)
    if blocks and seen_ids:
        match = blocks[0]
        label = f"{match.signature.value} {match.provider.name}"
        yield (
            blocks,
            Party(provider=match.provider.id, label=label, country=match.provider.seat, observations=seen_ids),
            Signal(
                kind=SignalKind.RANGE,
                value=address,
                strength=match.signature.strength,
                observations=seen_ids,
                provider=match.provider.id,
            ),
        )
        return
    for fact in facts:
        country = Country(fact.detail.get("country", "") or "??")
        for value in fact.values:
            parsed = _NETWORK.match(value)
            if parsed is None:
                continue
            matches = catalogue.match_asn(int(parsed[1]))
            owners = {match.provider.id for match in matches}
            provider = matches[0].provider.id if len(owners) == 1 else None
            yield (
                matches if provider else (),
                Party(provider=provider, label=value, country=country, observations=(fact.id,)),
                Signal(
                    kind=SignalKind.ASN,
                    value=value,
                    strength=matches[0].signature.strength if matches else Strength.STRONG,
                    observations=(fact.id,),
                    provider=provider,
                ),
            )


def _in_block(catalogue: Catalogue, address: str) -> tuple[Match, ...]:
    try:
        return catalogue.match_range(address)
    except ValueError:
        return ()


def _merged(parties: tuple[Party, ...]) -> Party:
    first = parties[0]
    ids = tuple(sorted({seen for party in parties for seen in party.observations}))
    return Party(provider=first.provider, label=first.label, country=first.country, observations=ids)


def _unique(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    return tuple(sorted(set(signals), key=lambda signal: (signal.kind, signal.value, signal.observations)))
