"""Readings along the EU Cloud Sovereignty Framework: indicative, never an assessment (METHOD 5.3, 5.4)."""

from collections.abc import Mapping
from math import fsum

from sovscan.score.grade import points
from sovscan.score.policy import Policy, SovRule
from sovscan.score.risk import LayerRisk


def seal_ceiling(risks: tuple[LayerRisk, ...], policy: Policy) -> int | None:
    """Highest SEAL level not excluded by what was seen; None when nothing was seen in the layers concerned."""
    return min(
        (
            policy.seal_ceilings[nexus.level]
            for risk in risks
            if risk.layer in policy.seal_layers
            for found in risk.exposures
            for nexus in found.item.nexuses
        ),
        default=None,
    )


def sov_profile(risks: tuple[LayerRisk, ...], policy: Policy) -> Mapping[str, float | None]:
    """SOV-1 to SOV-8 in points; None where only facts can be given or nothing is seen from outside."""
    return {name: _value(rule, risks, policy) for name, rule in policy.sov.items()}


def _value(rule: SovRule, risks: tuple[LayerRisk, ...], policy: Policy) -> float | None:
    if rule.hazard is None:
        return None
    concerned = [risk for risk in risks if risk.layer in rule.layers]
    if rule.hazard == "access":
        weights = [policy.layers[risk.layer].weight.access for risk in concerned]
        values = [risk.access for risk in concerned]
    else:
        weights = [policy.layers[risk.layer].weight.cutoff for risk in concerned]
        values = [risk.cutoff for risk in concerned]
    lost = fsum(weight * value for weight, value in zip(weights, values, strict=True))
    return points(1 - lost / fsum(weights))
