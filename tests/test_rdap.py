"""The registry reader against a registry of our own that answers, contradicts itself, floods and refuses."""

import asyncio
import json
import time

import pytest

from sovscan.model.evidence import Outcome
from sovscan.net.dns_client import DnsClient
from sovscan.net.http_client import HttpClient
from sovscan.net.net import NetSettings
from sovscan.net.rdap import Bootstrap, Rdap
from sovscan.net.rdap_records import MAX_TEXT
from sovscan.readers.addresses import Scope
from tests.servers.dns_server import DnsServer
from tests.servers.http_server import HttpServer, page, redirect, silent


def registrar(name="Gandi SAS", number="81", country="FR", **more):
    card = [["version", {}, "text", "4.0"], ["fn", {}, "text", name]]
    card.append(["adr", {"cc": country}, "text", ["", "", "", "", "", "", ""]])
    identity = [{"type": "IANA Registrar ID", "identifier": number}]
    return {"objectClassName": "entity", "roles": ["registrar"], "vcardArray": ["vcard", card],
            "publicIds": identity, **more}  # fmt: skip


def domain(*registrars, name="mairie.test", **more):
    return {
        "objectClassName": "domain",
        "ldhName": name,
        "entities": list(registrars),
        "nameservers": [{"ldhName": "NS2.example.NET."}, {"ldhName": "ns1.example.net"}],
        "status": ["active", "client transfer prohibited"],
        **more,
    }


def party(handle, name, kind, *roles):
    properties = [["fn", {}, "text", name], ["kind", {}, "text", kind]]
    return {"handle": handle, "roles": list(roles), "vcardArray": ["vcard", properties]}


def network(**more):
    return {
        "objectClassName": "ip network",
        "handle": "51.68.0.0 - 51.68.255.255",
        "startAddress": "51.68.0.0",
        "endAddress": "51.68.255.255",
        "ipVersion": "v4",
        "name": "FR-OVH",
        "country": "FR",
        "type": "ASSIGNED PA",
        "entities": [
            party("ORG-1", "OVH SAS", "org", "registrant"),
            party("P-1", "Jeanne Secret", "individual", "registrant", "technical"),
        ],
        "links": [{"rel": "self", "href": "http://169.254.169.254/", "type": "x"}],
        **more,
    }


def answers(*subjects, pages, kind="domain", suffix="test", deadline=1.0):
    async def run(server, names):
        base = f"http://rdap.registry.test:{server.port}/v1/"
        plain = {
            "source": {"published": "2026-01-01"},
            "domains": {base: [suffix]},
            "addresses": {base: ["51.0.0.0/8"]},
        }
        async with DnsClient(NetSettings(resolvers=(names.address,))) as dns:
            client = HttpClient(dns.ask, scope=Scope.parse([f"127.0.0.1:{server.port}"]), deadline=deadline)
            rdap = Rdap(client, Bootstrap(json.dumps(plain).encode()))
            ask = rdap.domain if kind == "domain" else rdap.address
            return [await ask(subject) for subject in subjects], server.asked

    with DnsServer("rdap.registry.test. A 127.0.0.1") as names, HttpServer(pages) as server:
        return asyncio.run(run(server, names))


def answer(content, subject="mairie.test", **options):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    (found,), _ = answers(subject, pages={"*": page(body, kind="application/rdap+json")}, **options)
    return found


def test_the_registry_names_the_registrar_once_asked():
    (found,), asked = answers(
        "Mairie.test.", pages={"/v1/domain/mairie.test": page(json.dumps(domain(registrar())).encode())}
    )
    assert found.outcome is Outcome.ANSWERED
    assert dict(found.fields) == {
        "registrar": "Gandi SAS",
        "registrar_id": "81",
        "registrar_country": "FR",
        "nameservers": "ns1.example.net ns2.example.net",
        "status": "active, client transfer prohibited",
        "registry": found.fields["registry"],
    }
    assert found.fields["registry"].startswith("rdap.registry.test:")
    assert found.asked.type == "RDAP"
    assert len(asked) == 1
    assert "application/rdap+json" in asked[0][2]


