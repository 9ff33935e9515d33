"""Name servers: who answers for the domain, alone or beside an independent other."""

from collections.abc import Collection, Iterator

from sovscan.attribute import settle
from sovscan.attribute.networks import Networks, addresses_of, networks_of, pick
from sovscan.attribute.statement import attribution, dependency, signal
from sovscan.attribute.view import View, identities
from sovscan.attribute.weighing import lowered
from sovscan.catalogue.catalogue import Catalogue, Match
from sovscan.model.dependency import Attribution, Dependency, Layer, Party, Signal
from sovscan.model.evidence import Outcome
from sovscan.model.provider import SignalKind
from sovscan.model.target import Target
from sovscan.readers.names import is_within
from sovscan.readers.zones import Climb, climb

SOLE, SHARED = "sole", "shared"
ENCLOSING = "enclosing-zone"
"""Flag: the servers are those of a zone that the domain stands in, or nobody's that were found."""
_Found = tuple[str, str, Attribution, Party | None, tuple[str, ...]]
"""Operator, server, attribution, host, flags."""


def attribute_dns(view: View, catalogue: Catalogue) -> tuple[Dependency, ...]:
    """The operators of the name servers of every domain that exists: of its own zone, or of the one it stands in.

    Somebody answers for a name whose absence of servers was told: nobody found there is an operator not identified.
    """
    found: list[Dependency] = []
    for target in view.domains:
        if target.value in view.missing:
            continue
        zone = climb(target.value, lambda name: view.observations("ns", name))
        if zone.complete and not zone.servers:
            found.append(_nobody(view, target, zone))
        servers = [each for host in zone.servers for each in _of_server(view, catalogue, host, zone)]
        operators = {operator for operator, host, *_ in servers if not _unread(view, host, operator)}
        # A server that could not be looked up may be the other one's: only what is known counts as independent.
        role = SHARED if len(operators) > 1 else SOLE
        primary = _primary(view, catalogue, zone, servers)
        above = (ENCLOSING,) if zone.apex != target.value else ()
        for operator, host, attributed, party, flags in servers:
            marks = (*flags, *above, *_marks(view, zone, primary, operator, several=role == SHARED))
            found.append(dependency(Layer.DNS, role, target, host, attributed, host=party, flags=marks))
    return tuple(found)


LAYER_ATTRIBUTION = attribute_dns


def _nobody(view: View, target: Target, zone: Climb) -> Dependency:
    attributed = attribution(
        (signal(SignalKind.NS, zone.apex, identities(zone.observations)),),
        view.weighing.confidence("unlisted"),
        settle=settle.servers_of(target.value),
    )
    return dependency(Layer.DNS, SOLE, target, target.value, attributed, flags=(ENCLOSING,))


def _primary(view: View, catalogue: Catalogue, zone: Climb, servers: Collection[_Found]) -> str | None:
    """The operator of the server that the zone itself names as its first (SOA); None when nothing tells.

    Empty when it is none of those that answer for the zone: it feeds them from behind. A name that nobody known owns
    is no sign of that: many zones bear an invented one. Nor is any name, while it is not read who answers.
    """
    first = {value.split()[0] for value in view.read("soa", zone.apex, "SOA").values if value.split()}
    if len(first) != 1:
        return None
    (name,) = first
    operators = {host: operator for operator, host, *_ in servers}
    if name in operators:
        return operators[name]
    match = pick(catalogue.match_name(SignalKind.NS, name), "dns")
    owner = match.provider.id if match is not None else "self" if is_within(name, zone.apex) else None
    if owner in operators.values():
        return owner
    return None if owner is None or any(_unread(view, host, who) for who, host, *_ in servers) else ""


def _marks(view: View, zone: Climb, primary: str | None, operator: str, *, several: bool) -> Iterator[str]:
    if primary is None:
        return
    if primary == "":
        yield "hidden-primary"
        return
    if several:
        yield "primary" if operator == primary else "secondary"
    signed = any(seen.outcome is Outcome.ANSWERED for seen in view.observations("ds", zone.apex))
    if signed and operator == primary:
        yield "signs-zone"  # the parent vouches for keys (DS, RFC 4034) that whoever keeps the zone signs with


def _unread(view: View, host: str, operator: str) -> bool:
    """Whether the operator is no more than the server's name, because its addresses or networks are holes."""
    if operator != (view.registrable(host) or host):
        return False
    resolved = view.read("ns-address", host)
    networks = (view.read("network", address) for address in addresses_of(resolved.facts))
    return bool(resolved.holes) or any(network.holes for network in networks)


def _of_server(view: View, catalogue: Catalogue, host: str, zone: Climb) -> Iterator[_Found]:
    ids = identities(zone.observations)
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
        )
        flags = ("several-networks",) if holder.several else ()
        operator = "self" if own else holder.provider or view.registrable(host) or host
        yield operator, host, attributed, holder.party, flags
    if not networks.holders:
        attributed = attribution((said,), view.weighing.confidence("unlisted"))
        yield view.registrable(host) or host, host, attributed, None, ()
