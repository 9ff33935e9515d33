"""What an organisation writes down for its gate. Neither policy, waiver nor baseline turns an unknown into a pass."""

import re
from dataclasses import replace

import pytest

from sovscan.cli.gate_lines import gate_lines
from sovscan.files.strict_yaml import YamlError, load
from sovscan.gate import Decision, GateTerms, decide
from sovscan.gate.baseline import BaselineError, make_baseline, prune, read_baseline, write_baseline
from sovscan.gate.decision import ASIDE_FLAG
from sovscan.gate.policy import read_policy
from sovscan.gate.waivers import read_waivers
from sovscan.model.dependency import Confidence
from sovscan.model.finding import Severity, Verdict
from sovscan.model.gate import Standing
from sovscan.model.score import Grade
from sovscan.score.policy import load_policy
from tests.sample_audit import AS_OF, european, half_silent, town_hall

QUIET = GateTerms(fail_on=None)


def policy(*entries):
    text = "policy:\n" + "".join(f"  - {entry}\n" for entry in entries)
    return read_policy(load(text.encode(), name="sovscan.yaml").mapping()["policy"])


def under(*entries, audit=None, **terms):
    return decide(audit or town_hall(), GateTerms(fail_on=None, policy=policy(*entries), **terms))


def waivers(*entries, today=AS_OF):
    text = "waivers:\n" + "".join(f"  - {entry}\n" for entry in entries)
    return read_waivers(text.encode(), "sovscan-waivers.yaml", today)


def waiver(rule="inbound-mail-us-controlled", match="{domain: valmont.example}", expires="2027-01-31", **more):
    extra = "".join(f", {key}: {value}" for key, value in more.items())
    return f"{{rule: {rule}, match: {match}, reason: Contract ends in spring, owner: DSI, expires: {expires}{extra}}}"


def excused(*entries, audit=None, **terms):
    return decide(audit or town_hall(), GateTerms(waivers=waivers(*entries), **terms), load_policy())


# --- policy ---------------------------------------------------------------------------------------------------------


def test_a_denied_provider_fails_whatever_the_severity():
    result = under("{when: {provider: google, layer: web3p}, then: fail, reason: No trackers}")
    assert result.decision is Decision.FAILED
    assert {reason.what for reason in result.reasons} == {"policy"}
    assert [reason.why for reason in result.reasons] == ["No trackers"] * 3


def test_a_level_and_those_worse_on_the_ladder_fail():
    result = under("{when: {layer: identity, level_at_least: HOSTED_ON}, then: fail, reason: Identity stays here}")
    assert [reason.dependency for reason in result.reasons] == ["identity/tenant/valmont.example/microsoft"]
    assert under(
        "{when: {layer: identity, level_at_least: DIRECT}, then: fail, reason: x}"
    ).decision is Decision.PASSED  # fmt: skip


def test_a_law_fails_what_it_reaches():
    result = under("{when: {law: ca-production-order, layer: dns}, then: fail, reason: x}")
    assert [reason.dependency for reason in result.reasons] == ["dns/operator/valmont.example/ovh"]


def test_the_first_rule_that_matches_wins():
    allow = "{when: {provider: google, layer: web3p}, then: allow, reason: Accepted by the board}"
    fail = "{when: {level_at_least: DIRECT, layer: web3p}, then: fail, reason: x}"
    assert under(allow, fail).decision is Decision.PASSED
    assert under(fail, allow).decision is Decision.FAILED


def test_an_allowed_dependency_leaves_the_gate_and_stays_in_the_report():
    result = decide(
        town_hall(),
        GateTerms(policy=policy("{when: {provider: microsoft}, then: allow, reason: Until the tender is over}")),
    )
    allowed = [ruling for ruling in result.rulings if ruling.standing is Standing.ALLOWED]
    assert {ruling.why for ruling in allowed} == {"Until the tender is over"}
    assert result.decision is Decision.FAILED, "the gateway of another provider still counts"


