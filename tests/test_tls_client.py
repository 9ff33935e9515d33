"""The certificate reader against servers with certificates of our own: good, untrusted, odd and hostile."""

import asyncio
import datetime
import socket
import ssl
import threading

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from sovscan.model.evidence import Outcome
from sovscan.net.certificate import MAX_NAMES, MAX_TEXT, CertificateError, read_certificate
from sovscan.net.dns_client import DnsClient
from sovscan.net.net import NetSettings
from sovscan.net.tls_client import TlsClient
from sovscan.readers.addresses import Scope
from tests.servers.dns_server import DnsServer
from tests.servers.http_server import HttpServer, page
from tests.servers.tls_authority import Authority

ZONE = """
www.town.test. A 127.0.0.1
private.town.test. A 10.0.0.1
mail.town.test. MX 10 mx.town.test.
"""


@pytest.fixture(scope="module")
def authority():
    return Authority(C="FR", O="Autorité d'essai", CN="Racine d'essai")


def read(port, host="www.town.test", *, scope=None, **options):
    async def run(names):
        async with DnsClient(NetSettings(resolvers=(names.address,), dns_deadline=1.0, dns_retries=0)) as dns:
            opened = Scope.parse([f"127.0.0.1:{port}"] if scope is None else scope)
            return await TlsClient(dns.ask, scope=opened, **options).read(host, port)

    with DnsServer(ZONE) as names:
        return asyncio.run(run(names))


def answered(context, authority=None, **options):
    with HttpServer({"*": page(b"x")}, tls=context) as server:
        return read(server.port, ca_file=authority and authority.ca_file, **options)


def test_a_good_certificate_names_its_authority(authority):
    answer = answered(authority.context("www.town.test", "town.test"), authority)
    assert (answer.outcome, answer.verified, answer.fault) == (Outcome.ANSWERED, True, None)
    assert (answer.issuer_o, answer.issuer_cn, answer.issuer_c) == ("Autorité d'essai", "Racine d'essai", "FR")
    assert (answer.subject_cn, answer.names) == ("www.town.test", ("town.test", "www.town.test"))
    assert answer.protocol.startswith("TLSv1.")
    assert answer.chain == ("Autorité d'essai: Racine d'essai",)
    assert answer.not_before < answer.not_after
    datetime.datetime.fromisoformat(answer.not_after)
    assert answer.asked.server.startswith("127.0.0.1:")


@pytest.mark.parametrize(
    ("names", "days", "trusted", "fault"),
    [
        (("other.test",), (-1, 10), True, "tls-name"),
        (("www.town.test",), (-9, -1), True, "tls-expired"),
        (("www.town.test",), (2, 9), True, "tls-not-yet-valid"),
        (("www.town.test",), (-1, 10), False, "tls-untrusted"),
    ],
)
def test_a_certificate_that_nobody_trusts_is_read_all_the_same_and_the_fault_is_kept(
    authority, names, days, trusted, fault
):
    answer = answered(authority.context(*names, days=days), authority if trusted else None)
    assert (answer.outcome, answer.verified, answer.fault) == (Outcome.ANSWERED, False, fault)
    assert answer.issuer_o == "Autorité d'essai"


def test_an_issuer_without_organisation_leaves_the_field_empty():
    bare = Authority(CN="Only a name")
    answer = answered(bare.context("www.town.test"), bare)
    assert (answer.issuer_o, answer.issuer_c, answer.issuer_cn) == ("", "", "Only a name")
    assert answer.chain == ("Only a name",)


HOSTILE = {
    "markup": {"O": "<script>alert(1)</script>", "CN": "x"},
    "formula": {"O": "=HYPERLINK(\"http://x\")", "CN": "x"},
    "escape": {"O": "\x1b[2J\x07", "CN": "x"},
    "bidi": {"O": "\u202egnimoc", "CN": "x"},
    "look-alike": {"O": "Let\u2019s Encrypt", "CN": "x"},
    "long": {"O": "M" * 60, "CN": "x" * 60},
    "nul": {"O": "Let's Encrypt\x00.evil", "CN": "x"},
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_issuer_is_text_and_nothing_more(name):
    evil = Authority(**HOSTILE[name])
    answer = answered(evil.context("www.town.test"), evil)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.issuer_o == HOSTILE[name]["O"][:MAX_TEXT]


def test_thousands_of_names_are_cut(authority):
    names = [f"n{number}.example" for number in range(1500)]
    answer = answered(authority.context("www.town.test", *names), authority)
    assert (answer.outcome, len(answer.names)) == (Outcome.ANSWERED, MAX_NAMES)


def test_names_that_cannot_be_read_do_not_hide_the_issuer(authority):
    broken = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), b"\x30\x03\x82\x01\xff")
    answer = answered(authority.context(extensions=[broken], subject={"CN": "www.town.test"}), authority)
    assert (answer.outcome, answer.names, answer.issuer_o) == (Outcome.ANSWERED, (), "Autorité d'essai")
    assert not answer.verified


