"""Go modules (https://go.dev/ref/mod)."""

import re

from sovscan.repository.lines import Lines
from sovscan.repository.places import package, registry
from sovscan.repository.trace import MIB, Reader, Trace

DEFAULT_PROXY = "https://proxy.golang.org"
"""What the go command asks when nothing else is said (https://go.dev/ref/mod#environment-variables)."""
_MODULE = re.compile(r"\s*(?:require\s+)?([a-z0-9][\w.-]*\.[a-z]{2,}(?:/[\w.~!-]+)*)\s+v[0-9]")


def read(path: str, content: bytes) -> tuple[Trace, ...]:
    """Modules that are required, those that come along marked, and the proxy they come through.

    Of go.sum nothing: it also holds modules that no package is built from (https://go.dev/ref/mod#go-sum-files), and
    since Go 1.17 go.mod names every one that is.
    """
    if path.lower().endswith(".sum"):
        return ()
    lines, first = Lines(content), 0
    traces: list[Trace] = []
    for number, text in lines.numbered():
        found = None if re.match(r"\s*(?://|module\b|replace\b|exclude\b|retract\b)", text) else _MODULE.match(text)
        if found is None:
            continue
        first = first or number
        words = "indirect" if "// indirect" in text else ""
        traces.extend(package("golang", found[1], number, words))
    if first:
        traces.extend(registry(DEFAULT_PROXY, first, "implicit"))
    return tuple(traces)


READER = Reader(id="go", patterns=("go.mod", "go.sum"), read=read, limit=8 * MIB)
