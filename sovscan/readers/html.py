"""Pages: which addresses a browser would load from, and what made the page. Texts are not kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from sovscan.readers.names import InvalidName, canonical_domain

MAX_BYTES = 2 * 1024 * 1024
"""What lies beyond is not read."""
MAX_RESOURCES = 2000
"""Distinct resources kept of one page."""
MAX_REFERENCES = 20_000
"""References looked at in one page."""

_MAX_URL = 2048
# Attributes that a browser fetches by itself; links to click (a, area) are none.
_SOURCES = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "frame": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "form": ("action",),
    "button": ("formaction",),
    "input": ("src", "formaction"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "source": ("src", "srcset"),
    "track": ("src",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
    "body": ("background",),
}
_LOADED_LINKS = {
    "stylesheet": "link",
    "icon": "link",
    "apple-touch-icon": "link",
    "mask-icon": "link",
    "manifest": "link",
    "preload": "link",
    "modulepreload": "link",
    "prefetch": "link",
    "prerender": "link",
    "preconnect": "preconnect",
    "dns-prefetch": "preconnect",
}
_CSS_URL = re.compile(r"""(?:url\(\s*|@import\s+(?!url\())["']?([^"')\s;]+)""", re.IGNORECASE)
_INLINE_SCRIPT_URL = re.compile(r"""["'`]((?:https?:)?(?:\\?/){2}[^"'`\s<>\\?#]+(?:\\/[^"'`\s<>\\?#]+)*?\.js)["'`?#]""")
_SCRIPT_TYPES = ("", "module", "text/javascript", "application/javascript")
_REFRESH = re.compile(r"""\s*[0-9.]*\s*[;,]\s*(?:url\s*=\s*)?["']?([^"']+)""", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_.-]+|\[[0-9a-f:.]+\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Resource:
    """One address that the page loads from or sends to."""

    tag: str
    """Element, or ``preconnect``, ``style`` (a URL inside CSS), ``refresh``, ``inline`` (a script URL named in a
    script of the page)."""
    url: str
    """Absolute http or https URL without user name, password, query and fragment."""
    attr: str
    """Attribute it stood in; ``text`` for CSS and scripts inside the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was read of a page."""

    resources: tuple[Resource, ...] = ()
    """Sorted and unique."""
    generator: str = ""
    """Content of ``<meta name=generator>``; empty: none."""
    truncated: bool = False
    """True when bytes or resources were left out."""


def read_page(html: bytes, base_url: str) -> Page:
    """Resources and generator of a page of any bytes; ``base_url`` is the URL it came from. Comments do not count."""
    root = _tree(html[:MAX_BYTES])
    if root is None:
        return Page(truncated=len(html) > MAX_BYTES)
    base = next((e.get("href", "") for e in root.iter("base") if e.get("href")), "")
    base = _join(base_url, base.strip()) or base_url
    found = set()
    references = list(islice(_references(root), MAX_REFERENCES))
    for tag, attr, reference in set(references):
        url = _loadable(_join(base, reference))
        if url:
            found.add(Resource(tag=tag, url=url, attr=attr))
    return Page(
        resources=tuple(sorted(found))[:MAX_RESOURCES],
        generator=_generator(root),
        truncated=len(html) > MAX_BYTES or len(found) > MAX_RESOURCES or len(references) == MAX_REFERENCES,
    )


def resources(html: bytes, base_url: str) -> tuple[Resource, ...]:
    """The resources of a page, sorted and unique."""
    return read_page(html, base_url).resources


def without_secrets(url: str) -> str:
    """The URL without user name, password, query and fragment; empty when it is no http or https URL of a name."""
    return _loadable(url)


def host_of(url: str) -> str:
    """The host of a URL in lower case; empty when it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _tree(html: bytes) -> Any:
    # libxml2 stops at NUL. A UTF-16 page, which is full of them, says so by its byte-order mark and is re-encoded.
    encoding: str | None = None
    for mark, wide in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if html.startswith(mark):
            html, encoding = html[2:].decode(wide, "replace").encode("utf-8"), "utf-8"
    html = html.replace(b"\0", b" ")
    if encoding is None and not html.isascii() and _is_utf8(html):
        encoding = "utf-8"
    if not html.strip():
        return None
    codecs: tuple[str | None, ...] = (encoding, "latin-1")
    for codec in codecs:
        try:
            parser = etree.HTMLParser(
                encoding=codec, recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
            )
            return etree.fromstring(html, parser)
        except (etree.XMLSyntaxError, LookupError, ValueError):
            # A charset that libxml2 does not know; latin-1 reads any bytes.
            continue
    return None


def _is_utf8(html: bytes) -> bool:
    # What is valid UTF-8 beyond ASCII is UTF-8, whatever it declares; the cap may have split the last character.
    try:
        html.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.start > MAX_BYTES - 4
    return True


def _references(root: Any) -> Iterator[tuple[str, str, str]]:
    for element in root.iter(etree.Element):
        tag = element.tag.lower()
        if tag == "link":
            kinds = [_LOADED_LINKS[word] for word in element.get("rel", "").lower().split() if word in _LOADED_LINKS]
            if kinds:
                yield kinds[0], "href", element.get("href", "")
        elif tag == "meta":
            if element.get("http-equiv", "").lower() == "refresh" and (m := _REFRESH.match(element.get("content", ""))):
                yield "refresh", "content", m[1]
        elif tag == "style":
            yield from (("style", "text", url) for url in _CSS_URL.findall(element.text or ""))
        elif tag == "script" and not element.get("src") and element.get("type", "").lower().strip() in _SCRIPT_TYPES:
            yield from (("inline", "text", _unescaped(u)) for u in _INLINE_SCRIPT_URL.findall(element.text or ""))
        for attr in _SOURCES.get(tag, ()):
            value = element.get(attr)
            if value and attr == "srcset":
                # Commas of a data: URL would look like further candidates.
                candidates = () if "data:" in value else value.split(",")
                yield from ((tag, attr, candidate.split()[0]) for candidate in candidates if candidate.split())
            elif value:
                yield tag, attr, value
        if style := element.get("style"):
            yield from (("style", "style", url) for url in _CSS_URL.findall(style))


def _unescaped(url: str) -> str:
    return url.replace("\\/", "/")


def _join(base: str, reference: str) -> str:
    reference = re.sub(r"[\t\r\n]", "", reference.strip())
    if len(reference) > _MAX_URL:
        return ""
    try:
        return urljoin(base, reference)
    except ValueError:
        return ""


def _loadable(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host:
        return ""
    try:
        host = canonical_domain(host)
    except InvalidName:
        # An address, or a name no certificate can hold: shown as written, in a form that can match no provider.
        host = f"[{host}]" if ":" in host else host
        if not _HOST.fullmatch(host):
            return ""
    default = {"http": 80, "https": 443}[parts.scheme]
    path = re.sub(r"[^!$%&-;=@-Z_a-z~]", "", parts.path)
    return f"{parts.scheme}://{host}{'' if port in (None, default) else f':{port}'}{path or '/'}"


def _generator(root: Any) -> str:
    for element in root.iter("meta"):
        if element.get("name", "").strip().lower() == "generator":
            return str(element.get("content", "")).strip()[:256]
    return ""
