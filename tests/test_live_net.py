"""The network of a run as probes see it: everything composed, on loopback servers."""

import asyncio
import time

import pytest

from sovscan.model.evidence import Outcome
from sovscan.net.domain_net import DNS_BUDGET, HTTP_BUDGET
from sovscan.net.live import LiveNet
from sovscan.net.net import NetSettings
from tests.servers.dns_server import DnsServer
from tests.servers.http_server import HttpServer, page, redirect, silent
from tests.servers.tls_authority import Authority

ZONE = """
town.test. MX 10 mx.town.test.
www.town.test. A 127.0.0.1
*.many.test. A 127.0.0.1
"""


def run(ask, *, zone=ZONE, pages=None, tls=None, **settings):
    """What ``ask(net, live, port)`` returns, with a DNS and an HTTP server behind the network."""

    async def inside(names, server):
        options = NetSettings(resolvers=(names.address,), scope=(f"127.0.0.1:{server.port}",), **settings)
        async with LiveNet(options) as live:
            return await ask(live.for_domain("town.test"), live, server.port)

    with DnsServer(zone) as names, HttpServer(pages or {"*": page(b"x")}, tls=tls) as server:
        return asyncio.run(inside(names, server)), names, server


def test_every_kind_of_question_is_answered_through_one_network():
    authority = Authority()

    async def ask(net, live, port):
        return (
            await net.dns("town.test", "MX"),
            await net.http(f"https://www.town.test:{port}/"),
            await net.tls("www.town.test", port),
            await net.rdap_domain("town.example"),
            net.network("51.68.1.1"),
        )

    found, *_ = run(ask, tls=authority.context("www.town.test"), ca_file=authority.ca_file)
    mx, web, tls, rdap, network = found
    assert mx.records == ("10 mx.town.test",)
    assert (web.outcome, web.status) == (Outcome.ANSWERED, 200)
    assert tls.issuer_o == "Autorité d'essai"
    assert (rdap.outcome, rdap.reason) == (Outcome.SKIPPED, "no-rdap-service")
    assert network.asns[0][0] == 16276
    assert network.prefix.endswith("/16")
    assert network.asked.transport == "table"


def test_questions_beyond_the_budget_are_skipped_and_said_to_be():
    async def ask(net, live, port):
        asked = [await net.dns(f"h{number}.many.test", "A") for number in range(DNS_BUDGET + 5)]
        again = await net.dns("h0.many.test", "A")
        pages = [await net.http(f"http://www.town.test:{port}/{number}") for number in range(HTTP_BUDGET + 3)]
        other = await live.for_domain("other.test").dns("x.many.test", "A")
        return asked, again, pages, other

    (asked, again, pages, other), _, server = run(ask)
    assert [answer.outcome for answer in asked[:DNS_BUDGET]] == [Outcome.ANSWERED] * DNS_BUDGET
    assert {(answer.outcome, answer.reason) for answer in asked[DNS_BUDGET:]} == {(Outcome.SKIPPED, "budget")}
    assert again.outcome is Outcome.ANSWERED
    assert [page.reason for page in pages[HTTP_BUDGET:]] == ["budget"] * 3
    assert len(server.asked) == HTTP_BUDGET
    assert other.outcome is Outcome.ANSWERED


def test_the_same_question_of_several_targets_is_asked_once():
    def slow(connection):
        time.sleep(0.2)
        connection.sendall(page(b"shared"))

    async def ask(net, live, port):
        url = f"http://www.town.test:{port}/"
        views = [live.for_domain(f"{letter}.test") for letter in "abcd"]
        first = await asyncio.gather(*(view.http(url) for view in views))
        return first, await views[0].http(url)

    (first, again), _, server = run(ask, pages={"*": slow})
    assert {answer.body for answer in first} == {b"shared"}
    assert again == first[0]
    assert len(server.asked) == 1


