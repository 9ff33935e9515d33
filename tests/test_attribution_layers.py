"""Every layer but incoming mail: who is behind, as far as evidence says, and unknown where it does not."""

import pytest

from sovscan.model.dependency import Confidence
from sovscan.model.provider import Strength
from tests.evidence_builder import Scene, catalogue, of, offer, provider, sign, who

MEDIUM, WEAK = Strength.MEDIUM, Strength.WEAK
D, WWW = "valmont.example", "www.valmont.example"
HOST = provider(
    "hexahost",
    "FR",
    offer("servers", "hosting.origin cdn.proxy", sign("asn", "64500"), sign("cname", "pages.hexa.test")),
)
CLOUD = provider("nimbus", "US", offer("machines", "hosting.origin", sign("asn", "64501")))
SHIELD = provider(
    "shield", "US",
    offer("shield-proxy", "cdn.proxy", sign("asn", "64502"), sign("cname", "edge.shield.test"),
          sign("header", "shield-ray:", strength=MEDIUM)),
    offer("shield-names", "dns.sole", sign("ns", "ns.shield.test")),
)  # fmt: skip
NAMES = provider(
    "registre", "FR", offer("fr-names", "registry.registry", sign("tld", "example")),
    offer("bureau", "registry.registrar dns.sole", sign("registrar", "Bureau SAS"), sign("ns", "dns.bureau.test")),
)  # fmt: skip
DESK = provider(
    "desk",
    "US",
    offer(
        "desk-tickets", "saas.business", sign("cname", "desk.test"), sign("txt", "desk-verification=", strength=WEAK)
    ),
)
SUITE = provider("skyworks", "US", offer(
    "skyworks-mail", "mail_in.mailbox identity.tenant saas.business", sign("mx", "mail.skyworks.test"),
    sign("cname", "register.skyworks.test"), sign("txt", "SKY=", strength=WEAK),
))  # fmt: skip
LOGIN = provider("keyring", "US", offer("keyring-sso", "identity.sso", sign("cname", "keyring.test")))
PIXELS = provider(
    "pixels",
    "US",
    offer("pixels-analytics", "web3p.analytics", sign("web_host", "pixels.test"), sign("cookie", "_px", strength=WEAK)),
)
NOTARY = provider("notary", "US", offer("notary-ca", "ca.issuer", sign("cert_issuer", "Notary's Trust")))
POST = provider(
    "post",
    "FR",
    offer(
        "post-bulk",
        "mail_out.bulk saas.marketing",
        sign("spf", "spf.post.test", strength=MEDIUM),
        sign("dkim", "dkim.post.test"),
    ),
)
MARKET = catalogue(HOST, CLOUD, SHIELD, NAMES, DESK, SUITE, LOGIN, PIXELS, NOTARY, POST)


def found(scene: Scene, layer: str, role: str | None = None):
    return of(scene.attribute(MARKET), layer, role)


# hosting and cdn


def test_a_site_is_hosted_by_the_owner_of_its_network_in_both_families():
    scene = Scene().address("198.51.100.9", "2001:db8::9", name=WWW)
    scene.network("198.51.100.9", "AS64500 Hexa").network("2001:db8::9", "AS64501 Nimbus")
    sites = found(scene, "hosting", "origin")
    assert who(sites) == ["hexahost", "nimbus"]
    assert {each.host.provider for each in sites} == {"hexahost", "nimbus"}


def test_a_network_where_servers_are_rented_is_no_proxy():
    assert found(Scene().address("198.51.100.9").network("198.51.100.9", "AS64500 Hexa"), "cdn") == ()


def test_behind_a_proxy_the_origin_is_unknown_and_said_so():
    scene = Scene().address("203.0.113.9", name=WWW).network("203.0.113.9", "AS64502 Shield")
    assert who(found(scene, "cdn")) == ["shield"]
    (origin,) = found(scene, "hosting")
    assert (who((origin,)), origin.flags, origin.host) == (["?"], ("origin-hidden",), None)
    assert origin.attribution.settle is not None


