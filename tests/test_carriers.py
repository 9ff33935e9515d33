"""A carrier's network under a service is read in two ways: hosted there, or standing elsewhere behind its line."""

from dataclasses import replace

import pytest

from sovscan.audit import audit
from sovscan.locale.words import words
from sovscan.model.dependency import Confidence, Dependency
from sovscan.model.exposure import Level
from sovscan.model.finding import Verdict
from sovscan.model.text import Source
from sovscan.score.policy import load_policy
from tests import results
from tests.evidence_builder import AS_OF, Scene, catalogue, of
from tests.test_open_questions import MARKET, UNLISTED, mail_on, servers_on, site_on

FLAG = "carrier-network"
READ = (Source(title="Register", url="https://register.example", checked=AS_OF),)
SOURCED = catalogue(*(replace(each, seat_sources=READ) for each in MARKET.providers.values()))


def flagged(found: tuple[Dependency, ...]) -> list[str]:
    return [each.id for each in found if FLAG in each.flags]


def audited(scene: Scene):
    return audit(scene.evidence(), SOURCED, results.RULEBOOK(), load_policy(), as_of=AS_OF)


@pytest.mark.parametrize("scene", [mail_on("AS64502 Wires"), servers_on("AS64502 Wires"), site_on("AS64502 Wires")])
def test_a_carrier_from_outside_under_any_service_is_marked(scene):
    found = scene.attribute(MARKET)
    assert flagged(found)
    assert flagged(found) == [each.id for each in found if each.host is not None]


@pytest.mark.parametrize(
    "network",
    [
        "AS64501 Nimbus",  # a cloud: whoever stands there is hosted there
        "AS64504 Copper",  # a European carrier: both readings come to the same
        UNLISTED,
    ],
)
def test_a_cloud_a_european_carrier_and_an_unlisted_network_are_not(network):
    assert flagged(mail_on(network).attribute(MARKET)) == []


def test_the_own_service_of_a_carrier_under_its_own_name_is_hosted_by_it():
    scene = Scene().mx("in.postal.test").mx_address("in.postal.test", "198.51.100.9")
    (box,) = of(scene.network("198.51.100.9", "AS64503 Postal").attribute(MARKET), "mail_in")
    assert (box.attribution.provider, box.host.provider) == ("postal", "postal")
    assert FLAG not in box.flags


def test_the_level_stays_hosted_on_and_is_to_confirm_where_a_cloud_is_exposed():
    carried, hosted = audited(mail_on("AS64502 Wires")), audited(mail_on("AS64501 Nimbus"))
    for result, confidence, verdict in (
        (carried, Confidence.WEAK, Verdict.TO_CONFIRM), (hosted, Confidence.PROBABLE, Verdict.EXPOSED),
    ):  # fmt: skip
        (item,) = (each for each in result.items if each.layer == "mail_in")
        assert [(nexus.level, nexus.country) for nexus in item.nexuses] == [(Level.HOSTED_ON, "US")]
        assert item.confidence is confidence
        about = [found.verdict for found in result.findings if found.dependency == item.id]
        assert verdict in about
        assert {Verdict.EXPOSED, Verdict.TO_CONFIRM} & set(about) == {verdict}
    assert carried.score.value == hosted.score.value
    assert carried.count.us == hosted.count.us == 1


def test_a_site_that_only_a_carriers_number_names_is_to_confirm():
    result = audited(site_on("AS64502 Wires"))
    verdicts = {found.rule: found.verdict for found in result.findings}
    assert verdicts["hosting-us-controlled"] is Verdict.TO_CONFIRM


def test_a_us_provider_on_a_carriers_network_stays_as_sure_as_it_is():
    scene = Scene().mx("x.mail.skyworks.test").mx_address("x.mail.skyworks.test", "198.51.100.9")
    result = audited(scene.network("198.51.100.9", "AS64502 Wires"))
    (item,) = (each for each in result.items if each.layer == "mail_in")
    assert FLAG in of(result.dependencies, "mail_in")[0].flags
    assert item.confidence is Confidence.CONFIRMED


def test_both_readings_are_told_in_both_languages():
    (box,) = of(mail_on("AS64502 Wires").attribute(MARKET), "mail_in")
    assert "hébergé par Wires (AS64502)" in box.attribution.settle.fr
    assert "derrière une ligne" in box.attribution.settle.fr
    for language in ("fr", "en"):
        assert words(language).has(f"flag.{FLAG}")


@pytest.mark.parametrize("carrier", ["att", "bt", "cogent", "colt", "comcast", "lumen", "verizon", "vodafone-de"])
def test_carriers_of_the_catalogue_are_known_as_such_and_clouds_are_not(carrier):
    known = results.CATALOGUE()
    categories = {each.id: each.categories for each in known.providers[carrier].offers}
    assert any("network" in found for found in categories.values())
    for cloud in ("amazon", "microsoft", "google", "digitalocean", "oracle"):
        assert not any("network" in each.categories for each in known.providers[cloud].offers)
