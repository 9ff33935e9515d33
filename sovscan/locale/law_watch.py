"""Law in motion: the dated sentences that every report prints, whatever it found."""

import functools
from dataclasses import dataclass
from importlib.resources import files

from sovscan.files.strict_yaml import Node, load, titled
from sovscan.model.text import Source, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedLaw:
    """One lapsed, pending or contested matter."""

    id: str
    text: Text
    sources: tuple[Source, ...]
    """Empty: the sentence says itself that it is to be confirmed."""


@functools.cache
def law_watch() -> tuple[WatchedLaw, ...]:
    """The entries of ``law_watch.yaml`` in file order. Raises YamlError on a faulty file."""
    content = files("sovscan.locale").joinpath("law_watch.yaml").read_bytes()
    return tuple(_entry(node) for node in load(content, name="locale/law_watch.yaml").sequence())


def _entry(node: Node) -> WatchedLaw:
    entry = node.mapping(required=("id", "fr", "en"), optional=("sources",))
    sources = entry["sources"].sequence() if "sources" in entry else ()
    return WatchedLaw(
        id=entry["id"].text(),
        text=Text(fr=entry["fr"].text(), en=entry["en"].text()),
        sources=tuple(_source(source) for source in sources),
    )


def _source(node: Node) -> Source:
    source = node.mapping(required=("title", "url", "checked"), optional=())
    title, french = titled(source["title"])
    return Source(title=title, url=source["url"].text(), checked=source["checked"].text(), title_fr=french)
