"""The DNS client against servers on loopback that tell the truth, lie, cut, delay and keep silent."""

import asyncio
import math
import os
import socket
import time
from itertools import pairwise

import pytest

from sovscan.model.evidence import Asked, Outcome
from sovscan.net import dns_manners, dns_mux
from sovscan.net.answers import DnsAnswer
from sovscan.net.dns_client import DnsClient
from sovscan.net.dns_memory import SHARED_NAMES, AnswerMemory
from sovscan.net.dns_server import Server, system_resolvers
from sovscan.net.dns_timer import TICK, Ticker
from sovscan.net.net import NetSettings
from tests.servers.dns_server import DnsServer
from tests.servers.nsd import nsd_program, running_nsd

ZONE = r"""
example.test. MX 10 Mail.Example.TEST.
example.test. MX 5 backup.example.test.
example.test. TXT "v=spf1 include:_spf.goo" "gle.example -all"
example.test. NS ns1.example.test.
example.test. CAA 0 issue "letsencrypt.org"
mail.example.test. A 192.0.2.10
mail.example.test. AAAA 2001:db8::10
_sip._tls.example.test. SRV 0 5 443 sip.example.test.
www.example.test. CNAME cdn.example.test.
cdn.example.test. CNAME edge.example.test.
edge.example.test. A 192.0.2.20
dangling.example.test. CNAME nowhere.example.test.
nomail.example.test. MX 0 .
raw.example.test. TXT "caf\195\169 \255\254"
dotted\.label.example.test. A 192.0.2.30
deep.empty.example.test. A 192.0.2.40
*.wild.example.test. A 192.0.2.50
example.test. DS 12345 13 2 0123456789012345678901234567890123456789012345678901234567890123
svc.example.test. HTTPS 1 . alpn="h2,h3" ipv4hint="192.0.2.1"
flap.example.test. A 192.0.2.60
formerr_edns.example.test. A 192.0.2.61
badvers.example.test. A 192.0.2.62
spoof_then_real.example.test. A 192.0.2.63
truncate.example.test. A 192.0.2.64
odd.example.test. TYPE65280 \# 4 deadbeef
ring1.example.test. CNAME ring2.example.test.
ring2.example.test. CNAME ring1.example.test.
"""

QUICK = {"dns_deadline": 0.7, "dns_retry_wait": (0.01, 0.05), "resolver_rate": math.inf}


def ask(server: str, *questions: tuple[str, str], **settings: object) -> list[DnsAnswer]:
    async def run() -> list[DnsAnswer]:
        async with DnsClient(NetSettings(resolvers=(server,), **{**QUICK, **settings})) as client:
            return list(await asyncio.gather(*(client.ask(*question) for question in questions)))

    return asyncio.run(run())


@pytest.fixture(scope="module")
def world():
    with DnsServer(ZONE) as server:
        yield server


@pytest.mark.parametrize(
    ("name", "rrtype", "records"),
    [
        ("example.test", "MX", ("10 mail.example.test", "5 backup.example.test")),
        ("EXAMPLE.test.", "NS", ("ns1.example.test",)),
        ("example.test", "TXT", ("v=spf1 include:_spf.google.example -all",)),
        ("example.test", "CAA", ('0 issue "letsencrypt.org"',)),
        ("mail.example.test", "AAAA", ("2001:db8::10",)),
        ("_sip._tls.example.test", "SRV", ("0 5 443 sip.example.test",)),
        ("nomail.example.test", "MX", ("0 .",)),
        ("raw.example.test", "TXT", ("café \\xff\\xfe",)),
        ("dotted\\.label.example.test", "A", ("192.0.2.30",)),
        ("any.wild.example.test", "A", ("192.0.2.50",)),
        ("example.test", "DS", ("12345 13 2 " + "0123456789" * 6 + "0123",)),
        ("svc.example.test", "HTTPS", ("1 . alpn=h2,h3 ipv4hint=192.0.2.1",)),
        ("odd.example.test", "TYPE65280", ("\\# 4 deadbeef",)),
    ],
)
def test_records_come_in_presentation_form(world, name, rrtype, records):
    (answer,) = ask(world.address, (name, rrtype))
    assert (answer.outcome, answer.reason, answer.records) == (Outcome.ANSWERED, None, records)


