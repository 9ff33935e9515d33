"""The reasoning behind an attribution: signs with weights, absences, holes, the other reading, what would settle it."""

import pytest
from typer.testing import CliRunner

from sovscan.attribute.explain import reasons
from sovscan.attribute.weighing import load_weighing
from sovscan.catalogue.load import load_catalogue
from sovscan.cli.main import app, run
from sovscan.files.evidence_bundle import write_evidence
from sovscan.locale.words import words
from sovscan.model.dependency import Layer
from sovscan.render.explanation import render_explanation
from tests.evidence_builder import AS_OF, Scene
from tests.test_attribution_mail import MARKET

MAIL = (Layer.MAIL_IN,)


def contested() -> Scene:
    scene = Scene().mx("mail.valmont.example").mx_address("mail.valmont.example", "192.0.2.200")
    scene.network("192.0.2.200", "AS64500 Hexahost").autodiscover("autodiscover.skyworks.test")
    return scene.absent("srv", "_imaps._tcp.valmont.example", "SRV").failed("txt", "valmont.example", "TXT")


def text(scene: Scene, language: str = "en", layers: tuple[Layer, ...] = MAIL) -> str:
    return render_explanation(reasons(scene.evidence(), MARKET, AS_OF, layers=layers), {}, language).decode()


def test_points_of_the_signs_add_up_to_the_points_of_the_candidate():
    (mail,) = reasons(contested().evidence(), MARKET, AS_OF, layers=MAIL)
    assert [contender.name for contender in mail.contenders] == ["mail.valmont.example", "Skyworks"]
    for contender in mail.contenders:
        assert sum(weighed.points for weighed in contender.signs) == contender.points


def test_what_was_absent_and_what_could_not_be_read_are_told_apart():
    said = text(contested())
    assert "srv, absent: _imaps._tcp.valmont.example SRV" in said
    assert "txt, not read: valmont.example TXT (servfail)" in said


def test_the_other_reading_and_what_would_settle_it_are_printed():
    said = text(contested())
    assert "other reading: skyworks" in said
    assert "to settle it: Two readings for valmont.example" in said
    assert "pour trancher" in text(contested(), "fr")


def test_french_lines_have_their_space_before_the_colon():
    said = text(contested(), "fr")
    assert "pour\u00a0: " in said
    assert "trouvé\u00a0: " in said
    assert "pour: " not in said
    assert "non lu: " not in said


def test_a_layer_that_nothing_was_asked_about_says_so():
    assert "Nothing is attributed: nothing was asked" in text(contested(), layers=(Layer.CA,))


def test_a_hole_is_the_reason_why_nothing_is_attributed():
    scene = Scene().failed("mx", "valmont.example", "MX", "timeout")
    assert "what was looked for could not be read" in text(scene)


def test_hostile_records_stay_on_their_line():
    scene = Scene().mx("a.grating.test").txt("SKY=\x1b[31m\nMX: forged", "v=spf1 -all")
    assert "\x1b" not in text(scene)
    assert not any(line.startswith("MX: forged") for line in text(scene).splitlines())


def test_every_sign_has_a_sentence_in_both_languages():
    for sign in load_weighing().signs:
        assert words("fr").has(f"sign.{sign}"), sign
        assert words("en").has(f"sign.{sign}"), sign


def test_the_command_explains_recorded_evidence_in_the_language_asked(tmp_path):
    file = tmp_path / "evidence.jsonl"
    file.write_bytes(write_evidence(contested().evidence()))
    said = CliRunner().invoke(app, ["explain", str(file), "--layer", "mail", "--lang", "fr,en"]).output
    assert "valmont.example : Courrier entrant" in said.replace("\u00a0", " ")
    assert "valmont.example: Inbound mail" in said


@pytest.mark.parametrize("arguments", [["--layer", "mial"], ["--lang", "de"]])
def test_an_unknown_word_is_refused_before_anything_is_asked(arguments):
    assert run(["explain", "valmont.example", "--offline", *arguments]) == 2


def test_the_bundled_catalogue_names_the_owner(tmp_path):
    scene = Scene().mx("valmont-example.mail.protection.outlook.com")
    file = tmp_path / "evidence.jsonl"
    file.write_bytes(write_evidence(scene.evidence()))
    assert load_catalogue().providers["microsoft"]
    said = CliRunner().invoke(app, ["explain", str(file), "--layer", "mail", "--lang", "en"]).output
    assert "controlled by Microsoft Corporation, US" in said