def test_a_top_level_domain_without_service_is_not_asked_about():
    found = answer(domain(registrar()), subject="mairie.example")
    assert (found.outcome, found.reason) == (Outcome.SKIPPED, "no-rdap-service")


def test_a_domain_the_registry_does_not_know_is_an_absence_and_a_refusal_is_not():
    for status, outcome, reason in (
        ("404 Not Found", Outcome.ABSENT, "not-found"),
        ("403 No", Outcome.FAILED, "http-403"),
        ("429 Slow down", Outcome.FAILED, "http-429"),
        ("503 Busy", Outcome.FAILED, "http-503"),
        ("204 Nothing", Outcome.FAILED, "http-204"),
    ):
        (found,), _ = answers("mairie.test", pages={"*": page(b"", status=status)})
        assert (found.outcome, found.reason) == (outcome, reason)


def test_two_registrars_that_contradict_each_other_are_shown_and_none_is_chosen():
    found = answer(domain(registrar(), registrar("Other Inc.", "1", "US")))
    assert "registrar" not in found.fields
    assert "registrar: Gandi SAS | Other Inc." in found.fields["conflict"]
    assert "registrar_country: FR | US" in found.fields["conflict"]


def test_the_same_registrar_stated_twice_is_no_conflict():
    found = answer(domain(registrar(), registrar()))
    assert (found.fields["registrar"], "conflict" in found.fields) == ("Gandi SAS", False)


def test_an_object_about_another_domain_or_of_another_class_is_a_hole():
    assert answer(domain(registrar(), name="autre.test")).reason == "mismatch"
    assert answer({**domain(registrar()), "objectClassName": "entity"}).reason == "mismatch"
    assert answer({"errorCode": 429, "title": "Too many"}).reason == "mismatch"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"<html>", b'{"a":1,"a":2}', b'{"n":NaN}', b'{"n":Infinity}', b"[" * 200_000, b"\xff\xfe", b"null x",
        b'{"objectClassName":"domain","objectClassName":"domain"}',
    ],
)  # fmt: skip
def test_what_is_not_strict_json_is_a_hole(content):
    found = answer(content)
    assert (found.outcome, found.reason) == (Outcome.FAILED, "malformed")


@pytest.mark.parametrize("content", [b"null", b"[]", b"1", b'"x"', b"{}"])
def test_json_of_another_shape_is_a_hole(content):
    assert answer(content).reason == "mismatch"


def card(*items):
    return {"entities": [{"roles": ["registrar"], "vcardArray": ["vcard", list(items)]}]}