def test_what_a_level_rule_cannot_decide_is_inconclusive_and_never_passes():
    result = under("{when: {layer: hosting, level_at_least: DIRECT}, then: fail, reason: x}")
    assert result.decision is Decision.INCONCLUSIVE
    assert [reason.dependency for reason in result.reasons] == ["hosting/secondary/extranet.valmont.example/unknown"]


def test_an_unidentified_operator_could_be_the_denied_one():
    result = under("{when: {layer: hosting, provider: amazon}, then: fail, reason: x}")
    assert result.decision is Decision.INCONCLUSIVE


def test_a_doubt_about_a_strict_rule_is_not_settled_by_a_lenient_one_below():
    result = under(
        "{when: {layer: hosting, level_at_least: DIRECT}, then: fail, reason: x}",
        "{when: {layer: hosting, level_at_least: NONE, confidence: weak}, then: allow, reason: x}",
    )
    assert result.decision is Decision.INCONCLUSIVE


def test_a_weak_attribution_earns_no_permission_and_proves_no_fault():
    allow = "{when: {provider: sendgrid}, then: allow, reason: x}"
    fail = "{when: {provider: sendgrid}, then: fail, reason: x}"
    sure = "{when: {provider: sendgrid, confidence: weak}, then: fail, reason: x}"
    assert under(fail).decision is Decision.INCONCLUSIVE
    assert under(allow, fail).decision is Decision.INCONCLUSIVE
    assert under(sure).decision is Decision.FAILED


def test_a_service_run_by_somebody_on_a_denied_network_is_denied_but_a_permission_is_for_the_operator():
    audit = town_hall()
    first, *others = audit.dependencies
    moved = replace(first, host=replace(first.host, provider="amazon"))
    audit = replace(audit, dependencies=(moved, *others))
    assert under("{when: {layer: mail_in, provider: amazon}, then: fail, reason: x}", audit=audit).decision is (
        Decision.FAILED
    )
    allow = "{when: {layer: mail_in, provider: amazon}, then: allow, reason: x}"
    assert decide(audit, GateTerms(policy=policy(allow))).standing(audit.findings[0].id) is Standing.FAILS


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{when: {}, then: fail, reason: x}", "empty condition"),
        ("{when: {layre: dns}, then: fail, reason: x}", "unknown key 'layre'"),
        ("{when: {layer: mail}, then: fail, reason: x}", "unknown layer 'mail'"),
        ("{when: {level_at_least: parent}, then: fail, reason: x}", "unknown level 'parent'"),
        ("{when: {layer: dns}, then: warn, reason: x}", "unknown outcome 'warn'"),
        ("{when: {layer: dns}, then: fail}", "missing key 'reason'"),
    ],
)
def test_a_policy_that_cannot_mean_anything_is_refused_with_its_place(entry, words):
    with pytest.raises(YamlError, match=words) as error:
        policy(entry)
    assert str(error.value).startswith("sovscan.yaml:2:")


# --- waivers --------------------------------------------------------------------------------------------------------


def test_a_waived_finding_leaves_the_gate_but_neither_the_report_nor_the_score():
    before = decide(town_hall(), GateTerms())
    result = excused(waiver(), waiver(rule="identity-us-controlled"))
    assert before.decision is Decision.FAILED
    assert len(result.rulings) == len(town_hall().findings)
    waived = [ruling for ruling in result.rulings if ruling.standing is Standing.WAIVED]
    assert len(waived) == 3
    assert waived[0].why == "Contract ends in spring (DSI, until 2027-01-31)"
    assert all(reason.finding not in {ruling.finding for ruling in waived} for reason in result.reasons)


def test_the_score_is_said_both_ways():
    result = excused(waiver(rule="identity-us-controlled"))
    unrated = excused(waiver(), audit=half_silent())
    assert result.score_with_waivers > town_hall().score.value
    assert result.grade_with_waivers is not None
    assert unrated.score_with_waivers is None


