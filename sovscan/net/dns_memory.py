"""Answers kept for the rest of a run, so that names shared between domains are asked once."""

from collections.abc import Callable

from sovscan.model.evidence import Outcome
from sovscan.net.answers import DnsAnswer

SHARED_NAMES = 10_000
"""Most answers kept; the half wanted least recently goes first."""

FAILURE_KEPT = 60.0
"""Seconds after which a question that failed may be asked again."""


class AnswerMemory:
    """Answers by question, in two halves: what is wanted again moves to the newer one, the older one is dropped whole.

    That is nearly the order of last use, without keeping a list of it for every answer.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._newer: dict[str, DnsAnswer] = {}
        self._older: dict[str, DnsAnswer] = {}
        self._failed: dict[str, float] = {}

    def recall(self, key: str) -> DnsAnswer | None:
        """The answer kept for a question; None when there is none or it was a failure of more than a minute ago."""
        answer = self._newer.get(key)
        if answer is None:
            answer = self._older.get(key)
            if answer is None:
                return None
            self.keep(key, answer)
        if answer.outcome is Outcome.FAILED and self._clock() - self._failed[key] > FAILURE_KEPT:
            del self._newer[key], self._failed[key]
            self._older.pop(key, None)
            return None
        return answer

    def keep(self, key: str, answer: DnsAnswer) -> None:
        """Keep an answer."""
        if len(self._newer) >= SHARED_NAMES // 2:
            self._older, self._newer = self._newer, {}
            self._failed = {name: at for name, at in self._failed.items() if name in self._older}
        if answer.outcome is Outcome.FAILED:
            self._failed.setdefault(key, self._clock())
        self._newer[key] = answer
