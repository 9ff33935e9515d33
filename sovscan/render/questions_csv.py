"""What to ask each provider, one row a question, for buyers and counsel (REPORTS 2)."""

from sovscan.locale.words import words as words_of
from sovscan.model.audit import Audit
from sovscan.render.csv_text import csv_text
from sovscan.render.format import Format, RenderOptions
from sovscan.render.view.questions import questions
from sovscan.render.view.reading import read
from sovscan.render.view.shown import Shown

COLUMNS = ("id", "group", "provider", "service", "question", "asked_because", "text", "proof", "effect", "answer")
"""The same in every language; the answer stays empty."""


def render_questions_csv(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """A header and one row a question: open findings first, then provider by provider."""
    reading = read(audit, words_of(language), Shown())
    rows = [
        (
            one.id, reading.words(f"question.group.{one.group}"), one.provider, one.service, one.ask, one.why,
            one.reference, one.proof, one.effect, "",
        )
        for one in questions(reading)
    ]  # fmt: skip
    return csv_text(COLUMNS, rows, options.csv_dialect)


FORMAT = Format(name="questions-csv", extension="csv", media_type="text/csv", render=render_questions_csv)
