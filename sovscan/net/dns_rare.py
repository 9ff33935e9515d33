"""Messages that only dnspython reads, turned into our own records; its import is paid when one arrives."""

from typing import TYPE_CHECKING

from sovscan.net.dns_codec import Message, Record
from sovscan.net.dns_names import MalformedError, text_of_labels
from sovscan.net.dns_records import TYPES, NotReadHere, present

if TYPE_CHECKING:
    import dns.message
    import dns.rdata
    import dns.rrset


def read_with_dnspython(wire: bytes) -> Message:
    """The response in a packet as dnspython reads it; raises MalformedError when it refuses the packet."""
    from struct import error as struct_error

    import dns.exception
    import dns.message

    try:
        message = dns.message.from_wire(wire)
    except (dns.exception.DNSException, ValueError, LookupError, AssertionError, struct_error) as error:
        raise MalformedError(f"refused by dnspython: {type(error).__name__}") from error
    return message_of(message)


def message_of(message: "dns.message.Message") -> Message:
    """Our record of a message that dnspython has read; raises MalformedError when it is no response to a query."""
    import dns.opcode

    flags = int(message.flags)
    if not flags & 0x8000 or message.opcode() != dns.opcode.QUERY:
        raise MalformedError("not a response to a query")
    notes = [f"{int(error.code)} {error.text or ''}".rstrip() for error in message.extended_errors()]
    return Message(flags, int(message.rcode()), _records(message.answer), _records(message.authority), "; ".join(notes))


def _records(rrsets: "list[dns.rrset.RRset]") -> tuple[Record, ...]:
    records: list[Record] = []
    for rrset in rrsets:
        if int(rrset.rdclass) != 1:
            continue
        owner = text_of_labels(list(rrset.name.labels[:-1]))
        rrtype = int(rrset.rdtype)
        records += [Record(owner, rrtype, _text(rrtype, rdata)) for rdata in rrset]
    return tuple(records)


def _text(rrtype: int, rdata: "dns.rdata.Rdata") -> str:
    if rrtype in TYPES.values():
        octets = rdata.to_wire() or b""
        try:
            return present(rrtype, octets, 0, len(octets), {})
        except NotReadHere:
            pass
    return str(rdata.to_text())