def test_the_answer_says_who_was_asked_when_and_how(world):
    (answer,) = ask(world.address, ("Example.Test.", "MX"))
    assert answer.asked.name == answer.name == "example.test"
    assert answer.asked.server == world.address
    assert answer.asked.transport == "udp"
    assert answer.asked.started.endswith("Z")
    assert answer.rcode == "noerror"


def test_an_alias_chain_is_shown_from_start_to_end(world):
    (answer,) = ask(world.address, ("www.example.test", "A"))
    assert answer.records == ("192.0.2.20",)
    assert answer.chain == "www.example.test > cdn.example.test > edge.example.test"


def test_a_dangling_alias_is_absent_with_the_alias_kept(world):
    (answer,) = ask(world.address, ("dangling.example.test", "A"))
    assert (answer.outcome, answer.reason) == (Outcome.ABSENT, "nxdomain")
    assert answer.aliases == ("nowhere.example.test",)


@pytest.mark.parametrize(("name", "reason"), [("none.example.test", "nxdomain"), ("mail.example.test", "nodata"),
                                              ("empty.example.test", "nodata")])  # fmt: skip
def test_absence_names_its_kind(world, name, reason):
    (answer,) = ask(world.address, (name, "TXT"))
    assert (answer.outcome, answer.reason) == (Outcome.ABSENT, reason)


HOLES = {
    "servfail": "servfail", "refused": "refused", "formerr": "formerr", "notimp": "notimp", "bare_refused": "refused",
    "lame": "lame", "nodata_nosoa": "unverified-nodata", "nxdomain_nosoa": "unverified-nxdomain",
    "foreign_soa": "unverified-nodata", "nodata_unsigned": "unverified-nodata",
    "nxdomain_unsigned": "unverified-nxdomain", "nxdomain_with_records": "contradictory", "timeout": "timeout",
    "wrong_id": "timeout", "wrong_question": "timeout", "wrong_class": "timeout", "garbage": "malformed",
    "cut_header": "malformed", "ptr_loop": "malformed", "bad_rdlen": "malformed", "count_lie": "malformed",
    "trailing": "malformed", "tc_no_tcp": "truncated", "tcp_short": "truncated", "tcp_zero": "malformed",
    "tc_always": "truncated", "tcp_garbage": "malformed", "loop": "chain", "cname_chain_16": "chain",
    "slow": "timeout",
}  # fmt: skip


def test_no_fault_ever_looks_like_an_absence():
    with DnsServer(ZONE, faults={"slow.*": "slow:2.0"}) as server:
        answers = ask(server.address, *((f"{fault}.example.test", "A") for fault in HOLES))
    assert {answer.name.split(".")[0]: answer.reason for answer in answers} == HOLES
    assert {answer.outcome for answer in answers} == {Outcome.FAILED}


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("flap.example.test", "192.0.2.60"),
        ("formerr_edns.example.test", "192.0.2.61"),
        ("badvers.example.test", "192.0.2.62"),
        ("spoof_then_real.example.test", "192.0.2.63"),
        ("truncate.example.test", "192.0.2.64"),
        ("cname_chain_15.example.test", "192.0.2.1"),
    ],
)
def test_a_fault_that_can_be_overcome_is(world, name, address):
    (answer,) = ask(world.address, (name, "A"), dns_deadline=3.0)
    assert (answer.outcome, answer.records) == (Outcome.ANSWERED, (address,))


def test_what_earlier_tries_ended_with_stays_in_the_answer():
    with DnsServer(ZONE) as server:
        answers = ask(server.address, ("flap.example.test", "A"), ("formerr_edns.example.test", "A"))
    assert [answer.tries for answer in answers] == [("servfail",), ("formerr",)]


