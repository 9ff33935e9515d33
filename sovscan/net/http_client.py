"""One GET within bounds: of addresses, redirects, bytes and seconds.

The transport of httpx is used below its client, because the client reads the environment, inflates without limit,
has no total deadline, and raises on a bad ``Location`` even when it does not follow (httpx 0.28.1, measured). A host
is resolved once; the connection goes to the checked address, with the host in SNI and in the Host header.
"""

import asyncio
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic
from weakref import WeakValueDictionary

import httpx

from sovscan import __version__
from sovscan.model.evidence import Asked, Outcome
from sovscan.net.answers import HttpAnswer
from sovscan.net.http_body import coding_of, read_body
from sovscan.net.route import Resolve, refused_through_proxy, route
from sovscan.net.tls_fault import tls_reason, trusting_context
from sovscan.readers.addresses import Scope

MAX_BODY = 2 * 1024 * 1024
MAX_HEADERS = 64 * 1024
MAX_REDIRECTS = 5
MAX_URL = 8192
AT_ONCE = 16
"""Exchanges of one client, so that neither a proxy nor our own line is flooded."""

CONNECT_SECONDS = 5.0
"""For one address, so that an unreachable first one leaves time for the next."""

USER_AGENT = f"sovscan/{__version__} (+sovereignty audit; reads one page of a host, no crawler)"
HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"

_URL_HEADERS = ("location", "content-location", "refresh", "link")
_USER = re.compile(r"(?<=//)[^/?#\s]*@")
_REDIRECTS = (301, 302, 303, 307, 308)
_PORTS = {"http": 80, "https": 443}
_TUNNEL_REFUSED = ("400", "403", "404", "405", "501")
_NO_TUNNELS = ("405", "501")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hop:
    """What one request of an exchange brought."""

    url: httpx.URL
    outcome: Outcome = Outcome.FAILED
    reason: str | None = None
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    location: str | None = None
    """Where to go on; None: this is the end."""
    server: str = ""
    transport: str = ""


