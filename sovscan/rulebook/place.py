"""Where a fault inside a condition lies in its YAML file."""

from sovscan.files.strict_yaml import Node, YamlError
from sovscan.rulebook.cel import Condition, ConditionError, Engine


def compile_at(node: Node, source: str, engine: Engine) -> Condition:
    """The condition a YAML scalar holds; ``source`` is the text of its file.

    Raises YamlError at the line and column of the fault, not of the scalar. In a folded scalar, where lines are
    joined, the place is that of the scalar unless the fault is on its first line.
    """
    try:
        return engine.compile(node.text().strip())
    except ConditionError as error:
        line, column = _in_file(node, source, error.line, error.column)
        raise YamlError(f"{node.name}:{line}:{column}", str(error), error.help or None) from None


def _in_file(node: Node, source: str, line: int, column: int) -> tuple[int, int]:
    lines = source.splitlines()
    opening = lines[node.line - 1][node.column - 1 : node.column] if node.line <= len(lines) else ""
    if opening == "|":
        first = next(number for number in range(node.line, len(lines)) if lines[number].strip())
        indent = len(lines[first]) - len(lines[first].lstrip())
        return first + line, indent + column
    if opening == ">":
        return _folded(node, lines, column)
    return node.line, node.column + column - 1 + (1 if opening in "\"'" else 0)


def _folded(node: Node, lines: list[str], column: int) -> tuple[int, int]:
    """Lines of a folded scalar are joined by one space: walk them until the column is reached."""
    left = column
    last = node.line + 1
    for number in range(node.line, len(lines)):
        text = lines[number].strip()
        if not text:
            break
        last = number + 1
        if left <= len(text):
            return last, len(lines[number]) - len(lines[number].lstrip()) + left
        left -= len(text) + 1
    return last, 1