def test_headers_of_the_proxy_confirm_it():
    scene = Scene().address("203.0.113.9", name=WWW).network("203.0.113.9", "AS64502 Shield")
    assert found(scene, "cdn")[0].attribution.confidence is Confidence.PROBABLE
    scene.answer("web", f"https://{WWW}/", "GET", headers="content-type shield-ray", status="200")
    assert found(scene, "cdn")[0].attribution.confidence is Confidence.CONFIRMED


def test_a_proxy_by_alias_hides_the_origin_too():
    scene = Scene().address("198.51.100.9", name=WWW, end="x.edge.shield.test")
    assert who(found(scene, "cdn")) == ["shield"]
    assert who(found(scene, "hosting")) == ["?"]


def test_a_service_by_alias_on_somebody_elses_network_names_both():
    scene = Scene().address("198.51.100.9", name=WWW, end="x.pages.hexa.test").network("198.51.100.9", "AS64501 Nimbus")
    (site,) = found(scene, "hosting")
    assert (site.attribution.provider, site.host.provider) == ("hexahost", "nimbus")


def test_addresses_on_an_unknown_network_leave_hosting_unknown():
    scene = Scene().address("198.51.100.9").failed("network", "198.51.100.9", "ASN", "no-table")
    (site,) = found(scene, "hosting")
    assert (who((site,)), site.host, site.attribution.confidence) == (["?"], None, "weak")


def test_no_address_is_no_hosting():
    assert found(Scene().absent("address", D, "A").absent("address", WWW, "A"), "hosting") == ()


def test_other_hosts_are_secondary_once_for_each_holder():
    scene = Scene().address("198.51.100.9").network("198.51.100.9", "AS64500 Hexa")
    scene.host("vpn", "203.0.113.7").host("git", "203.0.113.8").host("blog", "198.51.100.9")
    scene.network("203.0.113.7", "AS64501 Nimbus").network("203.0.113.8", "AS64501 Nimbus")
    assert who(found(scene, "hosting", "secondary")) == ["nimbus"]


# dns


def test_one_operator_is_sole_and_two_share():
    one = Scene().answer("ns", D, "NS", "a.ns.shield.test", "b.ns.shield.test")
    assert [(each.role, each.attribution.provider) for each in found(one, "dns")] == [("sole", "shield")]
    two = Scene().answer("ns", D, "NS", "a.ns.shield.test", "x.dns.bureau.test")
    assert {(each.role, each.attribution.provider) for each in found(two, "dns")} == {
        ("shared", "shield"), ("shared", "registre"),
    }  # fmt: skip


def test_own_name_servers_are_self_run_on_their_network_only_when_it_is_seen():
    scene = Scene().answer("ns", D, "NS", f"ns1.{D}")
    assert who(found(scene, "dns")) == ["?"]
    scene.answer("ns-address", f"ns1.{D}", "A", "198.51.100.53").network("198.51.100.53", "AS64501 Nimbus")
    (own,) = found(scene, "dns")
    assert (own.attribution.operator_self, own.host.provider) == (True, "nimbus")


def soa(scene: Scene, first: str) -> Scene:
    return scene.answer("soa", D, "SOA", f"{first} @{D} 1 3600 600 86400 60")


def marks(scene: Scene) -> dict[str, tuple[str, ...]]:
    return {each.subject: each.flags for each in found(scene, "dns")}


def test_the_zone_says_who_keeps_it_and_who_has_a_copy_and_the_keys_are_the_keepers():
    two = Scene().answer("ns", D, "NS", "a.ns.shield.test", "x.dns.bureau.test")
    assert marks(soa(two, "a.ns.shield.test")) == {
        "a.ns.shield.test": ("primary",),
        "x.dns.bureau.test": ("secondary",),
    }
    two.answer("ds", D, "DS", "12345 13 2 ab")
    assert marks(two) == {"a.ns.shield.test": ("primary", "signs-zone"), "x.dns.bureau.test": ("secondary",)}
    alone = soa(Scene().answer("ns", D, "NS", "b.ns.shield.test"), "a.ns.shield.test")
    assert marks(alone) == {"b.ns.shield.test": ()}
    assert marks(alone.answer("ds", D, "DS", "12345 13 2 ab")) == {"b.ns.shield.test": ("signs-zone",)}


