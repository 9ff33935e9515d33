"""No deliverable cuts a sentence of ours: what is too long for its place is said shorter, or elsewhere."""

import re

import pytest

from sovscan.locale.words import words
from sovscan.render.format import RenderOptions
from sovscan.render.registry import formats
from sovscan.render.view.actions import MOST_SIGNS, path, planned
from sovscan.render.view.reading import read
from sovscan.render.view.shown import Shown, shorter
from tests.demo.audits import NAMES, demo

TEXTS = ("html", "md", "text", "tickets-md", "tickets-csv", "questions-md", "questions-csv", "csv", "sarif", "github")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_the_first_line_of_the_path_is_a_whole_sentence(name, language):
    reading = read(demo(name), words(language), Shown())
    (_, lines), *_ = path(reading, planned(reading))
    assert not any("…" in line for line in lines)
    open_questions = {
        reading.shown(reading.words.of(each.attribution.settle))
        for each in demo(name).dependencies
        if each.attribution.settle
    }
    if any(len(sentence) <= MOST_SIGNS for sentence in open_questions):
        assert lines[0] in open_questions
    elif open_questions:
        assert lines[0].startswith(("Trancher", "Settle"))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", TEXTS)
def test_no_ellipsis_stands_where_a_sentence_was_cut(kind, name, language):
    said = formats()[kind].render(demo(name), language, RenderOptions()).decode()
    # A list says how many it leaves out, or is open by our own words; an empty field is dotted, a number left open.
    said = re.sub(
        r"… (?:et|and) [\d\u202f,]+ (?:more|de plus|valeurs?|constats?)|(?:visio|video)…\)|>…<|\b[EFS]-…", "", said
    )
    assert "…" not in said, said[max(0, said.index("…") - 80) : said.index("…") + 40]


def test_a_name_is_shortened_by_what_it_can_do_without_and_not_cut():
    assert shorter("Orange Business (Cloud Avenue, Flexible Engine)", 34) == "Orange Business"
    assert shorter("Host Europe / DomainFactory / 123-reg / HEG", 30) == "Host Europe"
    assert shorter("Oodrive Meet, Work and Work_Share (SecNumCloud)", 34) == "Oodrive Meet, Work and Work_Share"
    assert shorter("Proofpoint", 34) == "Proofpoint"
