"""How far the score moves when the numbers of the method move: writes rules/sensitivity.yaml.

    python benchmarks/sensitivity.py [--draws 4000] [--seed 20261121] [--check]

Each draw moves the weights by half (each vector then summing to 1), the levels and country factors by a quarter
(IMMUNE, NONE, DIRECT and the factors of US, CN, RU and ?? stay), the residual by half, the access share between .40
and .80 and the value of an unknown between .45 and .80, all uniform. The six published inventories are scored under
each draw. `--check` writes nothing and exits 1 when the file would change.
"""

import argparse
import random
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sovscan.model.exposure import Level  # noqa: E402
from sovscan.model.score import Grade  # noqa: E402
from sovscan.score.grade import headline  # noqa: E402
from sovscan.score.policy import Hazards, Policy, load_policy  # noqa: E402
from sovscan.score.risk import layer_risks  # noqa: E402
from tests.method.inventories import example  # noqa: E402

FIXED_LEVELS = (Level.IMMUNE, Level.NONE, Level.DIRECT)
FIXED_COUNTRIES = ("US", "CN", "RU", "??")
NUMBERS = range(1, 7)


def moved(policy: Policy, draw: random.Random) -> Policy:
    """The policy with every number moved once."""

    def around(value: float, by: float) -> float:
        return min(1.0, value * draw.uniform(1 - by, 1 + by))

    def quarter(pair: Hazards) -> Hazards:
        return Hazards(access=around(pair.access, 0.25), cutoff=around(pair.cutoff, 0.25))

    access = {layer: around(rule.weight.access, 0.5) for layer, rule in policy.layers.items()}
    cutoff = {layer: around(rule.weight.cutoff, 0.5) for layer, rule in policy.layers.items()}
    share = draw.uniform(0.40, 0.80)
    return replace(
        policy,
        layers={
            layer: replace(
                rule,
                weight=Hazards(
                    access=access[layer] / sum(access.values()), cutoff=cutoff[layer] / sum(cutoff.values())
                ),
                residual=around(rule.residual, 0.5),
            )
            for layer, rule in policy.layers.items()
        },
        levels={name: pair if name in FIXED_LEVELS else quarter(pair) for name, pair in policy.levels.items()},
        countries={name: pair if name in FIXED_COUNTRIES else quarter(pair) for name, pair in policy.countries.items()},
        adequate=quarter(policy.adequate),
        identified=quarter(policy.identified),
        shares=Hazards(access=share, cutoff=1 - share),
        unknown=draw.uniform(0.45, 0.80),
    )


def measure(draws: int, seed: int) -> str:
    """The content of rules/sensitivity.yaml."""
    policy = load_policy()
    inventories = {number: example(number) for number in NUMBERS}
    published = {number: headline(layer_risks(found, policy), policy) for number, found in inventories.items()}
    draw = random.Random(seed)
    scores: dict[int, list[float]] = {number: [] for number in NUMBERS}
    changes: dict[int, int] = dict.fromkeys(NUMBERS, 0)
    swaps: dict[tuple[int, int], int] = {}
    ordered = 0
    pairs = [
        (high, low) if published[high].value > published[low].value else (low, high)
        for high, low in combinations(NUMBERS, 2)
    ]
    for _ in range(draws):
        other = moved(policy, draw)
        found = {number: headline(layer_risks(rows, other), other) for number, rows in inventories.items()}
        for number in NUMBERS:
            scores[number].append(found[number].value)
            changes[number] += found[number].grade is not published[number].grade
        wrong = [pair for pair in pairs if found[pair[0]].value < found[pair[1]].value]
        ordered += not wrong
        for pair in wrong:
            swaps[pair] = swaps.get(pair, 0) + 1
    lines = [
        "# How far a score moves when the numbers of the method move; written by benchmarks/sensitivity.py.",
        f"# {draws} draws. Points; shares of the draws. Differences below parameters.tie of scoring.yaml are ties.",
        f"draws: {draws}",
        f"seed: {seed}",
        f"order_kept: {ordered / draws:.3f}",
        "swaps:" if swaps else "swaps: []",
        *(
            f"  - {{higher: {high}, lower: {low}, share: {count / draws:.3f}}}"
            for (high, low), count in sorted(swaps.items())
        ),
        "examples:",
    ]
    for number in NUMBERS:
        cuts = quantiles(scores[number], n=20, method="inclusive")
        lines.append(
            f"  - {{example: {number}, score: {published[number].value:.1f}, grade: {Grade(published[number].grade)}, "
            f"low: {cuts[0]:.1f}, median: {median(scores[number]):.1f}, high: {cuts[-1]:.1f}, "
            f"grade_changes: {changes[number] / draws:.3f}}}"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    path = ROOT / "rules" / "sensitivity.yaml"
    text = measure(asked.draws, asked.seed)
    print(text, end="")
    if asked.check:
        return int(path.read_text() != text)
    path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
