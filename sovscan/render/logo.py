"""The auditor's own logo: a small PNG or JPEG, and nothing else, drawn from inside the file."""

import base64
import binascii
import re

LOGO = "sovscan:logo"
"""Address by which a PDF asks for it."""
LONGEST = 200 * 1024
"""Bytes of the file."""
WIDEST = 2_000
"""Pixels of a side: what is drawn is a few centimetres, and a picture can unfold to much more than its file."""

_DATA = re.compile(r"data:(image/(?:png|jpeg));base64,([A-Za-z0-9+/]+={0,2})")
_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers that carry the size (ITU-T T.81, B.1.1.3)."""


class LogoError(ValueError):
    """A picture that cannot serve as a logo; the message says why."""


def as_address(content: bytes) -> str:
    """The picture as a ``data:`` address. Raises LogoError when it is no small PNG or JPEG in grey or RGB."""
    if len(content) > LONGEST:
        raise LogoError(f"larger than {LONGEST // 1024} KiB")
    if content.startswith(_PNG):
        kind, size = "png", _png_size(content)
    elif content.startswith(b"\xff\xd8"):
        kind, size = "jpeg", _jpeg_size(content)
    else:
        raise LogoError("neither PNG nor JPEG")
    if not (0 < size[0] <= WIDEST and 0 < size[1] <= WIDEST):
        raise LogoError(f"{size[0]} by {size[1]} pixels; at most {WIDEST} a side")
    return f"data:image/{kind};base64,{base64.b64encode(content).decode('ascii')}"


def content_of(address: str | None) -> tuple[bytes, str] | None:
    """Bytes and media type behind such an address; None when it is none, or is not one of ours."""
    found = _DATA.fullmatch(address) if address else None
    if found is None:
        return None
    try:
        content = base64.b64decode(found[2], validate=True)
        as_address(content)
    except (binascii.Error, LogoError):
        return None
    return content, found[1]


def checked(address: str | None) -> bool:
    """Whether the address holds a picture that may be drawn."""
    return content_of(address) is not None


def _png_size(content: bytes) -> tuple[int, int]:
    if content[12:16] != b"IHDR" or len(content) < 33:
        raise LogoError("a PNG without its header")
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def _jpeg_size(content: bytes) -> tuple[int, int]:
    place = 2
    while place + 9 < len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker in _FRAMES:
            if content[place + 9] not in (1, 3):
                raise LogoError("a JPEG in other colours than grey or RGB")
            height, width = content[place + 5 : place + 7], content[place + 7 : place + 9]
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    raise LogoError("a JPEG without its size")
