"""Every command that prints sentences to people takes ``--lang``, and both languages say the same."""

import re
from pathlib import Path

import pytest

from sovscan.cli.diff import _FRENCH
from sovscan.cli.exits import ExitCode
from sovscan.cli.language import languages
from sovscan.cli.main import run
from sovscan.locale.words import words
from sovscan.model.finding import Severity, Verdict
from sovscan.model.previous import Cause, Part
from tests.results import SME, TOWN_HALL, judged, written

FIGURES = re.compile(r"\d+(?:\.\d+)?")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    return written(judged(TOWN_HALL), folder / "a.json"), written(judged(SME), folder / "b.json")


def said(arguments, language, capfdbinary) -> str:
    assert run([*arguments, "--lang", language]) is ExitCode.PASS
    return capfdbinary.readouterr().out.decode()


@pytest.mark.parametrize(
    ("arguments", "french", "english"),
    [
        (["providers", "search", "ovhcloud"], "sourcé", "sourced"),
        (["providers", "list"], "à confirmer", "to confirm"),
        (["providers", "stats"], "propriétaire sourcé", "owner sourced"),
        (
            ["whatif", "{a}", "--plan", "--moves", "2"],
            "d’abord ce que d’autres attendent",
            "first what others wait for",
        ),
        (["diff", "{a}", "{b}"], "par périmètre", "through scope"),
        (["rules", "list"], "prestataire", "provider"),
    ],
)
def test_both_languages_and_the_same_figures(results, arguments, french, english, capfdbinary):
    given = [part.format(a=results[0], b=results[1]) for part in arguments]
    fr, en = (said(given, language, capfdbinary) for language in ("fr", "en"))
    assert french in fr
    assert english in en
    assert french not in en
    assert len(fr.splitlines()) == len(en.splitlines())
    if arguments[0] != "rules":
        assert FIGURES.findall(fr) == FIGURES.findall(en)


def test_nothing_found_is_said_in_the_language_asked(capsys):
    assert run(["providers", "search", "zzzzz", "--lang", "fr"]) is ExitCode.PASS
    assert "rien dans le catalogue ne contient" in capsys.readouterr().err


def test_the_order_is_told_where_moves_are_listed_and_where_decisions_are():
    for language, plan, report in (
        ("fr", "sovscan whatif --plan suit un autre ordre", "le plus grand gain immédiat d’abord"),
        ("en", "sovscan whatif --plan has another order", "the largest immediate gain first"),
    ):
        note = words(language)("roadmap.note")
        assert plan in note
        assert report in note


@pytest.mark.parametrize(
    ("variable", "expected"), [("fr", ("fr",)), ("fr,en", ("fr", "en")), ("auto", ("en",)), ("", ("en",))]
)
def test_a_variable_of_our_own_comes_before_the_language_of_the_machine(monkeypatch, variable, expected):
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("SOVSCAN_LANG", variable)
    assert languages("auto") == expected
    assert languages("en") == ("en",)


def test_a_language_nobody_speaks_is_refused_where_it_was_given(monkeypatch, capsys):
    for variable, arguments, named in (("de", [], "SOVSCAN_LANG"), ("fr", ["--lang", "de"], "--lang")):
        monkeypatch.setenv("SOVSCAN_LANG", variable)
        assert run(["providers", "list", *arguments]) is ExitCode.USAGE
        assert f"{named}: unknown language 'de'" in capsys.readouterr().err


def test_no_word_of_a_comparison_is_without_french():
    named = {*Cause, *Part, *Severity, *(each for each in Verdict if each is not Verdict.NOT_APPLICABLE)}
    assert {str(each) for each in named} <= _FRENCH.keys()


def test_the_examples_that_help_prints_run(results, tmp_path, capsys, monkeypatch):
    helped = {}
    for verb in ("score", "whatif"):
        with_help = run([verb, "--help"])
        assert with_help is ExitCode.PASS
        helped[verb] = capsys.readouterr().out
    inventory = tmp_path / "inventory.yaml"
    example = helped["score"].partition("for example:")[2].partition("Arguments:")[0]
    inventory.write_text("\n".join(line[2:] for line in example.splitlines()))
    assert run(["score", str(inventory)]) is ExitCode.PASS
    monkeypatch.chdir(tmp_path)
    (tmp_path / "result.json").write_bytes(Path(results[0]).read_bytes())
    commands = [line.split() for line in helped["whatif"].splitlines() if line.startswith("  sovscan whatif ")]
    assert len(commands) == 2
    for command in commands:
        assert run(command[1:]) is ExitCode.PASS
