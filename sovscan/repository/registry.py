"""The readers of this room, found by listing them."""

import re
from collections.abc import Iterable
from fnmatch import translate
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import sovscan.repository.readers
from sovscan.repository.trace import Reader


@cache
def all_readers() -> tuple[Reader, ...]:
    """Every ``READER`` that a module of ``repository/readers`` exports, sorted by id."""
    modules = sorted(found.name for found in iter_modules(sovscan.repository.readers.__path__))
    exported = (getattr(import_module(f"sovscan.repository.readers.{name}"), "READER", None) for name in modules)
    return tuple(sorted((reader for reader in exported if isinstance(reader, Reader)), key=lambda one: one.id))


class Recogniser:
    """Which readers a path concerns."""

    def __init__(self, readers: Iterable[Reader]) -> None:
        self._by_name: list[tuple[Reader, re.Pattern[str]]] = []
        for reader in readers:
            shapes = (f"(?:.*/)?{translate(pattern)}" for pattern in reader.patterns)
            self._by_name.append((reader, re.compile("|".join(shapes))))

    def readers_of(self, path: str) -> tuple[Reader, ...]:
        """The readers whose patterns the path fits, in order of id."""
        lowered = path.lower()
        return tuple(reader for reader, shape in self._by_name if shape.match(lowered))
