"""G1: the DNS engine against its peers on loopback, rounds alternating, median of three.

    python -m benchmarks.dns_engine [--rounds 3] [--in-flight 50] [--scale 1.0]

Prints questions a second, CPU a question and wrong answers of each engine, then the ratios and whether they reach the
goals: at least 10 times the rate and at most a tenth of the CPU of dnspython's asyncio resolver, at least twice the
rate of blastdns. The token bucket is lifted here; the product's default stays at 500 a second.
"""

import argparse
import json
import os
import pickle
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.dns_peers import ENGINES, installed, version
from benchmarks.dns_world import questions_of, served, world

COUNTS = {"sovscan": 60_000, "dnspython": 5_000, "aiodns": 15_000, "blastdns": 30_000, "blastdns-full": 15_000}


def run(engine: str, server: str, plan: Path, *, in_flight: int, count: int) -> dict[str, float]:
    """Figures of one engine, measured in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.dns_peers", engine, server, str(plan), "--in-flight", str(in_flight),
               "--count", str(count)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{engine} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def medians(results: list[dict[str, float]]) -> dict[str, float]:
    """Median of each figure over the rounds; wrong answers and errors add up."""
    found = {key: statistics.median(result[key] for result in results) for key in results[0]}
    return found | {key: sum(result[key] for result in results) for key in ("wrong", "errors")}


def machine() -> str:
    """One line that says where and how busy."""
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    return f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores, load {load}"


def wait_until_idle(patience: float) -> None:
    """Return once the machine has been four fifths idle for a second, or when patience ends; the same for all sides."""
    stat = Path("/proc/stat")
    end = time.monotonic() + patience
    while patience and stat.exists() and time.monotonic() < end:
        before = [int(word) for word in stat.read_text("ascii").split("\n")[0].split()[1:]]
        time.sleep(1)
        after = [int(word) for word in stat.read_text("ascii").split("\n")[0].split()[1:]]
        spent = [b - a for a, b in zip(before, after, strict=True)]
        if (spent[3] + spent[4]) / max(1, sum(spent)) > 0.8:
            return


def verdict(label: str, value: float, goal: float, *, at_most: bool = False) -> bool:
    """Print one goal line; True when it is reached."""
    passed = value <= goal if at_most else value >= goal
    print(f"{'PASS' if passed else 'FAIL'}  {label}: {value:.2f} (goal {'<=' if at_most else '>='} {goal:g})")
    return passed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--in-flight", type=int, default=50)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the usual number of questions")
    parser.add_argument("--patience", type=float, default=0, help="seconds to wait for an idle machine before each run")
    parser.add_argument("--engines", default=",".join(ENGINES), help="sovscan and dnspython at least, by comma")
    parser.add_argument("--organisations", type=int, default=20_000)
    options = parser.parse_args()
    engines = [engine for engine in ENGINES if installed(engine) and engine in options.engines.split(",")]
    zone, expected = world(options.organisations)
    plan = [(name, rrtype, len(expected[name, rrtype])) for name, rrtype in questions_of(expected, 200_000)]
    results: dict[str, list[dict[str, float]]] = {engine: [] for engine in engines}
    with served(zone) as (server, label), tempfile.TemporaryDirectory() as folder:
        counts = {engine: int(COUNTS[engine] * options.scale) for engine in engines}
        for engine in engines:
            # Nobody is to carry questions that it will not ask.
            (Path(folder) / engine).write_bytes(pickle.dumps(plan[: counts[engine]]))
        print(machine(), "|", label, "|", zone.count("\n"), "records |", ", ".join(map(version, engines)), flush=True)
        for number in range(options.rounds):
            for engine in engines:
                wait_until_idle(options.patience)
                found = run(engine, server, Path(folder) / engine, in_flight=options.in_flight, count=counts[engine])
                results[engine].append(found)
                print(
                    f"  round {number + 1} {engine:14} {found['qps']:>8,.0f} q/s {found['cpu_us']:>7.1f} us", flush=True
                )
    print(machine())
    print(f"{'engine':14} {'q/s':>8} {'CPU us/q':>9} {'p50':>7} {'p95':>7} {'p99 ms':>7} {'RSS MB':>7} wrong errors")
    figures = {engine: medians(found) for engine, found in results.items()}
    for engine, found in figures.items():
        times = " ".join(f"{found[key]:>7.2f}" for key in ("p50", "p95", "p99"))
        counts = f"{found['rss_mb']:>7.0f} {found['wrong']:>5.0f} {found['errors']:>6.0f}"
        print(f"{engine:14} {found['qps']:>8,.0f} {found['cpu_us']:>9.1f} {times} {counts}")
    ours, base = figures["sovscan"], figures["dnspython"]
    reached = [
        verdict("rate over dnspython asyncio", ours["qps"] / base["qps"], 10),
        verdict("CPU a question over dnspython asyncio", ours["cpu_us"] / base["cpu_us"], 0.1, at_most=True),
        verdict("wrong answers and errors of ours", ours["wrong"] + ours["errors"], 0, at_most=True),
    ]
    if "blastdns" in figures:
        reached.append(verdict("rate over blastdns resolve (strings)", ours["qps"] / figures["blastdns"]["qps"], 2))
    if "blastdns-full" in figures:
        print(f"      rate over blastdns resolve_full: {ours['qps'] / figures['blastdns-full']['qps']:.2f}")
    sys.exit(0 if all(reached) else 1)


if __name__ == "__main__":
    main()
