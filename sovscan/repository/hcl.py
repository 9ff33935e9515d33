"""HashiCorp's configuration language read as far as a scan needs it: blocks, attributes and their literal texts.

python-hcl2 takes two seconds to build its grammar and 13 ms for 1.5 KB, which a gate on every commit cannot afford; it
serves as the oracle of this reader in the tests (https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sovscan.repository.lines import Lines
from sovscan.repository.trace import UnreadError

DEEPEST = 64
_TOKEN = re.compile(
    r"(?P<blank>(?:[ \t\r]+|\#[^\n]*|//[^\n]*)+)|(?P<comment>/\*)|(?P<newline>\n)"
    r"|\"(?P<plain>[^\"\\$%\n]*)\"|(?P<quote>\")"
    r"|<<-?(?P<heredoc>[A-Za-z_][\w-]*)\r?\n|(?P<word>[A-Za-z_][\w-]*)|(?P<open>[\{\[\(])|(?P<close>[\}\]\)])"
    r"|(?P<equals>=(?![=>])|:(?!:))|(?P<comma>,)|(?P<other>[^\s])"
)
_TEXT = re.compile(r"[^\"\\$%\n]+")
_CLOSING = {"{": "}", "[": "]", "(": ")"}


@dataclass(slots=True)
class Value:
    """The right side of an attribute."""

    line: int
    texts: list[tuple[str, int]] = field(default_factory=list)
    """Quoted texts in it, those inside lists included, each with its line; one with a template is kept as written."""
    members: "dict[str, Value]" = field(default_factory=dict)
    """Of an object; several objects in a list are joined, the first of equal keys counting."""

    @property
    def text(self) -> str:
        """The first text; empty when there is none."""
        return self.texts[0][0] if self.texts else ""


@dataclass(slots=True)
class Block:
    """A block, or the whole file as one without a type."""

    type: str
    labels: tuple[str, ...]
    line: int
    attributes: dict[str, Value] = field(default_factory=dict)
    blocks: "list[Block]" = field(default_factory=list)

    def inner(self, *types: str) -> "Iterator[Block]":
        """The blocks directly inside, of the types given."""
        return (block for block in self.blocks if block.type in types)


class _Token(NamedTuple):
    kind: str
    text: str
    offset: int


def parse(lines: Lines) -> Block:
    """The file as one block. Raises UnreadError when brackets or quotes do not close."""
    return _Reading(lines).whole()


class _Reading:
    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._tokens = list(_tokens(lines))
        self._place = 0

    def whole(self) -> Block:
        block = Block("", (), 1)
        self._body(block, 0, nested=False)
        return block

    def _body(self, block: Block, depth: int, *, nested: bool) -> None:
        if depth > DEEPEST:
            raise UnreadError("too-deep", block.line)
        while (token := self._next()) is not None:
            if token.kind in {"newline", "comma"}:
                continue
            if token.kind == "close":
                if nested and token.text == "}":
                    return
                raise UnreadError("syntax", self._lines.at(token.offset))
            if token.kind not in {"word", "string"}:
                raise UnreadError("syntax", self._lines.at(token.offset))
            self._statement(block, token, depth)
        if nested:
            raise UnreadError("syntax", block.line)

    def _statement(self, block: Block, name: _Token, depth: int) -> None:
        line = self._lines.at(name.offset)
        labels: list[str] = []
        while (token := self._next()) is not None:
            if token.kind == "equals":
                value = Value(line)
                self._expression(value, depth + 1, until="newline")
                block.attributes.setdefault(name.text, value)
                return
            if token.kind in {"string", "word"}:
                labels.append(token.text)
            elif token.kind == "open" and token.text == "{":
                inner = Block(name.text, tuple(labels), line)
                self._body(inner, depth + 1, nested=True)
                block.blocks.append(inner)
                return
            else:
                break
        raise UnreadError("syntax", line)

    def _expression(self, value: Value, depth: int, *, until: str) -> None:
        """Up to the end of a line or, inside an object, to the comma or bracket that ends the member."""
        if depth > DEEPEST:
            raise UnreadError("too-deep", value.line)
        while (token := self._next()) is not None:
            if token.kind == "newline" and until in {"newline", "member"}:
                return
            if token.kind == "comma" and until == "member":
                return
            if token.kind == "close":
                if until in {"member", "newline"}:
                    self._place -= 1
                    return
                if token.text == until:
                    return
                raise UnreadError("syntax", self._lines.at(token.offset))
            if token.kind == "string":
                value.texts.append((token.text, self._lines.at(token.offset)))
            elif token.kind == "open" and token.text == "{":
                self._object(value, depth + 1)
            elif token.kind == "open":
                self._expression(value, depth + 1, until=_CLOSING[token.text])
        if until not in {"newline", "member"}:
            raise UnreadError("syntax", value.line)

    def _object(self, value: Value, depth: int) -> None:
        if depth > DEEPEST:
            raise UnreadError("too-deep", value.line)
        while (token := self._next()) is not None:
            if token.kind in {"newline", "comma"}:
                continue
            if token.kind == "close":
                if token.text == "}":
                    return
                raise UnreadError("syntax", self._lines.at(token.offset))
            if token.kind == "open":
                # A computed key, or the head of a for expression: only its brackets matter.
                if token.text == "{":
                    self._object(value, depth + 1)
                else:
                    self._expression(Value(value.line), depth + 1, until=_CLOSING[token.text])
                continue
            if token.kind == "equals":
                self._expression(Value(self._lines.at(token.offset)), depth + 1, until="member")
                continue
            following = self._peek()
            if token.kind in {"word", "string"} and following is not None and following.kind == "equals":
                self._place += 1
                member = Value(self._lines.at(token.offset))
                self._expression(member, depth + 1, until="member")
                value.members.setdefault(token.text, member)
            elif token.kind == "string":
                value.texts.append((token.text, self._lines.at(token.offset)))
        raise UnreadError("syntax", value.line)

    def _next(self) -> _Token | None:
        if self._place >= len(self._tokens):
            return None
        self._place += 1
        return self._tokens[self._place - 1]

    def _peek(self) -> _Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None


def _tokens(lines: Lines) -> Iterator[_Token]:
    text, offset = lines.text, 0
    while offset < len(text):
        found = _TOKEN.match(text, offset)
        if found is None:
            offset += 1
            continue
        start, offset = offset, found.end()
        kind = found.lastgroup or "other"
        if kind == "blank":
            continue
        if kind == "comment":
            ended = text.find("*/", offset)
            if ended < 0:
                raise UnreadError("syntax", lines.at(start))
            offset = ended + 2
        elif kind == "plain":
            yield _Token("string", found["plain"], start)
        elif kind == "quote":
            content, offset = _quoted(text, offset, lines)
            yield _Token("string", content, start)
        elif kind == "heredoc":
            offset = _after_heredoc(text, offset, found["heredoc"], lines)
            yield _Token("newline", "\n", offset)
        else:
            yield _Token(kind, found[0], start)


def _quoted(text: str, offset: int, lines: Lines) -> tuple[str, int]:
    """The content of a quoted text and where it ends; templates inside may hold quotes of their own."""
    start = offset
    while offset < len(text):
        plain = _TEXT.match(text, offset)
        if plain is not None:
            offset = plain.end()
            continue
        character = text[offset]
        if character == '"':
            return text[start:offset], offset + 1
        if character == "\n":
            break
        if character == "\\":
            offset += 2
        elif text.startswith(("${", "%{"), offset) and text[offset - 1 : offset] != character:
            offset = _after_template(text, offset + 2, lines)
        else:
            offset += 1
    raise UnreadError("syntax", lines.at(start))


def _after_template(text: str, offset: int, lines: Lines) -> int:
    start, depth = offset, [1]
    limit = min(len(text), offset + 65_536)
    # A stack of the open braces of each template; a quote toggles between a template and a text inside it.
    in_text = [False]
    while offset < limit:
        character = text[offset]
        if in_text[-1]:
            if character == "\\":
                offset += 1
            elif character == '"':
                in_text.pop()
            elif text.startswith(("${", "%{"), offset):
                depth.append(1)
                in_text.append(False)
                offset += 1
        elif character == '"':
            in_text.append(True)
        elif character == "{":
            depth[-1] += 1
        elif character == "}":
            depth[-1] -= 1
            if depth[-1] == 0:
                depth.pop()
                in_text.pop()
                if not depth:
                    return offset + 1
        offset += 1
    raise UnreadError("syntax", lines.at(start))


def _after_heredoc(text: str, offset: int, word: str, lines: Lines) -> int:
    ended = re.compile(rf"^[ \t]*{re.escape(word)}[ \t]*\r?$", re.MULTILINE).search(text, offset)
    if ended is None:
        raise UnreadError("syntax", lines.at(offset))
    return ended.end()
