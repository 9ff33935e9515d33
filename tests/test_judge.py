"""What the findings say of a dependency, a domain and the whole organisation."""

from dataclasses import replace

import pytest

from sovscan.files.evidence_bundle import make_observation
from sovscan.model.dependency import Confidence, Layer, Signal
from sovscan.model.evidence import Asked, Evidence, ObservationId, Outcome, Vantage
from sovscan.model.exposure import Inventory
from sovscan.model.finding import Verdict
from sovscan.model.provider import SignalKind, Strength
from sovscan.model.target import Target, TargetKind
from sovscan.probes.questions import with_outcome
from sovscan.rulebook.domain_facts import domain_facts, index
from sovscan.rulebook.exposure import expose
from sovscan.rulebook.judge import VERDICT_ORDER, fingerprint, judge
from sovscan.score import score
from sovscan.score.policy import load_policy
from tests import results
from tests.small_catalogue import catalogue, depends, link, offer, party, provider, secnumcloud

DAY = "2026-11-21"
DOMAIN = "mairie.example"
RULEBOOK = results.RULEBOOK()
POLICY = load_policy()
US = provider("usmail", "IE", control=[link("Top Inc.", "US")])
EU = provider("eumail", "FR")


def seen(probe, subject, rrtype, *values, outcome="answered", **detail):
    state = Outcome(outcome)
    return make_observation(
        probe=probe,
        subject=subject,
        outcome=state,
        reason=None if state is Outcome.ANSWERED else ("nxdomain" if state is Outcome.ABSENT else "timeout"),
        values=values,
        detail=detail,
        asked=Asked(name=subject, type=rrtype),
    )


def findings(*dependencies, providers=(), observations=(), failed=()):
    held = catalogue(*providers)
    items = tuple(expose(each, held, RULEBOOK, POLICY, DAY) for each in dependencies)
    scored = score(Inventory(items=items, failed=tuple(failed)), POLICY)
    evidence = Evidence(
        organisation="Mairie",
        targets=(Target(kind=TargetKind.DOMAIN, value=DOMAIN),),
        collected_at=f"{DAY}T08:00:00.000Z",
        vantage=Vantage(),
        observations=tuple(observations) or (seen("mx", DOMAIN, "MX", "10 mx.mairie.example"),),
    )
    return judge(dependencies, items, scored, evidence, held, RULEBOOK, DAY), scored


def verdicts(found):
    return {finding.rule: finding.verdict for finding in found}


def mailbox(who, **more):
    return depends(who, layer="mail_in", role="mailbox", subject="mx.mairie.example", **more)


def test_a_us_controlled_mailbox_is_exposed_and_a_european_one_clear():
    exposed, _ = findings(mailbox("usmail"), providers=[US])
    clear, _ = findings(mailbox("eumail"), providers=[EU])
    assert verdicts(exposed)["inbound-mail-us-controlled"] is Verdict.EXPOSED
    assert verdicts(clear)["inbound-mail-us-controlled"] is Verdict.CLEAR


def test_an_unidentified_mailbox_is_unknown_never_clear():
    found, _ = findings(mailbox(None))
    assert verdicts(found)["inbound-mail-us-controlled"] is Verdict.UNKNOWN
    assert verdicts(found)["mailbox-not-identified"] is Verdict.UNKNOWN
    one = next(each for each in found if each.rule == "inbound-mail-us-controlled")
    assert one.missing == ("nexus.us_control",)


def test_exposure_on_unsourced_ownership_is_to_confirm():
    found, _ = findings(mailbox("x"), providers=[provider("x", "US", sourced=False)])
    one = next(each for each in found if each.rule == "inbound-mail-us-controlled")
    assert (one.verdict, one.confidence) == (Verdict.TO_CONFIRM, Confidence.WEAK)


def test_an_unsourced_european_owner_clears_nothing():
    found, _ = findings(mailbox("x"), providers=[provider("x", sourced=False)])
    assert verdicts(found)["inbound-mail-us-controlled"] is Verdict.UNKNOWN
    assert verdicts(found)["ownership-unsourced"] is Verdict.UNKNOWN


def test_weak_confidence_keeps_exposed_and_says_so():
    found, _ = findings(mailbox("usmail", confidence="weak"), providers=[US])
    one = next(each for each in found if each.rule == "inbound-mail-us-controlled")
    assert (one.verdict, one.confidence) == (Verdict.EXPOSED, Confidence.WEAK)


