"""What stands behind each MX record: a gateway, a mailbox provider, an unlisted operator, or the domain's own host."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sovscan.attribute.networks import Networks, networks_of, pick
from sovscan.attribute.statement import signal
from sovscan.attribute.view import Reading, View
from sovscan.catalogue.catalogue import LABEL_MARK, Catalogue, Match
from sovscan.model.dependency import Signal
from sovscan.model.provider import SignalKind
from sovscan.model.target import Target
from sovscan.readers.names import is_within

PARKING = "parking"
"""Category of offers that hold names without using them."""


class Kind(StrEnum):
    """What a front is."""

    GATEWAY = "gateway"
    MAILBOX = "mailbox"
    SENDER = "sender"
    """A known service without mailboxes: it sends or forwards."""
    OWN = "own"
    OPERATOR = "operator"
    """A host under a name of somebody the catalogue does not list."""
    HOLLOW = "hollow"
    """The domain itself, a wildcard, a literal address, a name without address, a parking host: it may lead nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The MX hosts of one operator."""

    kind: Kind
    hosts: tuple[str, ...]
    """Most preferred first."""
    preference: int
    """The best one among its hosts."""
    key: str
    """Who it is, for grouping: an offer, a registrable domain, or the kind."""
    match: Match | None
    technology: Match | None
    networks: Networks
    signals: tuple[Signal, ...]
    flags: tuple[str, ...]
    by_block: bool = False
    """Recognised by its address block, not by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The MX answer of a domain."""

    read: Reading
    null: bool
    """RFC 7505: the domain says that it takes no mail."""
    fronts: tuple[Front, ...]


def exchange_of(view: View, catalogue: Catalogue, target: Target) -> Exchange:
    """The fronts of a domain, best preference first."""
    read = view.read("mx", target.value, "MX")
    records = sorted(_records(read.values))
    null = [host for _, host in records] == ["."]
    if null:
        return Exchange(read=read, null=True, fronts=())
    grouped: dict[tuple[Kind, str], list[Front]] = {}
    for preference, host in records:
        if host == ".":
            continue
        front = _front(view, catalogue, target, preference, host, read)
        grouped.setdefault((front.kind, front.key), []).append(front)
    fronts = [_merged(view, catalogue, group) for group in grouped.values()]
    fronts.sort(key=lambda front: (front.preference, front.key))
    return Exchange(read=read, null=False, fronts=tuple(fronts))


def _records(values: Iterable[str]) -> Iterable[tuple[int, str]]:
    for value in values:
        preference, _, host = value.strip().partition(" ")
        if preference.isascii() and preference.isdigit() and host:
            yield int(preference), host.strip().lower()


def _front(view: View, catalogue: Catalogue, target: Target, preference: int, host: str, mx: Reading) -> Front:  # noqa: PLR0917
    resolved = view.read("mx-address", host)
    names = (host, *resolved.aliases)
    literal = _is_address(host)
    networks = networks_of(view, catalogue, (host,) if literal else _addresses(resolved))
    match, technology = _named(catalogue, names)
    by_block = False
    if match is None:
        match = _in_block(networks)
        by_block = match is not None
    flags: list[str] = []
    kind, key = _kind_by_match(match)
    if kind is None:
        kind, key, flags = _kind_by_name(view, target, host, resolved, literal)
    seen = (*mx.observations, *resolved.observations)
    signals = [signal(SignalKind.MX, name, seen, match) for name in names[:1]]
    signals += [signal(SignalKind.MX, name, resolved.observations, match) for name in names[1:]]
    if by_block:
        signals += [each for holder in networks.holders if holder.block for each in holder.signals]
    if technology is not None and technology.role("mail_in") == "gateway" and kind in (Kind.OWN, Kind.OPERATOR):
        flags.append("appliance")
    return Front(
        kind=kind, hosts=(host,), preference=preference, key=key, match=match, technology=technology,
        networks=networks, signals=tuple(signals), flags=tuple(flags), by_block=by_block,
    )  # fmt: skip


def _named(catalogue: Catalogue, names: tuple[str, ...]) -> tuple[Match | None, Match | None]:
    """The service a name or one of its aliases belongs to, and the software its first label names."""
    technology = None
    for name in names:
        matches = catalogue.match_name(SignalKind.MX, name)
        software = [match for match in matches if match.signature.value.endswith(LABEL_MARK)]
        if software:
            technology = technology or software[0]
            continue
        if matches:
            return pick(matches, "mail_in") or matches[0], technology
    return None, technology


def _in_block(networks: Networks) -> Match | None:
    for holder in networks.holders:
        if holder.block and (match := pick(holder.matches, "mail_in")) is not None:
            return match
    return None


def _kind_by_match(match: Match | None) -> tuple[Kind | None, str]:
    if match is None:
        return None, ""
    if PARKING in match.offer.categories:
        return Kind.HOLLOW, match.offer.id
    role = match.role("mail_in")
    if role is None and match.role("mail_out") is not None:
        return Kind.SENDER, match.offer.id
    # A provider's machine without a mail offer of its own still takes the mail in and keeps it.
    return (Kind.GATEWAY if role == "gateway" else Kind.MAILBOX), match.offer.id


def _kind_by_name(
    view: View, target: Target, host: str, resolved: Reading, literal: bool
) -> tuple[Kind, str, list[str]]:
    if literal:
        return Kind.HOLLOW, host, ["mx-is-address"]
    dead = bool(resolved.facts) and not resolved.holes and not _addresses(resolved)
    if dead and not view.owns(host):
        # The record still says whom the organisation chose, though mail cannot reach that host now.
        return Kind.OPERATOR, view.registrable(host) or host, ["dead-mx"]
    if dead:
        return Kind.HOLLOW, host, ["dead-mx"]
    if host == target.value:
        return Kind.HOLLOW, host, ["mx-is-domain"]
    if _by_wildcard(view, target, host, resolved):
        return Kind.HOLLOW, host, ["wildcard"]
    if is_within(host, target.value):
        return Kind.OWN, "", []
    if view.owns(host):
        above = view.registrable(target.value) != target.value
        return (Kind.OPERATOR, view.registrable(host) or host, ["inherited"]) if above else (Kind.OWN, "", [])
    return Kind.OPERATOR, view.registrable(host) or host, []


def _by_wildcard(view: View, target: Target, host: str, resolved: Reading) -> bool:
    if not is_within(host, target.value):
        return False
    anything = view.read("wildcard", f"*.{target.value}")
    addresses = _addresses(resolved)
    return bool(anything.values) and bool(addresses) and set(addresses) <= set(anything.values)


def _addresses(resolved: Reading) -> tuple[str, ...]:
    return tuple(value for value in resolved.values if _is_address(value))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _merged(view: View, catalogue: Catalogue, group: list[Front]) -> Front:
    first = group[0]
    if len(group) == 1:
        return first
    hosts = tuple(front.hosts[0] for front in group)
    addresses = {value for host in hosts for value in _addresses(view.read("mx-address", host))}
    return Front(
        kind=first.kind, hosts=hosts, preference=first.preference, key=first.key, match=first.match,
        technology=next((front.technology for front in group if front.technology is not None), None),
        networks=networks_of(view, catalogue, addresses),
        signals=tuple(each for front in group for each in front.signals),
        flags=tuple(sorted({flag for front in group for flag in front.flags})),
        by_block=all(front.by_block for front in group),
    )  # fmt: skip
