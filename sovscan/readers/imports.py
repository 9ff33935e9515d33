"""Files of others as evidence: HAR archives of a browser, certificate-transparency exports, proxy logs.

Only hosts and addresses of resources are kept: no query, no body, no header, no cookie, no client, no time.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sovscan.files.canonical import CanonicalError, loads
from sovscan.readers.html import host_of, without_secrets
from sovscan.readers.names import InvalidName, canonical_domain

MAX_BYTES = 64 * 1024 * 1024
MAX_NAMES = 5_000
"""Distinct hosts, names or resources of one page that are kept."""

_TAGS: Mapping[str, str] = {
    "script": "script", "stylesheet": "link", "font": "link", "image": "img", "media": "video", "iframe": "iframe",
    "document": "iframe", "websocket": "script", "xhr": "script", "fetch": "script", "ping": "img",
}  # fmt: skip
_REQUEST = re.compile(r"\b(?:GET|POST|PUT|HEAD|DELETE|PATCH|OPTIONS) (https?://[^\s\"]+)|\bCONNECT ([^\s\"/:]+):[0-9]+")


class ImportKind(StrEnum):
    """What a file is."""

    HAR = "har"
    CERTIFICATES = "certificate-names"
    PROXY_LOG = "proxy-log"


class ImportFileError(ValueError):
    """A file that is none of the three, or too large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What a file shows."""

    kind: ImportKind
    names: tuple[str, ...] = ()
    """Hosts of a proxy log, names of certificates; sorted, unique. Empty for a HAR archive."""
    pages: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Of a HAR archive: each page's URL with its ``tag url`` pairs, as the probe ``web`` writes them."""
    truncated: bool = False
    """True when something was left out because there is too much."""


def read_import(content: bytes, name: str) -> Imported:
    """What the file shows; its kind follows from its content. Raises ImportFileError naming the file."""
    if len(content) > MAX_BYTES:
        raise ImportFileError(f"{name}: larger than {MAX_BYTES // 1024 // 1024} MiB")
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        return _json(content.removeprefix(b"\xef\xbb\xbf"), name)
    hosts = sorted({host for line in content.decode("utf-8", "replace").splitlines() for host in _hosts(line)})
    if not hosts:
        raise ImportFileError(f"{name}: neither HAR archive nor certificate export nor proxy log")
    return Imported(kind=ImportKind.PROXY_LOG, names=tuple(hosts[:MAX_NAMES]), truncated=len(hosts) > MAX_NAMES)


def _json(content: bytes, name: str) -> Imported:
    try:
        found: Any = loads(content)
    except CanonicalError as error:
        found = _lines(content)
        if found is None:
            raise ImportFileError(f"{name}: {error}") from error
    if isinstance(found, dict) and isinstance(found.get("log"), dict):
        return _har(found["log"], name)
    entries = found if isinstance(found, list) else [found]
    names = sorted({clean for text in _certificate_names(entries) if (clean := _name(text))})
    if not names:
        raise ImportFileError(f"{name}: neither the log of a HAR archive nor names of certificates in it")
    return Imported(kind=ImportKind.CERTIFICATES, names=tuple(names[:MAX_NAMES]), truncated=len(names) > MAX_NAMES)


def _lines(content: bytes) -> list[Any] | None:
    """One JSON record a line; None when a line is none."""
    try:
        return [json.loads(line) for line in content.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None


def _certificate_names(entries: Iterable[Any]) -> Iterator[str]:
    for entry in entries:
        if not isinstance(entry, dict):
            continue
        for key in ("name_value", "common_name", "dns_names", "names"):
            value = entry.get(key)
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str):
                    yield from text.splitlines()


def _har(log: Mapping[str, Any], name: str) -> Imported:
    entries = log.get("entries")
    if not isinstance(entries, list):
        raise ImportFileError(f"{name}: a HAR archive without entries")
    pages: dict[str, str] = {}
    found: dict[str, set[str]] = {}
    truncated = False
    for entry in entries:
        url = without_secrets(_text(entry, "request", "url"))
        if not url:
            continue
        page = pages.setdefault(_text(entry, "pageref"), url)
        resources = found.setdefault(page, set())
        if url == page:
            continue
        if len(resources) < MAX_NAMES:
            resources.add(f"{_TAGS.get(_text(entry, '_resourceType') or _by_type(entry), 'script')} {url}")
        else:
            truncated = True
    shown = tuple((page, tuple(sorted(resources))) for page, resources in sorted(found.items()))
    if not shown:
        raise ImportFileError(f"{name}: a HAR archive without requests")
    return Imported(kind=ImportKind.HAR, pages=shown, truncated=truncated)


def _by_type(entry: Any) -> str:
    mime = _text(entry, "response", "content", "mimeType").partition(";")[0].strip().lower()
    kind, _, subtype = mime.partition("/")
    if subtype == "css":
        return "stylesheet"
    return {"image": "image", "font": "font", "video": "media", "audio": "media"}.get(kind, "script")


def _text(entry: Any, *path: str) -> str:
    for key in path:
        entry = entry.get(key) if isinstance(entry, dict) else None
    return entry if isinstance(entry, str) else ""


def _hosts(line: str) -> Iterator[str]:
    for url, host in _REQUEST.findall(line[:8192]):
        clean = _name(host or host_of(url))
        if clean:
            yield clean


def _name(text: str) -> str:
    try:
        return canonical_domain(text.strip().removeprefix("*."))
    except InvalidName:
        return ""
