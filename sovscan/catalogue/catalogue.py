"""The catalogue in memory, indexed by what evidence shows."""

import bisect
import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sovscan.model.provider import Offer, OfferId, Provider, ProviderId, SignalKind, Signature
from sovscan.readers.names import labels_of

NAME_KINDS = frozenset({
    SignalKind.MX, SignalKind.SPF, SignalKind.DKIM, SignalKind.AUTODISCOVER, SignalKind.SRV, SignalKind.CNAME,
    SignalKind.NS, SignalKind.SOA, SignalKind.DMARC_RUA, SignalKind.TLS_RPT, SignalKind.MTA_STS, SignalKind.BIMI,
    SignalKind.WEB_HOST, SignalKind.CAA, SignalKind.TLD, SignalKind.ENDPOINT,
})  # fmt: skip
"""Kinds whose value is a domain name, matched by whole labels."""
EXACT_KINDS = frozenset({SignalKind.CERT_ISSUER, SignalKind.REGISTRAR, SignalKind.DKIM_SELECTOR, SignalKind.TENANT})
"""Kinds whose value is compared as a whole, letter case and runs of spaces aside."""
LABEL_MARK = ".*"
"""Ends a value that names the first label of a host, such as ``zimbra.*``: software under anybody's domain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A signature that was found, and whose it is."""

    provider: Provider
    offer: Offer
    signature: Signature

    def role(self, layer: str) -> str | None:
        """The role it shows in ``layer``: the signature's own, else the offer's first one there; None when none."""
        prefix = f"{layer}."
        if self.signature.role is not None:
            return self.signature.role.removeprefix(prefix) if self.signature.role.startswith(prefix) else None
        return next((role.removeprefix(prefix) for role in self.offer.roles if role.startswith(prefix)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostNames:
    """What to ask for that no record points to (``data/host-names.yaml``)."""

    labels: tuple[str, ...] = ()
    sign_in: frozenset[str] = frozenset()
    """Those of the labels under which people sign in."""
    webmail: tuple[str, ...] = ()
    """Those of the labels at which people read their mail, in the order in which they are looked at."""
    files_only: frozenset[str] = frozenset()
    """Those of the labels of hosts that deliver files only."""
    selectors: tuple[str, ...] = ()
    """DKIM selectors that belong to no provider in particular."""


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Every provider and offer, with the ways to find them; each index is built when it is first asked."""

    date: str
    """ISO date of the newest file in it."""
    digest: str
    """SHA-256 over the files it was read from, 64 hexadecimal digits."""
    providers: Mapping[ProviderId, Provider]
    host_names: HostNames = field(default_factory=HostNames)
    overlays: tuple[str, ...] = ()
    """Names of the private files laid over the bundled one."""

    @cached_property
    def offers(self) -> Mapping[OfferId, tuple[Provider, Offer]]:
        """Offers by id, each with its provider."""
        return {offer.id: (provider, offer) for provider in self.providers.values() for offer in provider.offers}

    @cached_property
    def by_entity(self) -> Mapping[str, Provider]:
        """Providers by legal name, for the control chain."""
        return {provider.entity: provider for provider in self.providers.values()}

    def match_name(self, kind: SignalKind, name: str) -> tuple[Match, ...]:
        """Offers whose name ends ``name`` at a label boundary, by the longest such name; several when shared.

        When no name does, those known by the first label alone (``zimbra.*``), which speak for software.
        """
        table = self._tables[kind]
        rest = name.lower().removesuffix(".")
        if "\\" in rest:
            # An escaped dot belongs to its label: it is no boundary.
            labels = labels_of(rest)
            suffixes = (".".join(labels[start:]) for start in range(len(labels)))
            return next((table[suffix] for suffix in suffixes if suffix in table), ())
        first = rest.partition(".")[0]
        while rest:
            found = table.get(rest)
            if found is not None:
                return found
            rest = rest.partition(".")[2]
        return table.get(first + LABEL_MARK, ())

    def match_token(self, kind: SignalKind, text: str) -> tuple[Match, ...]:
        """Offers whose token ``text`` begins with, letter case aside; the longest token wins."""
        table, text = self._tables[kind], text.lstrip().lower()
        for length in self._lengths[kind]:
            found = table.get(text[:length]) if len(text) >= length else None
            if found is not None:
                return found
        return ()

    def match_exact(self, kind: SignalKind, text: str) -> tuple[Match, ...]:
        """Offers known under exactly this text, letter case and runs of spaces aside."""
        return self._tables[kind].get(_key(text), ())

    def match_asn(self, number: int) -> tuple[Match, ...]:
        """Offers run on the network with this number."""
        return self._tables[SignalKind.ASN].get(str(number), ())

    def match_range(self, address: str) -> tuple[Match, ...]:
        """Offers whose address block holds ``address``; the narrowest block wins. Raises ValueError on no address."""
        parsed = ipaddress.ip_address(address)
        return self._ranges[parsed.version].at(int(parsed))

    def dkim_selectors(self) -> tuple[str, ...]:
        """Selectors to ask for: those of known offers and the common ones, sorted."""
        return tuple(sorted({*self._tables[SignalKind.DKIM_SELECTOR], *self.host_names.selectors}))

    def host_labels(self) -> tuple[str, ...]:
        """Labels to ask for under a domain, in the order of the file."""
        return self.host_names.labels

    @cached_property
    def suite_selectors(self) -> frozenset[str]:
        """DKIM selectors under which offers with accounts of their own publish their keys."""
        table = self._tables[SignalKind.DKIM_SELECTOR]
        return frozenset(
            selector
            for selector, matches in table.items()
            if any(role.startswith("identity.") for match in matches for role in match.offer.roles)
        )

    @cached_property
    def _tables(self) -> Mapping[SignalKind, Mapping[str, tuple[Match, ...]]]:
        tables: dict[SignalKind, dict[str, list[Match]]] = {kind: {} for kind in SignalKind}
        for provider, offer in self.offers.values():
            for signature in offer.signatures:
                match = Match(provider=provider, offer=offer, signature=signature)
                tables[signature.kind].setdefault(_key(signature.value), []).append(match)
        return {kind: {key: tuple(found) for key, found in table.items()} for kind, table in tables.items()}

    @cached_property
    def _lengths(self) -> Mapping[SignalKind, tuple[int, ...]]:
        return {kind: tuple(sorted({len(key) for key in table}, reverse=True)) for kind, table in self._tables.items()}

    @cached_property
    def _ranges(self) -> "Mapping[int, _Ranges]":
        return {version: _Ranges(self._tables[SignalKind.RANGE], version) for version in (4, 6)}


class _Ranges:
    """Disjoint address segments, each with the matches of the narrowest block over it."""

    __slots__ = ("_found", "_starts")

    def __init__(self, table: Mapping[str, tuple[Match, ...]], version: int) -> None:
        blocks = [(ipaddress.ip_network(text), found) for text, found in table.items()]
        wanted = [(int(net[0]), int(net[-1]), found) for net, found in blocks if net.version == version]
        self._starts, self._found = _segments(sorted(wanted, key=lambda block: (block[0], -block[1])))

    def at(self, number: int) -> tuple[Match, ...]:
        place = bisect.bisect_right(self._starts, number) - 1
        return self._found[place] if place >= 0 else ()


def _segments(
    blocks: Iterable[tuple[int, int, tuple[Match, ...]]],
) -> tuple[list[int], list[tuple[Match, ...]]]:
    starts: list[int] = []
    found: list[tuple[Match, ...]] = []
    open_blocks: list[tuple[int, tuple[Match, ...]]] = []

    def begin(start: int, matches: tuple[Match, ...]) -> None:
        if starts and starts[-1] == start:
            found[-1] = matches
        else:
            starts.append(start)
            found.append(matches)

    def close(before: int | None) -> None:
        while open_blocks and (before is None or open_blocks[-1][0] < before):
            end, _ = open_blocks.pop()
            begin(end + 1, open_blocks[-1][1] if open_blocks else ())

    # Blocks are nested or apart, never crossing: a stack of those that are open says which one is narrowest.
    for start, end, matches in blocks:
        close(start)
        begin(start, matches)
        open_blocks.append((end, matches))
    close(None)
    return starts, found


def _key(value: str) -> str:
    return " ".join(value.lower().split())
