import gzip
import ipaddress
import re
import unicodedata
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovscan.model.provider import SignalKind
from sovscan.net.asn_build import AsnSourceError, build
from sovscan.net.asn_table import MAGIC, AsnTable, AsnTableError, user_table_path
from tests import results

HEADER = {"source": "invented", "licence": "none", "attribution": "nobody", "date": "2026-01-02"}
IPTOASN = (
    b"1.0.0.0\t1.0.0.255\t64500\tFR\tEXAMPLE-A\n"
    b"1.0.1.0\t1.0.3.255\t0\tNone\tNot routed\n"
    b"1.0.4.0\t1.0.7.255\t64501\tUS\tEXAMPLE-B\n"
)
CSV = b'1.0.0.0,1.0.0.255,64500,"Example, Inc."\n1.0.4.0,1.0.7.255,64501,Example B\n'
CSV6 = b"2001:200::,2001:200:0:ffff:ffff:ffff:ffff:ffff,64500,Example A\n"


@pytest.fixture(autouse=True)
def cache_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def unpacked(content):
    return zlib.decompress(content[40:])


def table(*sources, trim=False):
    named = [(f"file{index}", source) for index, source in enumerate(sources)]
    return AsnTable(unpacked(build(named, trim=trim, **HEADER).content))


def test_an_address_is_found_in_its_range_and_a_gap_has_nobody():
    found = table(CSV, CSV6)
    assert found.lookup("1.0.0.0") == ((64500, "Example, Inc."),)
    assert found.lookup("1.0.0.255") == ((64500, "Example, Inc."),)
    assert found.lookup("1.0.1.0") == ()
    assert found.lookup("0.0.0.0") == ()
    assert found.lookup("255.255.255.255") == ()
    assert found.lookup("1.0.7.255") == ((64501, "Example B"),)
    assert found.lookup("2001:200:0:1::5") == ((64500, "Example, Inc."),)
    assert found.lookup("2001:201::") == ()


def test_the_iptoasn_form_reads_the_same():
    assert table(IPTOASN, CSV6).lookup("1.0.4.9") == ((64501, "EXAMPLE-B"),)
    assert table(gzip.compress(IPTOASN), CSV6).lookup("1.0.2.1") == ()


def test_the_numeric_csv_form_reads_the_same():
    number = int(ipaddress.ip_address("2001:200::"))
    found = table(b"16777216,16777471,64500,A\n", f"{number},{number + (1 << 64) - 1},64502,C\n".encode())
    assert found.lookup("1.0.0.7") == ((64500, "A"),)
    assert found.lookup("2001:200::1") == ((64502, "C"),)


def test_nested_prefixes_give_each_address_to_the_longest():
    found = table(b"10.0.0.0\t8\t1\n10.1.0.0\t16\t2\n10.1.2.0\t24\t3\n10.2.0.0\t16\t4\n11.0.0.0\t8\t1\n")
    expected = {"10.0.0.1": 1, "10.1.0.1": 2, "10.1.2.3": 3, "10.1.3.0": 2, "10.2.9.9": 4, "10.3.0.0": 1, "11.9.9.9": 1}
    assert {address: found.lookup(address)[0][0] for address in expected} == expected
    assert found.lookup("12.0.0.0") == ()


def test_several_origins_of_one_prefix_are_all_kept():
    found = table(b"192.0.2.0/24 64501_64500\n198.51.100.0/24 64502,64500\n203.0.113.0/24 1\n203.0.113.0/24 2\n")
    assert [number for number, _ in found.lookup("192.0.2.1")] == [64500, 64501]
    assert [number for number, _ in found.lookup("198.51.100.1")] == [64500, 64502]
    assert [number for number, _ in found.lookup("203.0.113.1")] == [1, 2]


def test_unsorted_or_overlapping_ranges_are_refused_with_their_line():
    overlap = b"1.0.0.0,1.0.0.255,1,A\n1.0.0.128,1.0.1.255,2,B\n"
    with pytest.raises(AsnSourceError, match=r"^file0:2: "):
        table(overlap, CSV6)
    with pytest.raises(AsnSourceError, match=r"^file0:2: "):
        table(b"1.0.4.0,1.0.4.255,1,A\n1.0.0.0,1.0.0.255,2,B\n", CSV6)


