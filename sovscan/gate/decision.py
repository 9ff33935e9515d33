"""From an audit and what was asked of it to the gate's decision (METHOD 8)."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sovscan.gate.baseline import Baseline, Entry, entry_of, failed_by_policy
from sovscan.gate.policy import PolicyHit, PolicyRule, Then, ruled
from sovscan.gate.thresholds import of_regression, of_score
from sovscan.gate.waivers import Place, Waiver, covers, covers_name
from sovscan.model.audit import Audit
from sovscan.model.dependency import Confidence, Dependency, DependencyId, Layer
from sovscan.model.exposure import Inventory, Item, Level, Nexus
from sovscan.model.finding import Finding, Severity, Verdict
from sovscan.model.gate import Decision, GateReason, GateResult, Ruling, Standing
from sovscan.model.score import Grade, Score
from sovscan.model.target import TargetKind
from sovscan.model.text import Country
from sovscan.rulebook.silence import silent_questions
from sovscan.score import score
from sovscan.score.policy import Policy

POLICY = "policy"
"""The rule of what the policy block fails, as waivers and baselines name it."""
ASIDE_FLAG = "test-code"
"""Set by attribution on what only tests and examples of a repository use."""
ENCLOSING_FLAG = "enclosing-zone"
"""Set by attribution on name servers that are those of the zone around the name, or of nobody that was found."""
_ORDER = (Decision.FAILED, Decision.INCONCLUSIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateTerms:
    """What was asked for, on the command line and in files."""

    fail_on: Severity | None = Severity.HIGH
    """Findings of this severity or above fail; None: findings never fail."""
    min_confidence: Confidence = Confidence.PROBABLE
    """An exposed finding below it is a finding to confirm."""
    min_grade: Grade | None = None
    fail_under: float | None = None
    """Lowest score accepted, 0 to 100; None: not asked."""
    max_regression: float | None = None
    """Points the score may lose against ``reference``; None: not asked."""
    policy: tuple[PolicyRule, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    untrusted: tuple[Waiver, ...] = ()
    """Waivers of a file nobody named: they excuse nothing, and an expired one counts all the same."""
    baseline: Baseline | None = None
    """Known findings leave the gate; None: all count."""
    reference: Baseline | None = None
    """What ``max_regression`` compares with."""


def decide(audit: Audit, terms: GateTerms, scoring: Policy | None = None) -> GateResult:
    """The gate's decision on one audit; "today" is the audit's date.

    A grade or score threshold inside the score's interval is inconclusive, as is NR when a threshold was asked for, and
    as is an audit in which nothing at all was observed, nothing but the registry of the name, or a name that does not
    exist. An expired waiver that still covers something fails whatever
    the severity. ``scoring``: the policy of the audit's profile, to say what the score would be without the exposure
    that is waived; None: not said.
    """
    case = _Case(audit=audit, terms=terms)
    reasons: list[GateReason] = []
    if not audit.evidence.has_answers:
        reasons.append(GateReason(decision=Decision.INCONCLUSIVE, what="nothing-observed"))
    reasons.extend(_of_names(audit))
    rulings = []
    for finding in audit.findings:
        ruling, found = case.rule_on(finding)
        rulings.append(ruling)
        reasons.extend(found)
    reasons.extend(case.policy_failures())
    reasons.extend(of_score(audit.score, terms.min_grade, terms.fail_under))
    if terms.max_regression is not None and terms.reference is not None:
        reasons.extend(of_regression(audit.score, terms.reference, terms.max_regression))
    decision = next((one for one in _ORDER if any(reason.decision is one for reason in reasons)), Decision.PASSED)
    accepted = _score_without(audit, rulings, scoring)
    return GateResult(
        decision=decision,
        reasons=tuple(sorted(reasons, key=lambda reason: _ORDER.index(reason.decision))),
        rulings=tuple(rulings),
        warnings=(*case.unused(), *_other_versions(audit, terms)),
        score_with_waivers=accepted.value if accepted else None,
        grade_with_waivers=accepted.grade if accepted else None,
    )


def gate_verdict(finding: Finding, terms: GateTerms) -> Verdict:
    """The verdict as the gate reads it: EXPOSED below the asked confidence is TO_CONFIRM."""
    if finding.verdict is Verdict.EXPOSED and finding.confidence.rank < terms.min_confidence.rank:
        return Verdict.TO_CONFIRM
    return finding.verdict


def policy_mark(dependency: Dependency) -> str:
    """The fingerprint of what the policy block fails at a dependency, made like those of findings."""
    told = f"{POLICY}\0{dependency.id.casefold()}\0{dependency.attribution.provider or ''}"
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(slots=True, kw_only=True)
class _Case:
    """One audit under its terms, and which waivers were of use."""

    audit: Audit
    terms: GateTerms
    used: set[str] = field(default_factory=set)
    dependencies: dict[DependencyId, Dependency] = field(init=False)
    hits: dict[DependencyId, PolicyHit] = field(init=False)

    def __post_init__(self) -> None:
        self.dependencies = {dependency.id: dependency for dependency in self.audit.dependencies}
        rows = {item.id: item for item in self.audit.items}
        self.hits = {
            dependency.id: hit
            for dependency in self.audit.dependencies
            if (row := rows.get(dependency.id)) is not None
            and (hit := ruled(self.terms.policy, dependency, row, self.terms.min_confidence)) is not None
        }

    def rule_on(self, finding: Finding) -> tuple[Ruling, list[GateReason]]:
        """What one finding does, and what it gives the gate to say."""
        if finding.verdict not in (Verdict.EXPOSED, Verdict.TO_CONFIRM, Verdict.UNKNOWN):
            return Ruling(finding=finding.id, standing=Standing.BELOW), []
        dependency = self.dependencies.get(finding.dependency) if finding.dependency else None
        whole = finding.location.startswith("organisation:")
        place = Place(
            rule=finding.rule,
            location=finding.location,
            dependency=dependency,
            domains=tuple(target.value for target in self.audit.evidence.targets if target.main) if whole else (),
            silent=tuple(dict.fromkeys(seen.subject for seen in silent_questions(self.audit, finding))),
        )
        waivers, reasons = self._excused(place, finding.id)
        if waivers:
            return Ruling(finding=finding.id, standing=Standing.WAIVED, why=_accepted_by_all(waivers)), reasons
        if dependency is not None and ASIDE_FLAG in dependency.flags:
            return Ruling(finding=finding.id, standing=Standing.ASIDE), reasons
        hit = self.hits.get(finding.dependency) if finding.dependency else None
        if hit is not None and hit.rule.then is Then.ALLOW:
            return Ruling(finding=finding.id, standing=Standing.ALLOWED, why=hit.rule.reason), reasons
        if self._known(finding.id, entry_of(self.audit, finding)):
            return Ruling(finding=finding.id, standing=Standing.KNOWN), reasons
        reason = _of_finding(finding, self.terms)
        if reason is None:
            return Ruling(finding=finding.id, standing=Standing.BELOW), reasons
        standing = Standing.FAILS if reason.decision is Decision.FAILED else Standing.OPEN
        return Ruling(finding=finding.id, standing=standing), [*reasons, reason]

    def policy_failures(self) -> Iterable[GateReason]:
        """What the policy block fails, or would if the worst held."""
        for ident, hit in self.hits.items():
            dependency = self.dependencies[ident]
            if hit.rule.then is not Then.FAIL or ASIDE_FLAG in dependency.flags:
                continue
            mark = policy_mark(dependency)
            location = dependency.location or f"{dependency.layer}:{dependency.subject}"
            waivers, reasons = self._excused(Place(rule=POLICY, location=location, dependency=dependency), mark)
            yield from reasons
            confidence = dependency.attribution.confidence
            if waivers or self._known(mark, failed_by_policy(confidence)):
                continue
            yield GateReason(
                decision=Decision.FAILED if hit.certain else Decision.INCONCLUSIVE,
                what=POLICY,
                finding=mark,
                dependency=ident,
                detail=hit.rule.where,
                why=hit.rule.reason,
            )

    def unused(self) -> Iterable[str]:
        """Waivers that cover nothing."""
        for waiver in (*self.terms.waivers, *self.terms.untrusted):
            if waiver.where not in self.used:
                yield f"{waiver.where}: the waiver of {waiver.rule} for {waiver.match} matches nothing"

    def _excused(self, place: Place, finding: str) -> tuple[tuple[Waiver, ...], list[GateReason]]:
        """The waivers in force that together cover a place, else the expired ones as reasons to fail."""
        today = self.audit.as_of
        covering = [waiver for waiver in self.terms.waivers if _speaks_of(waiver, place)]
        distrusted = [waiver for waiver in self.terms.untrusted if _speaks_of(waiver, place)]
        self.used.update(waiver.where for waiver in (*covering, *distrusted))
        valid = [waiver for waiver in covering if not waiver.expired(today)]
        whole = next((waiver for waiver in valid if covers(waiver, place)), None)
        if whole is not None:
            return (whole,), []
        by_name = [next((one for one in valid if covers_name(one, place, name)), None) for name in place.silent]
        if by_name and None not in by_name:
            return tuple(dict.fromkeys(one for one in by_name if one is not None)), []
        return (), [
            GateReason(
                decision=Decision.FAILED,
                what="expired-waiver",
                finding=finding,
                dependency=place.dependency.id if place.dependency else None,
                detail=f"{waiver.where}: waiver of {waiver.rule} by {waiver.owner} expired on {waiver.expires}",
                why=waiver.reason,
            )
            for waiver in (*covering, *distrusted)
            if waiver.expired(today)
        ]

    def _known(self, mark: str, now: Entry) -> bool:
        entry = self.terms.baseline.findings.get(mark) if self.terms.baseline else None
        return entry is not None and entry.covers(now)


def accepted_by(waiver: Waiver) -> str:
    """Who accepts what until when, as reports print it."""
    ticket = f", {waiver.ticket}" if waiver.ticket else ""
    return f"{waiver.reason} ({waiver.owner}, until {waiver.expires}{ticket})"


def _accepted_by_all(waivers: Iterable[Waiver]) -> str:
    return "; ".join(dict.fromkeys(accepted_by(waiver) for waiver in waivers))


def _speaks_of(waiver: Waiver, place: Place) -> bool:
    return covers(waiver, place) or any(covers_name(waiver, place, name) for name in place.silent)


def _of_names(audit: Audit) -> Iterable[GateReason]:
    """What keeps the audit of a wrong name from passing: a domain that does not exist, or one that nobody uses."""
    missing = audit.evidence.missing_domains
    for domain in missing:
        yield GateReason(decision=Decision.INCONCLUSIVE, what="no-such-name", detail=domain)
    named = any(target.kind is TargetKind.DOMAIN for target in audit.evidence.targets)
    used = any(_is_of_the_name(dependency) for dependency in audit.dependencies)
    if named and not used and not missing and audit.evidence.has_answers:
        yield GateReason(decision=Decision.INCONCLUSIVE, what="nothing-but-registry")


def _is_of_the_name(dependency: Dependency) -> bool:
    """Whether somebody set it up for the name: the registry and the zone around it are there of themselves."""
    return dependency.layer is not Layer.REGISTRY and ENCLOSING_FLAG not in dependency.flags


def _of_finding(finding: Finding, terms: GateTerms) -> GateReason | None:
    if terms.fail_on is None or finding.severity.rank < terms.fail_on.rank:
        return None
    verdict = gate_verdict(finding, terms)
    return GateReason(
        decision=Decision.FAILED if verdict is Verdict.EXPOSED else Decision.INCONCLUSIVE,
        what="finding",
        finding=finding.id,
        dependency=finding.dependency,
        detail=finding.rule,
    )


def _score_without(audit: Audit, rulings: Sequence[Ruling], scoring: Policy | None) -> Score | None:
    """The score without the exposure of dependencies whose every telling finding is waived."""
    standings = {ruling.finding: ruling.standing for ruling in rulings}
    waived: set[DependencyId] = set()
    open_ones: set[DependencyId] = set()
    for finding in audit.findings:
        if finding.dependency is not None and finding.verdict is not Verdict.CLEAR:
            (waived if standings[finding.id] is Standing.WAIVED else open_ones).add(finding.dependency)
    waived -= open_ones
    if scoring is None or not waived or audit.score.grade is Grade.NR:
        return None
    items = tuple(_unexposed(item) if item.id in waived else item for item in audit.items)
    failed = tuple(sorted(layer.layer for layer in audit.score.layers if layer.failed))
    return score(Inventory(items=items, failed=failed), scoring)


def _unexposed(item: Item) -> Item:
    nothing = Nexus(level=Level.NONE, country=Country("EU"))
    return replace(item, nexuses=(nothing,), confidence=Confidence.CONFIRMED)


def _other_versions(audit: Audit, terms: GateTerms) -> Iterable[str]:
    reference = terms.baseline or terms.reference
    if reference is None:
        return
    mine = (audit.model_version, audit.rulebook_digest, audit.catalogue_digest)
    if (reference.model, reference.rulebook, reference.catalogue) != mine:
        yield "the baseline was made with other rules or another catalogue: some of the difference may be theirs"
