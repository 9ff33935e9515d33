"""A response body within bounds: identity, or one coding inflated no further than the cap (RFC 9110 section 8.4)."""

import zlib
from collections.abc import AsyncIterable, Sequence
from dataclasses import dataclass

_WINDOW = {"gzip": 47, "x-gzip": 47, "deflate": 47}


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What was read."""

    content: bytes
    """Decoded, at most the cap."""
    reason: str | None = None
    """``body-too-large`` or ``encoding``; None when whole."""


def coding_of(headers: Sequence[tuple[str, str]]) -> str | None:
    """Return the one content coding, ``""`` without any, or None when it is unknown or more than one."""
    codings = [
        part.strip().lower() for name, value in headers if name == "content-encoding" for part in value.split(",")
    ]
    codings = [coding for coding in codings if coding not in ("", "identity")]
    if not codings:
        return ""
    return codings[0] if len(codings) == 1 and codings[0] in _WINDOW else None


async def read_body(chunks: AsyncIterable[bytes], coding: str, cap: int) -> Body:
    """Return at most ``cap`` decoded bytes; reading stops there, whatever is still to come."""
    parts: list[bytes] = []
    room = cap
    raw = 0
    unpacker = zlib.decompressobj(_WINDOW[coding]) if coding else None
    async for chunk in chunks:
        raw += len(chunk)
        if unpacker is None:
            parts.append(chunk[:room])
        else:
            try:
                part, unpacker = _inflate(unpacker, chunk, room + 1, first=not parts and raw == len(chunk))
            except zlib.error:
                return Body(content=b"".join(parts), reason="encoding")
            parts.append(part[:room])
            if len(part) > room:
                return Body(content=b"".join(parts), reason="body-too-large")
            if unpacker.eof:
                return Body(content=b"".join(parts))
        room -= len(parts[-1])
        if raw > cap:
            return Body(content=b"".join(parts), reason="body-too-large")
    if unpacker is not None and raw and not unpacker.eof:
        return Body(content=b"".join(parts), reason="encoding")
    return Body(content=b"".join(parts))


def _inflate(
    unpacker: "zlib._Decompress", chunk: bytes, limit: int, *, first: bool
) -> tuple[bytes, "zlib._Decompress"]:
    """Return at most ``limit`` bytes; "deflate" without its zlib header is common, and read too."""
    try:
        return unpacker.decompress(chunk, limit), unpacker
    except zlib.error:
        if not first:
            raise
        bare = zlib.decompressobj(-15)
        return bare.decompress(chunk, limit), bare
