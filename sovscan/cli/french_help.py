"""``--help`` in French: put into the tree of commands once a page is asked for, so that nothing else pays for it."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import typer

from sovscan.cli.exits import Refusal
from sovscan.cli.language import languages
from sovscan.locale.typography import NARROW, WIDE
from sovscan.model.text import Text

VERBATIM = "\b"
"""What a paragraph begins with that is printed as it stands: an example, the same in both languages."""
_NAME = re.compile(r"[A-Z]{2,}")
_MARKS = re.compile(r"(?:^|(?<=  ))\[(?:default: |required|x[<>]=|\d)[^\[]*\]$")
_PLAIN = str.maketrans({NARROW: " ", WIDE: " ", "’": "'", "…": "..."})


def help_language(arguments: Sequence[str]) -> str:
    """Of ``--lang`` when it stands on the line, else what ``auto`` means to every verb; English when it means nothing.

    A word that is no language is refused where a verb runs, never where its help is read.
    """
    asked = "auto"
    for number, argument in enumerate(arguments):
        if argument == "--lang" and number + 1 < len(arguments):
            asked = arguments[number + 1]
        elif argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
    try:
        return languages(asked)[0]
    except Refusal:
        return "en"


def offer_french(root: Any) -> None:
    """Let every command under ``root`` print its help in French; usage errors stay as they are."""
    for _, command in tree(root):
        command.context_class = _FrenchContext


def tree(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The path (``rules test``; empty for the root) and the command, for it and for everything under it."""
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from tree(below, f"{path} {name}".strip())


def keys(path: str, name: str) -> tuple[str, str]:
    """Where the text of an option or argument may stand: for this verb, else for all."""
    return f"{path} {name}".strip(), name


def name_of(parameter: Any) -> str:
    """``--option``, or what stands for an argument on the usage line."""
    return str(parameter.opts[-1] if parameter.param_type_name == "option" else parameter.metavar)


class _FrenchFormatter(typer.Context.formatter_class):  # type: ignore[misc, valid-type]
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, f"{_texts()['title Usage'].fr} " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        title = _texts().get(f"title {heading}")
        self.write(f"{'':>{self.current_indent}}{title.fr if title else heading + ':'}\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], *spacing: int) -> None:
        super().write_dl([(first, _MARKS.sub(_marks, second)) for first, second in rows], *spacing)


class _FrenchContext(typer.Context):
    def get_help(self) -> str:
        _put_in(self.find_root().command)
        if option := self.command.get_help_option(self):
            option.help = _said(option.help, _texts().get("--help"))
        self.formatter_class = _FrenchFormatter
        return _printable(str(super().get_help()))


def _texts() -> Mapping[str, Text]:
    from sovscan.locale.command_line import command_line

    return command_line()


def _put_in(root: Any) -> None:
    texts = _texts()
    for path, command in tree(root):
        own = path or "sovscan"
        command.help = _said(command.help, texts.get(own))
        command.short_help = _said(command.short_help, texts.get(f"{own} short"))
        command.epilog = _said(command.epilog, texts.get(f"{own} epilog"))
        if hasattr(command, "subcommand_metavar"):
            command.subcommand_metavar = _named(command.subcommand_metavar)
        for parameter in command.params:
            special, shared = keys(path, name_of(parameter))
            parameter.help = _said(parameter.help, texts.get(special, texts.get(shared)))
            parameter.metavar = _named(parameter.metavar)


def _said(declared: str | None, text: Text | None) -> str | None:
    """The French in the place of the sentences, with examples left where they are."""
    if not declared or text is None:
        return declared
    paragraphs = iter(text.fr.split("\n\n"))
    return "\n\n".join(
        paragraph if paragraph.startswith(VERBATIM) else next(paragraphs, "") for paragraph in declared.split("\n\n")
    )


def _named(metavar: str | None) -> str | None:
    texts = _texts()
    return metavar and _NAME.sub(
        lambda found: texts[f"word {found[0]}"].fr if f"word {found[0]}" in texts else found[0], metavar
    )


def _marks(found: re.Match[str]) -> str:
    marks = found[0]
    for mark in ("default:", "required"):
        marks = marks.replace(mark, _texts()[f"mark {mark}"].fr)
    return marks


def _printable(text: str) -> str:
    """The text, with plain spaces and apostrophes where standard output cannot say the others."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_PLAIN).encode(encoding, "replace").decode(encoding)
    return text
