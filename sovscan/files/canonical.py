"""The one JSON writer and the one strict JSON reader.

Same content, same bytes: keys sorted, UTF-8, no NaN, lone surrogates replaced (RFC 8259, I-JSON of RFC 7493).
"""

import hashlib
import json
from typing import Any, NoReturn

Plain = Any
"""``None``, ``bool``, ``int``, ``float``, ``str``, lists and string-keyed dicts of those."""

MAX_DEPTH = 64


class CanonicalError(ValueError):
    """A text is not strict JSON."""


def dumps(plain: Plain) -> bytes:
    """One line of canonical JSON without a final newline. Raises ValueError on NaN and infinities."""
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "replace")


def dumps_pretty(plain: Plain) -> bytes:
    """Canonical JSON for people: one space of indentation and a final newline."""
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return text.encode("utf-8", "replace") + b"\n"


def digest(plain: Plain) -> str:
    """SHA-256 of the canonical form, 64 hexadecimal digits."""
    return hashlib.sha256(dumps(plain)).hexdigest()


def loads(content: bytes, *, max_depth: int = MAX_DEPTH) -> Plain:
    """The value of a strict JSON text.

    Raises CanonicalError on duplicate keys, NaN, another encoding than UTF-8 or nesting beyond ``max_depth``.
    Lone surrogates become U+FFFD.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CanonicalError(f"not UTF-8 at byte {error.start}") from error
    if _depth(text) > max_depth:
        raise CanonicalError(f"nested deeper than {max_depth}")
    try:
        plain = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except (json.JSONDecodeError, RecursionError) as error:
        raise CanonicalError(str(error)) from error
    return _without_surrogates(plain) if "\\u" in text or "\\U" in text else plain


def _unique(pairs: list[tuple[str, Plain]]) -> dict[str, Plain]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        raise CanonicalError(f"duplicate key {twice[0]!r}")
    return found


def _refuse(word: str) -> NoReturn:
    raise CanonicalError(f"{word} is not JSON")


def _depth(text: str) -> int:
    # json.loads recurses in C; the nesting is measured first so that a hostile file cannot exhaust the stack.
    depth = deepest = 0
    quoted = escaped = False
    for character in text:
        if quoted:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                quoted = False
        elif character == '"':
            quoted = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _without_surrogates(plain: Plain) -> Plain:
    if isinstance(plain, str):
        return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(plain, list):
        return [_without_surrogates(item) for item in plain]
    if isinstance(plain, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in plain.items()}
    return plain
