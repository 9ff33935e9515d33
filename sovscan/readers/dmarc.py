"""Records of the form ``tag=value; tag=value``: DMARC, TLS reporting, MTA-STS, BIMI and DKIM keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sovscan.readers.mailboxes import mail_domains


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRecord:
    """One record of tags."""

    text: str
    tags: Mapping[str, str] = field(default_factory=dict)
    """Lower-case names, in order; the first of two equal names counts."""

    def report_hosts(self, *tags: str) -> tuple[str, ...]:
        """Domains and hosts that the URIs of these tags report to (RFC 7489, 6.2; RFC 8460, 3), sorted, unique."""
        hosts: set[str] = set()
        for tag in tags:
            for uri in self.tags.get(tag, "").split(","):
                hosts.update(_hosts(uri.strip()))
        return tuple(sorted(hosts))


@dataclass(frozen=True, slots=True, kw_only=True)
class TagProblem:
    """Several records where one is allowed: none of them counts (RFC 7489, 6.6.3)."""

    texts: tuple[str, ...]
    """Every record, sorted."""


def parse_tags(text: str) -> TagRecord:
    """The tags of a text; parts without ``=`` are left out."""
    tags: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if equals:
            tags.setdefault(name.strip().lower(), value.strip())
    return TagRecord(text=text, tags=tags)


def parse_dmarc(texts: Iterable[str]) -> TagRecord | TagProblem | None:
    """The DMARC policy among the TXT records of ``_dmarc.NAME`` (RFC 7489, 6.3); None when there is none."""
    return _only("DMARC1", texts)


def parse_tls_rpt(texts: Iterable[str]) -> TagRecord | TagProblem | None:
    """The TLS reporting policy of ``_smtp._tls.NAME`` (RFC 8460, 3)."""
    return _only("TLSRPTv1", texts)


def parse_mta_sts(texts: Iterable[str]) -> TagRecord | TagProblem | None:
    """The MTA-STS indicator of ``_mta-sts.NAME`` (RFC 8461, 3.1)."""
    return _only("STSv1", texts)


def parse_bimi(texts: Iterable[str]) -> TagRecord | TagProblem | None:
    """The BIMI assertion of ``default._bimi.NAME`` (draft-brand-indicators-for-message-identification)."""
    return _only("BIMI1", texts)


def read_sts_policy(text: str) -> tuple[tuple[str, str], ...]:
    """Keys and values of an MTA-STS policy file in order (RFC 8461, 3.2); empty when it is no such file."""
    pairs = []
    for line in text.splitlines():
        key, colon, value = line.partition(":")
        if colon:
            pairs.append((key.strip().lower(), value.strip()))
    return tuple(pairs) if ("version", "STSv1") in pairs else ()


def _only(version: str, texts: Iterable[str]) -> TagRecord | TagProblem | None:
    found = sorted(text for text in texts if _version(text) == version.lower())
    if len(found) > 1:
        return TagProblem(texts=tuple(found))
    return parse_tags(found[0]) if found else None


def _version(text: str) -> str:
    name, _, value = text.partition(";")[0].partition("=")
    return value.strip().lower() if name.strip().lower() == "v" else ""


def _hosts(uri: str) -> tuple[str, ...]:
    if uri.lower().startswith("mailto:"):
        return mail_domains(uri)
    try:
        host = urlsplit(uri).hostname if uri.lower().startswith("https:") else None
    except ValueError:
        return ()
    return (host,) if host else ()
