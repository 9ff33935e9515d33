"""WeasyPrint, loaded when a PDF is asked for, and no more of it than a report uses."""

import contextlib
import ctypes.util
import functools
import io
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.resources import files
from types import ModuleType
from typing import Any

from sovscan.render.format import RenderError

_APT = "apt-get install --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
_LATE = ("fontTools.subset", "fontTools.varLib.instancer")
"""Used without HarfBuzz's own subsetting and for variable fonts only; ours are static. 10 MB, a tenth of a second."""
_UNUSED = ("::footnote", "::note", "[dir", "dd[dir", ":is(dir, menu, ol, ul)[dir")
"""How lines of the default style sheet begin that a report has nothing for: notes of every element, and
directions of writing other than from the left."""


class PdfUnavailable(RenderError):  # noqa: N818 - a state of the machine, not a fault of the report
    """PDF cannot be written on this machine."""

    def __init__(self, message: str, help: str) -> None:  # noqa: A002
        super().__init__(message)
        self.help = help
        """The command that repairs it."""


def weasyprint() -> ModuleType:
    """The PDF engine, imported on first use.

    Raises PdfUnavailable when it is not installed or when Pango is missing; its banner never reaches stdout.
    """
    try:
        with contextlib.redirect_stdout(io.StringIO()), _libraries_by_name(), _font_tools_on_use():
            engine = import_module("weasyprint")
    except (ImportError, OSError) as error:
        missing = isinstance(error, ImportError)
        why = f"WeasyPrint does not load ({error})" if missing else "the Pango libraries are missing"
        raise PdfUnavailable(f"PDF cannot be written: {why}", _repair(error)) from error
    return engine


def pango_version() -> str:
    """The version of Pango that lays out text, such as ``1.50.12``. Raises PdfUnavailable without it."""
    weasyprint()
    from weasyprint.text.ffi import pango

    number = int(pango.pango_version())
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


def parsed(markup: str, fetcher: Any) -> Any:
    """The markup as the engine's document, under a default style sheet without notes.

    The engine's own one gives each element five kinds of footnote, each with a style of its own: a third of the memory
    of a report. A look that sets notes says so for the elements that are notes.
    """
    engine = weasyprint()

    class Markup(engine.HTML):  # type: ignore[misc, name-defined] # the engine has no types
        def _ua_stylesheets(self, forms: bool = False) -> list[Any]:  # noqa: ARG002 - its signature
            return [_default_style()[0]]

        def _ua_counter_style(self) -> list[Any]:
            return [_default_style()[1].copy()]

    return Markup(string=markup, url_fetcher=fetcher, media_type="print")


@functools.cache
def _default_style() -> tuple[Any, Any]:
    """Style sheet and counter styles of every page."""
    from weasyprint.css.counters import CounterStyle

    whole = files("weasyprint").joinpath("css", "html5_ua.css").read_text(encoding="utf-8")
    counters = CounterStyle()
    return weasyprint().CSS(string="\n".join(_kept(whole)), counter_style=counters), counters


def _kept(sheet: str) -> list[str]:
    """The lines of the default style sheet that say something of a report; of elements with a marker, it has items."""
    lines = (line for line in sheet.splitlines() if not line.startswith(_UNUSED))
    return [f"li{line}" if line.startswith("::marker") else line for line in lines]


@contextlib.contextmanager
def _libraries_by_name() -> Iterator[None]:
    """On Linux, libraries are loaded by their exact names, which the engine tries anyway.

    Otherwise ctypes looks for each by running ldconfig, a compiler and a linker, with files of their own: a renderer of
    strangers' text starts no program.
    """
    if not sys.platform.startswith("linux"):
        yield
        return
    searching = ctypes.util.find_library
    ctypes.util.find_library = lambda name: None  # noqa: ARG005 - the signature that is called
    try:
        yield
    finally:
        ctypes.util.find_library = searching


@contextlib.contextmanager
def _font_tools_on_use() -> Iterator[None]:
    """Stands in for font tools that are seldom needed, and loads them when one is called."""
    absent = [name for name in _LATE if name not in sys.modules]
    for name in absent:
        sys.modules[name] = _OnUse(name)
    try:
        yield
    finally:
        for name in absent:
            sys.modules.pop(name, None)


class _OnUse(ModuleType):
    """A module whose functions are looked up when called."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return functools.partial(_called, self.__name__, name)


def _called(module: str, name: str, *positional: Any, **named: Any) -> Any:
    return getattr(import_module(module), name)(*positional, **named)


def _repair(error: Exception) -> str:
    if isinstance(error, ImportError):
        return "pip install 'weasyprint>=70,<71'"
    return {"darwin": "brew install pango", "win32": "HTML is written instead"}.get(sys.platform, _APT)
