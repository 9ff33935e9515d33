"""The catalogue as plain values for the cache folder, and back, quickly.

JSON only: the folder may be shared with others, and neither pickle nor marshal is safe to read from there.
"""

from collections.abc import Mapping
from typing import Any

from sovscan.model.provider import (
    Certification,
    ControlLink,
    Offer,
    Presence,
    Provider,
    ProviderId,
    SignalKind,
    Signature,
    Strength,
)
from sovscan.model.text import Source, Text

FORM = "7"
"""Changes with this module: caches of another form are rebuilt."""


def pack(providers: Mapping[ProviderId, Provider]) -> Any:
    """Lists and dicts that ``unpack`` reads; each source is written once."""
    sources: dict[Source, int] = {}

    def cite(found: tuple[Source, ...]) -> list[int]:
        return [sources.setdefault(source, len(sources)) for source in found]

    packed = [_pack_provider(provider, cite) for provider in providers.values()]
    return {"sources": [[one.title, one.url, one.checked, one.title_fr] for one in sources], "providers": packed}


def unpack(plain: Any) -> dict[ProviderId, Provider]:
    """The providers by id. Raises KeyError, TypeError, IndexError or ValueError on anything ``pack`` did not make."""
    sources = [
        Source(title=title, url=url, checked=checked, title_fr=french)
        for title, url, checked, french in plain["sources"]
    ]

    def cited(numbers: list[int]) -> tuple[Source, ...]:
        return tuple([sources[number] for number in numbers])

    found = [_unpack_provider(entry, cited) for entry in plain["providers"]]
    return {provider.id: provider for provider in found}


def _pack_provider(provider: Provider, cite: Any) -> Any:
    return [
        provider.id, provider.name, provider.entity, provider.seat, cite(provider.seat_sources),
        [[link.holder, link.country, link.kind, link.share, link.since, link.until, cite(link.sources)]
         for link in provider.control],
        [[item.country, _pack_text(item.what), item.since, item.until, cite(item.sources)]
         for item in provider.presence],
        _pack_text(provider.conflict),
        [_pack_offer(offer, cite) for offer in provider.offers],
        {category: list(names) for category, names in provider.alternatives.items()},
        _pack_text(provider.caution), provider.url, provider.checked,
    ]  # fmt: skip


def _unpack_provider(entry: Any, cited: Any) -> Provider:
    (ident, name, entity, seat, seat_sources, control, presence, conflict, offers, alternatives, caution, url,
     checked) = entry  # fmt: skip
    return Provider(
        id=ident, name=name, entity=entity, seat=seat, seat_sources=cited(seat_sources),
        control=tuple([
            ControlLink(holder=holder, country=country, kind=kind, share=share, since=since, until=until,
                        sources=cited(numbers))
            for holder, country, kind, share, since, until, numbers in control
        ]),
        presence=tuple([
            Presence(country=country, what=Text(fr=what[0], en=what[1]), since=since, until=until,
                     sources=cited(numbers))
            for country, what, since, until, numbers in presence
        ]),
        conflict=_unpack_text(conflict), offers=tuple([_unpack_offer(offer, cited) for offer in offers]),
        alternatives={category: tuple(names) for category, names in alternatives.items()},
        caution=_unpack_text(caution), url=url, checked=checked,
    )  # fmt: skip


def _pack_offer(offer: Offer, cite: Any) -> Any:
    return [
        offer.id, offer.name, list(offer.roles), list(offer.categories), list(offer.hosts), offer.host_known,
        list(offer.technology),
        [[item.scheme, item.status, _pack_text(item.scope), item.decision, item.valid_from, item.valid_to, item.checked,
          cite(item.sources)] for item in offer.certifications],
        [[item.kind, item.value, item.strength, item.role, item.shared] for item in offer.signatures],
        offer.open_source, offer.self_hostable, offer.software, offer.licence, offer.effort,
        _pack_text(offer.description), _pack_text(offer.caution), offer.url, cite(offer.sources), offer.recommend,
    ]  # fmt: skip


def _unpack_offer(entry: Any, cited: Any) -> Offer:
    (ident, name, roles, categories, hosts, host_known, technology, certifications, signatures, open_source,
     self_hostable, software, licence, effort, description, caution, url, numbers, recommend) = entry  # fmt: skip
    return Offer(
        id=ident, name=name, roles=tuple(roles), categories=tuple(categories), hosts=tuple(hosts),
        host_known=host_known, technology=tuple(technology),
        certifications=tuple([
            Certification(scheme=scheme, status=status, scope=_unpack_text(scope), decision=decision,
                          valid_from=valid_from, valid_to=valid_to, checked=checked, sources=cited(places))
            for scheme, status, scope, decision, valid_from, valid_to, checked, places in certifications
        ]),
        signatures=tuple([
            Signature(kind=_KINDS[kind], value=value, strength=_STRENGTHS[strength], role=role, shared=shared)
            for kind, value, strength, role, shared in signatures
        ]),
        open_source=open_source, self_hostable=self_hostable, software=software, licence=licence, effort=effort,
        description=_unpack_text(description), caution=_unpack_text(caution), url=url, sources=cited(numbers),
        recommend=recommend,
    )  # fmt: skip


def _pack_text(text: Text | None) -> Any:
    return None if text is None else [text.fr, text.en]


def _unpack_text(entry: Any) -> Text | None:
    return None if entry is None else Text(fr=entry[0], en=entry[1])


_KINDS = {kind.value: kind for kind in SignalKind}
_STRENGTHS = {strength.value: strength for strength in Strength}
