"""Known misclassifications, by their number: evidence in, dependency out. Names and addresses are invented."""

import pytest

from sovscan.catalogue.control import controller
from sovscan.model.dependency import Confidence
from sovscan.model.exposure import Level
from sovscan.model.provider import ControlLink, Strength
from sovscan.model.text import Country, Source
from sovscan.probes.registry import all_probes
from sovscan.readers.spf_walk import SpfResult, walk
from sovscan.rulebook.exposure import expose
from sovscan.score.policy import load_policy
from tests import results
from tests.evidence_builder import AS_OF, Scene, catalogue, of, offer, provider, sign, who

MEDIUM, WEAK = Strength.MEDIUM, Strength.WEAK
D = "valmont.example"
SOURCE = Source(title="invented", url="https://example.test/", checked=AS_OF)


def sourced(id_: str, seat: str, *offers, control=()):
    from dataclasses import replace

    return replace(provider(id_, seat, *offers, control=control), seat_sources=(SOURCE,))


MICROSOFT = sourced(
    "microsoft", "US",
    offer(
        "m365", "mail_in.mailbox identity.tenant mail_out.relay",
        sign("mx", "mail.protection.outlook.com"), sign("mx", "mx.microsoft"), sign("mx", "mail.protection.outlook.de"),
        sign("mx", "mail.eo.outlook.com"), sign("spf", "spf.protection.outlook.com", strength=MEDIUM),
        sign("autodiscover", "autodiscover.outlook.com"), sign("dkim", "onmicrosoft.com"),
        sign("txt", "MS=", "identity.verification", WEAK),
        sign("range", "40.92.0.0/15"), sign("range", "104.47.0.0/17"),
        sign("tenant", "Managed", "identity.tenant"), sign("tenant", "Federated", "identity.tenant"),
    ),
    offer("azure", "hosting.origin", sign("asn", "8075")),
    offer("exchange-server", "mail_in.mailbox", sign("mx", "owa.*"), sign("cname", "owa.*")),
)  # fmt: skip
GOOGLE = sourced(
    "google", "US",
    offer(
        "workspace", "mail_in.mailbox identity.tenant mail_out.relay", sign("mx", "google.com"),
        sign("spf", "_spf.google.com", strength=MEDIUM),
    ),
    offer("search-console", "saas.marketing", sign("txt", "google-site-verification=", strength=WEAK)),
    offer("gcp", "hosting.origin", sign("asn", "396982"), sign("asn", "15169")),
)  # fmt: skip
PROOFPOINT = sourced(
    "proofpoint", "US",
    offer(
        "protection", "mail_in.gateway mail_out.relay",
        sign("mx", "pphosted.com"), sign("spf", "pphosted.com", strength=MEDIUM),
    ),
)  # fmt: skip
VADE = sourced(
    "vade", "FR", offer("vade-cloud", "mail_in.gateway", sign("mx", "vadesecure.com")),
    control=(ControlLink(holder="Proofpoint SA", country=Country("US"), since="2025-12-01", sources=(SOURCE,)),),
)  # fmt: skip
OVH = sourced(
    "ovhcloud", "FR",
    offer(
        "ovh-mail", "mail_in.mailbox mail_out.relay",
        sign("mx", "mail.ovh.net"), sign("spf", "mx.ovh.com", strength=MEDIUM),
    ),
    offer("ovh-servers", "hosting.origin", sign("asn", "16276")),
    offer("ovh-dns", "dns.sole", sign("ns", "ovh.net")),
)  # fmt: skip
AWS = sourced("aws", "US", offer("ec2", "hosting.origin", sign("asn", "16509")))
CLOUDFLARE = sourced(
    "cloudflare", "US",
    offer("cf-proxy", "cdn.proxy", sign("asn", "13335"), sign("header", "cf-ray:", strength=MEDIUM)),
    offer("cf-dns", "dns.sole", sign("ns", "ns.cloudflare.com")),
)  # fmt: skip
ORANGE = sourced("orange", "FR", offer("orange-mail", "mail_in.mailbox", sign("mx", "orange.fr")))
SENDERS = (
    sourced("sendgrid", "US", offer("sendgrid-mail", "mail_out.bulk", sign("spf", "sendgrid.net", strength=MEDIUM))),
    sourced("mailjet", "FR", offer("mailjet-mail", "mail_out.bulk", sign("spf", "spf.mailjet.com", strength=MEDIUM)),
            control=(ControlLink(holder="Sinch AB", country=Country("SE"), sources=(SOURCE,)),)),
    sourced("agari", "US", offer("agari-reports", "mail_out.report", sign("dmarc_rua", "rua.agari.com"))),
)  # fmt: skip
MARKET = catalogue(MICROSOFT, GOOGLE, PROOFPOINT, VADE, OVH, AWS, CLOUDFLARE, ORANGE, *SENDERS)


