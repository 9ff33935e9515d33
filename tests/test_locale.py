"""Two languages as equals: nothing untranslated, nothing stale, each with its own typography."""

import re
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from sovscan.files.bundled import listing, read
from sovscan.files.strict_yaml import load
from sovscan.locale import figures
from sovscan.locale.law_watch import law_watch
from sovscan.locale.typography import french
from sovscan.locale.words import catalogue_names, words
from sovscan.model.dependency import Confidence, Layer
from sovscan.model.evidence import Outcome
from sovscan.model.exposure import Level
from sovscan.model.finding import Severity, Verdict
from sovscan.model.score import Grade
from sovscan.model.target import TargetKind
from sovscan.rulebook.facts import declared
from tests import results

PLACE = re.compile(r"\{([a-z_]+)\}")


def sentences(language: str) -> list[tuple[str, str]]:
    return [(key, form) for key, forms in words(language).messages.items() for form in forms.values()]


def test_both_languages_have_the_same_keys_and_the_same_places():
    fr, en = words("fr").messages, words("en").messages
    assert fr.keys() == en.keys()
    for key in fr:
        assert {p for form in fr[key].values() for p in PLACE.findall(form)} == {
            p for form in en[key].values() for p in PLACE.findall(form)
        }, key


def test_no_sentence_is_left_in_the_other_language():
    # Words such as "verdict" or "catalogue" are the same in both; a sentence of four words never is.
    for key, forms in words("fr").messages.items():
        plain = forms["other"].replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
        if plain == words("en").messages[key]["other"]:
            assert len(re.findall(r"[a-zA-Zà-ÿ]{2,}", PLACE.sub("", plain))) < 4, key


def test_every_message_is_used_and_every_used_message_exists():
    sources = [read(*path).decode() for path in listing("reports", "templates", suffix=".jinja")]
    package = Path(str(files("sovscan")))
    sources += [path.read_text() for folder in ("render", "locale") for path in (package / folder).rglob("*.py")]
    text = "\n".join(sources)
    literal = set(re.findall(r"""["']([a-z_]+(?:\.[A-Za-z0-9_-]+)+)["']""", text))
    prefixes = set(re.findall(r"""f["']([a-z_]+\.(?:[a-z_]+\.)*)\{""", text))
    prefixes |= set(re.findall(r"""["']([a-z_]+\.(?:[a-z_]+\.)*)["'] \+""", text))
    mixed = set(re.findall(r"""f["']([a-z_]+)\.\{[^}]+\}\.([a-z_]+)["']""", text))
    keys = set(words("fr").messages)
    stale = {
        key for key in keys - literal
        if not any(key.startswith(prefix) for prefix in prefixes)
        and not any(key.startswith(a + ".") and key.endswith("." + b) for a, b in mixed)
    }  # fmt: skip
    assert stale == set()
    called = set(re.findall(r"""(?:\bt|words)\(\s*["']([a-z_]+(?:\.[A-Za-z0-9_-]+)+)["']""", text))
    assert called - keys == set()


def test_every_fact_of_a_rule_can_be_told_as_what_is_not_known():
    asked = {
        name
        for rule in results.RULEBOOK().rules
        for name in (*rule.when.names, *(rule.only.names if rule.only else ()))
    }
    told = {key.removeprefix("unknown_fact.") for key in words("fr").messages if key.startswith("unknown_fact.")}
    assert asked - told == set()
    assert told - declared().keys() == {"other"}


@pytest.mark.parametrize(
    ("prefix", "values"),
    [
        ("layer", Layer), ("layer_the", Layer), ("level", Level), ("level_means", Level), ("verdict", Verdict),
        ("severity", Severity), ("confidence", Confidence), ("outcome", Outcome), ("grade", Grade),
        ("target", TargetKind),
    ],
)  # fmt: skip
def test_every_value_a_record_may_hold_has_a_word(prefix, values):
    for value in values:
        assert words("fr").has(f"{prefix}.{value.value}"), value


