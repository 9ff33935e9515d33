"""Domain names between text and wire (RFC 1035 sections 3.1 and 4.1.4), strict about every length and pointer."""

import re

Memo = dict[int, tuple[str, int, int]]
"""Names met in one message: offset -> text, length on the wire, compression pointers passed."""

_PLAIN = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
_PLAIN_LOWER = b"abcdefghijklmnopqrstuvwxyz0123456789-_."
_LENGTH = tuple(bytes([length]) for length in range(64))
_LABEL_CHARACTER = re.compile(r"\\(\d{3})|\\([^0-9])|([!-\[\]-~])", re.ASCII)
_MAX_WIRE = 255
_MAX_POINTERS = 16


class MalformedError(ValueError):
    """Raised when a packet breaks the wire format anywhere: nothing of it is believed."""


class BadNameError(ValueError):
    """Raised when a text is no domain name that can be asked for."""


def encode_name(text: str) -> bytes:
    r"""Wire form of a name in presentation form, lower-cased; ``\.`` and ``\DDD`` stand for octets of a label.

    Raises BadNameError on empty or over-long labels, names above 255 octets, and characters outside ASCII.
    """
    octets = text.encode("utf-8", "surrogatepass")
    labels = octets.split(b".")
    if octets.translate(None, _PLAIN_LOWER) or b"" in labels:
        if (text := bare(text)) == ".":
            return b"\0"
        labels = _escaped_labels(text)
    try:
        wire = b"".join([_LENGTH[len(label)] + label for label in labels]) + b"\0"
    except IndexError as error:
        raise BadNameError("label is longer than 63 octets") from error
    if len(wire) > _MAX_WIRE:
        raise BadNameError("name is longer than 255 octets")
    return wire


def bare(text: str) -> str:
    """A name in lower case without the dot at its end; ``.`` for the root."""
    text = text.lower()
    if not text.endswith("."):
        return text or "."
    if text == "." or text.endswith("\\.") or (text.endswith("..") and not text.endswith("\\..")):
        return text  # the root, a dot inside the last label, an empty label
    return text[:-1]


def read_name(wire: bytes, at: int, end: int, memo: Memo) -> tuple[str, int]:
    """Text of the name at an offset, and the offset after it.

    Lower case, without the trailing dot, ``.`` for the root. ``end`` bounds the part of the name that stands here.
    Raises MalformedError when a label or pointer leaves its bounds, points forward, or makes the name too long.
    """
    if at + 1 < end and wire[at] >= 0xC0:
        pointer = (wire[at] & 0x3F) << 8 | wire[at + 1]
        known = memo.get(pointer)
        if known is not None and pointer < at and known[2] < _MAX_POINTERS:
            return known[0], at + 2
    elif at < end and not wire[at]:
        return ".", at + 1
    return _walk(wire, at, end, memo)


def text_of_labels(labels: list[bytes]) -> str:
    r"""Presentation form of labels: dots and backslashes inside a label are escaped, other odd octets are ``\DDD``."""
    if not labels:
        return "."
    joined = b".".join(labels)
    if not joined.translate(None, _PLAIN) and joined.count(b".") == len(labels) - 1:
        return joined.lower().decode("ascii")
    return ".".join("".join(map(_escaped, label.lower())) for label in labels)


def _walk(wire: bytes, at: int, end: int, memo: Memo) -> tuple[str, int]:
    labels: list[bytes] = []
    length, hops, start, position, after = 1, 0, at, at, 0
    tail = ""
    while True:
        if position >= end:
            raise MalformedError("name runs out of its bounds")
        count = wire[position]
        position += 1
        if count == 0:
            break
        if count < 64:
            stop = position + count
            if stop > end:
                raise MalformedError("label runs out of its bounds")
            labels.append(wire[position:stop])
            length += count + 1
            position = stop
            continue
        if count < 0xC0 or position >= end:
            raise MalformedError("label of a type that does not exist")
        pointer = (count & 0x3F) << 8 | wire[position]
        after = after or position + 1
        hops += 1
        if pointer >= start or hops > _MAX_POINTERS:
            raise MalformedError("compression pointer does not lead backwards")
        known = memo.get(pointer)
        if known is not None:
            tail, more, more_hops = known
            length += more - 1
            hops += more_hops
            break
        end, start, position = start, pointer, pointer
    if length > _MAX_WIRE or hops > _MAX_POINTERS:
        raise MalformedError("name is too long")
    text = text_of_labels(labels) if labels or not tail else tail
    if tail and tail != "." and labels:
        text = f"{text}.{tail}"
    memo[at] = (text, length, hops)
    return text, after or position


def _escaped_labels(text: str) -> list[bytes]:
    labels, label, position = [], bytearray(), 0
    while position < len(text):
        if text[position] == ".":
            labels.append(bytes(label))
            label = bytearray()
            position += 1
            continue
        found = _LABEL_CHARACTER.match(text, position)
        if found is None:
            raise BadNameError("name holds a character that no label has")
        number, quoted, plain = found.groups()
        octet = int(number) if number else ord(quoted or plain)
        if octet > 255:
            raise BadNameError("name holds an octet above 255")
        label.append(octet)
        position = found.end()
    labels.append(bytes(label))
    if not all(0 < len(part) < 64 for part in labels):
        raise BadNameError("label is empty or longer than 63 octets")
    return labels


def _escaped(octet: int) -> str:
    if octet in b".\\":
        return "\\" + chr(octet)
    return chr(octet) if 0x21 <= octet <= 0x7E else f"\\{octet:03d}"