def test_an_extended_error_is_kept_beside_the_reason(world):
    (answer,) = ask(world.address, ("extended_error.example.test", "A"))
    assert (answer.reason, answer.note) == ("servfail", "22 No reachable <authority>")


def test_an_answer_too_large_for_a_datagram_comes_over_tcp(world):
    (answer,) = ask(world.address, ("big_64k.example.test", "TXT"), dns_deadline=5.0)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.asked.transport == "tcp"
    assert len(answer.records[0]) == 120 * 243


def test_a_flood_of_addresses_is_marked_as_incomplete(world):
    (answer,) = ask(world.address, ("many.example.test", "A"), dns_deadline=5.0)
    assert answer.truncated
    assert len(answer.records) == 128


def test_a_lost_question_is_sent_again_within_half_a_second():
    with DnsServer(ZONE, faults={"mail.*": "drop_first:1"}) as server:
        (answer,) = ask(server.address, ("mail.example.test", "A"), dns_deadline=3.0)
    assert answer.records == ("192.0.2.10",)
    assert 350 <= answer.asked.elapsed_ms < 1500


def test_a_late_answer_to_an_earlier_send_is_taken():
    with DnsServer(ZONE, faults={"mail.*": "slow:1.0"}) as server:
        (answer,) = ask(server.address, ("mail.example.test", "A"), dns_deadline=3.0)
        assert answer.records == ("192.0.2.10",)
        assert answer.asked.elapsed_ms >= 950
        assert len(server.asked) == 2


def test_a_closed_port_is_unreachable_and_found_out_fast():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
    begun = time.monotonic()
    (answer,) = ask(address, ("example.test", "A"), dns_deadline=5.0)
    assert (answer.outcome, answer.reason) == (Outcome.FAILED, "unreachable")
    assert time.monotonic() - begun < 2.5


def test_a_silent_name_takes_the_deadline_and_no_more():
    with DnsServer(ZONE) as server:
        begun = time.monotonic()
        ask(server.address, ("timeout.example.test", "A"), dns_deadline=1.5, dns_retry_wait=(0.0, 0.1))
        assert 1.4 < time.monotonic() - begun < 4.5
        assert 3 <= len(server.asked) <= 5


def test_the_same_question_is_asked_once():
    with DnsServer(ZONE, faults={"mail.*": "slow:0.05"}) as server:
        answers = ask(server.address, *[("mail.example.test", "A")] * 50, ("MAIL.example.test.", "A"))
        assert len(server.asked) == 1
    assert {answer.records for answer in answers} == {("192.0.2.10",)}


def test_a_shared_question_outlives_the_asker_who_gives_up():
    async def run(server: str) -> DnsAnswer:
        async with DnsClient(NetSettings(resolvers=(server,), **QUICK)) as client:
            first = asyncio.create_task(client.ask("mail.example.test", "A"))
            await asyncio.sleep(0.02)
            second = asyncio.create_task(client.ask("mail.example.test", "A"))
            await asyncio.sleep(0.02)
            first.cancel()
            return await second

    with DnsServer(ZONE, faults={"mail.*": "slow:0.1"}) as server:
        assert asyncio.run(run(server.address)).records == ("192.0.2.10",)


def test_an_alias_that_leaves_the_zone_is_followed_at_the_same_server():
    with DnsServer(ZONE, recursive=False, follow_aliases=False) as server:
        good, broken, ring = ask(
            server.address, ("www.example.test", "A"), ("dangling.example.test", "A"), ("ring1.example.test", "A")
        )
    assert good.records == ("192.0.2.20",)
    assert good.chain == "www.example.test > cdn.example.test > edge.example.test"
    assert (broken.outcome, broken.reason, broken.aliases) == (Outcome.ABSENT, "nxdomain", ("nowhere.example.test",))
    assert (ring.outcome, ring.reason) == (Outcome.FAILED, "chain")