def test_a_server_that_speaks_no_tls_is_a_failed_handshake():
    with HttpServer(greeting=b"220 mail.example ESMTP\r\n") as server:
        answer = read(server.port)
    assert (answer.outcome, answer.reason) == (Outcome.FAILED, "tls-handshake")


def test_silence_ends_at_the_deadline():
    silent = socket.socket()
    silent.bind(("127.0.0.1", 0))
    silent.listen()
    answer = read(silent.getsockname()[1], deadline=0.5)
    silent.close()
    assert (answer.outcome, answer.reason) == (Outcome.FAILED, "deadline")
    assert 400 <= answer.asked.elapsed_ms < 2000


def test_a_connection_closed_before_the_certificate_is_a_hole():
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()

    def hang_up():
        for _ in range(2):
            listening.accept()[0].close()

    threading.Thread(target=hang_up, daemon=True).start()
    answer = read(listening.getsockname()[1])
    assert answer.outcome is Outcome.FAILED
    assert answer.reason in ("connection-lost", "tls-handshake")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_protocol_too_old_is_a_failed_handshake(authority):
    context = authority.context("www.town.test")
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1
    answer = answered(context, authority)
    assert (answer.outcome, answer.reason) == (Outcome.FAILED, "tls-handshake")


def test_blocked_addresses_and_ports_are_never_connected_to():
    with HttpServer() as trap:
        for host in ("private.town.test", "127.1", "[::1]", "localhost", "169.254.169.254"):
            answer = read(trap.port, host.strip("[]"), scope=[])
            assert (answer.outcome, answer.reason) == (Outcome.FAILED, "blocked-address")
        assert read(25, "51.15.0.1", scope=[]).reason == "blocked-port"
        assert trap.connected == 0


def test_a_name_without_address_is_an_absence():
    answer = read(443, "mail.town.test")
    assert (answer.outcome, answer.reason) == (Outcome.ABSENT, "no-address")


def test_a_closed_port_is_unreachable():
    with HttpServer() as server:
        port = server.port
    assert read(port).reason == "unreachable"


def test_a_proxy_carries_the_handshake_or_refuses_it(authority):
    with (
        HttpServer(tls=authority.context("www.town.test")) as origin,
        HttpServer(proxy="200 Go") as proxy,
    ):
        proxy.tunnels["www.town.test:443"] = ("127.0.0.1", origin.port)
        answer = read(443, proxy=f"http://{proxy.address}", ca_file=authority.ca_file)
        assert (answer.outcome, answer.verified, answer.asked.transport) == (Outcome.ANSWERED, True, "proxy")
        assert read(443, "localhost", proxy=f"http://{proxy.address}").reason == "blocked-address"
        assert len(proxy.asked) == 1
    with HttpServer() as refusing:
        assert read(443, proxy=f"http://{refusing.address}").reason == "proxy"
    assert read(443, proxy=f"http://{refusing.address}").reason == "proxy"


def a_certificate():
    context = Authority().context("www.town.test")
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    reading = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    reading.check_hostname, reading.verify_mode = False, ssl.CERT_NONE
    server = context.wrap_bio(incoming, outgoing, server_side=True)
    client = reading.wrap_bio(outgoing, incoming, server_hostname="www.town.test")
    for _ in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return client.getpeercert(binary_form=True)


WHOLE = a_certificate()


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255), st.integers(0, 40))
def test_a_damaged_certificate_is_read_or_refused_and_nothing_else(place, octet, cut):
    damaged = bytearray(WHOLE)
    damaged[place] = octet
    for content in (bytes(damaged), bytes(damaged[: len(damaged) - cut])):
        try:
            found = read_certificate(content)
        except CertificateError:
            continue
        assert len(found.issuer_o) <= MAX_TEXT


@given(st.binary(max_size=400))
def test_random_octets_are_no_certificate(content):
    with pytest.raises(CertificateError):
        read_certificate(content)
