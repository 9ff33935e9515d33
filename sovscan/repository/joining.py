"""Checkouts beside what the network said: one evidence of one organisation."""

from collections.abc import Mapping
from dataclasses import replace

from sovscan.files.evidence_bundle import in_order, make_observation
from sovscan.model.evidence import Asked, Evidence, Observation, Outcome
from sovscan.repository.scan import PROBE, Scanned


def joined(network: Evidence, scanned: Scanned, main: Mapping[str, bool]) -> Evidence:
    """The evidence of both, dated and vantaged as the network's.

    ``main``: whether a repository weighs as a main domain does, by name; others weigh half, like a second domain. A
    checkout with nothing in it that is known leaves a hole: a wrong path must never look like a clean tree.
    """
    own = scanned.evidence
    targets = (replace(target, main=main.get(target.value, False)) for target in own.targets)
    return replace(
        network,
        targets=(*network.targets, *targets),
        vantage=replace(
            network.vantage, options=dict(sorted({**network.vantage.options, **own.vantage.options}.items()))
        ),
        versions=dict(sorted({**network.versions, **own.versions}.items())),
        observations=in_order((*network.observations, *own.observations, *map(_nothing, scanned.empty))),
    )


def with_holes(scanned: Scanned) -> Evidence:
    """The evidence of checkouts alone, with a hole for each in which nothing is known."""
    own = scanned.evidence
    return replace(own, observations=in_order((*own.observations, *map(_nothing, scanned.empty))))


def _nothing(path: str) -> Observation:
    return make_observation(
        probe=PROBE,
        subject=path,
        outcome=Outcome.FAILED,
        reason="nothing-recognised",
        asked=Asked(name=path, type="FILE", transport="file"),
    )
