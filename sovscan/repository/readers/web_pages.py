"""Pages and style sheets: the third parties a browser would load from, and what a content policy allows."""

import re
from collections.abc import Iterator

from sovscan.readers.csp import allowed_hosts
from sovscan.repository.lines import Lines
from sovscan.repository.places import host_of
from sovscan.repository.trace import MIB, Reader, Trace, TraceKind

_NOWHERE = "page.invalid"
_CSS_URL = re.compile(r"(?:url\(\s*|@import\s+(?!url\())[\"']?((?:https?:)?//[^\"')\s;]+)", re.IGNORECASE)
_CSS_COMMENT = re.compile(r"/\*[^*]*(?:\*(?!/)[^*]*)*(?:\*/|\Z)")
_NAMESPACE = re.compile(r"@namespace\s[\w\s-]{0,60}\Z")
_POLICY = re.compile(r"content-security-policy(?:-report-only)?[\"']?[\s:=,]+(?:content=)?[\"']?([^\"\n]{5,4000})",
                     re.IGNORECASE)  # fmt: skip
_LOADING = frozenset({
    "script", "link", "iframe", "frame", "embed", "object", "form", "style", "inline", "img", "source", "video",
    "audio", "preconnect",
})  # fmt: skip


def read(path: str, content: bytes) -> tuple[Trace, ...] | None:
    """Hosts with the element that loads from them; templates are read as the pages they nearly are."""
    lines = Lines(content)
    if "//" not in lines.text:
        return ()
    if path.lower().endswith((".css", ".scss", ".less")):
        return tuple(_style(lines))
    traces = list(_page(lines))
    for found in _POLICY.finditer(lines.text):
        line = lines.at(found.start())
        traces.extend(
            Trace(kind=TraceKind.SCRIPT, value=f"policy {host.removeprefix('*.')}", line=line, detail="policy")
            for host in allowed_hosts((found[1],), reporting=False)
        )
    return tuple(traces)


def _page(lines: Lines) -> Iterator[Trace]:
    # The parser of pages costs more to load than most checkouts to read; many hold no page.
    from sovscan.readers.html import read_page

    page = read_page(lines.text.encode(), f"https://{_NOWHERE}/")
    seen: set[tuple[str, str]] = set()
    for resource in page.resources:
        host = host_of(resource.url)
        if host is None or host == _NOWHERE or resource.tag not in _LOADING or (resource.tag, host) in seen:
            continue
        seen.add((resource.tag, host))
        yield Trace(kind=TraceKind.SCRIPT, value=f"{resource.tag} {host}", line=_line(lines, resource.tag, host))


def _line(lines: Lines, tag: str, host: str) -> int:
    """The line of the element that names the host; of the host when the element began on another line."""
    element = re.compile(rf"<{re.escape(tag)}\b[^<>]*?//(?:[^/\"'@\s]*@)?{re.escape(host)}", re.IGNORECASE)
    found = element.search(lines.text)
    if found is not None:
        return lines.at(found.end())
    return lines.of(host)


def _style(lines: Lines) -> Iterator[Trace]:
    text = _CSS_COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), lines.text)
    for found in _CSS_URL.finditer(text):
        host = host_of(found[1])
        if host is not None and not _NAMESPACE.search(text[max(0, found.start() - 80) : found.start()]):
            yield Trace(kind=TraceKind.SCRIPT, value=f"style {host}", line=lines.at(found.start(1)))


READER = Reader(
    id="web-pages",
    patterns=("*.html", "*.htm", "*.xhtml", "*.jinja", "*.j2", "*.jinja2", "*.twig", "*.erb", "*.ejs", "*.hbs", "*.vue",
              "*.svelte", "*.astro", "*.phtml", "*.cshtml", "*.jsp", "*.css", "*.scss", "*.less"),
    read=read,
    limit=MIB,
    manifest=False,
)  # fmt: skip
