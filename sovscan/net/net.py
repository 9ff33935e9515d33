"""What a probe may ask of the network, and with which settings."""

from dataclasses import dataclass
from typing import Protocol

from sovscan.net.answers import DnsAnswer, HttpAnswer, NetworkAnswer, RdapAnswer, TlsAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class NetSettings:
    """How the network is asked: whom, how fast, how long, and what is allowed."""

    resolvers: tuple[str, ...] = ()
    """``address:port`` (IPv6 in brackets); the first one answers everything. Empty: those of the system."""
    resolver_rate: float = 500.0
    """Questions a second to one resolver, sends included; ``math.inf`` lifts the limit."""
    http_proxy: str | None = None
    """URL of a proxy that also resolves names; None: direct."""
    scope: tuple[str, ...] = ()
    """``CIDR[:PORTS]`` that may be contacted although blocked by default (private addresses, other ports)."""
    opt_in: frozenset[str] = frozenset()
    """Ids of probes that ask a third party and were asked for."""
    offline: bool = False
    """True: nothing is asked, every answer is SKIPPED ``offline``."""
    dns_deadline: float = 5.0
    """Seconds from the first send of a question to its end, with all sends and retries."""
    dns_retries: int = 2
    """Further tries after a time-out or SERVFAIL, within the deadline."""
    dns_retry_wait: tuple[float, float] = (0.5, 4.0)
    """Shortest and longest wait before such a try, in seconds; drawn evenly."""
    http_deadline: float = 15.0
    """Seconds for one exchange with redirects and body."""
    target_deadline: float = 120.0
    """Seconds for one target."""
    keep_raw: bool = False
    """Whether raw DNS messages are kept."""
    asn_table: str | None = None
    """Path of a table of networks; None: the one ``data update`` installed, else the bundled one."""
    ca_file: str | None = None
    """PEM file of an authority trusted besides the system's, for tests; None: the system's only."""


class Net(Protocol):
    """The network as one domain's probes see it: budgets, limits and single flight are kept behind it."""

    async def dns(self, name: str, rrtype: str) -> DnsAnswer:
        """Judged answer for one name and record type; never raises for what the network does."""
        ...

    async def http(self, url: str) -> HttpAnswer:
        """Response to GET, redirects followed and checked at each hop."""
        ...

    async def tls(self, host: str, port: int = 443) -> TlsAnswer:
        """Leaf certificate of the host."""
        ...

    async def rdap_domain(self, domain: str) -> RdapAnswer:
        """The registry's record of a registrable domain."""
        ...

    async def rdap_address(self, address: str) -> RdapAnswer:
        """The registry's record of an address (opt-in)."""
        ...

    def network(self, address: str) -> NetworkAnswer:
        """Originating networks of an address, or what a number such as ``AS64500`` is called, from the local table."""
        ...

    def allowed(self, probe_id: str) -> bool:
        """Whether an opt-in probe was asked for."""
        ...
