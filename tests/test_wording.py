"""What a report may never say (METHOD 10, LAW 8, REPORTS 11), wherever its sentences come from."""

import re

import pytest

from sovscan.files.bundled import listing, read
from sovscan.locale.law_watch import law_watch
from sovscan.locale.words import words
from sovscan.render.format import RenderOptions
from sovscan.render.html import render_html
from sovscan.render.text import render_text
from tests.sample_audit import european, half_silent, town_hall

FORBIDDEN = {
    "en": (r"\billegal", r"\bunlawful", r"\bcompliant\b", r"\bin compliance\b", r"guaranteed immune", r"% sovereign",
           r"percentage of sovereignty", r"\bsafe\b"),
    "fr": (r"\billégal", r"\billicite", r"\bconformes?\b", r"en conformité", r"immunité garantie", r"% souverain",
           r"pourcentage de souveraineté", r"taux de souveraineté"),
}  # fmt: skip
FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")


def faults(text: str, language: str) -> list[str]:
    return [found[0] for pattern in FORBIDDEN[language] for found in re.finditer(pattern, text, re.IGNORECASE)]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_catalogue_sentence_uses_a_forbidden_word(language):
    for key, forms in words(language).messages.items():
        for form in forms.values():
            assert faults(form, language) == [], key
    for law in law_watch():
        assert faults(law.text.in_language(language), language) == [], law.id


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_rule_uses_a_forbidden_word(language):
    for path in listing("rules", suffix=".yaml"):
        text = read(*path).decode()
        spoken = "\n".join(re.findall(rf"\b{language}:\s*(.+)", text))
        assert faults(spoken, language) == [], path


def test_templates_hold_no_sentence_of_their_own_and_no_flag():
    for path in listing("reports", "templates", suffix=".jinja"):
        text = read(*path).decode()
        assert not FLAG.search(text)
        bare = re.sub(r"\burl\(", " ", text)
        bare = re.sub(r"\{[{%#].*?[}%#]\}|<[^>]*>|<script>.*?</script>", " ", bare, flags=re.DOTALL)
        assert re.findall(r"[A-Za-zÀ-ÿ]{3,}", bare.replace("sovscan", "").replace("DOCTYPE", "")) == [], path


@pytest.mark.parametrize("make", [town_hall, half_silent, european])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_rendered_report_uses_a_forbidden_word(make, language):
    page = render_html(make(), language, RenderOptions()).decode()
    page = re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)
    assert faults(page, language) == []
    assert faults(render_text(make(), language, RenderOptions()).decode(), language) == []


def test_the_favourable_verdict_is_no_exposure_observed():
    assert words("en")("verdict.clear") == "no exposure observed"
    assert words("fr")("verdict.clear") == "aucune exposition observée"


def test_a_french_page_has_no_english_word_of_ours():
    page = render_html(town_hall(), "fr", RenderOptions()).decode()
    page = re.sub(r"<(style|script|code)\b.*?</\1>", " ", page, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", page)
    english = r"\b(the|and|of|with|exposed|unknown|evidence|finding|score after|controlled|provider|weight|lost)\b"
    assert re.findall(english, text.replace("evidence.jsonl", "").replace("R. c. OVH", "")) == []
