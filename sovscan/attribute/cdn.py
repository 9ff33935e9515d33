"""Delivery networks and proxies: who answers in front of the site and ends its encryption."""

from collections.abc import Iterator

from sovscan.attribute.sites import by_alias, hosts_of
from sovscan.attribute.statement import attribution, dependency, signal
from sovscan.attribute.view import View
from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.dependency import Dependency, Layer
from sovscan.model.provider import SignalKind
from sovscan.model.target import Target

PROXY, STATIC = "proxy", "static"


def attribute_cdn(view: View, catalogue: Catalogue) -> tuple[Dependency, ...]:
    """Proxies in front of the main sites and of other hosts, and networks for files only."""
    return tuple(
        found
        for target in view.domains
        for found in (*_proxies(view, catalogue, target), *_other_hosts(view, catalogue, target))
    )


LAYER_ATTRIBUTION = attribute_cdn


def _proxies(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    for host in hosts_of(view, catalogue, target):
        for proxy in host.proxies:
            yield dependency(
                Layer.CDN,
                PROXY,
                target,
                host.name,
                attribution(proxy.signals, proxy.confidence, match=proxy.match),
            )


def _other_hosts(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    for seen in view.within("host-names", target.value):
        read = view.read("host-names", seen.subject)
        alias = by_alias(catalogue, read.aliases, "cdn")
        if alias is None:
            continue
        match, value = alias
        label = seen.subject.partition(".")[0]
        yield dependency(
            Layer.CDN,
            STATIC if label in catalogue.host_names.files_only else match.role("cdn") or PROXY,
            target,
            seen.subject,
            attribution(
                (signal(SignalKind.CNAME, value, read.observations, match),),
                view.weighing.confidence("cdn_name", match.signature.strength),
                match=match,
            ),
        )
