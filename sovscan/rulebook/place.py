"""Where a fault inside a condition lies in its YAML file."""

from sovscan.files.strict_yaml import Node, YamlError
from sovscan.rulebook.cel import Condition, ConditionError, Engine


def compile_at(node: Node, source: str, engine: Engine) -> Condition:
    """The condition a YAML scalar holds; ``source`` is the text of its file.

    Raises YamlError at the line and column of the fault, not of the scalar.
    """
    text = node.text().strip()
    try:
        return engine.compile(text)
    except ConditionError as error:
        line, column = _in_file(node, source.splitlines(), *_visible(text, error.line, error.column))
        raise YamlError(f"{node.name}:{line}:{column}", str(error), error.help or None) from None


def _visible(text: str, line: int, column: int) -> tuple[int, int]:
    """How many visible characters precede the fault, and how far behind the last one it lies (0 or 1).

    Folding changes only the blanks between visible characters, so that their count finds the place in any style.
    """
    lines = text.split("\n")
    before = "".join(lines[: line - 1]) + lines[line - 1][: column - 1]
    count = sum(not character.isspace() for character in before)
    total = sum(not character.isspace() for character in text)
    return min(count, max(total - 1, 0)), int(count >= total > 0)


def _in_file(node: Node, lines: list[str], visible: int, behind: int) -> tuple[int, int]:
    row, start = node.line - 1, node.column - 1
    opening = lines[row][start : start + 1]
    if opening in ("|", ">"):
        row, start = row + 1, 0
    elif opening in ("'", '"'):
        start += 1
    for number in range(row, len(lines)):
        for place, character in enumerate(lines[number]):
            if character.isspace() or (number == row and place < start):
                continue
            if visible == 0:
                return number + 1, place + 1 + behind
            visible -= 1
    return node.line, node.column
