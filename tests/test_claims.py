"""A public claim is supported, contradicted or not visible, and not seeing is never supporting."""

import json
import textwrap
from dataclasses import replace

import pytest

from sovscan.advise.claims import Bearing, Known, verify
from sovscan.advise.claims_file import Claim, ClaimKind, read_claims
from sovscan.audit import audit
from sovscan.cli.exits import ExitCode
from sovscan.cli.main import run
from sovscan.files.evidence_bundle import in_order, make_observation
from sovscan.files.strict_yaml import YamlError
from sovscan.model.dependency import Layer
from sovscan.model.evidence import Asked, Outcome
from sovscan.model.exposure import Level
from sovscan.model.provider import OfferId, ProviderId
from sovscan.score.policy import load_policy
from tests import results
from tests.market import AS_OF
from tests.market import catalogue as market
from tests.results import CATALOGUE, RULEBOOK, SME, STATE, TOWN_HALL, judged, recorded, written
from tests.small_catalogue import catalogue as small
from tests.small_catalogue import link
from tests.small_catalogue import provider as party

POLICY = load_policy()


def known(result=None, catalogue=None, as_of=AS_OF):
    return Known(
        audit=result,
        catalogue=catalogue or CATALOGUE(),
        rulebook=RULEBOOK(),
        policy=POLICY,
        as_of=result.as_of if result else as_of,
    )


def bearing(kind, base=None, **fields):
    fields.setdefault("layers", (Layer.HOSTING,))
    claim = Claim(
        kind=ClaimKind(kind),
        **{
            name: ProviderId(value) if name == "provider" else OfferId(value) if name == "offer" else value
            for name, value in fields.items()
        },
    )
    (ruling,) = verify((claim,), base or known(catalogue=market()))
    return ruling.bearing.value


@pytest.mark.parametrize(
    ("provider", "expected"),
    [("loire", "supported"), ("branch", "contradicted"), ("nimbus", "contradicted"), ("rumour", "not_visible")],
)
def test_control_is_read_from_the_chain_and_unsourced_ownership_supports_nothing(provider, expected):
    assert bearing("eu_controlled", provider=provider) == expected


def test_a_holder_above_an_unsourced_link_contradicts_nothing():
    held = party("x", control=[link("Mid BV", "NL", sourced=False)])
    above = party("mid", "NL", entity="Mid BV", control=[link("Top Inc.", "US")])
    assert bearing("eu_controlled", known(catalogue=small(held, above)), provider="x") == "not_visible"


@pytest.mark.parametrize(
    ("offer", "day", "expected"),
    [
        ("loire-safe", AS_OF, "supported"),
        ("loire-safe", "2028-04-01", "contradicted"),
        ("loire-safe", "2027-11-21", "not_visible"),
        ("loire-old", AS_OF, "contradicted"),
        ("loire-mail", AS_OF, "not_visible"),
    ],
)
def test_a_qualification_is_the_offers_own_and_ends_on_its_day(offer, day, expected):
    """Beyond six months the record is too old to rest on: no longer visible, and after its end contradicted."""
    base = known(catalogue=market(), as_of=day)
    assert bearing("qualified_offer", base, provider="loire", offer=offer, scheme="SecNumCloud") == expected


def test_a_qualification_of_another_offer_is_named_but_supports_nothing():
    claim = Claim(
        kind=ClaimKind.QUALIFIED_OFFER, provider=ProviderId("loire"), offer=OfferId("loire-mail"), scheme="SecNumCloud"
    )
    (ruling,) = verify((claim,), known(catalogue=market()))
    assert "Loire-Safe" in ruling.reason.en


def test_an_offer_that_rests_on_a_us_cloud_contradicts_the_absence_of_us_subprocessors():
    fields = {"provider": "loire", "offer": "loire-login", "layers": (Layer.IDENTITY,)}
    assert bearing("no_us_subprocessor", **fields) == "contradicted"


def test_the_catalogue_alone_never_supports_the_absence_of_a_subprocessor():
    fields = {"provider": "loire", "offer": "loire-mail", "layers": (Layer.MAIL_IN,)}
    assert bearing("no_us_subprocessor", **fields) == "not_visible"


def test_us_services_that_were_seen_contradict_their_absence():
    assert bearing("no_us_subprocessor", known(judged(TOWN_HALL)), layers=(Layer.MAIL_IN,)) == "contradicted"


