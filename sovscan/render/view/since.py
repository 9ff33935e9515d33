"""What changed since an earlier audit, worded: two lines for page 2, and a chapter of the report."""

from collections.abc import Sequence
from dataclasses import dataclass

from sovscan.model.finding import Verdict
from sovscan.model.previous import Fate, FindingChange, Operator, Part, Previous, ServiceChange
from sovscan.model.score import Grade
from sovscan.render.view.reading import Mark, Reading
from sovscan.render.view.shown import cut

NAMED_SERVICES, NAMED_PARTS = 2, 3
"""On page 2, which is full; the chapter has them all."""
_ROOM = 110
"""Characters for services there."""
MOST_ROWS = 30
"""Of one fate, and of services, in a report."""
_KEYS = {("now", Fate.RESOLVED): "clear", ("now", Fate.UNCHECKED): "unknown", ("then", Fate.FIRST_SEEN): "unknown"}
"""How a finding that does not stand is marked: what was not looked at is unknown, and never clear."""
_ICONS = {"clear": "✓", "unknown": "?", "not_applicable": "–"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One finding that is not what it was."""

    number: str
    """Of the finding in this report; empty when it does not stand now."""
    title: str
    service: str
    location: str
    severity: str
    then: Mark
    now: Mark
    causes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeGroup:
    """The findings of one fate."""

    key: str
    title: str
    note: str
    rows: tuple[ChangeRow, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """One role with who left it and who came."""

    service: str
    domain: str
    then: str
    now: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """Everything that is printed of a comparison."""

    day: str
    title: str
    brief: tuple[str, ...]
    """Complete sentences, what matters most first: page 2, terminal and Markdown print them alone."""
    figures: tuple[tuple[str, str, str], ...]
    """Name, then, now."""
    shifts: tuple[tuple[str, str, str], ...]
    """Part, points, meaning; none where a score is missing."""
    shifts_note: str
    total: str
    services: tuple[ServiceRow, ...]
    services_left_out: int
    groups: tuple[ChangeGroup, ...]
    notes: tuple[str, ...]
    """Scope, open findings, and which audit it was."""


def since(reading: Reading, most: int = MOST_ROWS) -> Since | None:
    """The change since the earlier audit, with at most ``most`` rows of each sort; None when none was given."""
    before = reading.audit.previous
    if before is None:
        return None
    words, compares = reading.words, _compares(reading, before)
    day = words.day(reading.shown(before.collected_at, 40))
    difference = words.signed(before.difference)
    key = "unrated" if not compares else "moved" if before.difference else "same"
    return Since(
        day=day,
        title=words(
            f"since.title.{key}",
            day=day,
            before=words.number(before.standing.value),
            now=words.number(reading.audit.score.value),
            real=words.signed(sum(shift.points for shift in before.shifts if shift.part is Part.EVIDENCE)),
        ),
        brief=tuple(_brief(reading, before, day)),
        figures=_figures(reading, before),
        shifts=_shifts(reading, before) if compares else (),
        shifts_note=words("since.shifts_note" if compares else "since.unrated_note"),
        total=difference,
        services=tuple(_service(reading, change) for change in before.services[:most]),
        services_left_out=max(0, len(before.services) - most),
        groups=_groups(reading, before, most),
        notes=_notes(reading, before, day),
    )


def _compares(reading: Reading, before: Previous) -> bool:
    return reading.rated and before.standing.grade is not Grade.NR


def _brief(reading: Reading, before: Previous, day: str) -> list[str]:
    words, score, then = reading.words, reading.audit.score, before.standing
    compares = _compares(reading, before)
    old, new = words.percent(then.coverage), words.percent(score.coverage)
    key = "since.kept" if then.grade is score.grade else "since.turned"
    known = {
        "day": day,
        "grade": words(key, before=then.grade.value, now=score.grade.value),
        "coverage": "" if old == new else words("since.and_coverage", before=old, now=new),
    }
    if not compares:
        told = [words("since.unrated", **known)]
    else:
        numbers = {"before": words.number(then.value), "now": words.number(score.value)}
        told = [words("since.score", difference=words.signed(before.difference), **numbers, **known)]
        told.append(_explained(reading, before))
    counts = before.counts
    always = (Fate.RESOLVED, Fate.NEW, Fate.PERSISTS)
    named = (*always, *(fate for fate in Fate if fate not in always and counts.get(fate.value)))
    listed = ", ".join(words(f"since.count.{fate.value}", n=counts.get(fate.value, 0)) for fate in named)
    told.append(words("since.findings", counts=listed))
    if before.services:
        told.append(words("since.services", listed=_named_services(reading, before.services)))
    return told


def _explained(reading: Reading, before: Previous) -> str:
    words = reading.words
    parts = [
        words("since.part", points=words.signed(shift.points), name=words(f"since.short.{shift.part.value}"))
        for shift in sorted(before.shifts, key=lambda shift: (-abs(shift.points), shift.part))
        if shift.points
    ]
    if not parts:
        return words("since.none_explained")
    shown = parts if len(parts) <= NAMED_PARTS else [*parts[:NAMED_PARTS], words("since.more_parts")]
    told = words("since.explained", parts=words("punctuation.semicolon").join(shown))
    tie = reading.audit.bands.get("tie")
    if tie is None or abs(before.difference) >= tie:
        return told
    return f"{told} {words('since.tie', points=words.number(tie, 0))}"


def _named_services(reading: Reading, changes: Sequence[ServiceChange]) -> str:
    words = reading.words
    # Who really changed first, then what was not looked at.
    ranked = sorted(changes, key=lambda change: (tuple(Fate).index(change.fate), not (change.before and change.after)))
    named: list[str] = []
    for change in ranked[:NAMED_SERVICES]:
        row = _service(reading, change)
        what = f"{row.service[:1].lower()}{row.service[1:]}" if not row.service[1:2].isupper() else row.service
        if change.fate is Fate.UNCHECKED:
            what = f"{what}, {row.what}"
        said = words("since.replaced", what=what, before=cut(row.then, 30), now=cut(row.now, 30))
        if not named or len(named[0] + said) <= _ROOM:
            named.append(said)
    listed = words("punctuation.semicolon").join(named)
    more = len(changes) - len(named)
    return words("since.services_more", listed=listed, n=more) if more else listed


def _figures(reading: Reading, before: Previous) -> tuple[tuple[str, str, str], ...]:
    words, score, count, then = reading.words, reading.audit.score, reading.audit.count, before.standing
    was_rated = then.grade is not Grade.NR

    def points(name: str, old: float, new: float) -> tuple[str, str, str]:
        return (
            words(f"headline.{name}"),
            words.number(old) if was_rated else "–",
            words.number(new) if reading.rated else "–",
        )

    def span(worst: float, best: float, *, rated: bool) -> str:
        return words("since.range", worst=words.number(worst), best=words.number(best)) if rated else "–"

    return (
        points("score", then.value, score.value),
        (
            words("since.interval"),
            span(then.worst, then.best, rated=was_rated),
            span(score.worst, score.best, rated=reading.rated),
        ),
        (words("headline.grade"), then.grade.value, score.grade.value),
        points("access", then.access, score.access),
        points("cutoff", then.cutoff, score.cutoff),
        (words("since.coverage"), words.percent(then.coverage), words.percent(score.coverage)),
        (words("since.observed"), str(then.services), str(count.total)),
        *(
            (words("since.under", who=words(f"control.short.{name}")), str(old), str(new))
            for name, old, new in (
                ("us", then.us, count.us),
                ("third", then.other_third, count.other_third),
                ("eu", then.eu, count.eu),
                ("fr", then.fr, count.fr),
                ("unknown", then.unknown, count.unknown),
            )
        ),
    )


def _shifts(reading: Reading, before: Previous) -> tuple[tuple[str, str, str], ...]:
    """What moved the score, and in any case what really changed."""
    words = reading.words
    return tuple(
        (
            words(f"since.part.{shift.part.value}"),
            words.signed(shift.points),
            words(f"since.part_means.{shift.part.value}"),
        )
        for shift in before.shifts
        if shift.points or shift.part is Part.EVIDENCE
    )


def _service(reading: Reading, change: ServiceChange) -> ServiceRow:
    words = reading.words
    role = f"role.{change.layer.value}.{change.role}"
    key = "replaced" if change.fate is Fate.NEW and change.before else change.fate.value
    return ServiceRow(
        service=words(role)
        if words.has(role)
        else f"{reading.layer_name(change.layer)} ({reading.shown(change.role, 40)})",
        domain=reading.shown(change.domain, 80),
        then=_operators(reading, change.before),
        now=_operators(reading, change.after),
        what=words(f"since.service.{key}"),
    )


def _operators(reading: Reading, operators: Sequence[Operator]) -> str:
    return ", ".join(_operator(reading, operator) for operator in operators) or "–"


def _operator(reading: Reading, operator: Operator) -> str:
    if operator.operator_self:
        return reading.words("provider.self")
    return reading.name(operator.name, 40) if operator.provider else reading.words("provider.unidentified")


def _groups(reading: Reading, before: Previous, most: int) -> tuple[ChangeGroup, ...]:
    words = reading.words
    found: list[ChangeGroup] = []
    for fate in Fate:
        mine = [change for change in before.findings if change.fate is fate]
        number = before.counts.get(fate.value, 0)
        if mine or number:
            found.append(
                ChangeGroup(
                    key=fate.value,
                    title=words(f"since.group.{fate.value}", n=number),
                    note=words(f"since.note.{fate.value}" if mine else "since.unchanged"),
                    rows=tuple(change_row(reading, change) for change in mine[:most]),
                    left_out=max(0, len(mine) - most),
                )
            )
    return tuple(found)


def change_row(reading: Reading, change: FindingChange) -> ChangeRow:
    """One change in words."""
    words = reading.words
    service = words("finding.whole")
    if change.layer is not None and change.operator is not None:
        role = f"role.{change.layer.value}.{change.role}"
        name = words(role) if words.has(role) else reading.layer_name(change.layer)
        service = f"{name} ({_operator(reading, change.operator)})"
    now = next((found for found in reading.audit.findings if found.id == change.finding), None)
    after = now.told if now is not None and now.verdict is change.after else change.after
    return ChangeRow(
        number=reading.finding_numbers.get(change.finding, "") if change.after else "",
        title=reading.sentence(change.title),
        service=service,
        location=_place(reading, change),
        severity=words(f"severity.{change.severity.value}"),
        then=_mark(reading, change.before, "then", change.fate),
        now=_mark(reading, after, "now", change.fate),
        causes=", ".join(words(f"since.cause.{cause.value}") for cause in change.causes),
    )


def _place(reading: Reading, change: FindingChange) -> str:
    """The name or file alone; empty for the organisation as a whole."""
    kind, colon, subject = change.location.partition(":")
    if colon and kind == "organisation":
        return ""
    return reading.shown(subject if colon and kind in {"domain", change.layer} else change.location, 120)


def _mark(reading: Reading, verdict: Verdict | None, when: str, fate: Fate) -> Mark:
    if verdict is not None:
        return reading.mark(verdict)
    words = reading.words
    named = words.has(f"since.{when}.{fate.value}")
    key = _KEYS.get((when, fate), "not_applicable")
    return Mark(key=key, icon=_ICONS[key], word=words(f"since.{when}.{fate.value}" if named else "since.absent"))


def _notes(reading: Reading, before: Previous, day: str) -> tuple[str, ...]:
    words = reading.words
    told = [words("since.open", before=before.open_before, now=before.open_after)]
    for key, targets in (("targets_added", before.targets_added), ("targets_removed", before.targets_removed)):
        if targets:
            told.append(words(f"since.{key}", listed=", ".join(reading.shown(each, 80) for each in targets[:20])))
    profile = f"profile.{before.profile}"
    told.append(
        words(
            "since.earlier",
            day=day,
            model=reading.shown(before.model_version, 20),
            catalogue=words.day(reading.shown(before.catalogue_date, 20)),
            profile=words(profile) if words.has(profile) else reading.shown(before.profile, 40),
        )
    )
    return tuple(told)
