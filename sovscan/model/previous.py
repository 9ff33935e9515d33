"""What changed since an earlier audit of the same organisation, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sovscan.model.dependency import Layer
from sovscan.model.finding import RuleId, Severity, Verdict
from sovscan.model.provider import ProviderId
from sovscan.model.score import Grade
from sovscan.model.text import Text


class Cause(StrEnum):
    """Why a finding is not what it was."""

    REAL = "real"
    """The organisation's services changed: a question has another answer."""
    LOST_SIGHT = "lost-visibility"
    """A question that had an answer has none now."""
    GAINED_SIGHT = "gained-visibility"
    """A question without an answer, or never asked, has one now."""
    SCOPE = "scope"
    """Other targets were audited."""
    DATE = "date"
    """Read at another date: a qualification ended, an ownership changed hands."""
    CATALOGUE = "catalogue"
    RULES = "rules"
    METHOD = "method"
    """Another profile, version of the method or of the program, or number set by the auditor."""
    UNEXPLAINED = "unexplained"
    """No answer changed, nor anything else that was exchanged: never put down to the organisation."""


class Part(StrEnum):
    """What was exchanged between one stage of a comparison and the next."""

    FILES = "files"
    """Catalogue and rules at once: told apart by what they show of each finding."""
    CATALOGUE = "catalogue"
    RULES = "rules"
    METHOD = "method"
    DATE = "date"
    SCOPE = "scope"
    LOST_SIGHT = "lost-visibility"
    GAINED_SIGHT = "gained-visibility"
    EVIDENCE = "evidence"
    """Whatever evidence says otherwise; where sight was exchanged before it, answers that really changed."""


class Fate(StrEnum):
    """What became of a finding or a service. What was not looked at is never RESOLVED."""

    NEW = "new"
    """The organisation's services changed, and now it is there."""
    RESOLVED = "resolved"
    """The organisation's services changed, and it is gone."""
    UNCHECKED = "not-checked"
    """What it rests on was answered then and is not now: neither gone nor confirmed."""
    FIRST_SEEN = "first-seen"
    """A question without an answer then has one now: it may have been there all along."""
    SETTLED = "settled"
    """It was an open question, which an answer closed; nothing need have changed at the organisation."""
    IN_SCOPE = "in-scope"
    """It belongs to a target that was not audited then."""
    OUT_OF_SCOPE = "out-of-scope"
    """It belonged to a target that was not audited this time."""
    RECOUNTED = "recounted"
    """No answer changed: the catalogue, the rules, the method or the date did, or it is not established what."""
    PERSISTS = "persists"
    """It stood then and stands now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Who ran a service, as named at the time."""

    provider: ProviderId | None
    """None: not identified, or the organisation itself."""
    name: str
    """Trade name; empty when ``provider`` is None."""
    operator_self: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The headline of an audit."""

    value: float
    worst: float
    best: float
    grade: Grade
    access: float
    cutoff: float
    coverage: float
    """0 to 1."""
    services: int
    us: int
    other_third: int
    eu: int
    """EU/EEA without France."""
    fr: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreShift:
    """How much of the difference of the scores one part explains."""

    part: Part
    points: float
    """One decimal, as printed; positive when the score rose. All shifts add up to ``Previous.difference``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingChange:
    """One finding that is not what it was."""

    finding: str
    """Its id in this audit, or in the earlier one where it is gone."""
    rule: RuleId
    title: Text
    fate: Fate
    severity: Severity
    layer: Layer | None
    """None: about the organisation as a whole."""
    role: str | None
    """None: about no single service."""
    operator: Operator | None
    """Likewise."""
    location: str
    before: Verdict | None
    """None: it did not stand."""
    after: Verdict | None
    causes: tuple[Cause, ...]
    """Sorted; several where several parts moved it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceChange:
    """One role of one layer with other operators than then; those who stayed are not named."""

    layer: Layer
    role: str
    domain: str
    fate: Fate
    before: tuple[Operator, ...]
    """Who held it then and does not now, by name."""
    after: tuple[Operator, ...]
    """Who holds it now and did not then."""
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """The earlier audit that this one is compared with, and everything that changed since."""

    collected_at: str
    as_of: str
    profile: str
    model_version: str
    catalogue_date: str
    catalogue_digest: str
    rulebook_digest: str
    evidence_digest: str
    digest: str
    """SHA-256 of ``previous.json`` in the evidence bundle: the part of the earlier result that is compared."""
    standing: Standing
    """As the earlier audit printed it."""
    difference: float
    """Score now less score then, both rounded to one decimal first, as they are printed."""
    shifts: tuple[ScoreShift, ...]
    """In the order in which the parts were exchanged; those of no weight included."""
    targets_added: tuple[str, ...]
    targets_removed: tuple[str, ...]
    open_before: int
    """Findings that were not clear."""
    open_after: int
    counts: Mapping[str, int] = field(default_factory=dict)
    """Findings by fate, every fate of ``Fate``."""
    findings: tuple[FindingChange, ...] = ()
    """In the order of ``Fate``, then by severity, rule and location; those that stand unchanged are counted only."""
    services: tuple[ServiceChange, ...] = ()
    """By layer, role and domain."""
