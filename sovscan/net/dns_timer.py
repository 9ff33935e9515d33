"""One timer for all pending questions: a wheel of slots instead of a timer of the event loop for each."""

import asyncio
from typing import Protocol

TICK = 0.01
"""Width of a slot in seconds: how late a call may come."""


class Expiring(Protocol):
    """What has a time to come."""

    def expire(self) -> None:
        """Take note that the time has come."""


class TimerWheel:
    """Calls ``expire`` of things at about a given time of the loop's clock; adding costs one list append.

    There is no cancel: who no longer wants the call ignores it when it comes.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._slots: dict[int, list[Expiring]] = {}
        self._ticking: asyncio.TimerHandle | None = None
        self._done = 0

    def add(self, when: float, expiring: Expiring) -> None:
        """Call ``expiring.expire()`` at ``when`` or up to one tick later."""
        number = int(when / TICK) + 1
        if number <= self._done:
            number = self._done + 1
        slot = self._slots.get(number)
        if slot is None:
            slot = self._slots[number] = []
            if self._ticking is None:
                self._done = int(self._loop.time() / TICK) - 1
                self._ticking = self._loop.call_later(TICK, self._tick)
        slot.append(expiring)

    def close(self) -> None:
        """Forget everything that was still to be called."""
        self._slots.clear()
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None

    def _tick(self) -> None:
        self._ticking = None
        now = int(self._loop.time() / TICK)
        first, self._done = self._done + 1, now
        # After a long pause the slots are fewer than the ticks that went by.
        due = range(first, now + 1) if now - first < len(self._slots) else sorted(n for n in self._slots if n <= now)
        for number in due:
            for expiring in self._slots.pop(number, ()):
                expiring.expire()
        if self._slots and self._ticking is None:
            self._ticking = self._loop.call_later(TICK, self._tick)
