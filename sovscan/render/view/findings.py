"""Findings as every list of the report prints them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sovscan.locale.observed import why as unanswered
from sovscan.model.dependency import Dependency, Layer
from sovscan.model.finding import Finding, RuleId, Verdict
from sovscan.model.gate import GateResult, Ruling
from sovscan.model.previous import Fate
from sovscan.model.text import Source
from sovscan.render.links import link
from sovscan.render.view.reading import Mark, Reading
from sovscan.render.view.sources import owner_sources
from sovscan.rulebook.facts import declared
from sovscan.rulebook.silence import NAMES_LAYERS, Told, names_layers, silent_questions, states_silence, told

MOST_EVIDENCE = 6
NAMED_SERVICES = 2
"""Of a rule that found nothing."""


MOST_QUESTIONS = 3
"""Without an answer, that the title of a finding names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A source: its number, its title and the address it may lead to."""

    number: str
    title: str
    address: str
    """In full, to be read on paper and where it may not be followed."""
    href: str | None
    checked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One finding as every list of the report prints it."""

    number: str
    fingerprint: str
    mark: Mark
    severity: str
    confidence: str
    title: str
    """Of an undecided finding: what could not be decided first, then what the rule looks for."""
    looks_for: str
    """The sentence of the rule alone: what holds when it is exposed."""
    why: str
    remedy: str
    """Of an undecided finding: what would settle it."""
    location: str
    place: str
    """The name or file alone; empty for the organisation as a whole."""
    service: str
    points: str
    """A dash where the method gives none: of a domain, of the whole, of what only builds software."""
    points_value: float
    missing: tuple[str, ...]
    """Names of facts that were not known; they are terms of the rule files, printed as such."""
    facts: tuple[str, ...]
    evidence: tuple[str, ...]
    """The first of them; all stand in result.json."""
    evidence_more: int
    cited: tuple[str, ...]
    """Numbers of the sources of its rule, then of who owns its service."""
    accepted: str = ""
    """Who accepted it and until when; empty when nobody did."""
    within: tuple[tuple[str, str], ...] = ()
    """Number and title, with its severity, of each finding that is undecided for the same reason alone."""
    within_note: str = ""
    """These as one sentence; empty when there is none."""
    since: str = ""
    """That it was not there at the earlier audit, and why it is now; empty without one, and when it stood then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clear:
    """One rule that found nothing, with the services it looked at."""

    title: str
    number: int
    services: str
    """The first names, each once, in the order of the audit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One rule with the services it speaks of, so that its sentence is read once."""

    mark: Mark
    severity: str
    title: str
    why: str
    remedy: str
    services: tuple[tuple[str, str, tuple[str, ...]], ...]
    """Service, finding number, names of missing facts."""
    within: tuple[tuple[str, str], ...]
    """As in ``FindingRow``."""
    cited: tuple[str, ...]
    """Numbers of sources."""


def finding_row(
    reading: Reading, finding: Finding, ruling: Ruling | None = None, within: tuple[Finding, ...] = ()
) -> FindingRow:
    """A finding with its rule's words, marked when the gate says that somebody accepted it.

    ``within``: findings told in this one; the row has the highest severity of all.
    """
    words, rule = reading.words, reading.rules.get(finding.rule)
    evidence = reading.evidence_of(finding.because)
    dependency = reading.dependencies.get(finding.dependency) if finding.dependency else None
    owner = reading.providers.get((dependency.attribution.provider if dependency else None) or "")
    service = _service(reading, dependency) if dependency else words("finding.whole")
    wanting = _wanting(finding) if finding.verdict is Verdict.UNKNOWN else ()
    looks_for = reading.sentence(rule.title) if rule else reading.shown(finding.rule, 120)
    title = _undecided(reading, wanting, looks_for) if wanting else looks_for
    if unread := _layers(reading, finding) if names_layers(finding) else _questions(reading, finding):
        title = words("finding.unread", title=looks_for, unread=unread)
    scored = dependency is not None and dependency.layer is not Layer.SUPPLY
    also = tuple(_also(reading, one) for one in within)
    gravest = Told(finding=finding, within=within).gravest
    why = reading.sentence(rule.why) if rule else ""
    return FindingRow(
        number=reading.finding_numbers[finding.id],
        fingerprint=finding.id,
        mark=reading.mark(finding.told),
        severity=words(f"severity.{gravest.severity.value}"),
        confidence=reading.confidence_word(finding.confidence),
        title=title,
        looks_for=looks_for,
        why=words("finding.if_so", why=why) if wanting and why else why,
        remedy=_remedy(reading, finding, dependency),
        location=reading.shown(finding.location, 120),
        place=_place(reading, finding),
        service=service,
        points=words.number(finding.points_lost) if scored else "–",
        points_value=round(finding.points_lost, 1),
        missing=tuple(reading.shown(fact, 80) for fact in finding.missing),
        facts=tuple(
            f"{reading.shown(key, 80)} = {reading.shown(value, 120) or '–'}"
            for key, value in sorted(finding.facts.items())
        )[:12],
        evidence=evidence[:MOST_EVIDENCE],
        evidence_more=max(0, len(evidence) - MOST_EVIDENCE),
        cited=reading.cited((*(rule.sources if rule else ()), *(owner_sources(owner) if owner else ()))),
        accepted=reading.shown(ruling.why, 160) or reading.words(f"standing.{ruling.standing.value}")
        if ruling is not None and ruling.standing.accepted
        else "",
        within=also,
        within_note=words(
            "finding.within", listed=words("punctuation.semicolon").join(f"{number} {name}" for number, name in also)
        )
        if also
        else "",
        since=_since(reading, finding),
    )


def reasons(reading: Reading, findings: tuple[Told, ...]) -> tuple[Reason, ...]:
    """The findings gathered by rule, verdict and, of undecided ones, what is wanting; in their order."""
    grouped: dict[tuple[RuleId, str, str, str], list[FindingRow]] = {}
    for found in findings:
        row = finding_row(reading, found.finding, within=found.within)
        grouped.setdefault((found.finding.rule, row.mark.key, row.title, row.remedy), []).append(row)
    return tuple(
        Reason(
            mark=rows[0].mark,
            severity=rows[0].severity,
            title=rows[0].title,
            why=rows[0].why,
            remedy=rows[0].remedy,
            services=tuple((row.service, row.number, row.missing) for row in rows),
            within=tuple(one for row in rows for one in row.within),
            cited=reading.cited(reading.rules[rule].sources) if rule in reading.rules else (),
        )
        for (rule, *_), rows in grouped.items()
    )


def references(reading: Reading) -> tuple[Reference, ...]:
    """Every source of the report by number; linked only when the address may be followed."""
    first: dict[str, Source] = {}
    for source, number in reading.source_numbers.items():
        first.setdefault(number, source)
    return tuple(
        Reference(
            number=number,
            title=reading.shown(source.in_language(reading.words.language), 160),
            address=reading.shown(source.url, 400),
            href=link(source.url),
            checked=reading.shown(reading.words.day(source.checked), 40),
        )
        for number, source in first.items()
    )


def _since(reading: Reading, finding: Finding) -> str:
    """That it is not of the earlier audit, or not confirmed; only what the organisation changed is called new."""
    before, change = reading.audit.previous, reading.changes.get(finding.id)
    if before is None or change is None or change.after is None or change.fate is Fate.PERSISTS:
        return ""
    return reading.words(
        f"since.mark.{change.fate.value}", day=reading.words.day(reading.shown(before.collected_at, 40))
    )


def telling(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those that are not favourable, in their order."""
    return tuple(found for found in findings if found.verdict is not Verdict.CLEAR)


