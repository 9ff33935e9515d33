"""Which silence fails a layer, and which does not."""

from sovscan.files.evidence_bundle import in_order, make_observation
from sovscan.model.dependency import Layer
from sovscan.model.evidence import Asked, Evidence, Outcome, Vantage
from sovscan.model.exposure import Inventory, Level
from sovscan.model.score import Grade
from sovscan.model.target import Target, TargetKind
from sovscan.score import score
from sovscan.score.policy import load_policy
from sovscan.score.visibility import failed_layers, secondary_holes

POLICY = load_policy()
MAIN = Target(kind=TargetKind.DOMAIN, value="mairie.test")
OTHER = Target(kind=TargetKind.DOMAIN, value="musee.test", main=False)


def seen(probe, subject, kind, *values, outcome=None, reason=None):
    outcome = outcome or (Outcome.ANSWERED if values else Outcome.ABSENT)
    return make_observation(
        probe=probe,
        subject=subject,
        outcome=outcome,
        values=values,
        reason=reason,
        asked=Asked(name=subject, type=kind),
    )


def answers(domain):
    """Everything essential of a domain with one mail host."""
    host = f"mx.{domain}"
    return {
        "mx": seen("mx", domain, "MX", f"10 {host}"),
        "mx-a": seen("mx-address", host, "A", "192.0.2.1"),
        "mx-aaaa": seen("mx-address", host, "AAAA"),
        "txt": seen("txt", domain, "TXT", "v=spf1 -all"),
        "a": seen("address", domain, "A", "192.0.2.2"),
        "aaaa": seen("address", domain, "AAAA"),
        "www-a": seen("address", f"www.{domain}", "A", "192.0.2.2"),
        "www-aaaa": seen("address", f"www.{domain}", "AAAA"),
        "web": seen("web", f"https://www.{domain}/", "GET", "script https://cdn.test/a.js"),
        "ns": seen("ns", domain, "NS", "ns1.test"),
        "tls": seen("tls", f"www.{domain}", "TLS", "issuer"),
    }


def evidence(observations, *targets):
    return Evidence(
        organisation="Mairie",
        targets=targets or (MAIN,),
        collected_at="2026-11-21T10:00:00Z",
        vantage=Vantage(mode="recorded"),
        observations=in_order(observations),
    )


def without(name, *instead, domain="mairie.test"):
    kept = answers(domain)
    del kept[name]
    return evidence([*kept.values(), *instead])


def test_nothing_fails_when_every_essential_question_was_answered():
    assert failed_layers(evidence(answers("mairie.test").values()), POLICY) == ()


def test_an_absence_is_an_answer():
    """NODATA and NXDOMAIN are facts: no MX, no TXT, no name server record, no site."""
    facts = [
        seen("mx", "mairie.test", "MX", reason="nodata"),
        seen("txt", "mairie.test", "TXT", reason="nodata"),
        seen("ns", "mairie.test", "NS", reason="nodata"),
        seen("address", "mairie.test", "A", reason="nodata"),
        seen("address", "mairie.test", "AAAA", reason="nodata"),
        seen("web", "https://www.mairie.test/", "GET", reason="no-address"),
        seen("tls", "www.mairie.test", "TLS", reason="no-address"),
    ]
    assert failed_layers(evidence(facts), POLICY) == ()


def test_a_null_mx_names_no_host_whose_address_could_be_missing():
    kept = answers("mairie.test")
    for name in ("mx", "mx-a", "mx-aaaa"):
        del kept[name]
    null_mx = seen("mx", "mairie.test", "MX", "0 .")
    assert failed_layers(evidence([*kept.values(), null_mx]), POLICY) == ()


def test_a_time_out_of_the_mx_question_fails_inbound_mail_alone():
    lost = seen("mx", "mairie.test", "MX", outcome=Outcome.FAILED, reason="timeout")
    assert failed_layers(without("mx", lost), POLICY) == (Layer.MAIL_IN,)


def test_a_mail_host_whose_address_did_not_come_fails_inbound_mail():
    lost = seen("mx-address", "mx.mairie.test", "AAAA", outcome=Outcome.FAILED, reason="servfail")
    assert failed_layers(without("mx-aaaa", lost), POLICY) == (Layer.MAIL_IN,)


def test_a_question_never_asked_is_a_hole():
    assert failed_layers(without("mx-aaaa"), POLICY) == (Layer.MAIL_IN,)
    assert failed_layers(without("ns"), POLICY) == (Layer.DNS,)


