"""From a view to markup: the one place where templates are loaded and filled."""

import base64
import hashlib
import re

from sovscan.files.bundled import listing, read
from sovscan.locale.words import words
from sovscan.model.audit import Audit
from sovscan.render.format import RenderError, RenderOptions
from sovscan.render.view.report import Part, Report, view

# Names of our own: a font of the same name on the machine would be taken instead, and change the bytes.
FACES = (
    ("Sovscan Sans", 400, "Inter-400.woff2"),
    ("Sovscan Sans", 600, "Inter-600.woff2"),
    ("Sovscan Sans", 800, "Inter-800.woff2"),
    ("Sovscan Mono", 400, "JetBrainsMono-400.woff2"),
)
ON_SCREEN = (("Sovscan Sans", 400, "Inter-400-web.woff2"), ("Sovscan Sans", 600, "Inter-600-web.woff2"))
"""Faces carried inside the HTML file; it names the system's monospace and needs no third weight."""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
_SLACK = ((re.compile(r"\s*([{};])\s*"), r"\1"), (re.compile(r":\s+"), ":"), (re.compile(r",\s+"), ","))
"""White space that a style sheet does without; none of ours has these signs in a string."""
_INDENT = re.compile(r"\n +")
_BLANK = re.compile(r"\n\s*\n")
_SIBLING = re.compile(r"(?:\.\./(?:fr|en)/)?[A-Za-z0-9][A-Za-z0-9._-]{0,120}")


def page(audit: Audit, language: str, options: RenderOptions, *, printed: bool, part: Part = Part.REPORT) -> str:
    """The document as HTML: for the screen complete in itself, for print without styles and scripts.

    Raises RenderError when the look does not exist.
    """
    return fill(view(audit, language, options, printed=printed, part=part), options, printed=printed)


def fill(report: Report, options: RenderOptions, *, printed: bool) -> str:
    """The template of the look, filled with a view."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    look = checked_look(options.template)

    def source(name: str) -> str | None:
        return _text(look, name) if _known(look, name) else None

    environment = Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    css = "" if printed else screen_css(look)
    js = "" if printed else _BLANK.sub("\n", _INDENT.sub("\n", _text(look, "report.js")))
    sibling = options.sibling if options.sibling and _SIBLING.fullmatch(options.sibling) else None
    filled = environment.get_template("report.html.jinja").render(
        report=report,
        t=words(report.language),
        printed=printed,
        sibling=sibling,
        css=Markup(css),  # noqa: S704 - a file of the package
        js=Markup(js),  # noqa: S704 - a file of the package
        csp=policy(css, js),
    )
    return _BLANK.sub("\n", filled)


def policy(css: str, js: str) -> str:
    """The Content-Security-Policy of the HTML report: nothing but its own style and script, named by hash."""
    return (
        f"default-src 'none'; style-src 'sha256-{_sha256(css)}'; script-src 'sha256-{_sha256(js)}'; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def screen_css(look: str) -> str:
    """The style sheet with its fonts inside."""
    faces = "".join(
        _face(family, weight, "data:font/woff2;base64," + base64.b64encode(font(look, name)).decode("ascii"))
        for family, weight, name in ON_SCREEN
    )
    sheets = "".join(_text(look, name) for name in ("base.css", "screen.css", "print.css"))
    for pattern, short in _SLACK:
        sheets = pattern.sub(short, sheets)
    return faces + sheets


def print_css(look: str, scheme: str) -> str:
    """The style sheet whose fonts are asked for as ``scheme:NAME``."""
    faces = "".join(_face(family, weight, f"{scheme}:{name}") for family, weight, name in FACES)
    return faces + _text(look, "base.css") + _text(look, "print.css")


def font(look: str, name: str) -> bytes:
    """A font file of the look."""
    return read("reports", "templates", look, "fonts", name)


def checked_look(name: str) -> str:
    """The name of a look that exists. Raises RenderError with the known ones."""
    looks = sorted({path[2] for path in listing("reports", "templates", suffix="report.html.jinja")})
    if not _NAME.fullmatch(name) or name not in looks:
        raise RenderError(f"there is no report look {name!r}; known: {', '.join(looks)}")
    return name


def _known(look: str, name: str) -> bool:
    return ("reports", "templates", look, name) in listing("reports", "templates", look, suffix=".jinja")


def _text(look: str, name: str) -> str:
    return read("reports", "templates", look, name).decode("utf-8")


def _face(family: str, weight: int, address: str) -> str:
    return (
        f'@font-face{{font-family:"{family}";font-style:normal;font-weight:{weight};font-display:swap;'
        f'src:url("{address}") format("woff2")}}\n'
    )


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
