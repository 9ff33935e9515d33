"""What to ask each provider, as a document to send, with clause topics for counsel (CommonMark)."""

from collections.abc import Iterator
from itertools import groupby

from sovscan.locale.words import Words
from sovscan.locale.words import words as words_of
from sovscan.model.audit import Audit
from sovscan.render.format import Format, RenderOptions
from sovscan.render.markdown import code, prose
from sovscan.render.view.questions import Question, clauses, questions
from sovscan.render.view.reading import Reading, read
from sovscan.render.view.shown import Shown


def render_questions_md(audit: Audit, language: str, options: RenderOptions) -> bytes:  # noqa: ARG001 - one signature
    """The questions by provider, then the clause topics."""
    reading = read(audit, words_of(language), Shown())
    return ("\n".join(_lines(reading)) + "\n").encode("utf-8", "replace")


def _lines(reading: Reading) -> Iterator[str]:
    words = reading.words
    yield f"# {prose(words('question.heading'))} – {code(reading.name(reading.audit.organisation, 100))}"
    yield from ("", prose(words("question.note")), "", prose(words("law.not_advice")))
    for (opened, provider), mine in groupby(questions(reading), key=lambda one: (one.group == "finding", one.provider)):
        title = f"{prose(words('question.group.finding'))}{words('punctuation.colon')} " if opened else ""
        yield from ("", f"## {title}{prose(provider) if provider == words('provider.self') else code(provider)}", "")
        for question in mine:
            yield from _question(question, words)
    yield from ("", f"## {prose(words('question.clauses'))}", "")
    for group, clause in clauses(reading):
        yield f"- **{prose(words(f'question.group.{group}'))}** – {prose(clause)}"


def _question(question: Question, words: Words) -> Iterator[str]:
    yield f"- **{prose(question.ask)}** {code(question.id)}"
    told = (
        ("ticket.service", prose(question.service)),
        ("question.why", prose(question.why)),
        ("question.reference", prose(question.reference)),
        ("question.proof", prose(question.proof)),
        ("question.effect", prose(question.effect)),
    )
    for key, value in told:
        if value:
            yield f"  - {prose(words(key))}{words('punctuation.colon')} {value}"


FORMAT = Format(name="questions-md", extension="md", media_type="text/markdown", render=render_questions_md)
