import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovscan.readers.addresses import Scope, blocked_reason, host_refusal, literal_address

NOBODY_OUTSIDE = [
    "0.0.0.0", "0.255.1.2", "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1",
    "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.5", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "168.63.129.16", "::1", "::", "::127.0.0.1", "::ffff:169.254.169.254", "::ffff:8.8.8.8",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2001::7f00:1", "2001:10::1", "2001:db8::1", "3fff::1",
    "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1", "4000::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "51.15.0.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "168.63.129.17",
          "198.17.255.255", "223.255.255.255", "2001:4860:4860::8888", "2001:200::1", "2a00:1450::1",
          "2003::1"]  # fmt: skip


@pytest.mark.parametrize("address", NOBODY_OUTSIDE)
def test_an_address_that_nobody_outside_has_is_blocked(address):
    assert blocked_reason(address) is not None
    assert Scope().refusal(address, 443) is not None


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_not_blocked(address):
    assert blocked_reason(address) is None
    assert Scope().refusal(address, 443) is None


def test_the_reason_says_what_the_address_is():
    assert blocked_reason("127.0.0.1") == "loopback"
    assert blocked_reason("169.254.169.254") == "link-local"
    assert blocked_reason("::ffff:10.0.0.1") == "mapped"
    assert blocked_reason("2001:4860:4860::8888%eth0") == "zone"
    assert blocked_reason("example.fr") == "not-an-address"


@given(st.integers(0, 2**32 - 1))
def test_no_ipv4_address_hides_in_an_ipv6_one(number):
    inner = ipaddress.IPv4Address(number)
    for outer in (f"::ffff:{inner}", f"::{inner}", f"64:ff9b::{inner}"):
        assert blocked_reason(outer) is not None
    assert blocked_reason(str(ipaddress.IPv6Address((0x2002 << 112) | (number << 80)))) is not None


@given(st.ip_addresses())
def test_what_the_standard_library_calls_private_is_never_let_through(address):
    if not address.is_global or address.is_multicast:
        assert blocked_reason(str(address)) is not None


@pytest.mark.parametrize("host", ["0177.0.0.1", "2130706433", "127.1", "0x7f.0.0.1", "0x7f000001", "1.2.3.0x4", "a.1",
                                  "0x", "127.0.0.1."])  # fmt: skip
def test_a_number_that_a_resolver_reads_as_an_address_is_no_host(host):
    assert host_refusal(host) == "numeric-host"
    assert literal_address(host) is None


@pytest.mark.parametrize("host", ["localhost", "ip6-localhost", "LOCALHOST.", "metadata.google.internal", "x.localhost",
                                  "printer.local", "intranet", "router.home.arpa", "abc.onion"])  # fmt: skip
def test_a_local_name_is_no_host_of_the_internet(host):
    assert host_refusal(host) == "local-name"


@pytest.mark.parametrize("host", ["", ".", "a b.fr", "a\x00b.fr", "x" * 254 + ".fr", "a/b.fr", "ok.fr:80", "[::1",
                                  "a..fr", ".fr", "x" * 64 + ".fr", "ⓛocalhost", "é.fr"])  # fmt: skip
def test_a_malformed_host_is_refused(host):
    assert host_refusal(host) == "not-a-host"


@pytest.mark.parametrize("host", ["example.fr", "WWW.Example.FR.", "_dmarc.example.fr", "1and1.example", "1.example"])
def test_an_ordinary_name_may_be_resolved(host):
    assert host_refusal(host) is None


def test_a_literal_address_is_read_strictly_and_checked_like_any_other():
    assert literal_address("[::1]") == "::1"
    assert literal_address("127.0.0.1") == "127.0.0.1"
    assert literal_address("[2001:4860:4860:0::8888]") == "2001:4860:4860::8888"
    assert literal_address("example.fr") is None


def test_the_scope_opens_exactly_its_range_and_ports():
    scope = Scope.parse(["10.1.0.0/16:443,8000-8080", "[fd00::1]:8443", "fd01::/16", "127.0.0.9:25", "192.168.0.7"])
    assert scope.permits("10.1.255.1", 443)
    assert scope.permits("10.1.0.1", 8080)
    assert not scope.permits("10.1.0.1", 80)
    assert not scope.permits("10.2.0.1", 443)
    assert scope.permits("fd00::1", 8443)
    assert not scope.permits("fd00::2", 8443)
    assert scope.permits("fd01:5::1", 443)
    assert scope.permits("127.0.0.9", 25)
    assert scope.permits("192.168.0.7", 80)
    assert not scope.permits("192.168.0.7", 8080)
    assert not scope.permits("example.fr", 443)


def test_another_port_of_a_public_address_needs_the_scope():
    assert Scope().refusal("51.15.0.1", 8443) == "port"
    assert Scope.parse(["51.15.0.0/16:8443"]).refusal("51.15.0.1", 8443) is None
    assert Scope.parse(["51.15.0.0/16:8443"]).refusal("51.15.0.1", 22) == "port"


@pytest.mark.parametrize("text", ["", "example.fr", "10.0.0.1/8", "10.0.0.0/8:", "10.0.0.0/8:0", "10.0.0.0/8:80-70",
                                  "10.0.0.0/8:70000", "10.0.0.0/8:x", "10.0.0.0/8:80,,", "10.0.0.0/99"])  # fmt: skip
def test_a_faulty_scope_is_refused_with_its_text(text):
    with pytest.raises(ValueError, match="scope"):
        Scope.parse([text])
