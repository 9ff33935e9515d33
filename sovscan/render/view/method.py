"""The worked example: this report's own score, recomputed line by line from its terms."""

from dataclasses import dataclass
from math import fsum

from sovscan.model.score import LayerScore, Term
from sovscan.render.view.pictures import Drop, waterfall
from sovscan.render.view.reading import LAYERS, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedLayer:
    """One layer of the worked example."""

    name: str
    weight_access: str
    risk_access: str
    lost_access: str
    weight_cutoff: str
    risk_cutoff: str
    lost_cutoff: str
    lost: str
    left: str
    """What remains of 100 after this layer and those before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedTerm:
    """One share of the points lost."""

    layer: str
    source: str
    access: str
    cutoff: str
    total: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """The methodology page."""

    layers: tuple[WorkedLayer, ...]
    terms: tuple[WorkedTerm, ...]
    terms_left_out: str | None
    total: str
    score: str
    check: str
    drops: tuple[Drop, ...]
    drops_height: str
    caps: tuple[str, ...]
    overrides: tuple[str, ...]


MOST_TERMS = 14


def method(reading: Reading, most_terms: int = MOST_TERMS) -> Method:
    """The worked example of an audit, with its ``most_terms`` largest terms."""
    words, score = reading.words, reading.audit.score
    rows = {row.layer: row for row in score.layers}
    left = 100.0
    layers: list[WorkedLayer] = []
    for layer in LAYERS:
        if layer in rows:
            left -= rows[layer].points_lost
            layers.append(_layer(reading, rows[layer], left))
    lost = fsum(row.points_lost for row in score.layers)
    losses = [
        (reading.layer_name(layer), words.signed(-rows[layer].points_lost), rows[layer].points_lost)
        for layer in LAYERS
        if layer in rows and rows[layer].points_lost >= 0.05
    ]
    terms = sorted(score.terms, key=lambda term: (-(term.access + term.cutoff), term.layer, term.source))
    rest = terms[most_terms:]
    drops = waterfall(losses, (words("method.score"), words.number(score.value), score.value), words("method.start"))
    return Method(
        layers=tuple(layers),
        terms=tuple(_term(reading, term) for term in terms[:most_terms]),
        terms_left_out=words(
            "method.more_terms", n=len(rest), points=words.number(fsum(term.access + term.cutoff for term in rest), 2)
        )
        if rest
        else None,
        total=words.number(lost, 2),
        score=words.number(score.value, 2),
        check=words("method.check", lost=words.number(lost, 2), score=words.number(100 - lost, 2)),
        drops=drops,
        drops_height=str(20 * len(drops)),
        caps=tuple(
            words(
                "method.cap",
                grade=cap.grade.value,
                why=words(f"cap.{cap.id}") if words.has(f"cap.{cap.id}") else reading.shown(cap.id),
                because=", ".join(_because(reading, one) for one in cap.because[:4]) or "–",
            )
            for cap in score.caps
        ),
        overrides=tuple(
            f"{reading.shown(key, 120)} = {reading.shown(value, 160)}"
            for key, value in sorted(reading.audit.overrides.items())
        ),
    )


def _layer(reading: Reading, row: LayerScore, left: float) -> WorkedLayer:
    number = reading.words.number
    access = fsum(term.access for term in reading.audit.score.terms if term.layer is row.layer)
    cutoff = fsum(term.cutoff for term in reading.audit.score.terms if term.layer is row.layer)
    return WorkedLayer(
        name=reading.layer_name(row.layer),
        weight_access=number(access / row.risk_access, 2) if row.risk_access else "–",
        risk_access=number(row.risk_access, 4),
        lost_access=number(access, 2),
        weight_cutoff=number(cutoff / row.risk_cutoff, 2) if row.risk_cutoff else "–",
        risk_cutoff=number(row.risk_cutoff, 4),
        lost_cutoff=number(cutoff, 2),
        lost=number(row.points_lost, 2),
        left=number(left, 2),
    )


def _term(reading: Reading, term: Term) -> WorkedTerm:
    words = reading.words
    dependency = reading.dependencies.get(term.dependency) if term.dependency else None
    if term.dependency is None:
        source = words(f"term.{term.source}") if words.has(f"term.{term.source}") else reading.shown(term.source, 60)
    elif dependency is None:
        source = reading.shown(term.dependency, 90)
    else:
        source = f"{reading.role_name(dependency)}, {reading.operator_name(dependency)}"
    return WorkedTerm(
        layer=reading.layer_name(term.layer),
        source=source,
        access=words.number(term.access, 2),
        cutoff=words.number(term.cutoff, 2),
        total=words.number(term.access + term.cutoff, 2),
    )


def _because(reading: Reading, cause: str) -> str:
    for layer in LAYERS:
        if layer.value == cause:
            return reading.layer_name(layer)
    for dependency in reading.audit.dependencies:
        if dependency.id == cause:
            return f"{reading.role_name(dependency)}, {reading.operator_name(dependency)}"
    return reading.shown(cause, 80)
