"""Geometry of the charts: the macros only write these numbers down."""

from collections.abc import Iterable
from dataclasses import dataclass

BAR = 96.0
"""Width of a small bar, in units of its drawing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One part of the stacked control bar."""

    key: str
    label: str
    text: str
    """What fits inside the segment; empty when nothing does."""
    number: int
    x: str
    width: str
    middle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar on its track, with a mark for where it would stand after the decisions."""

    title: str
    key: str
    """``bad``, ``middle``, ``good`` or ``unknown``."""
    track: str
    width: str
    mark: str | None
    """None: no mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """One step of the waterfall from 100 down to the score."""

    label: str
    value: str
    x: str
    width: str
    y: str
    middle: str
    label_x: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One action in the matrix of effort and gain."""

    number: str
    title: str
    x: str
    y: str


def unit(value: float) -> str:
    """A length with at most two decimals, the same in every locale."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def stacked(parts: Iterable[tuple[str, str, int]], width: float) -> tuple[Segment, ...]:
    """Segments of (key, label, number), empty ones left out, with a gap of 2 between neighbours."""
    shown = [part for part in parts if part[2] > 0]
    total = sum(number for _, _, number in shown)
    room = width - 2.0 * max(0, len(shown) - 1)
    found: list[Segment] = []
    x = 0.0
    for key, label, number in shown:
        wide = room * number / total
        text = f"{label} {number}" if wide > 7.2 * (len(label) + 4) else str(number) if wide > 16 else ""
        found.append(
            Segment(
                key=key, label=label, text=text, number=number, x=unit(x), width=unit(wide), middle=unit(x + wide / 2)
            )
        )
        x += wide + 2.0
    return tuple(found)


def bar(title: str, value: float, most: float, *, scale: float, after: float | None = None, key: str = "") -> Bar:
    """A bar of ``value`` on a track of ``most``, all of it drawn on ``scale``."""
    share = value / most if most else 0.0
    colour = key or ("bad" if share >= 0.5 else "middle" if share >= 0.2 else "good")
    return Bar(
        title=title,
        key=colour,
        track=unit(max(1.5, BAR * most / scale)),
        width=unit(BAR * value / scale),
        mark=None if after is None or after >= value - 0.05 else unit(BAR * after / scale),
    )


def waterfall(losses: Iterable[tuple[str, str, float]], score: tuple[str, str, float], start: str) -> tuple[Drop, ...]:
    """From 100 down to the score: one row a loss of (label, printed value, points), then the score itself."""
    left, width, row = 190.0, 400.0, 20.0
    drops = [
        Drop(
            label=start,
            value="100",
            x=unit(left),
            width=unit(width),
            y="0",
            middle=unit(row / 2 + 3),
            label_x=unit(left + width + 6),
            key="whole",
        )
    ]
    level = 100.0
    for number, (label, value, points) in enumerate(losses, start=1):
        level -= points
        drops.append(
            Drop(
                label=label,
                value=value,
                x=unit(left + width * level / 100),
                key="loss",
                width=unit(max(0.8, width * points / 100)),
                y=unit(row * number),
                middle=unit(row * number + row / 2 + 3),
                label_x=unit(left + width * (level + points) / 100 + 6),
            )
        )
    label, value, points = score
    y = row * len(drops)
    drops.append(
        Drop(
            label=label,
            value=value,
            x=unit(left),
            width=unit(width * points / 100),
            y=unit(y),
            middle=unit(y + row / 2 + 3),
            label_x=unit(left + width * points / 100 + 6),
            key="score",
        )
    )
    return tuple(drops)


def matrix(actions: Iterable[tuple[str, str, str | None, float]]) -> tuple[Dot, ...]:
    """Dots of (number, title, effort, gain): effort from left to right, gain upwards; neighbours stand side by side."""
    listed = tuple(actions)
    most = max((gain for *_, gain in listed), default=1.0) or 1.0
    columns = {"S": 0, "M": 1, "L": 2}
    placed: list[tuple[float, float]] = []
    dots: list[Dot] = []
    for number, title, effort, gain in listed:
        x, y = 60.0 + 76.0 * columns.get(effort or "", 3), 14.0 + 92.0 * (1 - gain / most)
        while any(abs(x - other_x) < 17 and abs(y - other_y) < 17 for other_x, other_y in placed):
            x += 17.0
        placed.append((x, y))
        dots.append(Dot(number=number, title=title, x=unit(x), y=unit(y)))
    return tuple(dots)
