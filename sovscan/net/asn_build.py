"""From a public routing file to the packed table of ``asn_table``.

Accepted: iptoasn TSV (first, last, AS, country, name), ip-location-db CSV (first, last, AS, name), prefix lists of
RouteViews and others (prefix, length, AS, or prefix/length and AS; ``1_2`` and ``1,2`` are several origins), and
MaxMind files with ``autonomous_system_number`` (needs the extra ``maxmind``). Ranges must be sorted and disjoint;
prefixes may nest, the longest wins. Delegated statistics of the registries are refused: they say who holds a block in
which country, not which network announces it.
"""

import csv
import gzip
import io
import ipaddress
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sovscan.net.asn_table import pack

MAX_SOURCE = 1 << 30
"""Bytes of an unpacked source file."""

_ORIGIN_LIMIT = 32
"""Origins of one range; more are an error of the file."""


class AsnSourceError(ValueError):
    """A source file that no table can be built from; the message starts with ``name:line:``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One range of a source, both ends included."""

    line: int
    version: int
    first: int
    last: int
    origins: tuple[int, ...]
    """Sorted; empty: announced by nobody."""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A packed table and what had to be changed to make it."""

    content: bytes
    """Packed form, for ``asn.bin.z``."""
    ranges4: int
    ranges6: int
    systems: int
    rounded: int
    """IPv6 ranges that do not fall on /64 bounds and were widened to them."""
    trimmed: tuple[str, ...]
    """Overlaps resolved in favour of the earlier range, as ``name:line: first-last``; empty unless asked for."""


def build(
    sources: Iterable[tuple[str, bytes]], *, source: str, licence: str, attribution: str, date: str, trim: bool = False
) -> Build:
    """Return the table made from named source files; IPv4 and IPv6 may come in one or in two of them.

    ``trim``: cut a range that overlaps the one before it, and report it, instead of refusing the file. Raises
    AsnSourceError with name and line.
    """
    columns = _Columns(trim=trim)
    for name, content in sources:
        for row in read(name, content):
            columns.add(name, row)
    return columns.finish({"source": source, "licence": licence, "attribution": attribution, "date": date})


def read(name: str, content: bytes) -> Iterator[Row]:
    """Yield the ranges of one source file in address order. Raises AsnSourceError."""
    if content[:2] == b"\x1f\x8b":
        content = _gunzip(name, content)
    if b"\xab\xcd\xefMaxMind.com" in content[-131072:]:
        return _maxmind(name, content)
    text = content.decode("utf-8-sig", "replace")
    sample = next((line for line in text.splitlines() if line and not line.startswith("#")), "")
    if sample.count("|") >= 5:
        raise AsnSourceError(f"{name}:1: delegated statistics name the holder of a block, not who announces it")
    tabs = sample.split("\t")
    if len(tabs) == 5:
        return _ranges(name, csv.reader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE), name_at=4)
    if len(tabs) in (2, 3) or (len(sample.split()) in (2, 3) and "," not in sample.split()[0]):
        return _prefixes(name, text)
    if sample.count(",") >= 3:
        return _ranges(name, csv.reader(io.StringIO(text)), name_at=3)
    raise AsnSourceError(f"{name}:1: not a format that this builder knows")


def read_file(path: Path) -> tuple[str, bytes]:
    """Return the name and the content of a source file, as :func:`build` takes them. Raises OSError."""
    return path.name, path.read_bytes()


class _Columns:
    """The growing table: merges neighbours, fills gaps, keeps sets of origins once."""

    def __init__(self, *, trim: bool) -> None:
        self._trim = trim
        self._starts: dict[int, array[int]] = {4: array("I", [0]), 6: array("Q", [0])}
        self._origins: dict[int, list[tuple[int, ...]]] = {4: [()], 6: [()]}
        self._next = {4: 0, 6: 0}
        self._names: dict[int, str] = {}
        self._rounded = 0
        self._trimmed: list[str] = []

    def add(self, name: str, row: Row) -> None:
        first, last = row.first, row.last
        if row.version == 6:
            self._rounded += bool(first & _LOW64 or ~last & _LOW64)
            first, last = first >> 64, last >> 64
        if len(row.origins) == 1 and row.name and row.origins[0] not in self._names:
            self._names[row.origins[0]] = row.name
        expected = self._next[row.version]
        if first < expected:
            same_64 = row.version == 6 and first == expected - 1 and row.first & _LOW64
            if not same_64 and not self._trim:
                raise AsnSourceError(f"{name}:{row.line}: starts before the end of the range above it")
            if not same_64:
                whole = "-".join(_text(row.version, number) for number in (row.first, row.last))
                self._trimmed.append(f"{name}:{row.line}: {whole}")
            first = expected
            if last < first:
                return
        if first > expected:
            self._append(row.version, expected, ())
        self._append(row.version, first, row.origins)
        self._next[row.version] = last + 1

    def finish(self, header: Mapping[str, str]) -> Build:
        for version, bits in ((4, 32), (6, 64)):
            if self._next[version] < 1 << bits:
                self._append(version, self._next[version], ())
        used = {origin for version in (4, 6) for origins in self._origins[version] for origin in origins}
        systems = array("I", [0, *sorted(used - {0})])
        index = {number: position for position, number in enumerate(systems)}
        sets: dict[tuple[int, ...], int] = {}
        values = {version: array("I") for version in (4, 6)}
        for version in (4, 6):
            for origins in self._origins[version]:
                if len(origins) <= 1:
                    values[version].append(index[origins[0]] if origins else 0)
                else:
                    values[version].append(len(systems) + sets.setdefault(origins, len(sets)))
        set_ends, members = array("I"), array("I")
        for origins in sets:
            members.extend(index[origin] for origin in origins)
            set_ends.append(len(members))
        names, name_ends = bytearray(), array("I")
        for number in systems:
            names += self._names.get(number, "").encode()[:200]
            name_ends.append(len(names))
        content = pack(
            header,
            {
                "starts6": self._starts[6].tobytes(),
                "starts4": self._starts[4].tobytes(),
                "values4": values[4].tobytes(),
                "values6": values[6].tobytes(),
                "systems": systems.tobytes(),
                "name_ends": name_ends.tobytes(),
                "set_ends": set_ends.tobytes(),
                "set_members": members.tobytes(),
            },
            (len(self._starts[4]), len(self._starts[6]), len(systems), len(sets), len(members), len(names), 0, 0),
            bytes(names),
        )
        return Build(
            content=content,
            ranges4=len(self._starts[4]),
            ranges6=len(self._starts[6]),
            systems=len(systems) - 1,
            rounded=self._rounded,
            trimmed=tuple(self._trimmed),
        )

    def _append(self, version: int, start: int, origins: tuple[int, ...]) -> None:
        starts, known = self._starts[version], self._origins[version]
        if start == 0:
            known[0] = origins
        elif known[-1] != origins:
            starts.append(start)
            known.append(origins)


_LOW64 = (1 << 64) - 1


def _ranges(name: str, rows: Iterator[list[str]], *, name_at: int) -> Iterator[Row]:
    for line, fields in enumerate(rows, 1):
        if not fields or fields[0].startswith("#"):
            continue
        if len(fields) <= 2:
            raise AsnSourceError(f"{name}:{line}: first address, last address and AS number expected")
        version, first = _address(name, line, fields[0])
        other, last = _address(name, line, fields[1])
        if other != version or last < first:
            raise AsnSourceError(f"{name}:{line}: the range ends before it begins")
        origins = _origins(name, line, fields[2])
        title = fields[name_at].strip() if len(fields) > name_at else ""
        yield Row(line=line, version=version, first=first, last=last, origins=origins, name=title)


def _prefixes(name: str, text: str) -> Iterator[Row]:
    found: dict[tuple[int, int, int], tuple[int, tuple[int, ...]]] = {}
    for line, content in enumerate(text.splitlines(), 1):
        fields = content.split()
        if not fields or content.startswith("#"):
            continue
        if len(fields) == 3:
            fields = [f"{fields[0]}/{fields[1]}", fields[2]]
        if len(fields) != 2:
            raise AsnSourceError(f"{name}:{line}: a prefix and an AS number expected")
        try:
            network = ipaddress.ip_network(fields[0])
        except ValueError as fault:
            raise AsnSourceError(f"{name}:{line}: {fault}") from fault
        # Shorter prefixes of one start come first, so that the longer ones lie on top of them.
        key = (network.version, int(network.network_address), -int(network.broadcast_address))
        above = found.get(key, (line, ()))
        # The same prefix twice with different origins is announced by both.
        found[key] = (above[0], tuple(sorted({*above[1], *_origins(name, line, fields[1])})))
    for version in (4, 6):
        yield from _flattened(version, sorted((key[1], -key[2], *found[key]) for key in found if key[0] == version))


def _flattened(version: int, nested: list[tuple[int, int, int, tuple[int, ...]]]) -> Iterator[Row]:
    """Yield disjoint ranges from nested prefixes: each address goes to its longest prefix."""
    nested.sort(key=lambda item: (item[0], -item[1]))
    stack: list[tuple[int, int, tuple[int, ...]]] = []
    position = 0
    for first, last, line, origins in nested:
        while stack and stack[-1][0] < first:
            yield from _rest(version, position, stack[-1])
            position = max(position, stack.pop()[0] + 1)
        if stack and position < first:
            yield Row(line=stack[-1][1], version=version, first=position, last=first - 1, origins=stack[-1][2])
        position = first
        stack.append((last, line, origins))
    while stack:
        yield from _rest(version, position, stack[-1])
        position = max(position, stack.pop()[0] + 1)


def _rest(version: int, position: int, outer: tuple[int, int, tuple[int, ...]]) -> Iterator[Row]:
    last, line, origins = outer
    if position <= last:
        yield Row(line=line, version=version, first=position, last=last, origins=origins)


def _maxmind(name: str, content: bytes) -> Iterator[Row]:
    try:
        import maxminddb
    except ImportError as fault:
        raise AsnSourceError(f"{name}:1: a MaxMind file needs the extra: pip install 'sovscan[maxmind]'") from fault
    try:
        with maxminddb.open_database(io.BytesIO(content), maxminddb.MODE_FD) as reader:
            for line, (network, record) in enumerate(reader, 1):
                number = record.get("autonomous_system_number") if isinstance(record, Mapping) else None
                if not isinstance(number, int):
                    raise AsnSourceError(f"{name}:{line}: a MaxMind file without autonomous_system_number")
                title = str(record.get("autonomous_system_organization") or "")
                yield _maxmind_row(line, network, number, title)
    except maxminddb.InvalidDatabaseError as fault:
        raise AsnSourceError(f"{name}:1: {fault}") from fault


def _maxmind_row(line: int, network: ipaddress.IPv4Network | ipaddress.IPv6Network, number: int, title: str) -> Row:
    return Row(
        line=line,
        version=network.version,
        first=int(network.network_address),
        last=int(network.broadcast_address),
        origins=(number,) if number else (),
        name=title,
    )


def _address(name: str, line: int, text: str) -> tuple[int, int]:
    try:
        parsed = ipaddress.ip_address(int(text) if text.isascii() and text.isdigit() else text)
    except ValueError as fault:
        raise AsnSourceError(f"{name}:{line}: {fault}") from fault
    return parsed.version, int(parsed)


def _origins(name: str, line: int, text: str) -> tuple[int, ...]:
    parts = text.upper().removeprefix("AS").replace("_", ",").strip("{}").split(",")
    if len(parts) > _ORIGIN_LIMIT or not all(part.isascii() and part.isdigit() for part in parts):
        raise AsnSourceError(f"{name}:{line}: {text[:40]!r} is not an AS number")
    numbers = {int(part) for part in parts}
    if max(numbers) >= 1 << 32:
        raise AsnSourceError(f"{name}:{line}: AS numbers have 32 bits")
    return tuple(sorted(numbers - {0}))


def _gunzip(name: str, content: bytes) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
        try:
            plain = stream.read(MAX_SOURCE + 1)
        except (OSError, EOFError, zlib.error) as fault:
            raise AsnSourceError(f"{name}:1: {fault}") from fault
    if len(plain) > MAX_SOURCE:
        raise AsnSourceError(f"{name}:1: larger than {MAX_SOURCE} bytes once unpacked")
    return plain


def _text(version: int, number: int) -> str:
    return str(ipaddress.IPv4Address(number) if version == 4 else ipaddress.IPv6Address(number))
