"""Pages 1 and 2: where we stand, what to do first, how sure we are."""

from dataclasses import dataclass

from sovscan.model.audit import Alternative, Move
from sovscan.model.dependency import Confidence, Layer
from sovscan.model.score import LayerScore
from sovscan.render.view.conclusion import Conclusion, conclude, offer_name
from sovscan.render.view.pictures import Bar, Dot, Segment, bar, matrix, stacked
from sovscan.render.view.reading import LAYERS, Control, Mark, Reading

MOST_ACTIONS = 6
_SHORT = 58


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
    bar: Bar
    provider: str
    country: str
    """ISO code of the country of its ultimate controller."""
    level: str
    """Level and country of its worst nexus; empty without a service."""
    mark: Mark
    after: str | None
    """Points once the decisions are done; None without decisions."""
    after_bar: Bar | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One line of advice, as the summary and the roadmap print it."""

    number: str
    action: str
    layer: str
    gain: str
    score_after: str
    grade_after: str
    effort: str
    lead: str
    horizon: str
    """``90``, ``12`` or ``24``: days, months, months."""
    services: int


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
    lens_us: str
    lens_non_eu: str
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
    actions: tuple[Action, ...]
    dots: tuple[Dot, ...]
    path: tuple[tuple[str, tuple[str, ...]], ...]
    after_score: str | None
    """Score and grade after the three decisions; None without decisions."""
    limits: tuple[str, ...]


def summarise(reading: Reading) -> Summary:
    """The summary of an audit."""
    audit, words = reading.audit, reading.words
    evidence = audit.evidence
    actions = planned(reading)
    last = audit.advice.decisions[-1] if audit.advice.decisions else None
    return Summary(
        organisation=reading.shown(audit.organisation, 90),
        date=words.day(evidence.collected_at),
        scope=", ".join((words("scope.targets", n=len(evidence.targets)),
                         words("scope.observations", n=len(evidence.observations)),
                         words("scope.services", n=audit.count.total))),
        version=words("summary.version", model=audit.model_version, catalogue=words.day(audit.catalogue_date)),
        conclusion=conclude(reading),
        headline=_headline(reading),
        figures=_figures(reading),
        control=stacked(((one.value, words(f"control.short.{one.value}"), _counted(reading, one)) for one in Control), 680),
        control_title=words("control.title", **{one.value: _counted(reading, one) for one in Control}),
        layers=_layers(reading),
        decisions=_decisions(reading),
        actions=actions[:MOST_ACTIONS],
        dots=matrix((row.number, row.action, alternative.effort, alternative.gain)
                    for row, (_, alternative) in zip(actions[:MOST_ACTIONS], best_alternatives(reading), strict=False)),
        path=_path(reading, actions),
        after_score=None if last is None else words("summary.after_score", score=words.number(last.score_after, 0),
                                                    grade=last.grade_after.value),
        limits=tuple(words(f"limits.{n}") for n in range(1, 7)),
    )  # fmt: skip


def best_alternatives(reading: Reading) -> list[tuple[Move, Alternative]]:
    """The best alternative of each move, largest gain first, ties by offer."""
    best = [(move, max(move.alternatives, key=lambda one: one.gain)) for move in reading.audit.advice.moves if move.alternatives]
    return sorted(best, key=lambda pair: (-pair[1].gain, pair[1].offer))


def planned(reading: Reading) -> tuple[Action, ...]:
    """Every move with its best alternative, as printed, largest gain first."""
    return tuple(
        _action(reading, str(number), move.layer, move.provider, alternative.offer, alternative.gain,
                alternative.score_after, alternative.grade_after.value, alternative.effort, len(move.dependencies))
        for number, (move, alternative) in enumerate(best_alternatives(reading), start=1)
    )  # fmt: skip


def _decisions(reading: Reading) -> tuple[Action, ...]:
    services = {(move.layer, move.provider): len(move.dependencies) for move in reading.audit.advice.moves}
    return tuple(
        _action(reading, str(number), step.layer, step.provider, step.offer, step.gain, step.score_after,
                step.grade_after.value, step.effort, services.get((step.layer, step.provider), 1))
        for number, step in enumerate(reading.audit.advice.decisions[:3], start=1)
    )  # fmt: skip


def _action(
    reading: Reading, number: str, layer: Layer, provider: str | None, offer: str, gain: float, score_after: float,  # noqa: PLR0917
    grade_after: str, effort: str | None, services: int,
) -> Action:  # fmt: skip
    words = reading.words
    horizon = {"S": "90", "M": "12"}.get(effort or "", "24")
    return Action(
        number=number,
        action=words("action.replace", current=reading.provider_name(provider, 40), offer=offer_name(reading, offer)[:_SHORT]),
        layer=reading.layer_name(layer),
        gain=words.signed(gain),
        score_after=words.number(score_after, 0),
        grade_after=grade_after,
        effort=words(f"effort.{effort}") if effort in ("S", "M", "L") else words("effort.none"),
        lead=words(f"lead.{horizon}") if effort in ("S", "M", "L") else words("lead.none"),
        horizon=horizon,
        services=services,
    )


def _headline(reading: Reading) -> Headline:
    words, score = reading.words, reading.audit.score
    rated = reading.rated

    def points(value: float) -> str:
        return words.number(value, 0) if rated else "–"

    spread = [entry.attribution.confidence for entry in reading.audit.dependencies]
    tie = reading.audit.bands.get("tie")
    bounds = [words(f"cap.{cap.id}") for cap in score.caps if words.has(f"cap.{cap.id}")]
    return Headline(
        access=points(score.access),
        cutoff=points(score.cutoff),
        score=points(score.value),
        interval=words("headline.interval", worst=points(score.worst), best=points(score.best)) if rated else "",
        grade=score.grade.value,
        coverage=words.percent(score.coverage),
        confidence=", ".join(words(f"confidence.count.{one.value}", n=spread.count(one)) for one in Confidence if one in spread)
        or words("confidence.nothing"),
        lens_us=points(score.lens_us),
        lens_non_eu=points(score.lens_non_eu),
        band=words("headline.band", points=words.number(tie, 0)) if tie else words("headline.band_unknown"),
        bounded=words("headline.bounded", reasons=" ; ".join(dict.fromkeys(bounds))) if bounds and rated else None,
    )  # fmt: skip


def _counted(reading: Reading, control: Control) -> int:
    count = reading.audit.count
    return {Control.US: count.us, Control.THIRD: count.other_third, Control.EU: count.eu, Control.FR: count.fr,
            Control.UNKNOWN: count.unknown}[control]  # fmt: skip


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
    decisions = reading.audit.advice.decisions
    after = decisions[-1].layer_points_after if decisions else {}
    scale = max((row.max_points for row in score.layers), default=1.0)
    by_layer = {row.layer: row for row in score.layers}
    return tuple(_layer_row(reading, by_layer[layer], after.get(layer.value), scale) for layer in LAYERS if layer in by_layer)


def _layer_row(reading: Reading, row: LayerScore, after: float | None, scale: float) -> LayerRow:
    words = reading.words
    name = reading.layer_name(row.layer)
    points, most = words.number(row.points_lost), words.number(row.max_points)
    mine = [entry for entry in reading.audit.dependencies if entry.layer is row.layer]
    main = max(mine, key=lambda entry: (reading.points_of(entry.id), entry.id), default=None)
    item = reading.items.get(main.id) if main else None
    mark = reading.mark(reading.layer_verdict(row.layer))
    key = {"clear": "good", "unknown": "unknown", "not_applicable": "unknown"}.get(mark.key, "")
    title = words("bar.title", layer=name, points=points, most=most)
    if main is None:
        mark_word = words("layer.failed" if row.failed else "layer.empty")
        mark = Mark(key=mark.key, icon=mark.icon, word=mark_word)
    return LayerRow(
        name=name,
        points=points,
        most=most,
        bar=bar(title, row.points_lost, row.max_points, scale, after, key),
        provider=reading.operator_name(main, 34) if main else "–",
        country=reading.seat_of_control(main) if main else "–",
        level=reading.level_word(reading.worst_nexus(item)) if item else "",
        mark=mark,
        after=None if after is None else words.number(after),
        after_bar=None if after is None else bar(
            words("bar.after", layer=name, points=words.number(after)), after, row.max_points, scale, None, key),
    )  # fmt: skip


def _path(reading: Reading, actions: tuple[Action, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    words = reading.words
    settle = dict.fromkeys(
        reading.shown(words.of(entry.attribution.settle), 120)
        for entry in reading.audit.dependencies
        if entry.attribution.settle is not None
    )
    first = list(settle)[:2]
    rows: list[tuple[str, tuple[str, ...]]] = []
    for horizon in ("90", "12", "24"):
        mine = [words("path.action", action=one.action, gain=one.gain) for one in actions if one.horizon == horizon]
        lines = (first if horizon == "90" else []) + mine
        rows.append((words(f"path.{horizon}"), tuple(lines[:4]) or (words("path.nothing"),)))
    return tuple(rows)
