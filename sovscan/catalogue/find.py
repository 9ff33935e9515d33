"""Entries that hold a text: for people who look something up."""

from collections.abc import Iterator

from sovscan.catalogue.catalogue import NAME_KINDS, Catalogue
from sovscan.model.provider import Provider, SignalKind


def find(catalogue: Catalogue, text: str) -> tuple[tuple[Provider, tuple[str, ...]], ...]:
    """Providers that hold ``text``, each with where it stands, sorted by id; letter case aside.

    A text that is a host, a token or an AS number also finds whom it would be attributed to.
    """
    wanted = text.strip().lower()
    if not wanted:
        return ()
    attributed: dict[str, list[str]] = {}
    for provider, reason in _attributed(catalogue, wanted):
        attributed.setdefault(provider, []).append(reason)
    found = []
    for ident, entry in sorted(catalogue.providers.items()):
        reasons = [*attributed.get(ident, ()), *_mentions(entry, wanted)]
        if reasons:
            found.append((entry, tuple(dict.fromkeys(reasons))))
    return tuple(found)


def _mentions(provider: Provider, wanted: str) -> Iterator[str]:
    for label, value in (("id", provider.id), ("name", provider.name), ("entity", provider.entity)):
        if wanted in value.lower():
            yield f"{label}: {value}"
    for link in provider.control:
        if wanted in link.holder.lower():
            yield f"holder: {link.holder} ({link.country})"
    for offer in provider.offers:
        if wanted in offer.id or wanted in offer.name.lower():
            yield f"offer: {offer.id} {offer.name}"
        for item in offer.signatures:
            if wanted in item.value.lower() and item.kind is not SignalKind.ASN:
                yield f"{item.kind} of {offer.id}: {item.value}"


def _attributed(catalogue: Catalogue, wanted: str) -> Iterator[tuple[str, str]]:
    number = wanted.removeprefix("as")
    if number.isascii() and number.isdigit():
        for match in catalogue.match_asn(int(number)):
            yield match.provider.id, f"asn of {match.offer.id}: {number}"
        return
    for kind in SignalKind:
        if kind in NAME_KINDS - {SignalKind.TLD}:
            matches = catalogue.match_name(kind, wanted) if "." in wanted else ()
        elif kind in (SignalKind.TXT, SignalKind.HEADER, SignalKind.COOKIE, SignalKind.GENERATOR):
            matches = catalogue.match_token(kind, wanted)
        else:
            matches = ()
        for match in matches:
            yield match.provider.id, f"{kind} of {match.offer.id}: {match.signature.value}"
