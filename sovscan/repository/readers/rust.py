"""Cargo (https://doc.rust-lang.org/cargo/reference/)."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from sovscan.repository.lines import Lines, strict
from sovscan.repository.places import package, registry
from sovscan.repository.trace import MIB, Reader, Trace, UnreadError

DEFAULT_REGISTRY = "https://index.crates.io/"
_LOCKED = re.compile(r"^name = \"([^\"\n]+)\"")
_SOURCE = re.compile(r"^source = \"(?:registry|sparse|git)\+(https?://[^\"\n]+)\"")


def read(path: str, content: bytes) -> tuple[Trace, ...]:
    """Crates, those for tests and builds marked, and registries. Raises UnreadError."""
    lines = strict(content)
    if path.lower().endswith("cargo.lock"):
        return tuple(_lock(lines))
    try:
        plain = tomllib.loads(lines.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"line (\d+)", str(error))
        raise UnreadError("syntax", int(found[1]) if found else 1) from error
    return tuple(_settings(plain, lines) if "cargo.toml" not in path.lower() else _manifest(plain, lines))


def _manifest(plain: Mapping[str, Any], lines: Lines) -> Iterator[Trace]:
    tables = [plain, *(one for one in _table(plain.get("target")).values() if isinstance(one, dict)),
              _table(plain.get("workspace"))]  # fmt: skip
    named = False
    for table in tables:
        for title, words in (("dependencies", ""), ("dev-dependencies", "dev"), ("build-dependencies", "dev")):
            start = max(0, lines.text.find(f"{title}"))
            for name, wanted in _table(table.get(title)).items():
                named = True
                real = wanted.get("package", name) if isinstance(wanted, dict) else name
                found = re.compile(rf"^\s*(?:\[.*\.)?[\"']?{re.escape(name)}[\"']?\s*[=.\]]", re.MULTILINE).search(
                    lines.text, start
                )
                line = lines.at(found.start()) if found else 1
                yield from package("cargo", str(real), line, words)
                if isinstance(wanted, dict) and isinstance(wanted.get("git"), str):
                    yield from registry(wanted["git"], line, words)
    if named:
        yield from registry(DEFAULT_REGISTRY, 1, "implicit")


def _settings(plain: Mapping[str, Any], lines: Lines) -> Iterator[Trace]:
    for kind in ("registries", "source"):
        for entry in _table(plain.get(kind)).values():
            url = _table(entry).get("index") or _table(entry).get("registry")
            if isinstance(url, str):
                yield from registry(url.removeprefix("sparse+"), lines.of(url))


def _lock(lines: Lines) -> Iterator[Trace]:
    hosts: set[str] = set()
    for number, text in lines.numbered():
        if found := _LOCKED.match(text):
            yield from package("cargo", found[1], number, "locked")
        elif found := _SOURCE.match(text):
            for one in registry(found[1], number, "locked"):
                # The index once lived on the forge; today's tools ask crates.io whatever is written here.
                if one.value not in hosts and "crates.io-index" not in found[1]:
                    hosts.add(one.value)
                    yield one


def _table(plain: object) -> Mapping[str, Any]:
    return plain if isinstance(plain, dict) else {}


READER = Reader(
    id="rust", patterns=("cargo.toml", "cargo.lock", ".cargo/config.toml", ".cargo/config"), read=read, limit=4 * MIB
)