def test_a_target_ends_at_its_deadline_and_the_others_go_on():
    async def ask(net, live, port):
        url = f"http://www.town.test:{port}/silent"
        late, dns = await net.http(url), await net.dns("late.many.test", "A")
        fresh = await live.for_domain("other.test").http(f"http://x.many.test:{port}/")
        return late, dns, fresh

    (late, dns, fresh), *_ = run(ask, pages={"/silent": silent, "*": page(b"x")}, target_deadline=0.5)
    assert (late.outcome, late.reason) == (Outcome.FAILED, "deadline")
    assert (dns.outcome, dns.reason) == (Outcome.FAILED, "deadline")
    assert fresh.outcome is Outcome.ANSWERED


def test_offline_asks_nobody_and_says_so():
    async def ask(net, live, port):
        return (
            await net.dns("town.test", "MX"),
            await net.http(f"http://www.town.test:{port}/"),
            await net.tls("www.town.test"),
            await net.rdap_domain("town.fr"),
        )

    found, names, server = run(ask, offline=True)
    assert {(answer.outcome, answer.reason) for answer in found} == {(Outcome.SKIPPED, "offline")}
    assert (names.asked, server.connected) == ([], 0)


def test_a_third_party_is_asked_only_when_asked_for():
    async def ask(net, live, port):
        return net.allowed("tenant"), net.allowed("rdap-address"), await net.rdap_address("51.68.1.1")

    (tenant, rdap, answer), *_ = run(ask, opt_in=frozenset({"tenant"}))
    assert (tenant, rdap) == (True, False)
    assert (answer.outcome, answer.reason) == (Outcome.SKIPPED, "not-asked-for")


@pytest.mark.parametrize(
    ("address", "outcome", "reason"),
    [
        ("10.0.0.1", Outcome.ABSENT, "not-public"),
        ("::1", Outcome.ABSENT, "not-public"),
        ("nonsense", Outcome.FAILED, "not-an-address"),
    ],
)
def test_an_address_without_network_is_an_absence_only_when_nobody_can_announce_it(address, outcome, reason):
    async def ask(net, live, port):
        return net.network(address)

    answer, *_ = run(ask)
    assert (answer.outcome, answer.reason) == (outcome, reason)


def test_a_network_that_the_dated_table_lacks_is_a_hole():
    async def ask(net, live, port):
        table = live.table()
        gap = next(
            address
            for address in (f"{first}.{second}.0.1" for first in range(1, 223) for second in range(0, 255, 16))
            if not table.lookup(address) and not address.startswith(("10.", "127.", "100.", "169.", "172.", "192."))
        )
        return net.network(gap)

    answer, *_ = run(ask)
    assert (answer.outcome, answer.reason) == (Outcome.FAILED, "not-in-table")


def test_the_vantage_prints_every_option_that_bounds_the_reading_and_no_secret():
    settings = NetSettings(
        resolvers=("127.0.0.1:5300", "127.0.0.2:5300"),
        http_proxy="http://user:SECRETCANARY@proxy.test:3128",
        scope=("10.0.0.0/8:443",),
        opt_in=frozenset({"tenant", "rdap-address"}),
        resolver_rate=50.0,
        target_deadline=30.0,
    )
    vantage = LiveNet(settings).vantage()
    assert vantage.resolvers == settings.resolvers
    assert dict(vantage.options) == {
        "resolver_rate": "50",
        "http_proxy": "http://proxy.test:3128",
        "scope": "10.0.0.0/8:443",
        "probes": "rdap-address tenant",
        "target_deadline": "30",
    }
    assert LiveNet(NetSettings(resolvers=("127.0.0.1:53",))).versions()["asn_table"].startswith("2026-06-17 sha256:")


def test_a_redirect_from_a_public_page_to_the_inside_reaches_nobody():
    async def ask(net, live, port):
        return await net.http(f"http://www.town.test:{port}/")

    with HttpServer(host="127.0.0.2") as inside:
        answer, _, server = run(ask, pages={"*": redirect(f"http://127.0.0.2:{inside.port}/admin")})
        assert (answer.reason, inside.connected, server.connected) == ("blocked-address", 0, 1)