def mail(scene: Scene, known=MARKET):
    return of(scene.attribute(known), "mail_in")


def level(dependency, known=MARKET) -> set[tuple[str, str]]:
    item = expose(dependency, known, results.RULEBOOK(), load_policy(), AS_OF)
    return {(nexus.level, nexus.country) for nexus in item.nexuses}


def own_mail(address: str, *systems: str) -> Scene:
    return Scene().mx(f"mail.{D}").mx_address(f"mail.{D}", address).network(address, *systems)


# A. Mail behind gateways


def test_p01_gateway_and_backend_are_both_named():
    scene = Scene().mx("mxa-1.gslb.pphosted.com").txt("v=spf1 include:spf.protection.outlook.com -all", "MS=ms1")
    assert [(each.role, *who((each,))) for each in mail(scene)] == [("gateway", "proofpoint"), ("mailbox", "microsoft")]
    assert mail(scene)[1].attribution.confidence is Confidence.PROBABLE


def test_p03_spf_alone_behind_a_gateway_is_a_hypothesis_only():
    scene = Scene().mx("mxa-1.gslb.pphosted.com").txt("v=spf1 include:spf.protection.outlook.com -all")
    box = mail(scene)[1]
    assert box.attribution.provider is None
    assert (box.attribution.runner_up.provider, box.attribution.runner_up.confidence) == ("microsoft", "weak")
    assert box.attribution.settle is not None


def test_p04_the_owner_of_a_gateway_depends_on_the_date():
    (gateway, _) = mail(Scene().mx("mx01.cloud.vadesecure.com"))
    assert gateway.attribution.provider == "vade"
    assert controller(VADE, MARKET, "2025-11-30")[1] == "FR"
    assert controller(VADE, MARKET, "2025-12-01")[1] == "US"


def test_p05_an_american_gateway_is_one():
    forcepoint = sourced("forcepoint", "US", offer("fp", "mail_in.gateway", sign("mx", "mailcontrol.com")))
    known = catalogue(forcepoint)
    assert level(mail(Scene().mx("cust1.in.mailcontrol.com"), known)[0], known) == {("DIRECT", "US")}


LIBRAESVA = sourced(
    "libraesva", "IT", offer("esva", "mail_in.gateway", sign("mx", "esvacloud.com"), sign("mx", "esva.*"))
)


def test_p06_a_gateway_product_under_a_resellers_name_is_recognised_as_a_gateway():
    found = mail(
        Scene().mx("esva.reseller.test").mx_address("esva.reseller.test", "198.51.100.3"), catalogue(LIBRAESVA)
    )
    assert [(each.role, *who((each,))) for each in found] == [("gateway", "?"), ("mailbox", "?")]
    assert found[0].technology.provider == "libraesva"
    assert "appliance" in found[0].flags


def test_p07_a_local_relay_before_a_suite_names_both():
    scene = Scene().mx("mail.syndicate.test").mx_address("mail.syndicate.test", "198.51.100.3")
    scene.network("198.51.100.3", "AS64999 Syndicate").dkim(
        "selector1", "selector1-x._domainkey.valmont.onmicrosoft.com"
    )
    found = mail(scene)
    assert [(each.role, *who((each,))) for each in found] == [("gateway", "?"), ("mailbox", "microsoft")]
    assert "relay" in found[0].flags