def test_a_server_that_says_nothing_at_all_is_left_alone():
    async def run(server: DnsServer) -> tuple[DnsAnswer, int]:
        settings = NetSettings(resolvers=(server.address,), **{**QUICK, "dns_deadline": 0.3})
        async with DnsClient(settings) as client:
            await asyncio.gather(*(client.ask(f"n{number}.example.test", "A") for number in range(5)))
            await asyncio.sleep(1.2)
            before = len(server.asked)
            return await client.ask("mail.example.test", "A"), len(server.asked) - before

    with DnsServer(ZONE, faults={"*": "timeout"}) as server:
        answer, asked = asyncio.run(run(server))
    assert (answer.outcome, answer.reason) == (Outcome.FAILED, "circuit-open")
    assert asked == 0


def test_silent_zones_do_not_close_a_resolver_that_answers_others():
    async def run(server: DnsServer) -> DnsAnswer:
        settings = NetSettings(resolvers=(server.address,), **{**QUICK, "dns_deadline": 0.3})
        async with DnsClient(settings) as client:
            await asyncio.gather(*(client.ask(f"timeout.n{number}.test", "A") for number in range(8)))
            await asyncio.sleep(0.2)
            return await client.ask("mail.example.test", "A")

    with DnsServer(ZONE) as server:
        assert asyncio.run(run(server)).records == ("192.0.2.10",)


def test_a_breaker_lets_one_question_through_after_its_pause():
    now = [0.0]
    breaker = dns_manners.Breaker(lambda: now[0])
    breaker.open()
    assert breaker.is_open
    now[0] = 61.0
    assert not breaker.is_open
    assert breaker.is_open
    breaker.replied()
    assert not breaker.is_open


def test_the_bucket_keeps_the_rate_that_was_set():
    with DnsServer(ZONE) as server:
        begun = time.monotonic()
        ask(server.address, *((f"n{number}.example.test", "A") for number in range(60)), resolver_rate=100.0)
        assert 0.35 < time.monotonic() - begun < 3.0


def test_waiting_for_the_bucket_does_not_eat_the_deadline():
    with DnsServer(ZONE) as server:
        questions = ((f"n{number}.example.test", "A") for number in range(40))
        answers = ask(server.address, *questions, resolver_rate=30.0, dns_deadline=0.3)
    assert {answer.outcome for answer in answers} == {Outcome.ABSENT}


def test_offline_asks_nothing():
    (answer,) = ask("127.0.0.1:1", ("example.test", "A"), offline=True)
    assert (answer.outcome, answer.reason) == (Outcome.SKIPPED, "offline")
    assert answer.asked.started == ""


@pytest.mark.parametrize("name", ["a..b", ".a", "x" * 64 + ".test", "é.test", ".".join(["abcdefg"] * 40), "a b.test"])
def test_a_name_that_cannot_be_asked_is_a_hole(world, name):
    (answer,) = ask(world.address, (name, "A"))
    assert (answer.outcome, answer.reason) == (Outcome.FAILED, "bad-name")


def test_a_second_resolver_can_be_asked_the_same_question(world):
    async def run(other: str) -> tuple[DnsAnswer, DnsAnswer]:
        async with DnsClient(NetSettings(resolvers=(world.address, other), **QUICK)) as client:
            return (await client.ask("mail.example.test", "A"),
                    await client.ask("mail.example.test", "A", server=client.resolvers[1]))  # fmt: skip

    with DnsServer("mail.example.test. A 192.0.2.99") as other:
        first, second = asyncio.run(run(other.address))
    assert (first.records, second.records) == (("192.0.2.10",), ("192.0.2.99",))
    assert first.asked.server != second.asked.server


