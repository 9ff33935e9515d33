"""poetry.lock, uv.lock, pdm.lock, pylock.toml (PEP 751) and Pipfile.lock: what is installed, and from where."""

import json
import re
from collections.abc import Iterator

from sovscan.repository.lines import Lines, strict
from sovscan.repository.places import package, registry
from sovscan.repository.readers.python_requirements import normalised
from sovscan.repository.trace import MIB, Reader, Trace, UnreadError

_NAME = re.compile(r"^name = [\"']([^\"'\n]+)[\"']\s*$")
_URL = re.compile(r"(?:registry|url|index)\s*=\s*[\"'](https?://[^\"'\n]+)[\"']")


def read(path: str, content: bytes) -> tuple[Trace, ...]:
    """Each package with its line, and each host that packages come from. Raises UnreadError."""
    if path.lower().endswith("pipfile.lock"):
        return tuple(_pipfile_lock(strict(content)))
    return tuple(_toml_lock(strict(content)))


def _toml_lock(lines: Lines) -> Iterator[Trace]:
    """Line by line: these files are written by tools in one form, and building their tables would cost seconds."""
    seen = False
    hosts: set[str] = set()
    for number, text in lines.numbered():
        seen = seen or text.startswith(("[[package", "version =", "lock-version", "[metadata"))
        name = _NAME.match(text)
        if name is not None:
            yield from package("pypi", normalised(name[1]), number, "locked")
            continue
        for url in _URL.findall(text):
            for one in registry(url, number, "locked"):
                # Files live on a host of their own; the index that names them is the one that was chosen.
                if one.value not in hosts and not one.value.startswith("files."):
                    hosts.add(one.value)
                    yield one
    if not seen and lines.text.strip():
        raise UnreadError("syntax")


def _pipfile_lock(lines: Lines) -> Iterator[Trace]:
    try:
        plain = json.loads(lines.text)
    except (ValueError, RecursionError) as error:
        raise UnreadError("syntax", getattr(error, "lineno", 1)) from error
    if not isinstance(plain, dict):
        raise UnreadError("syntax")
    for title, words in (("default", "locked"), ("develop", "locked dev")):
        table = plain.get(title)
        start = max(0, lines.text.find(f'"{title}"'))
        for name in table if isinstance(table, dict) else ():
            yield from package("pypi", normalised(str(name)), lines.of(json.dumps(name), start), words)
    meta = plain.get("_meta")
    for source in meta.get("sources", ()) if isinstance(meta, dict) else ():
        url = str(source.get("url", "")) if isinstance(source, dict) else ""
        yield from registry(url, lines.of(url), "locked")


READER = Reader(
    id="python-locks",
    patterns=("poetry.lock", "uv.lock", "pdm.lock", "pylock.toml", "pylock.*.toml", "pipfile.lock"),
    read=read,
    limit=16 * MIB,
)