@pytest.mark.parametrize("host", ["mx.player.test", f"notpphosted.com.{D}", "xpphosted.com"])
def test_p09_names_match_on_label_boundaries_only(host):
    scene = Scene().mx(host).mx_address(host, "198.51.100.3").network("198.51.100.3", "AS64999 X")
    assert {each.attribution.provider for each in mail(scene)} == {None}


def test_p09_an_appliance_on_an_own_name_is_not_its_makers_cloud():
    fortinet = sourced(
        "fortinet",
        "US",
        offer("fortimail", "mail_in.gateway", sign("mx", "fortimail.*"), sign("mx", "fortimailcloud.com")),
    )
    scene = Scene().mx(f"fortimail.{D}").mx_address(f"fortimail.{D}", "198.51.100.3")
    gateway, box = mail(scene.network("198.51.100.3", "AS16276 OVH"), catalogue(fortinet, OVH))
    assert (gateway.role, gateway.attribution.provider, gateway.attribution.operator_self) == ("gateway", None, True)
    assert (gateway.technology.provider, gateway.host.provider) == ("fortinet", "ovhcloud")
    assert (box.role, box.attribution.provider) == ("mailbox", None)


# B. Tenants, tokens, leftovers


def tenant(answer: str) -> Scene:
    return own_mail("198.51.100.3", "AS16276 OVH").answer("tenant", D, "GET", answer)


def test_p11_a_tenant_is_identity_and_moves_no_mailbox():
    found = tenant("Managed").attribute(MARKET)
    assert who(of(found, "identity", "tenant")) == ["microsoft"]
    assert who(of(found, "mail_in")) == ["self"]


def test_p12_a_federated_tenant_is_less_sure():
    managed, federated = (
        of(tenant(answer).attribute(MARKET), "identity")[0].attribution.confidence
        for answer in ("Managed", "Federated")
    )
    assert managed.rank > federated.rank


def test_p12_the_host_that_sign_in_is_handed_over_to_is_a_dependency():
    scene = Scene().answer("tenant", D, "GET", "Federated", federation_host=f"adfs.{D}")
    hosts = {each.subject: each for each in of(scene.attribute(MARKET), "identity", "sso")}
    unseen = hosts[f"adfs.{D}"].attribution
    assert (unseen.operator_self, unseen.confidence) == (False, Confidence.WEAK)
    scene.host("adfs", "192.0.2.77").network("192.0.2.77", "AS64500 Somebody")
    found = [each for each in of(scene.attribute(MARKET), "identity", "sso") if "federated" in each.flags]
    assert [(each.attribution.operator_self, each.host.label) for each in found] == [(True, "AS64500 Somebody")]


def test_p13_an_unknown_tenant_says_nothing():
    assert of(tenant("Unknown").attribute(MARKET), "identity") == ()


def test_p14_a_search_console_token_is_no_mail():
    found = Scene().mx("x.pphosted.com").txt("google-site-verification=abc").attribute(MARKET)
    box = of(found, "mail_in", "mailbox")[0]
    assert (box.attribution.provider, box.attribution.runner_up) == (None, None)
    assert of(found, "identity") == ()


def test_p14_holds_with_the_catalogue_that_ships():
    scene = Scene().mx("x.pphosted.com").txt("google-site-verification=abc", "google-domain-verification=abc")
    found = scene.attribute(results.CATALOGUE())
    assert not any(each.attribution.provider == "google" for each in found)
    assert all(each.attribution.runner_up is None for each in of(found, "mail_in"))


def test_p15_a_microsoft_token_alone_is_weak():
    found = own_mail("198.51.100.3", "AS16276 OVH").txt("MS=ms123").attribute(MARKET)
    (identity,) = of(found, "identity")
    assert (identity.role, identity.attribution.confidence) == ("verification", "weak")
    assert who(of(found, "mail_in")) == ["self"]


def test_p16_a_suite_left_in_spf_is_a_sender_and_perhaps_a_leftover():
    scene = Scene().mx("mx1.mail.ovh.net").txt("v=spf1 include:mx.ovh.com include:spf.protection.outlook.com -all")
    found = scene.attribute(MARKET)
    assert who(of(found, "mail_in")) == ["ovhcloud"]
    sender = next(each for each in of(found, "mail_out") if each.attribution.provider == "microsoft")
    assert sender.flags == ("leftover",)
    assert sender.attribution.settle is not None


