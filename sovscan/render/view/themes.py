"""The theme pages: who is behind each service, why it matters, what could replace it."""

from dataclasses import dataclass

from sovscan.model.audit import Alternative, Move
from sovscan.model.dependency import Dependency, Layer
from sovscan.model.exposure import Level
from sovscan.model.finding import Finding, Verdict
from sovscan.render.links import link
from sovscan.render.view.reading import Control, Mark, Reading

THEMES = {
    "mail": (Layer.MAIL_IN, Layer.MAIL_OUT),
    "identity": (Layer.IDENTITY,),
    "saas": (Layer.SAAS,),
    "hosting": (Layer.HOSTING, Layer.CDN),
    "names": (Layer.DNS, Layer.REGISTRY, Layer.CA),
    "web": (Layer.WEB3P,),
    "supply": (Layer.SUPPLY,),
}
MOST_ROWS = 50
MOST_ALTERNATIVES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A title with the address it may lead to."""

    title: str
    href: str | None
    checked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainRow:
    """One service, from what was seen to who controls it."""

    id: str
    role: str
    subject: str
    domain: str
    operator: str
    entity: str
    chain: tuple[str, ...]
    """Holders, nearest first, each with its ISO country."""
    control: str
    levels: tuple[str, ...]
    host: str
    qualification: str
    mark: Mark
    confidence: str
    against: str | None
    evidence: tuple[str, ...]
    points: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One finding as every list of the report prints it."""

    number: str
    fingerprint: str
    mark: Mark
    severity: str
    severity_key: str
    confidence: str
    title: str
    why: str
    remedy: str
    location: str
    service: str
    points: str
    points_value: float
    missing: str | None
    facts: tuple[str, ...]
    evidence: tuple[str, ...]
    sources: tuple[Reference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeRow:
    """One offer that would raise the score in the same role."""

    name: str
    provider: str
    country: str
    level: str
    host: str
    licence: str
    qualification: str
    effort: str
    caution: str | None
    score_after: str
    gain: str
    grade_after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveView:
    """What could replace one provider in one layer."""

    title: str
    alternatives: tuple[AlternativeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A reading that competes with the one printed, or an open question."""

    service: str
    kept: str
    other: str | None
    settle: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One theme page."""

    id: str
    name: str
    title: str
    lead: str
    rows: tuple[ChainRow, ...]
    left_out: int
    findings: tuple[FindingRow, ...]
    doubts: tuple[Doubt, ...]
    moves: tuple[MoveView, ...]
    holes: tuple[str, ...]


def themes(reading: Reading) -> tuple[Theme, ...]:
    """The theme pages, in fixed order; the source-code page only when a repository was read."""
    return tuple(
        _theme(reading, name, layers)
        for name, layers in THEMES.items()
        if name != "supply" or any(entry.layer is Layer.SUPPLY for entry in reading.audit.dependencies)
    )


def finding_row(reading: Reading, finding: Finding) -> FindingRow:
    """A finding with its rule's words."""
    words, rule = reading.words, reading.rules.get(finding.rule)
    dependency = reading.dependencies.get(finding.dependency) if finding.dependency else None
    service = f"{reading.role_name(dependency)} ({reading.operator_name(dependency)})" if dependency else words("finding.whole")
    return FindingRow(
        number=reading.finding_numbers[finding.id],
        fingerprint=finding.id,
        mark=reading.mark(finding.verdict),
        severity=words(f"severity.{finding.severity.value}"),
        severity_key=finding.severity.value,
        confidence=reading.confidence_word(finding.confidence),
        title=reading.sentence(rule.title) if rule else reading.shown(finding.rule, 120),
        why=reading.sentence(rule.why) if rule else "",
        remedy=reading.sentence(rule.remedy) if rule and finding.verdict is not Verdict.CLEAR else "",
        location=reading.shown(finding.location, 120),
        service=service,
        points=words.number(finding.points_lost),
        points_value=round(finding.points_lost, 1),
        missing=words("finding.missing", facts=", ".join(reading.shown(fact, 80) for fact in finding.missing))
        if finding.missing else None,
        facts=tuple(f"{reading.shown(key, 80)} = {reading.shown(value, 120)}" for key, value in sorted(finding.facts.items()))[:12],
        evidence=reading.evidence_of(finding.because),
        sources=tuple(reference(reading, source.title, source.url, source.checked) for source in (rule.sources if rule else ())),
    )  # fmt: skip


def reference(reading: Reading, title: str, url: str, checked: str) -> Reference:
    """A source as it is printed: linked only when the address may be followed."""
    return Reference(title=reading.shown(title or url, 160), href=link(url), checked=reading.shown(reading.words.day(checked), 40))


def _theme(reading: Reading, name: str, layers: tuple[Layer, ...]) -> Theme:
    words, audit = reading.words, reading.audit
    mine = sorted((entry for entry in audit.dependencies if entry.layer in layers),
                  key=lambda entry: (layers.index(entry.layer), -reading.points_of(entry.id), entry.id))  # fmt: skip
    findings = tuple(found for found in audit.findings if found.layer in layers)
    failed = [row.layer for row in audit.score.layers if row.layer in layers and row.failed]
    lost = sum(row.points_lost for row in audit.score.layers if row.layer in layers)
    most = sum(row.max_points for row in audit.score.layers if row.layer in layers)
    lead = words("theme.lead", points=words.number(lost), most=words.number(most))
    return Theme(
        id=f"theme-{name}",
        name=words(f"theme.{name}"),
        title=_title(reading, name, mine, bool(failed)),
        lead=f"{lead} {words(f'theme.stake.{name}')}",
        rows=tuple(_chain(reading, entry) for entry in mine[:MOST_ROWS]),
        left_out=max(0, len(mine) - MOST_ROWS),
        findings=tuple(finding_row(reading, found) for found in findings if found.verdict is not Verdict.CLEAR)[:MOST_ROWS],
        doubts=tuple(_doubt(reading, entry) for entry in mine
                     if entry.attribution.runner_up or entry.attribution.settle)[:12],
        moves=tuple(_move(reading, move) for move in audit.advice.moves if move.layer in layers and move.alternatives),
        holes=tuple(words("theme.hole", layer=reading.layer_name(layer)) for layer in failed),
    )  # fmt: skip


def _title(reading: Reading, name: str, mine: list[Dependency], failed: bool) -> str:
    words = reading.words
    theme = words(f"theme.{name}")
    if not mine:
        return words("theme.title.unread" if failed else "theme.title.empty", theme=theme)
    seen = [reading.control(entry) for entry in mine]
    for control, key in ((Control.US, "us"), (Control.THIRD, "third"), (Control.UNKNOWN, "unknown")):
        if control in seen:
            return words(f"theme.title.{key}", theme=theme, n=seen.count(control), total=len(seen))
    if failed:
        return words("theme.title.partly", theme=theme, n=len(seen))
    levels = {nexus.level for entry in mine if (item := reading.items.get(entry.id)) for nexus in item.nexuses}
    key = "clear" if levels <= {Level.NONE, Level.IMMUNE} else "reached"
    return words(f"theme.title.{key}", theme=theme, n=len(seen))


def _chain(reading: Reading, entry: Dependency) -> ChainRow:
    words, shown = reading.words, reading.shown
    provider = reading.providers.get(entry.attribution.provider or "")
    item = reading.items.get(entry.id)
    against = entry.attribution.against
    return ChainRow(
        id=shown(entry.id, 160),
        role=reading.role_name(entry),
        subject=shown(entry.subject, 90),
        domain=shown(entry.domain, 90),
        operator=reading.operator_name(entry),
        entity=shown(provider.entity, 90) if provider and provider.entity != provider.name else "",
        chain=tuple(f"{shown(link_.holder, 80)} ({shown(link_.country, 2)})" for link_ in provider.chain) if provider else (),
        control=words.country(reading.seat_of_control(entry)),
        levels=tuple(dict.fromkeys(reading.level_word(nexus) for nexus in item.nexuses)) if item else (),
        host=_host(reading, entry),
        qualification=_qualification(reading, entry),
        mark=reading.mark(reading.verdict_of(entry)),
        confidence=reading.confidence_word(entry.attribution.confidence),
        against=words("chain.against", n=len(against)) if against else None,
        evidence=reading.dependency_evidence(entry),
        points=words.number(reading.points_of(entry.id)),
    )


def _host(reading: Reading, entry: Dependency) -> str:
    if "origin-hidden" in entry.flags:
        return reading.words("chain.hidden")
    if entry.host is None:
        return reading.words("chain.host_unseen")
    label = reading.shown(entry.host.label, 60)
    return label if entry.host.country == "??" else f"{label} ({reading.shown(entry.host.country, 2)})"


def _qualification(reading: Reading, entry: Dependency) -> str:
    words = reading.words
    for view in reading.audit.qualifications:
        if view.offer == entry.attribution.offer and view.counted and view.certification.valid_to:
            return words("chain.qualified", scheme=reading.shown(view.certification.scheme, 40),
                         until=words.day(view.certification.valid_to))  # fmt: skip
    return words("chain.unqualified")


def _doubt(reading: Reading, entry: Dependency) -> Doubt:
    words, other = reading.words, entry.attribution.runner_up
    return Doubt(
        service=f"{reading.role_name(entry)} ({reading.shown(entry.subject, 70)})",
        kept=words("doubt.kept", name=reading.operator_name(entry),
                   confidence=reading.confidence_word(entry.attribution.confidence)),
        other=None if other is None else words("doubt.other", name=reading.provider_name(other.provider),
                                               confidence=reading.confidence_word(other.confidence)),
        settle=None if entry.attribution.settle is None else reading.sentence(entry.attribution.settle),
    )  # fmt: skip


def _move(reading: Reading, move: Move) -> MoveView:
    title = reading.words("move.title", current=reading.provider_name(move.provider), layer=reading.layer_name(move.layer))
    return MoveView(title=title, alternatives=tuple(_alternative(reading, one) for one in move.alternatives[:MOST_ALTERNATIVES]))


def _alternative(reading: Reading, one: Alternative) -> AlternativeRow:
    words, shown = reading.words, reading.shown
    worst = max(one.nexuses, key=lambda nexus: tuple(Level).index(nexus.level), default=None)
    return AlternativeRow(
        name=shown(one.name, 70),
        provider=shown(one.provider_name, 70),
        country=shown(one.country, 2),
        level=reading.level_word(worst) if worst else words(f"level.{one.level.value}"),
        host=", ".join(shown(host, 60) for host in one.hosts) or words("alternative.host_unknown"),
        licence=shown(one.licence, 40) if one.licence else words("alternative.licence_unknown"),
        qualification=shown(one.qualification, 60) if one.qualification else words("alternative.unqualified"),
        effort=words(f"effort.{one.effort}") if one.effort in ("S", "M", "L") else words("effort.none"),
        caution=reading.sentence(one.caution) if one.caution else None,
        score_after=words.number(one.score_after, 0),
        gain=words.signed(one.gain),
        grade_after=one.grade_after.value,
    )
