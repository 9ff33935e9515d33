"""SPF records, read by the grammar of RFC 7208, section 12: one record, never the network."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

LOOKUP_KINDS = frozenset({"include", "a", "mx", "ptr", "exists"})
"""Mechanisms that cost one of the ten look-ups; the modifier ``redirect`` costs one too (RFC 7208, 4.6.4)."""

_KINDS = LOOKUP_KINDS | {"all", "ip4", "ip6"}
_NEEDS_DOMAIN = frozenset({"include", "exists"})

_EXPAND = r"%\{[slodiphv][0-9]*r?[.+,/_=-]*\}"
_MACRO_STRING = rf"(?:{_EXPAND}|%[%_-]|[!-$&-~])*"
_TOP_LABEL = r"(?:[0-9]*[a-z][0-9a-z]*|[0-9a-z]+-[0-9a-z-]*[0-9a-z])"
_DOMAIN_SPEC = re.compile(rf"(?={_MACRO_STRING}\Z).*(?:\.{_TOP_LABEL}\.?|{_EXPAND})\Z", re.IGNORECASE)
_MACROS = re.compile(rf"{_MACRO_STRING}\Z", re.IGNORECASE)
_MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)\Z", re.IGNORECASE)
_MECHANISM = re.compile(r"([+?~-]?)([a-z][a-z0-9]*)([:/].*)?\Z", re.IGNORECASE)
_DUAL_CIDR = re.compile(r"(.*?)(?:/(0|[1-9][0-9]{0,2}))?(?://(0|[1-9][0-9]{0,2}))?\Z")
_VERSION = re.compile(r"v=spf1(?: |\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfTerm:
    """One mechanism of a record, or its ``redirect`` modifier."""

    kind: str
    """``all include a mx ptr ip4 ip6 exists`` or ``redirect``, in lower case."""
    qualifier: str = "+"
    """``+ - ~ ?``; always ``+`` for ``redirect``."""
    value: str = ""
    """Domain-spec in lower case without trailing dot, or the network of ip4 and ip6; empty: the domain itself."""

    @property
    def has_macro(self) -> bool:
        """Whether the domain depends on the message and cannot be asked."""
        return "%" in self.value

    @property
    def literal_end(self) -> str:
        """The whole labels after the last macro: all that is known of the name whoever sends; may be empty."""
        if not self.has_macro:
            return self.value
        tail = re.split(r"%\{[^}]*\}|%[%_-]", self.value)[-1]
        return tail.partition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfRecord:
    """A record that follows the grammar."""

    text: str
    terms: tuple[SpfTerm, ...]
    """Mechanisms in order; a ``redirect`` that counts comes last. What follows ``all`` is never evaluated: left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfProblem:
    """A permanent error (RFC 7208, 2.6.7), with whatever could be read in spite of it."""

    reason: str
    """``several-records``, or ``syntax`` and the faulty term."""
    texts: tuple[str, ...]
    """The record, or every record when there are several, sorted."""
    terms: tuple[SpfTerm, ...]
    """Terms that could be read, of every record: good for naming providers, not for judging mail."""


def parse(texts: Iterable[str]) -> SpfRecord | SpfProblem | None:
    """The SPF policy among the TXT records of a name; None when no record is one (RFC 7208, 4.5)."""
    records = sorted(text for text in texts if _VERSION.match(text))
    if not records:
        return None
    if len(records) > 1:
        terms = tuple(term for text in records for term in _read(text)[0])
        return SpfProblem(reason="several-records", texts=tuple(records), terms=terms)
    terms, fault = _read(records[0])
    if fault is not None:
        return SpfProblem(reason=f"syntax: {fault}", texts=tuple(records), terms=terms)
    return SpfRecord(text=records[0], terms=terms)


def _read(text: str) -> tuple[tuple[SpfTerm, ...], str | None]:
    """The terms that can be read, and the first fault."""
    mechanisms: list[SpfTerm] = []
    modifiers: dict[str, str] = {}
    fault = None
    reached_all = False
    for word in text[len("v=spf1") :].split(" "):
        if not word:
            continue
        try:
            if (match := _MODIFIER.match(word)) is not None:
                _read_modifier(match[1].lower(), match[2], modifiers)
            else:
                term = _read_mechanism(word)
                if not reached_all:
                    mechanisms.append(term)
                reached_all = reached_all or term.kind == "all"
        except ValueError as error:
            fault = fault or f"{word[:80]} ({str(error)[:80]})"
    if "redirect" in modifiers and not reached_all:
        mechanisms.append(SpfTerm(kind="redirect", value=_spoken(modifiers["redirect"])))
    return tuple(mechanisms), fault


def _read_modifier(name: str, value: str, seen: dict[str, str]) -> None:
    if name in {"redirect", "exp"}:
        if name in seen:
            raise ValueError(f"{name} stands twice")
        if not _DOMAIN_SPEC.match(value):
            raise ValueError("no valid domain")
        seen[name] = value
    elif not _MACROS.match(value):
        raise ValueError("not printable, or a broken macro")


def _read_mechanism(word: str) -> SpfTerm:
    match = _MECHANISM.match(word)
    kind = match[2].lower() if match else ""
    if match is None or kind not in _KINDS:
        raise ValueError("unknown mechanism")
    qualifier, rest = match[1] or "+", match[3] or ""
    if kind == "all":
        if rest:
            raise ValueError("takes no argument")
        return SpfTerm(kind=kind, qualifier=qualifier)
    if kind in {"ip4", "ip6"}:
        return SpfTerm(kind=kind, qualifier=qualifier, value=_network(kind, rest))
    domain = _domain_with_prefixes(rest) if kind in {"a", "mx"} else rest
    if domain.startswith(":"):
        if not _DOMAIN_SPEC.match(domain[1:]):
            raise ValueError("no valid domain")
    elif domain or kind in _NEEDS_DOMAIN:
        raise ValueError("needs a domain")
    return SpfTerm(kind=kind, qualifier=qualifier, value=_spoken(domain[1:]))


def _domain_with_prefixes(rest: str) -> str:
    match = _DUAL_CIDR.match(rest)
    if match is None:
        raise ValueError("no valid prefix length")
    if (match[2] is not None and int(match[2]) > 32) or (match[3] is not None and int(match[3]) > 128):
        raise ValueError("prefix length out of range")
    return match[1]


def _network(kind: str, rest: str) -> str:
    address, slash, prefix = rest.removeprefix(":").partition("/")
    if not rest.startswith(":") or (slash and not re.fullmatch(r"0|[1-9][0-9]{0,2}", prefix)):
        raise ValueError("needs an address and a valid prefix length")
    network: ipaddress.IPv4Network | ipaddress.IPv6Network
    if kind == "ip4":
        network = ipaddress.IPv4Network(f"{address}/{prefix or 32}", strict=False)
    else:
        if "%" in address:
            raise ValueError("an address has no zone here")
        network = ipaddress.IPv6Network(f"{address}/{prefix or 128}", strict=False)
    return str(network)


def _spoken(domain: str) -> str:
    return domain.lower().removesuffix(".")
