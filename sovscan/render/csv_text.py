"""Comma-separated values (RFC 4180) that no spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from sovscan.files.safe_text import safe_text
from sovscan.render.csv_cells import guarded

Cell = str | int | float | None
DIALECTS = ("rfc4180", "excel-fr")
LONGEST_CELL = 32_000
"""Characters; spreadsheets cut at 32,767."""


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Cell]], dialect: str = "rfc4180") -> bytes:
    """The table in UTF-8 with CRLF; ``excel-fr``: byte-order mark, semicolons, decimal comma.

    A text that a spreadsheet could read as a formula gets a leading apostrophe; a number does not.
    """
    french = dialect == "excel-fr"
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";" if french else ",", lineterminator="\r\n")
    writer.writerow([_cell(title, french=french) for title in header])
    writer.writerows([_cell(cell, french=french) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig" if french else "utf-8")


def _cell(value: Cell, *, french: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        written = f"{value:.1f}"
        return written.replace(".", ",") if french else written
    if isinstance(value, int):
        return str(value)
    # Guarded as it was: a tab or a line end is shown as an escape.
    return safe_text(guarded(value), LONGEST_CELL)
