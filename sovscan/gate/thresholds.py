"""Limits on the score: a threshold inside its interval is not decided."""

from collections.abc import Iterator

from sovscan.gate.baseline import Baseline
from sovscan.model.gate import Decision, GateReason
from sovscan.model.score import Grade, Score

_ORDER = (Grade.A, Grade.B, Grade.C, Grade.D, Grade.E, Grade.F)


def of_score(score: Score, min_grade: Grade | None, fail_under: float | None) -> Iterator[GateReason]:
    """What lowest grade and lowest score have to say; nothing when neither was asked for."""
    if min_grade is None and fail_under is None:
        return
    if score.grade is Grade.NR:
        yield GateReason(decision=Decision.INCONCLUSIVE, what="not-rated", detail=f"{score.coverage:.2f}")
        return
    if fail_under is not None and score.worst < fail_under:
        decision = Decision.FAILED if score.best < fail_under else Decision.INCONCLUSIVE
        detail = f"{score.value:.1f} [{score.worst:.1f}, {score.best:.1f}] < {fail_under:g}"
        yield GateReason(decision=decision, what="score", detail=detail)
    if min_grade is not None and (reason := _of_grade(score, min_grade)):
        yield reason


def of_regression(score: Score, reference: Baseline, most: float) -> Iterator[GateReason]:
    """What the score lost against a baseline.

    The scores are compared, not the ends of their intervals, which would leave every run undecided. Only where the
    score holds while its worst reading fell by more than the limit is the loss hidden in what could not be read.
    """
    if Grade.NR in (score.grade, reference.grade):
        yield GateReason(
            decision=Decision.INCONCLUSIVE, what="regression", detail=f"{reference.grade} -> {score.grade}"
        )
    elif score.value < reference.score - most:
        detail = f"{reference.score:.1f} -> {score.value:.1f}, more than {most:g} lost"
        yield GateReason(decision=Decision.FAILED, what="regression", detail=detail)
    elif score.worst < reference.worst - most:
        detail = f"worst reading {reference.worst:.1f} -> {score.worst:.1f}, more than {most:g} lost"
        yield GateReason(decision=Decision.INCONCLUSIVE, what="regression", detail=detail)


def _of_grade(score: Score, wanted: Grade) -> GateReason | None:
    detail = f"{score.grade} [{score.worst_grade}, {score.best_grade}] < {wanted}"
    reached, worst, best = (_ORDER.index(grade) for grade in (score.grade, score.worst_grade, score.best_grade))
    limit = _ORDER.index(wanted)
    if best > limit:
        return GateReason(decision=Decision.FAILED, what="grade", detail=detail)
    if reached > limit or worst > limit:
        return GateReason(decision=Decision.INCONCLUSIVE, what="grade", detail=detail)
    return None
