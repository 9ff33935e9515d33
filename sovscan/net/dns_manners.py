"""Manners towards one server: how fast it is asked, how long an answer is awaited, when it is left alone."""

import asyncio
from collections.abc import Callable

BURST_SECONDS = 0.2
"""Questions of this much time may go out at once after a pause."""

FLOOR, FIRST, CEILING = 0.150, 0.400, 4.0
"""Shortest, first and longest wait for an answer before it is asked again, in seconds."""

FAILURES_TO_OPEN, OPEN_SECONDS = 5, 60.0
"""Silences in a row after which a server is left alone, and for how long."""


class TokenBucket:
    """Lets at most ``rate`` sends a second pass, first come first served."""

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._clock = clock
        self._burst = max(1.0, rate * BURST_SECONDS)
        self._tokens = self._burst
        self._at = clock()
        self.unlimited = rate == float("inf")

    def debit(self) -> float:
        """Take one token, on credit if need be; seconds to wait before the send it pays for."""
        if self.unlimited:
            return 0.0
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        self._tokens -= 1.0
        return max(0.0, -self._tokens / self._rate)

    async def take(self) -> None:
        """Return when one send may go out."""
        wait = self.debit()
        if wait:
            await asyncio.sleep(wait)


class RoundTrip:
    """Adaptive time-out: srtt + 4 var with the gains of RFC 6298, bounded by FLOOR and CEILING."""

    def __init__(self) -> None:
        self._smoothed = 0.0
        self._variation = 0.0
        self.timeout = FIRST
        """Seconds to wait after the first send; doubled by the caller after each further one."""

    def sample(self, seconds: float) -> None:
        """Learn from an answer how long its send took.

        Karn's rule, no sample from what was sent twice, is met in substance: every send has its own id, so an answer
        tells which send it belongs to. Late answers thus lengthen the wait and end a storm of needless sends.
        """
        if self._smoothed == 0.0:
            self._smoothed, self._variation = seconds, seconds / 2
        else:
            self._variation += (abs(self._smoothed - seconds) - self._variation) / 4
            self._smoothed += (seconds - self._smoothed) / 8
        timeout = self._smoothed + 4 * self._variation
        self.timeout = FLOOR if timeout < FLOOR else min(timeout, CEILING)


class Breaker:
    """Counts silences in a row; any reply, whatever it says, shows that the server is there."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._silences = 0
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the server is to be left alone; false again when the pause is over, for one question at a time."""
        if not self._open_until:
            return False
        if self._clock() < self._open_until:
            return True
        # This caller is the probe; the others keep away until it knows.
        self._open_until = self._clock() + OPEN_SECONDS
        return False

    @property
    def suspects(self) -> bool:
        """Whether so many questions in a row met silence that the server itself may be gone."""
        return self._silences >= FAILURES_TO_OPEN

    def replied(self) -> None:
        """Note a reply."""
        self._silences = 0
        self._open_until = 0.0

    def silent(self) -> None:
        """Note a question that ended in silence."""
        self._silences += 1

    def open(self) -> None:
        """Leave the server alone from now on."""
        self._open_until = self._clock() + OPEN_SECONDS
