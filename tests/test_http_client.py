"""The HTTP client against servers on loopback that serve, lie, flood, drip and redirect where they should not."""

import asyncio
import gzip
import random
import socket
import sys
import threading
import time
import tracemalloc
import zlib
from contextlib import asynccontextmanager

import pytest

from sovscan.model.evidence import Asked, Outcome
from sovscan.net.answers import DnsAnswer
from sovscan.net.dns_client import DnsClient
from sovscan.net.http_client import MAX_BODY, HttpClient
from sovscan.net.net import NetSettings
from sovscan.readers.addresses import Scope
from tests.servers import http_server as served
from tests.servers.dns_server import DnsServer
from tests.servers.http_server import HttpServer, page, redirect
from tests.servers.tls_authority import Authority

ZONE = """
www.town.test. A 127.0.0.1
other.town.test. A 127.0.0.1
both.town.test. A 127.0.0.1
both.town.test. A 10.0.0.1
six.town.test. A 127.0.0.1
six.town.test. AAAA ::1
private.town.test. A 10.0.0.1
rebind.town.test. A 127.0.0.2
rebind.town.test. A 169.254.169.254
rebind.town.test. AAAA ::1
rebind.town.test. AAAA 64:ff9b::a9fe:a9fe
mail.town.test. MX 10 mx.town.test.
"""


def _has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@asynccontextmanager
async def client(server=None, *, zone=ZONE, faults=None, scope=None, **options):
    """A client that resolves at a real DNS server and may reach 127.0.0.1 at the port of the HTTP server."""
    opened = scope if scope is not None else ([f"127.0.0.1:{server.port}"] if server else [])
    with DnsServer(zone, faults=faults or {}) as names:
        async with DnsClient(NetSettings(resolvers=(names.address,), dns_deadline=1.0, dns_retries=0)) as dns:
            asking = HttpClient(dns.ask, scope=Scope.parse(opened), **options)
            yield asking
            await asking.aclose()


def get(url, pages=None, *, server=None, **options):
    """One answer, from a server with these pages; PORT in the URL is the server's."""

    async def run(running):
        async with client(running, **options) as asking:
            return await asking.get(url.replace("PORT", str(running.port)))

    if server is not None:
        return asyncio.run(run(server))
    with HttpServer(pages or {}) as running:
        return asyncio.run(run(running))


def test_a_page_comes_with_status_headers_and_body():
    answer = get("http://www.town.test:PORT/", {"www.town.test/": page(b"<p>Bonjour</p>", "Server: nginx", "X-A: 1")})
    assert answer.outcome is Outcome.ANSWERED
    assert (answer.status, answer.body, answer.reason) == (200, b"<p>Bonjour</p>", None)
    assert ("server", "nginx") in answer.headers
    assert answer.asked.server.startswith("127.0.0.1:")
    assert answer.asked.transport == "http"
    assert answer.final_url == answer.url


def test_the_request_says_who_asks_and_asks_for_no_coding():
    with HttpServer({"*": page(b"x")}) as server:
        get("http://user:secret@www.town.test:PORT/a?b=c#d", server=server)
    host, path, head = server.asked[0]
    assert (host, path) == ("www.town.test", "/a?b=c")
    assert "Accept-Encoding: identity" in head
    assert "User-Agent: sovscan/" in head
    assert "secret" not in head
    assert "Authorization" not in head


def test_user_and_password_of_a_url_are_not_kept():
    answer = get(
        "http://user:SECRETCANARY@www.town.test:PORT/", {"*": redirect("http://u:SECRETCANARY@www.town.test/x")}
    )
    assert "SECRETCANARY" not in repr((answer.url, answer.final_url, answer.redirects, answer.asked))


@pytest.mark.parametrize(
    "location", ["ftp://u:SECRETCANARY@host.test/", "http://u:SECRETCANARY@[::1", "//u:SECRETCANARY@127.0.0.1/"]
)
def test_a_password_is_not_kept_from_a_redirect_that_is_refused_either(location):
    answer = get("http://www.town.test:PORT/", {"*": redirect(location)})
    assert answer.outcome is Outcome.FAILED
    assert "SECRETCANARY" not in repr(answer)
    assert "SECRETCANARY" not in repr(get(location, {}))


