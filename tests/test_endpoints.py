"""Targets that are no domain: hosts and URLs of services, AS numbers, prefixes."""

import asyncio
from dataclasses import replace

import pytest

from sovscan.attribute import attribute
from sovscan.catalogue.control import controller
from sovscan.model.dependency import Confidence
from sovscan.model.target import Target, TargetKind
from sovscan.net.live import LiveNet
from sovscan.net.net import NetSettings
from sovscan.probes.network import PROBE as NETWORK
from sovscan.probes.probe import Subject
from sovscan.readers.names import parse_target
from tests import results
from tests.evidence_builder import AS_OF, Scene, catalogue, offer, provider, sign, who

DESK = provider(
    "desk", "FR",
    offer("desk-app", "saas.business", sign("endpoint", "api.desk.test"), sign("header", "X-Desk:")),
)  # fmt: skip
CLOUD = provider("nimbus", "US", offer("nimbus-machines", "hosting.origin", sign("asn", "64501")))
SHIELD = provider("shield", "US", offer("shield-proxy", "cdn.proxy", sign("asn", "64502")))
AUTHORITY = provider("seal", "FR", offer("seal-ca", "ca.issuer", sign("cert_issuer", "Seal SA")))
MARKET = catalogue(DESK, CLOUD, SHIELD, AUTHORITY)


def found(scene: Scene, text: str, layer: str | None = None):
    evidence = replace(scene.evidence(), targets=(parse_target(text),))
    return tuple(each for each in attribute(evidence, MARKET, AS_OF) if layer in (None, each.layer))


def at(host: str, address: str, system: str) -> Scene:
    return Scene(domain="x.test").address(address, name=host).network(address, system)


def test_a_url_of_a_known_service_names_it_and_the_cloud_underneath():
    scene = at("eu.api.desk.test", "192.0.2.9", "AS64501 Nimbus")
    (service,) = found(scene, "https://eu.api.desk.test/v1", "saas")
    assert (service.attribution.provider, service.host.provider) == ("desk", "nimbus")
    assert service.subject == "eu.api.desk.test"


def test_headers_of_the_service_are_signals_too():
    scene = at("api.desk.test", "192.0.2.9", "AS64501 Nimbus")
    scene.answer("web", "https://api.desk.test/v1", "GET", headers="x-desk content-type", status="200")
    (service,) = found(scene, "https://api.desk.test/v1", "saas")
    assert {signal.kind.value for signal in service.attribution.signals} >= {"endpoint", "header", "asn"}


def test_an_unlisted_service_on_a_known_cloud_is_two_facts():
    (service,) = found(at("app.local.test", "192.0.2.9", "AS64501 Nimbus"), "https://app.local.test/", "saas")
    assert (service.attribution.provider, service.attribution.operator_self) == (None, False)
    assert service.host.provider == "nimbus"
    assert service.attribution.settle is not None


def test_behind_a_proxy_where_the_service_stands_is_not_known():
    seen = found(at("app.local.test", "192.0.2.9", "AS64502 Shield"), "https://app.local.test/")
    assert [(each.layer.value, who((each,))) for each in seen] == [("cdn", ["shield"]), ("saas", ["?"])]
    service = seen[1]
    assert (service.host, service.flags) == (None, ("origin-hidden",))
    assert service.attribution.confidence is Confidence.WEAK


def test_a_service_that_could_not_be_read_is_unknown_and_not_left_out():
    scene = Scene(domain="x.test").failed("address", "app.local.test", "A", "timeout")
    (service,) = found(scene, "https://app.local.test/")
    assert (who((service,)), service.attribution.confidence) == (["?"], Confidence.WEAK)


def test_a_name_that_does_not_exist_is_no_service():
    scene = Scene(domain="x.test").absent("address", "app.local.test", "A").absent("address", "app.local.test", "AAAA")
    assert found(scene, "https://app.local.test/") == ()


def test_the_authority_of_a_url_is_found_unless_nobody_vouches_for_it():
    def said(**more: str):
        scene = at("app.local.test", "192.0.2.9", "AS64501 Nimbus")
        return found(
            scene.answer("tls", "app.local.test", "TLS", issuer_o="Seal SA", **more), "https://app.local.test/", "ca"
        )

    assert who(said()) == ["seal"]
    assert who(said(fault="tls-expired")) == ["seal"]
    assert who(said(fault="tls-self-signed")) == ["?"]
    assert who(said(fault="tls-untrusted")) == ["?"]


def test_a_number_and_a_prefix_name_the_holder():
    scene = Scene(domain="x.test").network("AS64501", "AS64501 Nimbus")
    (holder,) = found(scene, "AS64501")
    assert (holder.layer, holder.attribution.provider, holder.host.label) == ("hosting", "nimbus", "AS64501 Nimbus")
    scene = Scene(domain="x.test").network("192.0.2.0", "AS64501 Nimbus").network("192.0.2.255", "AS64510 Other")
    assert sorted(who(found(scene, "192.0.2.0/24"))) == ["?", "nimbus"]


@pytest.mark.parametrize(
    ("text", "provider_id", "country"), [("AS16509", "amazon", "US"), ("52.16.0.0/20", "amazon", "US")]
)
def test_the_table_that_ships_answers_for_numbers_and_prefixes(text, provider_id, country):
    target = parse_target(text)
    assert target.kind is TargetKind.NETWORK

    async def observe(asked: Target):
        async with LiveNet(NetSettings(offline=True)) as net:
            return await NETWORK.observe(Subject(target=asked), net.for_domain(asked.value))

    evidence = replace(Scene(domain="x.test").evidence(), targets=(target,), observations=asyncio.run(observe(target)))
    known = results.CATALOGUE()
    holders = attribute(evidence, known, AS_OF)
    assert {each.attribution.provider for each in holders} == {provider_id}
    assert controller(known.providers[provider_id], known, AS_OF)[1] == country


@pytest.mark.parametrize("host", ["s3.eusc-de-east-1.amazonaws.eu", "iam.global.api.amazonwebservices.eu"])
def test_the_european_partition_of_a_us_cloud_is_its_own_provider_under_the_same_parent(host):
    known = results.CATALOGUE()
    evidence = replace(at(host, "192.0.2.9", "AS214101 ESC").evidence(), targets=(parse_target(f"https://{host}/"),))
    (service,) = (each for each in attribute(evidence, known, AS_OF) if each.layer == "saas")
    assert service.attribution.provider == "aws-esc"
    assert known.providers["aws-esc"].seat == "DE"
    assert controller(known.providers["aws-esc"], known, AS_OF)[1] == "US"


def test_a_site_behind_an_alias_into_the_european_partition_stands_there():
    scene = Scene().address("192.0.2.9", end="shop.s3.eusc-de-east-1.amazonaws.eu")
    scene.network("192.0.2.9", "AS214101 ESC")
    (origin,) = (each for each in scene.attribute(results.CATALOGUE()) if each.layer == "hosting")
    assert (origin.attribution.provider, origin.attribution.confidence) == ("aws-esc", Confidence.CONFIRMED)
