"""The questions are ones that an account manager or the organisation's own staff can answer."""

import re
from collections import Counter

import pytest

from sovscan.locale.words import words
from sovscan.model.finding import Verdict
from sovscan.render.format import RenderOptions
from sovscan.render.questions_csv import render_questions_csv
from sovscan.render.questions_md import render_questions_md
from sovscan.render.view.questions import FAMILY_OF, questions
from sovscan.render.view.reading import read
from sovscan.render.view.shown import Shown
from sovscan.rulebook.facts import declared
from tests import results
from tests.demo.audits import NAMES, demo
from tests.sample_audit import half_silent, town_hall

AUDITS = {**{name: lambda name=name: demo(name) for name in NAMES}, "town_hall": town_hall, "half_silent": half_silent}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", AUDITS)
def test_no_question_names_a_term_of_the_rules_and_each_is_a_question(name, language):
    audit = AUDITS[name]()
    for asked in questions(read(audit, words(language), Shown())):
        assert asked.ask.rstrip().endswith("?"), asked.ask
        assert asked.proof
        assert not re.search(r"\b[a-z]+\.[a-z_]+\b", f"{asked.ask} {asked.proof} {asked.effect}"), asked
    for render in (render_questions_md, render_questions_csv):
        said = render(audit, language, RenderOptions()).decode().replace("\\", "")
        assert [fact for fact in declared() if fact in said] == []


@pytest.mark.parametrize("name", AUDITS)
def test_nobody_is_asked_the_same_thing_twice_about_one_service(name):
    asked = Counter(
        (one.provider, one.service, one.ask) for one in questions(read(AUDITS[name](), words("fr"), Shown()))
    )
    assert [key for key, times in asked.items() if times > 1] == []


@pytest.mark.parametrize("name", AUDITS)
def test_each_open_finding_is_asked_about_once(name):
    audit = AUDITS[name]()
    told = " ".join(one.why for one in questions(read(audit, words("fr"), Shown())))
    for found in audit.findings:
        times = 1 if found.verdict in (Verdict.UNKNOWN, Verdict.TO_CONFIRM) else 0
        assert told.count(f"({found.id})") == times, found.id


def test_the_questions_of_one_party_stand_together():
    document = render_questions_md(demo("syndicat-brumeval"), "fr", RenderOptions()).decode()
    headings = [line for line in document.splitlines() if line.startswith("## ")]
    assert len(headings) == len(set(headings))


def test_every_fact_that_a_rule_may_lack_can_be_asked_for():
    wanted = {
        name
        for rule in results.RULEBOOK().rules
        for name in (*rule.when.names, *(rule.only.names if rule.only else ()))
    }

    assert {fact for fact in FAMILY_OF if fact not in declared()} == set()
    for fact in wanted - set(FAMILY_OF):
        assert words("fr").has(f"unknown_fact.{fact}"), fact
    for family in set(FAMILY_OF.values()):
        assert words("en").has(f"ask.{family}")
        assert words("en").has(f"ask_proof.{family}")
