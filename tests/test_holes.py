"""What could not be read never turns into a good word: no new owner, no "own", nothing surer (PITFALLS O2, P37)."""

import functools
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovscan.attribute import attribute
from sovscan.audit import audit
from sovscan.catalogue.catalogue import Catalogue
from sovscan.files.bundled import listing, read
from sovscan.files.evidence_bundle import in_order, make_observation, read_evidence
from sovscan.gate import Decision, GateTerms, decide
from sovscan.model.audit import Audit
from sovscan.model.dependency import Confidence, Dependency, Layer
from sovscan.model.evidence import Evidence, Observation, Outcome
from sovscan.model.finding import Finding, Severity, Verdict
from sovscan.model.score import Grade, Score
from sovscan.score.policy import load_policy
from tests import results
from tests.evidence_builder import AS_OF, Scene, catalogue, of, offer, provider, sign
from tests.test_attribution_mail import MARKET

DEMONSTRATIONS = [path[-1] for path in listing("data", "demo", suffix=".jsonl")]
D = "valmont.example"


@functools.cache
def demonstration(name: str) -> Evidence:
    """The recorded evidence in that file."""
    return read_evidence(read("data", "demo", name), name)


def failed(seen: Observation) -> Observation:
    return make_observation(
        probe=seen.probe, subject=seen.subject, outcome=Outcome.FAILED, reason="servfail", asked=seen.asked
    )


def without(evidence: Evidence, lost: Callable[[Observation], bool]) -> Evidence:
    return replace(
        evidence, observations=in_order(failed(seen) if lost(seen) else seen for seen in evidence.observations)
    )


def claims(found: tuple[Dependency, ...]) -> dict[tuple[str, ...], int]:
    """Who is named for what, better than as a guess, and how sure; an unlisted mail operator by its host's name."""
    said: dict[tuple[str, ...], int] = {}
    for each in found:
        if each.attribution.confidence is Confidence.WEAK:
            continue
        who = each.attribution.provider or ("self" if each.attribution.operator_self else "")
        role = ""
        if each.layer is Layer.MAIL_IN:
            who = who or f"operator of {each.subject}"
            role = "gateway" if each.role == "gateway" else "mailbox"
        if who:
            key = (each.layer.value, role, each.domain, who)
            said[key] = max(said.get(key, 0), each.attribution.confidence.rank)
    return said


def surer_or_new(evidence: Evidence, less: Evidence, known: Catalogue) -> dict[tuple[str, ...], int]:
    """What the evidence with holes claims, and the whole evidence does not claim as surely."""
    whole = claims(attribute(evidence, known, AS_OF))
    return {key: rank for key, rank in claims(attribute(less, known, AS_OF)).items() if whole.get(key, 0) < rank}


def own() -> Scene:
    return Scene().mx(f"mail.{D}").mx_address(f"mail.{D}", "198.51.100.7").network("198.51.100.7", "AS64500 Hexahost")


def hosted() -> Scene:
    return Scene().mx("in.mx.hexahost.test").absent("mx-address", "in.mx.hexahost.test", "A")


def filtered() -> Scene:
    return Scene().mx("a.grating.test")


