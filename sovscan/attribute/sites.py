"""The main site of a target: its hosts, whose proxy answers for them, and on whose network they stand."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sovscan.attribute.networks import Holder, Networks, addresses_of, chief, networks_of, pick
from sovscan.attribute.statement import signal
from sovscan.attribute.view import Reading, View
from sovscan.catalogue.catalogue import LABEL_MARK, Catalogue, Match
from sovscan.model.dependency import Confidence, Signal
from sovscan.model.evidence import Observation, ObservationId
from sovscan.model.provider import SignalKind
from sovscan.model.target import Target

NAME_KINDS = (SignalKind.CNAME, SignalKind.WEB_HOST)
PROXY = "proxy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """Somebody whose servers answer in front of a site."""

    match: Match
    signals: tuple[Signal, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One host of the main site."""

    name: str
    read: Reading
    networks: Networks
    by_alias: tuple[Match, str] | None
    """The hosting offer that an alias leads into, and the alias."""
    proxies: tuple[Proxy, ...]
    unread: tuple[str, ...] = ()
    """Pages without an answer whose headers could have shown a proxy on one of the networks."""

    @property
    def present(self) -> bool:
        """Whether the host has an address or leads into a service."""
        return bool(self.read.values or self.read.aliases)


def hosts_of(view: View, catalogue: Catalogue, target: Target) -> tuple[Host, ...]:
    """``www`` and the domain itself, as far as they are there."""

    def found() -> tuple[Host, ...]:
        hosts = (host_at(view, catalogue, name) for name in dict.fromkeys((f"www.{target.value}", target.value)))
        return tuple(host for host in hosts if host.present)

    return view.once(f"site {target.value}", found)


def by_alias(
    catalogue: Catalogue, aliases: Iterable[str], layer: str, *roles: str, mainly: bool = False
) -> tuple[Match, str] | None:
    """The first alias that leads into an offer with a role in the layer; with ``mainly`` only as its main role."""
    for alias in aliases:
        for kind in NAME_KINDS:
            matches = tuple(
                match for match in catalogue.match_name(kind, alias) if not match.signature.value.endswith(LABEL_MARK)
            )
            match = chief(matches, layer) if mainly else pick(matches, layer, *roles)
            if match is not None:
                return match, alias
    return None


def host_at(view: View, catalogue: Catalogue, name: str) -> Host:
    """What stands at a name: aliases, networks, proxies."""
    read = view.read("address", name)
    networks = networks_of(view, catalogue, addresses_of(read.facts))
    return Host(
        name=name,
        read=read,
        networks=networks,
        by_alias=by_alias(catalogue, read.aliases, "hosting"),
        proxies=_proxies(view, catalogue, name, read, networks),
        unread=_unread_pages(view, name, networks),
    )


def _unread_pages(view: View, name: str, networks: Networks) -> tuple[str, ...]:
    """Only on networks that rent servers and run a proxy as well is the page needed to tell the two apart."""
    both = any(pick(each.matches, "cdn", PROXY) and chief(each.matches, "hosting") for each in networks.holders)
    if not both:
        return ()
    pages = (seen for seen in view.observations("web") if host_in(seen.subject) == name)
    return tuple(sorted(seen.subject for seen in pages if not seen.outcome.is_fact))


def _proxies(view: View, catalogue: Catalogue, name: str, read: Reading, networks: Networks) -> tuple[Proxy, ...]:
    """Proxies by alias, by network and by the headers of the site; a name server alone shows none."""
    found: dict[str, Proxy] = {}
    headers = _by_headers(view, catalogue, name)
    alias = by_alias(catalogue, read.aliases, "cdn", mainly=True)
    if alias is not None:
        match, value = alias
        said = signal(SignalKind.CNAME, value, read.observations, match)
        found[match.provider.id] = Proxy(
            match=match,
            signals=(said,),
            confidence=view.weighing.confidence("cdn_name", match.signature.strength),
        )
    for holder in networks.holders:
        header = next((each for each in headers if each[0].provider.id == holder.provider), None)
        proxy = _proxy_network(holder, seen_in_headers=header is not None)
        if proxy is None or proxy.provider.id in found:
            continue
        evidence = "cdn_network_and_header" if header is not None else "cdn_network"
        found[proxy.provider.id] = Proxy(
            match=proxy,
            signals=(*holder.signals, *((header[1],) if header is not None else ())),
            confidence=view.weighing.confidence(evidence, proxy.signature.strength),
        )
    return tuple(found[key] for key in sorted(found))


def _proxy_network(holder: Holder, *, seen_in_headers: bool) -> Match | None:
    """The proxy offer of a network; where servers are rented on the same network, only with headers that show it."""
    if seen_in_headers:
        return pick(holder.matches, "cdn", PROXY)
    return None if chief(holder.matches, "hosting") is not None else chief(holder.matches, "cdn")


def _by_headers(view: View, catalogue: Catalogue, name: str) -> tuple[tuple[Match, Signal], ...]:
    found: list[tuple[Match, Signal]] = []
    for line, seen in lines_of(view, name):
        match = pick(catalogue.match_token(SignalKind.HEADER, line), "cdn")
        if match is not None:
            found.append((match, signal(SignalKind.HEADER, line, (seen.id,), match)))
    return tuple(found)


def lines_of(view: View, name: str) -> Iterator[tuple[str, Observation]]:
    """The header lines that a host sent with its page or its refusal, each with where it was read."""
    for seen in view.observations("web"):
        if host_in(seen.subject) == name:
            yield from ((line, seen) for line in header_lines(seen.detail))


def header_lines(detail: Mapping[str, str]) -> tuple[str, ...]:
    """Header lines as far as evidence keeps them: names with a colon, and the server's word about itself."""
    names = detail.get("headers", "").split()
    server = detail.get("server", "")
    return (*(f"{name}:" for name in names), *((f"server: {server}",) if server else ()))


def host_in(url: str) -> str:
    """The host of a URL, without port."""
    rest = url.partition("://")[2] or url
    return rest.partition("/")[0].rpartition("@")[2].partition(":")[0].lower()


def observed(host: Host) -> tuple[ObservationId, ...]:
    """Everything that was asked about the host."""
    return tuple(sorted({*host.read.observations, *host.networks.observations}))
