"""The network as one target's probes see it: budgets, a deadline, and what was not asked said as such."""

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, TypeVar

from sovscan.model.evidence import Asked, Outcome
from sovscan.net.answers import DnsAnswer, HttpAnswer, NetworkAnswer, RdapAnswer, TlsAnswer
from sovscan.net.http_client import without_user
from sovscan.readers.addresses import blocked_reason

if TYPE_CHECKING:
    from sovscan.net.live import LiveNet

DNS_BUDGET = 400
HTTP_BUDGET = 10
RDAP_BUDGET = 5
TLS_BUDGET = 10

_Answer = TypeVar("_Answer")


class DomainNet:
    """Implements :class:`net.net.Net` for one target; questions beyond the budget are SKIPPED ``budget``."""

    def __init__(self, live: "LiveNet", domain: str, ends_at: float) -> None:
        """``ends_at``: time of the event loop after which every answer is FAILED ``deadline``."""
        self.domain = domain
        self._live = live
        self._ends_at = ends_at
        self._left = {"dns": DNS_BUDGET, "http": HTTP_BUDGET, "rdap": RDAP_BUDGET, "tls": TLS_BUDGET}
        self._asked: set[tuple[str, str]] = set()
        self._pages: dict[str, HttpAnswer] = {}

    async def dns(self, name: str, rrtype: str) -> DnsAnswer:
        """Return the judged answer for one name and record type."""
        hole = self._refusal("dns", (name, rrtype))
        if hole is None:
            try:
                return await self._in_time(self._live.dns.ask(name, rrtype))
            except TimeoutError:
                hole = (Outcome.FAILED, "deadline")
        return DnsAnswer(
            name=name, rrtype=rrtype, final=name, outcome=hole[0], reason=hole[1], asked=Asked(name=name, type=rrtype)
        )

    async def http(self, url: str) -> HttpAnswer:
        """Return the response to GET, redirects followed and checked at each hop."""
        if url in self._pages:
            return self._pages[url]
        hole = self._refusal("http", ("GET", url))
        if hole is None:
            try:
                page = await self._in_time(self._live.pages.share(url, lambda: self._live.http.get(url)))
                return self._pages.setdefault(url, page)
            except TimeoutError:
                hole = (Outcome.FAILED, "deadline")
        shown = without_user(url)
        return HttpAnswer(url=shown, outcome=hole[0], reason=hole[1], asked=Asked(name=shown, type="GET"))

    async def tls(self, host: str, port: int = 443) -> TlsAnswer:
        """Return the leaf certificate of the host."""
        key = f"{host}:{port}"
        hole = self._refusal("tls", ("TLS", key))
        if hole is None:
            try:
                return await self._in_time(self._live.certificates.share(key, lambda: self._live.tls.read(host, port)))
            except TimeoutError:
                hole = (Outcome.FAILED, "deadline")
        return TlsAnswer(host=host, outcome=hole[0], reason=hole[1], asked=Asked(name=host, type="TLS"))

    async def rdap_domain(self, domain: str) -> RdapAnswer:
        """Return the registry's record of a registrable domain."""
        hole = self._refusal("rdap", ("RDAP", domain))
        if hole is None:
            try:
                return await self._in_time(self._live.records.share(domain, lambda: self._live.rdap.domain(domain)))
            except TimeoutError:
                hole = (Outcome.FAILED, "deadline")
        return RdapAnswer(subject=domain, outcome=hole[0], reason=hole[1], asked=Asked(name=domain, type="RDAP"))

    async def rdap_address(self, address: str) -> RdapAnswer:
        """Return the registry's record of an address; SKIPPED ``not-asked-for`` unless opted in."""
        hole = self._refusal("rdap", ("RDAP", address))
        if not self.allowed("rdap-address"):
            hole = (Outcome.SKIPPED, "not-asked-for")
        if hole is None:
            try:
                return await self._in_time(self._live.records.share(address, lambda: self._live.rdap.address(address)))
            except TimeoutError:
                hole = (Outcome.FAILED, "deadline")
        return RdapAnswer(subject=address, outcome=hole[0], reason=hole[1], asked=Asked(name=address, type="RDAP"))

    def network(self, address: str) -> NetworkAnswer:
        """Return the originating networks of an address, or what ``AS64500`` is called, from the local table.

        Answered offline too. ABSENT ``not-public`` for an address that nobody announces; FAILED ``not-in-table``,
        since the table is a dated sample and no proof of absence, ``no-table``, ``not-an-address``.
        """
        table = self._live.table()
        asked = Asked(name=address, type="ASN", transport="table",
                      server="" if table is None else f"asn table {table.header.date}")  # fmt: skip
        if table is None:
            return NetworkAnswer(address=address, outcome=Outcome.FAILED, reason="no-table", asked=asked)
        if address.startswith("AS") and address[2:].isdecimal():
            number = int(address[2:])
            named = ((number, name),) if (name := table.names().get(number)) is not None else ()
            outcome, reason = (Outcome.ANSWERED, None) if named else (Outcome.FAILED, "not-in-table")
            return NetworkAnswer(address=address, outcome=outcome, reason=reason, asns=named, asked=asked)
        try:
            origins = table.lookup(address)
        except ValueError:
            return NetworkAnswer(address=address, outcome=Outcome.FAILED, reason="not-an-address", asked=asked)
        if origins:
            return NetworkAnswer(
                address=address, outcome=Outcome.ANSWERED, asns=origins, prefix=table.prefix(address), asked=asked
            )
        if blocked_reason(address) is not None:
            return NetworkAnswer(address=address, outcome=Outcome.ABSENT, reason="not-public", asked=asked)
        return NetworkAnswer(address=address, outcome=Outcome.FAILED, reason="not-in-table", asked=asked)

    def allowed(self, probe_id: str) -> bool:
        """Return whether an opt-in probe was asked for."""
        return probe_id in self._live.settings.opt_in

    def _refusal(self, kind: str, question: tuple[str, str]) -> tuple[Outcome, str] | None:
        """Return why a question is not asked, or None; a question asked before costs nothing again."""
        if self._live.settings.offline:
            return Outcome.SKIPPED, "offline"
        if question in self._asked:
            return None
        if self._left[kind] <= 0:
            return Outcome.SKIPPED, "budget"
        self._left[kind] -= 1
        self._asked.add(question)
        return None

    async def _in_time(self, asking: Awaitable[_Answer]) -> _Answer:
        async with asyncio.timeout_at(self._ends_at):
            return await asking
