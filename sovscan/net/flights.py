"""The same question at the same time is asked once; a few answers are kept for later askers of the run."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

_Answer = TypeVar("_Answer")


class Flights(Generic[_Answer]):
    """Shared questions of one kind. An asker who gives up takes nothing away from the others."""

    def __init__(self, *, kept: int) -> None:
        """``kept``: how many finished answers are remembered, least recently used ones dropped first."""
        self._kept_limit = kept
        self._kept: dict[str, _Answer] = {}
        self._tasks: dict[str, asyncio.Task[_Answer]] = {}

    async def share(self, key: str, ask: Callable[[], Awaitable[_Answer]]) -> _Answer:
        """Return the answer for a key: remembered, on its way, or asked for now."""
        if key in self._kept:
            self._kept[key] = self._kept.pop(key)
            return self._kept[key]
        task = self._tasks.get(key)
        if task is None:
            task = asyncio.ensure_future(self._ask(key, ask))
            self._tasks[key] = task
        return await asyncio.shield(task)

    async def aclose(self) -> None:
        """Give up what is still on its way."""
        tasks = tuple(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, key: str, ask: Callable[[], Awaitable[_Answer]]) -> _Answer:
        try:
            answer = await ask()
        finally:
            del self._tasks[key]
        if self._kept_limit:
            self._kept[key] = answer
            if len(self._kept) > self._kept_limit:
                del self._kept[next(iter(self._kept))]
        return answer
