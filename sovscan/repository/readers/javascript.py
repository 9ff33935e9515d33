"""package.json, npm, Yarn and pnpm lock files, and the settings that name a registry."""

import json
import re
from collections.abc import Iterator
from typing import Any

from sovscan.repository.lines import Lines, strict
from sovscan.repository.places import default_registry, package, registry
from sovscan.repository.trace import MIB, Reader, Trace, UnreadError

DEFAULT_REGISTRY = "npm"
"""What npm, Yarn and pnpm ask when nothing else is said."""
_GROUPS = (("dependencies", ""), ("optionalDependencies", ""), ("peerDependencies", ""), ("devDependencies", "dev"))
_RESOLVED = re.compile(r"\"resolved\"\s*:\s*\"(https?://[^\"]+)\"")
_PLACED = re.compile(r"^\s*\"(?:node_modules/)((?:@[^/\"]+/)?[^/\"]+)\"\s*:\s*\{", re.MULTILINE)
_YARN_NAME = re.compile(r"^\"?((?:@[^/\s\"]+/)?[^@\s\"]+)@")
_YARN_FROM = re.compile(r"^\s+resolved \"(https?://[^\"]+)\"")
_PNPM_NAME = re.compile(r"^\s{2}'?/?((?:@[^/\s']+/)?[^@/\s':]+)[@/][0-9][^:]*'?:\s*$")
_SETTING = re.compile(
    r"^\s*(?:(?:@[\w.-]+:)?registry\s*=|npmRegistryServer\s*:|\"?registry\"?\s+)\s*[\"']?(https?://[^\s\"']+)"
)


def read(path: str, content: bytes) -> tuple[Trace, ...]:
    """Packages, development ones marked, and the registries they come from. Raises UnreadError."""
    name = path.lower().rpartition("/")[2]
    lines = strict(content)
    match name:
        case "package.json":
            return tuple(_manifest(lines))
        case "package-lock.json" | "npm-shrinkwrap.json":
            return tuple(_npm_lock(lines))
        case "yarn.lock":
            return tuple(_by_line(lines, _YARN_NAME, _YARN_FROM))
        case "pnpm-lock.yaml":
            return tuple(_by_line(lines, _PNPM_NAME, re.compile(r"tarball: (https?://[^\s,}]+)")))
        case _:
            return tuple(
                one
                for number, text in lines.numbered()
                if (found := _SETTING.match(text)) is not None
                for one in registry(found[1], number, "" if text.lstrip().startswith("@") else "instead for=npm")
            )


def _manifest(lines: Lines) -> Iterator[Trace]:
    plain = _json(lines)
    any_named = False
    for title, words in _GROUPS:
        table = plain.get(title)
        start = max(0, lines.text.find(f'"{title}"'))
        for name, version in table.items() if isinstance(table, dict) else ():
            any_named = True
            line = lines.of(json.dumps(name, ensure_ascii=False), start)
            yield from package("npm", str(name), line, words)
            if isinstance(version, str) and "://" in version:
                yield from registry(version.partition("+")[2] or version, line, words)
    publish = plain.get("publishConfig")
    if isinstance(publish, dict) and isinstance(publish.get("registry"), str):
        yield from registry(publish["registry"], lines.of(publish["registry"]))
    if any_named:
        yield from default_registry(DEFAULT_REGISTRY, 1, "implicit for=npm")


def _npm_lock(lines: Lines) -> Iterator[Trace]:
    _json(lines)
    hosts: set[str] = set()
    for found in _RESOLVED.finditer(lines.text):
        for one in registry(found[1], lines.at(found.start(1)), "locked"):
            if one.value not in hosts:
                hosts.add(one.value)
                yield one
    for found in _PLACED.finditer(lines.text):
        yield from package("npm", found[1], lines.at(found.start(1)), "locked")


def _by_line(lines: Lines, names: re.Pattern[str], origins: re.Pattern[str]) -> Iterator[Trace]:
    hosts: set[str] = set()
    for number, text in lines.numbered():
        if name := names.match(text):
            yield from package("npm", name[1], number, "locked")
        elif origin := origins.search(text):
            for one in registry(origin[1], number, "locked"):
                if one.value not in hosts:
                    hosts.add(one.value)
                    yield one


def _json(lines: Lines) -> dict[str, Any]:
    try:
        plain = json.loads(lines.text)
    except (ValueError, RecursionError) as error:
        raise UnreadError("syntax", getattr(error, "lineno", 1)) from error
    if not isinstance(plain, dict):
        raise UnreadError("syntax")
    return plain


READER = Reader(
    id="javascript",
    patterns=(
        "package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", ".npmrc", ".yarnrc",
        ".yarnrc.yml", "bunfig.toml",
    ),
    read=read,
    limit=16 * MIB,
)  # fmt: skip
