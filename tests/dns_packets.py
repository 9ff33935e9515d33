"""Varied and damaged DNS responses, and the comparison of our reader with dnspython's on each of them."""

import random
import socket
import struct
from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_address

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from sovscan.model.evidence import Outcome
from sovscan.net.dns_codec import Message, question, read_message
from sovscan.net.dns_judge import judge
from sovscan.net.dns_names import MalformedError

_SINGLE = (5, 6)
_NAMES = [
    "example.test.", "www.example.test.", "Mail.Example.TEST.", "a.b.c.d.e.f.g.test.", "_dmarc.example.test.", ".",
    "x" * 63 + ".test.", r"dot\.in\.label.test.", r"back\\slash.test.", r"nul\000octet.test.", r"caf\195\169.test.",
    "selector1._domainkey.example.test.", ".".join(["abcdefghij"] * 22) + ".", "test.", "other.example.",
]  # fmt: skip
_DATA = {
    "A": ["192.0.2.1", "255.255.255.255", "0.0.0.0"],
    "AAAA": ["2001:db8::1", "::", "::ffff:192.0.2.1", "2001:db8:0:0:1:0:0:1"],
    "NS": ["ns1.example.test.", "ns2.other.example."],
    "CNAME": ["www.example.test.", "edge.other.example."],
    "PTR": ["host.example.test."],
    "MX": ["10 mail.example.test.", "0 .", r"65535 a\.b.example.test."],
    "TXT": ['"v=spf1 -all"', '"a" "b" ""', r'"\255\254 \\ \" end"', '"' + "x" * 255 + '" "' + "y" * 200 + '"', '""'],
    "SOA": ["ns1.example.test. host.example.test. 1 2 3 4 4294967295"],
    "SRV": ["0 5 443 sip.example.test.", "65535 0 0 ."],
    "NAPTR": ['100 10 "u" "E2U+sip" "!^.*$!sip:a@b!" .'],
    "DS": ["12345 13 2 " + "ab" * 32, "1 8 1 " + "cd" * 20, "1 8 9 00"],
    "DNSKEY": ["257 3 13 " + "QUJD" * 16],
    "TLSA": ["3 1 1 " + "ef" * 32, "3 1 0 00ff"],
    "CAA": ['0 issue "letsencrypt.org"', r'128 IODEF "mailto:a\"b@c"', '0 issue ";"'],
    "HTTPS": ['1 . alpn="h2,h3" port="8443" ipv4hint="192.0.2.1,192.0.2.2" ipv6hint="2001:db8::1"', "0 svc.test.",
              '1 a.test. mandatory="alpn" alpn="h2"', '1 . key999="x"', "1 . alpn=h2 no-default-alpn"],
    "RRSIG": ["A 13 2 300 20300101000000 20200101000000 1 example.test. QUJDRA=="],
    "NSEC": ["www.example.test. A MX RRSIG"],
    "LOC": ["48 51 29 N 2 17 40 E 35m"],
    "TYPE65280": [r"\# 4 deadbeef"],
    "SVCB": ["1 dot.example.test. alpn=dot"],
    "DNAME": ["other.example."],
}  # fmt: skip
_OPTIONS = [
    dns.edns.EDEOption(22, "no reachable authority"), dns.edns.EDEOption(3, None), dns.edns.EDEOption(0, "caf\xe9"),
    dns.edns.GenericOption(12, b"\0" * 20), dns.edns.NSIDOption(b"ns1"),
    dns.edns.CookieOption(b"12345678", b"abcdefgh"),
]  # fmt: skip


def packets(seed: int) -> Iterator[tuple[bytes, bool]]:
    """Endless responses from a seed: octets, and whether they were left undamaged."""
    chance = random.Random(seed)
    recent: list[bytes] = []
    while True:
        wire = _message(chance)
        recent = [*recent[-20:], wire]
        yield wire, True
        for _ in range(7):
            yield _damaged(wire, recent, chance), False