def test_p18_flattened_blocks_are_recognised_by_range():
    found = Scene().mx("x.pphosted.com").txt("v=spf1 ip4:40.92.0.0/15 ip4:104.47.1.36 -all").attribute(MARKET)
    assert "microsoft" in who(of(found, "mail_out"))
    box = of(found, "mail_in", "mailbox")[0]
    assert (box.attribution.provider, box.attribution.runner_up.provider) == (None, "microsoft")


@pytest.mark.parametrize(
    ("texts", "result", "senders"),
    [
        (("V=SPF1 include:sendgrid.net -ALL",), SpfResult.OK, ["sendgrid"]),
        (("v=spf1 redirect=spf.mailjet.com",), SpfResult.OK, ["mailjet"]),
        (("v=spf1 include:sendgrid.net -all", "v=spf1 include:spf.mailjet.com -all"), SpfResult.PERMERROR,
         ["mailjet", "sendgrid"]),
        (("v=spf1 exists:%{i}._spf.pphosted.com include:sendgrid.net -all",), SpfResult.OK, ["proofpoint", "sendgrid"]),
        (("v=spf1 " + " ".join(f"include:n{i}.test" for i in range(11)) + " include:sendgrid.net -all",),
         SpfResult.PERMERROR, ["sendgrid"]),
    ],
)  # fmt: skip
def test_p19_spf_is_followed_by_its_rules_and_never_names_a_wrong_provider(texts, result, senders):
    scene = Scene().txt(*texts)
    for name in ("sendgrid.net", "spf.mailjet.com", *(f"n{i}.test" for i in range(11))):
        scene.spf(name, "v=spf1 ip4:198.51.100.1 -all")
    answers = {each.subject: each for each in scene.seen}
    assert walk(D, answers.get).result is result
    known = sorted(filter(None, (each.attribution.provider for each in of(scene.attribute(MARKET), "mail_out"))))
    assert known == senders


def test_p20_no_mail_is_neither_sovereign_nor_exposed():
    found = Scene().mx("0 .").txt("v=spf1 -all").attribute(MARKET)
    assert of(found, "mail_in") == of(found, "mail_out") == ()


def test_p21_senders_are_findings_of_their_own_and_no_mailbox():
    scene = Scene().mx("x.pphosted.com").txt("v=spf1 include:sendgrid.net include:spf.mailjet.com -all")
    found = scene.attribute(MARKET)
    assert [(each.role, each.attribution.provider) for each in of(found, "mail_out")] == [
        ("bulk", "mailjet"), ("bulk", "sendgrid"),
    ]  # fmt: skip
    assert of(found, "mail_in", "mailbox")[0].attribution.provider is None


def test_p23_a_report_receiver_is_named():
    record = f"v=DMARC1; p=none; rua=mailto:@rua.agari.com,mailto:@{D}"
    (report,) = of(Scene().answer("dmarc", f"_dmarc.{D}", "TXT", record).attribute(MARKET), "mail_out")
    assert (report.role, report.attribution.provider) == ("report", "agari")


# C. MX forms


@pytest.mark.parametrize(
    "host", ["valmont-example.x-v1.mx.microsoft", "v.mail.protection.outlook.de", "v.mail.eo.outlook.com"]
)
def test_p24_every_form_of_the_suites_mx_is_known(host):
    assert who(mail(Scene().mx(host))) == ["microsoft"]


def test_p26_self_run_on_a_cloud_is_two_facts_of_one_dependency():
    (box,) = mail(own_mail("198.51.100.3", "AS16509 Amazon.com"))
    assert (box.attribution.operator_self, box.host.provider) == (True, "aws")
    assert level(box) == {("HOSTED_ON", "US")}


def test_p27_an_own_name_on_microsofts_network_is_on_microsofts_network():
    (box,) = mail(own_mail("198.51.100.3", "AS8075 Microsoft"))
    assert box.host.provider == "microsoft"
    assert level(box) == {("HOSTED_ON", "US")}


