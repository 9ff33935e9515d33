"""XML as elements with their lines, without entities, document types or anything fetched (THREATS A7)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sovscan.repository.trace import UnreadError

MOST_ELEMENTS = 100_000
DEEPEST = 100


@dataclass(slots=True)
class Element:
    """One element; names without their namespace."""

    tag: str
    line: int
    attributes: dict[str, str]
    text: str = ""
    children: "list[Element]" = field(default_factory=list)

    def below(self, *tags: str) -> "Iterator[Element]":
        """The elements of these names, this one included, in the order of the file."""
        waiting = [self]
        while waiting:
            one = waiting.pop()
            if one.tag in tags:
                yield one
            waiting.extend(reversed(one.children))

    def text_of(self, tag: str) -> str:
        """The text of the first direct child of this name; empty when there is none."""
        return next((one.text.strip() for one in self.children if one.tag == tag), "")


def parse(content: bytes) -> Element:
    """The root element. Raises UnreadError on faulty XML, and on entity declarations."""
    from xml.parsers import expat

    parser = expat.ParserCreate(namespace_separator=" ")
    stack: list[Element] = []
    roots: list[Element] = []
    count = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MOST_ELEMENTS or len(stack) >= DEEPEST:
            raise UnreadError("too-deep", parser.CurrentLineNumber)
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        element = Element(name.rpartition(" ")[2], parser.CurrentLineNumber, plain)
        (stack[-1].children if stack else roots).append(element)
        stack.append(element)

    def refuse(*_: object) -> None:
        raise UnreadError("entities", parser.CurrentLineNumber)

    def fetch(_context: str, _base: str | None, _system: str | None, _public: str | None) -> int:
        raise UnreadError("entities", parser.CurrentLineNumber)

    def end(_name: str) -> None:
        stack.pop()

    def text(words: str) -> None:
        if stack and len(stack[-1].text) < 4_096:
            stack[-1].text += words

    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    # What defusedxml refuses: declarations of entities, and the document types that could bring them.
    parser.EntityDeclHandler = refuse
    parser.UnparsedEntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = fetch
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise UnreadError("syntax", error.lineno) from error
    if not roots:
        raise UnreadError("syntax")
    return roots[0]
