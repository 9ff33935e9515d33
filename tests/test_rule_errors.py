"""Broken rule files: each one is refused at the right line, with something to do about it."""

import pytest

from sovscan.files.strict_yaml import YamlError
from sovscan.rulebook.cel import Engine
from sovscan.rulebook.facts import types
from sovscan.rulebook.ladder import read_ladder, read_laws
from sovscan.rulebook.load import load_rulebook, read_rule

GOOD = """\
id: mail-example
severity: high
applies_to: [mail_in]
only: dependency.role == "mailbox"
when: |
  nexus.us_control &&
    !("SecNumCloud" in offer.valid_qualifications)
title: {fr: "Un titre", en: "A title"}
why: {fr: "Une raison.", en: "A reason."}
remedy: {fr: "Un remède.", en: "A remedy."}
laws: [us-cloud-act]
sources:
  - {title: "CLOUD Act", url: "https://example.org/", checked: 2026-11-21}
examples:
  - {verdict: exposed, facts: {dependency.role: mailbox, nexus.us_control: true, offer.valid_qualifications: []}}
  - {verdict: clear, facts: {dependency.role: mailbox, nexus.us_control: false}}
  - {verdict: unknown, facts: {dependency.role: mailbox}}
"""
NAME = "rules/findings/mail/mail-example.yaml"
ENGINE = Engine(types())
LAWS = load_rulebook().laws


def read(text):
    return read_rule(text.encode(), NAME, "mail", ENGINE, LAWS)


def test_the_unbroken_rule_is_accepted():
    assert read(GOOD).text.id == "mail-example"


@pytest.mark.parametrize(
    ("old", "new", "place", "message", "help_text"),
    [
        ("nexus.us_control &&\n", "nexus.us_controll &&\n", "6:3", "unknown fact 'nexus.us_controll'", "did you mean"),
        ("offer.valid_q", "offer.vaild_q", "7:24", "unknown fact", "offer.valid_qualifications"),
        ('"mailbox"\n', '"mailbox" &&\n', "4:38", "Syntax error", None),
        ('== "mailbox"\n', "== 3\n", "4:23", "no matching overload", None),
        ('only: dependency.role == "mailbox"', "only: dependency.role", "4:7", "not a boolean", "compare"),
        ("severity: high", "severity: hihg", "2:11", "unknown severity 'hihg'", "did you mean 'high'?"),
        ("[mail_in]", "[mail_in, mial_out]", "3:23", "unknown layer", "did you mean 'mail_out'?"),
        ("us-cloud-act]", "us-clod-act]", "11:8", "unknown law", "did you mean 'us-cloud-act'?"),
        ("id: mail-example", "id: mail-exemple", "1:5", "is not the file name", "name the file"),
        ("remedy:", "remedi:", "1:1", "missing key 'remedy'", None),
        ("why: {fr", "note: x\nwhy: {fr", "9:1", "unknown key 'note'", None),
        (', en: "A title"}', "}", "8:8", "missing key 'en'", None),
        ("2026-11-21}", "21/11/2026}", "13:64", "not a day", "YYYY-MM-DD"),
        ("https://example.org/", "ftp://example.org/", "13:31", "not a web address", None),
        ("nexus.us_control: true,", "nexus.us_contrl: true,", "15:58", "unknown fact", "'nexus.us_control'?"),
        ("nexus.us_control: true,", "nexus.us_control: yes,", "15:76", "expected true or false", None),
        ("verdict: unknown,", "verdict: clear,", "15:3", "no example with verdict 'unknown'", "add one"),
        ("when: |", "verdict: clear\nwhen: |", "5:10", "unknown verdict 'clear'", None),
        ("when: |", "verdict: unknwon\nwhen: |", "5:10", "unknown verdict 'unknwon'", "did you mean 'unknown'?"),
        ("severity: high\n", "severity: high\nseverity: low\n", "3:1", "duplicate key 'severity'", "first given"),
        ("  nexus.us_control &&\n", "  dependency.role.matches('(?=a)') &&\n", "6:27", "invalid pattern", "RE2"),
        ("applies_to: [mail_in]\n", "", "1:1", "missing key 'applies_to'", "list the layers"),
        ("  nexus.us_control &&\n", "  true && " + "true && " * 300 + "\n", "6:3", "2000 characters", "split"),
        ("  nexus.us_control &&\n", "\tnexus.us_control &&\n", "6:1", "not valid YAML", None),
    ],
)
def test_a_broken_rule_points_to_its_line(old, new, place, message, help_text):
    assert old in GOOD
    with pytest.raises(YamlError) as caught:
        read(GOOD.replace(old, new, 1))
    assert caught.value.where == f"{NAME}:{place}"
    assert message in caught.value.message
    if help_text is not None:
        assert help_text in (caught.value.help or "")


