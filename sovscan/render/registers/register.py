"""What a register is, and which there are: one module of this package each."""

import functools
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from sovscan.locale.words import words as words_of
from sovscan.model.audit import Audit
from sovscan.render import registers
from sovscan.render.csv_text import Cell, csv_text
from sovscan.render.view.reading import Reading, read
from sovscan.render.view.shown import Shown

Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One register to feed."""

    name: str
    """As typed after ``export``."""
    columns: tuple[str, ...]
    """Keys of the titles under ``register.``; the status comes last in every register and is added."""
    rows: Callable[[Reading], Iterator[tuple[Row, str, tuple[str, ...]]]]
    """Cells of the columns, then confidence and observation ids behind the row."""


def render_register(register: Register, audit: Audit, language: str, dialect: str = "rfc4180") -> bytes:
    """The candidate rows as CSV, in ``fr`` or ``en``; the same audit gives the same bytes."""
    reading = read(audit, words_of(language), Shown())
    words = reading.words
    header = [words(f"register.{key}") for key in (*register.columns, "evidence", "status")]
    day = words.day(audit.evidence.collected_at[:10])
    rows = [
        (
            *cells,
            " ".join(because),
            words("register.status.candidate", day=day, confidence=words(f"confidence.{confidence}")),
        )
        for cells, confidence, because in register.rows(reading)
    ]
    return csv_text(header, rows, dialect)


@functools.cache
def all_registers() -> MappingProxyType[str, Register]:
    """Every register by name, sorted."""
    found: dict[str, Register] = {}
    for module in sorted(entry.name for entry in pkgutil.iter_modules(registers.__path__)):
        candidate = getattr(import_module(f"{registers.__name__}.{module}"), "REGISTER", None)
        if isinstance(candidate, Register):
            found[candidate.name] = candidate
    return MappingProxyType(found)