SCENES = {
    "own host, suite twice proven": own().autodiscover("autodiscover.skyworks.test").dkim("s1", "x.keys.skyworks.test"),
    "own host, suite by set-up, policy and token": own()
    .autodiscover("autodiscover.skyworks.test")
    .txt("SKY=1", "v=spf1 include:spf.skyworks.test -all"),
    "own host, suite by policy and token only": own().txt("SKY=1", "v=spf1 include:spf.skyworks.test -all"),
    "own host, suite through an own include": own()
    .txt("SKY=1", f"v=spf1 include:_spf.{D} -all")
    .spf(f"_spf.{D}", "v=spf1 include:spf.skyworks.test -all")
    .autodiscover("autodiscover.skyworks.test"),
    "own host that a wildcard answers for": own().answer("wildcard", f"*.{D}", "A", "198.51.100.7"),
    "own host in a suite's block": Scene()
    .mx(f"mail.{D}")
    .mx_address(f"mail.{D}", "192.0.2.5")
    .network("192.0.2.5", "AS64510 Skyworks"),
    "own name, alias into a gateway": Scene()
    .mx(f"mail.{D}")
    .mx_address(f"mail.{D}", "198.51.100.7", chain=f"mail.{D} > a.grating.test")
    .network("198.51.100.7", "AS64500 Hexahost")
    .autodiscover("autodiscover.skyworks.test"),
    "mail host, suite by signature alone": hosted().dkim("s1", "x.keys.skyworks.test"),
    "mail host, suite by signature and policy": hosted()
    .dkim("s1", "x.keys.skyworks.test")
    .txt("v=spf1 include:spf.skyworks.test -all"),
    "mail host, suite by set-up, tenant and token": hosted()
    .autodiscover("autodiscover.skyworks.test")
    .answer("tenant", D, "GET", "Managed")
    .txt("SKY=1", "v=spf1 include:spf.hexahost.test -all"),
    "mail host, set-up by SRV into the suite": hosted()
    .answer("srv", f"_imaps._tcp.{D}", "SRV", "0 1 993 autodiscover.skyworks.test")
    .host("webmail", "198.51.100.9", end="autodiscover.skyworks.test"),
    "gateway, suite by policy and token": filtered().txt("SKY=1", "v=spf1 include:spf.skyworks.test -all"),
    "gateway, mail host by policy and set-up": filtered()
    .txt("v=spf1 include:spf.hexahost.test -all")
    .answer("srv", f"_imaps._tcp.{D}", "SRV", "0 1 993 in.mx.hexahost.test"),
    "split between a mail host and an own host": Scene()
    .mx("10 in.mx.hexahost.test", f"20 mail.{D}")
    .mx_address(f"mail.{D}", "198.51.100.7")
    .network("198.51.100.7", "AS64501 Nimbus")
    .dkim("s1", "x.keys.skyworks.test"),
}  # fmt: skip


@pytest.mark.parametrize("name", SCENES)
def test_whichever_answers_are_missing_nobody_else_is_named_and_nobody_surer(name):
    evidence = SCENES[name].evidence()
    assert len(evidence.observations) <= 9
    for lost in product((False, True), repeat=len(evidence.observations)):
        ids = {seen.id for seen, gone in zip(evidence.observations, lost, strict=True) if gone}
        less = without(evidence, lambda seen, ids=ids: seen.id in ids)
        assert surer_or_new(evidence, less, MARKET) == {}, [
            seen.probe for seen in evidence.observations if seen.id in ids
        ]


@pytest.mark.parametrize("name", DEMONSTRATIONS)
def test_whatever_probe_fails_nobody_new_is_named_and_nobody_surer(name):
    evidence = demonstration(name)
    for probe in sorted({each.probe for each in evidence.observations}):
        less = without(evidence, lambda seen, probe=probe: seen.probe == probe)
        assert surer_or_new(evidence, less, results.CATALOGUE()) == {}, probe


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(DEMONSTRATIONS), st.sampled_from((0.02, 0.1, 0.4)), st.randoms(use_true_random=False))
def test_whatever_single_answers_are_missing_nobody_new_is_named_and_nobody_surer(name, share, chance):
    evidence = demonstration(name)
    ids = {seen.id for seen in evidence.observations if chance.random() < share}
    assert surer_or_new(evidence, without(evidence, lambda seen: seen.id in ids), results.CATALOGUE()) == {}


@pytest.mark.parametrize("name", DEMONSTRATIONS)
def test_when_everything_fails_nothing_is_named(name):
    evidence = demonstration(name)
    blind = attribute(without(evidence, lambda _: True), results.CATALOGUE(), AS_OF)
    assert {layer for layer, *_ in claims(blind)} <= {"registry"}


def mailbox(scene: Scene) -> Dependency:
    (box,) = of(scene.attribute(MARKET), "mail_in", "mailbox")
    return box


@pytest.mark.parametrize(
    ("probe", "subject", "rrtype"),
    [
        ("autodiscover", f"autodiscover.{D}", "A"),
        ("dkim", f"selector1._domainkey.{D}", "TXT"),
        ("srv", f"_imaps._tcp.{D}", "SRV"),
        ("txt", D, "TXT"),
        ("mx-address", f"mail.{D}", "AAAA"),
        ("wildcard", f"*.{D}", "A"),
    ],
)
def test_an_own_mail_host_is_less_sure_while_a_look_through_is_unread_and_says_what_to_ask_again(
    probe, subject, rrtype
):
    assert mailbox(own()).attribution.confidence is Confidence.PROBABLE
    box = mailbox(own().failed(probe, subject, rrtype, "timeout"))
    assert box.attribution.confidence is Confidence.WEAK
    assert "evidence-unread" in box.flags
    assert f"{subject} {rrtype}" in box.attribution.settle.en


