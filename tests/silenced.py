"""The invented organisations, with some of their questions left without an answer."""

import functools
from collections.abc import Callable
from dataclasses import replace

from sovscan.audit import audit
from sovscan.files.evidence_bundle import in_order, make_observation
from sovscan.model.audit import Audit
from sovscan.model.evidence import Evidence, Observation, Outcome
from sovscan.score.policy import load_policy
from tests import results
from tests.demo.audits import demo


@functools.cache
def without(name: str, *silent: str) -> Audit:
    """The audit of a demonstration, each question of a probe, or about a name, in ``silent`` timed out."""
    return judged(silenced(demo(name).evidence, lambda seen: not {seen.probe, seen.subject}.isdisjoint(silent)))


def silenced(evidence: Evidence, which: Callable[[Observation], bool]) -> Evidence:
    """The evidence, the questions chosen timed out."""
    return replace(
        evidence, observations=in_order(_lost(seen) if which(seen) else seen for seen in evidence.observations)
    )


def judged(evidence: Evidence) -> Audit:
    """The audit by the catalogue, the rules and the policy as they are."""
    return audit(evidence, results.CATALOGUE(), results.RULEBOOK(), load_policy())


def _lost(seen: Observation) -> Observation:
    return make_observation(
        probe=seen.probe, subject=seen.subject, outcome=Outcome.FAILED, reason="timeout", asked=seen.asked
    )
