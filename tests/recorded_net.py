"""A network that answers from tables, as a recording would: for demo evidence and for tests that need no server."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from sovscan.model.evidence import Asked, Outcome
from sovscan.net.answers import DnsAnswer, HttpAnswer, NetworkAnswer, RdapAnswer, TlsAnswer
from sovscan.net.asn_table import AsnTable

STARTED = "2026-11-16T08:30:00.000Z"
RESOLVER = "192.0.2.53:53"


@dataclass(frozen=True)
class Page:
    """One response to GET."""

    html: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    redirect: str | None = None


@dataclass(frozen=True)
class Certificate:
    """What a host presents."""

    issuer_o: str
    issuer_cn: str
    issuer_c: str
    not_before: str = "2026-10-01T00:00:00Z"
    not_after: str = "2026-12-30T00:00:00Z"


@dataclass(frozen=True)
class Recording:
    """Everything the recorded network knows; what is in no table does not exist."""

    records: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """Records by name and type; type CNAME makes an alias."""
    failures: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Reason of the hole by name and type; type ``*`` is every type, name ``*.x`` everything below x."""
    pages: Mapping[str, Page | str] = field(default_factory=dict)
    """Response by URL; a text is the reason of a hole."""
    certificates: Mapping[str, Certificate | str] = field(default_factory=dict)
    registrations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class RecordedNet:
    """``Net`` over a recording; networks of addresses come from the bundled table."""

    def __init__(self, recording: Recording, opt_in: frozenset[str] = frozenset()) -> None:
        self._recording = recording
        self._opt_in = opt_in
        self._table = AsnTable.bundled()

    def for_domain(self, _domain: str) -> Self:
        return self

    async def dns(self, name: str, rrtype: str) -> DnsAnswer:
        asked = Asked(name=name, type=rrtype, server=RESOLVER, transport="udp", started=STARTED, elapsed_ms=12)
        aliases: list[str] = []
        current = name
        while True:
            if reason := self._failure(current, rrtype):
                return DnsAnswer(
                    name=name,
                    rrtype=rrtype,
                    outcome=Outcome.FAILED,
                    reason=reason,
                    aliases=tuple(aliases),
                    final=current,
                    asked=asked,
                )
            target = self._recording.records.get((current, "CNAME"))
            if not target or rrtype == "CNAME":
                break
            current = target[0]
            aliases.append(current)
        found = self._recording.records.get((current, rrtype), ())
        exists = any(known == current or known.endswith("." + current) for known, _ in self._recording.records)
        return DnsAnswer(
            name=name,
            rrtype=rrtype,
            outcome=Outcome.ANSWERED if found else Outcome.ABSENT,
            reason=None if found else ("nodata" if exists else "nxdomain"),
            records=tuple(sorted(found)),
            aliases=tuple(aliases),
            final=current,
            rcode="noerror" if found or exists else "nxdomain",
            asked=asked,
        )

    async def http(self, url: str) -> HttpAnswer:
        asked = Asked(name=url, type="GET", server="192.0.2.80:443", transport="https", started=STARTED, elapsed_ms=180)
        passed: list[str] = []
        current = url
        while True:
            page = self._recording.pages.get(current, "unreachable")
            if isinstance(page, str):
                return HttpAnswer(url=url, outcome=Outcome.FAILED, reason=page, redirects=tuple(passed), asked=asked)
            if page.redirect is None:
                break
            current = page.redirect
            passed.append(current)
        return HttpAnswer(
            url=url,
            final_url=current,
            outcome=Outcome.ANSWERED,
            status=page.status,
            headers=(("content-type", "text/html; charset=utf-8"), *page.headers),
            redirects=tuple(passed),
            body=page.html.encode(),
            asked=asked,
        )

    async def tls(self, host: str, port: int = 443) -> TlsAnswer:
        asked = Asked(name=f"{host}:{port}", type="TLS", server="192.0.2.80:443", transport="tcp", started=STARTED)
        found = self._recording.certificates.get(host, "unreachable")
        if isinstance(found, str):
            return TlsAnswer(host=host, outcome=Outcome.FAILED, reason=found, asked=asked)
        return TlsAnswer(
            host=host,
            outcome=Outcome.ANSWERED,
            issuer_o=found.issuer_o,
            issuer_cn=found.issuer_cn,
            issuer_c=found.issuer_c,
            subject_cn=host,
            names=(host,),
            not_before=found.not_before,
            not_after=found.not_after,
            protocol="TLSv1.3",
            asked=asked,
        )

    async def rdap_domain(self, domain: str) -> RdapAnswer:
        asked = Asked(name=domain, type="RDAP", server="registry", transport="https", started=STARTED)
        fields = self._recording.registrations.get(domain)
        if fields is None:
            return RdapAnswer(subject=domain, outcome=Outcome.FAILED, reason="unreachable", asked=asked)
        return RdapAnswer(subject=domain, outcome=Outcome.ANSWERED, fields=dict(fields), asked=asked)

    async def rdap_address(self, address: str) -> RdapAnswer:
        asked = Asked(name=address, type="RDAP")
        return RdapAnswer(subject=address, outcome=Outcome.SKIPPED, reason="not-asked", asked=asked)

    def network(self, address: str) -> NetworkAnswer:
        asked = Asked(name=address, type="ASN", server=f"table {self._table.header.date}", transport="table")
        origins = self._table.lookup(str(ipaddress.ip_address(address)))
        return NetworkAnswer(
            address=address,
            outcome=Outcome.ANSWERED if origins else Outcome.ABSENT,
            reason=None if origins else "not-routed",
            asns=origins,
            prefix=self._table.prefix(address) if origins else "",
            asked=asked,
        )

    def allowed(self, probe_id: str) -> bool:
        return probe_id in self._opt_in

    def _failure(self, name: str, rrtype: str) -> str | None:
        failures = self._recording.failures
        for kind in (rrtype, "*"):
            if (name, kind) in failures:
                return failures[name, kind]
        labels = name.split(".")
        for start in range(1, len(labels)):
            parent = "*." + ".".join(labels[start:])
            for kind in (rrtype, "*"):
                if (parent, kind) in failures:
                    return failures[parent, kind]
        return None
