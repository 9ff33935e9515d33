"""Our reader of DNS packets against dnspython's on at least 100,000 varied and damaged responses.

    python -m benchmarks.decoder_agreement [--packets 120000] [--seed 1]

Passes when every undamaged packet is read alike, and no damaged one is read, or judged, more surely than by dnspython.
"""

import argparse
import sys
from collections import Counter
from itertools import islice

from tests.dns_packets import disagreement, packets


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packets", type=int, default=120_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    problems: Counter[str] = Counter()
    for wire, undamaged in islice(packets(options.seed), options.packets):
        counts["undamaged" if undamaged else "damaged"] += 1
        problem = disagreement(wire, undamaged=undamaged, counts=counts)
        if problem:
            problems[problem.split(":")[0]] += 1
            if sum(problems.values()) <= 5:
                print(problem, wire.hex())
    print(f"packets {options.packets:,}, seed {options.seed}")
    for kind, count in sorted(counts.items()):
        print(f"  {kind:20} {count:>9,}")
    print("PASS  never surer than dnspython" if not problems else f"FAIL  {dict(problems)}")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