def test_a_cookie_keeps_its_name_only():
    answer = get("http://www.town.test:PORT/", {"*": page(b"", "Set-Cookie: PHPSESSID=SECRETCANARY; path=/")})
    assert ("set-cookie", "PHPSESSID") in answer.headers
    assert "SECRETCANARY" not in repr(answer)


def test_redirects_are_followed_and_listed():
    pages = {
        "www.town.test/": redirect("/fr/", "301 Moved"),
        "www.town.test/fr/": redirect("//other.town.test:PORT/x"),
        "other.town.test/x": page(b"end"),
    }
    with HttpServer() as server:
        server.pages = {key: value.replace(b"PORT", str(server.port).encode()) for key, value in pages.items()}
        answer = get("http://www.town.test:PORT/", server=server)
        base = f"http://www.town.test:{server.port}"
        end = f"http://other.town.test:{server.port}/x"
        assert answer.redirects == (f"{base}/fr/", end)
        assert (answer.final_url, answer.body, answer.outcome) == (end, b"end", Outcome.ANSWERED)


def test_a_redirect_loop_ends_after_five():
    with HttpServer({"*": redirect("/again")}) as server:
        answer = get("http://www.town.test:PORT/", server=server)
        assert (answer.outcome, answer.reason, answer.status) == (Outcome.FAILED, "redirects", 302)
        assert len(server.asked) == 6


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data/", "blocked-address"),
        ("http://127.0.0.1:22/", "blocked-address"),
        ("http://[::ffff:169.254.169.254]/", "blocked-address"),
        ("http://2130706433/", "blocked-address"),
        ("http://127.1/", "blocked-address"),
        ("http://0x7f.0.0.1/", "blocked-address"),
        ("http://ok.example@127.0.0.1/", "blocked-address"),
        ("http://localhost/", "blocked-address"),
        ("http://metadata.google.internal/", "blocked-address"),
        ("http://private.town.test/", "blocked-address"),
        ("http://rebind.town.test/", "blocked-address"),
        ("http://51.15.0.1:8080/", "blocked-port"),
        ("file:///etc/passwd", "blocked-scheme"),
        ("gopher://127.0.0.1:6379/_x", "blocked-scheme"),
        ("javascript:alert(1)", "blocked-scheme"),
        ("http://[::1", "protocol-error"),
        ("http://a..b/", "blocked-address"),
        ("http://ⓛocalhost/", "protocol-error"),
        ("http://ok.example:99999/", "protocol-error"),
        ("http://ok.example/" + "a" * 70000, "protocol-error"),
        ("http://nowhere.town.test/", "no-address"),
    ],
)
def test_a_redirect_to_where_nobody_may_go_is_recorded_and_not_followed(location, reason):
    with HttpServer({"*": redirect(location)}) as server:
        answer = get("http://www.town.test:PORT/", server=server)
        assert (answer.outcome, answer.reason) == (Outcome.FAILED, reason)
        assert server.connected == 1
    if answer.status:
        assert len(answer.redirects) == 1
        assert answer.final_url == answer.url


def test_a_location_of_stray_octets_is_a_fault_of_the_answer_and_no_crash():
    for octets in (b"http://\xff\xfe/", b"\x80\x81", b"http://ok.example/%0d%0aX:1"):
        answer = get("http://www.town.test:PORT/", {"www.town.test/": redirect(octets)})
        assert answer.outcome in (Outcome.FAILED, Outcome.ANSWERED)


@pytest.mark.parametrize("url", ["ftp://www.town.test/", "www.town.test", "", "http://", "https://[::1", "http:///x",
                                 "http://www.town.test:x/"])  # fmt: skip
def test_what_is_no_web_address_is_not_asked(url):
    answer = get(url)
    assert answer.outcome is Outcome.FAILED
    assert answer.reason in ("blocked-scheme", "protocol-error")
    assert answer.url == url