def test_own_is_not_said_of_a_host_whose_addresses_or_wildcard_are_unread():
    assert mailbox(own()).attribution.operator_self
    assert not mailbox(own().failed("wildcard", f"*.{D}", "A")).attribution.operator_self
    assert not mailbox(own().failed("mx-address", f"mail.{D}", "AAAA")).attribution.operator_self


def test_a_hole_that_could_at_most_contest_the_mailbox_costs_one_step():
    scene = hosted().autodiscover("in.mx.hexahost.test")
    scene.failed("srv", f"_imaps._tcp.{D}", "SRV").failed("mta-sts", f"_mta-sts.{D}", "TXT")
    assert mailbox(hosted()).attribution.confidence is Confidence.CONFIRMED
    assert mailbox(scene).attribution.confidence is Confidence.CONFIRMED
    assert mailbox(hosted().failed("txt", D, "TXT")).attribution.confidence is Confidence.CONFIRMED
    scene = hosted().failed("txt", D, "TXT").failed("tenant", D, "GET")
    assert mailbox(scene).attribution.confidence is Confidence.PROBABLE


def test_a_hole_that_nothing_could_hang_on_leaves_the_mailbox_as_sure_as_it_was():
    suite = Scene().mx("valmont-example.mail.skyworks.test").failed("dkim", f"selector1._domainkey.{D}", "TXT")
    assert mailbox(suite).attribution.confidence is Confidence.CONFIRMED
    assert "evidence-unread" not in mailbox(suite).flags


def test_a_suppliers_record_that_is_unread_could_at_most_add_a_sender():
    scene = own().txt("v=spf1 include:spf.other.test -all").failed("spf", "spf.other.test", "TXT")
    assert mailbox(scene).attribution.confidence is Confidence.PROBABLE


def test_a_policy_broken_by_void_look_ups_speaks_against_nobody():
    text = "v=spf1 a:one.test a:two.test a:three.test -all"
    scene = own().autodiscover("autodiscover.skyworks.test").txt("SKY=1", text)
    whole = of(scene.attribute(MARKET), "mail_in", "mailbox")
    for host in ("one.test", "two.test", "three.test"):
        scene.absent("spf", host, "A")
    broken = of(scene.attribute(MARKET), "mail_in", "mailbox")
    assert [signal.kind for signal in whole[0].attribution.against].count("spf") == 0
    assert "conflict" not in whole[0].flags
    assert "conflict" in broken[0].flags, "RFC 7208, 4.6.4: receivers must not apply it, so its silence says nothing"


def test_a_name_server_that_could_not_be_looked_up_is_no_independent_second_operator():
    def servers(scene: Scene) -> set[str]:
        return {each.role for each in of(scene.attribute(MARKET), "dns")}

    scene = Scene().answer("ns", D, "NS", "ns1.first.test", "ns2.second.test")
    scene.answer("ns-address", "ns1.first.test", "A", "198.51.100.7").network("198.51.100.7", "AS64500 Hexahost")
    assert servers(scene.absent("ns-address", "ns2.second.test", "A")) == {"shared"}
    scene.seen.pop()
    assert servers(scene.failed("ns-address", "ns2.second.test", "A")) == {"sole"}


def test_an_origin_on_a_network_that_also_runs_a_proxy_is_less_sure_while_the_page_is_unread():
    both = provider(
        "bothways", "US",
        offer("bothways-servers", "hosting.origin", sign("asn", "64502")),
        offer("bothways-front", "cdn.proxy", sign("asn", "64502"), sign("header", "x-bothways:")),
    )  # fmt: skip

    def origin(scene: Scene) -> Dependency:
        (found,) = of(scene.attribute(catalogue(both)), "hosting", "origin")
        return found

    site = Scene().address("198.51.100.8").network("198.51.100.8", "AS64502 Bothways")
    assert origin(site).attribution.confidence is Confidence.PROBABLE
    front = origin(site.failed("web", f"https://{D}/", "GET", "timeout"))
    assert front.attribution.confidence is Confidence.WEAK
    assert front.flags == ("evidence-unread",)


