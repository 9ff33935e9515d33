"""The baseline: what was known on a day, so that a gate can look at what is new.

It hides age and records no decision: a waiver does that. Fingerprints carry no line number, and nothing says a name.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sovscan.files import canonical
from sovscan.files.records import RecordError, from_plain, to_plain
from sovscan.model.audit import Audit
from sovscan.model.dependency import Confidence
from sovscan.model.finding import Finding, Severity, Verdict
from sovscan.model.score import Grade
from sovscan.rulebook.silence import left_open

BASELINE_SCHEMA = "sovscan-baseline/2"
_GRAVITY = (Verdict.UNKNOWN, Verdict.TO_CONFIRM, Verdict.EXPOSED)


class BaselineError(ValueError):
    """A file is no baseline this version reads; the message says where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What was known of one fingerprint."""

    rule: str
    severity: Severity
    confidence: Confidence
    verdict: Verdict
    open: tuple[str, ...] = ()
    """Of what was undecided: digests of what kept it so, sorted."""

    def covers(self, now: "Entry") -> bool:
        """Whether the same fingerprint is no worse and no surer than it was, and nothing more is open in it."""
        return (
            now.severity.rank <= self.severity.rank
            and now.confidence.rank <= self.confidence.rank
            and _GRAVITY.index(now.verdict) <= _GRAVITY.index(self.verdict)
            and (self.verdict is not Verdict.UNKNOWN or set(now.open) <= set(self.open))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What one audit knew."""

    schema: str = BASELINE_SCHEMA
    organisation: str
    tool: str
    """Version of sovscan that collected the evidence; empty when the evidence does not say."""
    model: str
    rulebook: str
    catalogue: str
    """Digests of what judged."""
    score: float
    worst: float
    grade: Grade
    findings: Mapping[str, Entry]
    """By fingerprint; favourable ones are left out."""


def make_baseline(audit: Audit, policy_failures: Iterable[tuple[str, Confidence]] = ()) -> Baseline:
    """What an audit knows. ``policy_failures``: fingerprint and confidence of what the policy block fails today."""
    known = {finding.id: entry_of(audit, finding) for finding in audit.findings if finding.verdict in _GRAVITY}
    known |= {mark: failed_by_policy(confidence) for mark, confidence in policy_failures}
    return Baseline(
        organisation=audit.organisation,
        tool=audit.evidence.versions.get("sovscan", ""),
        model=audit.model_version,
        rulebook=audit.rulebook_digest,
        catalogue=audit.catalogue_digest,
        score=audit.score.value,
        worst=audit.score.worst,
        grade=audit.score.grade,
        findings=dict(sorted(known.items())),
    )


def prune(baseline: Baseline, audit: Audit, policy_failures: Iterable[str] = ()) -> Baseline:
    """The baseline without what is gone from an audit, nothing added, score and versions as they were."""
    present = {finding.id for finding in audit.findings if finding.verdict in _GRAVITY} | set(policy_failures)
    return replace(baseline, findings={mark: entry for mark, entry in baseline.findings.items() if mark in present})


def write_baseline(baseline: Baseline) -> bytes:
    """The file: canonical JSON, sorted, for people to review."""
    return canonical.dumps_pretty(to_plain(baseline))


def read_baseline(content: bytes, name: str) -> Baseline:
    """The baseline in a file. Raises BaselineError."""
    try:
        plain = canonical.loads(content)
        schema = plain.get("schema") if isinstance(plain, dict) else None
        if schema != BASELINE_SCHEMA:
            raise BaselineError(f"{name}: schema is {schema!r}, this version reads {BASELINE_SCHEMA!r}")
        baseline = from_plain(Baseline, plain)
    except (canonical.CanonicalError, RecordError) as error:
        raise BaselineError(f"{name}: {error}") from error
    if any(entry.verdict not in _GRAVITY for entry in baseline.findings.values()):
        raise BaselineError(f"{name}: a favourable finding has no place in a baseline")
    return baseline


def entry_of(audit: Audit, finding: Finding) -> Entry:
    """What an audit knows of one finding."""
    told = (f"{finding.id}\0{one}" for one in left_open(audit, finding))
    return Entry(
        rule=finding.rule,
        severity=finding.severity,
        confidence=finding.confidence,
        verdict=finding.verdict,
        open=tuple(sorted(hashlib.sha256(one.encode("utf-8", "replace")).hexdigest()[:16] for one in told)),
    )


def failed_by_policy(confidence: Confidence) -> Entry:
    """What is known of a dependency that the policy block fails."""
    return Entry(rule="policy", severity=Severity.CRITICAL, confidence=confidence, verdict=Verdict.EXPOSED)