def test_an_overlap_can_be_resolved_for_the_earlier_range_and_is_reported():
    built = build(
        [("a.csv", b"1.0.0.0,1.0.0.255,1,A\n1.0.0.128,1.0.1.255,2,B\n1.0.0.0,1.0.0.9,3,C\n")], trim=True, **HEADER
    )
    assert built.trimmed == ("a.csv:2: 1.0.0.128-1.0.1.255", "a.csv:3: 1.0.0.0-1.0.0.9")
    found = AsnTable(unpacked(built.content))
    assert found.lookup("1.0.0.200")[0][0] == 1
    assert found.lookup("1.0.1.0")[0][0] == 2


def test_ipv6_below_a_64_is_widened_and_counted():
    text = b"2001:200::,2001:200::ff,1,A,\n2001:200::100,2001:200:0:1:ffff:ffff:ffff:ffff,2,B,\n"
    built = build([("a.csv", text)], **HEADER)
    assert built.rounded == 2
    found = AsnTable(unpacked(built.content))
    assert found.lookup("2001:200::1")[0][0] == 1
    assert found.lookup("2001:200:0:1::")[0][0] == 2


@pytest.mark.parametrize(
    ("source", "place"),
    [
        (b"1.0.0.0,1.0.0.255,x,A\n", "file0:1:"),
        (b"1.0.0.9,1.0.0.1,1,A\n", "file0:1:"),
        (b"1.0.0.0,1.0.0.255,1,A\n1.0.1.0,::1,1,A\n", "file0:2:"),
        (b"1.0.0.0/33 5\n", "file0:1:"),
        (b"1.0.0.1/24 5\n", "file0:1:"),
        (b"1.0.0.0/24 4294967296\n", "file0:1:"),
        (b"", "file0:1:"),
        (b"hello world and more", "file0:1:"),
        (b"\x1f\x8b\x08garbage", "file0:1:"),
        (b"ripencc|FR|ipv4|2.0.0.0|1048576|20100712|allocated|x\n", "file0:1:.*holder"),
    ],
)
def test_a_faulty_source_is_refused_with_file_and_line(source, place):
    with pytest.raises(AsnSourceError, match="^" + place):
        table(source)


def test_a_table_of_another_format_or_a_damaged_one_is_refused(tmp_path):
    whole = build([("a", CSV), ("b", CSV6)], **HEADER).content
    plain = unpacked(whole)
    for damaged in (b"", b"x" * 100, plain[:-1], MAGIC + b"\xff" * 20, plain.replace(b'"date"', b'"dat!"')):
        with pytest.raises(AsnTableError):
            AsnTable(damaged)
    flipped = whole[:40] + zlib.compress(plain[:-3] + b"???")
    for name, content in (("cut.z", whole[:-9]), ("other.z", b"\x00" * 50), ("flip.z", flipped)):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(AsnTableError):
            AsnTable.open(tmp_path / name)


def test_a_packed_table_is_unpacked_once_and_a_damaged_copy_is_replaced(tmp_path, cache_folder):
    (tmp_path / "asn.bin.z").write_bytes(build([("a", CSV), ("b", CSV6)], **HEADER).content)
    assert AsnTable.open(tmp_path / "asn.bin.z").lookup("1.0.0.1") != ()
    (copy,) = (cache_folder / "sovscan").iterdir()
    copy.write_bytes(b"damaged")
    assert AsnTable.open(tmp_path / "asn.bin.z").lookup("1.0.0.1") != ()
    assert AsnTable.open(copy).header.date == "2026-01-02"


def test_a_prefix_is_the_largest_block_inside_one_range():
    found = table(b"1.0.1.0,1.0.3.255,1,A\n", CSV6)
    assert found.prefix("1.0.1.7") == "1.0.1.0/24"
    assert found.prefix("1.0.2.7") == "1.0.2.0/23"
    assert found.prefix("1.0.4.0") == ""
    assert found.prefix("2001:200::1") == "2001:200::/48"


def test_a_text_that_is_no_address_is_an_error_and_not_a_gap():
    for text in ("", "example.fr", "1.2.3", "0177.0.0.1", "::g", "1.2.3.4 "):
        with pytest.raises(ValueError, match="address"):
            table(CSV, CSV6).lookup(text)


ranges = st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 5)), min_size=1, max_size=40)


@given(ranges, st.lists(st.integers(0, 2**32 - 1), max_size=40))
def test_the_table_agrees_with_a_walk_over_the_ranges(starts, probes):
    bounds = sorted(dict(starts).items())
    rows = []
    for index, (first, number) in enumerate(bounds):
        last = bounds[index + 1][0] - 1 if index + 1 < len(bounds) else min(first + 99, 2**32 - 1)
        if number != 5:
            rows.append((first, last, number))
    if not rows:
        return
    text = "".join(f"{ipaddress.IPv4Address(a)},{ipaddress.IPv4Address(b)},{n},N{n}\n" for a, b, n in rows)
    found = table(text.encode(), CSV6)
    for probe in [*probes, *(a for a, _, _ in rows), *(b for _, b, _ in rows)]:
        expected = tuple((n, "Example A" if n == 64500 else f"N{n}") for a, b, n in rows if a <= probe <= b)
        assert found.lookup(str(ipaddress.IPv4Address(probe))) == expected


