"""The findings as a table for a spreadsheet."""

from sovscan.locale.words import words as words_of
from sovscan.model.audit import Audit
from sovscan.render.csv_cells import write_csv
from sovscan.render.format import Format, RenderOptions
from sovscan.render.view.listing import Listed, listed
from sovscan.render.view.reading import Reading, read
from sovscan.render.view.shown import Shown

COLUMNS = (
    "id", "verdict", "severity", "confidence", "layer", "title", "service", "provider", "controller", "country",
    "level", "location", "path", "line", "points_lost", "standing", "accepted", "why", "remedy", "rule", "evidence",
)  # fmt: skip
"""Names of columns are the same in every language, for whoever reads the table with a program."""


def render_csv(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """A header and one row a finding, the heaviest first; titles and verdicts in the reader's language."""
    reading = read(audit, words_of(language), Shown())
    return write_csv([COLUMNS, *(_row(reading, entry) for entry in listed(reading, options))])


def _row(reading: Reading, entry: Listed) -> tuple[str | float | int, ...]:
    finding, row = entry.finding, entry.row
    return (
        finding.id,
        row.mark.word,
        row.severity,
        row.confidence,
        reading.layer_name(finding.layer) if finding.layer else "",
        row.title,
        row.service,
        entry.provider,
        entry.controller,
        entry.country,
        entry.level,
        row.location,
        entry.path or "",
        entry.line or "",
        row.points_value,
        reading.words(f"standing.{entry.standing.value}"),
        entry.why,
        row.why,
        row.remedy,
        finding.rule,
        " ".join(row.evidence),
    )


FORMAT = Format(name="csv", extension="csv", media_type="text/csv", render=render_csv)