def test_what_rests_on_a_weak_sign_alone_is_told_as_to_confirm_behind_what_is_sure():
    weak = depends("usmail", layer="identity", role="tenant", confidence="weak")
    found, _ = findings(weak, mailbox("usmail"), providers=[US])
    told = [(each.rule, each.told) for each in found if each.layer in (Layer.IDENTITY, Layer.MAIL_IN)]
    sure, doubted = ("inbound-mail-us-controlled", Verdict.EXPOSED), ("identity-us-controlled", Verdict.TO_CONFIRM)
    assert told.index(sure) < told.index(doubted)
    assert {each.told for each in found if each.confidence is not Confidence.WEAK} >= {Verdict.EXPOSED, Verdict.CLEAR}


def test_what_does_not_apply_is_left_out():
    found, _ = findings(mailbox("usmail"), providers=[US])
    assert "mail-gateway-foreign" not in verdicts(found)
    assert "hosting-us-controlled" not in verdicts(found)
    assert Verdict.NOT_APPLICABLE not in verdicts(found).values()


def test_every_finding_rests_on_an_observation_and_shows_the_facts_it_used():
    found, _ = findings(mailbox("usmail"), mailbox(None), depends("eumail"), providers=[US, EU])
    assert all(finding.because for finding in found)
    one = next(each for each in found if each.rule == "inbound-mail-us-controlled" and each.verdict is Verdict.EXPOSED)
    assert one.facts == {"dependency.role": "mailbox", "nexus.us_control": "true"}


def test_findings_show_the_points_their_dependency_loses_in_the_score():
    found, scored = findings(mailbox("usmail"), providers=[US])
    lost = sum(term.access + term.cutoff for term in scored.terms if term.dependency is not None)
    one = next(each for each in found if each.rule == "inbound-mail-us-controlled")
    assert one.points_lost == pytest.approx(lost)
    assert lost > 0


def test_findings_come_by_verdict_then_severity_then_points_then_id():
    found, _ = findings(
        mailbox("usmail"), depends("usmail"), depends("usmail", layer="dns", role="sole"), mailbox(None),
        providers=[US],
    )  # fmt: skip
    keys = [(VERDICT_ORDER.index(each.told), -each.severity.rank, -each.points_lost, each.id) for each in found]
    assert keys == sorted(keys)
    assert len({each.id for each in found}) == len(found)


def test_a_fingerprint_ignores_case_and_the_day():
    assert fingerprint("r", "mail_in:MX.Mairie.example", "p") == fingerprint("r", "mail_in:mx.mairie.example", "p")
    assert fingerprint("r", "mail_in:mx.mairie.example", "p") != fingerprint("r", "mail_in:mx.mairie.example", "q")


def test_a_gateway_that_hides_the_mailbox_is_a_finding_of_the_domain():
    gateway = depends("usmail", layer="mail_in", role="gateway", subject="mx.gate.example")
    behind = depends(layer="mail_in", role="mailbox", subject=DOMAIN, flags=["behind-gateway"])
    found, _ = findings(gateway, behind, providers=[US])
    one = next(each for each in found if each.rule == "mailbox-hidden-by-gateway")
    assert (one.verdict, one.location, one.dependency) == (Verdict.UNKNOWN, f"mail_in:{DOMAIN}", None)
    assert verdicts(found)["mail-gateway-foreign"] is Verdict.EXPOSED
    assert "mailbox-not-identified" not in verdicts(found), "said once, by the gateway's rule"


def test_a_mail_question_that_failed_leaves_the_domains_mail_rules_unknown():
    found, _ = findings(observations=[seen("mx", DOMAIN, "MX", outcome="failed")])
    assert verdicts(found)["mailbox-hidden-by-gateway"] is Verdict.UNKNOWN


def test_a_null_mx_has_no_mail_rule_exposed():
    found, _ = findings(observations=[seen("mx", DOMAIN, "MX", "0 .")])
    assert verdicts(found)["mailbox-hidden-by-gateway"] is Verdict.CLEAR


@pytest.mark.parametrize(
    ("observation", "expected"),
    [
        (seen("txt", DOMAIN, "TXT", "v=spf1 -all"), Verdict.CLEAR),
        (seen("txt", DOMAIN, "TXT", "v=spf1 -all", "v=spf1 ~all"), Verdict.EXPOSED),
        (seen("txt", DOMAIN, "TXT", outcome="absent"), Verdict.CLEAR),
        (seen("txt", DOMAIN, "TXT", outcome="failed"), Verdict.UNKNOWN),
    ],
    ids=["one policy", "two policies", "no policy", "no answer"],
)
def test_spf_in_permanent_error_is_exposed_only_where_it_was_read(observation, expected):
    found, _ = findings(observations=[observation])
    one = next(each for each in found if each.rule == "spf-permanent-error")
    assert one.verdict is expected
    assert one.because == (observation.id,)


