"""What holds of the gate whatever is thrown at it."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from sovscan.gate import Decision, GateTerms, decide
from sovscan.gate.baseline import make_baseline
from sovscan.gate.policy import Condition, PolicyRule, Then
from sovscan.gate.waivers import Match, Waiver
from sovscan.model.dependency import Confidence, Layer
from sovscan.model.exposure import Level
from sovscan.model.finding import Severity, Verdict
from sovscan.model.gate import Standing
from tests.sample_audit import D, town_hall

AUDIT = town_hall()
GRAVITY = (Decision.PASSED, Decision.INCONCLUSIVE, Decision.FAILED)
TELLING = (Verdict.EXPOSED, Verdict.UNKNOWN, Verdict.TO_CONFIRM)

audits = st.lists(
    st.tuples(
        st.sampled_from(AUDIT.findings),
        st.sampled_from(Verdict),
        st.sampled_from(Severity),
        st.sampled_from(Confidence),
    ),
    max_size=6,
).map(
    lambda rows: replace(
        AUDIT,
        findings=tuple(
            replace(finding, id=f"{number:016x}", verdict=verdict, severity=severity, confidence=confidence)
            for number, (finding, verdict, severity, confidence) in enumerate(rows)
        ),
    )
)
conditions = st.builds(
    Condition,
    layer=st.none() | st.sampled_from(Layer),
    level_at_least=st.none() | st.sampled_from(Level),
    law=st.none() | st.sampled_from(["us-cloud-act", "ca-production-order"]),
    provider=st.none() | st.sampled_from(["microsoft", "ovh", "proofpoint", "amazon"]),
    confidence=st.none() | st.sampled_from(Confidence),
)
rules = st.builds(PolicyRule, when=conditions, then=st.sampled_from(Then), reason=st.just("x"), where=st.just("f:1:1"))
waivers = st.builds(
    Waiver,
    rule=st.sampled_from(["policy", *sorted({finding.rule for finding in AUDIT.findings})]),
    match=st.sampled_from([Match(domain=D), Match(provider="microsoft"), Match(domain="elsewhere.example")]),
    reason=st.just("Accepted for now"),
    owner=st.just("DSI"),
    expires=st.sampled_from(["2026-01-01", "2027-01-01"]),
    ticket=st.none(),
    where=st.integers(1, 9).map(lambda line: f"w:{line}:1"),
)
thresholds = st.builds(
    GateTerms, fail_on=st.none() | st.sampled_from(Severity), min_confidence=st.sampled_from(Confidence)
)
gravity = GRAVITY.index


@settings(max_examples=200, deadline=None)
@given(audits, thresholds, st.lists(rules, max_size=4), st.lists(waivers, max_size=3))
def test_a_pass_leaves_nothing_open_or_exposed_at_the_threshold_that_nobody_accepted(audit, terms, policy, accepted):
    result = decide(audit, replace(terms, policy=tuple(policy), waivers=tuple(accepted)))
    if result.decision is not Decision.PASSED or terms.fail_on is None:
        return
    for finding, ruling in zip(audit.findings, result.rulings, strict=True):
        assert ruling.finding == finding.id
        if finding.verdict in TELLING and finding.severity.rank >= terms.fail_on.rank:
            assert ruling.standing in {Standing.WAIVED, Standing.ALLOWED}


@settings(max_examples=200, deadline=None)
@given(audits, thresholds, st.lists(rules, max_size=4), st.lists(waivers, max_size=3))
def test_a_file_nobody_named_never_opens_the_gate_further(audit, terms, policy, untrusted):
    tightening = tuple(rule for rule in policy if rule.then is Then.FAIL)
    without = decide(audit, terms)
    found = decide(audit, replace(terms, policy=tightening, untrusted=tuple(untrusted)))
    assert gravity(found.decision) >= gravity(without.decision)


@settings(max_examples=200, deadline=None)
@given(audits, thresholds, st.lists(waivers, min_size=1, max_size=3))
def test_a_waiver_that_expired_never_helps(audit, terms, accepted):
    expired = tuple(replace(waiver, expires="2026-01-01") for waiver in accepted)
    assert gravity(decide(audit, replace(terms, waivers=expired)).decision) >= gravity(decide(audit, terms).decision)


@settings(max_examples=200, deadline=None)
@given(audits, audits, thresholds)
def test_an_audit_is_never_worse_than_itself_and_a_baseline_never_closes_the_gate(audit, other, terms):
    own = replace(terms, baseline=make_baseline(audit))
    assert decide(audit, own).decision is Decision.PASSED
    foreign = replace(terms, baseline=make_baseline(other))
    assert gravity(decide(audit, foreign).decision) <= gravity(decide(audit, terms).decision)


@settings(max_examples=200, deadline=None)
@given(audits, thresholds, thresholds)
def test_a_lower_threshold_never_opens_the_gate_further(audit, one, other):
    first, second = (term.fail_on.rank if term.fail_on else 9 for term in (one, other))
    strict, lenient = (one, other) if first <= second else (other, one)
    strict = replace(strict, min_confidence=lenient.min_confidence)
    assert gravity(decide(audit, strict).decision) >= gravity(decide(audit, lenient).decision)
