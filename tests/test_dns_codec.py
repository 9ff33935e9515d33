"""Our reader of DNS packets beside dnspython's, on sound, odd and damaged packets."""

import struct
from collections import Counter
from itertools import islice

import dns.message
import dns.name
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovscan.net.dns_codec import question, read_message, type_number
from sovscan.net.dns_names import BadNameError, MalformedError, encode_name, read_name
from tests.dns_packets import disagreement, packets

LABEL = st.binary(min_size=1, max_size=63)


def compare(seed: int, count: int) -> Counter[str]:
    counts: Counter[str] = Counter()
    for wire, undamaged in islice(packets(seed), count):
        problem = disagreement(wire, undamaged=undamaged, counts=counts)
        assert not problem, f"{problem}: {wire.hex()}"
    return counts


def test_our_reading_is_never_surer_than_that_of_dnspython():
    counts = compare(seed=1, count=20_000)
    # Each kind must really have been met, or the comparison proves nothing.
    assert counts["read by both"] > 4000
    assert counts["refused by both"] > 4000
    assert counts["answered"] > 500
    assert counts["absent"] > 250
    assert counts["refused by us alone"] < 200


@pytest.mark.slow
def test_our_reading_is_never_surer_than_that_of_dnspython_on_a_hundred_thousand_packets():
    print(compare(seed=2, count=100_000))


@given(st.binary(max_size=200))
def test_no_octets_make_the_reader_fail_otherwise_than_by_refusing(octets):
    for wire in (octets, b"\0\1\x84\0" + octets, b"\0\1\x84\0\0\1\0\1\0\1\0\1" + octets):
        assert not disagreement(wire, undamaged=False, counts=Counter())


@given(st.lists(LABEL, max_size=6))
def test_every_name_survives_the_way_to_text_and_back(labels):
    wire = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    if len(wire) > 255:
        with pytest.raises(MalformedError):
            read_name(wire, 0, len(wire), {})
        return
    text, after = read_name(wire, 0, len(wire), {})
    assert after == len(wire)
    assert encode_name(text) == wire.lower()
    assert len(labels) == 0 or len(dns.name.from_text(text + ".", None).labels) == len(labels) + 1


def test_a_dot_inside_a_label_never_splits_it():
    wire = b"\x0aevil.test\0\4test\0"
    text, _ = read_name(wire, 0, len(wire), {})
    assert text == "evil\\.test\\000.test"
    assert encode_name(text) == wire


@pytest.mark.parametrize("text", ["a..b", ".", "..", "a.b.", "x" * 64, "a b", "é", "a\\", "a\\25", "a\\256", "\\.."])
def test_names_are_refused_or_read_as_dnspython_does(text):
    try:
        expected = dns.name.from_text(text, dns.name.root).to_wire()
    except (dns.exception.DNSException, UnicodeError):
        expected = None
    if not text.isascii() or " " in text:
        expected = None  # ours is stricter: only A-labels are asked for
    try:
        assert encode_name(text) == expected
    except BadNameError:
        assert expected is None


def test_the_question_is_recognised_whatever_its_letter_case():
    asked = question("example.test", 15)
    packet = bytearray(asked.packet(7))
    assert asked.is_repeated_in(bytes(packet))
    packet[13] ^= 0x20
    assert asked.is_repeated_in(bytes(packet))
    assert dns.message.from_wire(bytes(packet)).payload == 1232


@pytest.mark.parametrize(("name", "rrtype"), [("example.test", 97), ("example.tesu", 65), ("ample.test", 65)])
def test_another_question_is_not_mistaken_for_ours(name, rrtype):
    # Types 65 and 97 differ by the bit that tells capital letters from small ones.
    asked = question("example.test", 65)
    assert not asked.is_repeated_in(question(name, rrtype).packet(7))


def test_a_chain_of_pointers_is_bounded():
    names = b"".join(struct.pack("!H", 0xC000 | at) for at in range(12, 12 + 60, 2))
    wire = b"\0\1\x84\0\0\1\0\0\0\0\0\0" + b"\0\0" + names + b"\0\1\0\1"
    with pytest.raises(MalformedError):
        read_message(wire)


def test_a_record_type_without_a_name_of_its_own_is_known_by_number():
    assert type_number("TYPE65280") == 65280
    assert type_number("OPENPGPKEY") == 61
    with pytest.raises(ValueError, match="no such record type"):
        type_number("NONSENSE")


@pytest.mark.parametrize("flags", [b"\x04\0", b"\xac\0"])
def test_only_a_response_to_a_query_is_read(flags):
    with pytest.raises(MalformedError):
        read_message(b"\0\1" + flags + b"\0" * 8)
