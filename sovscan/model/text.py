"""Words that exist in both languages, and facts that carry their source."""

from dataclasses import dataclass
from typing import NewType

Country = NewType("Country", str)
"""ISO 3166-1 alpha-2 in capitals, or ``EU`` (the Union as such), or ``??`` (not identified)."""

NOT_IDENTIFIED = Country("??")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One statement, written in French and in English."""

    fr: str
    en: str

    def in_language(self, language: str) -> str:
        """The wording in ``fr`` or ``en``."""
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact was read, and when."""

    title: str
    """As published, or in English when the wording is ours."""
    url: str
    checked: str
    """ISO date on which somebody read the page."""
    title_fr: str | None = None
    """Our wording in French; None: the title stands in its own language."""

    def in_language(self, language: str) -> str:
        """The title for a page in ``fr`` or ``en``; the address when there is none."""
        return (self.title_fr if language == "fr" and self.title_fr else self.title) or self.url
