"""Where each point went (METHOD 5 step 6): the terms add up to 100 - score."""

from math import fsum

from sovscan.model.dependency import DependencyId
from sovscan.model.score import LayerScore, Term
from sovscan.score.grade import weight_points
from sovscan.score.policy import Hazards, Policy
from sovscan.score.risk import LayerRisk


def layer_score(risk: LayerRisk, policy: Policy) -> LayerScore:
    """What a layer costs, in points of the score."""
    full = weight_points(policy, risk.layer)
    return LayerScore(
        layer=risk.layer,
        risk_access=risk.access,
        risk_cutoff=risk.cutoff,
        points_lost=fsum((full.access * risk.access, full.cutoff * risk.cutoff)),
        max_points=fsum((full.access, full.cutoff)),
        failed=risk.failed,
    )


def terms(risk: LayerRisk, policy: Policy) -> tuple[Term, ...]:
    """The shares of a layer's lost points, per hazard in proportion to residual, floor, U and each controller's x.

    Sorted: ``residual``, ``floor``, ``failed``, then dependencies by id. What costs nothing has no term.
    """
    full = weight_points(policy, risk.layer)
    access = _shares(risk, "access", full.access * risk.access)
    cutoff = _shares(risk, "cutoff", full.cutoff * risk.cutoff)
    sources = ("residual", "floor", "failed", *(found.item.id for found in risk.exposures))
    return tuple(
        Term(
            layer=risk.layer,
            source=source,
            dependency=DependencyId(source) if position > 2 else None,
            access=access.get(position, 0.0),
            cutoff=cutoff.get(position, 0.0),
        )
        for position, source in enumerate(sources)
        if access.get(position, 0.0) or cutoff.get(position, 0.0)
    )


def _shares(risk: LayerRisk, hazard: str, lost: float) -> dict[int, float]:
    """Points by position among the sources: 0 to 2, then 3 + the place of the dependency that carries them."""
    parts = {0: risk.residual, 1: risk.floor, 2: risk.unseen}
    for controller, part in risk.controllers:
        parts[3 + _carrier(risk, controller, hazard)] = _of(part, hazard)
    total = fsum(parts.values())
    return {position: lost * part / total for position, part in parts.items() if part}


def _carrier(risk: LayerRisk, controller: str, hazard: str) -> int:
    """Place of the controller's dependency with the largest s times h; the first id among equals."""
    places = [place for place, found in enumerate(risk.exposures) if found.item.controller == controller]
    return max(places, key=lambda place: (_of(risk.exposures[place].weighted, hazard), -place))


def _of(pair: Hazards, hazard: str) -> float:
    return pair.access if hazard == "access" else pair.cutoff