def disagreement(wire: bytes, *, undamaged: bool, counts: Counter[str]) -> str:
    """Why our reading of a packet is wrong or surer than dnspython's; empty when it is not."""
    try:
        theirs = dns.message.from_wire(wire)
        if not theirs.flags & dns.flags.QR or theirs.opcode() != 0:
            theirs = None
    except (dns.exception.DNSException, ValueError, LookupError, AssertionError, struct.error):
        theirs = None
    try:
        ours = read_message(wire)
    except MalformedError:
        counts["refused by both" if theirs is None else "refused by us alone"] += 1
        return "we refuse an undamaged packet" if undamaged and theirs is not None else ""
    if theirs is None:
        return "we read what dnspython refuses"
    counts["read by both"] += 1
    if ours.rcode != int(theirs.rcode()) or ours.flags != int(theirs.flags):
        return "flags or code differ"
    for name, section in (("answer", theirs.answer), ("authority", theirs.authority)):
        mine = set(getattr(ours, name))
        if len({record for record in mine if record.rrtype not in _SINGLE}) != len(
            {record for record in _records(section) if record[1] not in _SINGLE}
        ):
            return f"{name} counts differ"
        if not _records(section) <= mine:
            return f"{name} records differ: {sorted(_records(section) - mine)} not in {sorted(mine)}"
    return _surer(ours, theirs, counts)


def _surer(ours: Message, theirs: dns.message.Message, counts: Counter[str]) -> str:
    if len(theirs.question) != 1 or theirs.question[0].rdclass != 1:
        return ""
    if theirs.question[0].rdtype in (24, 46):
        return ""  # signatures are found by the type they cover only, and are never asked for here
    asked = theirs.question[0]
    verdict = judge(question(_name(asked.name), int(asked.rdtype)), ours)
    counts[verdict.outcome.value] += 1
    if verdict.outcome is Outcome.FAILED:
        return ""
    try:
        chain = theirs.resolve_chaining()
    except dns.exception.DNSException as error:
        return f"we are sure of what dnspython calls {type(error).__name__}"
    if theirs.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN) or theirs.flags & dns.flags.TC:
        return "we are sure of an error or of a cut answer"
    if verdict.outcome is Outcome.ABSENT:
        return "we see an absence where dnspython sees records" if chain.answer is not None else ""
    if chain.answer is None or _name(chain.canonical_name) != verdict.final:
        return "we see records where dnspython sees none"
    found = {record[2] for record in _records([chain.answer])}
    return "" if set(verdict.records) == found else f"answers differ: {verdict.records} and {found}"


def _message(chance: random.Random) -> bytes:
    name = chance.choice(_NAMES)
    rrtype = chance.choice(list(_DATA))
    query = dns.message.make_query(name, rrtype, use_edns=chance.random() < 0.8, id=chance.randrange(65536))
    reply = dns.message.make_response(query, our_payload=1232)
    reply.flags |= chance.choice([0, dns.flags.AA, dns.flags.RA, dns.flags.AA | dns.flags.RA])
    if chance.random() < 0.1:
        reply.flags |= chance.choice([dns.flags.TC, dns.flags.AD])
    owner = name
    if chance.random() < 0.3 and rrtype != "CNAME":
        for _ in range(chance.choice([1, 1, 2, 3, 16])):
            target = chance.choice([*_NAMES, f"link{chance.randrange(99)}.test."])
            reply.answer.append(dns.rrset.from_text(owner, 60, "IN", "CNAME", target))
            owner = target
    if chance.random() < 0.6:
        kept = chance.sample(_DATA[rrtype], chance.randint(1, len(_DATA[rrtype])))
        reply.answer.append(dns.rrset.from_text(owner, 60, "IN", rrtype, *kept))
    elif chance.random() < 0.7:
        zone = chance.choice(["test.", "example.test.", ".", "other.example."])
        reply.authority.append(dns.rrset.from_text(zone, 60, "IN", "SOA", _DATA["SOA"][0]))
    for section in (reply.answer, reply.authority, reply.additional):
        if chance.random() < 0.15:
            extra = chance.choice(list(_DATA))
            section.append(dns.rrset.from_text(chance.choice(_NAMES), 60, "IN", extra, chance.choice(_DATA[extra])))
    if reply.edns >= 0 and chance.random() < 0.3:
        reply.use_edns(0, 0, 1232, options=chance.sample(_OPTIONS, chance.choice([1, 1, 2])))
    reply.set_rcode(chance.choice([0, 0, 0, 0, 0, 3, 3, 2, 5, 16 if reply.edns >= 0 else 1]))
    return reply.to_wire(max_size=65535)


