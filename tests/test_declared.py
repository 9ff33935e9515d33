"""What an organisation declares is marked, settles what was open, and never overrides what is seen."""

from dataclasses import replace

from sovscan.attribute.declared import with_declarations
from sovscan.attribute.statement import dependency, signal
from sovscan.attribute.view import View
from sovscan.attribute.weighing import load_weighing
from sovscan.files.evidence_bundle import in_order, make_observation
from sovscan.model.dependency import Attribution, Confidence, Layer
from sovscan.model.evidence import Asked, Evidence, Outcome, Vantage
from sovscan.model.provider import SignalKind
from sovscan.model.target import Target, TargetKind
from tests import results

TARGET = Target(kind=TargetKind.DOMAIN, value="mairie.example")


def said(value, proof="attestation du 2026-06-12"):
    return make_observation(
        probe="declared",
        subject="Messagerie",
        outcome=Outcome.ANSWERED,
        values=(value,),
        detail={"domain": TARGET.value} | ({"proof": proof} if proof else {}),
        asked=Asked(name="sovscan.yaml", type="FILE"),
    )


def taken_in(found, *declared):
    evidence = Evidence(
        organisation="Mairie",
        targets=(TARGET,),
        collected_at="2026-11-21T00:00:00Z",
        vantage=Vantage(),
        observations=in_order(declared),
    )
    return with_declarations(found, View(evidence, "2026-11-21", load_weighing()), results.CATALOGUE())


def seen(provider=None, *, confidence=Confidence.PROBABLE, **more):
    shown = Attribution(
        provider=provider,
        confidence=confidence,
        signals=(signal(SignalKind.MX, "mx.mairie.example", ["o-1"]),),
    )
    return dependency(Layer.MAIL_IN, "mailbox", TARGET, "mx.mairie.example", shown, **more)


def test_a_declaration_of_an_unseen_service_is_a_dependency_marked_as_declared():
    (found,) = taken_in((), said("mail_in.mailbox ovhcloud"))
    assert found.attribution.provider == "ovhcloud"
    assert found.attribution.confidence is Confidence.CONFIRMED
    assert found.flags == ("declared", "declared-with-proof")


def test_without_proof_a_declaration_is_weak():
    (found,) = taken_in((), said("mail_in.mailbox ovhcloud", proof=""))
    assert found.attribution.confidence is Confidence.WEAK
    assert "declared-with-proof" not in found.flags


def test_a_declaration_settles_a_mailbox_hidden_behind_a_gateway():
    hidden = seen(flags={"behind-gateway"})
    (found,) = taken_in((hidden,), said("mail_in.mailbox ovhcloud"))
    assert found.attribution.provider == "ovhcloud"
    assert "behind-gateway" in found.flags
    assert {each.kind for each in found.attribution.signals} == {SignalKind.DECLARED, SignalKind.MX}


def test_a_declared_offer_makes_a_seen_provider_more_precise():
    (found,) = taken_in((seen("ovhcloud"),), said("mail_in.mailbox ovhcloud"))
    assert (found.attribution.provider, found.attribution.offer) == ("ovhcloud", "ovhcloud")


def test_a_declaration_against_what_is_seen_leaves_both_and_says_so():
    shown = seen("microsoft", confidence=Confidence.CONFIRMED)
    found = taken_in((shown,), said("mail_in.mailbox ovhcloud"))
    assert {each.attribution.provider for each in found} == {"microsoft", "ovhcloud"}
    assert [("contradicted" in each.flags) for each in found if "declared" in each.flags] == [True]


def test_a_name_the_catalogue_does_not_know_is_an_unidentified_provider():
    (found,) = taken_in((), said("saas.business maison-inconnue"))
    assert found.attribution.provider is None
    assert not found.attribution.operator_self


def test_evidence_without_declarations_is_left_alone():
    shown = (seen("microsoft"), replace(seen(), id="x"))
    assert set(taken_in(shown)) == set(shown)
