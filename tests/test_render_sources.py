"""Who owns a provider is a fact with sources, printed where it is said and listed in full."""

from dataclasses import replace

import pytest

from sovscan.locale.words import words
from sovscan.model.text import Source
from sovscan.render.format import RenderOptions
from sovscan.render.html import render_html
from sovscan.render.view.report import Part, view
from tests.sample_audit import town_hall

SEAT = Source(title="Register of companies of Ireland", url="http://companies.example/ie/256796", checked="2026-11-02")
PARENT = Source(title="Form 10-K, exhibit 21", url="https://filings.example/10-k/exhibit21.htm", checked="2026-11-03")


def owned():
    """The town hall, with a source of the seat and one of the parent for each provider."""
    audit = town_hall()
    return replace(
        audit,
        providers=tuple(
            replace(one, sources=(SEAT,), chain=tuple(replace(held, sources=(PARENT,)) for held in one.chain))
            for one in audit.providers
        ),
    )


@pytest.mark.parametrize("printed", [True, False])
def test_every_chain_of_control_has_the_numbers_of_its_sources(printed):
    report = view(owned(), "en", RenderOptions(), printed=printed)
    listed = {one.title: one for half in report.sources for one in half}
    chains = [row for theme in report.themes for row in theme.rows if "→" in row.owners]
    assert chains
    for row in chains:
        assert {listed[SEAT.title].number, listed[PARENT.title].number} <= set(row.cited)


def test_the_annex_cites_the_owner_at_each_finding_and_lists_what_it_cites():
    report = view(owned(), "en", RenderOptions(), printed=True, part=Part.ANNEX)
    numbers = {one.number for half in report.sources for one in half}
    cited = {number for row in report.findings for number in row.cited}
    assert {one.number for half in report.sources for one in half if one.title == PARENT.title} <= cited <= numbers


def test_an_address_that_may_not_be_followed_is_printed_in_full_with_its_day():
    report = view(owned(), "en", RenderOptions(), printed=True)
    found = next(one for half in report.sources for one in half if one.title == SEAT.title)
    assert (found.href, found.address, found.checked) == (None, SEAT.url, words("en").day(SEAT.checked))
    page = render_html(owned(), "en", RenderOptions()).decode()
    assert SEAT.url in page
    assert f'href="{SEAT.url}"' not in page
