"""YAML as its scalars with the path to each: events of PyYAML's C parser, nothing composed, no alias expanded."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from sovscan.repository.lines import Lines
from sovscan.repository.trace import UnreadError

DEEPEST = 64
MOST_LEAVES = 200_000
MODULE_DOTS = 2
"""Dots from which a key is a name by itself, as the modules of Ansible are: it is a leaf of its own, with its line."""
_TEMPLATE = re.compile(r"\{\{|\{%|<%")
_KEY_LINE = re.compile(r"^[ \t]*(?:- )*[\"']?([A-Za-z_][\w.-]*)[\"']?:[ \t]+([^#\n]+)")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One scalar value."""

    path: tuple[str, ...]
    """Keys from the top of its document; entries of a list are ``[]``."""
    value: str
    line: int
    document: int
    """Number of the document in the file, from 0."""
    entries: tuple[int, ...] = ()
    """Number of the entry, from 0, in each of the lists it is in, from the top."""

    @property
    def key(self) -> str:
        """The nearest key above it."""
        return next((part for part in reversed(self.path) if part != "[]"), "")


@dataclass(frozen=True, slots=True)
class Leaves:
    """What was read of a file."""

    found: tuple[Leaf, ...]
    partial: bool = False
    """True: a template, read line by line because it is no YAML before it is rendered."""


def leaves(lines: Lines) -> Leaves:
    """The scalars of a file in their order. Raises UnreadError for what is neither YAML nor a template of it."""
    try:
        return Leaves(tuple(_walk(lines.text)))
    except yaml.YAMLError as error:
        if _TEMPLATE.search(lines.text):
            return Leaves(tuple(_by_line(lines)), partial=True)
        mark = getattr(error, "problem_mark", None)
        raise UnreadError("syntax", mark.line + 1 if mark is not None else 1) from error


def _walk(text: str) -> Iterator[Leaf]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document, seen = -1, 0
    path: list[str] = []
    kinds: list[str] = []
    key: list[str | None] = []
    entries: list[int] = []
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.ScalarEvent):
            seen += 1
            if seen > MOST_LEAVES:
                raise UnreadError("too-large", _line(event))
            if kinds and kinds[-1].startswith("map") and key[-1] is None:
                key[-1] = event.value
                path.append(event.value)
                if event.value.count(".") >= MODULE_DOTS:
                    yield Leaf(tuple(path), "", _line(event), document, tuple(entries))
                continue
            yield Leaf(tuple(path), event.value, _line(event), document, tuple(entries))
            _ended(kinds, key, path, entries)
        elif isinstance(event, yaml.AliasEvent):
            if kinds and kinds[-1].startswith("map") and key[-1] is None:
                key[-1] = "*"
                path.append("*")
            else:
                _ended(kinds, key, path, entries)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(kinds) >= DEEPEST:
                raise UnreadError("too-deep", _line(event))
            # A mapping or list as a key is legal, and never anything a scan looks for.
            as_key = bool(kinds) and kinds[-1].startswith("map") and key[-1] is None
            if as_key:
                key[-1] = "?"
                path.append("?")
            if isinstance(event, yaml.SequenceStartEvent):
                path.append("[]")
                entries.append(0)
            kinds.append(("map" if isinstance(event, yaml.MappingStartEvent) else "list") + ("?" if as_key else ""))
            key.append(None)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            kind = kinds.pop()
            if kind.startswith("list"):
                path.pop()
                entries.pop()
            key.pop()
            if not kind.endswith("?"):
                _ended(kinds, key, path, entries)
        elif isinstance(event, yaml.DocumentStartEvent):
            document += 1


def _line(event: yaml.Event) -> int:
    return 1 if event.start_mark is None else event.start_mark.line + 1


def _ended(kinds: list[str], key: list[str | None], path: list[str], entries: list[int]) -> None:
    """A value is complete: its key, when it has one, goes; in a list the next entry begins."""
    if kinds and kinds[-1].startswith("list"):
        entries[-1] += 1
    if kinds and kinds[-1].startswith("map") and key[-1] is not None:
        key[-1] = None
        path.pop()


def _by_line(lines: Lines) -> Iterator[Leaf]:
    for number, text in lines.numbered():
        found = _KEY_LINE.match(text)
        if found is not None:
            yield Leaf((found[1],), found[2].strip().strip("\"'"), number, 0)