def test_every_role_and_every_cap_of_the_method_has_a_word():
    policy = load(read("rules", "scoring.yaml"), name="rules/scoring.yaml").mapping()
    for layer, roles in policy["roles"].mapping().items():
        for role in roles.mapping():
            assert words("fr").has(f"role.{layer}.{role}"), role
    for cap in policy["caps"].mapping():
        assert words("fr").has(f"cap.{cap}"), cap


def test_french_sentences_carry_french_spaces_and_apostrophes():
    for key, sentence in [*sentences("fr"), *((law.id, words("fr").of(law.text)) for law in law_watch())]:
        assert "'" not in sentence, key
        assert not re.search(r"[^\u202f][;!?](?=\s|$)", sentence), (key, sentence)
        assert not re.search(r"[^\u00a0]:(?=\s|$)", sentence), (key, sentence)
        assert not re.search(r"«[^\u00a0]|[^\u00a0]»", sentence), key
        assert french(sentence) == sentence


def test_english_sentences_carry_no_french_spaces():
    for key, sentence in sentences("en"):
        assert "\u202f" not in sentence, key
        assert not re.search(r"\s[;:!?](?=\s|$)", sentence), key


def test_the_french_filter_leaves_addresses_code_and_numbers_alone():
    for untouched in ("https://example.org/a?b=c", "2026 500", "mail_in:valmont.example", "10:14", "a=b;c"):
        assert french(untouched) == untouched


def test_a_hostile_place_is_filled_once_and_never_read_as_a_place():
    name = "{organisation} {0.__class__}"
    assert words("en")("report.title", organisation=name).endswith(name)


def test_french_counts_zero_and_one_as_singular_english_only_one():
    assert words("fr")("scope.targets", n=0) == "0 cible"
    assert words("fr")("scope.targets", n=1) == "1 cible"
    assert words("en")("scope.targets", n=0) == "0 targets"
    assert words("en")("scope.targets", n=1) == "1 target"


def test_numbers_dates_and_countries_are_those_of_the_reader():
    assert figures.decimal(12345.678, "fr", 2) == "12\u202f345,68"
    assert figures.decimal(12345.678, "en", 2) == "12,345.68"
    assert figures.percent(0.61, "fr") == "61\u00a0%"
    assert figures.signed(-0.04, "en") == "+0.0"
    assert figures.signed(-1.26, "fr") == "−1,3"
    assert figures.day("2026-11-01", "fr") == "1er novembre 2026"
    assert figures.day("2026-11-21", "fr") == "21 novembre 2026"
    assert figures.day("2026-11-01", "en") == "1 November 2026"
    assert figures.day("not a date", "en") == "not a date"
    assert figures.country("US", "fr") == "États-Unis (US)"
    assert figures.country("??", "en") == "country not identified"


def test_paris_time_is_worked_out_without_the_machine():
    assert figures.moment("2026-03-29T00:59:59Z", "en").startswith("29 March 2026 at 01:59")
    assert figures.moment("2026-03-29T01:00:00Z", "en").startswith("29 March 2026 at 03:00")
    assert figures.moment("2026-10-25T01:00:00Z", "fr").startswith("25 octobre 2026 à 02 h 00")


def test_no_key_stands_in_two_catalogues_and_law_in_motion_is_sourced_or_says_it_is_not():
    assert len(catalogue_names()) >= 3
    assert max(Counter(law.id for law in law_watch()).values()) == 1
    for law in law_watch():
        assert law.sources or "to be confirmed" in law.text.en, law.id


@pytest.mark.parametrize("key", ["grade.C", "grade.D", "grade.E", "grade.F", "cap.access-critical",
                                 "cap.cutoff-critical", "cap.exposed-dependency"])  # fmt: skip
def test_what_bounds_a_grade_leaves_room_for_not_knowing(key):
    """The bounds also fall on operators that nobody identified; stated flatly, they would accuse them."""
    assert re.search("exclure|exclue?\\b|établi", words("fr")(key))
    assert re.search("ruled? (that )?out|rules that out|not established", words("en")(key))
    assert not re.search(r"hors UE(?!/)|hors de l.UE(?! et)", words("fr")(key)), "the EEA is inside the GDPR"
