"""The product in one function: what it counts, carries and never says."""

from dataclasses import replace

import pytest

from sovscan.audit import audit, count_by_control
from sovscan.files import canonical
from sovscan.files.records import to_plain
from sovscan.model.dependency import Confidence, Layer
from sovscan.model.exposure import Level
from sovscan.model.finding import Verdict
from sovscan.model.score import Grade
from sovscan.rulebook.exposure import expose
from sovscan.score.policy import load_policy
from tests import results
from tests.market import AS_OF, catalogue, dependency, town_hall
from tests.test_visibility import MAIN, OTHER, answers, evidence

POLICY = load_policy()


@pytest.fixture(scope="module")
def rulebook():
    return results.RULEBOOK()


def audited(rulebook, found, **options):
    return audit(found, results.CATALOGUE(), rulebook, options.pop("policy", POLICY), **options)


def test_the_same_evidence_gives_the_same_bytes(rulebook):
    seen = answers("mairie.test")
    first = audited(rulebook, evidence(seen.values()))
    second = audited(rulebook, evidence(reversed(seen.values())))
    assert canonical.dumps(to_plain(first)) == canonical.dumps(to_plain(second))


def test_an_organisation_that_answers_nothing_gets_no_grade_and_no_good_word(rulebook):
    found = audited(rulebook, evidence([]))
    assert found.score.grade is Grade.NR
    assert found.count.total == 0
    assert found.advice.moves == ()
    assert Verdict.CLEAR not in {finding.verdict for finding in found.findings if finding.layer is not None}


def test_the_audit_is_dated_from_its_evidence_unless_another_day_is_asked_for(rulebook):
    seen = evidence(answers("mairie.test").values())
    assert audited(rulebook, seen).as_of == "2026-11-21"
    assert audited(rulebook, seen, as_of="2026-06-01").as_of == "2026-06-01"


def test_every_point_lost_leads_to_a_row_of_the_audit(rulebook):
    found = audited(rulebook, evidence(answers("mairie.test").values(), MAIN, OTHER))
    rows = {item.id for item in found.items}
    assert {each.id for each in found.dependencies} <= rows
    assert {term.dependency for term in found.score.terms if term.dependency} <= rows
    holes = [item for item in found.items if "/not-seen/" in item.id]
    assert {item.nexuses[0].level for item in holes} == {Level.UNKNOWN}
    assert Layer.MAIL_IN in {item.layer for item in holes}


def test_what_an_auditor_changed_is_in_the_audit(rulebook):
    changed = load_policy("strict", {"parameters.floor": 0.1})
    found = audited(rulebook, evidence([]), policy=changed)
    assert (found.profile, dict(found.overrides)) == ("strict", {"parameters.floor": ".05 -> 0.1"})


def test_the_published_band_surrounds_the_score(rulebook):
    bands = audited(rulebook, evidence(answers("mairie.test").values())).bands
    assert bands["tie"] == 8.0
    assert bands["low"] <= 0 <= bands["high"]


def test_services_are_counted_once_by_who_controls_them(rulebook):
    market = catalogue()
    dependencies = (
        *town_hall(),
        dependency("mail_out", "relay", "alpe"),
        dependency("dns", "sole", "nord"),
        dependency("registry", "registrar", "loire"),
        dependency("ca", "issuer", "rumour"),
        dependency("cdn", "static", None, host="nimbus"),
        dependency("cdn", "proxy", None, host="loire"),
        dependency("supply", "image", "nimbus"),
    )
    items = [expose(each, market, rulebook, POLICY, AS_OF) for each in dependencies]
    count = count_by_control(dependencies, items, market, AS_OF)
    # Seven of the town hall and its own server on a US cloud; the Swiss one; the German one; two French ones; and
    # the one whose owner has no source.
    assert (count.us, count.other_third, count.eu, count.fr, count.unknown) == (8, 1, 1, 2, 1)
    assert count.total == 13


def test_a_service_that_a_weak_sign_alone_puts_outside_is_told_apart(rulebook):
    market = catalogue()
    sure, guessed = dependency("mail_out", "relay", "nimbus"), dependency("mail_out", "bulk", "nimbus")
    guessed = replace(guessed, attribution=replace(guessed.attribution, confidence=Confidence.WEAK))
    near = dependency("dns", "sole", "loire")
    near = replace(near, attribution=replace(near.attribution, confidence=Confidence.WEAK))
    items = [expose(each, market, rulebook, POLICY, AS_OF) for each in (sure, guessed, near)]
    count = count_by_control((sure, guessed, near), items, market, AS_OF)
    assert (count.us, count.weak_outside) == (2, 1)
