r"""Which autonomous systems originate an address: a packed table, mapped into memory and searched by bisection.

File, little-endian: the magic ``SOVASN1\n``; u32 length of the header; the header, one line of JSON with ``source``,
``licence``, ``attribution``, ``date`` and ``sha256`` of everything after it, filled with spaces to a multiple of
eight bytes; eight u32 counts; then the columns of :data:`_COLUMNS`. Only the first address of each range is stored;
a range ends where the next begins; range value 0 (AS0) is a gap. IPv6 is cut at /64. Values below the number of
systems are indexes into the sorted systems, the others into the sets of several origins.

Packed form, as shipped: the magic ``SOVASNZ1``, the SHA-256 of the file above, and that file through zlib.
"""

import hashlib
import ipaddress
import mmap
import socket
import struct
import sys
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from platformdirs import user_cache_path

from sovscan.files import bundled, canonical
from sovscan.files.writing import write_atomically

MAGIC = b"SOVASN1\n"
PACKED_MAGIC = b"SOVASNZ1"
MAX_UNPACKED = 64 * 1024 * 1024
"""Bytes; the table of 2026 has 8.5 million."""

_KNOWN_LIMIT = 16_384
"""Origins kept ready; a portfolio meets the same few thousand networks again and again."""

_SHELF_BITS = 20
"""The position of each 2**20th IPv4 address is known in advance: that spares half the steps of a bisection."""

_COUNTS = struct.Struct("<8I")
_COLUMNS = (
    ("starts6", "Q", 1),
    ("starts4", "I", 0),
    ("values4", "I", 0),
    ("values6", "I", 1),
    ("systems", "I", 2),
    ("name_ends", "I", 2),
    ("set_ends", "I", 3),
    ("set_members", "I", 4),
)
"""Name, type and index of the count of each column; the names' bytes (count 5) come last."""


class AsnTableError(ValueError):
    """A file is not a table of this format, or is damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableHeader:
    """Where a table comes from; printed in the evidence and in each report."""

    source: str
    licence: str
    attribution: str
    """The line that the licence wants shown."""
    date: str
    """ISO date of the routing information."""
    sha256: str
    """Of the packed content after the header."""


class AsnTable:
    """The table, ready for look-ups. Close it, or let it go with the process."""

    __slots__ = ("_known", "_map", "_name_ends", "_names", "_set_ends", "_set_members", "_shelves", "_starts4",
                 "_starts6", "_systems", "_values4", "_values6", "header")  # fmt: skip

    def __init__(self, content: bytes | mmap.mmap) -> None:
        """Read the header and lay views over the columns. Raises AsnTableError."""
        if sys.byteorder == "big":
            raise AsnTableError("the packed ASN table is little-endian; this machine is not")
        self._map = content
        self._known: dict[int, tuple[tuple[int, str], ...]] = {}
        self.header, view, counts = _read_frame(content)
        columns: dict[str, memoryview] = {}
        offset = 0
        for name, code, count in _COLUMNS:
            size = counts[count] * (8 if code == "Q" else 4)
            part = view[offset : offset + size]
            columns[name] = part.cast("Q") if code == "Q" else part.cast("I")
            offset += size
        self._starts6 = columns["starts6"]
        self._starts4 = columns["starts4"]
        shelves = range((1 << 32 - _SHELF_BITS) + 1)
        self._shelves = [bisect_left(self._starts4, shelf << _SHELF_BITS) for shelf in shelves]
        self._values4 = columns["values4"]
        self._values6 = columns["values6"]
        self._systems = columns["systems"]
        self._name_ends = columns["name_ends"]
        self._set_ends = columns["set_ends"]
        self._set_members = columns["set_members"]
        self._names = view[offset : offset + counts[5]]

    @classmethod
    def open(cls, path: Path) -> "AsnTable":
        """Return the table of a file, packed or not. Raises AsnTableError, OSError."""
        with path.open("rb") as stream:
            if stream.read(len(PACKED_MAGIC)) == PACKED_MAGIC:
                return _unpacked(stream, path.name)
        return _mapped(path)

    @classmethod
    def bundled(cls) -> "AsnTable":
        """Return the table that ships with sovscan. Raises FileNotFoundError when the installation is damaged."""
        with bundled.resource("data", "asn.bin.z").open("rb") as stream:
            if stream.read(len(PACKED_MAGIC)) != PACKED_MAGIC:
                raise AsnTableError("asn.bin.z: not a packed ASN table")
            return _unpacked(stream, "asn.bin.z")

    @classmethod
    def in_use(cls) -> "AsnTable":
        """Return the table that ``data update`` installed, else the bundled one. Raises AsnTableError, OSError."""
        own = user_table_path()
        return cls.open(own) if own.is_file() else cls.bundled()

    def lookup(self, address: str) -> tuple[tuple[int, str], ...]:
        """Return number and name of each system that originates the address; empty when the table has none.

        Raises ValueError when the text is no address.
        """
        if ":" in address:
            value = self._values6[bisect_right(self._starts6, _upper(address)) - 1]
        else:
            try:
                number = int.from_bytes(socket.inet_pton(socket.AF_INET, address), "big")
            except OSError:
                raise ValueError(f"not an address: {address!r}") from None
            shelf = number >> _SHELF_BITS
            shelves = self._shelves
            value = self._values4[bisect_right(self._starts4, number, shelves[shelf], shelves[shelf + 1]) - 1]
        known = self._known.get(value)
        return self._origins(value) if known is None else known

    def prefix(self, address: str) -> str:
        """Return the largest block around the address that lies within one range of the table.

        Neighbouring ranges of one origin are merged in the table, so this can be wider than what is announced.
        Empty when the address lies in a gap. Raises ValueError when the text is no address.
        """
        parsed = ipaddress.ip_address(address)
        bits, starts, values = (64, self._starts6, self._values6) if parsed.version == 6 else (
            32, self._starts4, self._values4)  # fmt: skip
        number = int(parsed) >> 64 if parsed.version == 6 else int(parsed)
        index = bisect_right(starts, number) - 1
        if values[index] == 0:
            return ""
        first = starts[index]
        last = starts[index + 1] - 1 if index + 1 < len(starts) else (1 << bits) - 1
        length = bits
        while length > 0:
            size = 1 << (bits - length + 1)
            low = number - number % size
            if low < first or low + size - 1 > last:
                break
            length -= 1
        low = number - number % (1 << (bits - length))
        network = ipaddress.IPv6Address(low << 64) if parsed.version == 6 else ipaddress.IPv4Address(low)
        return f"{network}/{length}"

    def names(self) -> Mapping[int, str]:
        """Return the name of every system of the table."""
        return {self._systems[index]: self._name(index) for index in range(1, len(self._systems))}

    def counts(self) -> tuple[int, int, int]:
        """Return the number of IPv4 ranges, of IPv6 ranges and of systems, gaps included."""
        return len(self._starts4), len(self._starts6), len(self._systems) - 1

    def _origins(self, value: int) -> tuple[tuple[int, str], ...]:
        members = (value,) if value < len(self._systems) else tuple(self._members(value))
        origins = tuple((self._systems[member], self._name(member)) for member in members if member)
        if len(self._known) >= _KNOWN_LIMIT:
            self._known.clear()
        self._known[value] = origins
        return origins

    def _name(self, index: int) -> str:
        return str(self._names[self._name_ends[index - 1] : self._name_ends[index]], "utf-8", "replace")

    def _members(self, value: int) -> memoryview:
        index = value - len(self._systems)
        return self._set_members[self._set_ends[index - 1] if index else 0 : self._set_ends[index]]


def user_table_path() -> Path:
    """Return where the auditor's own table goes; it is used instead of the bundled one while it is there."""
    return user_cache_path("sovscan") / "asn-own.bin.z"


