"""Where the mailboxes are, and how sure one may be."""

from sovscan.model.dependency import Confidence
from sovscan.model.provider import Strength
from tests.evidence_builder import Scene, catalogue, of, offer, provider, sign, who

MEDIUM, WEAK = Strength.MEDIUM, Strength.WEAK
SUITE = provider(
    "skyworks", "US",
    offer(
        "skyworks-mail", "mail_in.mailbox identity.tenant mail_out.relay",
        sign("mx", "mail.skyworks.test"), sign("spf", "spf.skyworks.test", strength=MEDIUM),
        sign("dkim", "keys.skyworks.test"), sign("autodiscover", "autodiscover.skyworks.test"),
        sign("txt", "SKY=", strength=WEAK), sign("range", "192.0.2.0/25"), sign("tenant", "Managed"),
        sign("tenant", "Federated"), sign("asn", "64510"),
    ),
)  # fmt: skip
FILTER = provider(
    "grating", "US", offer("grating-filter", "mail_in.gateway mail_out.relay", sign("mx", "grating.test"))
)
HOSTER = provider(
    "hexahost", "FR",
    offer(
        "hexahost-mail", "mail_in.mailbox mail_out.relay",
        sign("mx", "mx.hexahost.test"), sign("spf", "spf.hexahost.test", strength=MEDIUM),
    ),
    offer("hexahost-servers", "hosting.origin", sign("asn", "64500")),
)  # fmt: skip
CLOUD = provider("nimbus", "US", offer("nimbus-machines", "hosting.origin", sign("asn", "64501")))
BULK = provider("pigeon", "FR", offer("pigeon-mail", "mail_out.bulk", sign("spf", "spf.pigeon.test", strength=MEDIUM)))
MARKET = catalogue(SUITE, FILTER, HOSTER, CLOUD, BULK)
D = "valmont.example"


def mail(scene: Scene):
    return of(scene.attribute(MARKET), "mail_in")


def test_an_mx_at_a_suite_is_a_confirmed_mailbox():
    (box,) = mail(Scene().mx("valmont-example.mail.skyworks.test"))
    assert (box.role, box.attribution.provider, box.attribution.confidence) == ("mailbox", "skyworks", "confirmed")
    assert box.attribution.signals[0].observations


def test_a_gateway_and_the_mailbox_behind_it_are_two_dependencies():
    found = mail(Scene().mx("a.grating.test").autodiscover("autodiscover.skyworks.test"))
    assert [(each.role, each.attribution.provider) for each in found] == [
        ("gateway", "grating"),
        ("mailbox", "skyworks"),
    ]
    assert found[1].flags == ("behind-gateway",)
    assert found[1].attribution.confidence is Confidence.PROBABLE


def test_two_kinds_of_proof_confirm_the_mailbox_behind_a_gateway():
    scene = Scene().mx("a.grating.test").autodiscover("autodiscover.skyworks.test").dkim("s1", "x.keys.skyworks.test")
    assert mail(scene)[1].attribution.confidence is Confidence.CONFIRMED


def test_a_mailbox_behind_a_gateway_that_nothing_tells_of_is_unknown():
    gateway, box = mail(Scene().mx("a.grating.test"))
    assert gateway.attribution.confidence is Confidence.CONFIRMED
    assert (box.attribution.provider, box.attribution.operator_self, box.host) == (None, False, None)
    assert box.attribution.confidence is Confidence.WEAK
    assert box.attribution.settle is not None
    assert D in box.attribution.settle.fr


def test_spf_and_a_token_together_name_the_mailbox_behind_a_gateway_but_neither_alone():
    spf, token = "v=spf1 include:spf.skyworks.test -all", "SKY=123"
    for texts, expected in (((spf,), None), ((token,), None), ((spf, token), "skyworks")):
        box = mail(Scene().mx("a.grating.test").txt(*texts).spf("spf.skyworks.test", "v=spf1 -all"))[1]
        assert box.attribution.provider == expected, texts
        if expected is None:
            assert box.attribution.runner_up.provider == "skyworks"
            assert box.attribution.runner_up.confidence is Confidence.WEAK


def test_a_signature_in_the_suite_beats_the_mx_of_a_mail_host_which_is_then_a_relay():
    found = mail(Scene().mx("mx.hexahost.test").dkim("s1", "x.keys.skyworks.test"))
    assert [(each.role, each.attribution.provider) for each in found] == [
        ("gateway", "hexahost"),
        ("mailbox", "skyworks"),
    ]
    assert "relay" in found[0].flags
    assert found[1].attribution.runner_up.provider == "hexahost"


def test_permission_to_send_does_not_move_the_mailbox():
    (box,) = mail(Scene().mx("mx.hexahost.test").txt("v=spf1 include:spf.skyworks.test -all"))
    assert box.attribution.provider == "hexahost"
    assert [each.provider for each in box.attribution.against] == ["skyworks"]


