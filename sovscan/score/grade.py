"""The headline: sub-scores, score, coverage, caps and grade (METHOD 5 steps 5 and 8, 5.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum

from sovscan.model.dependency import Layer
from sovscan.model.score import Cap, Grade
from sovscan.score.policy import CapRule, Hazards, Policy
from sovscan.score.risk import LayerRisk

_NOISE = 1e-9
"""Sums of decimal weights miss their threshold by rounding: 1 - .15 must reach .85."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The numbers a reader sees first."""

    value: float
    access: float
    cutoff: float
    coverage: float
    grade: Grade
    caps: tuple[Cap, ...]
    """Every cap that was set off, worst grade first."""


def headline(risks: Iterable[LayerRisk], policy: Policy) -> Headline:
    """Score, sub-scores, coverage and grade of the layers of one inventory."""
    risks = tuple(risks)
    access = points(1 - fsum(policy.layers[risk.layer].weight.access * risk.access for risk in risks))
    cutoff = points(1 - fsum(policy.layers[risk.layer].weight.cutoff * risk.cutoff for risk in risks))
    value = fsum((policy.shares.access * access, policy.shares.cutoff * cutoff))
    coverage = fsum(_share(policy, risk.layer) for risk in risks if not risk.failed)
    caps = tuple(
        sorted(
            (cap for rule in policy.caps if (cap := _cap(rule, risks, coverage)) is not None),
            key=lambda cap: (-_rank(cap.grade), cap.id),
        )
    )
    grade = max((_uncapped(value, policy), *(cap.grade for cap in caps)), key=_rank)
    return Headline(value=value, access=access, cutoff=cutoff, coverage=coverage, grade=grade, caps=caps)


def points(share: float) -> float:
    """A share as points of 100, inside its bounds whatever rounding does."""
    return min(100.0, max(0.0, 100 * share))


def weight_points(policy: Policy, layer: Layer) -> Hazards:
    """Points lost per hazard by a layer whose risk is 1."""
    weight = policy.layers[layer].weight
    return Hazards(
        access=100 * policy.shares.access * weight.access,
        cutoff=100 * policy.shares.cutoff * weight.cutoff,
    )


def _share(policy: Policy, layer: Layer) -> float:
    lost = weight_points(policy, layer)
    return (lost.access + lost.cutoff) / 100


def _rank(grade: Grade) -> int:
    return tuple(Grade).index(grade)


def _uncapped(value: float, policy: Policy) -> Grade:
    for grade, lowest in policy.grades:
        if value >= lowest - _NOISE:
            return grade
    return Grade.F


def _cap(rule: CapRule, risks: tuple[LayerRisk, ...], coverage: float) -> Cap | None:
    because: list[str]
    concerned = [risk for risk in risks if risk.layer in rule.layers]
    reached = rule.threshold - _NOISE
    if rule.on == "dependency":
        because = [
            found.item.id
            for risk in concerned
            for found in risk.exposures
            if found.item.weight >= rule.weight - _NOISE and found.access >= reached
        ]
    elif rule.on == "access":
        because = [risk.layer for risk in concerned if risk.access >= reached]
    elif rule.on == "cutoff":
        because = [risk.layer for risk in concerned if risk.cutoff >= reached]
    elif rule.on == "coverage":
        because = [risk.layer for risk in risks if risk.failed] if coverage < reached else []
    else:
        because = [] if any(risk.exposures for risk in concerned) else [risk.layer for risk in concerned]
    return Cap(id=rule.id, grade=rule.grade, because=tuple(sorted(set(map(str, because))))) if because else None
