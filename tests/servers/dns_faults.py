"""The ways in which ``dns_server`` misbehaves: each function says what goes back for one question."""

import struct
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import dns.rrset

if TYPE_CHECKING:
    from tests.servers.dns_server import DnsServer

Parts = list[bytes | float]
Fault = Callable[["Context", str], Parts]
SOA = "ns.box.test. hostmaster.box.test. 1 3600 600 86400 60"


class Context:
    """One question with an empty reply to fill or to spoil."""

    def __init__(self, query: dns.message.Message, wire: bytes, transport: str, count: int, server: "DnsServer"):
        self.query, self.wire, self.transport, self.count, self.server = query, wire, transport, count, server
        self.name: dns.name.Name = query.question[0].name
        self.rrtype = query.question[0].rdtype
        self.reply = dns.message.make_response(query, our_payload=1232)
        self.reply.flags |= dns.flags.AA
        if server.recursive:
            self.reply.flags |= dns.flags.RA

    def wire_of(self, reply: dns.message.Message) -> bytes:
        """Wire form, cut with the TC flag when it does not fit a datagram."""
        room = 65535 if self.transport == "tcp" else min(max(512, self.query.payload), 1232)
        try:
            return reply.to_wire(max_size=room)
        except dns.exception.TooBig:
            return self.cut()

    def cut(self) -> bytes:
        """An empty reply that says it was cut."""
        self.reply.answer.clear()
        self.reply.authority.clear()
        self.reply.flags |= dns.flags.TC
        return self.reply.to_wire()

    def full(self, *records: dns.rrset.RRset, rcode: int = 0, authority: tuple[dns.rrset.RRset, ...] = ()) -> bytes:
        """A reply with these records."""
        self.reply.answer, self.reply.authority = list(records), list(authority)
        self.reply.set_rcode(rcode)
        return self.wire_of(self.reply)

    def address(self, name: str = "") -> dns.rrset.RRset:
        return dns.rrset.from_text(name or self.name, 60, "IN", "A", "192.0.2.1")

    def without_authority(self) -> None:
        self.reply.flags &= ~(dns.flags.AA | dns.flags.RA)

    def raw(self, answers: int, body: bytes) -> bytes:
        """A hand-made packet: header with a count, the question, then any octets."""
        head = struct.pack("!HHHHHH", self.query.id, 0x8580, 1, answers, 0, 0)
        return head + self.name.to_wire() + struct.pack("!HH", self.rrtype, 1) + body


def soa(owner: str) -> dns.rrset.RRset:
    return dns.rrset.from_text(owner, 60, "IN", "SOA", SOA)


def zone_of(context: Context) -> str:
    return context.name.parent().to_text()


def alias_chain(context: Context, length: int) -> Parts:
    names = [context.name.to_text(), *(f"link{i}.test." for i in range(1, length + 1))]
    links = [dns.rrset.from_text(a, 60, "IN", "CNAME", b) for a, b in pairwise(names)]
    return [context.full(*links, context.address(names[-1]))]


def bad_id(context: Context, _: str) -> Parts:
    wire = bytearray(context.full(context.address()))
    wire[0] ^= 0x55
    return [bytes(wire)]


def bad_question(context: Context, _: str) -> Parts:
    other = dns.message.make_query("another.test.", context.rrtype, id=context.query.id)
    reply = dns.message.make_response(other)
    reply.answer = [dns.rrset.from_text("another.test.", 60, "IN", "A", "192.0.2.66")]
    return [reply.to_wire()]


def other_class(context: Context, _: str) -> Parts:
    wire = bytearray(context.server.honest(context))
    wire[12 + len(context.name.to_wire()) + 3] = 3
    return [bytes(wire)]


def by_transport(udp: Fault, tcp: Fault) -> Fault:
    return lambda context, argument: (tcp if context.transport == "tcp" else udp)(context, argument)


def cut(context: Context, _: str) -> Parts:
    return [context.cut()]


def honest(context: Context, _: str) -> Parts:
    return [context.server.honest(context)]


def referral(context: Context, _: str) -> Parts:
    context.without_authority()
    delegation = dns.rrset.from_text(zone_of(context), 60, "IN", "NS", "ns.elsewhere.test.")
    return [context.full(authority=(delegation,))]


def unsigned(rcode: int) -> Fault:
    """An absence from a server that neither speaks for the zone nor recurses."""

    def fault(context: Context, _: str) -> Parts:
        context.without_authority()
        return [context.full(rcode=rcode, authority=(soa(zone_of(context)),))]

    return fault


def refuse_edns(rcode: int) -> Fault:
    def fault(context: Context, argument: str) -> Parts:
        return [context.full(rcode=rcode)] if context.query.edns >= 0 else honest(context, argument)

    return fault


def alias(context: Context, target: str) -> dns.rrset.RRset:
    return dns.rrset.from_text(context.name, 60, "IN", "CNAME", target)