def test_a_suite_keeps_the_mailbox_against_every_trace_of_another():
    other = provider("basecamp", "US", offer(
        "basecamp-mail", "mail_in.mailbox identity.tenant", sign("mx", "basecamp.test"),
        sign("dkim", "dkim.basecamp.test"), sign("autodiscover", "auto.basecamp.test"),
    ))  # fmt: skip
    scene = Scene().mx("x.mail.skyworks.test").autodiscover("auto.basecamp.test").dkim("s1", "k.dkim.basecamp.test")
    (box,) = of(scene.attribute(catalogue(SUITE, other)), "mail_in")
    assert box.attribution.provider == "skyworks"


def test_own_host_on_a_cloud_is_self_run_on_that_cloud():
    scene = Scene().mx(f"mail.{D}").mx_address(f"mail.{D}", "198.51.100.7").network("198.51.100.7", "AS64501 Nimbus EU")
    (box,) = mail(scene)
    assert (box.attribution.provider, box.attribution.operator_self, box.host.provider) == (None, True, "nimbus")


def test_own_host_in_a_block_of_the_suite_is_the_suite():
    scene = Scene().mx(f"mail.{D}").mx_address(f"mail.{D}", "192.0.2.9").network("192.0.2.9", "AS64510 Skyworks")
    (box,) = mail(scene)
    assert (box.attribution.provider, box.attribution.operator_self) == ("skyworks", False)


def test_own_host_with_unread_addresses_is_never_self_run():
    scene = Scene().mx(f"mail.{D}").failed("mx-address", f"mail.{D}", "A").failed("mx-address", f"mail.{D}", "AAAA")
    (box,) = mail(scene)
    assert (box.attribution.provider, box.attribution.operator_self, box.host) == (None, False, None)
    assert box.attribution.confidence is Confidence.WEAK


def test_own_host_on_an_unlisted_network_keeps_the_network_as_host():
    scene = Scene().mx(f"mail.{D}").mx_address(f"mail.{D}", "203.0.113.5").network("203.0.113.5", "AS64999 Somebody")
    (box,) = mail(scene)
    assert box.attribution.operator_self
    assert (box.host.provider, box.host.label) == (None, "AS64999 Somebody")


def test_a_null_mx_is_an_answer_and_no_dependency():
    assert mail(Scene().mx("0 .").txt("v=spf1 -all")) == ()


def test_no_mx_record_is_no_dependency():
    assert mail(Scene().absent("mx", D, "MX", "nodata").autodiscover("autodiscover.skyworks.test")) == ()


def test_an_unread_mx_keeps_what_other_signs_name_a_step_less_sure():
    scene = Scene().failed("mx", D, "MX").autodiscover("autodiscover.skyworks.test").dkim("s1", "x.keys.skyworks.test")
    (box,) = mail(scene)
    assert (box.attribution.provider, box.attribution.confidence) == ("skyworks", "probable")
    assert "mx-unread" in box.flags
    assert box.attribution.settle.en.endswith(f": {D} MX.")
    assert "gateway" not in box.attribution.settle.en


def test_nothing_read_at_all_gives_no_dependency():
    assert Scene().failed("mx", D, "MX", "timeout").failed("txt", D, "TXT", "timeout").attribute(MARKET) == ()


def test_split_delivery_lists_both_and_the_worse_preference_is_the_backup():
    scene = Scene().mx(f"10 mail.{D}", "50 mx.hexahost.test").mx_address(f"mail.{D}", "198.51.100.7")
    scene.network("198.51.100.7", "AS64501 Nimbus")
    found = mail(scene)
    assert sorted((each.role, *who((each,))) for each in found) == [("backup", "hexahost"), ("mailbox", "self")]


def test_a_backup_that_is_proven_to_keep_the_mailboxes_is_no_backup():
    scene = Scene().mx(f"10 mail.{D}", "50 x.mail.skyworks.test").autodiscover("autodiscover.skyworks.test")
    scene.mx_address(f"mail.{D}", "198.51.100.7").network("198.51.100.7", "AS64501 Nimbus")
    assert {("mailbox", "skyworks"), ("mailbox", "self")} == {(each.role, *who((each,))) for each in mail(scene)}


def test_equal_preference_in_any_order_gives_the_same_answer():
    hosts = ("10 mx.hexahost.test", f"10 mail.{D}", "10 a.grating.test")
    results = {
        mail(Scene().mx(*order).mx_address(f"mail.{D}", "198.51.100.7").network("198.51.100.7", "AS64501 N"))
        for order in (hosts, hosts[::-1])
    }
    assert len(results) == 1


def test_an_alias_mx_is_followed_to_its_provider():
    scene = Scene().mx(f"mx.{D}").mx_address(f"mx.{D}", "192.0.2.200", chain=f"mx.{D} > x.mail.skyworks.test")
    (box,) = mail(scene)
    assert box.attribution.provider == "skyworks"