@pytest.mark.parametrize("host", ["private.town.test", "rebind.town.test", "10.0.0.1", "[::1]", "127.1", "localhost"])
def test_a_blocked_address_is_never_connected_to(host):
    with HttpServer() as trap, HttpServer(host="127.0.0.2", port=trap.port) as other:
        answer = get(f"http://{host}:PORT/", server=trap, scope=[])
        assert (answer.outcome, answer.reason) == (Outcome.FAILED, "blocked-address")
        assert (trap.connected, other.connected) == (0, 0)


def test_an_allowed_address_beside_a_blocked_one_is_used_alone():
    answer = get("http://both.town.test:PORT/", {"*": page(b"ok")})
    assert (answer.outcome, answer.body) == (Outcome.ANSWERED, b"ok")


def test_a_name_that_changes_its_address_between_check_and_connection_gains_nothing():
    asked = []

    async def flipping(name, rrtype):
        asked.append((name, rrtype))
        records = (("127.0.0.1" if len(asked) <= 1 else "127.0.0.2"),) if rrtype == "A" else ()
        outcome = Outcome.ANSWERED if records else Outcome.ABSENT
        return DnsAnswer(
            name=name, rrtype=rrtype, outcome=outcome, records=records, asked=Asked(name=name, type=rrtype)
        )

    async def run(good):
        asking = HttpClient(flipping, scope=Scope.parse([f"127.0.0.1:{good.port}"]))
        return [await asking.get(f"http://rebind.test:{good.port}/") for _ in range(3)]

    with HttpServer({"*": redirect("/again")}) as good, HttpServer(host="127.0.0.2", port=good.port) as blocked:
        answers = asyncio.run(run(good))
        assert blocked.connected == 0
        assert good.connected == 1
    assert {answer.reason for answer in answers} == {"blocked-address"}
    assert asked.count(("rebind.test", "A")) == 4


CONNECTED = []


def _note_connection(event, arguments):
    if event == "socket.connect":
        CONNECTED.append(arguments[1])


def test_nothing_in_the_process_connects_to_a_blocked_address():
    sys.addaudithook(_note_connection)
    CONNECTED.clear()
    hosts = ("private.town.test", "rebind.town.test", "127.0.0.1", "[::1]", "127.1", "2130706433", "localhost",
             "169.254.169.254", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "metadata.google.internal")  # fmt: skip
    with HttpServer() as server:
        server.pages["*"] = redirect(f"http://private.town.test:{server.port}/")
        get("http://www.town.test:PORT/", server=server)
        server.pages["*"] = redirect(f"http://rebind.town.test:{server.port}/")
        get("http://both.town.test:PORT/", server=server)
        for host in hosts:
            get(f"http://{host}/", server=server)
            get(f"https://{host}/", server=server)
        reached = {address[:2] for address in CONNECTED if address[1] == server.port}
        elsewhere = {address[:2] for address in CONNECTED if address[1] in (80, 443)}
    assert reached == {("127.0.0.1", server.port)}
    assert elsewhere == set()


@pytest.mark.skipif(not _has_ipv6(), reason="no IPv6 on loopback here")
def test_ipv6_is_used_when_it_is_all_there_is():
    with HttpServer({"*": page(b"six")}, host="::1") as server:
        answer = get("http://six.town.test:PORT/", server=server, scope=[f"[::1]:{server.port}"])
        assert (answer.body, answer.asked.server) == (b"six", f"[::1]:{server.port}")
        literal = get("http://[::1]:PORT/", server=server, scope=[f"[::1]:{server.port}"])
        assert (literal.body, literal.url) == (b"six", f"http://[::1]:{server.port}/")
    assert server.asked[0][0] == "six.town.test"


def test_another_port_is_only_asked_when_the_scope_opens_it():
    with HttpServer({"*": page(b"x")}) as server:
        assert get("http://www.town.test:PORT/", server=server, scope=["127.0.0.1:1"]).reason == "blocked-address"
        assert get("http://51.15.0.1:PORT/", server=server, scope=[]).reason == "blocked-port"
        assert server.connected == 0


def test_a_name_without_address_is_an_absence_and_a_silent_resolver_a_hole():
    answer = get("http://mail.town.test:PORT/")
    assert (answer.outcome, answer.reason) == (Outcome.ABSENT, "no-address")
    answer = get("http://www.town.test:PORT/", faults={"www.town.test": "servfail"})
    assert (answer.outcome, answer.reason) == (Outcome.FAILED, "dns-servfail")


