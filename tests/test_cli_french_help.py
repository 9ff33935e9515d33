"""The help of every verb in French: whole, up to date with the English, in its typography, and free for the rest."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from sovscan.cli.exits import ExitCode
from sovscan.cli.french_help import VERBATIM, help_language, keys, name_of, offer_french, tree
from sovscan.cli.main import app, run
from sovscan.locale.command_line import command_line
from sovscan.locale.typography import french

ROOT = Path(__file__).parent.parent
SAME = {"AUDIT", "CIDR", "DATE", "FORMAT", "ID", "OPTIONS", "PEM", "PORT", "PORTS", "TSR", "URL"}
"""Words of usage lines that are the same in both languages, or an abbreviation."""
ENGLISH = re.compile(r"\b(the|and|of|what|with|which|its|never|this|file|default|exit|language|write|only)\b", re.I)


def prose(text: str) -> str:
    return "\n\n".join(part for part in text.split("\n\n") if not part.startswith(VERBATIM))


def declared() -> dict[str, str]:
    """Every English text of the tree under the key that its French is found by; a missing key is the special one."""
    texts = command_line()
    found: dict[str, str] = {}
    for path, command in tree(typer.main.get_command(app)):
        own = path or "sovscan"
        sides = ((own, command.help), (f"{own} short", command.short_help), (f"{own} epilog", command.epilog))
        found |= {key: prose(text) for key, text in sides if text}
        for parameter in (*command.params, command.get_help_option(typer.Context(command))):
            special, shared = keys(path, name_of(parameter))
            key = special if special in texts or shared not in texts else shared
            if parameter.help:
                assert found.get(key, parameter.help) == parameter.help, (
                    f"{key!r} says two things: write one for {path}"
                )
                found[key] = parameter.help
    return found


def usage_words() -> set[str]:
    """Upper-case words of usage lines."""
    found = {"COMMAND", "ARGS"}
    for _, command in tree(typer.main.get_command(app)):
        for parameter in command.params:
            found |= set(re.findall(r"[A-Z]{2,}", parameter.metavar or ""))
    return found


def pages(language: str) -> dict[str, str]:
    found = {}
    root = typer.main.get_command(app)
    if language == "fr":
        offer_french(root)
    for path, _ in tree(root):
        context, command = root.context_class(root, info_name="sovscan", help_option_names=["-h", "--help"]), root
        for name in path.split():
            command = command.commands[name]
            context = command.context_class(command, info_name=name, parent=context)
        found[path] = context.get_help()
    return found


def test_every_text_of_the_help_has_its_french_and_the_english_beside_it_is_the_one_declared():
    texts = command_line()
    written = {key: text.en for key, text in texts.items() if not key.startswith(("title ", "mark ", "word "))}
    assert written == declared()


def test_words_of_usage_lines_have_their_french_and_none_is_left_over():
    words = {key.removeprefix("word ") for key in command_line() if key.startswith("word ")}
    assert words | SAME == usage_words() | {"OPTIONS"}
    assert not words & SAME


def test_titles_and_marks_are_those_that_the_pages_print():
    english = "\n".join(pages("en").values())
    for key, text in command_line().items():
        if key.startswith(("title ", "mark ")):
            assert text.en in english, key


def test_french_sentences_of_the_help_carry_french_spaces_and_apostrophes():
    for key, text in command_line().items():
        assert french(text.fr) == text.fr, key
        assert "'" not in text.fr, key
        assert text.fr.endswith((".", ":")) == text.en.endswith((".", ":")) or key == "sovscan epilog", key


def test_no_english_is_left_on_a_french_page_and_options_and_examples_are_the_same(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    english, french_pages = pages("en"), pages("fr")
    texts = command_line().values()
    for path, page in french_pages.items():
        flat = " ".join(page.split())
        for text in texts:
            sentence = " ".join(text.en.split())
            assert " " not in sentence or sentence == text.fr or sentence not in flat, (path, sentence)
        plain = re.sub(r"sovscan [a-z]\S*|--[a-z-]+|\S*[.:|_]\S*", " ", page)
        assert not ENGLISH.search(plain), (path, ENGLISH.search(plain))
        assert re.findall(r"^  (?:-\w, )?--[a-z-]+", page, re.M) == re.findall(
            r"^  (?:-\w, )?--[a-z-]+", english[path], re.M
        )
        examples = [line for line in english[path].splitlines() if re.match(r"  (sovscan |  - [\[{]|\w+: ?\S*$)", line)]
        assert all(line in page.splitlines() for line in examples)
    assert "..." not in french_pages[""].partition("Commandes")[2]


@pytest.mark.parametrize(
    ("arguments", "variables", "expected"),
    [
        (["--help"], {"SOVSCAN_LANG": "fr"}, "fr"),
        (["--help"], {"SOVSCAN_LANG": "en", "LC_ALL": "fr_FR.UTF-8"}, "en"),
        (["--help"], {"LC_ALL": "fr_FR.UTF-8"}, "fr"),
        (["--help"], {}, "en"),
        (["--help"], {"SOVSCAN_LANG": "klingon"}, "en"),
        (["audit", "--help", "--lang", "fr"], {}, "fr"),
        (["audit", "--lang=en", "--help"], {"SOVSCAN_LANG": "fr"}, "en"),
        (["audit", "--lang", "fr,en", "--help"], {}, "fr"),
    ],
)
def test_help_speaks_the_language_that_the_verb_would(monkeypatch, arguments, variables, expected):
    for name in ("SOVSCAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert help_language(arguments) == expected


def test_help_in_french_is_printed_and_a_wrong_option_is_still_a_usage_error(monkeypatch, capsys):
    monkeypatch.setenv("SOVSCAN_LANG", "fr")
    assert run(["evidence", "verify", "--help"]) is ExitCode.PASS
    assert "Utilisation\u00a0: sovscan evidence verify" in capsys.readouterr().out
    assert run(["evidence", "verify", "--nothing"]) is ExitCode.USAGE
    assert "Usage: sovscan evidence verify" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "language", "encoding", "yaml"),
    [(["--help"], "fr", "ascii", True), (["judge", "-h"], "fr", "latin-1", True), (["--help"], "en", "utf-8", False)],
)
def test_a_page_is_printed_in_any_encoding_and_english_reads_no_yaml(arguments, language, encoding, yaml):
    program = (
        "import sys\nfrom sovscan.cli.main import run\ncode = run(sys.argv[1:])\n"
        "heavy = {'babel', 'rich', 'jinja2', 'lxml', 'asyncio'} & set(sys.modules)\n"
        "print(int(code), 'yaml' in sys.modules, sorted(heavy), file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={"SOVSCAN_LANG": language, "PYTHONIOENCODING": encoding},
    )
    assert ended.stderr.decode().splitlines()[-1] == f"0 {yaml} []"
    assert ("Utilisation" in ended.stdout.decode(encoding)) is (language == "fr")
