"""One entry of the catalogue for a person who must defend it: owners, offers, signs and sources, in one language."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.census import Market
from sovscan.catalogue.control import controller, in_force
from sovscan.catalogue.qualification import qualifications
from sovscan.files.safe_text import safe_text
from sovscan.locale.words import Words, words
from sovscan.model.audit import QualificationView
from sovscan.model.exposure import Level, Nexus
from sovscan.model.provider import ControlLink, Offer, OfferId, Presence, Provider, ProviderId
from sovscan.model.text import Source, Text

MOST_OF_A_KIND = 8
"""Signs of one kind that are written out; the rest is counted, and ``--json`` has them all."""

_SILENT = (Level.IMMUNE, Level.NONE, Level.UNKNOWN)


def render_provider(
    provider: Provider,
    catalogue: Catalogue,
    levels: Mapping[OfferId, tuple[Nexus, ...]],
    markets: Mapping[str, Market],
    *,
    as_of: str,
    language: str,
) -> bytes:
    """UTF-8 lines about ``provider`` on the ISO date ``as_of``.

    ``levels``: where each offer stands on the ladder in its first role. ``markets``: what organisations buy, by
    category.
    """
    card = _Card(provider, catalogue, as_of, words(language), markets)
    return ("\n".join(card.lines(levels)) + "\n").encode("utf-8", "replace")


class _Card:
    def __init__(
        self, provider: Provider, catalogue: Catalogue, as_of: str, say: Words, markets: Mapping[str, Market]
    ) -> None:
        self._provider = provider
        self._catalogue = catalogue
        self._as_of = as_of
        self._say = say
        self._markets = markets
        self._numbers: dict[Source, int] = {}

    def lines(self, levels: Mapping[OfferId, tuple[Nexus, ...]]) -> Iterator[str]:
        say, provider = self._say, self._provider
        who, country = controller(provider, self._catalogue, self._as_of)
        seat = say("card.seat", entity=safe_text(provider.entity), country=say.country(provider.seat))
        yield f"{safe_text(provider.name)}  [{provider.id}]"
        yield f"{seat}{self._cited(provider.seat_sources)}"
        yield say("card.controller", day=say.day(self._as_of), who=safe_text(who), country=say.country(country))
        if provider.conflict is not None:
            yield say("card.conflict", text=self._text(provider.conflict))
        if provider.caution is not None:
            yield say("card.caution", text=self._text(provider.caution))
        if provider.url:
            yield safe_text(provider.url)
        yield say("card.read", day=say.day(provider.checked))
        yield from self._titled("card.holders", (self._holder(link) for link in provider.control))
        yield from self._titled("card.presence", (self._place(place) for place in provider.presence))
        yield from ("", say("card.offers"))
        for offer in provider.offers:
            yield from self._offer(offer, levels.get(offer.id, ()))
        yield from self._titled("card.alternatives", self._alternatives())
        yield from self._titled("card.sources", (self._source(source) for source in self._numbers))

    def _offer(self, offer: Offer, levels: tuple[Nexus, ...]) -> Iterator[str]:
        say = self._say
        roles = ", ".join(dict.fromkeys(say(f"role.{role}") for role in offer.roles if say.has(f"role.{role}")))
        marks = [say("card.software")] * offer.software + [say("card.proposed")] * offer.recommend
        cited = self._cited(offer.sources) if offer.sources else ""
        yield f"  {safe_text(offer.name)}  [{offer.id}] – {'; '.join(filter(None, (roles, *marks)))}{cited}"
        for line in self._about(offer, levels):
            yield f"      {line}"

    def _about(self, offer: Offer, levels: tuple[Nexus, ...]) -> Iterator[str]:
        say = self._say
        if offer.description is not None:
            yield self._text(offer.description)
        if levels:
            yield say("card.exposure", levels=", ".join(dict.fromkeys(self._level(nexus) for nexus in levels)))
        unknown = say("card.host_own" if offer.host_known else "card.host_unknown")
        yield say("card.hosts", hosts=self._named(offer.hosts) or unknown)
        if offer.technology:
            yield say("card.technology", makers=self._named(offer.technology))
        if offer.open_source:
            yield say("card.free", licence=safe_text(offer.licence or "") or say("card.licence_unknown"))
        for view in qualifications(offer, self._as_of):
            yield self._qualification(view)
        if offer.caution is not None:
            yield say("card.caution", text=self._text(offer.caution))
        if not offer.signatures:
            yield say("card.no_signs")
            return
        yield say("card.signs")
        for kind, group in groupby(sorted(offer.signatures, key=lambda one: one.kind.value), key=lambda one: one.kind):
            values = [safe_text(one.value, 120) for one in group]
            rest = len(values) - MOST_OF_A_KIND
            left_out = [say("card.more", n=rest)] if rest > 0 else []
            yield f"  {kind.value}{say('punctuation.colon')} {', '.join((*values[:MOST_OF_A_KIND], *left_out))}"

    def _level(self, nexus: Nexus) -> str:
        if nexus.level is Level.UNKNOWN and nexus.who:
            return self._say("owner.to_confirm")
        word = self._say(f"level.{nexus.level.value}")
        return word if nexus.level in _SILENT else f"{word}, {self._say.country(nexus.country)}"

    def _qualification(self, view: QualificationView) -> str:
        say, held = self._say, view.certification
        scope = f" ({self._text(held.scope)})" if held.scope else ""
        state = say("qualification.counted" if view.counted else f"qualification.{view.why_not}")
        if held.valid_to is not None:
            state += f", {say('card.valid_to', day=say.day(held.valid_to))}"
        told = say("card.qualification", scheme=f"{safe_text(held.scheme)}{scope}", state=state)
        return f"{told}{self._cited(held.sources)}"

    def _holder(self, link: ControlLink) -> str:
        say = self._say
        parts = [say(f"card.kind.{link.kind}")]
        if link.kind == "share":
            known = link.share is not None
            parts.append(say("card.share", share=say.number(link.share or 0.0)) if known else say("card.share_unknown"))
        about = ", ".join((*parts, *self._period(link)))
        who = f"{safe_text(link.holder)}, {say.country(link.country)}"
        return f"{who}{say('punctuation.colon')} {about}{self._cited(link.sources)}"

    def _place(self, place: Presence) -> str:
        about = ", ".join((self._text(place.what), *self._period(place)))
        where = f"{self._say.country(place.country)}{self._say('punctuation.colon')}"
        return f"{where} {about}{self._cited(place.sources)}"

    def _period(self, moment: ControlLink | Presence) -> Iterator[str]:
        if moment.since is not None:
            yield self._say("card.since", when=moment.since)
        if moment.until is not None:
            yield self._say("card.until", when=moment.until)
        if not in_force(moment, self._as_of):
            yield self._say("card.not_in_force")

    def _alternatives(self) -> Iterator[str]:
        for category, offers in sorted(self._provider.alternatives.items()):
            market = self._markets.get(category)
            name = self._text(market.name) if market else safe_text(category)
            yield f"{name}{self._say('punctuation.colon')} {self._named(offers)}"

    def _named(self, idents: Iterable[str]) -> str:
        return ", ".join(self._name(ident) for ident in idents)

    def _name(self, ident: str) -> str:
        found = self._catalogue.offers.get(OfferId(ident))
        if found is not None:
            return safe_text(found[1].name)
        provider = self._catalogue.providers.get(ProviderId(ident))
        return safe_text(provider.name if provider is not None else ident)

    def _cited(self, sources: tuple[Source, ...]) -> str:
        if not sources:
            return f" – {self._say('card.to_confirm')}"
        numbers = (self._numbers.setdefault(source, len(self._numbers) + 1) for source in sources)
        return f" [{', '.join(str(number) for number in numbers)}]"

    def _source(self, source: Source) -> str:
        title = safe_text(source.in_language(self._say.language))
        read = self._say("card.source", title=title, day=self._say.day(source.checked))
        return f"[{self._numbers[source]}] {read}{self._say('punctuation.colon')} {safe_text(source.url)}"

    def _text(self, text: Text) -> str:
        return safe_text(self._say.of(text))

    def _titled(self, key: str, lines: Iterable[str]) -> Iterator[str]:
        found = [f"  {line}" for line in lines]
        if found:
            yield from ("", self._say(key), *found)
