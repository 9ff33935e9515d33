"""The misclassifications that DNS itself can bring about, asked of a real name server: zone in, dependency out.

Each row has a domain of its own, ``pNN.example``; addresses are read in the network table that ships.
"""

import asyncio

import pytest

from sovscan.attribute import attribute
from sovscan.collect import collect
from sovscan.model.dependency import Confidence
from sovscan.model.evidence import Evidence, Outcome
from sovscan.net.live import LiveNet
from sovscan.net.net import NetSettings
from sovscan.probes.probe import Hints
from sovscan.probes.registry import all_probes
from sovscan.readers.names import parse_target
from sovscan.readers.spf_walk import SpfResult, walk
from tests.evidence_builder import AS_OF, of, who
from tests.servers.dns_server import DnsServer
from tests.servers.nsd import nsd_program, running_nsd
from tests.test_pitfalls import MARKET

OVH_V4, OVH_V6, AMAZON, AZURE, GOOGLE_PARIS = "51.68.0.25", "2001:41d0:1::25", "3.120.0.25", "20.50.2.25", "34.155.0.25"
HINTS = Hints(dkim_selectors=("selector1", "google"), host_labels=("owa", "webmail", "intranet"))
ZONE = f"""$ORIGIN .
$TTL 60
@ SOA ns.box.test. hostmaster.box.test. 1 3600 600 86400 60
@ NS ns.box.test.
ns.box.test. A 192.0.2.53
mxa-1.gslb.pphosted.com. A 192.0.2.1
v.mail.protection.outlook.com. A 192.0.2.2
mx1.mail.ovh.net. A 192.0.2.3
relay.syndicate.test. A {OVH_V4}
spf.protection.outlook.com. TXT "v=spf1 ip4:40.92.0.0/15 -all"
mx.ovh.com. TXT "v=spf1 ip4:51.68.0.0/24 -all"
sendgrid.net. TXT "v=spf1 ip4:198.51.100.0/24 -all"
spf.mailjet.com. TXT "v=spf1 ip4:198.51.100.0/24 -all"
p01.example. MX 10 mxa-1.gslb.pphosted.com.
p01.example. TXT "v=spf1 include:spf.protection.outlook.com -all"
p01.example. TXT "MS=ms1"
p03.example. MX 10 mxa-1.gslb.pphosted.com.
p03.example. TXT "v=spf1 include:spf.protection." "outlook.com -all"
p07.example. MX 10 relay.syndicate.test.
selector1._domainkey.p07.example. CNAME selector1-p07-example._domainkey.p07.onmicrosoft.com.
selector1-p07-example._domainkey.p07.onmicrosoft.com. TXT "v=DKIM1; p=abc"
p07.example. TXT "v=spf1 include:spf.protection.outlook.com -all"
p09.example. MX 10 notpphosted.com.
notpphosted.com. A {OVH_V4}
p14.example. MX 10 mxa-1.gslb.pphosted.com.
p14.example. TXT "google-site-verification=abc"
p15.example. MX 10 mail.p15.example.
mail.p15.example. A {OVH_V4}
p15.example. TXT "MS=ms123"
p16.example. MX 10 mx1.mail.ovh.net.
p16.example. TXT "v=spf1 include:mx.ovh.com include:spf.protection.outlook.com -all"
p18.example. MX 10 mxa-1.gslb.pphosted.com.
p18.example. TXT "v=spf1 ip4:40.92.0.0/15 ip4:104.47.1.36 -all"
p19.example. TXT "V=SPF1 include:sendgrid.net -ALL"
redirected.p19.example. TXT "v=spf1 redirect=spf.mailjet.com"
twice.p19.example. TXT "v=spf1 include:sendgrid.net -all"
twice.p19.example. TXT "v=spf1 include:spf.mailjet.com -all"
circle.p19.example. TXT "v=spf1 include:circle.p19.example -all"
void.p19.example. TXT "v=spf1 a:a.test a:b.test a:c.test include:sendgrid.net -all"
p20.example. MX 0 .
p20.example. TXT "v=spf1 -all"
p21.example. MX 10 mxa-1.gslb.pphosted.com.
p21.example. TXT "v=spf1 include:sendgrid.net include:spf.mailjet.com -all"
_dmarc.p23.example. TXT "v=DMARC1; p=none; rua=mailto:somebody@rua.agari.com"
p24.example. MX 10 v.mail.protection.outlook.com.
p26.example. MX 10 mail.p26.example.
mail.p26.example. A {AMAZON}
p27.example. MX 10 mail.p27.example.
mail.p27.example. A {AZURE}
p28.example. MX 10 mail.p28.example.
mail.p28.example. A {GOOGLE_PARIS}
p29.example. MX 10 mail.p29.example.
mail.p29.example. AAAA {OVH_V6}
p30.example. MX 10 mail.p30.example.
p30.example. MX 20 v.mail.protection.outlook.com.
mail.p30.example. A {OVH_V4}
p32.example. MX 10 p32.example.
p32.example. A {OVH_V4}
wild.p32.example. MX 10 mail.wild.p32.example.
*.wild.p32.example. A {OVH_V4}
school.p35.example. MX 10 v.mail.protection.outlook.com.
p37.example. MX 10 mx.nobody.test.
mx.nobody.test. A 192.0.2.77
p38.example. MX 10 mail.p38.example.
mail.p38.example. A {OVH_V4}
owa.p38.example. A {OVH_V4}
p42.example. NS a.ns.cloudflare.com.
p42.example. NS b.ns.cloudflare.com.
p42.example. A {OVH_V4}
o4.example. MX 10 mxa-1.gslb.pphosted.com.
o4.example. MX 10 mail.o4.example.
o4.example. MX 10 v.mail.protection.outlook.com.
mail.o4.example. A {OVH_V4}
"""
DOMAINS = sorted(
    {line.split()[0].removesuffix(".") for line in ZONE.splitlines() if line.startswith(("p", "o4", "school", "wild"))}
    | {f"{name}.p19.example" for name in ("redirected", "twice", "circle", "void")}
    | {"p23.example"}
)