def test_a_dependency_with_a_finding_that_is_not_waived_keeps_its_exposure_in_the_second_score():
    audit = town_hall()
    other = replace(audit.findings[2], id="f" * 16, rule="identity-without-exit", severity=Severity.LOW)
    audit = replace(audit, findings=(*audit.findings, other))
    assert excused(waiver(rule="identity-us-controlled"), audit=audit).score_with_waivers is None


def test_an_expired_waiver_fails_whatever_the_severity_and_names_its_owner():
    expired = waiver(rule="fonts-from-third-party", expires="2026-11-19")
    for terms in (QUIET, GateTerms(fail_on=Severity.CRITICAL)):
        result = decide(town_hall(), replace(terms, waivers=waivers(expired)))
        assert result.decision is Decision.FAILED
        assert [reason.what for reason in result.reasons] == ["expired-waiver"]
        assert "by DSI expired on 2026-11-19" in result.reasons[0].detail


def test_a_waiver_holds_on_its_last_day():
    result = decide(town_hall(), replace(QUIET, waivers=waivers(waiver(expires=AS_OF))))
    assert result.decision is Decision.PASSED


def test_a_renewed_waiver_takes_the_place_of_an_expired_one():
    result = decide(town_hall(), replace(QUIET, waivers=waivers(waiver(expires="2026-01-01"), waiver())))
    assert result.decision is Decision.PASSED
    assert result.warnings == ()


def test_a_waiver_nobody_named_excuses_nothing_but_may_expire():
    valid = decide(town_hall(), GateTerms(untrusted=waivers(waiver())))
    assert valid.decision is Decision.FAILED
    assert Standing.WAIVED not in {ruling.standing for ruling in valid.rulings}
    expired = decide(town_hall(), replace(QUIET, untrusted=waivers(waiver(expires="2026-01-01"))))
    assert expired.decision is Decision.FAILED


def test_a_waiver_that_matches_nothing_is_a_warning():
    result = excused(waiver(match="{domain: elsewhere.example}"))
    assert len(result.warnings) == 1
    assert "domain elsewhere.example matches nothing" in result.warnings[0]


def test_an_unknown_may_be_waived_and_then_the_gate_passes():
    hole = "inbound-mail-us-controlled"
    audit = half_silent()
    assert decide(audit, GateTerms()).decision is Decision.INCONCLUSIVE
    assert excused(waiver(rule=hole), audit=audit).decision is Decision.PASSED


def test_what_the_policy_fails_is_waived_under_the_name_policy():
    rules = policy("{when: {provider: google, layer: web3p}, then: fail, reason: x}")
    allowed = waivers(waiver(rule="policy", match="{provider: google}"))
    assert decide(town_hall(), replace(QUIET, policy=rules, waivers=allowed)).decision is Decision.PASSED


@pytest.mark.parametrize(
    ("match", "covered"),
    [
        ("{domain: valmont.example}", True),
        ("{domain: ppe-hosted.com}", True),
        ("{domain: hosted.com}", False),
        ("{domain: mont.example}", False),
        ("{provider: proofpoint}", True),
        ("{provider: microsoft}", False),
        ("{domain: valmont.example, provider: microsoft}", False),
        ("{path: '**/main.tf'}", False),
        ("{purl: mx1-eu1.ppe-hosted.com}", True),
    ],
)
def test_what_a_waiver_covers(match, covered):
    audit = replace(town_hall(), findings=town_hall().findings[:1])
    result = excused(waiver(match=match), audit=audit)
    assert (result.decision is Decision.PASSED) is covered


