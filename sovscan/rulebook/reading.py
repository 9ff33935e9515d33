"""Pieces that every rule file is made of: words from a list, texts in both languages, sources."""

import re
from collections.abc import Collection

from sovscan.files.strict_yaml import Node, titled
from sovscan.model.text import Source, Text

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def one_of(node: Node, known: Collection[str], what: str) -> str:
    """The scalar, which must be one of the known words. Raises YamlError with the nearest one, or the first few."""
    return node.word(known, what)


def text(node: Node) -> Text:
    """A statement in both languages, neither empty. Raises YamlError."""
    keys = node.mapping(required=("fr", "en"), optional=())
    return Text(fr=keys["fr"].text().strip(), en=keys["en"].text().strip())


def source(node: Node) -> Source:
    """Title, address and day. Raises YamlError on an address that is not http(s) or a day that is not ISO."""
    keys = node.mapping(required=("title", "url", "checked"), optional=())
    url, day = keys["url"].text(), keys["checked"].text()
    if not url.startswith(("https://", "http://")):
        raise keys["url"].error(f"not a web address: {url!r}")
    if not _DAY.fullmatch(day):
        raise keys["checked"].error(f"not a day: {day!r}", "write YYYY-MM-DD")
    title, french = titled(keys["title"])
    return Source(title=title, url=url, checked=day, title_fr=french)
