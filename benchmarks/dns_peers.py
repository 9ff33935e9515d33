"""One engine, one run, one process: asks the questions of a file and prints figures as one line of JSON.

Each engine gets the setting in which it is fastest while it still asks every question (no cache, no pacing of its own).
"""

import argparse
import asyncio
import gc
import importlib.metadata
import importlib.util
import json
import math
import pickle
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

Ask = Callable[[str, str], Awaitable[int]]
"""Number of records, 0 for an absence, -1 for an error."""

REFUSED_BY_AIODNS = {"DS", "DNSKEY", "TLSA", "HTTPS"}


async def sovscan(stack: AsyncExitStack, server: str, _in_flight: int) -> Ask:
    from sovscan.model.evidence import Outcome
    from sovscan.net.dns_client import DnsClient
    from sovscan.net.net import NetSettings

    client = await stack.enter_async_context(DnsClient(NetSettings(resolvers=(server,), resolver_rate=math.inf)))

    async def ask(name: str, rrtype: str) -> int:
        answer = await client.ask(name, rrtype)
        return -1 if answer.outcome is Outcome.FAILED else len(answer.records)

    return ask


async def dnspython(_stack: AsyncExitStack, server: str, _in_flight: int) -> Ask:
    import dns.asyncresolver
    import dns.exception
    import dns.resolver

    host, port = server.split(":")
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers, resolver.port, resolver.cache = [host], int(port), None

    async def ask(name: str, rrtype: str) -> int:
        try:
            return len(await resolver.resolve(name, rrtype))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return 0
        except dns.exception.DNSException:
            return -1

    return ask


async def aiodns(stack: AsyncExitStack, server: str, _in_flight: int) -> Ask:
    import aiodns as library
    import pycares

    resolver = library.DNSResolver(nameservers=[server.split(":")[0]], udp_port=int(server.split(":")[1]),
                                   tcp_port=int(server.split(":")[1]), timeout=5, tries=3)  # fmt: skip
    stack.push_async_callback(resolver.close)
    absent = (pycares.errno.ARES_ENODATA, pycares.errno.ARES_ENOTFOUND)
    numbers = {"A": 1, "NS": 2, "CNAME": 5, "MX": 15, "TXT": 16, "AAAA": 28, "CAA": 257}

    async def ask(name: str, rrtype: str) -> int:
        try:
            found = await resolver.query_dns(name, "A" if rrtype in REFUSED_BY_AIODNS else rrtype)
        except library.error.DNSError as error:
            return 0 if error.args[0] in absent else -1
        return sum(1 for record in found.answer if int(record.type) == numbers.get(rrtype))

    return ask


def _blastdns(server: str, in_flight: int):
    import blastdns as library

    config = library.ClientConfig(
        max_inflight_per_resolver=in_flight, max_concurrency=max(256, in_flight), adaptive=False, cache_capacity=0,
        request_timeout_ms=2000,
    )  # fmt: skip
    return library.Client([server], config), library


async def blastdns(_stack: AsyncExitStack, server: str, in_flight: int) -> Ask:
    client, library = _blastdns(server, in_flight)

    async def ask(name: str, rrtype: str) -> int:
        try:
            return len(await client.resolve(name, rrtype))
        except library.BlastDNSError:
            return -1

    return ask


async def blastdns_full(_stack: AsyncExitStack, server: str, in_flight: int) -> Ask:
    client, library = _blastdns(server, in_flight)

    async def ask(name: str, rrtype: str) -> int:
        try:
            found = await client.resolve_full(name, rrtype)
        except library.BlastDNSError:
            return -1
        return len(found.response.answers)

    return ask


ENGINES = {
    "sovscan": (sovscan, "dnspython"),
    "dnspython": (dnspython, "dnspython"),
    "aiodns": (aiodns, "aiodns"),
    "blastdns": (blastdns, "blastdns"),
    "blastdns-full": (blastdns_full, "blastdns"),
}
"""Engine -> how to build its question, and the package it needs."""


def installed(engine: str) -> bool:
    """Whether the engine can run here."""
    return importlib.util.find_spec({"dnspython": "dns"}.get(ENGINES[engine][1], ENGINES[engine][1])) is not None


def version(engine: str) -> str:
    """Engine and version for the report."""
    return engine if engine == "sovscan" else f"{engine} {importlib.metadata.version(ENGINES[engine][1])}"


def peak_memory() -> float:
    """Peak resident memory of this process in MB; not ru_maxrss, which begins with the parent's."""
    status = Path("/proc/self/status")
    lines = status.read_text("ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


async def measure(engine: str, server: str, plan: list[tuple[str, str, int]], in_flight: int) -> dict[str, float]:
    """Ask the whole plan with so many questions in flight; wrong is an answer with another number of records."""
    times: list[float] = []
    wrong = errors = 0
    async with AsyncExitStack() as stack:
        ask = await ENGINES[engine][0](stack, server, in_flight)
        await ask("ns.box.test", "A")
        queue = iter(plan)
        gc.collect()  # what loading left behind is not part of any question

        async def worker() -> None:
            nonlocal wrong, errors
            clock = time.perf_counter
            for name, rrtype, count in queue:
                begun = clock()
                found = await ask(name, rrtype)
                times.append(clock() - begun)
                if found != count:
                    wrong += found >= 0
                    errors += found < 0

        before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(in_flight)))
        seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF)
    times.sort()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "qps": len(plan) / seconds, "cpu_us": cpu / len(plan) * 1e6, "seconds": seconds, "wrong": wrong,
        "errors": errors, "rss_mb": peak_memory(),
        **{f"p{share}": times[min(len(times) - 1, len(times) * share // 100)] * 1e3 for share in (50, 95, 99)},
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=sorted(ENGINES))
    parser.add_argument("server")
    parser.add_argument("plan", type=Path)
    parser.add_argument("--in-flight", type=int, default=50)
    parser.add_argument("--count", type=int, default=0)
    options = parser.parse_args()
    plan = pickle.loads(options.plan.read_bytes())
    plan = plan[: options.count or None]
    json.dump(asyncio.run(measure(options.engine, options.server, plan, options.in_flight)), sys.stdout)


if __name__ == "__main__":
    main()
