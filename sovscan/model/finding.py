"""What a rule says about a dependency or about the organisation as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from sovscan.model.dependency import Confidence, DependencyId, Layer
from sovscan.model.evidence import ObservationId
from sovscan.model.text import Source, Text

RuleId = NewType("RuleId", str)


class Verdict(StrEnum):
    """What a rule found. UNKNOWN never counts as CLEAR."""

    EXPOSED = "exposed"
    CLEAR = "clear"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    TO_CONFIRM = "to_confirm"


class Severity(StrEnum):
    """How much a finding matters for the gate."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for low to 3 for critical."""
        return ("low", "medium", "high", "critical").index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One statement with its evidence."""

    id: str
    """Fingerprint: 16 hexadecimal digits of SHA-256 over rule, normalised location and provider."""
    rule: RuleId
    theme: str
    """Folder of the rule: mail, identity, hosting, cdn, dns, web, saas, registry, ca, repository, organisation."""
    dependency: DependencyId | None
    """None for rules about the organisation as a whole."""
    layer: Layer | None
    location: str
    """``layer:subject`` for a domain, ``path:line`` for a repository."""
    verdict: Verdict
    severity: Severity
    confidence: Confidence
    because: tuple[ObservationId, ...]
    """Never empty."""
    missing: tuple[str, ...] = ()
    """Facts that were not known and kept the rule from deciding."""
    points_lost: float = 0.0
    """Of its dependency in the score; shown on every finding of the dependency, counted once."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """The facts the condition named, as printed values: what a counter-expert checks."""

    @property
    def told(self) -> Verdict:
        """The verdict as readers are told it: what is exposed on a weak sign alone is to be confirmed."""
        weak = self.verdict is Verdict.EXPOSED and self.confidence is Confidence.WEAK
        return Verdict.TO_CONFIRM if weak else self.verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """The words of a rule, carried with the audit so that a report needs no rule file."""

    id: RuleId
    theme: str
    severity: Severity
    title: Text
    why: Text
    remedy: Text
    laws: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