def test_a_skipped_question_is_a_hole():
    skipped = seen("tls", "www.mairie.test", "TLS", outcome=Outcome.SKIPPED, reason="offline")
    assert failed_layers(without("tls", skipped), POLICY) == (Layer.CA,)


def test_the_text_records_of_the_domain_carry_three_layers():
    lost = seen("txt", "mairie.test", "TXT", outcome=Outcome.FAILED, reason="refused")
    assert failed_layers(without("txt", lost), POLICY) == (Layer.IDENTITY, Layer.MAIL_OUT, Layer.SAAS)


def test_the_addresses_of_the_site_carry_hosting_and_cdn():
    lost = seen("address", "www.mairie.test", "A", outcome=Outcome.FAILED, reason="timeout")
    assert failed_layers(without("www-a", lost), POLICY) == (Layer.CDN, Layer.HOSTING)


def test_the_main_page_may_be_seen_under_either_name():
    other = seen("web", "https://mairie.test/", "GET", outcome=Outcome.FAILED, reason="timeout")
    assert failed_layers(evidence([*answers("mairie.test").values(), other]), POLICY) == ()
    assert failed_layers(without("web", other), POLICY) == (Layer.WEB3P,)


def test_a_site_without_address_under_one_name_is_no_excuse_for_silence_under_the_other():
    absent = seen("web", "https://www.mairie.test/", "GET", reason="no-address")
    lost = seen("web", "https://mairie.test/", "GET", outcome=Outcome.FAILED, reason="timeout")
    assert failed_layers(without("web", absent, lost), POLICY) == (Layer.WEB3P,)


def test_another_site_is_not_the_main_page():
    elsewhere = seen("web", "https://mairie.test.example/", "GET", "script https://x.test/")
    assert failed_layers(without("web", elsewhere), POLICY) == (Layer.WEB3P,)


def test_a_name_inside_a_zone_is_served_by_the_zone_around_it():
    below = Target(kind=TargetKind.DOMAIN, value="ville.mairie.test")
    kept = [known for known in answers(below.value).values() if known.probe != "ns"]
    nothing = seen("ns", below.value, "NS", reason="nodata")
    found = seen("ns", "mairie.test", "NS", "ns1.test")
    lost = seen("ns", "mairie.test", "NS", outcome=Outcome.FAILED, reason="timeout")
    assert failed_layers(evidence([*kept, nothing, found], below), POLICY) == ()
    assert failed_layers(evidence([*kept, nothing, lost], below), POLICY) == (Layer.DNS,)


def test_the_registry_is_in_the_name_and_never_fails():
    assert Layer.REGISTRY not in failed_layers(evidence([]), POLICY)


def test_an_organisation_that_answers_nothing_is_not_rated():
    silent = failed_layers(evidence([]), POLICY)
    assert set(silent) == set(POLICY.layers) - {Layer.REGISTRY}
    found = score(Inventory(items=(), failed=silent), POLICY)
    assert found.grade is Grade.NR
    assert "coverage-insufficient" in [cap.id for cap in found.caps]


def test_evidence_without_a_main_domain_leaves_every_layer_unseen():
    repository = Target(kind=TargetKind.REPOSITORY, value="shop")
    assert len(failed_layers(evidence([], repository), POLICY)) == 9
    assert len(failed_layers(evidence(answers("musee.test").values(), OTHER), POLICY)) == 9


def test_a_silent_secondary_domain_fails_no_layer_and_counts_as_unknown_at_half_weight():
    kept = answers("musee.test")
    del kept["mx"]
    lost = seen("mx", "musee.test", "MX", outcome=Outcome.FAILED, reason="timeout")
    found = evidence([*answers("mairie.test").values(), *kept.values(), lost], MAIN, OTHER)
    assert failed_layers(found, POLICY) == ()
    (hole,) = secondary_holes(found, POLICY)
    assert (hole.layer, hole.weight, hole.nexuses[0].level) == (Layer.MAIL_IN, 0.5, Level.UNKNOWN)


def test_a_hole_on_a_main_domain_is_no_item():
    assert secondary_holes(evidence([]), POLICY) == ()


def test_many_silent_secondary_domains_cost_no_more_than_one():
    def risk(count):
        targets = [Target(kind=TargetKind.DOMAIN, value=f"d{n}.test", main=False) for n in range(count)]
        found = evidence(answers("mairie.test").values(), MAIN, *targets)
        return score(Inventory(items=secondary_holes(found, POLICY)), POLICY).value

    assert risk(20) == risk(1) < risk(0)
