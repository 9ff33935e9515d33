"""The message catalogues: one key, one sentence in each language.

A catalogue is ``messages/*.yaml``: ``key: {fr: …, en: …}``, where a sentence is a text, or its CLDR plural forms
``{one: …, other: …}`` chosen by the argument ``n``. ``{name}`` is replaced by the argument of that name. Both languages
stand side by side, so that none can be forgotten; the test of the catalogues finds keys that nothing uses.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from sovscan.files.strict_yaml import Node, load
from sovscan.locale import figures
from sovscan.locale.typography import french
from sovscan.model.text import Text

LANGUAGES = ("fr", "en")
Forms = Mapping[str, str]
"""Plural category to sentence; a sentence without plural has ``other`` only."""

_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Words:
    """Everything a renderer says in one language."""

    language: str
    messages: Mapping[str, Forms]

    def __call__(self, key: str, **named: object) -> str:
        """The sentence of ``key`` with its places filled. Raises KeyError for an unknown key or a missing place."""
        forms = self.messages[key]
        number = named.get("n")
        form = forms["other"]
        if len(forms) > 1 and isinstance(number, int):
            form = forms.get(figures.plural(number, self.language), form)
        return _PLACE.sub(lambda found: self._fill(named[found[1]]), form)

    def has(self, key: str) -> bool:
        """Whether the catalogues hold the key."""
        return key in self.messages

    def of(self, text: Text) -> str:
        """A sentence of a rule or of the catalogue of providers, in this language and its typography."""
        sentence = text.in_language(self.language)
        return french(sentence) if self.language == "fr" else sentence

    def number(self, value: float, digits: int = 1) -> str:
        """See ``figures.decimal``."""
        return figures.decimal(value, self.language, digits)

    def signed(self, value: float, digits: int = 1) -> str:
        """See ``figures.signed``."""
        return figures.signed(value, self.language, digits)

    def counted(self, value: float) -> int:
        """What decides between singular and plural: ``1,5 point`` in French, ``1.5 points`` in English."""
        return int(value) if self.language == "fr" or value == int(value) else 2

    def percent(self, share: float) -> str:
        """See ``figures.percent``."""
        return figures.percent(share, self.language)

    def day(self, iso: str) -> str:
        """See ``figures.day``."""
        return figures.day(iso, self.language)

    def moment(self, iso: str) -> str:
        """See ``figures.moment``."""
        return figures.moment(iso, self.language)

    def country(self, code: str) -> str:
        """See ``figures.country``."""
        return figures.country(code, self.language)

    def _fill(self, value: object) -> str:
        return figures.decimal(value, self.language, 0) if isinstance(value, int) else str(value)


@functools.cache
def words(language: str) -> Words:
    """The words of ``fr`` or ``en``. Raises KeyError for another language, YamlError on a faulty catalogue."""
    messages: dict[str, Forms] = {}
    for name in catalogue_names():
        for key, entry in _entries(name).items():
            if key in messages:
                raise entry.error(f"{key!r} stands in two catalogues")
            messages[key] = _forms(entry.mapping(required=LANGUAGES, optional=())[language], language)
    return Words(language, messages)


def catalogue_names() -> tuple[str, ...]:
    """File names of the catalogues, sorted."""
    folder = files("sovscan.locale").joinpath("messages")
    return tuple(sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml")))


def _entries(name: str) -> dict[str, Node]:
    content = files("sovscan.locale").joinpath("messages", name).read_bytes()
    return load(content, name=f"locale/messages/{name}").mapping()


def _forms(node: Node, language: str) -> Forms:
    written = node.value if isinstance(node.value, dict) else {"other": node}
    if "other" not in written:
        raise node.error("the plural form 'other' is missing")
    return {
        category: french(sentence.text()) if language == "fr" else sentence.text()
        for category, sentence in written.items()
    }
