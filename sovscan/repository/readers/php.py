"""Composer (https://getcomposer.org/doc/04-schema.md)."""

import json
from collections.abc import Iterator

from sovscan.repository.lines import Lines, strict
from sovscan.repository.places import package, registry
from sovscan.repository.trace import MIB, Reader, Trace, UnreadError

DEFAULT_REPOSITORY = "https://repo.packagist.org"


def read(path: str, content: bytes) -> tuple[Trace, ...]:
    """Packages, development ones marked, and repositories. Raises UnreadError."""
    lines = strict(content)
    try:
        plain = json.loads(lines.text)
    except (ValueError, RecursionError) as error:
        raise UnreadError("syntax", getattr(error, "lineno", 1)) from error
    if not isinstance(plain, dict):
        raise UnreadError("syntax")
    return tuple(_lock(plain, lines) if path.lower().endswith(".lock") else _manifest(plain, lines))


def _manifest(plain: dict[str, object], lines: Lines) -> Iterator[Trace]:
    named = False
    for title, words in (("require", ""), ("require-dev", "dev")):
        table = plain.get(title)
        start = max(0, lines.text.find(f'"{title}"'))
        for name in table if isinstance(table, dict) else ():
            if "/" in str(name):
                named = True
                line = min(lines.of(json.dumps(name), start), lines.of(json.dumps(name).replace("/", "\\/"), start))
                yield from package("composer", str(name).lower(), line if line > 1 else lines.of(str(name)), words)
    repositories = plain.get("repositories")
    listed = list(repositories.values()) if isinstance(repositories, dict) else repositories
    for one in listed if isinstance(listed, list) else ():
        url = one.get("url") if isinstance(one, dict) else None
        if isinstance(url, str):
            written = url if url in lines.text else url.replace("/", "\\/")
            yield from registry(url, lines.of(written, max(0, lines.text.find('"repositories"'))))
    if named:
        yield from registry(DEFAULT_REPOSITORY, 1, "implicit")


def _lock(plain: dict[str, object], lines: Lines) -> Iterator[Trace]:
    for title, words in (("packages", "locked"), ("packages-dev", "locked dev")):
        start = max(0, lines.text.find(f'"{title}"'))
        listed = plain.get(title)
        for one in listed if isinstance(listed, list) else ():
            name = one.get("name") if isinstance(one, dict) else None
            if isinstance(name, str):
                yield from package("composer", name.lower(), lines.of(json.dumps(name), start), words)


READER = Reader(id="php", patterns=("composer.json", "composer.lock"), read=read, limit=8 * MIB)
