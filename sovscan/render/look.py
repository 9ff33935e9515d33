"""The look of a report: templates, style sheets and fonts, ours or with the auditor's own in their place."""

import base64
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sovscan.files.bundled import listing, read
from sovscan.render.format import OURS, RenderError, RenderOptions

# Names of our own: a font of the same name on the machine would be taken instead, and change the bytes. They lie as
# they are laid out: to unpack four of them took a thirtieth of the time of a report, and 4 MiB.
FACES = (
    ("Sovscan Sans", 400, "Inter-400.ttf"),
    ("Sovscan Sans", 600, "Inter-600.ttf"),
    ("Sovscan Sans", 800, "Inter-800.ttf"),
    ("Sovscan Mono", 400, "JetBrainsMono-400.ttf"),
)
ON_SCREEN = (("Sovscan Sans", "400 600", "Inter-web.woff2"),)
"""The face carried inside the HTML file, with every weight between; it names the system's monospace."""
BRAND = "brand.css"
"""Comes after our style sheets, for colours and measures of the auditor's own."""
COVERAGE = "fonts/coverage.txt"
"""Code points that the fonts draw: hexadecimal ranges, one a line."""
LARGEST = 2 * 1024**2
"""Bytes of all files of the auditor's together."""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
_FONT = re.compile(r"fonts/.*\.(?:ttf|woff2)")
_REACHING = re.compile(r"url\s*\(|@import|image-set|src\s*\(|\\", re.IGNORECASE)
"""Of a style sheet that would load something, or hides it behind an escape."""
_UNESCAPED = re.compile(r"\bautoescape\b|\|\s*safe\b")
"""Of a template that would print a stranger's text as markup."""
_SLACK = (
    (re.compile(r"/\*.*?\*/", re.DOTALL), ""),
    (re.compile(r"\s*([{};>])\s*"), r"\1"),
    (re.compile(r":\s+"), ":"),
    (re.compile(r",\s+"), ","),
    (re.compile(r";}"), "}"),
)
"""Remarks, white space and signs that a style sheet does without; none of ours has these signs in a string."""
_INDENT = re.compile(r"\n +")
_BLANK = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Look:
    """The files of a look by name; those of the auditor stand in place of ours."""

    name: str
    own: tuple[tuple[str, str], ...] = ()
    """Name and content in base64."""

    def file(self, name: str) -> bytes | None:
        """The content of one; None when there is none of that name."""
        for known, content in self.own:
            if known == name:
                return base64.b64decode(content)
        return read("reports", "templates", self.name, *name.split("/")) if name in _files(self.name) else None

    def template(self, name: str) -> str | None:
        """The text of a template; None when there is none of that name."""
        content = self.file(name) if name.endswith(".jinja") else None
        return None if content is None else content.decode("utf-8")

    def font(self, name: str) -> bytes:
        """A font file."""
        return self.file(f"fonts/{name}") or b""

    def script(self) -> str:
        """The script of the HTML page: always ours."""
        return _BLANK.sub("\n", _INDENT.sub("\n", self._text("report.js")))

    def screen_css(self, *, changed: bool = False) -> str:
        """The style sheet of the HTML page, with its fonts inside. ``changed``: with that of a comparison."""
        faces = "".join(
            _face(family, weight, f"data:font/woff2;base64,{base64.b64encode(self.font(name)).decode()}", "woff2")
            for family, weight, name in ON_SCREEN
        )
        names = ("base.css", "screen.css", "print.css", *(("since.css",) if changed else ()))
        sheets = "".join(self._text(name) for name in names)
        for slack, kept in _SLACK:
            sheets = slack.sub(kept, sheets)
        return faces + sheets + self._text(BRAND)

    def print_css(self, scheme: str) -> str:
        """The style sheet of the PDF; its fonts are asked for under ``scheme:``."""
        faces = "".join(_face(family, weight, f"{scheme}:{name}", "truetype") for family, weight, name in FACES)
        return faces + "".join(self._text(name) for name in ("base.css", "print.css", "since.css", "pdf.css", BRAND))

    def drawable(self) -> frozenset[int]:
        """Code points that its fonts draw."""
        return _codes(self._text(COVERAGE))

    def _text(self, name: str) -> str:
        return (self.file(name) or b"").decode("utf-8")


def look(options: RenderOptions) -> Look:
    """The look that the options ask for. Raises RenderError when there is none of that name."""
    return Look(checked_look(options.template), options.look_files)


def checked_look(name: str) -> str:
    """The name of a look that exists. Raises RenderError with the known ones."""
    looks = sorted({path[2] for path in listing("reports", "templates", suffix="report.html.jinja")})
    if not _NAME.fullmatch(name) or name not in looks:
        raise RenderError(f"there is no report look {name!r}; known: {', '.join(looks)}")
    return name


def own_look(files: Mapping[str, bytes], name: str = OURS) -> tuple[tuple[str, str], ...]:
    """Files of the auditor's as the options carry them.

    Raises RenderError for a file that no look has, for a style sheet that would load something, for fonts without the
    list of what they draw, and for too much of it all.
    """
    known = {one for one in _files(name) if not one.endswith(".js")} | {BRAND}
    for one in sorted(set(files) - known):
        raise RenderError(f"{one}: no file of a look; there are {', '.join(sorted(known))}")
    if sum(map(len, files.values())) > LARGEST:
        raise RenderError(f"more than {LARGEST // 1024**2} MiB in all")
    if any(map(_FONT.fullmatch, files)) and COVERAGE not in files:
        raise RenderError(f"fonts come with {COVERAGE}, the code points they draw")
    for one, content in files.items():
        if one.endswith((".css", ".jinja", ".txt")):
            _checked(one, content)
    return tuple((one, base64.b64encode(content).decode("ascii")) for one, content in sorted(files.items()))


def _checked(name: str, content: bytes) -> None:
    try:
        text = content.decode("utf-8")
        if name == COVERAGE:
            _codes(text)
    except ValueError as error:
        raise RenderError(f"{name}: {error}") from error
    if name.endswith(".css") and (reaching := _REACHING.search(text)):
        line = text.count("\n", 0, reaching.start()) + 1
        raise RenderError(f"{name}:{line}: {reaching[0]!r}: a report loads nothing")
    if name.endswith(".jinja"):
        _parsed(name, text)
    if name.endswith(".jinja") and (bare := _UNESCAPED.search(text)):
        line = text.count("\n", 0, bare.start()) + 1
        raise RenderError(f"{name}:{line}: {bare[0]!r}: what strangers wrote stays escaped")
    if name.endswith(".css") and "</" in text:
        raise RenderError(f"{name}: '</' has no place in a style sheet")


def _parsed(name: str, text: str) -> None:
    from jinja2 import Environment, TemplateSyntaxError

    try:
        Environment(autoescape=True).parse(text)
    except TemplateSyntaxError as error:
        raise RenderError(f"{name}:{error.lineno}: {error.message}") from error


@functools.cache
def _files(look: str) -> frozenset[str]:
    return frozenset("/".join(path[3:]) for path in listing("reports", "templates", look, suffix=""))


@functools.cache
def _codes(ranges: str) -> frozenset[int]:
    codes: set[int] = set()
    for line in ranges.split():
        low, _, high = line.partition("-")
        codes.update(range(int(low, 16), min(int(high or low, 16), 0x10FFFF) + 1))
    return frozenset(codes)


def _face(family: str, weight: int | str, address: str, form: str) -> str:
    return (
        f'@font-face{{font-family:"{family}";font-style:normal;font-weight:{weight};font-display:swap;'
        f'src:url("{address}") format("{form}")}}\n'
    )
