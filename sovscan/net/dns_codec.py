"""DNS messages between records and wire (RFC 1035 section 4, EDNS of RFC 6891, extended errors of RFC 8914).

Strict on purpose: a packet is read whole or not at all, so that a damaged one never counts as an answer. What is not
read here (record types and options beyond the common ones, other classes) is left to dnspython, and so is the verdict
on whether such a packet is sound.
"""

from functools import lru_cache
from struct import Struct, error
from typing import NamedTuple

from sovscan.net.dns_names import MalformedError, Memo, encode_name, read_name
from sovscan.net.dns_records import PRESENTERS, TYPES, NotReadHere, readable_text

EDNS_SIZE = 1232
"""UDP payload size offered, in octets: fits every path without fragments (DNS flag day 2020)."""

NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED, BADVERS = 0, 1, 2, 3, 4, 5, 16
NS, CNAME, SOA, OPT = 2, 5, 6, 41
AA, TC, RA, AD = 0x0400, 0x0200, 0x0080, 0x0020
"""Header flags: speaks for the zone, cut to fit, offers recursion, validated the answer."""

_RCODES = {
    0: "noerror", 1: "formerr", 2: "servfail", 3: "nxdomain", 4: "notimp", 5: "refused", 6: "yxdomain", 7: "yxrrset",
    8: "nxrrset", 9: "notauth", 10: "notzone", 16: "badvers", 23: "badcookie",
}  # fmt: skip
_HEADER = Struct("!HHHHHH")
_RECORD = Struct("!HHIH")
_PAIR = Struct("!HH")
_ASK = b"\x01\x20\x00\x01\x00\x00\x00\x00"  # RD: recursion please; AD: say whether it was validated (RFC 6840 5.7)
_OPT_RECORD = b"\0" + _RECORD.pack(OPT, EDNS_SIZE, 0, 0)
_QUESTION_POINTER = b"\xc0\x0c"
_OPCODE, _QR = 0x7800, 0x8000
_OPT_HEAD = b"\0\0\x29"
_EDE = 15
_PADDING = 12


class Record(NamedTuple):
    """One resource record of class IN."""

    owner: str
    rrtype: int
    text: str


class Question(NamedTuple):
    """One question, ready to be sent and to be compared with what comes back."""

    name: str
    """Lower case, no trailing dot, ``.`` for the root."""
    rrtype: int
    wire: bytes
    """Name, type and class as they stand in the question section."""

    def packet(self, ident: int, *, edns: bool = True) -> bytes:
        """Wire form of the query with a 16-bit id."""
        if edns:
            return ident.to_bytes(2, "big") + _ASK + b"\0\1" + self.wire + _OPT_RECORD
        return ident.to_bytes(2, "big") + _ASK + b"\0\0" + self.wire

    def is_repeated_in(self, wire: bytes) -> bool:
        """Whether a message carries exactly this question; letter case of the name does not count."""
        after = 12 + len(self.wire)
        return (
            wire[4:6] == b"\0\1"
            and wire[12 : after - 4].lower() == self.wire[:-4]
            and wire[after - 4 : after] == self.wire[-4:]
        )


class Message(NamedTuple):
    """A response that was read whole; records of other classes and of the additional section are left out."""

    flags: int
    rcode: int
    """With the upper bits of EDNS."""
    answer: tuple[Record, ...]
    authority: tuple[Record, ...]
    note: str = ""
    """Extended errors, ``code text`` joined by ``; ``."""


@lru_cache(maxsize=64)
def type_number(rrtype: str) -> int:
    """IANA number of a record type such as ``MX`` or ``TYPE65280``; raises ValueError when there is none."""
    number = TYPES.get(rrtype)
    if number is None:
        import dns.exception
        import dns.rdatatype

        try:
            return int(dns.rdatatype.from_text(rrtype))
        except dns.exception.DNSException as cause:
            raise ValueError(f"no such record type: {rrtype}") from cause
    return number


def question(name: str, rrtype: int) -> Question:
    """The question for a name as ``bare`` gives it, class IN; raises BadNameError when it cannot be asked for."""
    return Question(name, rrtype, encode_name(name) + rrtype.to_bytes(2, "big") + b"\0\1")


def rcode_text(rcode: int) -> str:
    """Name of a response code in lower case, ``rcode-NN`` for one without a name."""
    return _RCODES.get(rcode) or f"rcode-{rcode}"