def told_of(reading: Reading, gate: GateResult | None = None) -> tuple[Told, ...]:
    """What a reader is told: those that are not favourable, what one silence leaves undecided in one."""
    return told(reading.audit, telling(reading.audit.findings), gate)


def clear_rules(reading: Reading) -> tuple[Clear, ...]:
    """The favourable findings gathered by rule, by title."""
    grouped: dict[str, list[FindingRow]] = {}
    for found in reading.audit.findings:
        if found.verdict is Verdict.CLEAR:
            grouped.setdefault(found.rule, []).append(finding_row(reading, found))
    rows = (
        Clear(
            title=rows[0].title,
            number=len(rows),
            services=_listed(reading, tuple(dict.fromkeys(r.service for r in rows))),
        )
        for rows in grouped.values()
    )
    return tuple(sorted(rows, key=lambda row: row.title))


def _service(reading: Reading, dependency: Dependency) -> str:
    """Role and operator, with the doubt about who owns it: every list and every format names a service so."""
    who = (reading.operator_name(dependency), reading.doubt_of(dependency.attribution.provider))
    return f"{reading.role_name(dependency)} ({', '.join(filter(None, who))})"


def _also(reading: Reading, finding: Finding) -> tuple[str, str]:
    rule = reading.rules.get(finding.rule)
    title = reading.sentence(rule.title) if rule else reading.shown(finding.rule, 120)
    severity = reading.words("finding.severity", severity=reading.words(f"severity.{finding.severity.value}"))
    return reading.finding_numbers[finding.id], f"{title} ({severity})"


