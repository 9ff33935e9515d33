"""The one result of a run: enough to render every format, with nothing left to compute."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sovscan.model.dependency import Dependency, DependencyId, Layer
from sovscan.model.evidence import Evidence
from sovscan.model.exposure import Item, Level, Nexus
from sovscan.model.finding import Finding, RuleText
from sovscan.model.previous import Previous
from sovscan.model.provider import Certification, ControlLink, OfferId, ProviderId
from sovscan.model.score import Grade, Score
from sovscan.model.text import Country, Source, Text

AUDIT_SCHEMA = "sovscan-result/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class LawText:
    """A law that a nexus names, as the report prints it."""

    id: str
    name: Text
    reference: str
    country: Country
    ground: Text
    """On what ground it reaches a provider."""
    state: Text
    """In force, lapsed, pending, contested: with the date of state."""
    established: bool
    """False: a secondary or unconfirmed source, never printed as established."""
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderView:
    """What the audit used of one catalogue entry, at its date."""

    id: ProviderId
    name: str
    entity: str
    seat: Country
    controller: str
    """Ultimate parent at the audit's date."""
    controller_country: Country
    chain: tuple[ControlLink, ...]
    """Links in force at the audit's date, nearest first."""
    sourced: bool
    """False: ownership to confirm."""
    checked: str
    sources: tuple[Source, ...] = ()
    caution: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationView:
    """A certification of an offer that the audit looked at, and whether it counted."""

    offer: OfferId
    offer_name: str
    certification: Certification
    counted: bool
    why_not: str | None
    """``expired``, ``over-age``, ``no-end-date``, ``not-yet-valid``, ``in-progress``; None when it counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """An offer that would raise the score in the same role."""

    offer: OfferId
    name: str
    provider: ProviderId
    provider_name: str
    country: Country
    """Of its ultimate controller."""
    level: Level
    nexuses: tuple[Nexus, ...]
    score_after: float
    gain: float
    grade_after: Grade
    effort: str | None
    licence: str | None
    hosts: tuple[str, ...] = ()
    qualification: str | None = None
    """Scheme and end date when valid; None: none."""
    caution: Text | None = None
    sourced: bool = True
    """False: ownership of its provider to confirm."""
    host_known: bool = False
    """Whether ``hosts``, or the provider's own infrastructure when there are none, has a source."""
    self_run: bool = False
    """True: the organisation runs it itself; it is judged where its main site is today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One step of advice: replace what the dependencies of a layer and provider rest on."""

    layer: Layer
    provider: ProviderId | None
    dependencies: tuple[DependencyId, ...]
    alternatives: tuple[Alternative, ...]
    """Best first by the printed order rule; every one raises the simulated score."""
    after: tuple[ProviderId, ...] = ()
    """Providers of the same layer whose replacement comes first: while they stand, this move alone raises nothing, and
    its gains and scores are those once they are gone. Empty: it counts from today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the decisions put first: a move with its best alternative, and the score once it is done."""

    layer: Layer
    provider: ProviderId | None
    offer: OfferId
    gain: float
    score_after: float
    grade_after: Grade
    effort: str | None
    layer_points_after: Mapping[str, float] = field(default_factory=dict)
    """Points lost by layer once this step and those before it are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to do first."""

    moves: tuple[Move, ...] = ()
    decisions: tuple[Step, ...] = ()
    """At most three, cumulative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many observed services stand under which control; one service is one dependency."""

    total: int
    us: int
    other_third: int
    eu: int
    """EU/EEA without France."""
    fr: int
    unknown: int
    weak_outside: int
    """Of those under US or other outside control, the ones that a weak sign alone attributes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Everything that was found, judged and advised for one organisation."""

    schema: str = AUDIT_SCHEMA
    organisation: str
    as_of: str
    """ISO date at which ownership and qualifications were read."""
    profile: str
    evidence: Evidence
    evidence_digest: str
    """SHA-256 over the observations' ids."""
    catalogue_digest: str
    catalogue_date: str
    rulebook_digest: str
    model_version: str
    overrides: Mapping[str, str] = field(default_factory=dict)
    """Numbers of the method changed by the auditor, and overlays in use: printed, never silent."""
    dependencies: tuple[Dependency, ...]
    items: tuple[Item, ...]
    """Same order and ids as the dependencies that are scored."""
    findings: tuple[Finding, ...]
    """Sorted by verdict, severity, points lost, id; CLEAR and UNKNOWN ones included, NOT_APPLICABLE left out."""
    score: Score
    count: Count
    advice: Advice
    rules: tuple[RuleText, ...]
    laws: tuple[LawText, ...]
    providers: tuple[ProviderView, ...]
    qualifications: tuple[QualificationView, ...]
    bands: Mapping[str, float] = field(default_factory=dict)
    """Published uncertainty: ``tie`` (points below which two scores tie), the band of rules/sensitivity.yaml, and by
    confidence how many organisations were measured (``seen.WORD``) and how many labels agreed (``agreed.WORD``)."""
    previous: Previous | None = None
    """What changed since an earlier audit; None: none was given to compare with."""