def test_a_failed_layer_is_a_coverage_gap_resting_on_the_questions_that_failed():
    hole = seen("mx", DOMAIN, "MX", outcome="failed")
    found, _ = findings(observations=[hole], failed=[Layer.MAIL_IN])
    one = next(each for each in found if each.rule == "coverage-gap")
    assert (one.verdict, one.because) == (Verdict.UNKNOWN, (hole.id,))
    assert one.missing == ("organisation.layers_failed",), "ignorance is no exposure, and says what is missing"


def test_one_controller_on_mail_and_identity_is_a_critical_finding_of_the_organisation():
    tenant = depends("usmail", layer="identity", role="tenant", subject=DOMAIN)
    found, _ = findings(mailbox("usmail"), tenant, providers=[US])
    one = next(each for each in found if each.rule == "same-foreign-controller-mail-identity")
    assert (one.verdict, one.severity.value, one.layer) == (Verdict.EXPOSED, "critical", None)
    apart, _ = findings(mailbox("eumail"), tenant, providers=[US, EU])
    assert verdicts(apart)["same-foreign-controller-mail-identity"] is Verdict.CLEAR
    assert verdicts(apart)["tenant-without-mailbox"] is Verdict.EXPOSED


def test_an_identity_question_that_failed_keeps_the_combination_open():
    found, _ = findings(mailbox("usmail"), providers=[US], failed=[Layer.IDENTITY])
    assert verdicts(found)["same-foreign-controller-mail-identity"] is Verdict.UNKNOWN


def test_concentration_needs_half_of_the_points_and_three_layers():
    three = [mailbox("usmail"), depends("usmail", layer="identity", role="tenant"), depends("usmail")]
    found, _ = findings(*three, providers=[US])
    assert verdicts(found)["foreign-controller-concentration"] is Verdict.EXPOSED
    fewer, _ = findings(*three[:2], providers=[US])
    assert verdicts(fewer)["foreign-controller-concentration"] is Verdict.CLEAR


def test_mail_dns_and_name_under_one_hand_needs_all_three_without_a_fallback():
    three = [
        mailbox("usmail"),
        depends("usmail", layer="dns", role="sole"),
        depends("usmail", layer="registry", role="registry"),
    ]
    found, _ = findings(*three, providers=[US])
    assert verdicts(found)["mail-dns-name-under-one-hand"] is Verdict.EXPOSED
    second = depends("eumail", layer="dns", role="shared", subject="ns2.example")
    with_fallback, _ = findings(*three, second, providers=[US, EU])
    assert verdicts(with_fallback)["mail-dns-name-under-one-hand"] is Verdict.CLEAR


def test_a_combination_on_unsourced_ownership_is_to_confirm():
    unsure = provider("usmail", "US", sourced=False)
    tenant = depends("usmail", layer="identity", role="tenant", subject=DOMAIN)
    found, _ = findings(mailbox("usmail"), tenant, providers=[unsure])
    one = next(each for each in found if each.rule == "same-foreign-controller-mail-identity")
    assert (one.verdict, one.confidence) == (Verdict.TO_CONFIRM, Confidence.WEAK)


def test_self_run_mail_on_a_us_cloud_is_its_own_finding():
    own = depends(self_run=True, layer="mail_in", role="mailbox", host=party("aws"))
    found, _ = findings(own, providers=[provider("aws", "US")])
    assert verdicts(found)["self-run-mail-on-foreign-cloud"] is Verdict.EXPOSED
    assert verdicts(found)["inbound-mail-us-controlled"] is Verdict.CLEAR


@pytest.mark.parametrize("host", [None, "kept-secret"])
def test_self_run_mail_on_a_network_of_unknown_hands_is_not_cleared_of_foreign_ones(host):
    own = depends(self_run=True, layer="mail_in", role="mailbox", host=party(host))
    found, _ = findings(own, providers=[provider("kept-secret", "FR", sourced=False)])
    assert verdicts(found)["self-run-mail-on-foreign-cloud"] is Verdict.UNKNOWN
    assert verdicts(found)["inbound-mail-us-controlled"] is Verdict.CLEAR


