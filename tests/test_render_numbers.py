"""A number means one action throughout the report."""

from dataclasses import replace

from sovscan.locale.words import words
from sovscan.render.view.reading import read
from sovscan.render.view.shown import Shown
from sovscan.render.view.summary import summarise
from tests.sample_audit import town_hall


def test_a_decision_has_the_number_of_its_line_among_the_priorities():
    audit = town_hall()
    turned = replace(audit, advice=replace(audit.advice, decisions=tuple(reversed(audit.advice.decisions))))
    for each in (audit, turned):
        summary = summarise(read(each, words("en"), Shown()))
        lines = {row.number: row.action for row in summary.actions}
        assert summary.decisions
        assert [lines[row.number] for row in summary.decisions] == [row.action for row in summary.decisions]
