"""YAML read strictly: every scalar is the text that was written, and every node knows its place.

Built on the events of PyYAML's C parser. Nothing is composed or constructed: the composing step is where merge keys
cost exponential time and where deep nesting ends the process (yaml/pyyaml issue 897).
"""

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

RULE_LIMIT = 262_144
"""Bytes of a rule, configuration or overlay file."""
CATALOGUE_LIMIT = 8 * 1_048_576
"""Bytes of a whole catalogue."""
MAX_DEPTH = 32
_FEW = 12
"""Words that a message can list."""

_NULLS = ("", "~", "null")
_TRUE = ("true",)
_FALSE = ("false",)


class YamlError(ValueError):
    """A file is not what it should be: place, fault and, where there is one, the next step."""

    def __init__(self, where: str, message: str, help: str | None = None) -> None:  # noqa: A002
        super().__init__(f"{where}: {message}")
        self.where = where
        """``file:line:column``."""
        self.message = message
        self.help = help
        """What to do about it; None when the message says it all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One scalar, sequence or mapping, with its place."""

    value: Any
    """``str``, ``tuple[Node, ...]`` or ``dict[str, Node]``."""
    name: str
    line: int
    column: int
    quoted: bool = False
    """Whether a scalar stood in quotes or a block: then it is never null."""
    keys: dict[str, "Node"] = field(default_factory=dict)
    """For a mapping, the node of each key, to point at it."""

    @property
    def where(self) -> str:
        """``file:line:column``, counted from 1."""
        return f"{self.name}:{self.line}:{self.column}"

    def error(self, message: str, help: str | None = None) -> YamlError:  # noqa: A002
        """A fault at this place."""
        return YamlError(self.where, message, help)

    def is_null(self) -> bool:
        """Whether the value was left empty, or written ``null`` or ``~`` without quotes."""
        return isinstance(self.value, str) and not self.quoted and self.value in _NULLS

    def text(self) -> str:
        """The scalar as written. Raises YamlError when empty or not a scalar."""
        if not isinstance(self.value, str):
            raise self.error(f"expected a text, found a {self._kind()}")
        if self.is_null():
            raise self.error("expected a text, found nothing")
        return self.value

    def optional_text(self) -> str | None:
        """The scalar as written, or None when empty."""
        return None if self.is_null() else self.text()

    def word(self, known: Collection[str], what: str) -> str:
        """The scalar, which must be one of ``known``. Raises YamlError with the nearest, or all when few."""
        text = self.text()
        if text not in known:
            listed = f"one of {', '.join(known)}" if len(known) <= _FEW else None
            raise self.error(f"unknown {what} {text!r}", suggestion(text, known) or listed)
        return text

    def number(self) -> float:
        """The scalar as a number. Raises YamlError for anything that is not written in plain digits."""
        text = self.text()
        digits = text.lstrip("-").replace(".", "", 1)
        if self.quoted or not (digits.isascii() and digits.isdigit()) or (len(digits) > 1 and text[:2] == "00"):
            raise self.error(f"expected a number, found {text!r}")
        return float(text)

    def integer(self) -> int:
        """The scalar as a whole number. Raises YamlError otherwise."""
        number = self.number()
        if number != int(number):
            raise self.error(f"expected a whole number, found {self.value!r}")
        return int(number)

    def boolean(self) -> bool:
        """``true`` or ``false``, and nothing else. Raises YamlError otherwise."""
        text = self.text()
        if self.quoted or text not in _TRUE + _FALSE:
            raise self.error(f"expected true or false, found {text!r}")
        return text in _TRUE

    def sequence(self) -> "tuple[Node, ...]":
        """The entries. Raises YamlError when this is not a sequence; an empty value has none."""
        if self.is_null():
            return ()
        if not isinstance(self.value, tuple):
            raise self.error(f"expected a list, found a {self._kind()}")
        return self.value

    def mapping(self, *, required: Collection[str] = (), optional: Collection[str] | None = None) -> "dict[str, Node]":
        """The entries by key. Raises YamlError on a missing key, and on an unknown one unless ``optional`` is None."""
        if self.is_null() and not required:
            return {}
        if not isinstance(self.value, dict):
            raise self.error(f"expected a mapping, found a {self._kind()}")
        for key in required:
            if key not in self.value:
                may = f"; {', '.join(optional)} may stand there" if optional else ""
                raise self.error(f"missing key {key!r}", f"{', '.join(required)} must stand there{may}")
        if optional is not None:
            known = (*required, *optional)
            for key in self.value:
                if key not in known:
                    raise self.keys[key].error(f"unknown key {key!r}", suggestion(key, known))
        return self.value

    def plain(self) -> Any:
        """Texts, lists and dicts without places; scalars stay texts, empty ones become None."""
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        return None if self.is_null() else self.value

    def _kind(self) -> str:
        if isinstance(self.value, dict):
            return "mapping"
        return "list" if isinstance(self.value, tuple) else "text"


