"""Targets of several domains are one organisation to the method: who gave them hears it, and so does the reader."""

from dataclasses import replace

import pytest

from sovscan.cli.as_one import tell_as_one
from sovscan.cli.exits import ExitCode
from sovscan.cli.main import run
from sovscan.readers.names import parse_target
from sovscan.render.format import RenderOptions
from sovscan.render.html import render_html
from sovscan.render.text import render_text
from tests.sample_audit import town_hall

UNRELATED = ("ville.example.fr", "clinique.example.org", "https://depot.example.net/")


def heard(capsys, names, *, named=None, language="en", quiet=False) -> str:
    tell_as_one([parse_target(name) for name in names], named, language, quiet=quiet)
    return capsys.readouterr().err


def test_unrelated_domains_are_said_to_be_one_organisation_and_how_to_part_them(capsys):
    told = heard(capsys, UNRELATED)
    assert "3 targets of 3 domains are judged as one organisation, ville.example.fr" in told
    assert "'sovscan audit DOMAIN' once for each" in told
    french = heard(capsys, UNRELATED, language="fr")
    assert "3 cibles de 3 domaines sont jugées comme une seule organisation, ville.example.fr" in french
    assert "--organisation NOM" in french


@pytest.mark.parametrize(
    ("names", "given"),
    [
        (UNRELATED, {"named": "Groupe d’Exemple"}),
        (UNRELATED, {"quiet": True}),
        (("exemple.fr", "www.exemple.fr", "https://portail.exemple.fr/"), {}),
        (("exemple.fr", "AS64500"), {}),
    ],
)
def test_nothing_is_said_where_it_is_one_domain_or_somebody_named_the_organisation(capsys, names, given):
    assert heard(capsys, names, **given) == ""


def test_the_command_says_it_in_the_language_of_the_output(tmp_path, capsys):
    names = ["a.example.fr", "b.example.org"]
    # Without a network nothing answers; what is said comes before.
    assert run(["audit", *names, "--offline", "--lang", "fr", "--format", "json", "--no-config"]) is not ExitCode.USAGE
    assert "2 cibles de 2 domaines" in capsys.readouterr().err
    (tmp_path / "targets.txt").write_text("\n".join(names))
    run(["collect", "-f", str(tmp_path / "targets.txt"), "--offline", "--lang", "en"])
    assert "2 targets of 2 domains" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "2 cibles jugées comme une seule organisation"), ("en", "2 targets judged as one organisation")],
)
def test_the_scope_line_of_the_report_says_it(language, words):
    whole = town_hall()
    second = replace(whole.evidence.targets[0], value="clinique.example", main=False)
    alone = replace(whole, evidence=replace(whole.evidence, targets=whole.evidence.targets[:1]))
    both = replace(whole, evidence=replace(whole.evidence, targets=(whole.evidence.targets[0], second)))
    for render in (render_text, render_html):
        page = render(both, language, RenderOptions()).decode().replace("\u00a0", " ").replace("\u202f", " ")
        assert words in page
        assert words[2:] not in render(alone, language, RenderOptions()).decode()
    assert "pour chacune" in page or "one audit for each" in page