def _damaged(wire: bytes, recent: list[bytes], chance: random.Random) -> bytes:
    packet = bytearray(wire)
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        at = chance.randrange(len(packet)) if packet else 0
        match chance.choice([0, 0, 0, 1, 1, 2, 3, 4, 4, 5, 6, 7, 8]):
            case 0 if packet:
                packet[at] ^= 1 << chance.randrange(8)
            case 1 if packet:
                packet[at] = chance.choice([0, 1, 0x3F, 0x40, 0x80, 0xC0, 0xFF])
            case 2:
                del packet[at:]
            case 3:
                packet += bytes(chance.randrange(256) for _ in range(chance.randint(1, 12)))
            case 4 if len(packet) >= 12:
                struct.pack_into("!H", packet, chance.choice([4, 6, 8, 10]), chance.choice([0, 1, 2, 65535]))
            case 5 if len(packet) > 14:
                struct.pack_into("!H", packet, min(at, len(packet) - 2), 0xC000 | chance.randrange(len(packet)))
            case 6:
                other = chance.choice(recent)
                packet[at:] = other[chance.randrange(len(other)) :]
            case 7:
                del packet[at : at + chance.randint(1, 6)]
            case _:
                packet[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 6)))
    return bytes(packet)


def _records(section: list[dns.rrset.RRset]) -> set[tuple[str, int, str]]:
    return {
        (_name(rrset.name), int(rrset.rdtype), _shown(rrset.rdtype, rdata))
        for rrset in section
        if rrset.rdclass == 1
        for rdata in rrset
    }


def _name(name: dns.name.Name) -> str:
    labels = [label.lower() for label in name.labels[:-1]]
    shown = ["".join(_octet(octet) for octet in label) for label in labels]
    return ".".join(shown) or "."


def _octet(octet: int) -> str:
    if chr(octet) in ".\\":
        return "\\" + chr(octet)
    return chr(octet) if 33 <= octet <= 126 else f"\\{octet:03d}"


def _words(octets: bytes) -> str:
    return octets.decode("utf-8", "backslashreplace")


def _quoted(octets: bytes) -> str:
    return '"' + _words(octets).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shown(rrtype: int, rdata: dns.rdata.Rdata) -> str:
    """Presentation form worked out from dnspython's fields, not from our own functions."""
    match dns.rdatatype.to_text(rrtype):
        case "A":
            return rdata.address
        case "AAAA":
            return _ipv6(rdata.address)
        case "NS" | "CNAME" | "PTR":
            return _name(rdata.target)
        case "MX":
            return f"{rdata.preference} {_name(rdata.exchange)}"
        case "TXT":
            return _words(b"".join(rdata.strings))
        case "SOA":
            figures = (rdata.serial, rdata.refresh, rdata.retry, rdata.expire, rdata.minimum)
            return " ".join([_name(rdata.mname), _name(rdata.rname), *map(str, figures)])
        case "SRV":
            return f"{rdata.priority} {rdata.weight} {rdata.port} {_name(rdata.target)}"
        case "NAPTR":
            texts = " ".join(_quoted(part) for part in (rdata.flags, rdata.service, rdata.regexp))
            return f"{rdata.order} {rdata.preference} {texts} {_name(rdata.replacement)}"
        case "DS":
            return f"{rdata.key_tag} {int(rdata.algorithm)} {int(rdata.digest_type)} {rdata.digest.hex()}"
        case "DNSKEY":
            key = rdata.to_text().split(" ", 3)[3].replace(" ", "")
            return f"{int(rdata.flags)} {rdata.protocol} {int(rdata.algorithm)} {key}"
        case "TLSA":
            return f"{rdata.usage} {rdata.selector} {rdata.mtype} {rdata.cert.hex()}"
        case "CAA":
            return f"{rdata.flags} {rdata.tag.decode().lower()} {_quoted(rdata.value)}"
        case "HTTPS" if {int(key) for key in rdata.params} <= {1, 2, 3, 4, 6}:
            return " ".join([str(rdata.priority), _name(rdata.target), *map(_parameter, sorted(rdata.params.items()))])
    return rdata.to_text()


def _parameter(item: tuple[int, object]) -> str:
    key, value = item
    match int(key):
        case 1:
            return "alpn=" + ",".join(_words(name) for name in value.ids)
        case 2:
            return "no-default-alpn"
        case 3:
            return f"port={value.port}"
        case 4:
            return "ipv4hint=" + ",".join(value.addresses)
        case _:
            return "ipv6hint=" + ",".join(_ipv6(address) for address in value.addresses)


def _ipv6(text: str) -> str:
    return socket.inet_ntop(socket.AF_INET6, ip_address(text).packed)