def suggestion(word: str, known: Collection[str]) -> str | None:
    """``did you mean 'x'?`` for the nearest known word; None when nothing is near."""
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else None


def load(text: bytes, *, name: str, limit: int = RULE_LIMIT) -> Node:
    """The one document in ``text``.

    Raises YamlError, with ``name:line:column``, on faulty YAML and on everything this project does not accept: other
    encodings than UTF-8, size or depth over the limit, aliases, anchors, tags, merge keys, duplicate keys, keys that
    are not texts, a second document, an empty file.
    """
    if len(text) > limit:
        raise YamlError(f"{name}:1:1", f"larger than {limit} bytes")
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise YamlError(f"{name}:{line}:1", "not UTF-8") from error
    if "\0" in decoded:
        raise YamlError(f"{name}:{decoded.count(chr(10), 0, decoded.index(chr(0))) + 1}:1", "contains a NUL character")
    events = _guarded(decoded, name)
    root: Node | None = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if root is not None:
                raise YamlError(_place(event, name), "a second document is not accepted")
            root = _node(next(events), events, name, 0)
    if root is None:
        raise YamlError(f"{name}:1:1", "the file is empty")
    return root


def _guarded(text: str, name: str) -> Iterator[yaml.Event]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.AliasEvent):
                raise YamlError(_place(event, name), "aliases are not accepted", "write the value out")
            if getattr(event, "anchor", None) is not None:
                raise YamlError(_place(event, name), "anchors are not accepted", "write the value out")
            if (tag := getattr(event, "tag", None)) is not None:
                raise YamlError(_place(event, name), f"tags are not accepted: {tag}")
            yield event
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else f"{name}:1:1"
        raise YamlError(where, f"not valid YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise YamlError(f"{name}:1:1", f"not valid YAML: {error}") from error


def _node(event: yaml.Event, events: Iterator[yaml.Event], name: str, depth: int) -> Node:
    line, column = _line_and_column(event)
    if depth > MAX_DEPTH:
        raise YamlError(f"{name}:{line}:{column}", f"nested deeper than {MAX_DEPTH}")
    if isinstance(event, yaml.ScalarEvent):
        if "\0" in event.value:
            raise YamlError(f"{name}:{line}:{column}", "contains a NUL character")
        return Node(value=event.value, name=name, line=line, column=column, quoted=bool(event.style))
    if isinstance(event, yaml.SequenceStartEvent):
        entries = []
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            entries.append(_node(inner, events, name, depth + 1))
        return Node(value=tuple(entries), name=name, line=line, column=column)
    pairs: dict[str, Node] = {}
    keys: dict[str, Node] = {}
    while not isinstance(inner := next(events), yaml.MappingEndEvent):
        key = _node(inner, events, name, depth + 1)
        if not isinstance(key.value, str):
            raise key.error("a key must be a text")
        if key.value == "<<" and not key.quoted:
            raise key.error("merge keys are not accepted", "write the values out")
        if key.value in pairs:
            raise key.error(f"duplicate key {key.value!r}", f"first given at {keys[key.value].where}")
        keys[key.value] = key
        pairs[key.value] = _node(next(events), events, name, depth + 1)
    return Node(value=pairs, name=name, line=line, column=column, keys=keys)


def _place(event: yaml.Event, name: str) -> str:
    line, column = _line_and_column(event)
    return f"{name}:{line}:{column}"


def _line_and_column(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)


def titled(node: Node) -> tuple[str, str | None]:
    """A title as published, or ``{fr: …, en: …}`` in our words: the one to show, and the French one if it has its own.

    Raises YamlError on anything else.
    """
    if not isinstance(node.value, dict):
        return node.text(), None
    keys = node.mapping(required=("fr", "en"), optional=())
    return keys["en"].text(), keys["fr"].text()
