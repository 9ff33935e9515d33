"""Goal G7: address to network, >= 300,000 look-ups/s, load <= 50 ms, <= 15 MB more memory, <= 10 MB of data.

python benchmarks/asn_table.py [--addresses 100000] [--runs 3] [--json OUT] [--mmdb FILE]

Prints one line a store, the median of the runs. geoip2fast and maxminddb are compared when they are installed;
maxminddb needs a file of its format (--mmdb). Exit 1 when a goal is missed.
"""

import argparse
import importlib
import json
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path


def sovscan_table():
    from sovscan.net.asn_table import AsnTable

    table = AsnTable.bundled()
    return table.lookup


def geoip2fast():
    import geoip2fast as package

    file = Path(package.__file__).with_name("geoip2fast-asn.dat.gz")
    return package.GeoIP2Fast(geoip2fast_data_file=str(file)).lookup


def maxminddb_pure(file):
    import maxminddb

    return maxminddb.open_database(file, maxminddb.MODE_MMAP).get


def resident_kb():
    """Resident memory now, mapped pages included; Linux only."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def once(store, count, mmdb):
    """Measure one store in this process: import time is left out, loading is not."""
    source = random.Random(7)
    addresses = [".".join(str(source.randrange(1, 255)) for _ in range(4)) for _ in range(count)]
    opener, module = {
        "sovscan": (sovscan_table, "sovscan.net.asn_table"),
        "geoip2fast": (geoip2fast, "geoip2fast"),
        "maxminddb pure": (lambda: maxminddb_pure(mmdb), "maxminddb"),
    }[store]
    importlib.import_module(module)
    before = resident_kb()
    start = time.perf_counter()
    lookup = opener()
    loaded = time.perf_counter()
    # CPU time: look-ups neither wait nor read, and other work on the machine must not count for either store.
    begun = time.process_time()
    for address in addresses:
        lookup(address)
    rate = count / (time.process_time() - begun)
    return {"load_ms": (loaded - start) * 1000, "rate": rate, "rss_mb": (resident_kb() - before) / 1024}


def measured(store, options):
    command = [sys.executable, __file__, "--once", store, "--addresses", str(options.addresses)]
    command += ["--mmdb", options.mmdb] if options.mmdb else []
    return subprocess.run(command, capture_output=True, text=True, check=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--addresses", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--mmdb")
    parser.add_argument("--once", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        print(json.dumps(once(options.once, options.addresses, options.mmdb)))
        return 0
    found = {}
    stores = ("sovscan", "geoip2fast", *(["maxminddb pure"] if options.mmdb else []))
    # In turn, so that a busy moment meets all of them; the first round unpacks to the cache and is not counted.
    rounds = [{store: measured(store, options) for store in stores} for _ in range(options.runs + 1)][1:]
    for store in stores:
        runs = [each[store] for each in rounds]
        if any(run.returncode for run in runs):
            print(f"{store:15} not measured: {runs[-1].stderr.strip().splitlines()[-1]}")
            continue
        figures = [json.loads(run.stdout.splitlines()[-1]) for run in runs]
        found[store] = {key: statistics.median(figure[key] for figure in figures) for key in figures[0]}
        row = found[store]
        print(f"{store:15} {row['rate']:>10,.0f} look-ups/s   load {row['load_ms']:6.1f} ms   +{row['rss_mb']:.1f} MB")
    size = len(sovscan_size()) / 1e6
    print(f"packed data     {size:.2f} MB")
    own = found["sovscan"]
    met = own["rate"] >= 300_000 and own["load_ms"] <= 50 and own["rss_mb"] <= 15 and size <= 10
    if "geoip2fast" in found:
        ratio = own["rate"] / found["geoip2fast"]["rate"]
        print(f"over geoip2fast {ratio:.1f} x")
        met = met and ratio >= 5
    if options.json:
        options.json.write_text(json.dumps({"stores": found, "packed_mb": size, "met": met}, indent=1) + "\n")
    print("G7 met" if met else "G7 MISSED")
    return 0 if met else 1


def sovscan_size():
    from sovscan.files import bundled

    return bundled.read("data", "asn.bin.z")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    sys.exit(main())
