"""Text written by strangers, made harmless to show on one line."""

import hashlib
import unicodedata

SHOWN_LIMIT = 512
"""Characters of a value that are shown; the whole is in the evidence."""

_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def safe_text(value: str, limit: int = SHOWN_LIMIT) -> str:
    r"""The value with everything unprintable made visible as ``\xNN`` or ``\u{…}``, cut to ``limit`` characters.

    Control, bidirectional, format, private and surrogate characters become escapes, so that no sink can be steered by
    a record. A longer value ends in ``… [sha256:<first 16 digits>]`` of the whole.
    """
    shown = "".join(_visible(character) for character in value[:limit])
    if len(value) <= limit:
        return shown
    whole = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{shown}… [sha256:{whole}]"


def _visible(character: str) -> str:
    if character == " " or (character.isascii() and character.isprintable()):
        return character
    category = unicodedata.category(character)
    if category in _HIDDEN_CATEGORIES or (category == "Zs" and character not in "\u00a0\u202f"):
        code = ord(character)
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{{{code:x}}}"
    return character
