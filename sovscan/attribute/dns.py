"""Name servers: who answers for the domain, alone or beside an independent other."""

from collections.abc import Iterator

from sovscan.attribute import settle
from sovscan.attribute.networks import Networks, addresses_of, networks_of, pick
from sovscan.attribute.statement import attribution, dependency, signal
from sovscan.attribute.view import View
from sovscan.attribute.weighing import lowered
from sovscan.catalogue.catalogue import Catalogue, Match
from sovscan.model.dependency import Attribution, Dependency, Layer, Party, Signal
from sovscan.model.provider import SignalKind
from sovscan.model.target import Target

SOLE, SHARED = "sole", "shared"
_Found = tuple[str, str, Attribution, Party | None, tuple[str, ...]]
"""Operator, server, attribution, host, flags."""


def attribute_dns(view: View, catalogue: Catalogue) -> tuple[Dependency, ...]:
    """The operators of the name servers of every domain."""
    found: list[Dependency] = []
    for target in view.domains:
        servers = [each for host in _servers(view, target) for each in _of_server(view, catalogue, host, target)]
        operators = {operator for operator, host, *_ in servers if not _unread(view, host, operator)}
        # A server that could not be looked up may be the other one's: only what is known counts as independent.
        role = SHARED if len(operators) > 1 else SOLE
        for _, host, attributed, party, flags in servers:
            found.append(dependency(Layer.DNS, role, target, host, attributed, host=party, flags=flags))
    return tuple(found)


LAYER_ATTRIBUTION = attribute_dns


def _unread(view: View, host: str, operator: str) -> bool:
    """Whether the operator is no more than the server's name, because its addresses or networks are holes."""
    if operator != (view.registrable(host) or host):
        return False
    resolved = view.read("ns-address", host)
    networks = (view.read("network", address) for address in addresses_of(resolved.facts))
    return bool(resolved.holes) or any(network.holes for network in networks)


def _servers(view: View, target: Target) -> tuple[str, ...]:
    return tuple(host for host in view.read("ns", target.value, "NS").values if host != ".")


def _of_server(view: View, catalogue: Catalogue, host: str, target: Target) -> Iterator[_Found]:
    ids = view.read("ns", target.value, "NS").observations
    match = pick(catalogue.match_name(SignalKind.NS, host), "dns")
    resolved = view.read("ns-address", host)
    networks = networks_of(view, catalogue, addresses_of(resolved.facts))
    if match is not None:
        said = signal(SignalKind.NS, host, ids, match)
        others = [each for each in networks.holders if each.provider not in (None, match.provider.id)]
        level = view.weighing.confidence("ns_name", match.signature.strength)
        party = others[0].party if others else None
        yield match.provider.id, host, attribution((said,), level, match=match), party, ()
        return
    yield from _by_network(view, host, signal(SignalKind.NS, host, ids), networks)


def _by_network(view: View, host: str, said: Signal, networks: Networks) -> Iterator[_Found]:
    """Servers under an own or unlisted name: run by their owner on somebody's network, as far as that is known."""
    own = view.owns(host)
    for holder in networks.holders:
        match: Match | None = None if own or holder.several else pick(holder.matches, "dns")
        level = view.weighing.confidence("ns_network" if own or match is not None else "unlisted")
        attributed = attribution(
            (said, *holder.signals),
            lowered(level) if holder.several else level,
            match=match,
            operator_self=own,
            settle=None if own or match is not None else settle.operator_of(host),
        )
        flags = ("several-networks",) if holder.several else ()
        operator = "self" if own else holder.provider or view.registrable(host) or host
        yield operator, host, attributed, holder.party, flags
    if not networks.holders:
        attributed = attribution((said,), view.weighing.confidence("unlisted"), settle=settle.operator_of(host))
        yield view.registrable(host) or host, host, attributed, None, ()
