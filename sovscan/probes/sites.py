"""Which hosts of a target hold its main site."""

from sovscan.model.target import Target, TargetKind
from sovscan.readers.html import host_of


def site_hosts(target: Target) -> tuple[str, ...]:
    """The hosts to look at, the preferred one first: ``www`` and the domain itself, or the host of a host or URL."""
    if target.kind is TargetKind.URL:
        return (host_of(target.value),)
    if target.kind is TargetKind.HOST or target.value.startswith("www."):
        return (target.value,)
    return (f"www.{target.value}", target.value)


SITE_KINDS = frozenset({TargetKind.DOMAIN, TargetKind.HOST, TargetKind.URL})
"""Targets that have a site."""
