"""The report as an accessible, archivable PDF that carries its own result and evidence.

Rendering is pure; the command line runs it in a child process with limits.
"""

import functools
import hashlib
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from sovscan.files.evidence_bundle import write_evidence
from sovscan.model.audit import Audit
from sovscan.render.engine import parsed, weasyprint
from sovscan.render.format import Format, RenderError, RenderOptions
from sovscan.render.logo import LOGO, content_of
from sovscan.render.look import FACES, Look, look
from sovscan.render.page import page
from sovscan.render.pdf_finish import finish
from sovscan.render.result_json import render_json
from sovscan.render.view.report import Part

SCHEME = "sovscan"
"""Of the addresses by which the style sheet asks for fonts."""
_EPOCH = "2000-01-01T00:00:00+00:00"


def render_pdf(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """The whole report. Raises PdfUnavailable without Pango, RenderError when the look does not exist."""
    return _write(audit, language, options, Part.REPORT)


def render_summary_pdf(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """The two-page summary alone, with the same attachments. Raises as ``render_pdf``."""
    return _write(audit, language, options, Part.SUMMARY)


def render_annex_pdf(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """The technical annex, with the same attachments. Raises as ``render_pdf``."""
    return _write(audit, language, options, Part.ANNEX)


def _write(audit: Audit, language: str, options: RenderOptions, part: Part) -> bytes:
    engine = weasyprint()
    from weasyprint.urls import FatalURLFetchingError

    dress = look(options)
    markup = page(audit, language, options, printed=True, part=part)
    fetcher = _fetcher(dress, options.logo)
    fonts, style = _dress(dress)
    identifier = hashlib.sha256(markup.encode("utf-8")).hexdigest()[:32].encode("ascii")
    settings = {
        "attachments": _attachments(engine, audit, language, options),
        "pdf_variant": "pdf/a-3a",
        "pdf_identifier": identifier,
    }
    try:
        content: bytes = parsed(markup, fetcher).write_pdf(
            stylesheets=[style], font_config=fonts, finisher=finish, **settings
        )
    except FatalURLFetchingError as error:
        raise RenderError(f"the report asked for something outside the package: {error}") from error
    return content


@functools.lru_cache(maxsize=2)
def _dress(dress: Look) -> tuple[Any, Any]:
    """Fonts and style sheet as the engine reads them, once for all documents of a process: a tenth of the time."""
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    return fonts, weasyprint().CSS(string=dress.print_css(SCHEME), font_config=fonts, url_fetcher=_fetcher(dress))


def _attachments(engine: ModuleType, audit: Audit, language: str, options: RenderOptions) -> list[Any]:
    when = _collected(audit)
    named = (
        ("result.json", "Result of the audit, canonical JSON", render_json(audit, language, options)),
        ("evidence.jsonl", "Evidence, one observation a line", write_evidence(audit.evidence)),
    )
    return [
        engine.Attachment(
            string=content, name=name, description=description, created=when, modified=when, relationship="Data"
        )
        for name, description, content in named
    ]


def _collected(audit: Audit) -> datetime:
    try:
        return datetime.fromisoformat(audit.evidence.collected_at.replace("Z", "+00:00")).astimezone(UTC)
    except ValueError:
        return datetime.fromisoformat(_EPOCH)


def _fetcher(dress: Look, logo: str | None = None) -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    known = {f"{SCHEME}:{name}": name for _, _, name in FACES}
    drawn = content_of(logo)

    class BundledOnly(URLFetcher):  # type: ignore[misc] # the library has no types
        """Gives the fonts of the look and the logo, and stops the rendering for anything else."""

        def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002
            if url == LOGO and drawn is not None:
                return URLFetcherResponse(url, drawn[0], {"Content-Type": drawn[1]})
            if url not in known:
                raise FatalURLFetchingError(f"refused: {url[:120]}")
            return URLFetcherResponse(url, dress.font(known[url]), {"Content-Type": "font/ttf"})

    return BundledOnly(allowed_protocols=(), fail_on_errors=True)


FORMAT = Format(
    name="pdf", extension="pdf", media_type="application/pdf", render=render_pdf, binary=True, isolated=True
)