def test_the_bundled_table_names_well_known_networks_and_says_where_it_comes_from():
    found = AsnTable.bundled()
    expected = {"51.68.1.1": 16276, "8.8.8.8": 15169, "1.1.1.1": 13335, "40.97.1.1": 8075, "217.70.184.1": 29169,
                "212.47.224.1": 12876, "2001:4860:4860::8888": 15169}  # fmt: skip
    assert {address: found.lookup(address)[0][0] for address in expected} == expected
    assert found.header.date == "2026-06-17"
    assert "DB-IP" in found.header.attribution
    assert "modified" in found.header.attribution
    assert found.lookup("10.0.0.1") == ()


FIXTURES = Path(__file__).parent / "fixtures"


def test_a_maxmind_file_of_networks_reads_the_same():
    pytest.importorskip("maxminddb")
    found = table((FIXTURES / "invented-asn.mmdb").read_bytes())
    assert found.lookup("1.0.0.9") == ((64500, "Example, Inc."),)
    assert found.lookup("1.0.7.255") == ((64501, "Example B"),)
    assert found.lookup("1.0.1.0") == ()
    assert found.lookup("2001:200:ffff::1") == ((64500, "Example, Inc."),)
    assert found.lookup("2001:201::1") == ((64502, "Exemple é"),)
    assert found.lookup("2001:201:1::1") == ()


def test_a_maxmind_file_of_countries_is_no_source_of_networks():
    pytest.importorskip("maxminddb")
    with pytest.raises(AsnSourceError, match="autonomous_system_number"):
        table((FIXTURES / "invented-country.mmdb").read_bytes())
    with pytest.raises(AsnSourceError):
        table((FIXTURES / "invented-asn.mmdb").read_bytes()[:-200])


def test_the_table_of_the_auditor_replaces_the_bundled_one(cache_folder):
    user_table_path().parent.mkdir(parents=True)
    user_table_path().write_bytes(build([("a", CSV), ("b", CSV6)], **HEADER).content)
    assert AsnTable.in_use().header.date == "2026-01-02"
    user_table_path().unlink()
    assert AsnTable.in_use().header.date == "2026-06-17"


OTHER_NAMES = {
    12008: "Vercara, formerly Neustar, which DigiCert holds",
    719: "the holder's line names the registry instead of Elisa",
    1299: "Arelion, which Telia sold; it carries others' traffic and proves nothing about Telia",
    2108: "CARNET's name in full",
    19905: "Neustar Security Services became Vercara, which DigiCert holds",
    33915: "Vodafone Libertel and Ziggo are one group, VodafoneZiggo",
    46606: "Unified Layer is a brand of the group of Network Solutions",
}
"""Networks whose holder bears another name than the provider, read by eye, with what was seen."""


def _words(text):
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return {word for word in re.split(r"[^a-z0-9]+", plain) if len(word) > 2}


def test_every_network_that_decides_a_verdict_is_in_the_table_under_a_name_of_its_provider():
    names = AsnTable.bundled().names()
    missing, strange = [], []
    for provider in results.CATALOGUE().providers.values():
        claimed = {
            int(signature.value.upper().removeprefix("AS"))
            for offer in provider.offers
            for signature in offer.signatures
            if signature.kind is SignalKind.ASN
        }
        holders = " ".join(link.holder for link in provider.control)
        offers = " ".join(offer.name for offer in provider.offers)
        known = _words(f"{provider.id} {provider.name} {provider.entity} {holders} {offers}")
        for number in sorted(claimed):
            if number not in names:
                missing.append((provider.id, number))
            elif not known & _words(names[number]) and number not in OTHER_NAMES:
                # "team.blue" and "Team Blue", "LeaseWeb" and "Lease Web": the same letters.
                squeezed = re.sub(r"[^a-z0-9]", "", names[number].lower())
                if not any(word in squeezed for word in known if len(word) > 2):
                    strange.append((provider.id, number, names[number]))
    assert missing == []
    assert strange == [], "read these by eye: a wrong number in the catalogue, or a line for OTHER_NAMES"
