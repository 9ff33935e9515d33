"""CSV as RFC 4180 has it, in which no cell is a formula (REPORTS 2, THREATS A5)."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = tuple("=+-@|\t\r\n＝＋－＠｜")
"""A spreadsheet may take a cell that begins so for a formula or a command; the full-width forms as well."""


def write_csv(rows: Iterable[Sequence[str | float | int]]) -> bytes:
    """UTF-8, commas, CRLF. Texts are guarded, numbers written plainly."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8", "replace")


def guarded(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would calculate it."""
    return f"'{text}" if text.lstrip(" \u00a0\u202f").startswith(_FORMULA) else text