def test_self_run_mail_on_an_identified_european_network_is_clear():
    own = depends(self_run=True, layer="mail_in", role="mailbox", host=party("telecom"))
    found, _ = findings(own, providers=[provider("telecom", "FR")])
    assert verdicts(found)["self-run-mail-on-foreign-cloud"] is Verdict.CLEAR


def test_a_european_mail_service_on_a_network_of_unknown_hands_is_not_cleared_of_foreign_ones():
    for host, expected in ((party(None), Verdict.UNKNOWN), (party("eumail"), Verdict.CLEAR)):
        found, _ = findings(mailbox("eumail", host=host), providers=[EU])
        assert verdicts(found)["inbound-mail-on-foreign-infrastructure"] is expected


@pytest.mark.parametrize(
    ("certification", "rule"),
    [
        (secnumcloud("2026-11-20"), "qualification-expired"),
        (secnumcloud("2026-11-30"), "qualification-ending-soon"),
        (secnumcloud(None), "qualification-record-unusable"),
        (secnumcloud(status="in_progress"), "qualification-in-progress"),
    ],
)
def test_a_qualification_claim_that_does_not_hold_is_a_finding(certification, rule):
    held = provider("snc", offers=[offer("it", certifications=[certification])])
    found, _ = findings(depends("snc", on="it"), providers=[held])
    assert verdicts(found)[rule] is Verdict.EXPOSED


def test_a_qualified_provider_used_through_another_offer_is_a_finding():
    held = provider("snc", offers=[offer("qualified", certifications=[secnumcloud()]), offer("plain")])
    found, _ = findings(depends("snc", on="plain"), providers=[held])
    assert verdicts(found)["qualification-on-another-offer"] is Verdict.EXPOSED


def test_evidence_that_contradicts_an_attribution_is_a_finding_of_its_own():
    other = Signal(
        kind=SignalKind.SPF, value="spf.other.example", strength=Strength.MEDIUM,
        observations=(ObservationId("o-00000000000000ff"),),
    )  # fmt: skip
    found, _ = findings(mailbox("eumail", against=[other]), providers=[EU])
    one = next(each for each in found if each.rule == "mail-evidence-contradictory")
    assert one.verdict is Verdict.UNKNOWN
    assert "o-00000000000000ff" in one.because


def test_the_order_of_dependencies_and_observations_changes_nothing():
    parts = [mailbox("usmail"), depends("eumail"), depends("usmail", layer="dns", role="sole")]
    observations = [seen("mx", DOMAIN, "MX", "10 a.example"), seen("txt", DOMAIN, "TXT", "v=spf1 -all")]
    one, _ = findings(*parts, providers=[US, EU], observations=observations)
    two, _ = findings(*reversed(parts), providers=[EU, US], observations=observations[::-1])
    assert one == two


def test_a_dependency_without_evidence_makes_no_finding():
    bare = mailbox("usmail")
    bare = replace(bare, attribution=replace(bare.attribution, signals=()))
    found, _ = findings(bare, providers=[US])
    assert not [each for each in found if each.dependency is not None]


def test_an_unsourced_establishment_does_not_cloud_a_sourced_owner():
    held = provider("scw", presence=["US"])
    held = replace(held, presence=tuple(replace(place, sources=()) for place in held.presence))
    found, _ = findings(depends("scw"), providers=[held])
    one = next(each for each in found if each.rule == "host-foreign-presence")
    assert (one.verdict, one.confidence) == (Verdict.TO_CONFIRM, Confidence.CONFIRMED)
    assert verdicts(found)["hosting-us-controlled"] is Verdict.CLEAR


def test_operators_of_name_servers_are_not_counted_where_none_was_seen():
    """Somebody answers for the name, or several do: that no server is published says nothing of their number."""
    nobody = depends(None, layer="dns", role="sole")
    mail = seen("mx", DOMAIN, "MX", "10 mx.mairie.example")
    found, _ = findings(nobody, observations=(mail, seen("ns", DOMAIN, "NS", outcome="absent")))
    assert verdicts(found)["dns-second-operator-missing"] is Verdict.UNKNOWN
    found, _ = findings(nobody, observations=(mail, seen("ns", DOMAIN, "NS", "ns1.keeper.example")))
    assert verdicts(found)["dns-second-operator-missing"] is Verdict.EXPOSED


def test_a_european_dns_operator_is_a_fallback_whatever_else_is_unknown():
    found, _ = findings(
        mailbox(None), depends("eumail", layer="dns", role="sole"),
        depends(layer="registry", role="registrar"), providers=[EU],
    )  # fmt: skip
    assert verdicts(found)["mail-dns-name-under-one-hand"] is Verdict.CLEAR


