"""What to do, in which order, and by when."""

from dataclasses import dataclass

from sovscan.model.audit import Alternative, Move, Step
from sovscan.render.view.reading import Reading
from sovscan.render.view.replacing import behind, by_what, once, what

MOST_LINES = 3
"""Of each column of the path: the summary is exactly two pages."""
MOST_SIGNS = 120
"""Of an open question that such a line says whole; a longer one is told by its page."""
_HORIZONS = {"S": "90", "M": "12", "L": "24"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One line of advice, as the summary and the roadmap print it."""

    number: str
    action: str
    """What is replaced."""
    by: str
    """By what sort of offer, with examples and the condition; it follows ``action``."""
    once: str
    """The condition alone, for places where examples stand elsewhere; empty when there is none."""
    layer: str
    gain: str
    score_after: str
    grade_after: str
    effort: str
    lead: str
    horizon: str
    """``90``, ``12`` or ``24``: days, months, months."""
    services: int


def planned(reading: Reading) -> tuple[Action, ...]:
    """Every move with its best alternative, as printed and in that order; nothing is simulated when unrated."""
    if not reading.rated:
        return ()
    return tuple(
        _action(reading, number, _alone(move, alternative), move, alternative)
        for number, (move, alternative) in enumerate(best_alternatives(reading), start=1)
    )


def decided(reading: Reading) -> tuple[Action, ...]:
    """The decisions put first, cumulative; nothing is simulated when unrated."""
    if not reading.rated:
        return ()
    steps = [(step, behind(reading, step)) for step in reading.audit.advice.decisions[:3]]
    return tuple(_action(reading, number, step, *found) for number, (step, found) in enumerate(steps, start=1) if found)


def best_alternatives(reading: Reading) -> list[tuple[Move, Alternative]]:
    """The best alternative of each move: the decisions put first in their order, then the largest gain, ties by offer.

    So a number means one action throughout the report.
    """
    decided_first = {(step.layer, step.provider): n for n, step in enumerate(reading.audit.advice.decisions[:3])}
    best = [
        (move, max(move.alternatives, key=lambda one: one.gain))
        for move in reading.audit.advice.moves
        if move.alternatives
    ]
    return sorted(
        best, key=lambda pair: (decided_first.get((pair[0].layer, pair[0].provider), 3), -pair[1].gain, pair[1].offer)
    )


def path(reading: Reading, actions: tuple[Action, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What to do within 90 days, 12 and 24 months, at most three lines each; open questions come first."""
    words = reading.words
    settle = dict.fromkeys(
        words.of(entry.attribution.settle)
        for entry in reading.audit.dependencies
        if entry.attribution.settle is not None
    )
    short = [shown for sentence in settle if len(shown := reading.shown(sentence)) <= MOST_SIGNS]
    first = short[:1] or ([words("path.settle", n=len(settle))] if settle else [])
    rows: list[tuple[str, tuple[str, ...]]] = []
    for horizon in _HORIZONS.values():
        mine = [
            words("path.action", action=one.action + one.once, gain=one.gain)
            for one in actions
            if one.horizon == horizon
        ]
        lines = (first if horizon == "90" else []) + mine
        if len(lines) > MOST_LINES:
            lines = [*lines[: MOST_LINES - 1], words("path.more", n=len(lines) - MOST_LINES + 1)]
        rows.append((words(f"path.{horizon}"), tuple(lines) or (words("path.nothing"),)))
    return tuple(rows)


def _alone(move: Move, alternative: Alternative) -> Step:
    return Step(
        layer=move.layer,
        provider=move.provider,
        offer=alternative.offer,
        gain=alternative.gain,
        score_after=alternative.score_after,
        grade_after=alternative.grade_after,
        effort=alternative.effort,
    )


def _action(reading: Reading, number: int, step: Step, move: Move, best: Alternative) -> Action:
    words, known = reading.words, step.effort in _HORIZONS
    horizon = _HORIZONS.get(step.effort or "", "24")
    return Action(
        number=str(number),
        action=what(reading, move),
        by=by_what(reading, move, best),
        once=once(reading, move),
        layer=reading.layer_name(step.layer),
        gain=words.signed(step.gain),
        score_after=words.number(step.score_after, 0),
        grade_after=step.grade_after.value,
        effort=words(f"effort.{step.effort}" if known else "effort.none"),
        lead=words(f"lead.{horizon}" if known else "lead.none"),
        horizon=horizon,
        services=len(move.dependencies),
    )
