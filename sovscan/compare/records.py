"""What a comparison of two audits is made of."""

from dataclasses import dataclass

from sovscan.model.audit import Audit
from sovscan.model.finding import RuleId, Severity, Verdict
from sovscan.model.previous import Cause, Part
from sovscan.model.score import Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """An audit on the way from the first to the second, and what was exchanged to reach it."""

    part: Part
    audit: Audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One finding that is new, gone, or not what it was."""

    kind: str
    """``new``, ``gone`` or ``changed``; CLEAR counts as no finding."""
    finding: str
    rule: RuleId
    location: str
    severity: Severity
    """Of the second audit, or of the first where it is gone."""
    before: Verdict | None
    """None: not there."""
    after: Verdict | None
    causes: tuple[Cause, ...]
    """Sorted; several where several parts moved it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How the score moved when one part was exchanged."""

    part: Part
    score: float
    """Points, positive when it rose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything that differs between two audits."""

    score_before: float
    score_after: float
    grade_before: Grade
    grade_after: Grade
    shifts: tuple[Shift, ...]
    """They add up to the difference of the scores."""
    changes: tuple[Change, ...]
    """New, gone, changed; within each by severity, rule and location."""