@pytest.mark.parametrize(
    ("dependencies", "failed", "expected"),
    [
        (["mail", "hosting"], (), Verdict.EXPOSED),
        (["mail"], (), Verdict.CLEAR),
        (["mail"], (Layer.HOSTING,), Verdict.UNKNOWN),
        ([], (Layer.HOSTING,), Verdict.CLEAR),
        ([], (Layer.HOSTING, Layer.MAIL_IN), Verdict.UNKNOWN),
    ],
)
def test_several_critical_layers_are_judged_by_what_they_still_may_be(dependencies, failed, expected):
    known = {"mail": mailbox("usmail"), "hosting": depends("usmail")}
    found, _ = findings(*(known[name] for name in dependencies), providers=[US], failed=failed)
    assert verdicts(found)["critical-layers-foreign"] is expected


def test_a_tenant_beside_mailboxes_that_nobody_can_name_stays_open():
    tenant = depends("usmail", layer="identity", role="tenant", subject=DOMAIN)
    found, _ = findings(mailbox(None), tenant, providers=[US])
    assert verdicts(found)["tenant-without-mailbox"] is Verdict.UNKNOWN


def test_a_qualified_offer_of_another_trade_says_nothing_about_this_one():
    held = provider("snc", offers=[
        offer("iaas", roles=("hosting.origin",), certifications=[secnumcloud()]),
        offer("box", roles=("mail_in.mailbox",)),
    ])  # fmt: skip
    found, _ = findings(mailbox("snc", on="box"), providers=[held])
    assert verdicts(found)["qualification-on-another-offer"] is Verdict.CLEAR


def test_what_an_unidentified_operator_leaves_open_is_said_once():
    found, _ = findings(depends(None))
    unknown = [each.rule for each in found if each.verdict is Verdict.UNKNOWN and each.dependency is not None]
    assert unknown == ["hosting-us-controlled", "hosting-not-identified"]
    assert verdicts(found)["hosting-not-identified"] is Verdict.UNKNOWN


def test_three_thousand_dependencies_are_judged_within_the_bound():
    import time

    providers = [provider(f"p{number}", "IE", control=[link(f"Top {number % 7}", "US")]) for number in range(200)]
    roles = (("mail_in", "mailbox"), ("hosting", "origin"), ("saas", "business"), ("web3p", "embed"), ("dns", "sole"))
    parts = [
        depends(f"p{number % 200}", layer=roles[number % 5][0], role=roles[number % 5][1], subject=f"h{number}.example")
        for number in range(3000)
    ]
    held = catalogue(*providers)
    items = tuple(expose(each, held, RULEBOOK, POLICY, DAY) for each in parts)
    scored = score(Inventory(items=items), POLICY)
    evidence = Evidence(organisation="x", targets=(), collected_at=f"{DAY}T08:00:00.000Z", vantage=Vantage())
    begun = time.process_time()
    found = judge(parts, items, scored, evidence, held, RULEBOOK, DAY)
    assert len(found) > 3000
    assert time.process_time() - begun < 1


def facts_of(*observations, domain=DOMAIN):
    return domain_facts(domain, (), index(observations), results.CATALOGUE()).facts