def test_a_first_server_that_does_not_answer_for_the_zone_feeds_it_from_behind_unless_its_name_is_invented():
    def fed(first: str) -> tuple[str, ...]:
        return marks(soa(Scene().answer("ns", D, "NS", "a.ns.shield.test"), first))["a.ns.shield.test"]

    assert fed("x.dns.bureau.test") == ("hidden-primary",)
    assert fed(f"ns0.{D}") == ("hidden-primary",)
    assert fed("localhost") == ()
    unread = Scene().answer("ns", D, "NS", "a.ns.shield.test").failed("soa", D, "SOA").failed("ds", D, "DS")
    assert marks(unread) == {"a.ns.shield.test": ()}


def test_nobody_feeds_a_zone_from_behind_while_whose_servers_answer_for_it_is_unread():
    scene = soa(Scene().answer("ns", D, "NS", f"ns1.{D}"), f"ns0.{D}")
    assert marks(scene.failed("ns-address", f"ns1.{D}", "A", "timeout"))[f"ns1.{D}"] == ()


# registry and ca


def test_registry_from_the_name_and_registrar_from_the_registry():
    scene = Scene().answer("ns", D, "NS", "a.ns.shield.test").answer("rdap-domain", D, "RDAP", registrar="BUREAU  SAS")
    assert [(each.role, each.attribution.provider) for each in found(scene, "registry")] == [
        ("registrar", "registre"), ("registry", "registre"),
    ]  # fmt: skip


def test_an_unread_registrar_is_left_out_and_an_unlisted_one_is_unknown():
    base = Scene().answer("ns", D, "NS", "a.ns.shield.test")
    assert found(base.failed("rdap-domain", D, "RDAP", "timeout"), "registry", "registrar") == ()
    other = Scene().answer("ns", D, "NS", "a.ns.shield.test").answer("rdap-domain", D, "RDAP", registrar="Nobody Ltd")
    assert who(found(other, "registry", "registrar")) == ["?"]


@pytest.mark.parametrize(("issuer", "expected"), [("Notary's Trust", "notary"), ("Notary's Trust Europe", None)])
def test_an_authority_is_known_by_its_whole_name(issuer, expected):
    (authority,) = found(Scene().answer("tls", WWW, "TLS", issuer, issuer_o=issuer), "ca")
    assert authority.attribution.provider == expected


def test_a_failed_handshake_names_no_authority():
    assert found(Scene().failed("tls", WWW, "TLS", "timeout"), "ca") == ()


# web


def test_third_parties_are_named_once_for_each_service_and_own_hosts_are_none():
    scene = Scene().answer(
        "web", f"https://{WWW}/", "GET", "script https://a.pixels.test/x.js", "img https://b.pixels.test/p.gif",
        f"script https://static.{D}/own.js", "iframe https://player.nobody.test/v", final_url=f"https://{WWW}/",
    )  # fmt: skip
    seen = found(scene, "web3p")
    assert [(each.role, *who((each,))) for each in seen] == [("analytics", "pixels"), ("embed", "?")]


def test_what_a_policy_merely_allows_is_weak():
    scene = Scene().answer("web", f"https://{WWW}/", "GET", csp_hosts="*.pixels.test", final_url=f"https://{WWW}/")
    assert found(scene, "web3p")[0].attribution.confidence is Confidence.WEAK


# saas and identity


def test_an_alias_into_a_service_is_use_and_a_token_alone_may_be_a_leftover():
    used = found(Scene().host("support", "198.51.100.7", end="valmont.desk.test"), "saas")
    assert [(each.attribution.provider, each.attribution.confidence) for each in used] == [("desk", "confirmed")]
    (token,) = found(Scene().txt("desk-verification=1"), "saas")
    assert (token.attribution.confidence, token.flags) == ("weak", ("token-only",))
    assert token.attribution.settle is not None