def _layers(reading: Reading, finding: Finding) -> str:
    known = {layer.value: reading.layer_name(layer) for layer in Layer}
    named = finding.facts[NAMES_LAYERS].split(", ")
    return reading.words("punctuation.semicolon").join(known.get(one, reading.shown(one, 40)) for one in named)


def _questions(reading: Reading, finding: Finding) -> str:
    """The questions without an answer, each with the reason; the first of them."""
    silent = [
        f"{reading.shown(seen.subject, 90)} {seen.asked.type} "
        f"({reading.shown(unanswered(reading.words, seen.reason or ''), 60)})"
        for seen in silent_questions(reading.audit, finding)
    ]
    return _listed(reading, silent, MOST_QUESTIONS)


def _wanting(finding: Finding) -> tuple[str, ...]:
    """Facts that were not known; none of a rule whose condition held, or which says itself what was not read."""
    if states_silence(finding):
        return ()
    return tuple(fact for fact in finding.missing if fact not in finding.facts)


def _undecided(reading: Reading, wanting: tuple[str, ...], looks_for: str) -> str:
    named = reading.words("punctuation.semicolon").join(dict.fromkeys(not_known(reading, fact) for fact in wanting))
    return reading.words("finding.undecided", missing=named, title=looks_for)


def not_known(reading: Reading, fact: str) -> str:
    """An indirect question; the meaning of a fact that only somebody's own rules ask."""
    if reading.words.has(f"unknown_fact.{fact}"):
        return reading.words(f"unknown_fact.{fact}")
    known = declared().get(fact)
    meaning = reading.words.of(known.meaning) if known else reading.shown(fact, 80)
    return reading.words("unknown_fact.other", meaning=meaning)


def _remedy(reading: Reading, finding: Finding, dependency: Dependency | None) -> str:
    if finding.verdict is Verdict.UNKNOWN and _wanting(finding):
        settle = dependency.attribution.settle if dependency else None
        return reading.sentence(settle) if settle else reading.words("finding.to_settle")
    rule = reading.rules.get(finding.rule)
    return reading.sentence(rule.remedy) if rule and finding.verdict is not Verdict.CLEAR else ""


def _place(reading: Reading, finding: Finding) -> str:
    if finding.dependency is None:
        return ""
    before, colon, subject = finding.location.partition(":")
    of_layer = colon and finding.layer is not None and before == finding.layer.value
    return reading.shown(subject if of_layer else finding.location, 120)


def _listed(reading: Reading, services: Iterable[str], most: int = NAMED_SERVICES) -> str:
    names = tuple(dict.fromkeys(services))
    if len(names) <= most:
        return ", ".join(names)
    return reading.words("scope.more", listed=", ".join(names[:most]), n=len(names) - most)
