"""Notes: at the foot of the page that calls them on paper, linked both ways on the screen, the same in both."""

import io
import itertools
import re
from collections import Counter

import pytest
from lxml import html as parser

from sovscan.locale.words import words
from sovscan.render.engine import PdfUnavailable, weasyprint
from sovscan.render.format import RenderOptions
from sovscan.render.html import FORMAT as HTML
from sovscan.render.look import Look
from sovscan.render.page import page
from sovscan.render.view.notes import MOST_TEXTS
from sovscan.render.view.report import Part, view
from tests.rendered import rendered, text_of_pdf
from tests.sample_audit import european, half_silent, town_hall

try:
    weasyprint()
    MISSING = None
except PdfUnavailable as error:
    MISSING = f"{error}; {error.help}"

needs_pango = pytest.mark.skipif(MISSING is not None, reason=MISSING or "")
pikepdf = pytest.importorskip("pikepdf")
OPTIONS = RenderOptions()
SENTENCES = {
    "coverage": "scope.holes",
    "qualification": "chain.unqualified",
    "law": "theme.why",
    "seal": "framework.indicative",
}
CASES = [(make, language) for make in (town_hall, half_silent, european) for language in ("fr", "en")]


def pages_of(content: bytes) -> list[list[str]]:
    pages = text_of_pdf(content, "-layout").split("\f")[:-1]
    return [[line for line in one.splitlines() if line.strip()] for one in pages]


def notes_of(audit, language):
    return view(audit, language, OPTIONS, printed=True).notes


def structure(content: bytes, kind: str) -> list:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        found = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == kind]
        return [(str(thing.get("/ID", "")), str(thing.K[0].S)) for thing in found]


@needs_pango
@pytest.mark.parametrize(("make", "language"), CASES)
def test_each_note_stands_at_the_foot_of_the_page_that_calls_it(make, language):
    audit, say = make(), words(language)
    notes = notes_of(audit, language)
    pages = [" ".join(" ".join(lines).split()) for lines in pages_of(rendered(make, "pdf", language))]
    assert [note.number for note in notes] == list(range(1, len(notes) + 1))
    for note in notes:
        start = " ".join(f"{note.number}. {note.text}"[:60].split())
        (where,) = [number for number, text in enumerate(pages, 1) if start in text]
        called = " ".join(say(SENTENCES[note.key]).rstrip(".").split())
        after = pages[where - 1].index(start)
        assert re.search(rf"{re.escape(called)}\.? ?{note.number}\b", pages[where - 1][:after]), (note, where)
        assert where > 2


@needs_pango
@pytest.mark.parametrize(("make", "language"), CASES)
def test_no_title_of_a_group_of_alternatives_is_the_last_thing_above_notes_and_foot(make, language):
    audit = make()
    titles = {
        " ".join(move.title.split())
        for theme in view(audit, language, OPTIONS, printed=True).themes
        for move in theme.moves
    }
    foot = words(language)("report.kicker")
    for number, lines in enumerate(pages_of(rendered(make, "pdf", language)), 1):
        for line, below in itertools.pairwise(lines):
            if " ".join(line.split()) in titles:
                assert not re.match(rf"\s*(?:\d\. |{re.escape(foot)})", below), (number, line)


@needs_pango
@pytest.mark.parametrize("language", ["fr", "en"])
def test_notes_are_tagged_with_a_name_each_and_a_label(language):
    audit = town_hall()
    notes = structure(rendered(town_hall, "pdf", language), "/Note")
    assert len(notes) == len(notes_of(audit, language)) == 4
    assert len({name for name, _ in notes}) == len(notes)
    assert all(name for name, _ in notes)
    assert {label for _, label in notes} == {"/Lbl"}


@needs_pango
@pytest.mark.parametrize("name", ["summary-pdf", "annex-pdf"])
def test_summary_and_annex_have_no_notes(name):
    assert structure(rendered(town_hall, name, "fr"), "/Note") == []


@pytest.mark.parametrize(("make", "language"), CASES)
def test_on_the_screen_each_call_leads_to_its_note_and_back(make, language):
    audit = make()
    tree = parser.fromstring(HTML.render(audit, language, OPTIONS))
    calls = tree.xpath("//a[@role='doc-noteref']")
    notes = notes_of(audit, language)
    assert [call.text for call in calls] == [str(note.number) for note in notes]
    for call, note in zip(calls, notes, strict=True):
        (there,) = tree.xpath(f"//li[@id='{call.get('href')[1:]}']")
        assert there.text.strip() == note.text
        (back,) = there.xpath("a")
        assert back.get("href") == "#" + call.get("id")
        assert call.get("aria-label") == words(language)("note.call", number=note.number)
    order = [item.get("id") for item in tree.xpath("//li[starts-with(@id, 'note-')]")]
    assert order == [call.get("href")[1:] for call in calls]
    assert tree.xpath("//*[@class='note']") == []


@pytest.mark.parametrize(("language", "ending"), [("fr", r"</span>\.</p>"), ("en", r"\.<span[^>]*>[^<]*</span></p>")])
def test_the_call_stands_before_the_full_stop_in_french_and_after_it_in_english(language, ending):
    markup = page(town_hall(), language, OPTIONS, printed=True)
    assert len(re.findall(rf'<p class="quiet as-text">[^<]*(?:<span class="note"[^>]*>[^<]*)?{ending}', markup)) == 1


def test_the_note_on_the_law_names_first_the_text_that_reaches_most_services():
    audit = town_hall()
    (note,) = [one for one in notes_of(audit, "en") if one.key == "law"]
    reached = Counter(law for item in audit.items for law in {law for way in item.nexuses for law in way.laws})
    assert len(reached) >= 2
    names = {law.id: law.name.en for law in audit.laws}
    most = max(reached.values())
    first = note.text.partition(": ")[2]
    assert any(first.startswith(names[law]) for law, times in reached.items() if times == most)
    assert note.text.count(" (") <= MOST_TEXTS


def test_where_no_text_reaches_anything_there_is_no_note_on_the_law():
    assert "law" not in {note.key for note in notes_of(european(), "fr")}


def test_only_notes_are_given_the_styles_of_notes():
    # Each pseudo-element of a note that any element may have costs every element a style: a third of the memory.
    sheet = Look("sovereign").print_css("sovscan")
    asked = re.findall(r"([^{};/]*)::(?:footnote|note)[\w-]*", sheet)
    assert len(asked) == 2
    assert {selector.strip() for selector in asked} == {".note"}


def test_notes_are_of_the_whole_report_only():
    for part in (Part.SUMMARY, Part.ANNEX):
        assert view(town_hall(), "fr", OPTIONS, printed=True, part=part).notes == ()