def test_an_ipv4_address_is_enough_when_ipv6_answers_nothing():
    answer = get("http://www.town.test:PORT/", {"*": page(b"x")}, faults={"www.town.test/AAAA": "servfail"})
    assert answer.outcome is Outcome.ANSWERED


def test_a_closed_port_is_unreachable():
    with HttpServer() as server:
        port = server.port
    with HttpServer() as other:
        answer = get(f"http://www.town.test:{port}/", server=other, scope=[f"127.0.0.1:{port}"])
    assert (answer.outcome, answer.reason) == (Outcome.FAILED, "unreachable")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451, 418])
def test_a_refusal_by_the_origin_is_an_answer_with_its_status(status):
    answer = get("http://www.town.test:PORT/", {"*": page(b"no", status=f"{status} No")})
    assert (answer.outcome, answer.status) == (Outcome.ANSWERED, status)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 999])
def test_a_broken_or_busy_origin_is_a_hole_that_names_its_status(status):
    answer = get("http://www.town.test:PORT/", {"*": page(b"no", status=f"{status} No")})
    assert (answer.outcome, answer.reason, answer.status) == (Outcome.FAILED, f"http-{status}", status)


FAULTS = {
    "endless": (served.endless, "body-too-large"),
    "large": (page(b"x" * (MAX_BODY + 1)), "body-too-large"),
    "drip": (served.drip, "deadline"),
    "silent": (served.silent, "deadline"),
    "drip-headers": (served.drip_headers, "deadline"),
    "continue-flood": (served.continue_flood, "deadline"),
    "reset": (served.reset, "connection-lost"),
    "gzip-bomb": (served.gzip_bomb(50), "body-too-large"),
    "gzip-twice": (served.gzip_twice(), "encoding"),
    "gzip-two-fields": (page(b"x", "Content-Encoding: gzip", "Content-Encoding: gzip"), "encoding"),
    "brotli": (page(b"x", "Content-Encoding: br"), "encoding"),
    "not-gzip": (page(b"hello", "Content-Encoding: gzip"), "encoding"),
    "cut-gzip": (page(gzip.compress(bytes(9999))[:-9], "Content-Encoding: gzip"), "encoding"),
    "headers-80k": (served.header_flood(80_000), "protocol-error"),
    "headers-200k": (served.header_flood(200_000), "protocol-error"),
    "negative-length": (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc", "protocol-error"),
    "two-lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "protocol-error"),
    "huge-chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nx", "protocol-error"),
    "cut-body": (page(b"abc", length=100), "protocol-error"),
    "no-http": (b"220 mail.example ESMTP\r\n", "protocol-error"),
    "closed": (b"", "protocol-error"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_ends_in_time_with_its_reason_and_never_as_an_answer(fault):
    content, reason = FAULTS[fault]
    start = time.monotonic()
    answer = get("http://www.town.test:PORT/", {"*": content}, deadline=1.0)
    assert (answer.outcome, answer.reason) == (Outcome.FAILED, reason)
    assert time.monotonic() - start < 5.0
    assert len(answer.body) <= MAX_BODY


def test_bombs_cost_little_memory():
    for content in (served.gzip_bomb(300), served.gzip_twice(), served.endless):
        with HttpServer({"*": content}) as server:
            tracemalloc.start()
            get("http://www.town.test:PORT/", server=server, deadline=2.0)
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        assert peak < 32 << 20


def test_the_deadline_covers_all_redirects_together():
    def slow(connection):
        time.sleep(0.4)
        connection.sendall(redirect("/again"))

    start = time.monotonic()
    answer = get("http://www.town.test:PORT/", {"*": slow}, deadline=1.0)
    # Five redirects of 0.4 s each would end with another reason.
    assert answer.reason == "deadline"
    assert 0.8 < time.monotonic() - start < 4.0


@pytest.mark.parametrize("size", [0, 1, MAX_BODY])
def test_a_body_up_to_the_cap_is_whole(size):
    answer = get("http://www.town.test:PORT/", {"*": page(b"x" * size)})
    assert (answer.outcome, len(answer.body), answer.truncated) == (Outcome.ANSWERED, size, False)


def test_the_beginning_of_a_body_over_the_cap_is_kept_and_said_to_be_cut():
    answer = get("http://www.town.test:PORT/", {"*": page(b"<p>" + b"x" * MAX_BODY)})
    assert (len(answer.body), answer.body[:3], answer.truncated) == (MAX_BODY, b"<p>", True)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"Bonjour", mtime=0)),
        ("x-gzip", gzip.compress(b"Bonjour", mtime=0)),
        ("deflate", zlib.compress(b"Bonjour")),
        ("deflate", zlib.compress(b"Bonjour")[2:-4]),
        ("identity", b"Bonjour"),
        ("", b"Bonjour"),
        ("GZIP, identity", gzip.compress(b"Bonjour", mtime=0)),
    ],
)
def test_one_coding_is_read_although_none_was_asked_for(coding, packed):
    answer = get("http://www.town.test:PORT/", {"*": page(packed, f"Content-Encoding: {coding}")})
    assert (answer.outcome, answer.body) == (Outcome.ANSWERED, b"Bonjour")


