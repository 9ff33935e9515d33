"""Who answers for a name that is no zone of its own: the nearest zone around it, from real servers to the gate."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sovscan.attribute import attribute
from sovscan.cli.exits import ExitCode
from sovscan.cli.main import run
from sovscan.collect import collect
from sovscan.files.evidence_bundle import write_evidence
from sovscan.model.dependency import Layer
from sovscan.model.evidence import Evidence, Outcome
from sovscan.net.live import LiveNet
from sovscan.net.net import NetSettings
from sovscan.probes.registry import all_probes
from sovscan.readers.names import parse_target
from sovscan.rulebook.domain_facts import domain_facts, index
from sovscan.score.policy import load_policy
from sovscan.score.visibility import failed_layers
from tests.evidence_builder import AS_OF, Scene, catalogue, of, offer, provider, sign, who
from tests.nets import ZoneNet
from tests.servers.nsd import nsd_program, running_nsd

D = "valmont.example"
SHIELD = provider("shield", "US", offer("shield-names", "dns.sole", sign("ns", "ns.shield.test")))
BUREAU = provider("bureau", "FR", offer("bureau-names", "dns.sole", sign("ns", "dns.bureau.example")))
MARKET = catalogue(SHIELD, BUREAU)


def servers(scene):
    return of(scene.attribute(MARKET), "dns")


def below(*labels):
    """A target inside the zone of ``valmont.example``; each name on the way has no servers of its own."""
    scene = Scene(domain=f"{labels[0]}.{D}")
    for name in labels:
        scene.absent("ns", f"{name}.{D}", "NS", "nodata", zone=D)
    return scene.txt("anything")


def marks(scene):
    return {each.subject: each.flags for each in servers(scene)}


def test_a_name_inside_a_zone_is_served_by_the_nearest_zone_around_it():
    scene = below("bus.ville", "ville").answer("ns", D, "NS", "a.ns.shield.test")
    (one,) = servers(scene)
    assert (one.domain, one.subject, one.attribution.provider) == (f"bus.ville.{D}", "a.ns.shield.test", "shield")
    assert one.flags == ("enclosing-zone",)
    (said,) = one.attribution.signals
    told = {seen.subject for seen in scene.evidence().observations if seen.id in said.observations}
    assert told == {f"bus.ville.{D}", f"ville.{D}", D}
    nearer = below("bus.ville").answer("ns", f"ville.{D}", "NS", "x.dns.bureau.example")
    assert who(servers(nearer.answer("ns", D, "NS", "a.ns.shield.test"))) == ["bureau"]


def test_who_keeps_the_zone_around_a_name_and_signs_it_is_read_at_the_top_of_that_zone():
    scene = below("bus").answer("ns", D, "NS", "a.ns.shield.test", "x.dns.bureau.example")
    scene.absent("soa", f"bus.{D}", "SOA", "nodata").absent("ds", f"bus.{D}", "DS", "nodata")
    scene.answer("soa", D, "SOA", f"a.ns.shield.test @{D} 1 3600 600 86400 60").answer("ds", D, "DS", "12345 13 2 ab")
    assert marks(scene) == {
        "a.ns.shield.test": ("enclosing-zone", "primary", "signs-zone"),
        "x.dns.bureau.example": ("enclosing-zone", "secondary"),
    }
    facts = domain_facts(scene.domain, (), index(scene.evidence().observations), MARKET)
    assert facts.facts["mail.dnssec"] is True


def test_while_the_zone_of_a_name_is_open_it_is_not_called_unsigned():
    name = f"bus.{D}"
    scene = Scene(domain=name).failed("ns", name, "NS").absent("ds", name, "DS", "nodata")
    facts = domain_facts(name, (), index(scene.evidence().observations), MARKET)
    assert "mail.dnssec" not in facts.facts


def test_the_servers_of_the_target_of_an_alias_are_not_those_of_the_name():
    name = f"bus.{D}"
    scene = Scene(domain=name).answer("ns", name, "NS", "x.dns.bureau.example", chain=f"{name} > cdn.test")
    assert who(servers(scene.answer("ns", D, "NS", "a.ns.shield.test"))) == ["shield"]


@pytest.mark.parametrize("hole", [f"bus.ville.{D}", f"ville.{D}", D])
@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.SKIPPED, None], ids=["failed", "skipped", "never asked"])
def test_a_hole_on_the_way_up_fails_the_layer_and_nothing_is_said_beyond_it(hole, outcome):
    scene = below("bus.ville", "ville").answer("ns", D, "NS", "a.ns.shield.test")
    kept = [seen for seen in scene.seen if seen.subject != hole or seen.probe != "ns"]
    lost = [replace(seen, outcome=outcome, reason="timeout", values=(), detail={})
            for seen in scene.seen if seen.probe == "ns" and seen.subject == hole and outcome]  # fmt: skip
    scene.seen[:] = [*kept, *lost]
    assert servers(scene) == ()
    assert Layer.DNS in failed_layers(scene.evidence(), load_policy())


def test_a_name_that_exists_without_servers_up_to_its_registrable_name_has_an_operator_not_identified():
    at_the_top = Scene().txt("anything").absent("ns", D, "NS", "nodata", zone="example")
    for scene in (below("bus").absent("ns", D, "NS", "nodata", zone="example"), at_the_top):
        (one,) = servers(scene)
        assert (one.role, one.subject, who((one,))) == ("sole", scene.domain, ["?"])
        assert scene.domain in one.attribution.settle.en
        assert Layer.DNS not in failed_layers(scene.evidence(), load_policy())


def test_a_zone_that_publishes_no_servers_is_not_that_of_its_parent():
    """The zone that proves the absence is the name itself: it is delegated, whoever keeps its parent."""
    name = f"bus.{D}"
    scene = Scene(domain=name).txt("anything").absent("ns", name, "NS", "nodata", zone=name)
    assert who(servers(scene.answer("ns", D, "NS", "a.ns.shield.test"))) == ["?"]


def test_of_a_name_that_does_not_exist_nobody_is_said_to_keep_the_zone():
    name = f"bus.{D}"
    scene = Scene(domain=name).absent("ns", name, "NS", zone=D).answer("ns", D, "NS", "a.ns.shield.test")
    assert servers(scene) == ()


def test_the_zone_around_a_name_is_no_sign_that_anybody_uses_it(tmp_path, capsys):
    name = f"bus.{D}"
    scene = Scene(domain=name).absent("ns", name, "NS", "nodata", zone=D).answer("ns", D, "NS", "a.ns.shield.test")
    for probe, rrtype in (("mx", "MX"), ("txt", "TXT"), ("soa", "SOA"), ("address", "A"), ("address", "AAAA")):
        scene.absent(probe, name, rrtype, "nodata")
    bundle = tmp_path / "evidence.jsonl"
    bundle.write_bytes(write_evidence(scene.evidence()))
    assert run(["judge", str(bundle), "--no-config", "--fail-on", "never"]) is ExitCode.INCONCLUSIVE
    assert "nothing-but-registry" in capsys.readouterr().err


def test_asking_stops_at_the_registrable_name_and_at_a_hole():
    def asked(name, **more):
        net = ZoneNet({(D, "TXT"): ("x",), (f"ville.{D}", "TXT"): ("x",)}, **more)
        probe = next(probe for probe in all_probes() if probe.id == "ns")
        gathered = asyncio.run(collect([parse_target(name)], organisation="T", net=net, probes=(probe,), clock=_clock))
        assert {seen.asked.type for seen in gathered.observations} == {"NS"}
        return [name for name, rrtype in net.asked if rrtype == "NS"]

    assert asked(f"bus.ville.{D}") == [f"bus.ville.{D}", f"ville.{D}", D]
    assert asked(f"bus.ville.{D}", failing={(f"ville.{D}", "NS"): "timeout"}) == [f"bus.ville.{D}", f"ville.{D}"]
    assert asked("mairie.github.io") == ["mairie.github.io", "github.io"]


def _clock():
    return datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


ROOT = """$ORIGIN example.
@ 60 SOA ns.example. root.example. 1 3600 600 86400 60
@ 60 NS ns.example.
ns 60 A 127.0.0.1
x.dns.bureau 60 A 192.0.2.53
seul 60 TXT "no delegation: the zone is that of the suffix"
"""
OWN = """$ORIGIN {origin}
@ 60 SOA x.dns.bureau.example. root.example. 1 3600 600 86400 60
{servers}
@ 60 TXT "anything"
service 60 TXT "in the zone of the town"
deep.er 60 TXT "below a name that is empty"
out 60 CNAME seul.example.
"""


@pytest.mark.server
@pytest.mark.skipif(nsd_program() is None, reason="nsd is not installed")
def test_a_real_server_shows_the_operator_of_a_name_at_any_depth_of_its_zone():
    zones = {
        "example.": ROOT,
        "ville.example.": OWN.format(origin="ville.example.", servers="@ 60 NS x.dns.bureau.example."),
    }
    names = ("ville.example", "service.ville.example", "deep.er.ville.example", "out.ville.example", "seul.example")
    with running_nsd(zones) as address:
        evidence = _collected(address, names)
    found = of(attribute(evidence, MARKET, AS_OF), "dns")
    keepers = {each.domain: (who((each,)), each.flags) for each in found}
    around = ("enclosing-zone",)
    assert keepers == {
        "ville.example": (["bureau"], ()),
        "service.ville.example": (["bureau"], around),
        "deep.er.ville.example": (["bureau"], around),
        "out.ville.example": (["bureau"], around),
        "seul.example": (["?"], around),
    }
    assert failed_layers(evidence, load_policy()).count(Layer.DNS) == 0
    empty = [seen for seen in evidence.observations if (seen.probe, seen.subject) == ("ns", "er.ville.example")]
    assert [(seen.outcome, seen.detail) for seen in empty] == [(Outcome.ABSENT, {"zone": "ville.example"})]
    assert {
        seen.subject for seen in evidence.observations if seen.probe == "soa" and seen.outcome is Outcome.ANSWERED
    } == {"ville.example"}


def _collected(address: str, names: tuple[str, ...]) -> Evidence:
    wanted = tuple(probe for probe in all_probes() if probe.id in ("ns", "ns-address", "soa", "ds", "txt", "network"))

    async def gather() -> Evidence:
        async with LiveNet(NetSettings(resolvers=(address,))) as net:
            return await collect(
                [parse_target(name) for name in names], organisation="T", net=net, probes=wanted, clock=_clock
            )

    return asyncio.run(gather())
