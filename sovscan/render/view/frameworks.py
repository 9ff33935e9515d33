"""The reading along the EU Cloud Sovereignty Framework: what is seen, what never can be."""

from dataclasses import dataclass

from sovscan.model.exposure import Item
from sovscan.render.view.pictures import Bar, bar
from sovscan.render.view.reading import Reading

_FACTS = ("SOV-5", "SOV-6", "SOV-7")


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One SOV objective."""

    id: str
    name: str
    value: str
    bar: Bar | None
    """None: no number is given, the cell is hatched."""
    seen: str
    unseen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """The framework page."""

    ceiling: str
    ceiling_sentence: str
    objectives: tuple[Objective, ...]
    concentration: tuple[str, ...]


def framework(reading: Reading) -> Framework:
    """The SEAL ceiling and the SOV view; numbers are dashes when the audit is not rated."""
    words, score = reading.words, reading.audit.score
    ceiling = score.seal_ceiling if reading.rated else None
    return Framework(
        ceiling="–" if ceiling is None else f"SEAL-{ceiling}",
        ceiling_sentence=words("seal.none") if ceiling is None else words("seal.at_most", level=str(ceiling)),
        objectives=tuple(_objective(reading, name, value) for name, value in sorted(score.sov.items())),
        concentration=_concentration(reading),
    )


def _objective(reading: Reading, name: str, value: float | None) -> Objective:
    words = reading.words
    title = words(f"sov.{name}.name") if words.has(f"sov.{name}.name") else reading.shown(name, 20)
    printed = words("sov.facts" if name in _FACTS else "sov.unseen")
    picture = None
    if value is not None and reading.rated:
        printed = words("sov.value", value=words.number(value, 0))
        picture = bar(
            words("sov.bar", name=name, value=words.number(value, 0)),
            value,
            100.0,
            scale=100.0,
            key="good" if value >= 80 else "middle" if value >= 50 else "bad",
        )
    return Objective(
        id=reading.shown(name, 20),
        name=title,
        value=printed,
        bar=picture,
        seen=words(f"sov.{name}.seen") if words.has(f"sov.{name}.seen") else "",
        unseen=words(f"sov.{name}.unseen") if words.has(f"sov.{name}.unseen") else "",
    )


def _concentration(reading: Reading) -> tuple[str, ...]:
    words = reading.words
    lost: dict[str, float] = {}
    layers: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for item in reading.audit.items:
        lost[item.controller] = lost.get(item.controller, 0.0) + reading.points_of(item.id)
        layers.setdefault(item.controller, set()).add(item.layer.value)
        names.setdefault(item.controller, _controller(reading, item))
    total = sum(row.points_lost for row in reading.audit.score.layers)
    largest = sorted(lost, key=lambda name: (-lost[name], name))[:3]
    return tuple(
        words(
            "concentration.line",
            name=names[name],
            points=words.number(lost[name]),
            share=words.percent(lost[name] / total),
            n=len(layers[name]),
        )
        for name in largest
        if total and lost[name] > 0
    )


def _controller(reading: Reading, item: Item) -> str:
    dependency = reading.dependencies.get(item.id)
    attribution = dependency.attribution if dependency else None
    if dependency and attribution and (attribution.operator_self or attribution.provider is None):
        # The key under which the score merges them is no name.
        return reading.operator_name(dependency)
    return reading.name(item.controller, 70)
