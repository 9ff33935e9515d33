"""What was not decided reads as not decided, whoever reads it."""

from dataclasses import replace

import pytest

from sovscan.locale.words import words
from sovscan.model.finding import Verdict
from sovscan.render.format import RenderOptions
from sovscan.render.registry import formats
from sovscan.render.view.findings import finding_row, reasons, told_of
from sovscan.render.view.questions import questions
from sovscan.render.view.reading import read
from sovscan.render.view.shown import Shown
from tests.sample_audit import half_silent

OPENINGS = {"fr": "Non tranché", "en": "Not decided"}
SAYING = ("text", "md", "sarif", "gitlab", "junit", "html", "tickets", "findings", "jsonl")
"""Formats that print the sentence of a finding; those of the registry only."""


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_undecided_finding_begins_with_what_could_not_be_decided(language):
    reading = read(half_silent(), words(language), Shown())
    finding = next(one for one in reading.audit.findings if one.verdict is Verdict.UNKNOWN)
    row, rule = finding_row(reading, finding), reading.rules[finding.rule]
    assert row.title.startswith(OPENINGS[language])
    assert row.title.endswith(reading.sentence(rule.title))
    assert "provider.us_controlled" not in row.title, "a term of the rule files is no sentence"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_undecided_finding_asks_for_what_would_settle_it_and_for_no_remedy(language):
    reading = read(half_silent(), words(language), Shown())
    for finding in reading.audit.findings:
        remedy = reading.sentence(reading.rules[finding.rule].remedy)
        assert finding.verdict is Verdict.UNKNOWN
        assert finding_row(reading, finding).remedy not in ("", remedy)
    assert all(found.title.startswith(OPENINGS[language]) for found in reasons(reading, told_of(reading)))


def test_the_question_on_an_undecided_finding_quotes_the_rule_and_not_the_doubt():
    reading = read(half_silent(), words("en"), Shown())
    asked = [one for one in questions(reading) if one.group == "finding"]
    assert asked
    assert not any("Not decided" in one.ask for one in asked)


@pytest.mark.parametrize("name", sorted(set(SAYING) & set(formats())))
def test_every_format_that_states_the_rule_says_first_that_it_is_not_decided(name):
    audit = half_silent()
    printed = formats()[name].render(audit, "en", RenderOptions()).decode()
    assert OPENINGS["en"] in printed


def test_a_rule_about_what_is_not_known_is_stated_as_it_is_when_it_holds():
    audit = half_silent()
    found = replace(audit.findings[0], facts=dict.fromkeys(audit.findings[0].missing, "false"))
    reading = read(replace(audit, findings=(found,)), words("en"), Shown())
    row, rule = finding_row(reading, found), reading.rules[found.rule]
    assert (row.title, row.remedy) == (reading.sentence(rule.title), reading.sentence(rule.remedy))
