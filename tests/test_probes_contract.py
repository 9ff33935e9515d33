"""What every probe owes: one honest observation a question, whatever the network does."""

import asyncio

import pytest

from sovscan.files.canonical import dumps
from sovscan.files.evidence_bundle import in_order
from sovscan.files.records import to_plain
from sovscan.model.evidence import Outcome
from sovscan.model.target import Target, TargetKind
from sovscan.probes.probe import Hints, Subject
from sovscan.probes.registry import all_probes, in_order_of_id
from tests.nets import AbsentNet, LyingNet, OfflineNet, SilentNet, SlowNet

DOMAIN = Target(kind=TargetKind.DOMAIN, value="mairie-valmorel.example")
TARGETS = (
    DOMAIN,
    Target(kind=TargetKind.DOMAIN, value="ecole.lycee.mairie-valmorel.example"),
    Target(kind=TargetKind.HOST, value="www.mairie-valmorel.example"),
    Target(kind=TargetKind.URL, value="https://app.mairie-valmorel.example/a"),
    Target(kind=TargetKind.URL, value="https://[2001:db8::1]:8443/"),
    Target(kind=TargetKind.NETWORK, value="192.0.2.0/24"),
    Target(kind=TargetKind.NETWORK, value="AS64500"),
)
HINTS = Hints(dkim_selectors=("selector1", "google"), host_labels=("webmail", "intranet"))
CASES = [
    pytest.param(probe, target, id=f"{probe.id}-{target.value}")
    for probe in all_probes()
    for target in TARGETS
    if target.kind in probe.kinds
]


def observed(probe, target, net):
    """What one probe observes when everything it reads was observed through the same network."""
    by_id = {found.id: found for found in all_probes()}
    others = {"127.0.0.2:53": net}

    async def run():
        seen = {}

        async def ask(wanted):
            for needed in by_id[wanted].after:
                if needed not in seen:
                    await ask(needed)
            known = in_order(one for needed in by_id[wanted].after for one in seen[needed])
            if target.kind not in by_id[wanted].kinds:
                seen[wanted] = ()
                return
            seen[wanted] = await by_id[wanted].observe(
                Subject(target=target, seen=known, hints=HINTS, others=others), net
            )

        await ask(probe.id)
        # An address written in place of a name is no question: it is true whatever the network does.
        return tuple(one for one in seen[probe.id] if not (one.detail.get("ip_literal") and one.outcome.is_fact))

    return asyncio.run(run())


def asked_always(probe, target):
    return {(subject, kind) for subject, kind in probe.questions(target) if probe.id != "address" or ":" not in subject}


def questions_of(observations):
    return {(seen.subject, seen.asked.type) for seen in observations}


@pytest.mark.parametrize(("probe", "target"), CASES)
def test_silence_is_a_hole_and_never_an_absence(probe, target):
    found = observed(probe, target, SilentNet())
    assert all(seen.outcome is Outcome.FAILED for seen in found)
    assert all(seen.reason in {"timeout", "deadline"} for seen in found)
    assert all(seen.probe == probe.id for seen in found)
    assert asked_always(probe, target) <= questions_of(found)


@pytest.mark.parametrize(("probe", "target"), CASES)
def test_what_is_not_there_is_absent(probe, target):
    found = observed(probe, target, AbsentNet())
    expected = Outcome.FAILED if probe.id == "tenant" else Outcome.ABSENT
    assert all(seen.outcome is expected and seen.reason for seen in found)
    assert asked_always(probe, target) <= questions_of(found)


@pytest.mark.parametrize(("probe", "target"), CASES)
def test_offline_nothing_is_claimed(probe, target):
    assert not any(seen.outcome.is_fact for seen in observed(probe, target, OfflineNet()))


@pytest.mark.parametrize(("probe", "target"), CASES)
def test_a_slow_network_says_the_same_as_a_fast_one(probe, target):
    records = {
        ("mairie-valmorel.example", "MX"): ("10 mx.mairie-valmorel.example",),
        ("mairie-valmorel.example", "TXT"): ("v=spf1 include:spf.prestataire.example a:x.example mx -all",),
        ("spf.prestataire.example", "TXT"): ("v=spf1 ip4:192.0.2.0/24 -all",),
        ("mx.mairie-valmorel.example", "A"): ("192.0.2.7",),
        ("selector1._domainkey.mairie-valmorel.example", "CNAME"): ("s1.prestataire.example",),
    }
    first, second = (observed(probe, target, SlowNet(records, seed)) for seed in (1, 2))
    assert in_order(first) == in_order(second)


@pytest.mark.parametrize(("probe", "target"), CASES)
def test_no_lie_of_the_network_breaks_a_probe_or_leaks_through_it(probe, target):
    found = observed(probe, target, LyingNet())
    assert asked_always(probe, target) <= questions_of(found)
    for seen in found:
        written = dumps(to_plain(seen))
        assert len(written) < 400_000
        assert b"SECRETCANARY" not in written
        assert b"jean.dupont" not in written
        assert b"jean\\\\.dupont" not in written


def test_every_probe_says_in_both_languages_what_is_asked_of_whom():
    for probe in all_probes():
        assert probe.asks.fr.endswith(".")
        assert probe.asks.en.endswith(".")
        assert probe.asks.fr != probe.asks.en


def test_only_probes_that_ask_a_third_party_wait_to_be_asked_for():
    assert [probe.id for probe in all_probes() if probe.opt_in] == ["rdap-address", "tenant"]


def test_probes_are_listed_by_id():
    listed = [probe.id for probe in all_probes()]
    assert listed == sorted(listed)
    assert {"mx", "mx-address", "ns", "ns-address", "soa", "address", "txt", "spf", "dmarc", "dkim", "autodiscover",
            "microsoft-names", "srv", "caa", "mta-sts", "tls-rpt", "bimi", "ds", "dnskey", "host-names", "wildcard",
            "web", "tls", "network", "rdap-domain", "tenant", "rdap-address", "resolver-check",
            } == set(listed)  # fmt: skip


def test_two_probes_with_one_id_are_refused():
    probe = all_probes()[0]
    with pytest.raises(ValueError, match="share the id"):
        in_order_of_id((*all_probes(), probe))


def test_a_probe_that_waits_for_nobody_or_for_itself_is_refused():
    by_id = {probe.id: probe for probe in all_probes()}
    with pytest.raises(ValueError, match="waits for 'mx'"):
        in_order_of_id([by_id["mx-address"]])
    from dataclasses import replace

    ring = [replace(by_id["mx"], after=("ns",)), replace(by_id["ns"], after=("mx",))]
    with pytest.raises(ValueError, match="wait for one another: mx, ns"):
        in_order_of_id(ring)
