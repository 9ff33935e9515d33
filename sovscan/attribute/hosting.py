"""Hosting: on whose machines the main site and the other hosts of a domain stand."""

from collections.abc import Iterator

from sovscan.attribute import settle
from sovscan.attribute.networks import Holder, addresses_of, networks_of, pick
from sovscan.attribute.sites import PROXY, Host, by_alias, hosts_of, observed
from sovscan.attribute.statement import attribution, dependency, signal
from sovscan.attribute.unread import FLAG
from sovscan.attribute.view import View
from sovscan.attribute.weighing import lowered
from sovscan.catalogue.catalogue import Catalogue, Match
from sovscan.model.dependency import Confidence, Dependency, Layer, Signal
from sovscan.model.provider import SignalKind
from sovscan.model.target import Target

ORIGIN, SECONDARY = "origin", "secondary"


def attribute_hosting(view: View, catalogue: Catalogue) -> tuple[Dependency, ...]:
    """Origins of the main sites, unknown ones behind a proxy included, and secondary hosts."""
    found: list[Dependency] = []
    for target in view.domains:
        origins = tuple(_origins(view, catalogue, target))
        found += origins
        found += _secondary(view, catalogue, target, {_who(each) for each in origins})
    return tuple(found)


LAYER_ATTRIBUTION = attribute_hosting


def _origins(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    hosts = hosts_of(view, catalogue, target)
    for host in hosts:
        if not host.proxies:
            yield from _of_host(view, target, host)
    if hosts and hosts[0].proxies:
        site = hosts[0]
        yield dependency(
            Layer.HOSTING,
            ORIGIN,
            target,
            site.name,
            attribution(
                [each for proxy in site.proxies for each in proxy.signals],
                Confidence.WEAK,
                settle=settle.origin_of(site.name),
            ),
            who="origin-hidden",
            flags=("origin-hidden",),
        )


def _of_host(view: View, target: Target, host: Host) -> Iterator[Dependency]:
    alias = host.by_alias
    if alias is not None:
        yield from _by_alias(view, target, host, *alias)
        return
    if not host.networks.holders:
        yield _unread(target, host)
        return
    for holder in host.networks.holders:
        proxied = pick(holder.matches, "cdn", PROXY) is not None
        yield on_network(view, target, ORIGIN, host.name, holder, unread=host.unread if proxied else ())


def _by_alias(view: View, target: Target, host: Host, match: Match, alias: str) -> Iterator[Dependency]:
    """A service by name; the network underneath is its host when it is somebody else's."""
    said: tuple[Signal, ...] = (signal(SignalKind.CNAME, alias, host.read.observations, match),)
    same = [holder for holder in host.networks.holders if holder.provider == match.provider.id]
    others = [holder for holder in host.networks.holders if holder.provider not in (None, match.provider.id)]
    evidence = "host_network_and_name" if same else "host_name"
    under: list[Holder | None] = [*(others or same[:1])]
    for holder in under or [None]:
        yield dependency(
            Layer.HOSTING,
            ORIGIN,
            target,
            host.name,
            attribution(
                (*said, *(holder.signals if holder is not None else ())),
                view.weighing.confidence(evidence, match.signature.strength),
                match=match,
            ),
            who=f"{match.provider.id}@{holder.key}" if holder in others and holder is not None else None,
            host=holder.party if holder is not None else None,
        )


def on_network(
    view: View, target: Target, role: str, name: str, holder: Holder, *, unread: tuple[str, ...] = ()
) -> Dependency:
    """What stands on somebody's network: its holder's, as far as the catalogue knows him.

    ``unread``: pages without an answer that could have shown a proxy instead.
    """
    match = pick(holder.matches, "hosting") or (holder.matches[0] if holder.matches else None)
    level = view.weighing.confidence("host_network" if match is not None else "unlisted")
    return dependency(
        Layer.HOSTING,
        role,
        target,
        name,
        attribution(
            holder.signals,
            lowered(level, holder.several + bool(unread)),
            match=match,
            settle=settle.ask_again(unread) if unread else None,
        ),
        host=holder.party,
        flags=(*(("several-networks",) if holder.several else ()), *((FLAG,) if unread else ())),
    )


def _unread(target: Target, host: Host) -> Dependency:
    """Addresses are there, whose network they lie in is not known."""
    value = ", ".join((*host.read.values, *host.read.aliases))
    return dependency(
        Layer.HOSTING,
        ORIGIN,
        target,
        host.name,
        attribution((signal(SignalKind.ASN, value, observed(host)),), Confidence.WEAK),
    )


def _secondary(view: View, catalogue: Catalogue, target: Target, known: set[str]) -> Iterator[Dependency]:
    """Other hosts by name, one dependency for each holder that does not hold the main site already."""
    told: set[str] = set()
    for seen in view.within("host-names", target.value):
        read = view.read("host-names", seen.subject)
        alias = by_alias(catalogue, read.aliases, "hosting", mainly=True)
        if alias is not None:
            match, value = alias
            if match.provider.id not in known | told:
                told.add(match.provider.id)
                yield dependency(
                    Layer.HOSTING,
                    SECONDARY,
                    target,
                    seen.subject,
                    attribution(
                        (signal(SignalKind.CNAME, value, read.observations, match),),
                        view.weighing.confidence("host_name", match.signature.strength),
                        match=match,
                    ),
                )
            continue
        if any(not view.owns(name) for name in read.aliases):
            continue
        for holder in networks_of(view, catalogue, addresses_of(read.facts)).holders:
            if holder.key not in known | told and pick(holder.matches, "cdn", "proxy") is None:
                told.add(holder.key)
                yield on_network(view, target, SECONDARY, seen.subject, holder)


def _who(dependency_seen: Dependency) -> str:
    host = dependency_seen.host
    return dependency_seen.attribution.provider or (host.label if host is not None else "")
