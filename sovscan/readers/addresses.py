"""Which addresses, hosts and ports may be connected to, and what the auditor's scope adds to them.

The list is our own because ``ipaddress.is_global`` of Python 3.11.7 is True for 64:ff9b::a9fe:a9fe, 2002:7f00:1::,
fec0::1, 224.0.0.1, 168.63.129.16 and others. Sources: the IANA special-purpose address registries
(https://www.iana.org/assignments/iana-ipv4-special-registry, .../iana-ipv6-special-registry, checked 2026-11-21).
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

WEB_PORTS = (80, 443)

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_BLOCKED_4: tuple[tuple[ipaddress.IPv4Network, str], ...] = tuple(
    (ipaddress.IPv4Network(prefix), reason)
    for prefix, reason in (
        ("0.0.0.0/8", "this-network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared"),
        ("127.0.0.0/8", "loopback"),
        # Azure's platform address answers inside every virtual machine of that cloud.
        ("168.63.129.16/32", "cloud-metadata"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "anycast-sink"),
        ("192.52.193.0/24", "relay"),
        ("192.88.99.0/24", "relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "anycast-sink"),
        ("198.18.0.0/15", "benchmark"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)

_ALLOWED_6 = ipaddress.IPv6Network("2000::/3")
"""The only range allocated as global unicast (RFC 4291 section 2.4); the rest needs no list."""

_BLOCKED_6: tuple[tuple[ipaddress.IPv6Network, str], ...] = tuple(
    (ipaddress.IPv6Network(prefix), reason)
    for prefix, reason in (
        ("2001::/23", "protocol"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "relay"),
        ("2620:4f:8000::/48", "anycast-sink"),
        ("3fff::/20", "documentation"),
    )
)

_NAMED_6: tuple[tuple[ipaddress.IPv6Network, str], ...] = tuple(
    (ipaddress.IPv6Network(prefix), reason)
    for prefix, reason in (
        ("::1/128", "loopback"),
        ("::ffff:0:0/96", "mapped"),
        ("::/96", "mapped"),
        ("64:ff9b::/32", "relay"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "private"),
        ("ff00::/8", "multicast"),
    )
)

_LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa", "localdomain", "onion", "invalid")
"""Never on the public internet: RFC 6761, RFC 6762, RFC 8375, RFC 7686, and ``internal`` (ICANN, 2024-07-29)."""

_LABEL = re.compile(r"[a-z0-9_-]{1,63}\Z")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)\Z")


def blocked_reason(address: str) -> str | None:
    """Return why nobody outside may be reached at this address, or None for a public unicast address.

    Reasons: ``not-an-address``, ``zone``, ``loopback``, ``private``, ``link-local``, ``shared``, ``this-network``,
    ``protocol``, ``documentation``, ``relay``, ``benchmark``, ``multicast``, ``reserved``, ``mapped``,
    ``anycast-sink``, ``cloud-metadata``.
    """
    parsed = _parse(address)
    if parsed is None:
        return "not-an-address"
    if isinstance(parsed, ipaddress.IPv4Address):
        return next((reason for network, reason in _BLOCKED_4 if parsed in network), None)
    if parsed.scope_id is not None:
        return "zone"
    if parsed in _ALLOWED_6:
        return next((reason for network, reason in _BLOCKED_6 if parsed in network), None)
    return next((reason for network, reason in _NAMED_6 if parsed in network), "reserved")


def literal_address(host: str) -> str | None:
    """Return the canonical address that a URL's host spells strictly, or None when the host is a name or a trap."""
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    parsed = _parse(bare)
    return None if parsed is None else str(parsed)


def host_refusal(host: str) -> str | None:
    """Return why a host must not even be resolved, or None.

    ``numeric-host``: system resolvers read 2130706433, 0177.0.0.1, 0x7f.1 and 127.1 as addresses although they are
    not spelt as one (WHATWG URL, "ends in a number"). ``local-name``: never a name of the public internet.
    ``not-a-host``: empty labels, labels over 63 octets, or characters that no A-label has.
    """
    if literal_address(host) is not None:
        return None
    name = host.rstrip(".").lower()
    if len(name) > 253 or not all(_LABEL.match(label) for label in name.split(".")):
        return "not-a-host"
    if _NUMBER.match(name.rsplit(".", 1)[-1]):
        return "numeric-host"
    if "." not in name or any(name == local or name.endswith("." + local) for local in _LOCAL_NAMES):
        return "local-name"
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeEntry:
    """One range that the auditor opened, with its ports."""

    network: _Network
    ports: tuple[tuple[int, int], ...]
    """First and last port of each range, both included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What may be connected to: the public internet on 80 and 443, and what ``--scope`` adds."""

    entries: tuple[ScopeEntry, ...] = ()

    @classmethod
    def parse(cls, texts: Iterable[str]) -> "Scope":
        """Return the scope that ``CIDR[:PORTS]`` texts open, such as ``10.0.0.0/8:443,8000-8080``.

        An IPv6 address without prefix length takes its ports after brackets: ``[fd00::1]:8443``. Without ports, 80
        and 443. Raises ValueError with the text and the fault.
        """
        return cls(entries=tuple(_entry(text) for text in texts))

    def permits(self, address: str, port: int) -> bool:
        """Return whether the auditor's own entries cover this address and port."""
        parsed = _parse(address)
        return parsed is not None and any(
            parsed.version == entry.network.version
            and parsed in entry.network
            and any(first <= port <= last for first, last in entry.ports)
            for entry in self.entries
        )

    def refusal(self, address: str, port: int) -> str | None:
        """Return why no connection may be made to this address and port, or None when it may.

        As :func:`blocked_reason`, and ``port`` for a port other than 80 and 443.
        """
        if self.permits(address, port):
            return None
        return blocked_reason(address) or (None if port in WEB_PORTS else "port")


def _parse(address: str) -> _Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None


def _entry(text: str) -> ScopeEntry:
    network, ports = _split(text.strip())
    try:
        parsed = ipaddress.ip_network(network)
    except ValueError as fault:
        raise ValueError(f"scope {text!r}: {fault}") from fault
    if ports is None:
        return ScopeEntry(network=parsed, ports=tuple((port, port) for port in WEB_PORTS))
    return ScopeEntry(network=parsed, ports=tuple(_port_range(text, part) for part in ports.split(",")))


def _split(text: str) -> tuple[str, str | None]:
    """Return the network and the ports, None without any; a colon separates them only where IPv6 cannot mean it."""
    if text.startswith("["):
        inside, _, after = text[1:].partition("]")
        length, colon, ports = after.partition(":")
        return inside + length, ports if colon else None
    network, slash, length = text.partition("/")
    if slash:
        length, colon, ports = length.partition(":")
        return f"{network}/{length}", ports if colon else None
    if network.count(":") == 1:
        address, _, ports = network.partition(":")
        return address, ports
    return network, None


def _port_range(text: str, part: str) -> tuple[int, int]:
    first, dash, last = part.strip().partition("-")
    if not first.isascii() or not first.isdigit() or (dash and not (last.isascii() and last.isdigit())):
        raise ValueError(f"scope {text!r}: {part!r} is not a port or a range of ports")
    low, high = int(first), int(last or first)
    if not 1 <= low <= high <= 65535:
        raise ValueError(f"scope {text!r}: ports go from 1 to 65535, first to last")
    return low, high