def collected(address: str, *domains: str, deadline: float = 0.8) -> dict[str, Evidence]:
    """The evidence about each domain, an organisation of its own, collected over one network."""
    settings = NetSettings(resolvers=(address,), dns_deadline=deadline, dns_retries=0, http_proxy="http://127.0.0.1:9")
    probes = tuple(probe for probe in all_probes() if probe.id not in {"web", "tls", "rdap-domain"})

    async def run() -> dict[str, Evidence]:
        async with LiveNet(settings) as net:
            return {
                name: await collect((parse_target(name),), organisation=name, net=net, probes=probes, hints=HINTS)
                for name in domains
            }

    return asyncio.run(run())


@pytest.fixture(scope="module", params=["python", pytest.param("nsd", marks=pytest.mark.server)])
def world(request) -> dict[str, Evidence]:
    if request.param == "python":
        with DnsServer(ZONE) as server:
            return collected(server.address, *DOMAINS)
    if nsd_program() is None:
        pytest.skip("nsd is not installed; the pure-Python server stands in")
    # In one zone an inner NS record is a delegation, and NSD would send the client away.
    flat = "\n".join(line for line in ZONE.splitlines() if not line.startswith("p42.example. NS"))
    with running_nsd({".": flat}) as address:
        return collected(address, *DOMAINS)


def layer(world: dict[str, Evidence], domain: str, name: str, *role: str):
    return of(attribute(world[domain], MARKET, AS_OF), name, *role)


def said(found) -> list[tuple[str, str]]:
    return sorted((each.role, *who((each,))) for each in found)


def test_p01_gateway_and_backend(world):
    assert said(layer(world, "p01.example", "mail_in")) == [("gateway", "proofpoint"), ("mailbox", "microsoft")]


def test_p03_a_policy_in_two_strings_alone_is_a_second_reading(world):
    (box,) = layer(world, "p03.example", "mail_in", "mailbox")
    assert (box.attribution.provider, box.attribution.runner_up.provider) == (None, "microsoft")


def test_p07_a_relay_before_a_suite_whose_signatures_are_an_alias(world):
    assert said(layer(world, "p07.example", "mail_in")) == [("gateway", "?"), ("mailbox", "microsoft")]


def test_p09_a_name_that_ends_alike_is_another(world):
    assert said(layer(world, "p09.example", "mail_in")) == [("mailbox", "?")]


def test_p14_a_search_console_token_names_no_mailbox(world):
    (box,) = layer(world, "p14.example", "mail_in", "mailbox")
    assert (box.attribution.provider, box.attribution.runner_up) == (None, None)


def test_p15_a_token_is_weak_and_moves_no_mailbox(world):
    assert said(layer(world, "p15.example", "mail_in")) == [("mailbox", "self")]
    (identity,) = layer(world, "p15.example", "identity")
    assert (identity.role, identity.attribution.confidence) == ("verification", Confidence.WEAK)


def test_p16_a_suite_left_in_the_policy_is_a_sender(world):
    assert said(layer(world, "p16.example", "mail_in")) == [("mailbox", "ovhcloud")]
    senders = layer(world, "p16.example", "mail_out")
    assert [each.flags for each in senders if each.attribution.provider == "microsoft"] == [("leftover",)]