def test_an_alias_whose_target_is_gone_is_a_leftover():
    name = f"support.{D}"
    scene = Scene().answer("host-names", name, "A", chain=f"{name} > valmont.desk.test", target="nxdomain")
    (left,) = found(scene, "saas")
    assert (left.flags, left.attribution.confidence) == (("leftover",), "weak")


def test_a_suites_token_is_identity_and_no_second_service():
    scene = Scene().txt("SKY=1")
    assert [each.role for each in found(scene, "identity")] == ["verification"]
    assert found(scene, "saas") == ()


def test_a_suites_mailbox_implies_its_accounts():
    assert who(found(Scene().mx("x.mail.skyworks.test"), "identity", "tenant")) == ["skyworks"]


def test_a_registration_alias_confirms_the_tenant():
    name = f"enterpriseregistration.{D}"
    scene = Scene().answer("microsoft-names", name, "A", "198.51.100.1", chain=f"{name} > register.skyworks.test")
    (tenant,) = found(scene, "identity")
    assert (tenant.role, tenant.attribution.provider, tenant.attribution.confidence) == (
        "tenant",
        "skyworks",
        "confirmed",
    )


def test_a_sign_in_host_at_a_service_is_sso():
    assert [(each.role, each.attribution.provider) for each in found(
        Scene().host("sso", "198.51.100.7", end="valmont.keyring.test"), "identity"
    )] == [("sso", "keyring")]  # fmt: skip


# mail_out


def test_a_sender_is_its_own_dependency_and_no_second_service():
    scene = Scene().txt("v=spf1 include:spf.post.test include:spf.nobody.test -all")
    scene.spf("spf.post.test", "v=spf1 -all").spf("spf.nobody.test", "v=spf1 include:spf.post.test -all")
    seen = found(scene, "mail_out")
    assert {(each.role, *who((each,))) for each in seen} == {("bulk", "post"), ("relay", "?")}
    assert found(scene, "saas") == ()


def test_a_sender_of_a_supplier_is_weaker_than_an_own_one():
    scene = (
        Scene().txt("v=spf1 include:spf.nobody.test -all").spf("spf.nobody.test", "v=spf1 include:spf.post.test -all")
    )
    post = next(each for each in found(scene, "mail_out") if each.attribution.provider == "post")
    assert post.attribution.confidence is Confidence.WEAK


def test_the_inner_records_of_a_known_sender_are_its_own_affair():
    inner = Scene().txt("v=spf1 include:spf.post.test -all").spf("spf.post.test", "v=spf1 include:spf.other.test -all")
    assert who(found(inner, "mail_out")) == ["post"]


def test_a_signature_shows_a_sender_that_spf_does_not():
    assert who(found(Scene().dkim("s1", "k.dkim.post.test"), "mail_out")) == ["post"]


# the whole


def test_the_same_evidence_gives_the_same_dependencies_in_the_same_order():
    scene = (
        Scene().mx("x.mail.skyworks.test").txt("SKY=1", "desk-verification=1").answer("ns", D, "NS", "a.ns.shield.test")
    )
    first = scene.attribute(MARKET)
    scene.seen.reverse()
    assert scene.attribute(MARKET) == first
    assert [each.id for each in first] == sorted(each.id for each in first)
    assert len({each.id for each in first}) == len(first)


def test_silence_everywhere_names_nobody():
    scene = Scene()
    for probe, name, rrtype in (
        ("mx", D, "MX"), ("txt", D, "TXT"), ("ns", D, "NS"), ("address", D, "A"), ("address", WWW, "A"),
        ("web", f"https://{WWW}/", "GET"), ("tls", WWW, "TLS"), ("rdap-domain", D, "RDAP"),
    ):  # fmt: skip
        scene.failed(probe, name, rrtype, "timeout")
    assert all(who((each,)) == ["?"] for each in scene.attribute(MARKET))
    assert scene.attribute(MARKET) == ()
