"""What the gate decided, as plain records: reports mark what is waived or known without knowing how it was decided."""

from dataclasses import dataclass
from enum import StrEnum

from sovscan.model.dependency import DependencyId
from sovscan.model.score import Grade


class Decision(StrEnum):
    """The outcome of the gate, worst first when several apply: failed, inconclusive, passed."""

    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    PASSED = "passed"


class Standing(StrEnum):
    """What one finding does to the gate."""

    FAILS = "fails"
    OPEN = "open"
    """At or above the threshold, and not decided: the gate is inconclusive."""
    BELOW = "below"
    """Below the threshold, or favourable."""
    KNOWN = "known"
    """In the baseline, and no worse since."""
    ALLOWED = "allowed"
    """A policy rule says so."""
    WAIVED = "waived"
    ASIDE = "aside"
    """Found in tests or examples of a repository: reported, outside the gate."""

    @property
    def accepted(self) -> bool:
        """Whether somebody decided that the finding may stay."""
        return self in (Standing.WAIVED, Standing.ALLOWED)

    @property
    def counts(self) -> bool:
        """Whether the gate looks at it at all."""
        return self in (Standing.FAILS, Standing.OPEN, Standing.BELOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReason:
    """One thing that kept the audit from passing."""

    decision: Decision
    what: str
    """``finding``, ``policy``, ``expired-waiver``, ``grade``, ``score``, ``regression``, ``not-rated``,
    ``nothing-observed``, ``nothing-but-registry`` or ``no-such-name``."""
    finding: str | None = None
    """Id of the finding concerned, or the fingerprint of a policy failure; None for the others."""
    dependency: DependencyId | None = None
    """For ``policy``: the dependency the rule matched."""
    detail: str = ""
    """Rule id, numbers or place, for the message."""
    why: str = ""
    """What the author of a policy rule or waiver wrote; empty for the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The standing of one finding."""

    finding: str
    standing: Standing
    why: str = ""
    """Who accepted what until when, or the reason of the policy rule; empty otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """The decision and everything that led to it, in a stable order."""

    decision: Decision
    reasons: tuple[GateReason, ...] = ()
    """Those of every kind, the decisive ones first; empty when the gate passed."""
    rulings: tuple[Ruling, ...] = ()
    """One a finding, in the order of the audit."""
    warnings: tuple[str, ...] = ()
    """What its author should look at: waivers that match nothing, a baseline of another version."""
    score_with_waivers: float | None = None
    """The score without the exposure of waived dependencies; None when nothing is waived or nothing is rated."""
    grade_with_waivers: Grade | None = None

    def standing(self, finding: str) -> Standing | None:
        """Of a finding by its id; None for one that was not ruled on."""
        return next((ruling.standing for ruling in self.rulings if ruling.finding == finding), None)
