"""Record data in presentation form, for the record types an audit asks for; other types are left to dnspython."""

from base64 import b64encode
from collections.abc import Callable
from socket import AF_INET6, inet_ntop
from struct import Struct, error

from sovscan.net.dns_names import MalformedError, Memo, read_name

TYPES = {
    "A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "NAPTR": 35,
    "DS": 43, "DNSKEY": 48, "TLSA": 52, "HTTPS": 65, "CAA": 257,
}  # fmt: skip
"""Record types read here, by IANA number."""

_DIGEST_LENGTHS = {1: 20, 2: 32, 3: 32, 4: 48}
_TLSA_LENGTHS = {1: 32, 2: 64}
_SVCB_ALPN, _SVCB_NO_DEFAULT, _SVCB_PORT, _SVCB_IPV4, _SVCB_IPV6 = 1, 2, 3, 4, 6
_SRV = Struct("!HHH")
_SOA = Struct("!IIIII")
_PAIR = Struct("!HH")
_KEY = Struct("!HBB")

Presenter = Callable[[bytes, int, int, Memo], str]


class NotReadHere(Exception):  # noqa: N818 - no error: a sign that dnspython reads this message
    """Raised when a message holds something only the full reader knows."""


def present(rrtype: int, wire: bytes, at: int, stop: int, memo: Memo) -> str:
    """Presentation form of the record data between two offsets of a message.

    Raises MalformedError when the data does not fill its length exactly, NotReadHere for a type not in TYPES.
    """
    presenter = PRESENTERS.get(rrtype)
    if presenter is None:
        raise NotReadHere
    try:
        return presenter(wire, at, stop, memo)
    except (IndexError, error) as cause:
        raise MalformedError("record data ends early") from cause


def readable_text(octets: bytes) -> str:
    r"""Octets as UTF-8 text; octets that are not UTF-8 appear as ``\xNN``."""
    return octets.decode("utf-8", "backslashreplace")


def _a(wire: bytes, at: int, stop: int, _memo: Memo) -> str:
    if stop - at != 4:
        raise MalformedError("IPv4 address of another length")
    return f"{wire[at]}.{wire[at + 1]}.{wire[at + 2]}.{wire[at + 3]}"


def _aaaa(wire: bytes, at: int, stop: int, _memo: Memo) -> str:
    if stop - at != 16:
        raise MalformedError("IPv6 address of another length")
    return inet_ntop(AF_INET6, wire[at:stop])


def _name(wire: bytes, at: int, stop: int, memo: Memo) -> str:
    text, after = read_name(wire, at, stop, memo)
    if after != stop:
        raise MalformedError("octets after a name")
    return text


def _mx(wire: bytes, at: int, stop: int, memo: Memo) -> str:
    host = _name(wire, at + 2, stop, memo)
    return f"{wire[at] << 8 | wire[at + 1]} {host}"


def _soa(wire: bytes, at: int, stop: int, memo: Memo) -> str:
    primary, at = read_name(wire, at, stop, memo)
    mailbox, at = read_name(wire, at, stop, memo)
    if stop - at != _SOA.size:
        raise MalformedError("SOA of another length")
    serial, refresh, retry, expire, minimum = _SOA.unpack_from(wire, at)
    return f"{primary} {mailbox} {serial} {refresh} {retry} {expire} {minimum}"


def _strings(wire: bytes, at: int, stop: int) -> list[bytes]:
    strings = []
    while at < stop:
        after = at + 1 + wire[at]
        if after > stop:
            raise MalformedError("string runs out of its record")
        strings.append(wire[at + 1 : after])
        at = after
    return strings


def _txt(wire: bytes, at: int, stop: int, _memo: Memo) -> str:
    if stop == at:
        raise MalformedError("TXT without a string")
    return readable_text(b"".join(_strings(wire, at, stop)))


def _srv(wire: bytes, at: int, stop: int, memo: Memo) -> str:
    target = _name(wire, at + 6, stop, memo)
    priority, weight, port = _SRV.unpack_from(wire, at)
    return f"{priority} {weight} {port} {target}"


def _naptr(wire: bytes, at: int, stop: int, memo: Memo) -> str:
    order, preference = _PAIR.unpack_from(wire, at)
    at += 4
    quoted = []
    for _ in range(3):
        after = at + 1 + wire[at]
        if after > stop:
            raise MalformedError("string runs out of its record")
        quoted.append(_quoted(wire[at + 1 : after]))
        at = after
    return f"{order} {preference} {' '.join(quoted)} {_name(wire, at, stop, memo)}"