def test_p28_the_owner_of_the_network_decides_not_its_country():
    scene = Scene().mx(f"mail.{D}").mx_address(f"mail.{D}", "198.51.100.3")
    scene.answer("network", "198.51.100.3", "ASN", "AS396982 Google Cloud Paris", country="FR")
    assert level(mail(scene)[0]) == {("HOSTED_ON", "US")}


def test_p29_several_networks_on_one_address_are_all_kept_less_surely():
    found = mail(own_mail("198.51.100.3", "AS16276 OVH", "AS16509 Amazon.com"))
    assert {each.host.provider for each in found} == {"ovhcloud", "aws"}
    assert {each.attribution.confidence for each in found} == {Confidence.WEAK}


def test_p29_an_mx_with_ipv6_only_has_a_host():
    assert mail(own_mail("2001:db8::25", "AS16509 Amazon.com"))[0].host.provider == "aws"


def test_p30_split_delivery_names_both_sides():
    scene = own_mail("198.51.100.3", "AS16276 OVH")
    scene.seen = [each for each in scene.seen if each.probe != "mx"]
    found = mail(scene.mx(f"10 mail.{D}", "20 v.mail.protection.outlook.com"))
    assert sorted((each.role, *who((each,))) for each in found) == [("backup", "microsoft"), ("mailbox", "self")]


def test_p32_an_mx_at_the_domain_itself_is_not_self_hosting():
    scene = Scene().mx(D).mx_address(D, "198.51.100.3").network("198.51.100.3", "AS16276 OVH")
    (box,) = mail(scene)
    assert (box.attribution.provider, box.attribution.operator_self) == (None, False)
    assert box.attribution.confidence is Confidence.WEAK
    assert level(box) == {("UNKNOWN", "??")}


def test_p32_an_mx_that_any_name_would_resolve_is_not_self_hosting():
    scene = own_mail("198.51.100.3", "AS16276 OVH").answer("wildcard", f"*.{D}", "A", "198.51.100.3")
    (box,) = mail(scene)
    assert (box.attribution.operator_self, box.flags) == (False, ("wildcard",))


def test_p32_a_parking_host_is_no_mailbox():
    parking = sourced(
        "lot", "DE", offer("lot-parking", "mail_in.mailbox", sign("mx", "lot.test"), categories=("parking",))
    )
    (box,) = mail(Scene().mx("mx.lot.test"), catalogue(parking))
    assert box.attribution.provider is None
    assert "parked" in box.flags


def test_p33_mail_and_web_domains_are_shown_apart():
    scene = Scene(domain="ville.example", others=("commune.example",))
    scene.address("198.51.100.9").network("198.51.100.9", "AS16276 OVH").absent("mx", "ville.example", "MX", "nodata")
    scene.answer("mx", "commune.example", "MX", "10 v.mail.protection.outlook.com")
    found = scene.attribute(MARKET)
    assert [each.domain for each in of(found, "mail_in")] == ["commune.example"]
    assert [each.domain for each in of(found, "hosting")] == ["ville.example"]


def test_p34_a_domain_shared_among_an_access_providers_customers_is_the_providers():
    scene = Scene(domain="orange.fr").mx("smtp-in.orange.fr").mx_address("smtp-in.orange.fr", "198.51.100.3")
    (box,) = mail(scene)
    assert (box.attribution.provider, box.attribution.operator_self, box.flags) == ("orange", False, ("shared",))


def test_p35_a_school_in_the_groups_tenant_inherits_it():
    scene = Scene(domain="school.group.example").mx("group-example.mail.protection.outlook.com")
    (box,) = mail(scene)
    assert (box.attribution.provider, box.flags) == ("microsoft", ("inherited",))


def test_p37_what_is_not_recognised_stays_unknown():
    scene = Scene().mx("mx.nobody.test").mx_address("mx.nobody.test", "198.51.100.3")
    (box,) = mail(scene.network("198.51.100.3", "AS64999 Nobody SAS"))
    assert who((box,)) == ["?"]
    assert level(box) == {("UNKNOWN", "??")}


