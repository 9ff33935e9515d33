"""One TLS handshake with a host: its leaf certificate, read even when nobody here trusts it.

The chain is verified at first; when the certificate is refused, a second handshake reads it unverified and the
refusal is kept beside it. Nothing is sent over the connection.
"""

import asyncio
import ssl
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import urlsplit

from sovscan.model.evidence import Asked, Outcome
from sovscan.net.answers import TlsAnswer
from sovscan.net.certificate import CertificateError, issuer_text, read_certificate
from sovscan.net.route import Resolve, refused_through_proxy, route
from sovscan.net.tls_fault import tls_reason, trusting_context
from sovscan.readers.addresses import Scope

CONNECT_SECONDS = 5.0
MAX_CHAIN = 10
_PROXY_HEAD = 16 * 1024


class _ProxyRefusedError(OSError):
    """The proxy does not open a tunnel."""


class TlsClient:
    """Reads certificates, directly or through a proxy's CONNECT."""

    def __init__(
        self,
        resolve: Resolve,
        *,
        scope: Scope | None = None,
        proxy: str | None = None,
        deadline: float = 10.0,
        ca_file: str | None = None,
    ) -> None:
        """Nothing is opened yet."""
        self._resolve = resolve
        self._scope = scope or Scope()
        self._proxy = None if proxy is None else urlsplit(proxy)
        self._deadline = deadline
        self._ca_file = ca_file
        self._trusting: ssl.SSLContext | None = None

    async def read(self, host: str, port: int = 443) -> TlsAnswer:
        """Return the certificate that the host presents for its own name.

        FAILED reasons: ``deadline``, ``unreachable``, ``tls-handshake``, ``tls-unreadable``, ``blocked-address``,
        ``blocked-port``, ``proxy``, ``connection-lost``, ``dns-...``. ABSENT ``no-address``.
        """
        host = host.rstrip(".").lower()
        started, clock = datetime.now(UTC), monotonic()
        transport = "tcp" if self._proxy is None else "proxy"
        asked = Asked(name=host if port == 443 else f"{host}:{port}", type="TLS", transport=transport,
                      started=started.isoformat(timespec="milliseconds").replace("+00:00", "Z"))  # fmt: skip
        answer = TlsAnswer(host=host, outcome=Outcome.FAILED, reason="deadline", asked=asked)
        try:
            async with asyncio.timeout(self._deadline):
                answer = await self._answer(answer, port)
        except TimeoutError:
            pass
        elapsed = round((monotonic() - clock) * 1000)
        return replace(answer, asked=replace(answer.asked, elapsed_ms=elapsed))

    async def _answer(self, unread: TlsAnswer, port: int) -> TlsAnswer:
        if self._proxy is not None:
            refusal = refused_through_proxy(unread.host, port, self._scope)
            if refusal is not None:
                return replace(unread, reason=refusal)
            servers: tuple[tuple[str, int], ...] = (
                (self._proxy.hostname or "", self._proxy.port or (443 if self._proxy.scheme == "https" else 80)),
            )
        else:
            way = await route(unread.host, port, self._resolve, self._scope)
            if not way.addresses:
                return replace(unread, outcome=way.outcome, reason=way.reason)
            servers = tuple((address, port) for address in way.addresses)
        for address, number in servers:
            server = f"[{address}]:{number}" if ":" in address else f"{address}:{number}"
            unread = replace(unread, asked=replace(unread.asked, server=server))
            answer = await self._at(address, number, unread, port)
            if answer.reason != "unreachable":
                return answer
        return replace(unread, reason="unreachable")

    async def _at(self, address: str, number: int, unread: TlsAnswer, port: int) -> TlsAnswer:
        """Return the answer of one checked address, or of the proxy: verified, else read all the same."""
        try:
            if self._trusting is None:
                self._trusting = trusting_context(self._ca_file)
            try:
                return await self._handshake(address, number, unread, port, self._trusting)
            except ssl.SSLCertVerificationError as refusal:
                reading = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                reading.check_hostname = False
                reading.verify_mode = ssl.CERT_NONE
                answer = await self._handshake(address, number, unread, port, reading)
                return replace(answer, verified=False, fault=tls_reason(refusal))
        except _ProxyRefusedError:
            return replace(unread, reason="proxy")
        except CertificateError:
            return replace(unread, reason="tls-unreadable")
        except (OSError, EOFError, ValueError) as error:
            lost = "unreachable" if isinstance(error, ConnectionRefusedError) else "connection-lost"
            return replace(unread, reason=tls_reason(error) or lost)

    async def _handshake(
        self, address: str, number: int, unread: TlsAnswer, port: int, context: ssl.SSLContext
    ) -> TlsAnswer:
        """Return the certificate of one handshake. Raises OSError, EOFError, ValueError, CertificateError."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                reader, writer = await asyncio.open_connection(address, number, limit=_PROXY_HEAD)
        except (OSError, TimeoutError):
            return replace(unread, reason="proxy" if self._proxy is not None else "unreachable")
        try:
            if self._proxy is not None:
                await _tunnel(reader, writer, unread.host, port)
            await writer.start_tls(context, server_hostname=unread.host)
            connection: ssl.SSLObject = writer.get_extra_info("ssl_object")
            der = connection.getpeercert(binary_form=True)
            if der is None:
                raise CertificateError("no certificate was presented")
            leaf = read_certificate(der)
            return replace(
                unread,
                outcome=Outcome.ANSWERED,
                reason=None,
                issuer_o=leaf.issuer_o,
                issuer_cn=leaf.issuer_cn,
                issuer_c=leaf.issuer_c,
                subject_cn=leaf.subject_cn,
                names=leaf.names,
                not_before=leaf.not_before,
                not_after=leaf.not_after,
                protocol=connection.version() or "",
                chain=_chain(connection, der),
                verified=True,
            )
        finally:
            writer.transport.abort()


async def _tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, port: int) -> None:
    """Ask the proxy for a tunnel (RFC 9110 section 9.3.6). Raises _ProxyRefusedError."""
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    writer.write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode("ascii"))
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as fault:
        raise _ProxyRefusedError(str(fault)) from fault
    parts = head.split(b" ", 2)
    if len(parts) < 2 or not parts[1].startswith(b"2"):
        raise _ProxyRefusedError(head[:64].decode("latin-1"))


def _chain(connection: ssl.SSLObject, leaf: bytes) -> tuple[str, ...]:
    """Return the issuers from the leaf upwards; what cannot be read ends the list."""
    presented = getattr(connection, "get_unverified_chain", None)
    issuers: list[str] = []
    for der in (presented() or [leaf])[:MAX_CHAIN] if presented is not None else [leaf]:
        try:
            issuers.append(issuer_text(der))
        except CertificateError:
            break
    return tuple(issuers)
