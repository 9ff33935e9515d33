"""An open question never passes the gate."""

from dataclasses import replace
from pathlib import Path

import pytest

from sovscan.audit import audit
from sovscan.cli.bundle import read_bundle
from sovscan.files.evidence_bundle import in_order, make_observation
from sovscan.gate import Decision, GateTerms, decide
from sovscan.model.dependency import Confidence
from sovscan.model.evidence import Outcome
from sovscan.model.finding import Severity, Verdict
from sovscan.model.score import Grade
from sovscan.score.policy import load_policy
from tests import results
from tests.sample_audit import town_hall


def audit_with(*, findings=(), **score):
    audit = town_hall()
    return replace(audit, findings=tuple(findings), score=replace(audit.score, **score))


def finding(**changes):
    return replace(town_hall().findings[0], **changes)


@pytest.mark.parametrize(
    ("verdict", "severity", "confidence", "decision"),
    [
        (Verdict.EXPOSED, Severity.HIGH, Confidence.CONFIRMED, Decision.FAILED),
        (Verdict.EXPOSED, Severity.CRITICAL, Confidence.PROBABLE, Decision.FAILED),
        (Verdict.EXPOSED, Severity.MEDIUM, Confidence.CONFIRMED, Decision.PASSED),
        (Verdict.EXPOSED, Severity.HIGH, Confidence.WEAK, Decision.INCONCLUSIVE),
        (Verdict.UNKNOWN, Severity.HIGH, Confidence.CONFIRMED, Decision.INCONCLUSIVE),
        (Verdict.TO_CONFIRM, Severity.HIGH, Confidence.CONFIRMED, Decision.INCONCLUSIVE),
        (Verdict.UNKNOWN, Severity.LOW, Confidence.WEAK, Decision.PASSED),
        (Verdict.CLEAR, Severity.CRITICAL, Confidence.CONFIRMED, Decision.PASSED),
    ],
)
def test_what_a_finding_does_to_the_gate(verdict, severity, confidence, decision):
    audit = audit_with(findings=[finding(verdict=verdict, severity=severity, confidence=confidence)])
    assert decide(audit, GateTerms()).decision is decision


def test_a_failed_finding_outweighs_an_open_one():
    open_one = finding(verdict=Verdict.UNKNOWN, severity=Severity.HIGH)
    failed = finding(verdict=Verdict.EXPOSED, severity=Severity.HIGH, confidence=Confidence.CONFIRMED)
    assert decide(audit_with(findings=[open_one, failed]), GateTerms()).decision is Decision.FAILED


def test_never_failing_on_findings_still_minds_the_score():
    exposed = finding(verdict=Verdict.EXPOSED, severity=Severity.CRITICAL, confidence=Confidence.CONFIRMED)
    audit = audit_with(findings=[exposed], value=60.0, worst=58.0, best=62.0)
    assert decide(audit, GateTerms(fail_on=None)).decision is Decision.PASSED
    assert decide(audit, GateTerms(fail_on=None, fail_under=70)).decision is Decision.FAILED


@pytest.mark.parametrize(
    ("limit", "decision"), [(50, Decision.PASSED), (60, Decision.INCONCLUSIVE), (66, Decision.FAILED)]
)
def test_a_threshold_inside_the_interval_is_inconclusive(limit, decision):
    audit = audit_with(value=61.0, worst=55.0, best=65.0, grade=Grade.C)
    assert decide(audit, GateTerms(fail_under=limit)).decision is decision


@pytest.mark.parametrize(
    ("wanted", "decision"),
    [
        (Grade.D, Decision.PASSED),
        (Grade.C, Decision.INCONCLUSIVE),
        (Grade.B, Decision.INCONCLUSIVE),
        (Grade.A, Decision.FAILED),
    ],
)
def test_a_grade_is_certain_only_when_the_whole_interval_reaches_it(wanted, decision):
    audit = audit_with(grade=Grade.C, worst_grade=Grade.D, best_grade=Grade.B)
    assert decide(audit, GateTerms(min_grade=wanted)).decision is decision


def test_not_rated_is_inconclusive_only_when_a_threshold_was_asked_for():
    audit = audit_with(grade=Grade.NR)
    assert decide(audit, GateTerms()).decision is Decision.PASSED
    assert decide(audit, GateTerms(min_grade=Grade.F)).decision is Decision.INCONCLUSIVE
    assert decide(audit, GateTerms(fail_under=1)).decision is Decision.INCONCLUSIVE


def test_an_audit_that_observed_nothing_never_passes():
    audit = audit_with()
    silent = replace(audit, evidence=replace(audit.evidence, observations=()))
    result = decide(silent, GateTerms())
    assert result.decision is Decision.INCONCLUSIVE
    assert result.reasons[0].what == "nothing-observed"


@pytest.mark.parametrize("file", ["agence-des-communs", "atelier-kerlann", "mairie-valombreuse"])
@pytest.mark.parametrize("probe", ["mx", "mx-address", "txt", "address"])
def test_a_critical_layer_that_could_not_be_read_never_passes(file, probe):
    evidence = read_bundle(Path(__file__).resolve().parents[1] / "data" / "demo" / f"{file}.jsonl")
    silenced = [
        make_observation(
            probe=seen.probe, subject=seen.subject, outcome=Outcome.FAILED, reason="timeout", asked=seen.asked
        )
        if seen.probe == probe
        else seen
        for seen in evidence.observations
    ]
    found = replace(evidence, observations=in_order(silenced))
    result = audit(found, results.CATALOGUE(), results.RULEBOOK(), load_policy())
    for severity in Severity:
        assert decide(result, GateTerms(fail_on=severity)).decision is not Decision.PASSED
