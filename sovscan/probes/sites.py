"""Which hosts of a target hold its main site."""

from urllib.parse import urlsplit

from sovscan.model.target import Target, TargetKind
from sovscan.readers.html import host_of


def site_hosts(target: Target) -> tuple[str, ...]:
    """The hosts to look at, the preferred one first: ``www`` and the domain itself, or the host of a host or URL."""
    if target.kind is TargetKind.URL:
        return (host_of(target.value),)
    if target.kind is TargetKind.HOST or target.value.startswith("www."):
        return (target.value,)
    return (f"www.{target.value}", target.value)


def tls_port(target: Target) -> int:
    """The port of the site's certificate: that of a https URL, else 443."""
    parts = urlsplit(target.value) if target.kind is TargetKind.URL else None
    return parts.port or 443 if parts is not None and parts.scheme == "https" else 443


SITE_KINDS = frozenset({TargetKind.DOMAIN, TargetKind.HOST, TargetKind.URL})
"""Targets that have a site."""
