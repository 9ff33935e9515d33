"""From a view to markup: the one place where templates are loaded and filled."""

import base64
import hashlib
import re
import traceback

from sovscan.locale.words import Words, words
from sovscan.model.audit import Audit
from sovscan.render.format import RenderError, RenderOptions
from sovscan.render.look import look
from sovscan.render.view.report import Part, Report, view

LABELS = {
    "number": "column.number",
    "points": "column.points",
    "today": "column.today",
    "after": "column.after",
    "gain": "column.gain",
    "score": "column.score_after",
    "effort": "column.effort",
    "lead": "column.lead",
    "services": "column.services",
    "simulated": "alternative.simulated",
    "host": "alternative.host",
    "qualification": "alternative.qualification",
    "severity": "findings.severity",
    "lost": "finding.points",
}
"""Headings of columns that a narrow screen repeats in the cells, by the name the style sheet has for them."""
_BLANK = re.compile(r"\n\s*\n")
_BEFORE_A_BLOCK = re.compile(r"\n(?=</?(?:t[dh]|tr|tbody|details|summary|p|li|h[234]|div|text|rect|circle|g)\b)")
"""Line ends that no reader of the page sees, for markup follows that begins its own line."""
_RUN = re.compile(r"(?<=>)([^<>]{24,}?)\s+<(small|strong|em|a|b|code)\b([^<>]*)>")
"""Running text that ends in a space, and what stands behind it in the same line."""
_SIBLING = re.compile(r"(?:\.\./(?:fr|en)/)?[A-Za-z0-9][A-Za-z0-9._-]{0,120}")


def page(audit: Audit, language: str, options: RenderOptions, *, printed: bool, part: Part = Part.REPORT) -> str:
    """The document as HTML: for the screen complete in itself, for print without styles and scripts.

    Raises RenderError when the look does not exist.
    """
    return fill(view(audit, language, options, printed=printed, part=part), options, printed=printed)


def fill(report: Report, options: RenderOptions, *, printed: bool) -> str:
    """The template of the look, filled with a view."""
    from jinja2 import FunctionLoader, StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

    dress = look(options)
    # A look may be the auditor's: it can arrange what the report holds, and reach nothing else.
    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(dress.template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    # Under no name or spelling may a template print a stranger's text as markup.
    del environment.filters["safe"]
    t = words(report.language)
    css = "" if printed else dress.screen_css(changed=report.since is not None) + _labels(t)
    js = "" if printed else dress.script()
    sibling = options.sibling if options.sibling and _SIBLING.fullmatch(options.sibling) else None
    try:
        filled = environment.get_template("report.html.jinja").render(
            report=report,
            t=t,
            printed=printed,
            sibling=sibling,
            css=Markup(css),  # noqa: S704 - style sheets of the look, checked when it was taken in
            js=Markup(js),  # noqa: S704 - a file of the package
            csp=policy(css, js),
        )
    except TemplateError as error:
        raise RenderError(f"the look cannot be filled: {_where(error)}{error.message}") from error
    filled = _BLANK.sub("\n", filled)
    return _RUN.sub(_spaced, filled) if printed else _BEFORE_A_BLOCK.sub("", filled)


def _spaced(run: re.Match[str]) -> str:
    """The same text, with the space at its end out of it.

    Where all but that space fits into a line, WeasyPrint 70 breaks the line behind its first word instead. Inside an
    element that keeps its words together, or has letters of another width, the space would be another one.
    """
    text, name, attributes = run.groups()
    if name in {"small", "strong", "em"}:
        return f"{text}<{name}{attributes}> "
    return f"{text}<span> </span><{name}{attributes}>"


def policy(css: str, js: str) -> str:
    """The Content-Security-Policy of the HTML report: nothing but its own style and script, named by hash."""
    return (
        f"default-src 'none'; style-src 'sha256-{_sha256(css)}'; script-src 'sha256-{_sha256(js)}'; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _labels(t: Words) -> str:
    """The headings of LABELS as properties of the page; the words are ours, and hold no quotation mark."""
    return ":root{" + ";".join(f'--t-{name}:"{t(key)}"' for name, key in LABELS.items()) + "}"


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _where(error: Exception) -> str:
    """Template and line of a fault, as far as known."""
    name, line = getattr(error, "name", None), getattr(error, "lineno", None)
    if name is None:
        frames = [one for one in traceback.extract_tb(error.__traceback__) if one.filename.endswith(".jinja")]
        name, line = (frames[-1].filename, frames[-1].lineno) if frames else (None, None)
    return f"{name}:{line}: " if name else ""
