"""Targets that are no domain: a service's host or URL, an AS number or a prefix."""

import ipaddress
from collections.abc import Iterator

from sovscan.attribute.cdn import PROXY
from sovscan.attribute.hosting import ORIGIN, on_network
from sovscan.attribute.networks import Holder, networks_of, pick
from sovscan.attribute.sites import NAME_KINDS, Host, host_at, host_in, lines_of, observed
from sovscan.attribute.statement import attribution, dependency, signal
from sovscan.attribute.view import View
from sovscan.attribute.weighing import lowered
from sovscan.catalogue.catalogue import LABEL_MARK, Catalogue, Match
from sovscan.model.dependency import Confidence, Dependency, Layer, Signal
from sovscan.model.provider import SignalKind
from sovscan.model.target import Target, TargetKind

BUSINESS = "business"
_NAMED = (SignalKind.ENDPOINT, *NAME_KINDS)


def attribute_endpoints(view: View, catalogue: Catalogue) -> tuple[Dependency, ...]:
    """The service behind each host and URL with the proxy before it, and the holder of each network."""
    found: list[Dependency] = []
    for target in view.evidence.targets:
        if target.kind in (TargetKind.HOST, TargetKind.URL):
            found += _service(view, catalogue, target)
        elif target.kind is TargetKind.NETWORK:
            found += _network(view, catalogue, target)
    return tuple(found)


LAYER_ATTRIBUTION = attribute_endpoints


def _service(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    host = host_at(view, catalogue, host_in(target.value))
    named = _named(catalogue, host)
    for proxy in host.proxies:
        if named is None or proxy.match.provider.id != named[0].provider.id:
            yield dependency(
                Layer.CDN, PROXY, target, host.name, attribution(proxy.signals, proxy.confidence, match=proxy.match)
            )
    if named is not None:
        yield from _of_provider(view, catalogue, target, host, *named)
    elif host.present or host.read.holes:
        yield from _unlisted(view, target, host)


def _named(catalogue: Catalogue, host: Host) -> tuple[Match, str, SignalKind] | None:
    """The service that the host's own name or one of its aliases belongs to, the name first."""
    for name in (host.name, *host.read.aliases):
        for kind in _NAMED:
            matches = tuple(
                match for match in catalogue.match_name(kind, name) if not match.signature.value.endswith(LABEL_MARK)
            )
            if matches:
                return pick(matches, "saas") or pick(matches, "hosting") or matches[0], name, kind
    return None


def _of_provider(  # noqa: PLR0917
    view: View, catalogue: Catalogue, target: Target, host: Host, match: Match, name: str, kind: SignalKind
) -> Iterator[Dependency]:
    said: list[Signal] = [signal(kind, name, host.read.observations or observed(host), match)]
    for line, seen in lines_of(view, host.name):
        sent = catalogue.match_token(SignalKind.HEADER, line)
        said += [signal(SignalKind.HEADER, line, (seen.id,), each) for each in sent if each.provider is match.provider]
    proxies = {proxy.match.provider.id for proxy in host.proxies}
    others = [
        holder
        for holder in host.networks.holders
        if holder.provider not in (None, match.provider.id) and holder.provider not in proxies
    ]
    under: list[Holder | None] = [*others] or [None]
    for holder in under:
        yield dependency(
            Layer.SAAS,
            match.role("saas") or BUSINESS,
            target,
            host.name,
            attribution(
                (*said, *(holder.signals if holder is not None else ())),
                view.weighing.confidence("saas_alias", match.signature.strength),
                match=match,
            ),
            who=f"{match.offer.id}@{holder.key}" if holder is not None else match.offer.id,
            host=holder.party if holder is not None else None,
        )


def _unlisted(view: View, target: Target, host: Host) -> Iterator[Dependency]:
    """A service whose operator no name tells: behind a proxy nothing is known of where it stands."""
    proxies = {proxy.match.provider.id for proxy in host.proxies}
    holders = [holder for holder in host.networks.holders if holder.provider is None or holder.provider not in proxies]
    under: list[Holder | None] = [*holders] or [None]
    for holder in under:
        level = view.weighing.confidence("unlisted") if holder is not None else Confidence.WEAK
        value = ", ".join((host.name, *host.read.aliases))
        yield dependency(
            Layer.SAAS,
            BUSINESS,
            target,
            host.name,
            attribution(
                (
                    signal(SignalKind.ENDPOINT, value, observed(host)),
                    *(holder.signals if holder is not None else ()),
                ),
                lowered(level) if holder is not None and holder.several else level,
            ),
            host=holder.party if holder is not None else None,
            flags=("origin-hidden",) if host.proxies else (),
        )


def _network(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    asked = [seen for seen in view.observations("network") if _is_of(seen.subject, target.value)]
    for holder in networks_of(view, catalogue, [seen.subject for seen in asked]).holders:
        yield on_network(view, target, ORIGIN, target.value, holder)


def _is_of(subject: str, network: str) -> bool:
    if network.startswith("AS") or subject.startswith("AS"):
        return subject == network
    block, address = ipaddress.ip_network(network), ipaddress.ip_address(subject)
    return address.version == block.version and address in block
