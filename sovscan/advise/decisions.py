"""The few moves that together gain most, and the order to take them in."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from sovscan.advise.simulation import Replacement, Simulation
from sovscan.model.audit import Move, Step
from sovscan.model.dependency import DependencyId, Layer
from sovscan.model.exposure import Item

LEAST_GAIN = 1e-9
"""Rounding noise is no gain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A move done by the first of its alternatives."""

    move: Move
    replacement: Replacement


def decide(options: Sequence[Option], simulation: Simulation, *, at_most: int, weighed: int) -> tuple[Step, ...]:
    """At most ``at_most`` of the moves: those that together gain most, the largest immediate gain first.

    Points of different layers add up, those of one layer do not: a gateway and a mailbox behind it are worth little
    one by one. So the best subset of each size is found in each layer, among its ``weighed`` first moves, and the
    sizes are then shared out. Of equal sets the smaller one is taken, then the one found first.
    """
    layers: dict[Layer, list[Option]] = {}
    for option in options:
        layers.setdefault(option.move.layer, []).append(option)
    best: dict[int, tuple[float, tuple[Option, ...]]] = {0: (0.0, ())}
    for layer in sorted(layers):
        subsets = _best_subsets(layer, layers[layer][:weighed], simulation, at_most)
        merged = dict(best)
        for count, (gain, chosen) in best.items():
            for size, (more, subset) in subsets.items():
                total = count + size
                if total <= at_most and gain + more > merged.get(total, (0.0, ()))[0] + LEAST_GAIN:
                    merged[total] = (gain + more, (*chosen, *subset))
        best = merged
    count = max(best, key=lambda size: (round(best[size][0], 9), -size))
    return _in_order(best[count][1], simulation)


def _best_subsets(
    layer: Layer, options: Sequence[Option], simulation: Simulation, at_most: int
) -> dict[int, tuple[float, tuple[Option, ...]]]:
    """Gain and moves by number of moves, where more moves gain more."""
    today = simulation.points_lost(layer)
    best: dict[int, tuple[float, tuple[Option, ...]]] = {}
    for size in range(1, min(at_most, len(options)) + 1):
        found = max(
            (
                (today - simulation.points_lost(layer, _together(subset)), subset)
                for subset in combinations(options, size)
            ),
            key=lambda pair: pair[0],
        )
        if found[0] > best.get(size - 1, (0.0, ()))[0] + LEAST_GAIN:
            best[size] = found
    return best


def _together(options: Sequence[Option]) -> Replacement:
    joined: dict[DependencyId, Item] = {}
    for option in options:
        joined.update(option.replacement)
    return joined


def _in_order(chosen: Sequence[Option], simulation: Simulation) -> tuple[Step, ...]:
    steps: list[Step] = []
    left = list(chosen)
    while left:
        after = [simulation.replaced(option.move.layer, option.replacement) for option in left]
        place = max(range(len(left)), key=lambda n: (round(after[n].headline.value, 9), -n))
        option, before, simulation = left.pop(place), simulation.headline.value, after[place]
        steps.append(
            Step(
                layer=option.move.layer,
                provider=option.move.provider,
                offer=option.move.alternatives[0].offer,
                gain=simulation.headline.value - before,
                score_after=simulation.headline.value,
                grade_after=simulation.headline.grade,
                effort=option.move.alternatives[0].effort,
                layer_points_after={layer.value: simulation.points_lost(layer) for layer in simulation.risks},
            )
        )
    return tuple(steps)
