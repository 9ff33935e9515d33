"""What to do, one row a finding, for whatever tracks work (REPORTS 2)."""

from sovscan.locale.words import words as words_of
from sovscan.model.audit import Audit
from sovscan.render.csv_text import csv_text
from sovscan.render.format import Format, RenderOptions
from sovscan.render.view.reading import read
from sovscan.render.view.shown import Shown
from sovscan.render.view.tickets import tickets

COLUMNS = (
    "id", "number", "title", "status", "verdict", "severity", "target", "layer", "service", "provider", "parent",
    "country", "why", "action", "done_when", "gain_points", "effort", "depends_on", "priority", "evidence", "owner",
    "due",
)  # fmt: skip
"""The same in every language, for whoever imports the table; owner and due stay empty."""


def render_tickets_csv(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """A header and one row a ticket, the heaviest first."""
    reading = read(audit, words_of(language), Shown())
    rows = [
        (
            one.id, one.number, one.title, one.status, one.verdict, one.severity, one.target, one.layer, one.service,
            one.provider, one.parent, one.country, one.why, one.action, one.done_when, one.gain, one.effort,
            " ".join(one.depends_on), one.priority, " ".join(one.evidence), "", "",
        )
        for one in tickets(reading, options)
    ]  # fmt: skip
    return csv_text(COLUMNS, rows, options.csv_dialect)


FORMAT = Format(name="tickets-csv", extension="csv", media_type="text/csv", render=render_tickets_csv)
