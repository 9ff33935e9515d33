"""Notes: what a term means, or which texts an assertion rests on, where it is first met after the summary.

The two pages of the summary say in place what their words mean, and have none: they are two pages whatever happens.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sovscan.model.audit import LawText
from sovscan.render.view.reading import Reading
from sovscan.render.view.themes import Theme

MOST_TEXTS = 4
"""Named in the note about the law; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note."""

    number: int
    """From 1, in the order of the pages."""
    key: str
    place: str
    """Id of the section that calls it."""
    text: str


def notes(reading: Reading, themes: Sequence[Theme]) -> tuple[Note, ...]:
    """The notes of the whole report, in the order of its pages."""
    laws = _laws(reading)
    places = (
        ("qualification", next((theme.id for theme in themes if theme.rows), None)),
        ("law", next((theme.id for theme in themes if theme.reasons), None) if laws else None),
    )
    called = [("coverage", "scope")]
    called += [(key, theme.id) for theme in themes for key, place in places if place == theme.id]
    called.append(("seal", "framework"))
    words = reading.words
    return tuple(
        Note(
            number=number,
            key=key,
            place=place,
            text=words("note.law", texts=_texts(reading, laws)) if key == "law" else words(f"note.{key}"),
        )
        for number, (key, place) in enumerate(called, 1)
    )


def _laws(reading: Reading) -> list[LawText]:
    """Those that reach a service here, the one that reaches most of them first."""
    reached = Counter(law for item in reading.audit.items for law in {law for way in item.nexuses for law in way.laws})
    named = [law for law in reading.audit.laws if law.id in reached]
    return sorted(named, key=lambda law: -reached[law.id])


def _texts(reading: Reading, laws: Sequence[LawText]) -> str:
    words = reading.words
    named = [
        words(
            "note.law_text",
            name=reading.sentence(law.name),
            reference=reading.shown(law.reference, 120).replace("§ ", "§\u00a0"),
            status=words("law.established" if law.established else "law.to_confirm"),
        )
        for law in laws[:MOST_TEXTS]
    ]
    if more := len(laws) - len(named):
        named.append(words("note.law_more", n=more))
    return words("punctuation.semicolon").join(named)
