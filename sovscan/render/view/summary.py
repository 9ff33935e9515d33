"""Pages 1 and 2: where we stand, what to do first, how sure we are."""

from dataclasses import dataclass

from sovscan.model.dependency import Confidence, Dependency
from sovscan.model.exposure import Item, Level
from sovscan.model.finding import Verdict
from sovscan.model.gate import GateResult, Standing
from sovscan.model.score import LayerScore
from sovscan.model.text import NOT_IDENTIFIED
from sovscan.render.view.actions import Action, best_alternatives, decided, path, planned
from sovscan.render.view.conclusion import Conclusion, conclude
from sovscan.render.view.pictures import Bar, Dot, Segment, bar, matrix, stacked
from sovscan.render.view.reading import ICONS, LAYERS, Control, Mark, Reading
from sovscan.render.view.shown import cut
from sovscan.render.view.since import since

MOST_ACTIONS = 5
MOST_WAIVERS = 2
"""Printed with their reasons; the tickets have them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One of the four figures."""

    key: str
    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerRow:
    """One line of the layer table."""

    name: str
    points: str
    most: str
    share: float
    """Points lost over the most the layer can lose, 0 to 1."""
    bar: Bar
    provider: str
    """The one that carries most points among those with the layer's verdict."""
    others: str
    """How many other operators the layer has; empty when none."""
    country: str
    """ISO code of its ultimate controller; empty when nobody knows it or the organisation runs it, a dash for none."""
    level: str
    """Level and country of its worst nexus; empty without a service, or when the verdict comes from elsewhere."""
    mark: Mark
    after: str | None
    """Points once the decisions are done; None without decisions."""
    after_bar: Bar | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The numbers of page 1, already worded; dashes when the audit is not rated."""

    access: str
    cutoff: str
    score: str
    interval: str
    grade: str
    coverage: str
    confidence: str
    lenses: str
    """The score seen from each lens; empty when nothing is rated."""
    band: str
    bounded: str | None
    """Why the grade is lower than the score alone would give; None when nothing bounds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The two pages."""

    organisation: str
    date: str
    scope: str
    version: str
    conclusion: Conclusion
    headline: Headline
    figures: tuple[Figure, ...]
    control: tuple[Segment, ...]
    control_title: str
    layers: tuple[LayerRow, ...]
    decisions: tuple[Action, ...]
    decisions_title: str
    no_decision: str
    """What stands in place of decisions when there are none."""
    actions: tuple[Action, ...]
    dots: tuple[Dot, ...]
    path: tuple[tuple[str, tuple[str, ...]], ...]
    after_score: str | None
    """Score and grade after the three decisions; None without decisions."""
    waivers: tuple[str, ...]
    """What was accepted, by whom and until when, and the score with it; or that there is none."""
    change: tuple[str, ...]
    """What changed since an earlier audit; or that none was given."""
    limits: tuple[tuple[str, ...], ...]
    """Two halves, to stand side by side."""


def summarise(reading: Reading, gate: GateResult | None = None) -> Summary:
    """The summary of an audit, with the waivers that the gate found in force."""
    audit, words = reading.audit, reading.words
    evidence = audit.evidence
    actions = planned(reading)
    decisions = decided(reading)
    last = audit.advice.decisions[-1] if audit.advice.decisions and reading.rated else None
    changed = since(reading)
    return Summary(
        organisation=reading.name(audit.organisation, 70),
        date=words.day(evidence.collected_at),
        scope=", ".join(
            (
                words("scope.targets_as_one" if evidence.targets[1:] else "scope.targets", n=len(evidence.targets)),
                words("scope.observations", n=len(evidence.observations)),
                words("scope.services", n=audit.count.total),
            )
        ),
        version=_version(reading),
        conclusion=conclude(reading),
        headline=_headline(reading),
        figures=_figures(reading),
        control=stacked(
            ((one.value, words(f"control.short.{one.value}"), _counted(reading, one)) for one in Control), 680
        ),
        control_title=words("control.title", **{one.value: _counted(reading, one) for one in Control}),
        layers=_layers(reading),
        decisions=decisions,
        decisions_title=words(f"summary.decisions.{len(decisions)}"),
        no_decision=words("summary.no_decision" if reading.rated else "change.unrated"),
        actions=actions[:MOST_ACTIONS],
        dots=matrix(
            (row.number, row.action, alternative.effort, alternative.gain)
            for row, (_, alternative) in zip(actions[:MOST_ACTIONS], best_alternatives(reading), strict=False)
        ),
        path=path(reading, actions),
        after_score=None
        if last is None
        else words("summary.after_score", score=words.number(last.score_after, 0), grade=last.grade_after.value),
        waivers=_waivers(reading, gate),
        change=changed.brief if changed else (words("summary.no_change"),),
        limits=tuple(tuple(words(f"limits.{n}") for n in half) for half in ((1, 2, 3), (4, 5, 6))),
    )


def _waivers(reading: Reading, gate: GateResult | None) -> tuple[str, ...]:
    words, shown = reading.words, reading.shown
    waived = [ruling for ruling in gate.rulings if ruling.standing is Standing.WAIVED] if gate else []
    if gate is None or not waived:
        return (words("summary.no_waivers"),)
    lines = [words("summary.waived", n=len(waived))]
    if gate.score_with_waivers is not None and gate.grade_with_waivers is not None and reading.rated:
        lines[0] += " " + words(
            "summary.with_waivers",
            score=words.number(gate.score_with_waivers, 0),
            grade=gate.grade_with_waivers.value,
            before=words.number(reading.audit.score.value, 0),
        )
    lines += [
        f"{reading.finding_numbers.get(ruling.finding, '')} {cut(shown(ruling.why), 90)}".strip()
        for ruling in waived[:MOST_WAIVERS]
    ]
    return tuple(lines)


def _version(reading: Reading) -> str:
    """What it was judged with, and the day at which ownership was read where that is not the day of the evidence."""
    audit, words = reading.audit, reading.words
    told = words("summary.version", model=audit.model_version, catalogue=words.day(audit.catalogue_date))
    if audit.as_of == audit.evidence.collected_at[:10]:
        return told
    return f"{told} · {words('manifest.as_of')} {words.day(reading.shown(audit.as_of, 20))}"


def _headline(reading: Reading) -> Headline:
    words, score = reading.words, reading.audit.score
    rated = reading.rated

    def points(value: float) -> str:
        return words.number(value, 0) if rated else "–"

    spread = [entry.attribution.confidence for entry in reading.audit.dependencies]
    reasons = dict.fromkeys(words(f"cap.{cap.id}") for cap in score.caps if words.has(f"cap.{cap.id}"))
    bounds = words("punctuation.semicolon").join(reasons)
    return Headline(
        access=points(score.access),
        cutoff=points(score.cutoff),
        score=points(score.value),
        interval=words("headline.interval", worst=points(score.worst), best=points(score.best)) if rated else "",
        grade=score.grade.value,
        coverage=words.percent(score.coverage),
        confidence=", ".join(
            words(f"confidence.count.{one.value}", n=spread.count(one)) for one in Confidence if one in spread
        )
        or words("confidence.nothing"),
        lenses=words("headline.lenses", us=points(score.lens_us), other=points(score.lens_non_eu)) if rated else "",
        band=_band(reading),
        bounded=words("headline.bounded", reasons=bounds) if bounds and rated else None,
    )


def _band(reading: Reading) -> str:
    words, score, bands = reading.words, reading.audit.score.value, reading.audit.bands
    if not reading.rated or not {"tie", "low", "high"} <= bands.keys():
        return words("headline.band_unknown")
    return words(
        "headline.band",
        points=words.number(bands["tie"], 0),
        low=words.number(score + bands["low"], 0),
        high=words.number(score + bands["high"], 0),
    )


def _counted(reading: Reading, control: Control) -> int:
    count = reading.audit.count
    return {
        Control.US: count.us,
        Control.THIRD: count.other_third,
        Control.EU: count.eu,
        Control.FR: count.fr,
        Control.UNKNOWN: count.unknown,
    }[control]


def _figures(reading: Reading) -> tuple[Figure, ...]:
    words, count = reading.words, reading.audit.count
    of = words("figure.of", n=count.total)
    return (
        Figure(key="us", value=f"{count.us} {of}", label=words("figure.us")),
        Figure(key="third", value=f"{count.other_third} {of}", label=words("figure.third")),
        Figure(key="eu", value=f"{count.eu + count.fr} {of}", label=words("figure.eu", n=count.fr)),
        Figure(key="unknown", value=words.percent(reading.audit.score.coverage), label=words("figure.coverage")),
    )


def _layers(reading: Reading) -> tuple[LayerRow, ...]:
    score = reading.audit.score
    decisions = reading.audit.advice.decisions if reading.rated else ()
    after = decisions[-1].layer_points_after if decisions else {}
    scale = max((row.max_points for row in score.layers), default=1.0)
    by_layer = {row.layer: row for row in score.layers}
    return tuple(
        _layer_row(reading, by_layer[layer], after.get(layer.value), scale) for layer in LAYERS if layer in by_layer
    )


def _layer_row(reading: Reading, row: LayerScore, after: float | None, scale: float) -> LayerRow:
    words = reading.words
    name = reading.layer_name(row.layer)
    points, most = words.number(row.points_lost), words.number(row.max_points)
    verdict = reading.layer_verdict(row.layer)
    mine = [entry for entry in reading.audit.dependencies if entry.layer is row.layer]
    telling = [entry for entry in mine if reading.verdict_of(entry) is verdict] or mine
    main = max(telling, key=lambda entry: (reading.points_of(entry.id), entry.id), default=None)
    item = reading.items.get(main.id) if main else None
    others = len({reading.operator_name(entry) for entry in mine}) - 1
    mark = reading.mark(verdict)
    title = words("bar.title", layer=name, points=points, most=most, n=words.counted(round(row.points_lost, 1)))
    if main is None and row.failed:
        mark = Mark(key="unknown", icon=ICONS[Verdict.UNKNOWN], word=words("layer.failed"))
    elif verdict is Verdict.UNKNOWN and reading.registrar_missing(row.layer):
        mark = Mark(key=mark.key, icon=mark.icon, word=words("layer.registrar_missing"))
    elif main is None and verdict in (Verdict.NOT_APPLICABLE, Verdict.CLEAR):
        mark = reading.mark(Verdict.NOT_APPLICABLE)
        mark = Mark(key=mark.key, icon=mark.icon, word=words("layer.empty"))
    key = {"clear": "good", "unknown": "unknown", "not_applicable": "unknown"}.get(mark.key, "")
    return LayerRow(
        name=name,
        points=points,
        most=most,
        share=row.points_lost / row.max_points if row.max_points else 0.0,
        bar=bar(title, row.points_lost, row.max_points, scale=scale, after=after, key=key),
        provider=reading.operator_name(main, 22) if main else "–",
        others=words("layer.others", n=others) if others > 0 else "",
        country=_country(reading, main) if main else "–",
        level=_level(reading, item, self_run=main.attribution.operator_self) if main and item else "",
        mark=mark,
        after=None if after is None else words.number(after),
        after_bar=None
        if after is None
        else bar(
            words("bar.after", layer=name, points=words.number(after), n=words.counted(round(after, 1))),
            after,
            row.max_points,
            scale=scale,
            key=key,
        ),
    )


def _country(reading: Reading, entry: Dependency) -> str:
    seat = reading.seat_of_control(entry)
    return "" if seat == NOT_IDENTIFIED else seat


def _level(reading: Reading, item: Item, *, self_run: bool) -> str:
    """The worst level; under a holder in another country, who holds it as well: a seat is not the end of a chain."""
    worst = reading.worst_nexus(item)
    if worst.level in (Level.NONE, Level.IMMUNE):
        return ""
    held = [one for one in item.nexuses if one.level is Level.PARENT and one.country != worst.country]
    holds = (worst, *(held if worst.level is Level.DIRECT else ()))
    told = dict.fromkeys(reading.level_word(one, self_run=self_run) for one in holds)
    return reading.words("punctuation.semicolon").join(told)
