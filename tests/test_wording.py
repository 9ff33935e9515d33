"""What a report may never say (METHOD 10, LAW 8, REPORTS 11), wherever its sentences come from."""

import csv
import html
import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from sovscan.cli.judging import judge_evidence
from sovscan.files.bundled import listing, read
from sovscan.files.evidence_bundle import read_evidence
from sovscan.locale.law_watch import law_watch
from sovscan.locale.words import words
from sovscan.model.audit import Audit
from sovscan.render.findings_csv import render_csv
from sovscan.render.format import RenderOptions
from sovscan.render.github import render_github
from sovscan.render.html import render_html
from sovscan.render.markdown import render_markdown
from sovscan.render.page import page
from sovscan.render.questions_csv import render_questions_csv
from sovscan.render.questions_md import render_questions_md
from sovscan.render.text import render_text
from sovscan.render.tickets_csv import render_tickets_csv
from sovscan.render.tickets_md import render_tickets_md
from sovscan.render.view.report import Part
from sovscan.render.view.sources import numbered
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


ENGLISH = """
the and of with for from by is are was were this that which when not its their under only at since between unless
has have been be they also any all yes none each than then because could would may must can unknown answered asked
failed seen hosting provider until record records used uses using checked exposed evidence finding controlled weight
lost
"""
FRENCH = """
le la les des une un est sont dans avec pour sur par du au aux qui que et ou où ce cette ces son sa ses elle il ne
pas plus sans selon entre leur leurs été était depuis très aucun aucune chaque autre donc mais à hébergement
messagerie filiale siège société contrôle données réponse échec preuve preuves constat constats prestataire
prestataires exposé exposée inconnu inconnue
"""
OTHER = {language: rf"\b({'|'.join(listed.split())})\b" for language, listed in (("fr", ENGLISH), ("en", FRENCH))}
"""Words of the other language that no sentence can do without, and that this one does not have."""
PUBLISHED = (
    "Agence des communs numériques", "Syndicat des eaux de Brumeval", "Ville de Valmont-sur-Exemple",
    "Association française pour le nommage Internet en coopération", "Work and Work_Share", r"Work and Work\_Share",
    "NumSpot service platform", "et seq.", "evidence.jsonl",
)  # fmt: skip
"""Names and titles as their owners publish them."""


def spoken(page: str) -> str:
    """The running text of a page without records, addresses and signs of the other language that are marked as such."""
    page = re.sub(r"<(style|script|code)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r"<a [^>]*hreflang=.*?</a>|<title>.*?</title>", " ", page)
    text = html.unescape(re.sub(r"<[^>]+>", " ", page))
    for name in PUBLISHED:
        text = text.replace(name, " ")
    return " ".join(text.split())


def annex(audit: Audit, language: str, options: RenderOptions) -> str:
    """The annex as it goes to print."""
    return page(audit, language, options, printed=True, part=Part.ANNEX)


def rows(render: Callable[[Audit, str, RenderOptions], bytes]) -> Callable[[Audit, str, RenderOptions], str]:
    """A table without its header and its columns of identifiers, which are the same in both languages."""

    def told(audit: Audit, language: str, options: RenderOptions) -> str:
        _, *found = csv.reader(io.StringIO(render(audit, language, options).decode(), newline=""))
        return "\n".join(cell for row in found for cell in row if " " in cell)

    return told


RENDERERS = (
    render_html, render_text, render_tickets_md, render_questions_md, render_markdown, annex, render_github,
    rows(render_csv), rows(render_tickets_csv), rows(render_questions_csv),
)  # fmt: skip


@pytest.fixture(scope="module")
def demo() -> tuple[Audit, ...]:
    found = []
    for parts in listing("data", "demo", suffix=".jsonl"):
        evidence = read_evidence(read(*parts), parts[-1])
        found.append(judge_evidence(evidence, profile="practical", as_of=None))
    return tuple(found)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_page_and_no_list_has_a_word_of_the_other_language(demo, language):
    for audit in (*demo, town_hall()):
        names = {one for provider in audit.providers for one in (provider.name, provider.entity, provider.controller)}
        names |= {link.holder for provider in audit.providers for link in provider.chain}
        names |= {str(rule.id) for rule in audit.rules}
        names |= {fact for finding in audit.findings for fact in finding.missing}
        names |= {source.title for source in numbered(audit) if source.title_fr is None}
        names |= {alternative.name for move in audit.advice.moves for alternative in move.alternatives}
        for render in RENDERERS:
            said = render(audit, language, RenderOptions())
            text = spoken(re.sub(r"`[^`]*`", " ", said if isinstance(said, str) else said.decode()))
            for name in sorted((html.unescape(one) for one in names if one), key=len, reverse=True):
                text = text.replace(name, " ")
            found = [text[max(0, m.start() - 50) : m.end() + 40] for m in re.finditer(OTHER[language], text)]
            assert found == [], (audit.organisation, render)


def test_a_title_in_our_words_has_one_wording_a_language_and_a_published_one_stands_as_it_is(demo):
    for audit in demo:
        for source in numbered(audit):
            assert " / " not in source.title, source.title
            assert (source.title_fr is None) or source.in_language("en") == source.title


def test_a_page_is_one_source_however_it_is_titled(demo):
    for audit in demo:
        numbers = numbered(audit)
        places = {source.url.partition("#")[0] for source in numbers if source.url}
        assert len(set(numbers.values())) == len(places) + len({one.title for one in numbers if not one.url})


@pytest.mark.parametrize(
    ("language", "seen_on", "read_at"),
    [
        ("fr", "22 novembre 2026", "Propriété et qualifications lues au 1er juin 2027"),
        ("en", "22 November 2026", "Ownership and qualifications read as of 1 June 2027"),
    ],
)
def test_every_short_report_bears_the_day_of_its_evidence_and_that_of_its_owners(language, seen_on, read_at):
    now = town_hall()
    now = replace(now, evidence=replace(now.evidence, collected_at="2026-11-22T07:00:00.000Z"), as_of="2026-11-22")
    later = replace(now, as_of="2027-06-01")
    for render in (render_markdown, render_text):
        told, judged_later = (render(each, language, RenderOptions()).decode() for each in (now, later))
        assert seen_on in told.replace("\u00a0", " ")
        assert read_at not in told.replace("\u00a0", " ")
        assert read_at in judged_later.replace("\u00a0", " ")