def test_p38_exchange_on_own_servers_is_technology_only():
    scene = own_mail("198.51.100.3", "AS16276 OVH").host("owa", "198.51.100.3")
    (box,) = mail(scene)
    assert (who((box,)), box.technology.provider, box.host.provider) == (["self"], "microsoft", "ovhcloud")
    assert ("TECHNOLOGY", "US") in level(box)


def test_p39_mail_software_and_its_operator_are_two_facts():
    zimbra = sourced("zimbra", "US", offer("zimbra-server", "mail_in.mailbox", sign("mx", "zimbra.*")))
    scene = Scene().mx(f"zimbra.{D}").mx_address(f"zimbra.{D}", "198.51.100.3").network("198.51.100.3", "AS16276 OVH")
    (box,) = mail(scene, catalogue(zimbra, OVH))
    assert (who((box,)), box.technology.provider, box.host.provider) == (["self"], "zimbra", "ovhcloud")


def test_p40_webmail_on_a_shared_host_is_the_shared_operators():
    laposte = sourced("laposte", "FR", offer("laposte-mail", "mail_in.mailbox", sign("mx", "laposte.test")))
    scene = Scene().mx("smtp.laposte.test").host("webmail", "198.51.100.3", end="webmail.laposte.test")
    (box,) = mail(scene, catalogue(laposte))
    assert (who((box,)), box.attribution.operator_self) == (["laposte"], False)


# D. Web, cloud, ownership


def test_p42_name_servers_alone_are_no_proxy():
    scene = Scene().answer("ns", D, "NS", "a.ns.cloudflare.com", "b.ns.cloudflare.com")
    found = scene.address("198.51.100.9").network("198.51.100.9", "AS16276 OVH").attribute(MARKET)
    assert who(of(found, "dns", "sole")) == ["cloudflare"]
    assert of(found, "cdn") == ()
    assert who(of(found, "hosting")) == ["ovhcloud"]


def test_p43_a_european_brand_on_an_american_cloud_is_hosted_on_it():
    brand = sourced("brand", "FR", offer("brand-web", "hosting.origin", sign("cname", "sites.brand.test")))
    known = catalogue(brand, AWS)
    scene = Scene().address("198.51.100.9", name=f"www.{D}", end="x.sites.brand.test")
    (site,) = of(scene.network("198.51.100.9", "AS16509 Amazon.com").attribute(known), "hosting")
    assert (site.attribution.provider, site.host.provider) == ("brand", "aws")
    assert ("HOSTED_ON", "US") in level(site, known)


def test_p44_the_entity_decides_not_the_brand():
    american = sourced("ovh-us", "US", offer("ovh-us-servers", "hosting.origin", sign("asn", "64512")))
    scene = Scene().address("198.51.100.9").network("198.51.100.9", "AS64512 OVH US LLC")
    (site,) = of(scene.attribute(catalogue(OVH, american)), "hosting")
    assert site.attribution.provider == "ovh-us"


def test_p45_the_owner_of_an_authority_is_the_one_at_the_date():
    link = ControlLink(holder="Parent Inc", country=Country("US"), since="2026-03-01", sources=(SOURCE,))
    authority = sourced("zero", "AT", offer("zero-ca", "ca.issuer", sign("cert_issuer", "Zero GmbH")), control=(link,))
    known = catalogue(authority)
    scene = Scene().answer("tls", f"www.{D}", "TLS", "Zero GmbH", issuer_o="Zero GmbH")
    (issuer,) = of(scene.attribute(known), "ca")
    assert issuer.attribution.provider == "zero"
    assert [controller(authority, known, day)[1] for day in ("2026-02-28", "2026-03-01")] == ["AT", "US"]


def test_p47_european_operation_of_american_technology_is_technology():
    from dataclasses import replace

    premiens = replace(
        offer("premiens-cloud", "hosting.origin", sign("asn", "64513")), technology=("google",), host_known=True
    )
    known = catalogue(sourced("premiens", "FR", premiens), GOOGLE)
    scene = Scene().address("198.51.100.9").network("198.51.100.9", "AS64513 Premiens")
    (site,) = of(scene.attribute(known), "hosting")
    assert level(site, known) == {("TECHNOLOGY", "US")}