class HttpClient:
    """Asks for pages, directly or through a proxy that resolves names itself."""

    def __init__(
        self,
        resolve: Resolve,
        *,
        scope: Scope | None = None,
        proxy: str | None = None,
        deadline: float = 15.0,
        ca_file: str | None = None,
    ) -> None:
        """Nothing is opened yet. Raises ValueError when the proxy is not an http or https URL with a host."""
        self._resolve = resolve
        self._scope = scope or Scope()
        self._proxy = None if proxy is None else proxy_url(proxy)
        self._deadline = deadline
        self._ca_file = ca_file
        self._transport: httpx.AsyncHTTPTransport | None = None
        self._hosts: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._tunnels = True

    @property
    def proxy(self) -> str:
        """The proxy without user and password; empty without one."""
        return "" if self._proxy is None else str(self._proxy.copy_with(userinfo=b""))

    async def get(
        self, url: str, *, accept: str = HTML, body_limit: int = MAX_BODY, deadline: float | None = None
    ) -> HttpAnswer:
        """Return what the URL answers, redirects followed up to five, each one checked like the first.

        FAILED reasons: ``deadline``, ``body-too-large`` (the beginning is kept), ``encoding``, ``protocol-error``,
        ``blocked-address``, ``blocked-port``, ``blocked-scheme``, ``redirects``, ``unreachable``, ``connection-lost``,
        ``proxy``, ``tls-...``, ``dns-...``, ``http-429`` and ``http-5NN``. ABSENT ``no-address``. A redirect that is
        not followed stays in ``redirects`` with the response that sent it. Waiting for another question to the same
        host does not count against the deadline.
        """
        left = self._deadline if deadline is None else deadline
        started, clock = datetime.now(UTC), monotonic()
        limits = _Limits(accept=accept, body=body_limit)
        target = _http_url(url)
        if isinstance(target, str):
            hop = _Hop(url=httpx.URL(), reason=target)
        else:
            hop, left = await self._alone(target, limits, left)
        passed: list[str] = []
        while hop.location is not None:
            following = _http_url(hop.location, hop.url)
            passed.append(without_user(hop.location) if isinstance(following, str) else str(following))
            if isinstance(following, str):
                hop = replace(hop, outcome=Outcome.FAILED, reason=following, location=None)
            elif len(passed) > MAX_REDIRECTS:
                hop = replace(hop, outcome=Outcome.FAILED, reason="redirects", location=None)
            else:
                after, left = await self._alone(following, limits, left)
                # Without a response, the one that sent us there is the last one; its host does exist.
                hop = after if after.status else replace(
                    hop, outcome=Outcome.FAILED, reason=after.reason, location=None)  # fmt: skip
        shown = without_user(url) if isinstance(target, str) else str(target)
        return HttpAnswer(
            url=shown,
            final_url=str(hop.url) if hop.status else "",
            outcome=hop.outcome,
            reason=hop.reason,
            status=hop.status,
            headers=hop.headers,
            redirects=tuple(passed),
            body=hop.body,
            truncated=hop.reason == "body-too-large",
            asked=Asked(
                name=shown,
                type="GET",
                server=hop.server,
                transport=hop.transport,
                started=started.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                elapsed_ms=round((monotonic() - clock) * 1000),
            ),
        )

    async def aclose(self) -> None:
        """Close what is open; the client may be used again."""
        if self._transport is not None:
            await self._transport.aclose()
            self._transport = None

    async def _alone(self, url: httpx.URL, limits: "_Limits", left: float) -> tuple[_Hop, float]:
        """Return the hop and the seconds left; one request at once to one host."""
        lock = self._hosts.setdefault(url.host, asyncio.Lock())
        async with lock, self._at_once:
            since = monotonic()
            hop = await self._hop(url, limits, left)
            return hop, left - (monotonic() - since)

    async def _hop(self, url: httpx.URL, limits: "_Limits", left: float) -> _Hop:
        unfinished = _Hop(url=url, reason="deadline", transport=url.scheme if self._proxy is None else "proxy")
        host, port = _host(url), url.port or _PORTS[url.scheme]
        try:
            async with asyncio.timeout(max(left, 0.0)):
                if self._proxy is not None:
                    unfinished = replace(unfinished, server=f"{self._proxy.host}:{self._proxy.port}")
                    refusal = refused_through_proxy(host, port, self._scope)
                    if refusal is not None:
                        return replace(unfinished, reason=refusal)
                    return await self._through_proxy(unfinished, limits)
                way = await route(host, port, self._resolve, self._scope)
                for address in way.addresses:
                    unfinished = replace(
                        unfinished, server=f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
                    )
                    hop = await self._ask(unfinished, url.copy_with(host=address), limits)
                    if hop.reason != "unreachable":
                        return hop
                if way.addresses:
                    return replace(unfinished, reason="unreachable")
                return replace(unfinished, outcome=way.outcome, reason=way.reason)
        except TimeoutError:
            return unfinished

    async def _through_proxy(self, begun: _Hop, limits: "_Limits") -> _Hop:
        """Return the hop through CONNECT or, when the proxy does not offer it, through plain http."""
        if begun.url.scheme == "http":
            return await self._ask(begun, begun.url, limits)
        if self._tunnels:
            try:
                return await self._ask(begun, begun.url, limits, tunnel=True)
            except httpx.ProxyError as refusal:
                code = str(refusal)[:3]
                if code not in _TUNNEL_REFUSED or begun.url.port is not None:
                    return replace(begun, reason="proxy")
                self._tunnels = code not in _NO_TUNNELS
        plain = begun.url.copy_with(scheme="http")
        return await self._ask(replace(begun, url=plain), plain, limits)

    async def _ask(self, begun: _Hop, connect_to: httpx.URL, limits: "_Limits", *, tunnel: bool = False) -> _Hop:
        host = _host(begun.url)
        extensions: dict[str, object] = {"timeout": {"connect": CONNECT_SECONDS}}
        if self._proxy is None and connect_to.host != host:
            extensions["sni_hostname"] = host
        headers = {
            "Host": begun.url.netloc.decode("ascii"),
            "User-Agent": USER_AGENT,
            "Accept": limits.accept,
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        if self._transport is None:
            self._transport = httpx.AsyncHTTPTransport(
                verify=trusting_context(self._ca_file),
                http2=False,
                trust_env=False,
                # A kept connection would answer for another name on the same address.
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
                proxy=self._proxy and httpx.Proxy(self._proxy),
            )
        try:
            request = httpx.Request("GET", connect_to, headers=headers, extensions=extensions)
            response = await self._transport.handle_async_request(request)
            try:
                return await _read(begun, response, limits)
            finally:
                await response.aclose()
        except httpx.ProxyError:
            if tunnel:
                raise
            return replace(begun, reason="proxy")
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            return replace(begun, reason=tls_reason(error) or self._reason(error))

    def _reason(self, error: Exception) -> str:
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            return "unreachable" if self._proxy is None else "proxy"
        return "connection-lost" if isinstance(error, httpx.NetworkError | OSError) else "protocol-error"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    accept: str
    body: int


async def _read(begun: _Hop, response: httpx.Response, limits: _Limits) -> _Hop:
    """Return the hop of a response whose head has arrived."""
    raw = response.headers.raw
    if sum(len(name) + len(value) + 4 for name, value in raw) > MAX_HEADERS:
        return replace(begun, reason="protocol-error")
    headers = tuple(_header(name, value) for name, value in raw)
    hop = replace(begun, status=response.status_code, headers=headers)
    location = next((value for name, value in headers if name == "location"), None)
    if hop.status in _REDIRECTS and location:
        return replace(hop, location=location, reason="redirects")
    coding = coding_of(headers)
    if coding is None:
        return replace(hop, reason="encoding")
    body = await read_body(response.aiter_raw(), coding, limits.body)
    hop = replace(hop, body=body.content, reason=body.reason)
    if hop.status == 429 or hop.status >= 500:
        return replace(hop, reason=f"http-{hop.status}")
    return hop if hop.reason else replace(hop, outcome=Outcome.ANSWERED)


def proxy_url(text: str) -> httpx.URL:
    """The proxy as a URL with its port. Raises ValueError when it is no http or https URL with a host and a port."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as fault:
        raise ValueError(f"http proxy: {fault}") from fault
    if url.scheme not in _PORTS or not url.host:
        raise ValueError("http proxy: an http or https URL with a host expected")
    port = _PORTS[url.scheme] if url.port is None else url.port
    if not 0 < port < 65_536:
        raise ValueError(f"http proxy: {port} is no port")
    return url.copy_with(port=port)


def without_user(text: str) -> str:
    """Return a text without the user and password of the URLs in it, well-formed or not."""
    return _USER.sub("", text)


def _header(name: bytes, value: bytes) -> tuple[str, str]:
    """Return a header as text, without the secrets it may hold: of a cookie the name only, of a URL no user."""
    key = name.decode("latin-1").lower()
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    if key == "set-cookie":
        return key, text.partition("=")[0].strip()
    return key, without_user(text) if key in _URL_HEADERS else text


def _http_url(text: str, base: httpx.URL | None = None) -> httpx.URL | str:
    """Return the URL without user, fragment and final dot of the host; or the reason why it is none to ask."""
    if len(text) > MAX_URL:
        return "protocol-error"
    try:
        url = httpx.URL(text) if base is None else base.join(text)
        if url.scheme not in _PORTS:
            return "blocked-scheme"
        host = _host(url).rstrip(".")
        url = url.copy_with(host=host, userinfo=b"", fragment=None)
    except (httpx.InvalidURL, ValueError):
        return "protocol-error"
    return url if host and (url.port is None or 0 < url.port < 65536) else "protocol-error"


def _host(url: httpx.URL) -> str:
    """Return the host as A-labels or address, without brackets."""
    return url.raw_host.decode("ascii").lower()
