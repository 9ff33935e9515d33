"""A number means one action throughout the report."""

from dataclasses import replace

from sovscan.locale.words import words
from sovscan.render.view.alternatives import move_view
from sovscan.render.view.reading import read
from sovscan.render.view.replacing import examples
from sovscan.render.view.shown import Shown
from sovscan.render.view.summary import summarise
from sovscan.render.view.themes import themes
from tests.sample_audit import town_hall


def test_a_decision_has_the_number_of_its_line_among_the_priorities():
    audit = town_hall()
    turned = replace(audit, advice=replace(audit.advice, decisions=tuple(reversed(audit.advice.decisions))))
    for each in (audit, turned):
        summary = summarise(read(each, words("en"), Shown()))
        lines = {row.number: row.action for row in summary.actions}
        assert summary.decisions
        assert [lines[row.number] for row in summary.decisions] == [row.action for row in summary.decisions]


def test_every_offer_that_a_decision_may_name_stands_in_the_table_of_its_theme():
    best = replace(next(one for move in town_hall().advice.moves for one in move.alternatives), licence=None)
    twins = [replace(best, offer=f"twin-{n}", provider=f"twin-{n}", name=f"Twin {n}") for n in range(3)]
    free = replace(best, offer="free", provider="free", name="Free", licence="GPL-3.0-only", gain=best.gain - 2)
    move = replace(town_hall().advice.moves[0], alternatives=(best, *twins, free))
    shown = [row.name for row in move_view(read(town_hall(), words("en"), Shown()), move).alternatives]
    assert shown == [one.name for one in move.alternatives if one in (*examples(move, best), free)]
    assert "Twin 1" in shown
    assert "Free" in shown


def test_less_than_two_points_are_one_point_in_french():
    french = words("fr")
    for lost, told in ((0.0, "0,0 point perdu sur"), (1.9, "1,9 point perdu sur"), (2.0, "2,0 points perdus sur")):
        assert french("theme.lead", points=french.number(lost), most="5,6", n=french.counted(lost)).startswith(told)
    audit = town_hall()
    small = replace(
        audit, score=replace(audit.score, layers=tuple(replace(row, points_lost=0.1) for row in audit.score.layers))
    )
    assert all(" point perdu sur" in theme.lead for theme in themes(read(small, french, Shown())))
