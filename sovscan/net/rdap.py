"""One question to the registry of a domain, or of an address, over the bounded HTTP client.

The registries' services come from a dated extract of the IANA bootstrap files (RFC 9224) that ships with sovscan; no
bootstrap server is asked. At most one question a second goes to one registry.
"""

import asyncio
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic
from typing import Any
from urllib.parse import quote, urlsplit

from sovscan.files import bundled, canonical
from sovscan.model.evidence import Asked, Outcome
from sovscan.net.answers import HttpAnswer, RdapAnswer
from sovscan.net.dns_manners import Breaker
from sovscan.net.http_client import HttpClient
from sovscan.net.rdap_records import RdapMismatchError, RdapUnreadableError, address_fields, domain_fields
from sovscan.readers.addresses import blocked_reason

ACCEPT = "application/rdap+json, application/json;q=0.5"
MAX_ANSWER = 512 * 1024
SECONDS_BETWEEN = 1.0

_Fields = Callable[[Any, str], Mapping[str, str]]
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Bootstrap:
    """Which service answers for which top-level domain and which block."""

    def __init__(self, content: bytes) -> None:
        """Read ``data/rdap-bootstrap.json`` or a file of its form. Raises CanonicalError, ValueError, KeyError."""
        plain = canonical.loads(content)
        self.date: str = plain["source"]["published"]
        self._domains: dict[str, str] = {
            suffix: base for base, suffixes in plain["domains"].items() for suffix in suffixes
        }
        self._blocks: tuple[tuple[_Network, str], ...] = tuple(
            (ipaddress.ip_network(block), base) for base, blocks in plain["addresses"].items() for block in blocks
        )

    @classmethod
    def bundled(cls) -> "Bootstrap":
        """Return the extract that ships with sovscan."""
        return cls(bundled.read("data", "rdap-bootstrap.json"))

    def of_domain(self, domain: str) -> str | None:
        """Return the base URL for a domain, by its longest suffix; None: no service known."""
        labels = domain.split(".")
        suffixes = (".".join(labels[index:]) for index in range(1, len(labels)))
        return next((self._domains[suffix] for suffix in suffixes if suffix in self._domains), None)

    def of_address(self, address: str) -> str | None:
        """Return the base URL for an address, by its smallest block; None: no service known."""
        parsed = ipaddress.ip_address(address)
        found = [
            (block.prefixlen, base)
            for block, base in self._blocks
            if block.version == parsed.version and parsed in block
        ]
        return max(found)[1] if found else None


class Rdap:
    """Asks registries, politely."""

    def __init__(self, client: HttpClient, bootstrap: Bootstrap | None = None) -> None:
        """Nothing is opened; the bundled bootstrap is read when first needed."""
        self._client = client
        self._bootstrap = bootstrap
        self._turns: dict[str, _Turn] = {}

    async def domain(self, domain: str) -> RdapAnswer:
        """Return what the registry says of a registrable domain (A-labels).

        SKIPPED ``no-rdap-service``; ABSENT ``not-found``; FAILED ``malformed``, ``mismatch``, ``circuit-open`` or as
        the HTTP client. ``fields`` as :func:`rdap_records.domain_fields`, and ``registry``, the host asked.
        """
        name = domain.rstrip(".").lower()
        return await self._ask(name, self._known().of_domain(name), f"domain/{quote(name, safe='')}", domain_fields)

    async def address(self, address: str) -> RdapAnswer:
        """Return what the registry says of the network around a public address; outcomes as :meth:`domain`."""
        if blocked_reason(address) is not None:
            return _unasked(address, "not-public")
        return await self._ask(address, self._known().of_address(address), f"ip/{address}", address_fields)

    def _known(self) -> Bootstrap:
        if self._bootstrap is None:
            self._bootstrap = Bootstrap.bundled()
        return self._bootstrap

    async def _ask(self, subject: str, base: str | None, path: str, read: _Fields) -> RdapAnswer:
        if base is None:
            return _unasked(subject, "no-rdap-service")
        registry = urlsplit(base).netloc
        turn = self._turns.setdefault(registry, _Turn())
        async with turn.lock:
            if turn.breaker.is_open:
                return replace(_unasked(subject, "circuit-open"), outcome=Outcome.FAILED)
            await asyncio.sleep(turn.next_at - monotonic())
            try:
                page = await self._client.get(base + path, accept=ACCEPT, body_limit=MAX_ANSWER)
            finally:
                turn.next_at = monotonic() + SECONDS_BETWEEN
            turn.note(page)
        asked = replace(page.asked, type="RDAP", server=registry)
        unread = RdapAnswer(subject=subject, outcome=Outcome.FAILED, reason="malformed", asked=asked)
        if page.outcome is not Outcome.ANSWERED:
            return replace(unread, outcome=page.outcome, reason=page.reason)
        if page.status == 404:
            return replace(unread, outcome=Outcome.ABSENT, reason="not-found")
        if page.status != 200:
            return replace(unread, reason=f"http-{page.status}")
        try:
            # In a thread: ipwhois takes long to import, and a large answer long to read.
            fields = await asyncio.to_thread(_read, read, page.body, subject)
        except (canonical.CanonicalError, RdapUnreadableError):
            return unread
        except RdapMismatchError:
            return replace(unread, reason="mismatch")
        return replace(unread, outcome=Outcome.ANSWERED, reason=None, fields={**fields, "registry": registry})


class _Turn:
    """Whose turn it is at one registry, and how it has answered so far."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.next_at = 0.0
        self.breaker = Breaker(monotonic)

    def note(self, page: HttpAnswer) -> None:
        if page.status and page.status != 429 and page.status < 500:
            self.breaker.replied()
            return
        self.breaker.silent()
        if self.breaker.suspects:
            self.breaker.open()


def _read(read: _Fields, body: bytes, subject: str) -> Mapping[str, str]:
    return read(canonical.loads(body), subject)


def _unasked(subject: str, reason: str) -> RdapAnswer:
    return RdapAnswer(subject=subject, outcome=Outcome.SKIPPED, reason=reason, asked=Asked(name=subject, type="RDAP"))