def read_message(wire: bytes, repeated: Question | None = None) -> Message:
    """The response in a packet, read to its last octet.

    ``repeated`` is a question the caller has found in it and saves reading it again.
    Raises MalformedError when anything in it is unsound: counts, lengths, pointers, record data, octets left over.
    """
    if len(wire) < 12:
        raise MalformedError("shorter than a header")
    try:
        return _read(wire, repeated)
    except NotReadHere:
        from sovscan.net.dns_rare import read_with_dnspython

        return read_with_dnspython(wire)


def _read(wire: bytes, repeated: Question | None) -> Message:
    _, flags, questions, answers, authorities, additionals = _HEADER.unpack_from(wire)
    if not flags & _QR or flags & _OPCODE:
        raise MalformedError("not a response to a query")
    end = len(wire)
    memo: Memo
    if repeated is None:
        memo, at = {}, 12
        for _ in range(questions):
            _, at = read_name(wire, at, end, memo)
            at += 4
        if at > end:
            raise MalformedError("question runs out of the packet")
    else:
        length = len(repeated.wire)
        memo, at = {12: (repeated.name, length - 4, 0)}, 12 + length
    answer, at = _records(wire, at, answers, memo)
    authority, at = _records(wire, at, authorities, memo)
    note, rcode = "", flags & 15
    if additionals == 1 and wire[at : at + 3] == _OPT_HEAD and wire[at + 9 :] == b"\0\0":
        rcode |= wire[at + 5] << 4
        at += 11
    elif additionals:
        at, high, note = _additional(wire, at, additionals, memo)
        rcode |= high << 4
    if at != end:
        raise MalformedError("octets after the message")
    return Message(flags, rcode, answer, authority, note)


def _records(wire: bytes, at: int, count: int, memo: Memo) -> tuple[tuple[Record, ...], int]:
    if not count:
        return (), at
    end = len(wire)
    if count * 11 > end - at:
        raise MalformedError("more records counted than fit")
    records = []
    first = memo.get(12)
    try:
        for _ in range(count):
            if first is not None and wire[at : at + 2] == _QUESTION_POINTER:
                owner, at = first[0], at + 2
            else:
                owner, at = read_name(wire, at, end, memo)
            data = at + 10
            rrtype, rrclass, _, length = _RECORD.unpack_from(wire, at)
            at = data + length
            if at > end:
                raise MalformedError("record data runs out of the packet")
            presenter = PRESENTERS.get(rrtype)
            if rrclass != 1 or presenter is None:
                raise NotReadHere
            records.append(Record(owner, rrtype, presenter(wire, data, at, memo)))
    except (IndexError, error) as cause:
        raise MalformedError("record ends early") from cause
    return tuple(records), at


def _additional(wire: bytes, at: int, count: int, memo: Memo) -> tuple[int, int, str]:
    """Offset after the section, upper bits of the response code, extended errors."""
    end, high, note, seen = len(wire), 0, "", False
    for _ in range(count):
        if wire[at : at + 3] != _OPT_HEAD:
            _, at = _records(wire, at, 1, memo)
            continue
        data = at + 11
        if data > end or seen:
            raise MalformedError("OPT is cut or repeated")
        _, _, ttl, length = _RECORD.unpack_from(wire, at + 1)
        at = data + length
        if at > end:
            raise MalformedError("options run out of the packet")
        high, seen = ttl >> 24, True
        if length:
            note = _extended_errors(wire, data, at)
    return at, high, note


def _extended_errors(wire: bytes, at: int, stop: int) -> str:
    notes = []
    while at < stop:
        if at + 4 > stop:
            raise MalformedError("option ends early")
        code, length = _PAIR.unpack_from(wire, at)
        value = wire[at + 4 : at + 4 + length]
        at += 4 + length
        if at > stop or (code == _EDE and length < 2):
            raise MalformedError("option runs out of its record")
        if code == _EDE:
            try:
                value[2:].decode("utf-8")
            except UnicodeDecodeError as cause:
                raise MalformedError("extended error is not UTF-8") from cause
            number = value[0] << 8 | value[1]
            notes.append(f"{number} {readable_text(value[2:])}".rstrip(" \0"))
        elif code != _PADDING:
            raise NotReadHere
    return "; ".join(notes)
