"""Collection end to end: real servers on loopback, faults included, and evidence that shows no order."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sovscan.collect import collect
from sovscan.files.evidence_bundle import in_order, read_evidence, write_evidence
from sovscan.model.evidence import Outcome, Vantage
from sovscan.model.target import Target, TargetKind
from sovscan.model.text import Text
from sovscan.net.live import LiveNet
from sovscan.net.net import NetSettings
from sovscan.probes.probe import Hints, Probe
from sovscan.probes.registry import all_probes
from sovscan.readers.names import parse_target
from tests.nets import AbsentNet, LyingNet, OfflineNet, SilentNet, SlowNet, ZoneNet
from tests.servers.dns_server import DnsServer
from tests.servers.http_server import HttpServer, page, redirect
from tests.servers.nsd import nsd_program, running_nsd
from tests.servers.tls_authority import Authority

ZONE = (Path(__file__).parent / "zones" / "organisations.zone").read_text("utf-8")
HINTS = Hints(dkim_selectors=("selector1", "google"), host_labels=("intranet", "webmail"))
FAST = {"dns_deadline": 0.6, "dns_retries": 0, "http_deadline": 1.0}
VALMOREL, LAC, PHARES, BRUME = (
    f"{name}.example" for name in ("mairie-de-valmorel", "atelier-du-lac", "agence-des-phares", "syndicat-brume")
)


def clock():
    return datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def gathered(net, *targets, **options):
    options = {"organisation": "Test", "probes": all_probes(), "hints": HINTS, "clock": clock, **options}
    return asyncio.run(collect([parse_target(text) for text in targets], net=net, **options))


def live(address, *targets, others=(), **options):
    """Evidence collected through the real network stack from a server on loopback."""
    settings = NetSettings(resolvers=(address,), **{**FAST, **options})

    async def run():
        async with LiveNet(settings) as net:
            extra = {}
            for other in others:
                extra[other] = LiveNet(replace(settings, resolvers=(other,)))
                await extra[other].__aenter__()
            try:
                return await collect(
                    [parse_target(text) for text in targets], organisation="Test", net=net, probes=all_probes(),
                    hints=HINTS, clock=clock, vantage=net.vantage(), versions=net.versions(), others=extra,
                )  # fmt: skip
            finally:
                for net_of_other in extra.values():
                    await net_of_other.__aexit__(None, None, None)

    return asyncio.run(run())


def seen(evidence, probe, subject, rrtype=None):
    """The one observation of a question."""
    found = [
        one
        for one in evidence.observations
        if (one.probe, one.subject) == (probe, subject) and rrtype in (None, one.asked.type)
    ]
    assert len(found) == 1, found
    return found[0]


@pytest.fixture(scope="module", params=["python", pytest.param("nsd", marks=pytest.mark.server)])
def organisations(request):
    """The evidence of all invented organisations, from the pure-Python server and from NSD where it is installed."""
    targets = (VALMOREL, LAC, PHARES, BRUME)
    if request.param == "python":
        with DnsServer(ZONE, origin="example.") as server:
            return live(server.address, *targets)
    if nsd_program() is None:
        pytest.skip("nsd is not installed; the pure-Python server stands in")
    # In one zone an inner NS record is a delegation, and NSD would send the client away.
    flat = "\n".join(line for line in ZONE.splitlines() if line.startswith("@") or " NS " not in line)
    with running_nsd({"example.": flat}) as address:
        return live(address, *targets)


def test_mail_is_followed_from_the_domain_to_the_addresses(organisations):
    mx = seen(organisations, "mx", VALMOREL)
    assert mx.values == ("10 mx1.passerelle.example", f"20 secours.{VALMOREL}")
    assert seen(organisations, "mx-address", "mx1.passerelle.example", "AAAA").values == ("2001:db8::25",)
    absent = seen(organisations, "mx-address", f"secours.{VALMOREL}", "AAAA")
    assert (absent.outcome, absent.reason) == (Outcome.ABSENT, "nodata")


def test_mail_hosts_that_are_aliases_or_only_ipv6_or_gone_are_told_apart(organisations):
    alias = seen(organisations, "mx-address", f"alias-mx.{LAC}", "AAAA")
    assert (alias.values, alias.detail["chain"]) == (("2001:db8::6",), f"alias-mx.{LAC} > mx6.{LAC}")
    assert seen(organisations, "mx-address", f"mx6.{LAC}", "A").reason == "nodata"
    assert seen(organisations, "mx-address", f"absent.{LAC}", "A").reason == "nxdomain"


def test_null_mx_is_an_answer_not_an_absence(organisations):
    mx = seen(organisations, "mx", PHARES)
    assert (mx.outcome, mx.values, mx.detail) == (Outcome.ANSWERED, ("0 .",), {"null_mx": "yes"})
    assert not [one for one in organisations.observations if one.probe == "mx-address" and one.subject in {"", "."}]


def test_a_policy_is_followed_through_includes_hosts_and_redirect(organisations):
    assert seen(organisations, "spf", "spf.nuage.example").values[0].startswith("v=spf1 ip4:203.0.113.0/24")
    assert seen(organisations, "spf", "spf2.nuage.example").outcome is Outcome.ANSWERED
    assert seen(organisations, "spf", "_spf.suite.example").outcome is Outcome.ANSWERED
    assert seen(organisations, "spf", f"envoi.{VALMOREL}", "A").values == ("192.0.2.27",)
    assert seen(organisations, "spf", LAC, "MX").outcome is Outcome.ANSWERED


def test_an_alias_is_an_answer_even_when_its_target_has_nothing(organisations):
    dkim = seen(organisations, "dkim", f"selector1._domainkey.{VALMOREL}")
    assert dkim.outcome is Outcome.ANSWERED
    assert dkim.detail["alias"] == "selector1-valmorel._domainkey.locataire.nuage.example"
    assert dkim.detail["target"] == "nxdomain"
    dangling = seen(organisations, "host-names", f"webmail.{VALMOREL}")
    assert (dangling.outcome, dangling.detail["target"]) == (Outcome.ANSWERED, "nxdomain")
    autodiscover = seen(organisations, "autodiscover", f"autodiscover.{VALMOREL}")
    assert autodiscover.detail["alias"] == "autodiscover.nuage.example"


def test_the_site_s_alias_chain_is_kept_whole(organisations):
    www = seen(organisations, "address", f"www.{VALMOREL}", "A")
    assert www.detail["chain"] == f"www.{VALMOREL} > site.hebergeur.example > grappe.hebergeur.example"
    assert seen(organisations, "address", f"www.{LAC}", "A").outcome is Outcome.ABSENT
    web = seen(organisations, "web", f"https://www.{LAC}/")
    assert (web.outcome, web.reason) == (Outcome.ABSENT, "no-address")
    assert seen(organisations, "tls", f"www.{LAC}").reason == "no-address"


def test_a_guessed_name_under_a_wildcard_proves_nothing_unless_it_differs(organisations):
    assert seen(organisations, "wildcard", f"*.{BRUME}").values == ("203.0.113.66",)
    assert seen(organisations, "wildcard", f"*.{VALMOREL}").outcome is Outcome.ABSENT
    repeated = seen(organisations, "host-names", f"intranet.{BRUME}")
    assert (repeated.outcome, repeated.reason, repeated.detail["wildcard"]) == (Outcome.FAILED, "wildcard", "yes")
    assert repeated.values == ("203.0.113.66",)
    assert seen(organisations, "host-names", f"webmail.{BRUME}").values == ("203.0.113.67",)
    assert seen(organisations, "dkim", f"selector1._domainkey.{BRUME}").outcome is Outcome.ANSWERED


def test_no_mailbox_and_no_random_label_is_kept(organisations):
    written = write_evidence(organisations)
    for person in (b"marie.curie", b"jean", b"tls@"):
        assert person not in written
    assert not re.search(rb"sovscan-[0-9a-f]{16}", written)
    assert seen(organisations, "dmarc", f"_dmarc.{VALMOREL}").values == (
        "v=DMARC1; p=none; rua=mailto:@rapports.example",
    )


def test_caa_climbs_until_a_name_answers(organisations):
    assert seen(organisations, "caa", VALMOREL).values[1] == '0 issue "autorite.example"'
    assert [one.subject for one in organisations.observations if one.probe == "caa"] == sorted(
        [VALMOREL, LAC, PHARES, BRUME, "example"]
    )


def test_evidence_survives_being_written_and_read(organisations):
    assert read_evidence(write_evidence(organisations), "evidence") == organisations


def test_organisations_with_several_domains_share_what_they_have_in_common(organisations):
    ids = [one.id for one in organisations.observations]
    assert len(ids) == len(set(ids))
    assert organisations.observations == in_order(organisations.observations)
    shared = [
        one for one in organisations.observations if one.probe == "mx-address" and "mx1.passerelle" in one.subject
    ]
    assert len(shared) == 2


def test_parties_contacted_and_probes_left_out_are_named(organisations):
    assert organisations.vantage.options["not_asked"] == "rdap-address tenant"
    assert organisations.collected_at == "2026-11-21T10:00:00Z"


FAULTS = {
    "timeout": "timeout", "servfail": "servfail", "refused": "refused", "formerr": "formerr", "notimp": "notimp",
    "lame": "lame", "nodata_nosoa": "unverified-nodata", "nxdomain_nosoa": "unverified-nxdomain",
    "wrong_id": "timeout", "wrong_question": "timeout", "garbage": "malformed", "count_lie": "malformed",
    "tc_no_tcp": "truncated", "loop": "chain", "cname_chain_16": "chain",
}  # fmt: skip


@pytest.mark.parametrize(("fault", "reason"), FAULTS.items())
def test_every_wire_fault_is_a_hole_with_its_reason_in_every_essential_question(fault, reason):
    with DnsServer(ZONE, origin="example.", faults={f"*{VALMOREL}": fault}) as server:
        evidence = live(server.address, VALMOREL, dns_deadline=0.25)
    for probe, rrtype in (("mx", "MX"), ("txt", "TXT"), ("ns", "NS"), ("address", "A"), ("address", "AAAA")):
        one = seen(evidence, probe, VALMOREL, rrtype)
        assert one.outcome is Outcome.FAILED
        assert one.reason == reason
    for probe, subject in (("web", f"https://www.{VALMOREL}/"), ("tls", f"www.{VALMOREL}")):
        assert seen(evidence, probe, subject).outcome is Outcome.FAILED
    assert not any(one.outcome is Outcome.ABSENT for one in evidence.observations if VALMOREL in one.subject)


@pytest.mark.parametrize("fault", ["nodata", "nxdomain"])
def test_a_verified_absence_is_a_fact(fault):
    with DnsServer(ZONE, origin="example.", faults={VALMOREL: fault}) as server:
        evidence = live(server.address, VALMOREL)
    assert (seen(evidence, "mx", VALMOREL).outcome, seen(evidence, "mx", VALMOREL).reason) == (Outcome.ABSENT, fault)


def test_a_resolver_that_invents_answers_is_seen_as_a_wildcard():
    with DnsServer(
        ZONE, origin="example.", faults={f"sovscan-*.{LAC}": "nx_hijack", f"*.{LAC}/A": "nx_hijack"}
    ) as server:
        evidence = live(server.address, LAC)
    assert seen(evidence, "wildcard", f"*.{LAC}").outcome is Outcome.ANSWERED
    assert seen(evidence, "host-names", f"webmail.{LAC}").reason == "wildcard"


def test_resolvers_that_disagree_are_both_kept():
    other_zone = ZONE.replace(
        "mairie-de-valmorel MX 10 mx1.passerelle\n", "mairie-de-valmorel MX 10 ailleurs.passerelle\n"
    )
    with (
        DnsServer(ZONE, origin="example.") as first,
        DnsServer(other_zone, origin="example.", faults={f"{VALMOREL}/TXT": "servfail"}) as second,
    ):
        evidence = live(first.address, VALMOREL, others=(second.address,))
    checks = {
        one.asked.type: one
        for one in evidence.observations
        if one.probe == "resolver-check" and one.subject == VALMOREL
    }
    assert checks["MX"].detail == {"agrees": "no", "resolver": second.address}
    assert checks["MX"].values[0] == "10 ailleurs.passerelle.example"
    assert checks["NS"].detail["agrees"] == "yes"
    assert checks["TXT"].outcome is Outcome.FAILED
    assert "agrees" not in checks["TXT"].detail


HOME = page(
    b"<meta name=generator content='Atelier 3'><base href=https://statique.example/><script src=/a.js></script>"
    b"<img src=https://moi:CANARI@mesure.example/p.gif?id=CANARI>",
    "Server: nginx",
    "Set-Cookie: session=CANARI; HttpOnly",
    "Content-Security-Policy: script-src https://*.statique.example",
)


def test_a_page_and_its_certificate_are_read_from_a_real_https_server():
    authority = Authority()
    pages = {"/": redirect("/accueil"), "/accueil": HOME}
    with (
        HttpServer(pages, tls=authority.context("app.lac.example")) as site,
        DnsServer("app.lac A 127.0.0.1", origin="example.") as server,
    ):
        url = f"https://app.lac.example:{site.port}/"
        evidence = live(
            server.address, url, scope=(f"127.0.0.1/32:{site.port}",), ca_file=authority.ca_file, http_deadline=5.0
        )
    web = seen(evidence, "web", url)
    assert web.values == ("img https://mesure.example/p.gif", "script https://statique.example/a.js")
    assert web.detail["final_url"] == f"{url}accueil"
    assert (web.detail["generator"], web.detail["server"], web.detail["cookies"]) == ("Atelier 3", "nginx", "session")
    assert web.detail["csp_hosts"] == "*.statique.example"
    tls = seen(evidence, "tls", "app.lac.example")
    assert (tls.outcome, tls.detail["issuer_o"]) == (Outcome.ANSWERED, "Autorité d'essai")
    assert "CANARI" not in write_evidence(evidence).decode()
    assert evidence.vantage.contacted == ("app.lac.example",)


def test_an_address_that_may_not_be_reached_is_a_hole_and_is_not_reached():
    with HttpServer({"/": HOME}) as site, DnsServer("app.lac A 127.0.0.1", origin="example.") as server:
        evidence = live(server.address, f"http://app.lac.example:{site.port}/")
        assert site.connected == 0
    web = seen(evidence, "web", f"http://app.lac.example:{site.port}/")
    assert (web.outcome, web.reason) == (Outcome.FAILED, "blocked-address")


RECORDS = {
    ("valmorel.example", "MX"): ("10 mx.valmorel.example", "20 192.0.2.9"),
    ("valmorel.example", "TXT"): ("v=spf1 include:a.example include:b.example mx -all", "MS=ms1"),
    ("a.example", "TXT"): ("v=spf1 include:c.example -all",),
    ("b.example", "TXT"): ("v=spf1 ip4:192.0.2.0/24 -all",),
    ("c.example", "TXT"): ("v=spf1 exists:%{i}.c.example ~all",),
    ("mx.valmorel.example", "A"): ("192.0.2.1",),
    ("www.valmorel.example", "CNAME"): ("site.example",),
    ("site.example", "A"): ("192.0.2.2", "192.0.2.3"),
    ("*.lac.example", "A"): ("192.0.2.66",),
    ("lac.example", "MX"): ("10 mx.valmorel.example",),
}
PAGES = {
    "https://www.valmorel.example/": (
        200, (("server", "nginx"), ("set-cookie", "sid=SECRET")), b"<script src=https://cdn.example/a.js?k=SECRET></script>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_replies_cannot_be_seen_in_the_evidence(seed):
    straight = gathered(ZoneNet(RECORDS, PAGES), "valmorel.example", "lac.example")
    shuffled = gathered(SlowNet(RECORDS, seed, pages=PAGES), "valmorel.example", "lac.example")
    assert write_evidence(shuffled) == write_evidence(straight)


def test_a_mail_host_that_is_an_address_is_kept_as_a_fact():
    evidence = gathered(ZoneNet(RECORDS), "valmorel.example")
    literal = seen(evidence, "mx-address", "192.0.2.9", "A")
    assert (literal.values, literal.detail) == (("192.0.2.9",), {"ip_literal": "yes"})
    assert seen(evidence, "network", "192.0.2.9").values == ("AS64500 Example Net",)


def test_a_page_is_kept_without_its_text_values_or_secrets():
    web = seen(gathered(ZoneNet(RECORDS, PAGES), "valmorel.example"), "web", "https://www.valmorel.example/")
    assert web.values == ("script https://cdn.example/a.js",)
    assert web.detail["cookies"] == "sid"
    assert b"SECRET" not in str(web).encode()


@pytest.mark.parametrize(
    ("pages", "subject", "outcome", "reason"),
    [
        ({}, "https://www.valmorel.example/", Outcome.ABSENT, "no-address"),
        ({"https://valmorel.example/": (200, (), b"")}, "https://valmorel.example/", Outcome.ANSWERED, None),
        ({"https://www.valmorel.example/": "deadline"}, "https://www.valmorel.example/", Outcome.FAILED, "deadline"),
        ({"https://www.valmorel.example/": "tls-expired", "http://www.valmorel.example/": (200, (), b"")},
         "http://www.valmorel.example/", Outcome.ANSWERED, None),
        ({"https://www.valmorel.example/": (403, (), b"<script src=//challenge.example/x.js>")},
         "https://www.valmorel.example/", Outcome.FAILED, "http-403"),
        ({"https://www.valmorel.example/": (503, (), b"")},
         "https://www.valmorel.example/", Outcome.FAILED, "http-503"),
    ],
)  # fmt: skip
def test_the_main_page_is_what_answers_and_a_refusal_is_a_hole(pages, subject, outcome, reason):
    web = seen(gathered(ZoneNet(RECORDS, pages), "valmorel.example"), "web", subject)
    assert (web.outcome, web.reason) == (outcome, reason)
    if reason == "http-403":
        assert web.values == ()
        assert web.detail["status"] == "403"


def test_a_policy_file_is_read_and_its_absence_is_a_fact():
    records = {("_mta-sts.valmorel.example", "TXT"): ("v=STSv1; id=1",)}
    url = "https://mta-sts.valmorel.example/.well-known/mta-sts.txt"
    policy = b"version: STSv1\nmode: enforce\nmx: mx.valmorel.example\nmax_age: 86400\n"
    found = seen(gathered(ZoneNet(records, {url: (200, (), policy)}), "valmorel.example"), "mta-sts", url)
    assert "mode: enforce" in found.values
    missing = seen(gathered(ZoneNet(records, {url: (404, (), policy)}), "valmorel.example"), "mta-sts", url)
    assert (missing.outcome, missing.reason) == (Outcome.ABSENT, "no-policy")
    broken = seen(gathered(ZoneNet(records, {url: "deadline"}), "valmorel.example"), "mta-sts", url)
    assert broken.outcome is Outcome.FAILED


TENANT = "https://login.microsoftonline.com/getuserrealm.srf?login=nobody@valmorel.example&json=1"


@pytest.mark.parametrize(
    ("body", "outcome", "values"),
    [
        (b'{"NameSpaceType":"Managed","Login":"nobody@valmorel.example"}', Outcome.ANSWERED, ("Managed",)),
        (
            b'{"NameSpaceType":"Federated","AuthURL":"https://sso.valmorel.example/adfs?x"}',
            Outcome.ANSWERED,
            ("Federated",),
        ),
        (b"<RealmInfo><NameSpaceType>Unknown</NameSpaceType></RealmInfo>", Outcome.ANSWERED, ("Unknown",)),
        (b"<html>sorry</html>", Outcome.FAILED, ()),
        (b'{"NameSpaceType":["Managed"]}', Outcome.FAILED, ()),
        (b"[" * 100000, Outcome.FAILED, ()),
    ],
)
def test_microsoft_is_asked_only_on_request_and_its_word_is_kept(body, outcome, values):
    net = ZoneNet({}, {TENANT: (200, (), body)}, opt_in=("tenant",))
    evidence = gathered(net, "valmorel.example")
    tenant = seen(evidence, "tenant", "valmorel.example")
    assert (tenant.outcome, tenant.values) == (outcome, values)
    assert "login.microsoftonline.com" in evidence.vantage.contacted
    silent = gathered(ZoneNet({}, {TENANT: (200, (), body)}), "valmorel.example")
    assert not [one for one in silent.observations if one.probe == "tenant"]
    assert "login.microsoftonline.com" not in silent.vantage.contacted


def test_addresses_are_asked_of_registries_only_on_request_and_few():
    records = {("valmorel.example", "A"): tuple(f"192.0.2.{number}" for number in range(1, 10))}
    evidence = gathered(ZoneNet(records, opt_in=("rdap-address",)), "valmorel.example")
    outcomes = [one.outcome for one in evidence.observations if one.probe == "rdap-address"]
    assert (outcomes.count(Outcome.ABSENT), outcomes.count(Outcome.SKIPPED)) == (4, 5)


@pytest.mark.parametrize("net", [SilentNet, AbsentNet, OfflineNet, LyingNet])
def test_essential_questions_are_observed_in_the_worst_of_worlds(net):
    evidence = gathered(net(opt_in=("tenant", "rdap-address")), "valmorel.example")
    for probe, subject, rrtype in (
        ("mx", "valmorel.example", "MX"), ("txt", "valmorel.example", "TXT"), ("ns", "valmorel.example", "NS"),
        ("address", "valmorel.example", "A"), ("address", "valmorel.example", "AAAA"),
        ("web", "https://www.valmorel.example/", "GET"), ("tls", "www.valmorel.example", "TLS"),
    ):  # fmt: skip
        assert seen(evidence, probe, subject, rrtype)
    read_evidence(write_evidence(evidence), "evidence")


async def _raise(_subject, _net):
    raise KeyError("a bug")


async def _hang(_subject, _net):
    await asyncio.sleep(3600)


def broken(probe_id, observe):
    return tuple(replace(probe, observe=observe) if probe.id == probe_id else probe for probe in all_probes())


def test_a_bug_in_one_probe_is_a_hole_is_told_and_loses_nothing_else():
    bugs = []
    evidence = gathered(ZoneNet(RECORDS), "valmorel.example", probes=broken("mx", _raise), on_bug=bugs.append)
    mx = seen(evidence, "mx", "valmorel.example")
    assert (mx.outcome, mx.reason) == (Outcome.FAILED, "probe-bug")
    assert [(bug.probe, type(bug.error)) for bug in bugs] == [("mx", KeyError)]
    assert seen(evidence, "txt", "valmorel.example").outcome is Outcome.ANSWERED


def test_what_is_not_done_by_the_deadline_is_a_hole_and_the_rest_is_kept():
    evidence = gathered(ZoneNet(RECORDS), "valmorel.example", probes=broken("mx", _hang), target_deadline=0.2)
    mx = seen(evidence, "mx", "valmorel.example")
    assert (mx.outcome, mx.reason) == (Outcome.SKIPPED, "deadline")
    waiting = seen(evidence, "mx-address", "valmorel.example")
    assert (waiting.outcome, waiting.reason) == (Outcome.SKIPPED, "deadline")
    assert seen(evidence, "spf", "c.example").outcome is Outcome.ANSWERED


def test_a_probe_waits_only_for_what_it_reads():
    started = []

    def slow_wildcard(probe):
        async def observe(subject, net):
            started.append(probe.id)
            if probe.id == "wildcard":
                await asyncio.sleep(0.05)
            return await probe.observe(subject, net)

        return replace(probe, observe=observe)

    gathered(ZoneNet(RECORDS), "valmorel.example", probes=[slow_wildcard(probe) for probe in all_probes()])
    assert started.index("mx-address") < started.index("dkim")
    assert started.index("spf") < started.index("host-names")


def test_progress_is_told_of_every_probe_that_ended():
    told = []
    gathered(ZoneNet(RECORDS), "valmorel.example", progress=lambda target, probe: told.append((target.value, probe)))
    assert sorted(told) == sorted(("valmorel.example", probe.id) for probe in all_probes() if not probe.opt_in)


def test_the_same_target_twice_is_observed_once():
    net = ZoneNet(RECORDS)
    evidence = gathered(net, "valmorel.example", "Valmorel.example.")
    assert len(evidence.targets) == 1
    assert net.asked.count(("valmorel.example", "NS")) == 1


def test_targets_of_other_kinds_are_asked_only_what_fits():
    evidence = gathered(ZoneNet(RECORDS, PAGES), "www.valmorel.example", "192.0.2.0/24", "AS64500")
    assert {one.probe for one in evidence.observations} == {"address", "caa", "network", "tls", "web"}
    assert seen(evidence, "network", "192.0.2.0").values == ("AS64500 Example Net",)


def test_a_vantage_keeps_what_it_was_given():
    vantage = Vantage(resolvers=("127.0.0.1:53",), options={"probes": "tenant"}, contacted=("a.example",))
    described = gathered(ZoneNet(RECORDS, PAGES), "valmorel.example", vantage=vantage).vantage
    assert described.resolvers == ("127.0.0.1:53",)
    assert described.options["probes"] == "tenant"
    assert {"a.example", "www.valmorel.example"} <= set(described.contacted)


def test_an_unheard_of_probe_runs_like_the_others():
    async def observe(subject, _net):
        return subject.of("mx")

    extra = Probe(
        id="zz", asks=Text(fr="Rien.", en="Nothing."), observe=observe, questions=lambda _: (), after=("mx",),
        kinds=frozenset({TargetKind.DOMAIN}),
    )  # fmt: skip
    evidence = gathered(ZoneNet(RECORDS), "valmorel.example", probes=(*all_probes(), extra))
    assert seen(evidence, "mx", "valmorel.example")


def test_a_target_without_a_fitting_probe_leaves_nothing():
    target = Target(kind=TargetKind.DECLARED, value="visio")
    evidence = asyncio.run(collect([target], organisation="Test", net=ZoneNet({}), probes=all_probes(), clock=clock))
    assert evidence.observations == ()
