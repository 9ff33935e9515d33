"""Every rule asked of every dependency, every domain and the organisation: the findings."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.dependency import Confidence, Dependency, DependencyId, Layer
from sovscan.model.evidence import Evidence, ObservationId
from sovscan.model.exposure import Item, Level
from sovscan.model.finding import Finding, Verdict
from sovscan.model.score import Score
from sovscan.model.target import TargetKind
from sovscan.rulebook.cel import Binding
from sovscan.rulebook.dependency_facts import ladder_facts, nexus_facts
from sovscan.rulebook.domain_facts import domain_facts, index
from sovscan.rulebook.facts import Fact, declared
from sovscan.rulebook.judged import Judged, Whole
from sovscan.rulebook.organisation_facts import organisation_facts
from sovscan.rulebook.reach import Reaches
from sovscan.rulebook.rulebook import DEPENDENCY, DOMAIN, ORGANISATION, Rule, Rulebook
from sovscan.rulebook.verdict import Rulings, printed, rule_on

Facts = Mapping[str, Fact]
REPOSITORY = "repository"
"""Theme of the rules about what files of a checkout say."""
VERDICT_ORDER = (Verdict.EXPOSED, Verdict.TO_CONFIRM, Verdict.UNKNOWN, Verdict.CLEAR)


def judge(  # noqa: PLR0917
    dependencies: Sequence[Dependency],
    items: Sequence[Item],
    score: Score,
    evidence: Evidence,
    catalogue: Catalogue,
    rulebook: Rulebook,
    as_of: str,
    *,
    reaches: Reaches | None = None,
) -> tuple[Finding, ...]:
    """The findings, sorted by told verdict, severity, points lost and id; those that do not apply are left out.

    ``reaches``: what was worked out when the same dependencies were put on the ladder. EXPOSED becomes TO_CONFIRM when
    it rests on ownership without a source (METHOD 3.1). An EXPOSED finding of low confidence stays one, with its
    confidence: the gate decides (METHOD 8).
    """
    known = reaches or Reaches(catalogue, as_of, rulebook.ladder)
    judged = _judged(dependencies, items, score, known, rulebook, as_of)
    facts = declared()
    asked = _asked_of_services(rulebook)
    found: list[Finding] = []
    for each in judged:
        from_file = each.dependency.location is not None
        found.extend(_about_dependency(each, asked.get((each.dependency.layer, from_file), ()), facts))
    seen = index(evidence.observations)
    for domain in _domains(evidence, judged):
        own = [each for each in judged if each.dependency.domain == domain]
        found.extend(_about_whole(DOMAIN, domain_facts(domain, own, seen, catalogue), rulebook, facts))
    # A checkout alone says nothing of the organisation as a whole: its domains were not asked.
    if any(target.kind is not TargetKind.REPOSITORY for target in evidence.targets):
        found.extend(_about_whole(ORGANISATION, organisation_facts(evidence, judged, score), rulebook, facts))
    return _sorted(found)


def _judged(  # noqa: PLR0917
    dependencies: Sequence[Dependency],
    items: Sequence[Item],
    score: Score,
    reaches: Reaches,
    rulebook: Rulebook,
    as_of: str,
) -> tuple[Judged, ...]:
    rows = {item.id: item for item in items}
    points: dict[DependencyId, float] = {}
    for term in score.terms:
        if term.dependency is not None:
            points[term.dependency] = points.get(term.dependency, 0.0) + term.access + term.cutoff
    judged = []
    for dependency in dependencies:
        item = rows.get(dependency.id)
        if item is None:
            continue
        reached = reaches.of(dependency)
        facts = ladder_facts(dependency, reached, as_of, rulebook.ladder)
        facts.update(nexus_facts(item, reached, self_run=dependency.attribution.operator_self))
        judged.append(Judged(dependency=dependency, item=item, facts=facts, points=points.get(dependency.id, 0.0)))
    return tuple(judged)


def _asked_of_services(rulebook: Rulebook) -> Mapping[tuple[Layer, bool], Sequence[Rulings]]:
    """The rules asked of a service, by its layer and whether a file named it.

    What a file says and what the network shows are told in different words.
    """
    asked: dict[tuple[Layer, bool], list[Rulings]] = {}
    for rule in rulebook.rules:
        if rule.scope == DEPENDENCY:
            rulings = Rulings(rule, rulebook.engine)
            for layer in rule.applies_to:
                asked.setdefault((layer, rule.text.theme == REPOSITORY), []).append(rulings)
    return asked


def _about_dependency(judged: Judged, asked: Iterable[Rulings], known: Facts) -> Iterable[Finding]:
    dependency, because, unsourced = judged.dependency, judged.observations, judged.unsourced
    if not because:
        return
    location = dependency.location or f"{dependency.layer}:{dependency.subject}"
    place = _place(dependency)
    for rulings in asked:
        ruling, facts = rulings.on(judged.facts)
        if ruling.verdict is Verdict.NOT_APPLICABLE:
            continue
        yield _finding(
            rulings.rule,
            _weighed(ruling.verdict, rulings.rule, known, unsourced),
            ruling.missing,
            dependency=dependency.id,
            layer=dependency.layer,
            location=location,
            place=place,
            who=dependency.attribution.provider or "",
            confidence=judged.item.confidence,
            because=because,
            points=judged.points,
            facts=facts,
        )


def _about_whole(scope: str, whole: Whole, rulebook: Rulebook, known: Facts) -> Iterable[Finding]:
    facts: Binding = rulebook.engine.bind(whole.facts)
    for rule in rulebook.rules:
        if rule.scope != scope:
            continue
        ruling = rule_on(rule, facts)
        because = whole.because(rule.names)
        if ruling.verdict is Verdict.NOT_APPLICABLE or not because:
            continue
        layer = rule.applies_to[0] if rule.applies_to else None
        yield _finding(
            rule,
            _weighed(ruling.verdict, rule, known, whole.unsourced(rule.names)),
            ruling.missing,
            dependency=None,
            layer=layer,
            location=f"{layer or scope}:{whole.location}",
            place=f"{layer or scope}:{whole.location}",
            who="",
            confidence=whole.confidence(rule.names),
            because=because,
            points=0.0,
            facts=printed(rule, whole.facts),
        )


def _place(dependency: Dependency) -> str:
    """The location without what moves when something above it is edited: no line number."""
    if dependency.location is None:
        return f"{dependency.layer}:{dependency.subject}"
    return f"{dependency.location.rpartition(':')[0]} {dependency.subject}"


def _weighed(verdict: Verdict, rule: Rule, known: Facts, unsourced: frozenset[Level]) -> Verdict:
    if verdict is Verdict.EXPOSED and any(unsourced.intersection(known[name].rests_on) for name in rule.names):
        return Verdict.TO_CONFIRM
    return verdict


def _finding(
    rule: Rule,
    verdict: Verdict,
    missing: tuple[str, ...],
    *,
    dependency: DependencyId | None,
    layer: Layer | None,
    location: str,
    place: str,
    who: str,
    confidence: Confidence,
    because: tuple[ObservationId, ...],
    points: float,
    facts: Mapping[str, str],
) -> Finding:
    return Finding(
        id=fingerprint(rule.text.id, place, who),
        rule=rule.text.id,
        theme=rule.text.theme,
        dependency=dependency,
        layer=layer,
        location=location,
        verdict=verdict,
        severity=rule.text.severity,
        confidence=confidence,
        because=because,
        missing=missing,
        points_lost=points,
        facts=facts,
    )


def fingerprint(rule: str, location: str, provider: str) -> str:
    """16 hexadecimal digits that stay the same from run to run: rule, location in lower case, provider."""
    return hashlib.sha256(f"{rule}\0{location.casefold()}\0{provider}".encode()).hexdigest()[:16]


def _domains(evidence: Evidence, judged: Iterable[Judged]) -> list[str]:
    named = {target.value for target in evidence.targets if target.kind is TargetKind.DOMAIN}
    found = {each.dependency.domain for each in judged if each.dependency.domain and not each.dependency.location}
    return sorted(named | found)


def _sorted(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """In printing order, one finding an id: where several dependencies share one, the first in that order stands."""
    ordered = sorted(
        found,
        key=lambda finding: (
            VERDICT_ORDER.index(finding.told), -finding.severity.rank, -finding.points_lost, finding.id,
            finding.dependency or "",
        ),
    )  # fmt: skip
    kept: dict[str, Finding] = {}
    for finding in ordered:
        kept.setdefault(finding.id, finding)
    return tuple(kept.values())