def test_one_host_is_asked_one_thing_at_once():
    # A request counts until its answer goes out; what the server does afterwards is no longer the client's.
    waiting, most, lock = 0, 0, threading.Lock()

    def slow(connection):
        nonlocal waiting, most
        with lock:
            waiting += 1
            most = max(most, waiting)
        time.sleep(0.05)
        with lock:
            waiting -= 1
        connection.sendall(page(b"x"))

    async def run(server):
        async with client(server) as asking:
            urls = [f"http://www.town.test:{server.port}/{number}" for number in range(6)]
            return await asyncio.gather(*(asking.get(url) for url in urls))

    with HttpServer({"*": slow}) as server:
        answers = asyncio.run(run(server))
    assert most == 1
    assert all(answer.outcome is Outcome.ANSWERED for answer in answers)


def test_no_octets_that_a_server_can_send_break_the_client():
    chance = random.Random(20261121)
    seeds = [
        page(b"<p>x</p>", "Content-Encoding: gzip"),
        page(gzip.compress(b"x" * 5000), "Content-Encoding: gzip"),
        redirect("http://www.town.test/a?b#c"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    ]

    async def run(server):
        found = []
        async with client(server, deadline=0.3) as asking:
            for _ in range(150):
                octets = bytearray(chance.choice(seeds))
                for _ in range(chance.randrange(4)):
                    octets[chance.randrange(len(octets))] = chance.randrange(256)
                whole = chance.random() < 0.7
                server.pages["*"] = bytes(octets if whole else octets[: chance.randrange(1, len(octets))])
                found.append(await asking.get(f"http://www.town.test:{server.port}/"))
        return found

    with HttpServer() as server:
        answers = asyncio.run(run(server))
    assert {answer.outcome for answer in answers} <= {Outcome.ANSWERED, Outcome.FAILED, Outcome.ABSENT}
    assert all((answer.reason is None) == (answer.outcome is Outcome.ANSWERED) for answer in answers)
    assert len({answer.reason for answer in answers}) >= 3


@pytest.fixture(scope="module")
def authority():
    return Authority()


def test_a_verified_https_page_is_read_with_the_name_in_sni(authority):
    seen = []
    context = authority.context("www.town.test")
    context.sni_callback = lambda _socket, name, _context: seen.append(name)
    with HttpServer({"www.town.test/": page(b"safe")}, tls=context) as server:
        answer = get("https://www.town.test:PORT/", server=server, ca_file=authority.ca_file)
    assert (answer.outcome, answer.body, answer.asked.transport) == (Outcome.ANSWERED, b"safe", "https")
    assert seen == ["www.town.test"]


@pytest.mark.parametrize(
    ("names", "days", "trusted", "reason"),
    [
        (("other.test",), (-1, 10), True, "tls-name"),
        (("www.town.test",), (-9, -1), True, "tls-expired"),
        (("www.town.test",), (2, 9), True, "tls-not-yet-valid"),
        (("www.town.test",), (-1, 10), False, "tls-untrusted"),
    ],
)
def test_a_certificate_that_does_not_hold_is_a_hole_with_its_reason(authority, names, days, trusted, reason):
    with HttpServer({"*": page(b"x")}, tls=authority.context(*names, days=days)) as server:
        answer = get("https://www.town.test:PORT/", server=server, ca_file=authority.ca_file if trusted else None)
        assert (answer.outcome, answer.reason) == (Outcome.FAILED, reason)
        assert server.asked == []


def test_plain_text_where_tls_is_expected_is_a_failed_handshake():
    with HttpServer(greeting=b"220 mail.example ESMTP <script>\r\n") as server:
        answer = get("https://www.town.test:PORT/", server=server, deadline=2.0)
    assert (answer.outcome, answer.reason) == (Outcome.FAILED, "tls-handshake")


def proxied(url, proxy, **options):
    async def run():
        async with client(scope=options.pop("scope", []), proxy=f"http://{proxy.address}", **options) as asking:
            return await asking.get(url), await asking.get(url + "second")

    return asyncio.run(run())


def test_a_proxy_without_tunnels_is_asked_by_plain_http_and_resolves_itself():
    with HttpServer({"www.elsewhere.example/": page(b"recorded")}) as proxy:
        answer, _ = proxied("https://www.elsewhere.example/", proxy)
        assert (answer.outcome, answer.body) == (Outcome.ANSWERED, b"recorded")
        assert (answer.url, answer.final_url) == ("https://www.elsewhere.example/", "http://www.elsewhere.example/")
        assert (answer.asked.transport, answer.asked.server) == ("proxy", proxy.address)
        assert [path for _, path, _ in proxy.asked] == ["CONNECT", "/", "/second"]


def test_a_proxy_with_tunnels_carries_verified_https(authority):
    with (
        HttpServer({"www.town.test/": page(b"safe")}, tls=authority.context("www.town.test")) as origin,
        HttpServer(proxy="200 Go") as proxy,
    ):
        proxy.tunnels["www.town.test:443"] = ("127.0.0.1", origin.port)
        answer, _ = proxied("https://www.town.test/", proxy, ca_file=authority.ca_file)
        assert (answer.outcome, answer.body, answer.final_url) == (Outcome.ANSWERED, b"safe", "https://www.town.test/")
        proxy.tunnels["other.test:443"] = ("127.0.0.1", origin.port)
        answer, _ = proxied("https://other.test/", proxy, ca_file=authority.ca_file)
        assert (answer.outcome, answer.reason) == (Outcome.FAILED, "tls-name")


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "169.254.169.254", "2130706433", "localhost", "intranet"])
def test_a_proxy_is_not_used_as_a_way_to_blocked_addresses(host):
    with HttpServer({"*": page(b"x")}) as proxy:
        answer, _ = proxied(f"http://{host}/", proxy)
        assert (answer.outcome, answer.reason) == (Outcome.FAILED, "blocked-address")
        assert proxy.connected == 0