def test_the_place_is_found_in_a_folded_condition_too():
    folded = GOOD.replace("when: |", "when: >-").replace("offer.valid_q", "offer.vaild_q")
    with pytest.raises(YamlError) as caught:
        read(folded)
    assert caught.value.where == f"{NAME}:7:24"


def test_a_fault_at_the_head_of_a_further_line_is_found_there():
    text = GOOD.replace("    !(", "    provider.nme == 'x' && !(")
    with pytest.raises(YamlError) as caught:
        read(text)
    assert caught.value.where == f"{NAME}:7:5"


def test_a_quoted_condition_counts_its_quote():
    quoted = GOOD.replace('only: dependency.role == "mailbox"', "only: 'dependency.rol == \"mailbox\"'")
    with pytest.raises(YamlError) as caught:
        read(quoted)
    assert caught.value.where == f"{NAME}:4:8"


def test_a_rule_of_a_private_folder_joins_the_bundled_ones_and_is_named(tmp_path):
    folder = tmp_path / "ours"
    (folder / "mail").mkdir(parents=True)
    (folder / "mail" / "mail-example.yaml").write_text(GOOD, encoding="utf-8")
    with_ours, without = load_rulebook((folder,)), load_rulebook()
    assert {rule.text.id for rule in with_ours.rules} - {rule.text.id for rule in without.rules} == {"mail-example"}
    assert with_ours.overlays == ("ours",)
    assert with_ours.digest != without.digest


def test_a_private_rule_cannot_take_the_id_of_a_bundled_one(tmp_path):
    folder = tmp_path / "ours"
    (folder / "mail").mkdir(parents=True)
    text = GOOD.replace("mail-example", "mail-gateway-foreign")
    (folder / "mail" / "mail-gateway-foreign.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(YamlError, match=r"ours/mail/mail-gateway-foreign.yaml:1:1: .* given twice"):
        load_rulebook((folder,))


def test_a_private_folder_that_is_missing_or_misshapen_is_refused(tmp_path):
    with pytest.raises(YamlError, match="no such folder"):
        load_rulebook((tmp_path / "nowhere",))
    (tmp_path / "ours" / "mial").mkdir(parents=True)
    (tmp_path / "ours" / "mial" / "x.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(YamlError, match="unknown theme 'mial'"):
        load_rulebook((tmp_path / "ours",))


def test_a_rule_cannot_be_a_link_to_another_file(tmp_path):
    folder = tmp_path / "ours"
    (folder / "mail").mkdir(parents=True)
    (tmp_path / "secret.yaml").write_text(GOOD, encoding="utf-8")
    (folder / "mail" / "mail-example.yaml").symlink_to(tmp_path / "secret.yaml")
    assert "mail-example" not in {rule.text.id for rule in load_rulebook((folder,)).rules}


LADDER = """\
model: "1.0"
influence: {alone: 24, together: 39}
immunity: [SecNumCloud]
ending_days: 90
rungs:
  - {level: DIRECT, when: "dependency.identified", countries: provider.direct_countries, ground: {fr: a, en: b}}
otherwise: {level: NONE, ground: {fr: a, en: b}}
"""


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("level: DIRECT", "level: DIRECTE", "6:13", "unknown level"),
        ("provider.direct_countries", "provider.seat", "6:63", "unknown list of countries"),
        (", countries: provider.direct_countries", "", "6:5", "DIRECT needs countries"),
        ("dependency.identified", "dependency.identifed", "6:28", "unknown fact"),
        ("alone: 24", "alone: much", "2:20", "expected a number"),
    ],
)
def test_a_broken_ladder_points_to_its_line(old, new, place, message):
    with pytest.raises(YamlError) as caught:
        read_ladder(LADDER.replace(old, new, 1).encode(), "rules/exposure.yaml", ENGINE)
    assert caught.value.where == f"rules/exposure.yaml:{place}"
    assert message in caught.value.message


LAW = """\
state: 2026-11-21
laws:
  xx-law:
    name: {fr: "Loi", en: "Law"}
    reference: X
    country: US
    hazards: [access]
    levels: [DIRECT]
    ground: {fr: "a", en: "b"}
    state: {fr: "a", en: "b"}
    established: false
    sources: []
"""


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("country: US", "country: USA", "6:14", "unknown country"),
        ("[DIRECT]", "[NONE]", "8:14", "no law reaches"),
        ("[access]", "[acces]", "7:15", "unknown hazard"),
        ("established: false", "established: true", "11:18", "needs a source"),
    ],
)
def test_a_broken_law_points_to_its_line(old, new, place, message):
    with pytest.raises(YamlError) as caught:
        read_laws(LAW.replace(old, new, 1).encode(), "rules/laws.yaml")
    assert caught.value.where == f"rules/laws.yaml:{place}"
    assert message in caught.value.message
