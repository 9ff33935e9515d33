"""One timer for all questions that wait for one server, instead of a timer of the event loop for each.

Looking through what is pending at every tick costs some 50 ns a question in flight. Entering each question into a
timer, and taking it out again when its answer comes after a few milliseconds, would cost fifty times that.
"""

import asyncio
from collections.abc import Callable

TICK = 0.01
"""Seconds between two looks: how late a repetition may go out."""


class Ticker:
    """Calls a function at every tick, for as long as that says that there is something to look after."""

    def __init__(self, loop: asyncio.AbstractEventLoop, look: Callable[[float], bool]) -> None:
        """``look`` gets the loop's time and says whether to look again."""
        self._loop = loop
        self._look = look
        self._handle: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to tick, unless it ticks already."""
        if self._handle is None:
            self._handle = self._loop.call_later(TICK, self._tick)

    def close(self) -> None:
        """Stop."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _tick(self) -> None:
        self._handle = None
        if self._look(self._loop.time()):
            self.start()