ODD = [
    {"entities": None}, {"entities": {}}, {"entities": [None, 1, "x", []]}, {"nameservers": "ns1"},
    {"status": {"a": 1}}, {"entities": [{"roles": "registrar"}]}, {"ldhName": 5}, {"ldhName": None},
    {"entities": [{"roles": ["registrar"], "vcardArray": 5}]}, card(["fn"], ["fn", None, None, None], [1, 2, 3, 4]),
    card(["adr", [], "text", 5], ["adr", {"cc": 5}, "", []]), {"nameservers": [{"ldhName": 5}, {"ldhName": "a b"}]},
    {"entities": [{"roles": ["registrar"], "publicIds": [{"type": 5, "identifier": []}]}]},
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_members_of_wrong_types_are_left_out_and_nothing_breaks(odd):
    found = answer({**domain(), **odd})
    assert found.outcome is Outcome.ANSWERED
    assert "registrar" not in found.fields


def test_long_texts_are_cut_and_surrogates_replaced():
    found = answer(domain(registrar("M" * 20_000)))
    assert len(found.fields["registrar"]) == MAX_TEXT
    body = json.dumps(domain(registrar("A\ud800B"))).encode()
    assert answer(body).fields["registrar"] == "A\ufffdB"
    assert answer(domain(registrar("Ok\r\n\t::error::x"))).fields["registrar"] == "Ok ::error::x"


def test_a_registry_that_floods_hangs_or_redirects_to_a_private_address_is_a_hole():
    huge = domain(registrar(), remarks=["x" * 1000] * 700)
    assert answer(huge).reason == "body-too-large"
    (found,), _ = answers("mairie.test", pages={"*": silent}, deadline=0.4)
    assert found.reason == "deadline"
    (found,), _ = answers("mairie.test", pages={"*": redirect("http://169.254.169.254/domain/mairie.test")})
    assert found.reason == "blocked-address"


def test_one_registry_is_asked_once_a_second():
    start = time.monotonic()
    found, _ = answers("a.test", "b.test", pages={"*": page(b"", status="404 None")})
    assert [each.outcome for each in found] == [Outcome.ABSENT] * 2
    assert time.monotonic() - start >= 1.0


def test_a_registry_that_keeps_failing_is_left_alone():
    found, asked = answers(*(f"{letter}.test" for letter in "abcdef"), pages={"*": page(b"", status="503 Busy")})
    assert [each.reason for each in found] == ["http-503"] * 5 + ["circuit-open"]
    assert found[-1].outcome is Outcome.FAILED
    assert len(asked) == 5


def test_the_holder_of_an_address_is_named_and_natural_persons_are_not():
    found = answer(network(), subject="51.68.1.1", kind="address")
    assert dict(found.fields) == {
        "network": "FR-OVH",
        "handle": "51.68.0.0 - 51.68.255.255",
        "range": "51.68.0.0-51.68.255.255",
        "type": "ASSIGNED PA",
        "country": "FR",
        "holder": "OVH SAS",
        "registry": found.fields["registry"],
    }
    assert "Secret" not in repr(found)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"startAddress": "8.8.8.0", "endAddress": "8.8.8.255"}, "mismatch"),
        ({"startAddress": None}, "mismatch"),
        ({"objectClassName": "entity"}, "mismatch"),
        ({"entities": [{"handle": None, "vcardArray": 5}]}, "malformed"),
        ({"entities": 5}, "malformed"),
        ({"links": 5}, None),
        ({"notices": [{"title": "\n::error::x", "description": ["\x1b[2J"]}]}, None),
        ({"country": "us"}, None),
        ({"country": None}, None),
        ({"country": "Norway"}, None),
        ({"name": "<script>alert(1)</script>"}, None),
    ],
)
def test_an_odd_network_object_gives_a_hole_or_fewer_fields_and_never_a_crash(change, reason):
    found = answer(network(**change), subject="51.68.1.1", kind="address")
    assert (found.reason, found.outcome) == (reason, Outcome.FAILED if reason else Outcome.ANSWERED)
    if "country" in change and found.outcome is Outcome.ANSWERED:
        assert found.fields.get("country") == ("US" if change["country"] == "us" else None)


def test_a_private_address_is_nobodys_business():
    found = answer(network(), subject="10.0.0.1", kind="address")
    assert (found.outcome, found.reason) == (Outcome.SKIPPED, "not-public")


def test_the_bundled_list_knows_french_and_generic_registries_and_the_five_regional_ones():
    known = Bootstrap.bundled()
    assert known.date >= "2026-07-23"
    assert known.of_domain("mairie.fr") == "https://rdap.nic.fr/"
    assert known.of_domain("example.com") == "https://rdap.verisign.com/com/v1/"
    assert known.of_domain("a.b.example.org").startswith("https://")
    assert known.of_domain("fr") is None
    assert known.of_domain("example.invalid") is None
    assert known.of_address("51.68.1.1") == "https://rdap.db.ripe.net/"
    assert known.of_address("8.8.8.8") == "https://rdap.arin.net/registry/"
    assert known.of_address("2a00:1450::1") == "https://rdap.db.ripe.net/"
    assert known.of_address("fe80::1") is None