def loop(context: Context, _: str) -> Parts:
    back = dns.rrset.from_text("loop-end.test.", 60, "IN", "CNAME", context.name.to_text())
    return [context.full(alias(context, "loop-end.test."), back)]


def large_text(context: Context, _: str) -> Parts:
    strings = [f'"{number:03}{"y" * 240}"' for number in range(120)]
    return [context.full(dns.rrset.from_text(context.name, 60, "IN", "TXT", " ".join(strings)))]


def many_addresses(context: Context, _: str) -> Parts:
    addresses = [f"198.51.{number >> 8}.{number & 255}" for number in range(2000)]
    return [context.full(dns.rrset.from_text(context.name, 60, "IN", "A", *addresses))]


def extended_error(context: Context, _: str) -> Parts:
    context.reply.use_edns(0, 0, 1232, options=[dns.edns.EDEOption(22, "No reachable <authority>")])
    return [context.full(rcode=2)]


def delayed(context: Context, seconds: str) -> Parts:
    return [float(seconds or 0.5), context.server.honest(context)]


FAULTS: dict[str, Fault] = {
    "timeout": lambda _c, _a: [],
    "silent": lambda _c, _a: [],
    "slow": delayed,
    "drop_first": lambda c, count: honest(c, "") if c.count > int(count or 1) else [],
    "servfail": lambda c, _: [c.full(rcode=2)],
    "refused": lambda c, _: [c.full(rcode=5)],
    "formerr": lambda c, _: [c.full(rcode=1)],
    "notimp": lambda c, _: [c.full(rcode=4)],
    "bare_refused": lambda c, _: [struct.pack("!HHHHHH", c.query.id, 0x8005, 0, 0, 0, 0)],
    "extended_error": extended_error,
    "formerr_edns": refuse_edns(1),
    "badvers": refuse_edns(16),
    "lame": referral,
    "nodata_nosoa": lambda c, _: [c.full()],
    "nxdomain_nosoa": lambda c, _: [c.full(rcode=3)],
    "foreign_soa": lambda c, _: [c.full(authority=(soa("elsewhere.example."),))],
    "nodata_unsigned": unsigned(0),
    "nxdomain_unsigned": unsigned(3),
    "nodata": lambda c, _: [c.full(authority=(soa(zone_of(c)),))],
    "nxdomain": lambda c, _: [c.full(rcode=3, authority=(soa(zone_of(c)),))],
    "nxdomain_with_records": lambda c, _: [c.full(c.address(), rcode=3, authority=(soa(zone_of(c)),))],
    "nx_hijack": lambda c, _: [c.full(*([c.address()] if c.rrtype == 1 else []), authority=(soa("test."),))],
    "wrong_id": bad_id,
    "wrong_question": bad_question,
    "wrong_class": other_class,
    "spoof_then_real": lambda c, _: [b"\0garbage", *bad_id(c, ""), *bad_question(c, ""), c.server.honest(c)],
    "garbage": lambda c, _: [c.wire[:2] + b"\x84\0" + bytes(range(200, 240))],
    "cut_header": lambda c, _: [c.full(c.address())[:15]],
    "ptr_loop": lambda c, _: [c.raw(1, struct.pack("!HHHIH", 0xC000 | len(c.raw(0, b"")), 1, 1, 1, 4) + b"\1\2\3\4")],
    "bad_rdlen": lambda c, _: [c.raw(1, b"\xc0\x0c" + struct.pack("!HHIH", 16, 1, 1, 5) + b"\xffabcd")],
    "count_lie": lambda c, _: [c.raw(65535, b"")],
    "trailing": lambda c, _: [c.full(c.address()) + b"\0\0"],
    "truncate": by_transport(cut, honest),
    "tc_no_tcp": by_transport(cut, lambda _c, _a: [b"RAW:"]),
    "tcp_short": by_transport(cut, lambda c, _: [b"RAW:" + struct.pack("!H", 500) + c.full(c.address())]),
    "tcp_zero": by_transport(cut, lambda _c, _a: [b"RAW:\0\0"]),
    "tcp_garbage": by_transport(cut, lambda c, _: [c.raw(3, b"\xff\xff")]),
    "tc_always": cut,
    "loop": loop,
    "cname_chain_15": lambda c, _: alias_chain(c, 15),
    "cname_chain_16": lambda c, _: alias_chain(c, 16),
    "soa_ok_cname": lambda c, _: [c.full(alias(c, "gone.test."), rcode=3, authority=(soa("test."),))],
    "big_64k": by_transport(cut, large_text),
    "many": by_transport(cut, many_addresses),
    "flap": lambda c, _: [c.full(rcode=2)] if c.count % 2 else honest(c, ""),
}
"""By name; a fault that needs a figure takes it after a colon."""