def pack(header: Mapping[str, str], columns: Mapping[str, bytes], counts: tuple[int, ...], names: bytes) -> bytes:
    """Return the packed file of a table whose columns are little-endian already; ``sha256`` joins the header."""
    body = _COUNTS.pack(*counts) + b"".join(columns[name] for name, _, _ in _COLUMNS) + names
    text = canonical.dumps({**header, "sha256": hashlib.sha256(body).hexdigest()})
    text += b" " * (-(len(MAGIC) + 4 + len(text)) % 8)
    content = MAGIC + struct.pack("<I", len(text)) + text + body
    return PACKED_MAGIC + hashlib.sha256(content).digest() + zlib.compress(content, 9)


def _read_frame(content: bytes | mmap.mmap) -> tuple[TableHeader, memoryview, tuple[int, ...]]:
    """Return the header, the bytes of the columns and the counts, all lengths checked."""
    start = len(MAGIC) + 4
    if content[: len(MAGIC)] != MAGIC or len(content) < start:
        raise AsnTableError("not an ASN table of this version")
    (length,) = struct.unpack("<I", content[len(MAGIC) : start])
    if length > 65536 or len(content) < start + length + _COUNTS.size:
        raise AsnTableError("the ASN table is cut short")
    try:
        plain = canonical.loads(content[start : start + length])
        header = TableHeader(**{key: str(plain[key]) for key in TableHeader.__slots__})
    except (canonical.CanonicalError, KeyError, TypeError) as fault:
        raise AsnTableError(f"the header of the ASN table is damaged: {fault}") from fault
    counts = _COUNTS.unpack(content[start + length : start + length + _COUNTS.size])
    view = memoryview(content)[start + length + _COUNTS.size :]
    expected = sum(counts[count] * (8 if code == "Q" else 4) for _, code, count in _COLUMNS) + counts[5]
    if len(view) != expected or not counts[0] or not counts[1] or not counts[2]:
        raise AsnTableError("the ASN table is cut short")
    return header, view, counts


def _unpacked(stream: IO[bytes], name: str) -> AsnTable:
    """Return the table, unpacked once to the cache folder under the digest that its packed form begins with."""
    digest = stream.read(32)
    cached = user_cache_path("sovscan") / f"asn-{digest.hex()}.bin"
    try:
        return _mapped(cached)
    except (OSError, AsnTableError):
        content = _inflate(stream.read(), digest, name)
    try:
        write_atomically(cached, content)
    except OSError:
        # A read-only home costs the unpacking at each start, nothing else.
        return AsnTable(content)
    return _mapped(cached)


def _inflate(packed: bytes, digest: bytes, name: str) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(packed, MAX_UNPACKED)
    except zlib.error as fault:
        raise AsnTableError(f"{name}: {fault}") from fault
    if not unpacker.eof:
        raise AsnTableError(f"{name}: cut short, or larger than {MAX_UNPACKED} bytes")
    if hashlib.sha256(content).digest() != digest:
        raise AsnTableError(f"{name}: the content does not match its SHA-256")
    _read_frame(content)
    return content


def _mapped(path: Path) -> AsnTable:
    stream: IO[bytes]
    with path.open("rb") as stream:
        if not stream.seek(0, 2):
            raise AsnTableError("the ASN table is empty")
        return AsnTable(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))


def _upper(address: str) -> int:
    try:
        return int.from_bytes(socket.inet_pton(socket.AF_INET6, address)[:8], "big")
    except OSError:
        raise ValueError(f"not an address: {address!r}") from None