def test_absence_is_supported_only_in_layers_that_an_outside_scan_sees_whole():
    base = known(judged(STATE))
    assert bearing("no_us_subprocessor", base, layers=(Layer.MAIL_IN,)) == "supported"
    assert bearing("no_us_subprocessor", base, layers=(Layer.MAIL_IN, Layer.SAAS)) == "not_visible"


def with_registration(country, *, only=None):
    evidence = recorded(SME)
    addresses = sorted(
        {value for seen in evidence.observations if seen.probe == "address" and seen.outcome is Outcome.ANSWERED
         and seen.asked.type in ("A", "AAAA") for value in seen.values}
    )  # fmt: skip
    added = [
        make_observation(
            probe="rdap-address", subject=address, outcome=Outcome.ANSWERED, values=("Holder",),
            detail={"country": country}, asked=Asked(name=address, type="RDAP"),
        )
        for address in (addresses[:only] if only else addresses)
    ]  # fmt: skip
    found = replace(evidence, observations=in_order((*evidence.observations, *added)))
    return known(audit(found, CATALOGUE(), RULEBOOK(), POLICY))


def test_a_place_is_not_visible_until_the_registration_of_every_address_was_asked_for():
    assert bearing("hosted_in", known(judged(SME)), countries=("FR",)) == "not_visible"
    assert bearing("hosted_in", with_registration("FR"), countries=("FR",)) == "supported"
    assert bearing("hosted_in", with_registration("FR"), countries=("EU",)) == "supported"
    assert bearing("hosted_in", with_registration("US"), countries=("FR",)) == "contradicted"
    assert bearing("hosted_in", known(catalogue=market()), countries=("FR",)) == "not_visible"


def test_every_offer_we_may_recommend_bears_the_claims_our_advice_makes_for_it():
    """European control where the advice prints a European country, qualification where it prints one, no US hold where
    it prints NONE or IMMUNE: nothing recommended is contradicted, and what is printed as qualified is supported."""
    from sovscan.catalogue.control import controller, is_eea
    from sovscan.catalogue.qualification import valid_schemes
    from sovscan.rulebook.exposure import expose_offer

    catalogue, rulebook = CATALOGUE(), results.RULEBOOK()
    day = catalogue.date
    base = known(catalogue=catalogue, as_of=day)
    checked = 0
    for ident, (provider, offer) in catalogue.offers.items():
        if not offer.recommend:
            continue
        claims = []
        if is_eea(provider.seat) and is_eea(controller(provider, catalogue, day)[1]) and not offer.software:
            claims.append(Claim(kind=ClaimKind.EU_CONTROLLED, provider=provider.id, offer=ident))
        claims += [
            Claim(kind=ClaimKind.QUALIFIED_OFFER, provider=provider.id, offer=ident, scheme=scheme)
            for scheme in valid_schemes(offer, day)
        ]
        layers = tuple({Layer(role.partition(".")[0]) for role in offer.roles} & set(POLICY.layers))
        rows = [
            expose_offer(provider, offer, Layer(place.partition(".")[0]), place.partition(".")[2], catalogue, rulebook,
                         POLICY, day)
            for place in offer.roles if place in POLICY.roles and place.partition(".")[0] in POLICY.layers
        ]  # fmt: skip
        if all(nexus.level in (Level.NONE, Level.IMMUNE) for row in rows for nexus in row.nexuses):
            claims.append(Claim(kind=ClaimKind.NO_US_SUBPROCESSOR, provider=provider.id, offer=ident, layers=layers))
        for ruling in verify(claims, base):
            checked += 1
            assert ruling.bearing is not Bearing.CONTRADICTED, (ident, ruling)
            if ruling.claim.kind is ClaimKind.QUALIFIED_OFFER:
                assert ruling.bearing is Bearing.SUPPORTED, (ident, ruling)
            if ruling.claim.kind is ClaimKind.EU_CONTROLLED and ruling.bearing is Bearing.SUPPORTED:
                assert ruling.sources, (ident, ruling)
    assert checked > 100


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("claims: []\n", "1:9", "no claim"),
        ("claims:\n  - {claim: eu_controled}\n", "2:13", "did you mean 'eu_controlled'?"),
        ("claims:\n  - {claim: eu_controlled}\n", "2:5", "said of a provider"),
        ("claims:\n  - {claim: qualified_offer}\n", "2:5", "said of an offer"),
        ("claims:\n  - {claim: hosted_in}\n", "2:5", "without countries"),
        ("claims:\n  - {claim: hosted_in, countries: [FRA]}\n", "2:36", "unknown country"),
        ("claims:\n  - {claim: no_us_subprocessor, layers: [mails]}\n", "2:42", "unknown layer"),
        ("claims:\n  - {claim: no_us_subprocessor, countries: [FR]}\n", "2:33", "unknown key 'countries'"),
        ("provider: ovhclod\nclaims:\n  - {claim: eu_controlled}\n", "1:11", "did you mean 'ovhcloud'?"),
    ],
)
def test_each_fault_of_a_claims_file_is_shown_at_its_place(text, place, words):
    with pytest.raises(YamlError) as fault:
        read_claims(text.encode(), "claims.yaml", CATALOGUE())
    assert str(fault.value).startswith(f"claims.yaml:{place}: ")
    assert words in f"{fault.value} {fault.value.help}"


