"""The report as one HTML file: no request, no script but its own, complete without JavaScript."""

from sovscan.model.audit import Audit
from sovscan.render.format import Format, RenderOptions
from sovscan.render.page import page


def render_html(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """The HTML report. Raises RenderError when the look does not exist."""
    return page(audit, language, options, printed=False).encode("utf-8")


FORMAT = Format(name="html", extension="html", media_type="text/html", render=render_html)
