"""Bundler (https://bundler.io/man/gemfile.5.html)."""

import re

from sovscan.repository.lines import Lines
from sovscan.repository.places import package, registry
from sovscan.repository.trace import MIB, Reader, Trace

_GEM = re.compile(r"\s*(?:gem|\w+\.add_(?:runtime_|development_)?dependency)[\s(]+[\"']([\w.-]+)[\"'](.*)")
_SOURCE = re.compile(r"\s*source[\s(]+[\"'](https?://[^\"']+)[\"']|\s*remote:\s*(https?://\S+)")
_LOCKED = re.compile(r" {4}([\w.-]+) \([^)]*\)\s*\Z")
_GROUP = re.compile(r"\s*group\s+(.+)\s+do\b")
_DEVELOPMENT = re.compile(r":(?:development|test|ci)\b")


def read(path: str, content: bytes) -> tuple[Trace, ...]:
    """Gems, those of development groups marked, and sources."""
    locked = path.lower().endswith(".lock")
    traces: list[Trace] = []
    development = False
    for number, text in Lines(content).numbered():
        if (found := _SOURCE.match(text)) is not None:
            traces.extend(registry(found[1] or found[2], number, "locked" if locked else ""))
        elif locked and (found := _LOCKED.match(text.rstrip("\r"))) is not None:
            traces.extend(package("gem", found[1], number, "locked"))
        elif (found := _GROUP.match(text)) is not None:
            development = bool(_DEVELOPMENT.search(found[1]))
        elif re.match(r"end\b", text):
            development = False
        elif (found := _GEM.match(text)) is not None:
            apart = (
                development
                or "add_development" in text
                or ("group" in found[2] and bool(_DEVELOPMENT.search(found[2])))
            )
            traces.extend(package("gem", found[1], number, "dev" if apart else ""))
    return tuple(traces)


READER = Reader(id="ruby", patterns=("gemfile", "gemfile.lock", "gems.rb", "*.gemspec"), read=read, limit=4 * MIB)
