"""No deliverable cuts a sentence of ours: what is too long for its place is said shorter, or elsewhere."""

import re

import pytest
from lxml import html

from sovscan.locale.words import words
from sovscan.render.format import RenderOptions
from sovscan.render.page import page
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


READ = ("html", "print", "md", "text", "tickets-md", "questions-md", "github")
BLOCKS = frozenset({
    "p", "td", "th", "li", "h1", "h2", "h3", "h4", "dt", "dd", "div", "section", "caption", "figcaption", "summary",
    "details", "br", "tr", "label",
})  # fmt: skip
_AFTER_A_STOP = re.compile(r"(?<=[.!?…])[)»”’]*[ \u00a0\u202f]+(?=([a-zà-öø-ÿœ][^\s]*))")
# "R. v OVH", "S. A."; a list that goes on ("… and 3 more", "(video…) did"); a verdict's own sign before its word.
_NO_END = re.compile(r"(?:\b[A-Z]\.|…\)?|-…\)|(?:^|\n|\| |  )\?)[ \u00a0\u202f]+$")
_BY_NATURE = re.compile(r"[a-z0-9_-]+(?:[./:=_][a-z0-9*_/-]+)+\)?[.,;:]?$|sovscan\b|organisation:|iodef|rua")


def shown_text(markup):
    """The text of a page, a line a block; what is set as code is an identifier, whatever it begins with."""
    found = []

    def walk(node):
        if isinstance(node.tag, str) and node.tag not in ("style", "script", "svg"):
            edge = "\n" if node.tag in BLOCKS else ""
            inner = [f"`{node.text_content()}`"] if node.tag == "code" else None
            found.extend([edge, *(inner or [node.text or ""])])
            for child in node if inner is None else ():
                walk(child)
            found.append(edge)
        found.append(node.tail or "")

    walk(html.fromstring(markup).find("body"))
    return "".join(found)


def said(kind, audit, language):
    options = RenderOptions()
    if kind in ("html", "print"):
        return shown_text(page(audit, language, options, printed=kind == "print"))
    return formats()[kind].render(audit, language, options).decode()


def in_lower_case(text):
    """The sentences of a text that begin in lower case and not with a name: the words around each."""
    return [
        text[max(0, found.start() - 40) : found.end() + 30]
        for found in _AFTER_A_STOP.finditer(text)
        if not _NO_END.search(text[: found.end()][-20:]) and not _BY_NATURE.match(found[1])
    ]


def test_a_sentence_in_lower_case_is_seen_and_a_name_is_none():
    assert in_lower_case("With a proof. the organisation as a whole.")
    assert in_lower_case(shown_text("<html><body><p>A proof. <small>the whole</small></p></body></html>"))
    assert in_lower_case("Vraiment ? oui.")
    for fine in ("See it. sovscan.yaml says more.", "A stop. mail.town.example is one.", "R. v OVH", "… and 3 more",
                 "(video…) did not", "| ? unknown |"):  # fmt: skip
        assert not in_lower_case(fine), fine


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_begins_in_lower_case(name, language):
    for kind in READ:
        assert not in_lower_case(said(kind, demo(name), language)), kind