def test_p48_a_trusted_cloud_is_never_guessed_from_the_suites_names():
    bleu = sourced("bleu", "FR", offer("bleu-365", "mail_in.mailbox identity.tenant"))
    assert who(mail(Scene().mx("v.mail.protection.outlook.com"), catalogue(MICROSOFT, bleu))) == ["microsoft"]


def test_p49_a_data_boundary_leaves_the_parent():
    link = ControlLink(holder="Microsoft SA", country=Country("US"), sources=(SOURCE,))
    ireland = sourced("ms-ireland", "IE", offer("boundary", "mail_in.mailbox", sign("mx", "eu.test")), control=(link,))
    known = catalogue(ireland)
    assert level(mail(Scene().mx("x.eu.test"), known)[0], known) == {("PARENT", "US")}


def test_p50_offers_are_judged_one_by_one():
    from dataclasses import replace

    resold = replace(offer("resold-cloud", "hosting.origin", sign("asn", "64515")), hosts=("aws",), host_known=True)
    seller = sourced("telco", "FR", offer("own-cloud", "hosting.origin", sign("asn", "64514")), resold)
    known = catalogue(seller, AWS)
    levels = []
    for system in ("AS64514 Telco", "AS64515 Telco resale"):
        scene = Scene().address("198.51.100.9").network("198.51.100.9", system)
        levels.append(level(of(scene.attribute(known), "hosting")[0], known))
    assert levels[0] == {(Level.NONE, "EU")}
    assert ("HOSTED_ON", "US") in levels[1]


def test_p52_a_page_that_was_not_shown_gives_no_third_party_and_no_clean_word():
    scene = Scene().failed("web", f"https://www.{D}/", "GET", "http-403")
    assert of(scene.attribute(MARKET), "web3p") == ()


# E. Operational cases


def test_o1_resolvers_that_disagree_lower_the_confidence():
    scene = Scene().mx("v.mail.protection.outlook.com")
    scene.answer("resolver-check", D, "MX", "10 elsewhere.test", agrees="no", resolver="192.0.2.53:53")
    assert mail(scene)[0].attribution.confidence is Confidence.PROBABLE


@pytest.mark.parametrize("reason", ["servfail", "timeout", "refused"])
def test_o2_a_hole_is_not_an_absence(reason):
    behind = Scene().mx("x.pphosted.com").failed("autodiscover", f"autodiscover.{D}", "A", reason)
    assert who(of(behind.attribute(MARKET), "mail_in", "mailbox")) == ["?"]
    own = Scene().mx(f"mail.{D}").failed("mx-address", f"mail.{D}", "A", reason)
    assert who(mail(own)) == ["?"]
    site = Scene().failed("address", D, "A", reason).failed("address", f"www.{D}", "A", reason)
    assert of(site.attribute(MARKET), "hosting") == ()


def test_o3_a_port_that_is_blocked_is_a_signal_that_is_not_there():
    """No probe speaks SMTP, so that a blocked port 25 changes nothing; a recorded failure of one does neither."""
    assert not [probe.id for probe in all_probes() if "smtp" in probe.id]
    plain = Scene().mx(f"mail.{D}").mx_address(f"mail.{D}", "192.0.2.9").network("192.0.2.9", "AS64500 Somebody")
    before = mail(plain)
    assert mail(plain.failed("smtp", f"mail.{D}", "SMTP", "refused")) == before


def test_o5_only_a_probe_that_is_asked_for_tells_a_third_party_whom_one_looks_at():
    third = {"tenant", "rdap-address"}
    assert {probe.id for probe in all_probes() if probe.opt_in} == third
    for probe in all_probes():
        if not probe.opt_in:
            assert "microsoftonline" not in probe.asks.en, probe.id


def test_o4_the_order_of_equal_mx_changes_nothing():
    hosts = ("10 x.pphosted.com", f"10 mail.{D}", "10 v.mail.protection.outlook.com")
    assert mail(Scene().mx(*hosts)) == mail(Scene().mx(*reversed(hosts)))