@pytest.mark.parametrize(
    ("glob", "covered"),
    [
        ("infra/prod/main.tf", True),
        ("./infra/prod/main.tf", True),
        ("infra/**", True),
        ("**/main.tf", True),
        ("**/prod/**", True),
        ("infra/*/*.tf", True),
        ("infra/*", False),
        ("*.tf", False),
        ("prod/**", False),
        ("/".join(["**"] * 60), False),
    ],
)
def test_a_glob_stays_in_its_folder_unless_it_says_otherwise(glob, covered):
    finding = replace(town_hall().findings[0], theme="repository", location="infra/prod/main.tf:12", dependency=None)
    audit = replace(town_hall(), findings=(finding,))
    if set(glob) <= set("*/"):
        with pytest.raises(YamlError, match="whole repository"):
            waivers(waiver(match=f"{{path: '{glob}'}}"))
        return
    assert (excused(waiver(match=f"{{path: '{glob}'}}"), audit=audit).decision is Decision.PASSED) is covered


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (waiver(expires="2027-11-22"), "expires more than 366 days after 2026-11-20"),
        (waiver(expires="20270131"), "is no date"),
        (waiver(expires="soon"), "is no date"),
        (waiver(match="{}"), "matches everything"),
        (waiver(match="{domian: x.example}"), "unknown key 'domian'"),
        (waiver(match="{domain: a b}"), "sovscan-waivers.yaml:2"),
        (waiver().replace("Contract ends in spring", "later"), "at least 10 characters"),
        (waiver().replace(", owner: DSI", ""), "missing key 'owner'"),
        (waiver().replace("owner: DSI", "owner: ''"), "nobody owns this waiver"),
        (waiver().replace("owner: DSI", "owner: '  '"), "nobody owns this waiver"),
        (waiver(match="{domain: fr}"), "covers everybody's domains"),
        (waiver(match="{domain: gouv.fr}"), "covers everybody's domains"),
        (waiver(match="{domain: '*.town.example'}"), "without a wildcard"),
        (waiver(match="{path: '**/*.*'}"), "covers the whole repository"),
        (waiver(match="{path: '**/?*'}"), "covers the whole repository"),
        (waiver().replace(", expires: 2027-01-31", ""), "missing key 'expires'"),
        (waiver(until="never"), "unknown key 'until'"),
    ],
)
def test_a_waiver_without_reason_owner_or_end_is_refused(entry, words):
    with pytest.raises(YamlError) as refused:
        waivers(entry)
    assert words in f"{refused.value} {refused.value.help}"


# --- baseline -------------------------------------------------------------------------------------------------------


def known(audit=None, **changes):
    return replace(make_baseline(audit or town_hall()), **changes)


def test_known_findings_leave_the_gate_and_new_ones_do_not():
    audit = town_hall()
    first, *others = audit.findings
    assert decide(audit, GateTerms(baseline=known())).decision is Decision.PASSED
    older = known(replace(audit, findings=tuple(others)))
    result = decide(audit, GateTerms(baseline=older))
    assert [reason.finding for reason in result.reasons if reason.decision is Decision.FAILED] == [first.id]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"severity": Severity.MEDIUM}, {"severity": Severity.HIGH}),
        ({"confidence": Confidence.PROBABLE}, {"confidence": Confidence.CONFIRMED}),
        ({"verdict": Verdict.UNKNOWN}, {"verdict": Verdict.EXPOSED}),
        ({"verdict": Verdict.UNKNOWN}, {"verdict": Verdict.TO_CONFIRM}),
    ],
)
def test_what_got_worse_or_surer_counts_as_new(before, now):
    sample = town_hall().findings[0]
    older = replace(town_hall(), findings=(replace(sample, **before),))
    newer = replace(town_hall(), findings=(replace(sample, **now),))
    assert decide(newer, GateTerms(baseline=known(older))).decision is not Decision.PASSED
    assert decide(older, GateTerms(baseline=known(newer))).decision is Decision.PASSED