def test_a_proxy_that_cannot_reach_the_origin_or_is_gone_is_a_hole():
    with HttpServer({"*": page(b"bad gateway", status="502 Bad Gateway")}, proxy="502 Bad Gateway") as proxy:
        assert [found.reason for found in proxied("https://www.gone.example/", proxy)] == ["proxy", "proxy"]
        assert [found.reason for found in proxied("http://www.gone.example/", proxy)] == ["http-502", "http-502"]
    assert [found.reason for found in proxied("http://www.gone.example/", proxy)] == ["proxy", "proxy"]


def test_the_environment_cannot_send_us_elsewhere(monkeypatch):
    with HttpServer({"*": page(b"from the proxy")}) as other, HttpServer({"*": page(b"from the origin")}) as server:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy", "https_proxy"):
            monkeypatch.setenv(name, f"http://{other.address}")
        assert get("http://www.town.test:PORT/", server=server).body == b"from the origin"
        assert other.connected == 0


@pytest.mark.parametrize("proxy", ["", "127.0.0.1:3128", "socks5://127.0.0.1", "http://", "http://[::1"])
def test_a_proxy_that_is_no_url_is_refused_at_once(proxy):
    with pytest.raises(ValueError, match="proxy"):
        HttpClient(lambda name, rrtype: None, proxy=proxy)