def claims_file(tmp_path, *lines):
    file = tmp_path / "claims.yaml"
    file.write_text("\n".join(lines) + "\n")
    return str(file)


def test_exit_codes_follow_the_worst_ruling(tmp_path, capsys):
    eu = "{claim: eu_controlled, provider: ovhcloud}"
    us = "{claim: eu_controlled, provider: microsoft}"
    mail = "{claim: hosted_in, countries: [FR]}"
    result = written(judged(TOWN_HALL), tmp_path / "result.json")
    for claims, code in (([eu], 0), ([eu, mail], 3), ([eu, mail, us], 1)):
        file = claims_file(tmp_path, "claims:", *(f"  - {claim}" for claim in claims))
        assert run(["verify-claim", result, "--claims", file, "--lang", "en"]) == ExitCode(code)
    assert "contradicted" in capsys.readouterr().out


def test_the_form_shown_in_the_help_is_a_file_of_claims(capsys):
    assert run(["verify-claim", "--help"]) is ExitCode.PASS
    shown = capsys.readouterr().out.partition("for example:")[2].partition("Arguments:")[0]
    claims = read_claims(textwrap.dedent(shown.strip("\n")).encode(), "help", CATALOGUE())
    assert {claim.kind for claim in claims} == set(ClaimKind)


def test_claims_of_a_vendor_say_on_whose_services_they_were_checked(tmp_path, capsys):
    """A customer's own choice of suppliers must not pass for what the vendor buys."""
    file = claims_file(tmp_path, "provider: ovhcloud", "claims:", "  - {claim: no_us_subprocessor}")
    result = written(judged(TOWN_HALL), tmp_path / "result.json")
    for language, told in (("fr", "que si ce domaine est le sien"), ("en", "only if that domain is its own")):
        run(["verify-claim", result, "--claims", file, "--lang", language, "--quiet"])
        first, ruling = capsys.readouterr().out.splitlines()
        assert "valombreuse-demo.fr" in first
        assert "OVHcloud" in first
        assert told in first
        assert ruling.startswith({"fr": "contredite ", "en": "contradicted "}[language])
    run(["verify-claim", result, "--claims", file, "--json"])
    captured = capsys.readouterr()
    assert "valombreuse-demo.fr" in captured.err
    assert isinstance(json.loads(captured.out), list)


def test_a_bundle_is_judged_and_a_domain_is_asked(tmp_path, capsysbinary):
    from pathlib import Path

    bundle = str(Path(__file__).resolve().parents[1] / "data" / "demo" / f"{TOWN_HALL}.jsonl")
    file = claims_file(tmp_path, "claims:", "  - {claim: no_us_subprocessor}")
    assert run(["verify-claim", bundle, "--claims", file, "--json"]) is ExitCode.POLICY
    (ruling,) = json.loads(capsysbinary.readouterr().out)
    assert (ruling["bearing"], bool(ruling["because"])) == ("contradicted", True)
    assert run(["verify-claim", "muette.example", "--offline", "--claims", file]) is ExitCode.INCONCLUSIVE
    assert run(["verify-claim", "--claims", str(tmp_path / "none.yaml")]) is ExitCode.USAGE