@pytest.mark.parametrize(
    ("observation", "fact", "value"),
    [
        (seen("mx", DOMAIN, "MX", "0 ."), "mail.null_mx", True),
        (seen("mx", DOMAIN, "MX", "0 ."), "mail.has_mx", False),
        (seen("mx", DOMAIN, "MX", outcome="absent"), "mail.has_mx", False),
        (seen("mx", DOMAIN, "MX", outcome="failed"), "mail.has_mx", None),
        (seen("dmarc", f"_dmarc.{DOMAIN}", "TXT", "v=DMARC1; p=Reject"), "mail.dmarc_policy", "reject"),
        (seen("dmarc", f"_dmarc.{DOMAIN}", "TXT", outcome="absent"), "mail.dmarc_policy", "absent"),
        (seen("dmarc", f"_dmarc.{DOMAIN}", "TXT", outcome="failed"), "mail.dmarc_policy", None),
        (seen("ds", DOMAIN, "DS", "12345 13 2 ab"), "mail.dnssec", True),
        (seen("ds", DOMAIN, "DS", outcome="absent"), "mail.dnssec", False),
        (seen("web", f"https://www.{DOMAIN}/", "GET", outcome="failed"), "web.reachable", False),
        (seen("web", f"https://www.{DOMAIN}/", "GET", outcome="absent"), "web.reachable", None),
        (
            seen("microsoft-names", f"enterpriseregistration.{DOMAIN}", "A", outcome="absent"),
            "domain.identity_read",
            True,
        ),
        (
            seen("microsoft-names", f"enterpriseregistration.{DOMAIN}", "A", outcome="failed"),
            "domain.identity_read",
            None,
        ),
        (seen("autodiscover", f"autodiscover.{DOMAIN}", "A", outcome="failed"), "domain.identity_read", None),
        (seen("autodiscover", f"_autodiscover._tcp.{DOMAIN}", "SRV", outcome="failed"), "domain.identity_read", None),
        (seen("host-names", f"sso.{DOMAIN}", "A", outcome="failed"), "domain.identity_read", None),
        (seen("dkim", f"selector1._domainkey.{DOMAIN}", "TXT", outcome="failed"), "domain.identity_read", None),
        (seen("mx", DOMAIN, "MX", "0 ."), "domain.identity_read", None),
        (seen("mx", DOMAIN, "MX", "0 ."), "domain.identity_asked", False),
        (seen("host-names", f"support.{DOMAIN}", "A", outcome="failed"), "domain.hosts_read", None),
        (seen("host-names", f"support.{DOMAIN}", "A", outcome="absent"), "domain.hosts_read", True),
        (seen("mx", DOMAIN, "MX", "0 ."), "domain.hosts_asked", False),
        (seen("dkim", f"k1._domainkey.{DOMAIN}", "TXT", outcome="failed"), "domain.senders_read", None),
        (seen("dmarc", f"_dmarc.{DOMAIN}", "TXT", outcome="failed"), "domain.senders_read", None),
        (seen("tls-rpt", f"_smtp._tls.{DOMAIN}", "TXT", outcome="failed"), "domain.senders_read", None),
        (seen("tls-rpt", f"_smtp._tls.{DOMAIN}", "TXT", outcome="absent"), "domain.senders_read", True),
        (seen("rdap-domain", DOMAIN, "RDAP", outcome="failed"), "domain.registrar_read", None),
        (seen("rdap-domain", DOMAIN, "RDAP", outcome="skipped"), "domain.registrar_asked", False),
        (seen("ns", DOMAIN, "NS", "ns1.example", disagreement="10.0.0.2:53"), "domain.resolvers_disagree", True),
    ],
)
def test_a_domains_facts_are_what_was_answered_and_never_what_failed(observation, fact, value):
    assert facts_of(observation).get(fact) == value


@pytest.mark.parametrize(
    "unrelated",
    [
        seen("host-names", f"vpn.{DOMAIN}", "A", outcome="failed"),
        seen("host-names", f"sso.other-{DOMAIN}", "A", outcome="failed"),
        seen("dkim", f"k1._domainkey.{DOMAIN}", "TXT", outcome="failed"),
        with_outcome(seen("host-names", f"sso.{DOMAIN}", "A", "192.0.2.1"), Outcome.FAILED, "wildcard"),
    ],
)
def test_a_silent_name_that_could_not_show_accounts_leaves_identity_read(unrelated):
    asked = seen("microsoft-names", f"enterpriseregistration.{DOMAIN}", "A", outcome="absent")
    assert facts_of(asked, unrelated)["domain.identity_read"] is True


def test_a_policy_that_is_included_and_unread_could_show_a_sender_unless_its_owner_is_known():
    def read(name):
        policy = seen("txt", DOMAIN, "TXT", f"v=spf1 include:{name} -all")
        return facts_of(policy, seen("spf", name, "TXT", outcome="failed")).get("domain.senders_read")

    assert read("spf.unheard-of.test") is None
    assert read("spf.protection.outlook.com") is True


def test_a_selector_shows_accounts_when_a_suite_of_the_catalogue_publishes_its_keys_there():
    assert results.CATALOGUE().suite_selectors == {"google", "selector1", "selector2"}


def test_a_subdomain_without_dmarc_follows_its_organisational_domain():
    below = f"rh.{DOMAIN}"
    found = facts_of(
        seen("dmarc", f"_dmarc.{below}", "TXT", outcome="absent"),
        seen("dmarc", f"_dmarc.{DOMAIN}", "TXT", "v=DMARC1; p=quarantine"),
        domain=below,
    )
    assert found["mail.dmarc_policy"] == "quarantine"
