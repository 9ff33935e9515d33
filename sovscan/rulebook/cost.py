"""What a condition may cost, read from its text: one pass over a list, never a pass inside a pass.

The engine bounds one evaluation; a rule is asked of thousands of dependencies, and a pass inside a pass that stays just
under that bound would still take minutes over all of them.
"""

import re

_PASS = re.compile(r"\.\s*(?:exists_one|exists|all|map|filter)\s*\(")
_TRIPLE = re.compile(r'"""|\'\'\'')
STRING = re.compile(r"""r?"(?:[^"\\\n]|\\.)*"|r?'(?:[^'\\\n]|\\.)*'""")
"""A string literal of one line."""


def blanked(text: str) -> str:
    """The text with every string literal replaced by blanks of its length."""
    return STRING.sub(lambda match: " " * len(match[0]), text)


def too_costly(text: str) -> tuple[str, int] | None:
    """What is wrong, and the offset in ``text``; None when the cost is bounded."""
    if (triple := _TRIPLE.search(text)) is not None:
        return "three quotes in a row", triple.start()
    bare = blanked(text)
    if (comment := bare.find("//")) >= 0:
        return "a comment inside a condition", comment
    for found in _PASS.finditer(bare):
        inner = _PASS.search(bare, found.end(), _closing(bare, found.end()))
        if inner is not None:
            return "a pass over a list inside another", inner.start() + 1
    return None


def _closing(bare: str, start: int) -> int:
    """Offset of the bracket that closes the one before ``start``."""
    depth = 1
    for offset in range(start, len(bare)):
        depth += {"(": 1, ")": -1}.get(bare[offset], 0)
        if depth == 0:
            return offset
    return len(bare)
