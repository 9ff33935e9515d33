"""The terminal report: conclusion first, short, safe to print."""

import re

import pytest

from sovscan.render.format import RenderOptions
from sovscan.render.registry import formats
from sovscan.render.text import render_text
from tests.hostile_text import ALL
from tests.sample_audit import european, half_silent, hostile, many_findings, town_hall


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_conclusion_takes_the_first_three_lines_and_the_rest_fits_a_screen(language):
    lines = render_text(town_hall(), language, RenderOptions()).decode().splitlines()
    assert lines[0].startswith("10 ")
    assert lines[3] == ""
    assert len(lines) <= 60


def test_a_verdict_is_an_icon_and_a_word_so_that_it_reads_without_colour():
    text = render_text(town_hall(), "en", RenderOptions()).decode()
    for mark in ("▲ exposed", "◆ to confirm", "? unknown", "✓ no exposure observed"):
        assert mark in text
    assert "\x1b" not in text


def test_colour_adds_only_our_own_sequences():
    plain = render_text(town_hall(), "en", RenderOptions()).decode()
    coloured = render_text(town_hall(), "en", RenderOptions(colour=True)).decode()
    assert re.sub(r"\x1b\[(31|32|33|0)m", "", coloured) == plain
    assert "\x1b[31m" in coloured


def test_an_unrated_audit_says_nothing_good():
    text = render_text(half_silent(), "en", RenderOptions()).decode()
    assert "Not rated" in text
    assert "Score –" in text


def test_the_favourable_case_speaks_of_what_was_observed():
    text = render_text(european(), "en", RenderOptions()).decode()
    assert text.startswith("None of the 6 observed services is controlled outside the EU/EEA, as far as can be seen")


def test_hostile_text_cannot_steer_the_terminal_nor_break_a_line():
    text = render_text(hostile(ALL), "fr", RenderOptions(colour=True)).decode()
    assert not re.search("[\x00-\x09\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert set(re.findall("\x1b.{0,4}", text)) <= {"\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[0m"} | {
        found for found in re.findall("\x1b.{0,4}", text) if found.startswith("\x1b[0m")
    }
    assert not re.search(r"(?m)^(::|##\[)", text)


def test_many_findings_are_counted_not_listed():
    text = render_text(many_findings(400), "en", RenderOptions()).decode()
    assert "… and 388 more findings" in text
    assert text.count("\n") <= 60


def test_each_format_is_one_module_found_by_listing():
    assert {"html", "json", "pdf", "sarif", "summary-pdf", "text"} <= set(formats())
    assert list(formats()) == sorted(formats())
    assert {name for name, form in formats().items() if form.isolated} == {"annex-pdf", "pdf", "summary-pdf"}
