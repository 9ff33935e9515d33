"""How far the published inventories move when the numbers of the method move (METHOD 7.4).

Chance lives here because the rooms that judge may not draw; reports only read the bands that were written.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import median, quantiles

from sovscan.files import bundled
from sovscan.model.exposure import Inventory, Level
from sovscan.model.score import Grade
from sovscan.score.grade import Headline, headline
from sovscan.score.inventory_file import read_inventory
from sovscan.score.policy import Hazards, Policy, load_policy
from sovscan.score.risk import layer_risks

DRAWS = 4000
SEED = 20261121
_TIES = "Differences below parameters.tie of scoring.yaml are ties."
_FIXED_LEVELS = (Level.IMMUNE, Level.NONE, Level.DIRECT)
_FIXED_COUNTRIES = ("US", "CN", "RU", "??")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """What the draws gave."""

    draws: int
    seed: int
    order_kept: float
    """Share of the draws, 0 to 1, in which the inventories keep their published order."""
    swaps: Mapping[tuple[int, int], float]
    """By (published higher, published lower): share of the draws in which the lower one comes first."""
    bands: tuple["Band", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The scores of one published inventory, in points."""

    example: int
    score: float
    """As published."""
    grade: Grade
    low: float
    """5th percentile."""
    median: float
    high: float
    """95th percentile."""
    grade_changes: float
    """Share of the draws with another grade, 0 to 1."""


def published_inventories() -> Mapping[int, Inventory]:
    """The six inventories of METHOD 7 by number."""
    return {
        int(parts[-1].partition("-")[0]): read_inventory(bundled.read(*parts), parts[-1])
        for parts in bundled.listing("data", "method", suffix=".yaml")
    }


def measure(draws: int, seed: int) -> Sensitivity:
    """The sensitivity of the published inventories under the practical profile; same draws and seed, same result."""
    policy = load_policy()
    inventories = published_inventories()
    published = _headlines(inventories, policy)
    draw = random.Random(seed)  # noqa: S311 - a fixed seed is the point
    found = [_headlines(inventories, moved(policy, draw)) for _ in range(draws)]
    pairs = [
        (high, low) if published[high].value > published[low].value else (low, high)
        for high, low in combinations(sorted(inventories), 2)
    ]
    swapped = {pair: sum(lines[pair[0]].value < lines[pair[1]].value for lines in found) / draws for pair in pairs}
    kept = sum(all(lines[high].value >= lines[low].value for high, low in pairs) for lines in found)
    return Sensitivity(
        draws=draws,
        seed=seed,
        order_kept=kept / draws,
        swaps={pair: share for pair, share in sorted(swapped.items()) if share},
        bands=tuple(_band(number, published[number], [lines[number] for lines in found]) for number in published),
    )


def moved(policy: Policy, draw: random.Random) -> Policy:
    """The policy with every number moved once.

    Weights move by half (each vector then summing to 1), levels and country factors by a quarter (IMMUNE, NONE, DIRECT
    and the factors of US, CN, RU and ?? stay), the residual by half, the access share between .40 and .80 and the value
    of an unknown between .45 and .80; all uniform.
    """

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
        levels={name: pair if name in _FIXED_LEVELS else quarter(pair) for name, pair in policy.levels.items()},
        countries={
            name: pair if name in _FIXED_COUNTRIES else quarter(pair) for name, pair in policy.countries.items()
        },
        adequate=quarter(policy.adequate),
        identified=quarter(policy.identified),
        shares=Hazards(access=share, cutoff=1 - share),
        unknown=draw.uniform(0.45, 0.80),
    )


def written(found: Sensitivity) -> str:
    """The content of rules/sensitivity.yaml."""
    lines = [
        "# How far a score moves when the numbers of the method move; written by `sovscan method sensitivity --write`.",
        f"# {found.draws} draws. Points; shares of the draws. {_TIES}",
        f"draws: {found.draws}",
        f"seed: {found.seed}",
        f"order_kept: {found.order_kept:.3f}",
        "swaps:" if found.swaps else "swaps: []",
        *(
            f"  - {{higher: {high}, lower: {low}, share: {share:.3f}}}"
            for (high, low), share in found.swaps.items()
        ),
        "examples:",
        *(
            f"  - {{example: {band.example}, score: {band.score:.1f}, grade: {band.grade}, low: {band.low:.1f}, "
            f"median: {band.median:.1f}, high: {band.high:.1f}, grade_changes: {band.grade_changes:.3f}}}"
            for band in found.bands
        ),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _headlines(inventories: Mapping[int, Inventory], policy: Policy) -> dict[int, Headline]:
    return {number: headline(layer_risks(found, policy), policy) for number, found in inventories.items()}


def _band(number: int, published: Headline, drawn: list[Headline]) -> Band:
    scores = [found.value for found in drawn]
    cuts = quantiles(scores, n=20, method="inclusive")
    return Band(
        example=number,
        score=published.value,
        grade=published.grade,
        low=cuts[0],
        median=median(scores),
        high=cuts[-1],
        grade_changes=sum(found.grade is not published.grade for found in drawn) / len(drawn),
    )
