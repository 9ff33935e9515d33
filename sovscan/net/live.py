"""The real network: the DNS, HTTP, TLS and RDAP clients and the local table, shared by a run, budgeted by domain."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from sovscan.model.evidence import Vantage
from sovscan.net.answers import HttpAnswer, RdapAnswer, TlsAnswer
from sovscan.net.asn_table import AsnTable, AsnTableError
from sovscan.net.dns_client import DnsClient
from sovscan.net.domain_net import DomainNet
from sovscan.net.flights import Flights
from sovscan.net.http_client import HttpClient
from sovscan.net.net import NetSettings
from sovscan.net.rdap import Bootstrap, Rdap
from sovscan.net.tls_client import TlsClient
from sovscan.readers.addresses import Scope

ANSWERS_KEPT = 2_000
"""TLS and RDAP answers remembered for further targets of a run; pages are too large to keep."""


class LiveNet:
    """The network of one run; an asynchronous context manager."""

    def __init__(self, settings: NetSettings) -> None:
        """Raises ValueError when a resolver, the scope or the proxy is not of its form. Nothing is opened yet."""
        self.settings = settings
        self.dns = DnsClient(settings)
        scope = Scope.parse(settings.scope)
        self.http = HttpClient(
            self.dns.ask,
            scope=scope,
            proxy=settings.http_proxy,
            deadline=settings.http_deadline,
            ca_file=settings.ca_file,
        )
        self.tls = TlsClient(self.dns.ask, scope=scope, proxy=settings.http_proxy, ca_file=settings.ca_file)
        self.rdap = Rdap(self.http)
        self.pages: Flights[HttpAnswer] = Flights(kept=0)
        self.certificates: Flights[TlsAnswer] = Flights(kept=ANSWERS_KEPT)
        self.records: Flights[RdapAnswer] = Flights(kept=ANSWERS_KEPT)
        self._table: AsnTable | None = None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.dns)
        self._stack.push_async_callback(self.http.aclose)
        for flights in (self.pages, self.certificates, self.records):
            self._stack.push_async_callback(flights.aclose)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def for_domain(self, domain: str) -> DomainNet:
        """Return the network as the probes of one target see it; its budget and its deadline begin now."""
        return DomainNet(self, domain, asyncio.get_running_loop().time() + self.settings.target_deadline)

    def table(self) -> AsnTable | None:
        """Return the table of networks, opened at the first call; None when it is missing or damaged."""
        if self._table is None:
            try:
                own = self.settings.asn_table
                self._table = AsnTable.open(Path(own)) if own is not None else AsnTable.in_use()
            except (AsnTableError, OSError):
                return None
        return self._table

    def vantage(self) -> Vantage:
        """Return from where and how questions are asked, as the evidence records it."""
        settings, defaults = self.settings, NetSettings()
        options = {"resolver_rate": f"{settings.resolver_rate:g}"}
        if settings.http_proxy is not None:
            options["http_proxy"] = self.http.proxy
        if settings.scope:
            options["scope"] = " ".join(settings.scope)
        if settings.opt_in:
            options["probes"] = " ".join(sorted(settings.opt_in))
        if settings.offline:
            options["offline"] = "yes"
        for name in ("dns_deadline", "http_deadline", "target_deadline"):
            if getattr(settings, name) != getattr(defaults, name):
                options[name] = f"{getattr(settings, name):g}"
        return Vantage(mode="live", resolvers=() if settings.offline else self.dns.resolvers, options=options)

    def versions(self) -> Mapping[str, str]:
        """Return date and SHA-256 of the network table, and the date of the registries' list."""
        table = self.table()
        stated = "missing" if table is None else f"{table.header.date} sha256:{table.header.sha256}"
        return {"asn_table": stated, "rdap_bootstrap": Bootstrap.bundled().date[:10]}