def test_ids_and_source_ports_are_random():
    seen: list[int] = []

    async def run(server: str) -> set[int]:
        loop = asyncio.get_running_loop()
        mux = dns_mux.Mux(Server(server), dns_manners.TokenBucket(math.inf, loop.time), retries=0,
                          retry_wait=(0.0, 0.0))  # fmt: skip
        question = dns_mux.Question("a", 1, b"\1a\0\0\1\0\1")
        ports = set()
        for _ in range(10_000):
            pending = dns_mux._Pending(mux, question, 1e9, loop.create_future(), edns=True)
            port, ident = mux.place(pending)
            ports.add(port.sock.getsockname()[1])
            seen.append(ident)
            port.forget(ident)
        mux.close()
        return ports

    ports = asyncio.run(run("127.0.0.1:9"))
    assert len(ports) == dns_mux.SOCKETS
    mean = sum(seen) / len(seen)
    assert 32_000 < mean < 33_500
    assert len(set(seen)) > 9_000  # 10,000 draws of 65,536 leave about 9,270 distinct ones


def test_resolvers_of_the_system_are_read_when_asked_for(tmp_path):
    file = tmp_path / "resolv.conf"
    file.write_text("# none\nsearch a.test\nnameserver 192.0.2.53\nnameserver 2001:db8::53\nnameserver bad\n", "utf-8")
    assert system_resolvers(file) == ("192.0.2.53:53", "[2001:db8::53]:53")
    assert system_resolvers(tmp_path / "missing") == ("127.0.0.1:53",)


@pytest.mark.parametrize("text", ["", "localhost", "192.0.2.1:0", "192.0.2.1:x", "192.0.2.256:53", "[::1", "::1:::"])
def test_a_resolver_must_be_an_address(text):
    with pytest.raises(ValueError, match="not a"):
        Server(text)


@pytest.mark.server
@pytest.mark.skipif(nsd_program() is None, reason="NSD is not installed; the pure-Python server stands in")
def test_a_real_authoritative_server_without_recursion_is_understood():
    zones = {
        "example.test": "$TTL 60\n$ORIGIN example.test.\n@ SOA ns hostmaster 1 2 3 4 5\n@ NS ns\nns A 127.0.0.1\n"
        "@ MX 10 mail\nwww CNAME edge.cdn.test.\nin CNAME gone\nout CNAME host.elsewhere.test.\nsub NS ns.sub\n"
        + "".join(f'big TXT "{number:03}{"z" * 200}"\n' for number in range(30)),
        "cdn.test": "$TTL 60\n$ORIGIN cdn.test.\n@ SOA ns hostmaster 1 2 3 4 5\n@ NS ns\nns A 127.0.0.1\n"
        "edge A 192.0.2.7\n",
    }
    with running_nsd(zones) as address:
        mx, nothing, gone, www, inside, outside, lame, big, refused = ask(
            address, ("example.test", "MX"), ("example.test", "TXT"), ("gone.example.test", "A"),
            ("www.example.test", "A"), ("in.example.test", "A"), ("out.example.test", "A"),
            ("host.sub.example.test", "A"), ("big.example.test", "TXT"), ("elsewhere.test", "A"),
            dns_deadline=3.0,
        )  # fmt: skip
    assert mx.records == ("10 mail.example.test",)
    assert (nothing.outcome, nothing.reason) == (Outcome.ABSENT, "nodata")
    assert (gone.outcome, gone.reason) == (Outcome.ABSENT, "nxdomain")
    assert (www.records, www.chain) == (("192.0.2.7",), "www.example.test > edge.cdn.test")
    assert (inside.outcome, inside.reason, inside.aliases) == (Outcome.ABSENT, "nxdomain", ("gone.example.test",))
    assert (outside.outcome, outside.reason, outside.final) == (Outcome.FAILED, "refused", "host.elsewhere.test")
    assert (lame.outcome, lame.reason) == (Outcome.FAILED, "lame")
    assert (big.outcome, big.asked.transport, len(big.records)) == (Outcome.ANSWERED, "tcp", 30)
    assert (refused.outcome, refused.reason) == (Outcome.FAILED, "refused")


def test_importing_the_client_loads_no_dns_library_and_touches_nothing():
    import subprocess
    import sys

    code = "import sys, sovscan.net.dns_client; sys.exit('dns' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], check=False, env={**os.environ, "PYTHONPATH": "."}).returncode == 0
    )


