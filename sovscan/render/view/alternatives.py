"""What could replace a provider, offer by offer."""

from dataclasses import dataclass

from sovscan.model.audit import Alternative, Move
from sovscan.model.exposure import Level
from sovscan.render.view.reading import Reading
from sovscan.render.view.replacing import examples, once, varied

MOST_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeRow:
    """One offer that would raise the score in the same role."""

    name: str
    provider: str
    country: str
    doubt: str
    """That who owns it is to confirm; empty when that has a source."""
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


def move_view(reading: Reading, move: Move) -> MoveView:
    """A move with some of its alternatives, in the order of the advice."""
    title = reading.words("move.title", current=reading.replaced_name(move), layer=reading.layer_name(move.layer))
    return MoveView(
        title=title + once(reading, move),
        alternatives=tuple(_alternative(reading, one) for one in _listed(move)),
    )


def _listed(move: Move) -> tuple[Alternative, ...]:
    """Those that differ most, and every one that a decision or the conclusion names."""
    best = max(move.alternatives, key=lambda one: one.gain)
    chosen = (*varied(move.alternatives, MOST_ALTERNATIVES), *examples(move, best))
    return tuple(one for one in move.alternatives if one in chosen)


def _alternative(reading: Reading, one: Alternative) -> AlternativeRow:
    words, shown = reading.words, reading.shown
    worst = max(one.nexuses, key=lambda nexus: tuple(Level).index(nexus.level), default=None)
    return AlternativeRow(
        name=reading.name(one.name),
        provider=reading.name(one.provider_name) if one.provider_name not in one.name else "",
        country=shown(one.country, 2),
        doubt="" if one.sourced else words("owner.to_confirm"),
        level=reading.level_word(worst) if worst else words(f"level.{one.level.value}"),
        host=_host(reading, one),
        licence=shown(one.licence, 40) if one.licence else "",
        qualification=shown(one.qualification, 60) if one.qualification else words("alternative.unqualified"),
        effort=words(f"effort.{one.effort}") if one.effort in ("S", "M", "L") else words("effort.none"),
        caution=reading.sentence(one.caution) if one.caution else None,
        score_after=words.number(one.score_after, 0),
        gain=words.signed(one.gain),
        grade_after=one.grade_after.value,
    )


def _host(reading: Reading, one: Alternative) -> str:
    if one.self_run:
        return reading.words("alternative.self_run")
    named = ", ".join(reading.name(host, 60) for host in one.hosts)
    if not one.host_known:
        unknown = reading.words("alternative.host_unknown")
        return f"{named} ({unknown})" if named else unknown
    return named or reading.words("alternative.own_host")
