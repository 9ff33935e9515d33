"""Whether an audit passes what was asked of it. An open question never passes."""

from dataclasses import dataclass
from enum import StrEnum

from sovscan.model.audit import Audit
from sovscan.model.dependency import Confidence
from sovscan.model.finding import Finding, Severity, Verdict
from sovscan.model.score import Grade


class Decision(StrEnum):
    """The outcome of the gate, worst first when several apply: failed, inconclusive, passed."""

    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    PASSED = "passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateTerms:
    """What was asked for on the command line."""

    fail_on: Severity | None = Severity.HIGH
    """Findings of this severity or above fail; None: findings never fail."""
    min_confidence: Confidence = Confidence.PROBABLE
    """An exposed finding below it is a finding to confirm."""
    min_grade: Grade | None = None
    fail_under: float | None = None
    """Lowest score accepted, 0 to 100; None: not asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReason:
    """One thing that kept the audit from passing."""

    decision: Decision
    what: str
    """``finding``, ``grade``, ``score``, ``not-rated`` or ``nothing-observed``."""
    finding: str | None = None
    """Id of the finding concerned; None for the others."""
    detail: str = ""
    """Numbers or rule, for the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """The decision and everything that led to it, in a stable order."""

    decision: Decision
    reasons: tuple[GateReason, ...]


def decide(audit: Audit, terms: GateTerms) -> GateResult:
    """The gate's decision on one audit (METHOD 8, with the exit codes of the command line in mind).

    A grade or score threshold inside the score's interval is inconclusive, as is NR when a threshold was asked for, and
    as is an audit in which nothing at all was observed.
    """
    reasons: list[GateReason] = []
    if not any(seen.outcome.is_fact for seen in audit.evidence.observations):
        reasons.append(GateReason(decision=Decision.INCONCLUSIVE, what="nothing-observed"))
    reasons.extend(reason for finding in audit.findings if (reason := _of_finding(finding, terms)))
    reasons.extend(_of_score(audit, terms))
    decisions = {reason.decision for reason in reasons}
    for decision in (Decision.FAILED, Decision.INCONCLUSIVE):
        if decision in decisions:
            return GateResult(decision=decision, reasons=tuple(reasons))
    return GateResult(decision=Decision.PASSED, reasons=())


def gate_verdict(finding: Finding, terms: GateTerms) -> Verdict:
    """The verdict as the gate reads it: EXPOSED below the asked confidence is TO_CONFIRM."""
    if finding.verdict is Verdict.EXPOSED and finding.confidence.rank < terms.min_confidence.rank:
        return Verdict.TO_CONFIRM
    return finding.verdict


def _of_finding(finding: Finding, terms: GateTerms) -> GateReason | None:
    if terms.fail_on is None or finding.severity.rank < terms.fail_on.rank:
        return None
    verdict = gate_verdict(finding, terms)
    if verdict is Verdict.EXPOSED:
        return GateReason(decision=Decision.FAILED, what="finding", finding=finding.id, detail=finding.rule)
    if verdict in (Verdict.UNKNOWN, Verdict.TO_CONFIRM):
        return GateReason(decision=Decision.INCONCLUSIVE, what="finding", finding=finding.id, detail=finding.rule)
    return None


def _of_score(audit: Audit, terms: GateTerms) -> list[GateReason]:
    score = audit.score
    reasons: list[GateReason] = []
    if terms.min_grade is None and terms.fail_under is None:
        return reasons
    if score.grade is Grade.NR:
        return [GateReason(decision=Decision.INCONCLUSIVE, what="not-rated", detail=f"{score.coverage:.2f}")]
    if terms.fail_under is not None:
        detail = f"{score.value:.1f} [{score.worst:.1f}, {score.best:.1f}] < {terms.fail_under:g}"
        if score.best < terms.fail_under:
            reasons.append(GateReason(decision=Decision.FAILED, what="score", detail=detail))
        elif score.worst < terms.fail_under:
            reasons.append(GateReason(decision=Decision.INCONCLUSIVE, what="score", detail=detail))
    if terms.min_grade is not None and (reason := _of_grade(audit, terms.min_grade)):
        reasons.append(reason)
    return reasons


_ORDER = (Grade.A, Grade.B, Grade.C, Grade.D, Grade.E, Grade.F)


def _of_grade(audit: Audit, wanted: Grade) -> GateReason | None:
    score = audit.score
    detail = f"{score.grade} [{score.worst_grade}, {score.best_grade}] < {wanted}"
    reached, worst, best = (_ORDER.index(grade) for grade in (score.grade, score.worst_grade, score.best_grade))
    limit = _ORDER.index(wanted)
    if best > limit:
        return GateReason(decision=Decision.FAILED, what="grade", detail=detail)
    if reached > limit or worst > limit:
        return GateReason(decision=Decision.INCONCLUSIVE, what="grade", detail=detail)
    return None