def test_the_wait_for_an_answer_follows_the_server():
    round_trip = dns_manners.RoundTrip()
    assert round_trip.timeout == dns_manners.FIRST
    for _ in range(50):
        round_trip.sample(0.03)
    assert round_trip.timeout == dns_manners.FLOOR
    for _ in range(50):
        round_trip.sample(0.5)
    assert 0.5 < round_trip.timeout < 1.0
    round_trip.sample(60.0)
    assert round_trip.timeout == dns_manners.CEILING


def test_a_slow_server_is_not_asked_twice_once_it_is_known_to_be_slow():
    async def run(server: DnsServer) -> int:
        async with DnsClient(NetSettings(resolvers=(server.address,), **{**QUICK, "dns_deadline": 3.0})) as client:
            for number in range(3):
                await client.ask(f"n{number}.example.test", "A")
            before = len(server.asked)
            await client.ask("last.example.test", "A")
            return len(server.asked) - before

    with DnsServer(ZONE, faults={"*": "slow:0.5"}) as server:
        assert asyncio.run(run(server)) == 1


def test_a_failure_may_be_asked_again_after_a_minute_and_a_fact_is_kept():
    now = [100.0]
    memory = AnswerMemory(lambda: now[0])
    asked = Asked(name="example.test", type="A")
    fact = DnsAnswer(name="example.test", rrtype="A", outcome=Outcome.ABSENT, reason="nodata", asked=asked)
    hole = DnsAnswer(name="gone.test", rrtype="A", outcome=Outcome.FAILED, reason="timeout", asked=asked)
    memory.keep("fact", fact)
    memory.keep("hole", hole)
    now[0] = 159.0
    assert memory.recall("hole") is hole
    now[0] = 161.0
    assert memory.recall("hole") is None
    assert memory.recall("fact") is fact


def test_memory_is_bounded_and_keeps_what_is_wanted_again():
    memory = AnswerMemory(lambda: 0.0)
    asked = Asked(name="example.test", type="A")
    answer = DnsAnswer(name="example.test", rrtype="A", outcome=Outcome.ABSENT, reason="nodata", asked=asked)
    memory.keep("shared", answer)
    for number in range(3 * SHARED_NAMES):
        memory.keep(f"own {number}", answer)
        if number % 1000 == 0:
            assert memory.recall("shared") is answer
    kept = sum(memory.recall(f"own {number}") is not None for number in range(3 * SHARED_NAMES))
    assert kept <= SHARED_NAMES


def test_the_timer_ticks_for_as_long_as_there_is_something_to_look_after():
    async def run() -> tuple[list[float], int]:
        loop = asyncio.get_running_loop()
        looks: list[float] = []

        def look(now: float) -> bool:
            looks.append(now)
            return len(looks) < 5

        ticker = Ticker(loop, look)
        ticker.start()
        ticker.start()
        await asyncio.sleep(0.3)
        first = list(looks)
        ticker.start()
        ticker.close()
        await asyncio.sleep(0.05)
        return first, len(looks)

    looks, after_close = asyncio.run(run())
    assert len(looks) == after_close == 5
    assert all(later - earlier >= TICK * 0.9 for earlier, later in pairwise(looks))


def test_a_server_that_cannot_be_reached_from_here_is_a_hole():
    # No route leads to a documentation address of IPv6 where there is no IPv6, and no answer comes where there is.
    (answer,) = ask("[2001:db8::53]:53", ("example.test", "A"))
    assert answer.outcome is Outcome.FAILED
    assert answer.reason in ("unreachable", "timeout")


def test_a_question_nobody_waits_for_any_more_gives_its_id_back():
    async def run(server: str) -> int:
        async with DnsClient(NetSettings(resolvers=(server,), **QUICK)) as client:
            task = asyncio.create_task(client.ask("timeout.example.test", "A"))
            await asyncio.sleep(0.02)
            task.cancel()
            await asyncio.sleep(0.6)
            return sum(len(port.table) for port in client._lines[server].mux._ports)

    with DnsServer(ZONE) as server:
        assert asyncio.run(run(server.address)) == 0