def test_an_aliases_target_that_repeats_a_wildcard_is_no_sign():
    name = f"autodiscover.{D}"
    scene = Scene().mx("a.grating.test")
    scene.seen += Scene().failed("autodiscover", name, "A", "wildcard").seen
    assert mail(scene)[1].attribution.provider is None


def test_a_host_of_a_known_provider_on_somebody_elses_network_names_both():
    scene = Scene().mx("mx.hexahost.test").mx_address("mx.hexahost.test", "198.51.100.7")
    (box,) = mail(scene.network("198.51.100.7", "AS64501 Nimbus"))
    assert (box.attribution.provider, box.host.provider) == ("hexahost", "nimbus")


def test_resolvers_that_disagree_lower_the_confidence():
    scene = Scene().mx("x.mail.skyworks.test")
    scene.answer("resolver-check", D, "MX", "10 other.test", agrees="no", resolver="192.0.2.53:53")
    (box,) = mail(scene)
    assert box.attribution.confidence is Confidence.PROBABLE
    assert "disputed" in box.flags


def test_every_dependency_has_a_signal_that_names_an_observation():
    scene = (
        Scene()
        .mx("a.grating.test", f"mail.{D}")
        .txt("v=spf1 include:spf.pigeon.test include:nobody.test ip4:192.0.2.1 -all")
    )
    seen = {each.id for each in scene.seen}
    found = scene.attribute(MARKET)
    assert found
    for each in found:
        assert each.attribution.signals
        for signal in each.attribution.signals:
            assert signal.observations
            assert set(signal.observations) <= seen


def test_a_hosts_own_set_up_record_does_not_outweigh_the_mx():
    """A host writes its autodiscover record into each new zone; the MX was set on purpose."""
    scene = Scene().mx("mail.valmont.example").mx_address("mail.valmont.example", "192.0.2.200")
    scene.network("192.0.2.200", "AS64500 Hexahost").autodiscover("mx.hexahost.test")
    (box,) = mail(scene)
    assert (box.attribution.operator_self, box.attribution.confidence) == (True, "probable")
    assert "conflict" not in box.flags


def test_a_closed_policy_that_leaves_out_a_suite_speaks_against_its_mailboxes():
    def said(policy):
        scene = Scene().mx("mail.valmont.example").mx_address("mail.valmont.example", "192.0.2.200")
        scene.network("192.0.2.200", "AS64500 Hexahost").autodiscover("autodiscover.skyworks.test")
        return mail(scene.txt("SKY=1", policy))[0]

    closed = said("v=spf1 ip4:192.0.2.200 -all")
    assert (closed.attribution.operator_self, closed.flags) == (True, ())
    assert "conflict" in said("v=spf1 ip4:192.0.2.200 ?all").flags


def test_a_policy_with_a_hole_speaks_against_nobody():
    scene = Scene().mx("mail.valmont.example").mx_address("mail.valmont.example", "192.0.2.200")
    scene.network("192.0.2.200", "AS64500 Hexahost").autodiscover("autodiscover.skyworks.test")
    scene.txt("SKY=1", "v=spf1 include:spf.unread.test -all").failed("spf", "spf.unread.test", "TXT")
    assert "conflict" in mail(scene)[0].flags


def test_behind_a_gateway_a_set_up_host_that_also_sends_is_where_the_mailboxes_are():
    scene = Scene().mx("a.grating.test").autodiscover("outlook.valmont.example")
    scene.txt("v=spf1 a:outlook.valmont.example -all").host("outlook", "192.0.2.201")
    scene.network("192.0.2.201", "AS64500 Hexahost")
    gateway, box = mail(scene)
    assert (gateway.role, box.role, box.subject) == ("gateway", "mailbox", "outlook.valmont.example")
    assert (box.attribution.operator_self, box.host.provider) == (True, "hexahost")


def test_behind_a_gateway_a_set_up_host_alone_names_nobody():
    box = mail(Scene().mx("a.grating.test").autodiscover("outlook.valmont.example"))[1]
    assert (box.attribution.provider, box.attribution.operator_self) == (None, False)
    assert box.attribution.confidence is Confidence.WEAK


def test_a_set_up_host_of_its_own_does_not_hide_a_suite_in_a_hybrid():
    scene = Scene().mx("a.grating.test").autodiscover("outlook.valmont.example")
    box = mail(scene.txt("SKY=1", "v=spf1 include:spf.skyworks.test -all"))[1]
    assert (box.attribution.provider, box.attribution.confidence) == ("skyworks", "probable")


def test_a_forgotten_final_dot_still_names_the_service():
    scene = Scene().mx("a.grating.test").autodiscover("autodiscover.skyworks.test.valmont.example")
    assert mail(scene)[1].attribution.provider == "skyworks"