def test_p18_blocks_written_out_name_a_sender(world):
    assert "microsoft" in who(layer(world, "p18.example", "mail_out"))


@pytest.mark.parametrize(
    ("domain", "result", "senders"),
    [
        ("p19.example", SpfResult.OK, ["sendgrid"]),
        ("redirected.p19.example", SpfResult.OK, ["mailjet"]),
        ("twice.p19.example", SpfResult.PERMERROR, ["mailjet", "sendgrid"]),
        ("circle.p19.example", SpfResult.PERMERROR, []),
        ("void.p19.example", SpfResult.PERMERROR, ["sendgrid"]),
    ],
)
def test_p19_policies_are_followed_by_their_rules(world, domain, result, senders):
    answers = {(each.subject, each.asked.type): each for each in world[domain].observations if each.probe != "mx"}
    tree = walk(domain, lambda name: answers.get((name, "TXT")), typed=lambda name, kind: answers.get((name, kind)))
    assert tree.result is result
    assert sorted({name for name in who(layer(world, domain, "mail_out")) if name != "?"}) == senders


def test_p20_no_mail_has_no_dependency(world):
    assert layer(world, "p20.example", "mail_in") == layer(world, "p20.example", "mail_out") == ()


def test_p21_senders_are_no_mailbox(world):
    assert said(layer(world, "p21.example", "mail_out")) == [("bulk", "mailjet"), ("bulk", "sendgrid")]
    assert said(layer(world, "p21.example", "mail_in")) == [("gateway", "proofpoint"), ("mailbox", "?")]


def test_p23_the_receiver_of_reports_is_named(world):
    assert said(layer(world, "p23.example", "mail_out")) == [("report", "agari")]


def test_p24_the_suites_mx_is_known(world):
    assert said(layer(world, "p24.example", "mail_in")) == [("mailbox", "microsoft")]


@pytest.mark.parametrize(
    ("domain", "host"), [("p26.example", "aws"), ("p27.example", "microsoft"), ("p28.example", "google")]
)
def test_p26_p27_p28_self_run_on_a_us_cloud_is_two_facts_wherever_it_stands(world, domain, host):
    (box,) = layer(world, domain, "mail_in")
    assert (box.attribution.operator_self, box.host.provider) == (True, host)


def test_p29_a_host_with_ipv6_alone_has_a_network(world):
    (box,) = layer(world, "p29.example", "mail_in")
    assert (box.attribution.operator_self, box.host.provider) == (True, "ovhcloud")


def test_p30_both_sides_of_split_delivery(world):
    assert said(layer(world, "p30.example", "mail_in")) == [("backup", "microsoft"), ("mailbox", "self")]


@pytest.mark.parametrize("domain", ["p32.example", "wild.p32.example"])
def test_p32_an_mx_that_any_name_would_resolve_is_not_self_hosting(world, domain):
    (box,) = layer(world, domain, "mail_in")
    assert (box.attribution.operator_self, box.attribution.confidence) == (False, Confidence.WEAK)


def test_p35_a_tenant_of_the_group_above_is_inherited(world):
    evidence = world["school.p35.example"]
    (box,) = of(attribute(evidence, MARKET, AS_OF), "mail_in")
    assert box.attribution.provider == "microsoft"


def test_p37_an_unlisted_operator_stays_unknown(world):
    assert said(layer(world, "p37.example", "mail_in")) == [("mailbox", "?")]


def test_p38_own_exchange_is_technology(world):
    (box,) = layer(world, "p38.example", "mail_in")
    assert (who((box,)), box.technology.provider, box.host.provider) == (["self"], "microsoft", "ovhcloud")


def test_p42_name_servers_alone_are_no_proxy(world):
    assert layer(world, "p42.example", "cdn") == ()
    assert [each.host.provider for each in layer(world, "p42.example", "hosting")] == ["ovhcloud"]


def test_o4_equal_preference_is_told_in_one_order(world):
    (mx,) = [each for each in world["o4.example"].observations if each.probe == "mx"]
    assert mx.values == tuple(sorted(mx.values))
    assert len(layer(world, "o4.example", "mail_in")) == 3


@pytest.mark.parametrize("fault", ["servfail", "timeout", "refused"])
def test_o2_a_name_server_that_fails_is_no_absence_and_names_nobody_own(fault):
    with DnsServer(ZONE, faults={"mail.p15.example": fault}) as server:
        evidence = collected(server.address, "p15.example", deadline=0.25)["p15.example"]
    asked = [each for each in evidence.observations if each.subject == "mail.p15.example"]
    assert {each.outcome for each in asked} == {Outcome.FAILED}
    assert said(of(attribute(evidence, MARKET, AS_OF), "mail_in")) == [("mailbox", "?")]