def test_something_clear_that_times_out_is_new_and_inconclusive():
    sample = replace(town_hall().findings[0], verdict=Verdict.CLEAR)
    older = known(replace(town_hall(), findings=(sample,)))
    newer = replace(town_hall(), findings=(replace(sample, verdict=Verdict.UNKNOWN),))
    assert decide(newer, GateTerms(baseline=older)).decision is Decision.INCONCLUSIVE


def test_an_expired_waiver_of_a_known_finding_still_fails():
    result = decide(town_hall(), replace(QUIET, baseline=known(), waivers=waivers(waiver(expires="2026-01-01"))))
    assert result.decision is Decision.FAILED


def test_the_file_is_sorted_reads_back_and_holds_no_place():
    baseline = known()
    content = write_baseline(baseline)
    assert read_baseline(content, "b.json") == baseline
    assert list(baseline.findings) == sorted(baseline.findings)
    assert b"valmont.example" not in content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "b.json"),
        (b"[]", "schema is None"),
        (b'{"schema": "sovscan-baseline/9"}', "sovscan-baseline/9"),
        (b'{"schema": "sovscan-baseline/2"}', "missing key"),
        (write_baseline(make_baseline(town_hall())).replace(b'"exposed"', b'"clear"'), "favourable"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused(content, words):
    with pytest.raises(BaselineError, match=words):
        read_baseline(content, "b.json")


def test_pruning_drops_what_is_gone_and_never_adds():
    audit = town_hall()
    first, *others = audit.findings
    pruned = prune(known(), replace(audit, findings=(*others, replace(first, id="0" * 16))))
    assert first.id not in pruned.findings
    assert "0" * 16 not in pruned.findings
    assert len(pruned.findings) == len(known().findings) - 1
    assert pruned.score == known().score


@pytest.mark.parametrize(
    ("score", "worst", "limit", "decision"),
    [
        (60.0, 50.0, 0, Decision.PASSED),
        (57.0, 47.0, 5, Decision.PASSED),
        (57.0, 47.0, 2, Decision.FAILED),
        (60.0, 40.0, 5, Decision.INCONCLUSIVE),
    ],
)
def test_a_loss_against_the_baseline(score, worst, limit, decision):
    audit = town_hall()
    audit = replace(audit, score=replace(audit.score, value=score, worst=worst))
    reference = known(score=60.0, worst=50.0, grade=Grade.C)
    assert decide(audit, replace(QUIET, max_regression=limit, reference=reference)).decision is decision


def test_no_score_no_comparison():
    reference = known(score=60.0)
    result = decide(half_silent(), replace(QUIET, max_regression=50, reference=reference))
    assert result.decision is Decision.INCONCLUSIVE


def test_a_baseline_of_another_catalogue_says_so():
    assert decide(town_hall(), GateTerms(baseline=known(catalogue="0" * 64))).warnings
    assert decide(town_hall(), GateTerms(baseline=known())).warnings == ()


# --- aside ----------------------------------------------------------------------------------------------------------


def test_what_only_tests_and_examples_use_is_reported_outside_the_gate():
    audit = town_hall()
    aside = tuple(replace(dependency, flags=(ASIDE_FLAG,)) for dependency in audit.dependencies)
    result = decide(replace(audit, dependencies=aside, findings=audit.findings[:3]), GateTerms())
    assert result.decision is Decision.PASSED
    assert {ruling.standing for ruling in result.rulings} == {Standing.ASIDE}


def test_a_european_body_passes():
    assert decide(european(), GateTerms()).decision is Decision.PASSED


def test_the_terminal_promises_no_points_where_no_score_is_given():
    rated = town_hall()
    told = "\n".join(gate_lines(rated, decide(rated, GateTerms()), 1))
    assert re.search(r"\+\d+\.\d points", told)
    unrated = replace(rated, score=replace(rated.score, grade=Grade.NR))
    assert " points" not in "\n".join(gate_lines(unrated, decide(unrated, GateTerms()), 3))
