"""Text from outside, as a report may show it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sovscan.files.safe_text import SHOWN_LIMIT, safe_text

Row = TypeVar("Row")
_IN_BRACKETS = re.compile(r" \([^()]*\)$")
_OTHER_NAME = re.compile(r" / .*$")


@dataclass(frozen=True, slots=True)
class Shown:
    """Turns outside text into text that can be printed: nothing invisible, nothing endless, nothing undrawable."""

    drawable: frozenset[int] | None = None
    """Code points that the fonts of the report draw; None: the reader's own fonts are there too."""

    def __call__(self, value: str, limit: int = SHOWN_LIMIT) -> str:
        """The value, escaped as in ``safe_text`` and cut to ``limit`` characters."""
        text = safe_text(value, limit)
        if self.drawable is None or text.isascii():
            return text
        return "".join(sign if ord(sign) in self.drawable else f"\\u{{{ord(sign):x}}}" for sign in text)


def halves(rows: Sequence[Row]) -> tuple[tuple[Row, ...], ...]:
    """The rows in two halves that stand side by side, the first the longer; one half when there is one row."""
    middle = (len(rows) + 1) // 2
    return tuple(half for half in (tuple(rows[:middle]), tuple(rows[middle:])) if half)


def shorter(name: str, most: int) -> str:
    """A name that is too long without its brackets, then without its other names; never a piece of one."""
    for lesser in (_IN_BRACKETS, _OTHER_NAME):
        if len(name) > most:
            name = lesser.sub("", name)
    return name


def cut(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis when it is longer than ``most`` characters."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    return (kept.rpartition(" ")[0] or kept).rstrip(" ,;:\u202f\u00a0") + "…"