TERMS = (
    *(GateTerms(fail_on=severity) for severity in Severity),
    *(GateTerms(fail_on=None, min_grade=Grade(grade)) for grade in "ABCDE"),
    *(GateTerms(fail_on=None, fail_under=limit) for limit in range(5, 100, 5)),
)


@functools.cache
def stands_whole(name: str) -> tuple[Score, list[bool]]:
    """The same of a demonstration that was read completely."""
    return stands(demonstration(name))


def stands(evidence: Evidence) -> tuple[Score, list[bool]]:
    """The score, and which of the terms the gate lets pass."""
    result = audit(evidence, results.CATALOGUE(), results.RULEBOOK(), load_policy(), as_of=AS_OF)
    return result.score, [decide(result, terms).decision is Decision.PASSED for terms in TERMS]


def check_that_silence_gains_nothing(whole: tuple[Score, list[bool]], less: Evidence) -> None:
    score, passed = stands(less)
    assert score.worst <= whole[0].worst + 1e-9
    assert score.best >= whole[0].value - 1e-9
    assert not [terms for terms, before, now in zip(TERMS, whole[1], passed, strict=True) if now and not before]


@pytest.mark.parametrize("name", DEMONSTRATIONS)
def test_no_probe_that_fails_betters_the_worst_reading_or_the_gate(name):
    evidence = demonstration(name)
    whole = stands_whole(name)
    for probe in sorted({each.probe for each in evidence.observations}):
        check_that_silence_gains_nothing(whole, without(evidence, lambda seen, probe=probe: seen.probe == probe))


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(DEMONSTRATIONS), st.sampled_from((0.02, 0.1, 0.4)), st.randoms(use_true_random=False))
def test_no_answers_that_are_missing_better_the_worst_reading_or_the_gate(name, share, chance):
    evidence = demonstration(name)
    ids = {seen.id for seen in evidence.observations if chance.random() < share}
    check_that_silence_gains_nothing(stands_whole(name), without(evidence, lambda seen: seen.id in ids))


def test_the_headline_counts_what_was_seen_and_only_the_worst_reading_what_may_stand_behind_silence():
    """METHOD 7.3 itself gives 82.9 where the MX was not read and 73.5 where it named a US provider."""
    name = "atelier-kerlann.jsonl"
    evidence = demonstration(name)
    score, _ = stands(without(evidence, lambda seen: seen.subject == "crm.kerlann-demo.fr"))
    whole, _ = stands_whole(name)
    assert (score.value, score.best, score.coverage) == (whole.value, whole.best, whole.coverage)
    assert score.worst < whole.worst - 5


@pytest.mark.parametrize("name", [*SCENES, *DEMONSTRATIONS])
def test_whatever_is_weak_disputed_or_read_in_two_ways_says_what_would_settle_it(name):
    if name in SCENES:
        found = SCENES[name].attribute(MARKET)
    else:
        found = attribute(demonstration(name), results.CATALOGUE(), AS_OF)
    for each in found:
        held = each.attribution
        contested = held.runner_up is not None and held.confidence is not Confidence.CONFIRMED
        if held.confidence is Confidence.WEAK or contested or "disputed" in each.flags:
            assert held.settle is not None, each.id
            assert held.settle.fr.strip()
            assert held.settle.en.strip()


_OPEN = (Verdict.EXPOSED, Verdict.TO_CONFIRM, Verdict.UNKNOWN)


def open_findings(result: Audit) -> dict[str, Finding]:
    return {found.id: found for found in result.findings if found.verdict in _OPEN}


@pytest.mark.parametrize("name", ["agence-des-communs.jsonl", "atelier-kerlann.jsonl", "mairie-valombreuse.jsonl"])
def test_whichever_answer_is_missing_a_finding_that_goes_leaves_one_as_severe(name):
    known, rulebook, policy = results.CATALOGUE(), results.RULEBOOK(), load_policy()
    evidence = demonstration(name)
    whole = open_findings(audit(evidence, known, rulebook, policy, as_of=AS_OF))
    for lost in evidence.observations:
        if lost.outcome is not Outcome.ANSWERED:
            continue
        less = without(evidence, lambda seen, lost=lost: seen.id == lost.id)
        left = open_findings(audit(less, known, rulebook, policy, as_of=AS_OF))
        new = [found.severity.rank for ident, found in left.items() if ident not in whole]
        gone = [found for ident, found in whole.items() if ident not in left]
        assert [found.rule for found in gone if found.severity.rank > max(new, default=-1)] == [], lost.subject
