"""DNS as code: zone files and octoDNS zones, the records that will be published (RFC 1035, 5.1; octoDNS)."""

import re
from collections.abc import Iterator

from sovscan.repository.lines import Lines
from sovscan.repository.trace import Reader, Trace, TraceKind
from sovscan.repository.yaml_leaves import leaves

_RECORD = re.compile(
    r"^(?P<name>\S*)\s+(?:[0-9]+[smhdwSMHDW]?\s+)?(?:IN\s+)?(?:[0-9]+\s+)?"
    r"(?P<type>CNAME|MX|NS|SRV|ALIAS|DNAME|TXT|SPF)\s+(?P<rest>[^;\n]+)",
    re.IGNORECASE,
)
_SOA = re.compile(rb"^\S*\s+(?:[0-9]+[smhdw]?\s+)?(?:IN\s+)?SOA\s|^\$ORIGIN\s", re.IGNORECASE | re.MULTILINE)
_SPF = re.compile(r"(?:include:|redirect=)([a-z0-9_.-]+\.[a-z0-9-]+)", re.IGNORECASE)
_OCTO_TYPES = frozenset({"CNAME", "MX", "NS", "SRV", "ALIAS", "DNAME", "TXT", "SPF"})
_OCTO = re.compile(rb"^\s*(?:- )?type:\s*[\"']?(?:CNAME|MX|NS|ALIAS|A|AAAA|TXT)[\"']?\s*$", re.MULTILINE)


def read(path: str, content: bytes) -> tuple[Trace, ...] | None:
    """Records with a name as their target, and the senders an SPF record includes; None for files of another sort."""
    if path.lower().endswith((".yaml", ".yml")):
        return tuple(_octodns(Lines(content))) if _OCTO.search(content) else None
    return tuple(_zone(Lines(content))) if _SOA.search(content) else None


def _zone(lines: Lines) -> Iterator[Trace]:
    last = "@"
    for number, text in lines.numbered():
        found = _RECORD.match(text)
        if found is not None:
            last = found["name"] or last
            yield from _record(found["type"].upper(), last, found["rest"].strip(), number)


def _record(kind: str, name: str, rest: str, line: int) -> Iterator[Trace]:
    if kind in {"TXT", "SPF"}:
        text = rest.replace('" "', "").strip('"')
        if text.lower().startswith("v=spf1"):
            for sender in _SPF.findall(text):
                yield _trace("SPF", name, sender, line)
        return
    words = rest.split()
    if words and "." in words[-1]:
        yield _trace("CNAME" if kind in {"ALIAS", "DNAME"} else kind, name, words[-1], line)


def _trace(kind: str, name: str, target: str, line: int) -> Trace:
    return Trace(kind=TraceKind.DNS, value=f"{kind} {name.rstrip('.')} {target.rstrip('.').lower()}", line=line)


def _octodns(lines: Lines) -> Iterator[Trace]:
    """Zones of octoDNS: names at the top, each with one record or a list of them."""
    found = leaves(lines).found
    by_name = {
        (leaf.path[:-1], leaf.entries): leaf.value.upper()
        for leaf in found
        if leaf.path and leaf.path[-1] == "type" and leaf.value.upper() in _OCTO_TYPES and len(leaf.path) <= 3
    }
    for leaf in found:
        for depth in range(len(leaf.path), 0, -1):
            kind = by_name.get((leaf.path[:depth], leaf.entries[: leaf.path[:depth].count("[]")]))
            if kind is not None and leaf.key in {"value", "values", "exchange", "target"}:
                name = leaf.path[0] or "@"
                yield from _record(kind, name, leaf.value.replace("\\;", ";"), leaf.line)
                break


READER = Reader(
    id="dns-records",
    patterns=("*.zone", "db.*", "*.db", "*.zone.txt", "zones/*", "zones/*/*", "*.yaml", "*.yml"),
    read=read,
)
