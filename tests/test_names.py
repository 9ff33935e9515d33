"""Names: one canonical form, whole labels, public suffixes, and what a target means."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovscan.model.target import TargetKind
from sovscan.readers.names import (
    InvalidName,
    InvalidTargets,
    canonical_domain,
    is_within,
    labels_of,
    mixes_scripts,
    parents,
    parse_target,
    public_suffix,
    read_target_lines,
    registrable,
    suffix_section,
    unicode_form,
)
from sovscan.readers.suffixes import Section

VECTORS = re.findall(
    r"^checkPublicSuffix\((null|'[^']*'), (null|'[^']*')\);",
    (Path(__file__).parent / "fixtures" / "test_psl.txt").read_text(encoding="utf-8"),
    re.MULTILINE,
)


def test_the_public_suffix_vectors_are_all_there():
    assert len(VECTORS) == 78  # the four about .local are commented out in the suite itself


@pytest.mark.parametrize(("asked", "expected"), VECTORS)
def test_registrable_domain_agrees_with_the_public_suffix_vectors(asked, expected):
    def found(text):
        try:
            return registrable(canonical_domain(text))
        except InvalidName:
            return None

    wanted = None if expected == "null" else canonical_domain(expected.strip("'"))
    assert found("" if asked == "null" else asked.strip("'")) == wanted


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Exemple.FR.", "exemple.fr"),
        ("mairie-évian.fr", "xn--mairie-vian-hbb.fr"),
        ("faß.de", "xn--fa-hia.de"),
        ("exemple。fr", "exemple.fr"),
        ("_dmarc.exemple.fr", "_dmarc.exemple.fr"),
        ("xn--80ak6aa92e.com", "xn--80ak6aa92e.com"),
        ("r3---sn-x.googlevideo.com", "r3---sn-x.googlevideo.com"),
    ],
)
def test_a_name_has_one_canonical_form(text, name):
    assert canonical_domain(text) == name
    assert canonical_domain(name) == name


@pytest.mark.parametrize(
    "text",
    [
        "", ".", "a..b", ".fr", "-a.fr", "a-.fr", "a b.fr", "a\x00b.fr", "x" * 64 + ".fr", "a." * 127 + "fr",
        "xn--a", "xn--a.fr", "*.exemple.fr", "\u202e.exemple.fr", "../../etc/passwd", "1.2.3.4", "0x7f.1", "a.123",
        "a\\.b.fr", "exemple.fr\n",
    ],
)  # fmt: skip
def test_what_a_resolver_might_swallow_is_no_name(text):
    with pytest.raises(InvalidName):
        canonical_domain(text)


@pytest.mark.parametrize("text", ["ＯＶＨ.com", "ⓔxample.com", "𝕠vh.fr", "ovh\u200b.fr"])
def test_a_look_alike_that_maps_to_ascii_is_refused_rather_than_taken_for_the_provider(text):
    with pytest.raises(InvalidName, match="looks like"):
        canonical_domain(text)


@pytest.mark.parametrize(
    ("text", "real"),
    [("аpple.com", "apple.com"), ("gооgle.com", "google.com"), ("faß.de", "fass.de"), ("goog1e.com", "google.com"),
     ("rn-icrosoft.com", "microsoft.com"), ("straße.fr", "strasse.fr"), ("xn--80ak6aa92e.com", "apple.com")],
)  # fmt: skip
def test_a_look_alike_is_never_the_provider(text, real):
    assert not is_within(canonical_domain(text), real)


def test_a_label_of_two_scripts_is_flagged():
    assert mixes_scripts(canonical_domain("gооgle.com"))
    assert not mixes_scripts(canonical_domain("mairie-évian.fr"))
    assert not mixes_scripts(canonical_domain("食狮.com.cn"))
    assert unicode_form("xn--fa-hia.de") == "faß.de"
    assert unicode_form("xn--a.fr") == "xn--a.fr"


def test_suffixes_match_whole_labels_only():
    assert is_within("a.outlook.com", "outlook.com")
    assert is_within("outlook.com", "outlook.com")
    assert not is_within("notoutlook.com", "outlook.com")
    assert not is_within("outlook.com.evil.example", "outlook.com")


def test_a_dot_inside_a_label_never_splits_it():
    assert labels_of("a\\.google.com") == ("a\\.google", "com")
    assert labels_of("a\\\\.google.com") == ("a\\\\", "google", "com")
    assert not is_within("a\\.google.com", "google.com")
    assert is_within("a\\.b.google.com", "google.com")


def test_registry_rules_and_company_rules_are_told_apart():
    assert public_suffix("commune.github.io") == "github.io"
    assert public_suffix("commune.github.io", private=False) == "io"
    assert suffix_section("commune.github.io") is Section.PRIVATE
    assert suffix_section("commune.fr") is Section.ICANN
    assert suffix_section("commune.example") is Section.UNLISTED
    assert registrable("www.commune.gouv.fr") == "commune.gouv.fr"
    assert list(parents("a.b.fr")) == ["b.fr", "fr"]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Mairie-Valmorel.example", TargetKind.DOMAIN, "mairie-valmorel.example"),
        ("ecole.mairie.example", TargetKind.DOMAIN, "ecole.mairie.example"),
        ("www.mairie.example", TargetKind.HOST, "www.mairie.example"),
        ("host:erp.mairie.example", TargetKind.HOST, "erp.mairie.example"),
        ("https://moi:secret@App.Example:443/a?b=c#d", TargetKind.URL, "https://app.example/a"),
        ("http://app.example:8080", TargetKind.URL, "http://app.example:8080/"),
        ("as64500", TargetKind.NETWORK, "AS64500"),
        ("192.0.2.0/24", TargetKind.NETWORK, "192.0.2.0/24"),
        ("192.0.2.7", TargetKind.NETWORK, "192.0.2.7/32"),
        ("2001:DB8::/32", TargetKind.NETWORK, "2001:db8::/32"),
        ("github.io", TargetKind.DOMAIN, "github.io"),
    ],
)
def test_a_target_is_recognised_by_its_form(text, kind, value):
    target = parse_target(text)
    assert (target.kind, target.value) == (kind, value)


@pytest.mark.parametrize(
    "text",
    ["com", "nul", "localhost", "AS0", "AS4294967296", "192.0.2.1/24", "ftp://a.example/", "https:///x", "http://2130706433/",
     "http://a b.example/", "http://a.example:99999/", "file:///etc/passwd"],
)  # fmt: skip
def test_what_nobody_can_audit_is_refused(text):
    with pytest.raises(InvalidName):
        parse_target(text)


def test_a_list_keeps_each_target_once_and_in_order():
    text = "\ufeffexemple.fr\r\nEXEMPLE.FR\nexemple.fr.\n\n#comment\n\texemple.eu \nexemple.org # the third\n"
    assert [target.value for target in read_target_lines(text)] == ["exemple.fr", "exemple.eu", "exemple.org"]


def test_every_bad_line_of_a_list_is_named_with_its_number():
    with pytest.raises(InvalidTargets) as caught:
        read_target_lines("exemple.fr\n../../etc/passwd\na..b\nexemple.fr\x00\n*.exemple.fr\ncom\n")
    assert [number for number, _ in caught.value.problems] == [2, 3, 4, 5, 6]
    assert str(caught.value).startswith("line 2: ")


@given(st.text(max_size=80))
def test_any_text_is_a_canonical_name_or_refused(text):
    try:
        name = canonical_domain(text)
    except InvalidName:
        return
    assert name.isascii()
    assert canonical_domain(name) == name
    assert is_within(f"x.{name}", name)


@given(st.text(max_size=80))
def test_any_text_is_a_target_or_refused(text):
    try:
        target = parse_target(text)
    except InvalidName:
        return
    assert "@" not in target.value.split("/")[2 if target.kind is TargetKind.URL else 0]
