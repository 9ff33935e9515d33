"""The reasoning behind an attribution: signs with weights, absences, holes, the other reading, what would settle it."""

import re
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sovscan.attribute.explain import reasons
from sovscan.attribute.weighing import load_weighing
from sovscan.cli.main import app, run
from sovscan.files.evidence_bundle import write_evidence
from sovscan.locale.words import words
from sovscan.model.dependency import Layer
from sovscan.model.provider import SignalKind
from sovscan.probes.registry import all_probes
from sovscan.render.explanation import render_explanation
from tests import results
from tests.demo.audits import NAMES, demo
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
    assert "absent, services announced (SRV): _imaps._tcp.valmont.example SRV" in said
    assert "not answered, texts of the domain (TXT): valmont.example TXT (DNS server failure)" in said


def test_the_other_reading_and_what_would_settle_it_are_printed():
    said = text(contested())
    assert "other reading: skyworks" in said
    assert "to settle it: Two readings for valmont.example" in said
    assert "pour trancher" in text(contested(), "fr")


def test_french_lines_have_their_space_before_the_colon():
    said = text(contested(), "fr")
    assert "pour\u00a0: " in said
    assert "trouvé, serveurs de courrier (MX)\u00a0: " in said
    assert not re.search(r"[a-zé)]: ", said)


@pytest.mark.parametrize("name", NAMES)
def test_a_french_explanation_holds_no_word_of_the_machine(name):
    evidence = demo(name).evidence
    said = render_explanation(reasons(evidence, results.CATALOGUE(), evidence.collected_at[:10]), {}, "fr").decode()
    machine = {f.lower() for f in SignalKind} | {probe.id for probe in all_probes()} | {"timeout", "servfail"}
    plain = {"alias", "autodiscover", "web", "spf", "dkim", "srv", "txt", "mx", "caa", "mta-sts", "tls", "ns"}
    told = re.sub(r"\S*[._:/@=]\S*|o-[0-9a-f]{16}", " ", said)
    words_of_it = set(re.findall(r"[a-z]+(?:[-_][a-z]+)*", told))
    assert words_of_it & (machine - plain) == set()
    assert not re.search(r"\d\.\d point", said)


def test_every_word_of_the_evidence_has_one_in_both_languages():
    wanted = {f"kind.{kind}" for kind in SignalKind} | {f"probe.{probe.id}" for probe in all_probes()}
    package = Path(str(files("sovscan")))
    read = {
        room: "\n".join(path.read_text() for path in (package / room).rglob("*.py"))
        for room in ("net", "probes", "attribute")
    }
    wanted |= {f"reason.{word}" for word in re.findall(r'reason="([a-z-]+)"', read["net"] + read["probes"])}
    given = re.findall(r"flags(?:=\(?\{?|\.update\(\{|\.add\(|\.append\()((?:\"[a-z-]+\"(?:, )?)+)", read["attribute"])
    wanted |= {f"flag.{word}" for found in given for word in re.findall(r"[a-z-]+", found)}
    assert len(wanted) > 80
    missing = {key for key in wanted for language in ("fr", "en") if not words(language).has(key)}
    assert missing == set()


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
    assert results.CATALOGUE().providers["microsoft"]
    said = CliRunner().invoke(app, ["explain", str(file), "--layer", "mail", "--lang", "en"]).output
    assert "controlled by Microsoft Corporation, United States (US)" in said


def test_a_layer_of_which_nothing_that_answered_shows_any_does_not_say_that_nothing_is_there():
    scene = Scene().address("198.51.100.8").network("198.51.100.8", "AS64500 Hexahost")
    assert "nothing that answered shows any" in text(scene, layers=(Layer.CDN,))
    nothing = Scene().absent("address", "valmont.example", "A")
    assert "what was looked for is not there" in text(nothing, layers=(Layer.CDN,))


def test_the_questions_of_a_layer_are_those_that_lead_to_it_with_one_target_or_several():
    scene = Scene().mx("mx.quidam.test").mx_address("mx.quidam.test", "198.51.100.9").address("198.51.100.8")
    scene.network("198.51.100.9", "AS64500 Hexahost").network("198.51.100.8", "AS64501 Nimbus")
    for others in ((), ("bourg.example",)):
        scene.others = others
        said = text(scene).partition("bourg.example")[0]
        assert "mx.quidam.test A" in said
        assert "198.51.100.9 ASN" in said
        assert "198.51.100.8" not in said


def test_one_sign_seen_at_several_addresses_is_one_line():
    scene = Scene().mx("mail.valmont.example").mx_address("mail.valmont.example", "192.0.2.200", "192.0.2.201")
    scene.network("192.0.2.200", "AS64500 Hexahost").network("192.0.2.201", "AS64500 Hexahost")
    assert text(scene).count("AS64500 Hexahost (strong sign)") == 1


def test_what_was_read_in_part_is_not_told_as_unread():
    scene = Scene().absent("address", "valmont.example", "A").failed("web", "https://www.valmont.example/", "GET")
    assert "part of what was looked for could not be read" in text(scene, layers=(Layer.CDN,))
    alone = Scene().failed("address", "valmont.example", "A")
    assert "what was looked for could not be read" in text(alone, layers=(Layer.CDN,))


def test_the_answers_of_a_target_whose_name_ends_alike_are_not_those_of_another():
    """Otherwise a domain of which nothing was read is said to have been read in part."""
    scene = Scene(others=(f"le{Scene.domain}",)).failed("mx", Scene.domain, "MX")
    scene.answer("mx", f"le{Scene.domain}", "MX", "10 mx.quidam.test")
    mine, _ = reasons(scene.evidence(), MARKET, AS_OF, layers=MAIL)
    (looked,) = mine.looked
    assert (looked.answered, len(looked.unread)) == ((), 1)
    assert "what was looked for could not be read" in text(scene)