def _ds(wire: bytes, at: int, stop: int, _memo: Memo) -> str:
    tag, algorithm, digest_type = _KEY.unpack_from(wire[at:stop])
    digest = wire[at + 4 : stop]
    if digest_type == 0 or _DIGEST_LENGTHS.get(digest_type, len(digest)) != len(digest):
        raise MalformedError("digest of another length than its type")
    return f"{tag} {algorithm} {digest_type} {digest.hex()}"


def _dnskey(wire: bytes, at: int, stop: int, _memo: Memo) -> str:
    flags, protocol, algorithm = _KEY.unpack_from(wire[at:stop])
    return f"{flags} {protocol} {algorithm} {b64encode(wire[at + 4 : stop]).decode('ascii')}"


def _tlsa(wire: bytes, at: int, stop: int, _memo: Memo) -> str:
    if stop - at < 3:
        raise MalformedError("TLSA ends early")
    digest = wire[at + 3 : stop]
    if _TLSA_LENGTHS.get(wire[at + 2], len(digest)) != len(digest):
        raise MalformedError("digest of another length than its type")
    return f"{wire[at]} {wire[at + 1]} {wire[at + 2]} {digest.hex()}"


def _caa(wire: bytes, at: int, stop: int, _memo: Memo) -> str:
    if stop - at < 2 or at + 2 + wire[at + 1] > stop:
        raise MalformedError("CAA ends early")
    after = at + 2 + wire[at + 1]
    tag = wire[at + 2 : after]
    if not tag.isalnum():
        raise MalformedError("CAA tag is not of letters and digits")
    return f"{wire[at]} {tag.decode('ascii').lower()} {_quoted(wire[after:stop])}"


def _https(wire: bytes, at: int, stop: int, memo: Memo) -> str:
    """Service binding (RFC 9460 section 2.2); parameters beyond the common ones are left to dnspython."""
    priority = wire[at] << 8 | wire[at + 1]
    start = at + 2
    own: Memo = {}
    target, at = read_name(wire, start, stop, own)
    if start in own and own[start][2]:
        raise MalformedError("target of a service binding is compressed")
    memo.update(own)
    shown = [str(priority), target]
    if priority == 0 and at != stop:
        raise MalformedError("parameters in alias mode")
    last = -1
    while at < stop:
        key, length = _PAIR.unpack_from(wire, at)
        at += 4
        if key <= last or at + length > stop:
            raise MalformedError("service parameters out of order or bounds")
        shown.append(_service_parameter(key, wire[at : at + length]))
        last, at = key, at + length
    if at != stop:
        raise MalformedError("octets after the service parameters")
    return " ".join(shown)


def _service_parameter(key: int, value: bytes) -> str:
    if key == _SVCB_ALPN and value:
        names = tuple(_strings(value, 0, len(value)))
        if all(names):  # RFC 9460, 7.1.1: no protocol has an empty name
            return "alpn=" + ",".join(readable_text(name) for name in names)
    if key == _SVCB_NO_DEFAULT and not value:
        return "no-default-alpn"
    if key == _SVCB_PORT and len(value) == 2:
        return f"port={value[0] << 8 | value[1]}"
    if key == _SVCB_IPV4 and value and len(value) % 4 == 0:
        return "ipv4hint=" + ",".join(_a(value, i, i + 4, {}) for i in range(0, len(value), 4))
    if key == _SVCB_IPV6 and value and len(value) % 16 == 0:
        return "ipv6hint=" + ",".join(_aaaa(value, i, i + 16, {}) for i in range(0, len(value), 16))
    raise NotReadHere


def _quoted(octets: bytes) -> str:
    return '"' + readable_text(octets).replace("\\", "\\\\").replace('"', '\\"') + '"'


PRESENTERS: dict[int, Presenter] = {
    1: _a, 2: _name, 5: _name, 6: _soa, 12: _name, 15: _mx, 16: _txt, 28: _aaaa, 33: _srv, 35: _naptr,
    43: _ds, 48: _dnskey, 52: _tlsa, 65: _https, 257: _caa,
}  # fmt: skip
"""How the data between two offsets of a message is shown, by type; each may also raise IndexError or struct.error."""
