"""Whatever stays open about who it is, or on whose network, says one check or question that would settle it."""

import pytest

from sovscan.attribute import attribute
from sovscan.files.bundled import listing, read
from sovscan.files.evidence_bundle import read_evidence
from sovscan.model.dependency import Confidence, Dependency, Layer
from sovscan.model.provider import Strength
from tests import results
from tests.evidence_builder import AS_OF, Scene, catalogue, of, offer, provider, sign
from tests.test_attribution_mail import BULK, CLOUD, FILTER, HOSTER, SUITE
from tests.test_holes import SCENES as MAIL_SCENES

D = "valmont.example"
WIRES = provider("wires", "US", offer("wires-lines", "hosting.origin", sign("asn", "64502"), categories=("network",)))
POSTAL = provider(
    "postal", "GB",
    offer(
        "postal-lines", "mail_in.mailbox hosting.origin", sign("asn", "64503"), sign("mx", "in.postal.test"),
        categories=("mail", "network"),
    ),
)  # fmt: skip
COPPER = provider(
    "copper", "FR", offer("copper-lines", "hosting.origin", sign("asn", "64504"), categories=("network",))
)
PIXEL = provider("pixel", "US", offer("pixel-tag", "web3p.pixel", sign("web_host", "pixel.test")))
DESK = provider("desk", "US", offer("desk-help", "saas.business", sign("txt", "desk=", strength=Strength.WEAK)))
EDGE = provider("edge", "US", offer("edge-net", "cdn.proxy", sign("cname", "edge.test", strength=Strength.WEAK)))
MARKET = catalogue(EDGE, SUITE, FILTER, HOSTER, CLOUD, BULK, WIRES, POSTAL, COPPER, PIXEL, DESK)
UNLISTED = "AS64999 Petit Réseau"


def mail_on(network: str, address: str = "198.51.100.9") -> Scene:
    return Scene().mx(f"mail.{D}").mx_address(f"mail.{D}", address).network(address, network)


def site_on(*networks: str) -> Scene:
    return Scene().address("198.51.100.8").network("198.51.100.8", *networks)


def servers_on(network: str, host: str = f"ns1.{D}") -> Scene:
    scene = Scene().answer("ns", D, "NS", host).answer("ns-address", host, "A", "198.51.100.7")
    return scene.network("198.51.100.7", network)


SCENES = {
    **MAIL_SCENES,
    "own mail on an unlisted network": mail_on(UNLISTED),
    "own mail on a carrier": mail_on("AS64502 Wires"),
    "own mail on several networks": mail_on("AS64502 Wires").network("198.51.100.9", UNLISTED),
    "somebody's mail on an unlisted network": Scene()
    .mx("mx.quidam.test")
    .mx_address("mx.quidam.test", "198.51.100.9")
    .network("198.51.100.9", UNLISTED),
    "site on an unlisted network": site_on(UNLISTED),
    "site on several networks": site_on(UNLISTED, "AS64500 Hexahost"),
    "site on a carrier": site_on("AS64502 Wires"),
    "site whose network is not read": Scene().address("198.51.100.8").failed("network", "198.51.100.8", "ASN"),
    "own name servers on an unlisted network": servers_on(UNLISTED),
    "somebody's name servers": servers_on(UNLISTED, "ns.quidam.test"),
    "sign-in host on an unlisted network": Scene().host("sso", "198.51.100.6").network("198.51.100.6", UNLISTED),
    "federation to an unknown host": Scene().answer("tenant", D, "GET", "Federated", federation_host="sts.quidam.test"),
    "tokens": Scene().txt("SKY=1", "desk=2"),
    "unlisted sender, suppliers and receivers": Scene()
    .txt("v=spf1 include:spf.quidam.test -all")
    .spf("spf.quidam.test", "v=spf1 include:spf.pigeon.test -all")
    .answer("dmarc", f"_dmarc.{D}", "TXT", "v=DMARC1; p=none; rua=mailto:@quidam.test"),
    "third parties": Scene().answer(
        "web", f"https://www.{D}/", "GET", "script https://cdn.quidam.test/a.js", csp_hosts="pixel.test"
    ),
    "unlisted registry, registrar and authority": Scene()
    .mx(f"mail.{D}")
    .answer("rdap-domain", D, "RDAP", "Quidam Names", registrar="Quidam Names")
    .answer("tls", f"www.{D}", "TLS", "Quidam CA", issuer_o="Quidam CA"),
    "a proxy on a weak sign": Scene().address("198.51.100.8", end="valmont.edge.test"),
    "certificate of nobody": Scene().answer("tls", f"www.{D}", "TLS", "x", issuer_o="x", fault="tls-self-signed"),
}  # fmt: skip


def is_open(each: Dependency) -> bool:
    held, host = each.attribution, each.host
    read_in_two_ways = held.runner_up is not None and held.confidence is not Confidence.CONFIRMED
    flagged = {"conflict", "disputed", "several-networks", "carrier-network", "origin-hidden"} & set(each.flags)
    nobody = held.provider is None and not held.operator_self
    unknown_network = held.operator_self and host is not None and host.provider is None
    return held.confidence is Confidence.WEAK or read_in_two_ways or bool(flagged) or nobody or unknown_network


def check(found: tuple[Dependency, ...]) -> set[Layer]:
    for each in found:
        question = each.attribution.settle
        if is_open(each):
            assert question is not None, each.id
            assert len(question.fr) > 40, each.id
            assert len(question.en) > 40, each.id
    return {each.layer for each in found if is_open(each)}


@pytest.mark.parametrize("name", SCENES)
def test_whatever_is_open_says_what_would_settle_it(name):
    assert check(SCENES[name].attribute(MARKET)) or name in MAIL_SCENES


@pytest.mark.parametrize("name", [path[-1] for path in listing("data", "demo", suffix=".jsonl")])
def test_whatever_is_open_in_a_demonstration_says_what_would_settle_it(name):
    check(attribute(read_evidence(read("data", "demo", name), name), results.CATALOGUE(), AS_OF))


def test_the_scenes_leave_something_open_in_every_layer():
    found = {layer for scene in SCENES.values() for layer in check(scene.attribute(MARKET))}
    assert found == set(Layer) - {Layer.SUPPLY}


@pytest.mark.parametrize(
    ("name", "layer", "words"),
    [
        ("own mail on an unlisted network", "mail_in", ("Petit Réseau (AS64999)", f"mail.{D}", "who controls it")),
        ("own name servers on an unlisted network", "dns", ("Petit Réseau (AS64999)", f"ns1.{D}")),
        ("somebody's mail on an unlisted network", "mail_in", ("mx.quidam.test", "Petit Réseau (AS64999)")),
        ("site on several networks", "hosting", ("several announce them", "Petit Réseau (AS64999)", "AS64500")),
        ("own mail on a carrier", "mail_in", ("hosted by Wires (AS64502)", "behind a line", "Ask where the machine")),
        ("site on a carrier", "hosting", ("hosted by Wires (AS64502)", "behind a line")),
        ("unlisted registry, registrar and authority", "ca", ("Quidam CA", "who owns it")),
        ("certificate of nobody", "ca", ("who installed",)),
        ("a proxy on a weak sign", "cdn", ("is really a service of Edge",)),
    ],
)
def test_the_question_names_whom_to_ask_and_what(name, layer, words):
    (found,) = {each.attribution.settle.en for each in of(SCENES[name].attribute(MARKET), layer)}
    for word in words:
        assert word in found
