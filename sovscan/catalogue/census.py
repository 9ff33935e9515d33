"""What the catalogue holds: how many of each thing, how much of it sourced, and what may be proposed instead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.control import controller, is_eea, is_sourced
from sovscan.files import bundled
from sovscan.files.strict_yaml import load
from sovscan.model.provider import Offer, Provider, SignalKind
from sovscan.model.text import Text

ENOUGH = 3
"""Alternatives below which a category needs a written reason."""
_MARKETS = "markets.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Some entries, and how many of them have an owner that a page confirms."""

    count: int
    sourced: int
    share: float
    """``sourced`` among ``count``, 0 to 1, three digits; 0 when there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What may be proposed in one category; the three counts exclude each other."""

    offers: int
    """All offers of the category, proposed or not."""
    french: int
    """Proposed, under French control or made in France."""
    european: int
    """Proposed, under control from elsewhere in the European Economic Area or made there."""
    free_software: int
    """Proposed, made elsewhere, free software that the customer runs."""
    services: int
    """Of the French and European ones, those that one buys as a service, with an owner that a page confirms."""
    bought: bool = False
    """Whether organisations buy it (``data/markets.yaml``); the others are what evidence shows beside."""
    why_few: Text | None = None
    """Why there are fewer than three; None: there are enough, or nobody has written it."""

    @property
    def total(self) -> int:
        """Everything proposed."""
        return self.french + self.european + self.free_software


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """The numbers of a catalogue at a date."""

    as_of: str
    providers: Group
    with_signature: Group
    """Providers that evidence can show."""
    proposed: Group
    """Offers that may be proposed, free software that the customer runs apart."""
    offers: int
    signatures: Mapping[str, int]
    """Distinct values by kind."""
    mail_gateways: Group
    web_third_parties: Group
    """Offers seen on other people's pages."""
    authorities: Group
    registrars_and_registries: Group
    registries_and_packages: int
    """Container registries and package families: distinct values."""
    categories: Mapping[str, Choice]


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """A category that organisations buy (``data/markets.yaml``)."""

    name: Text
    why_few: Text | None
    """Why fewer than three French or European offers can be proposed; None: there are enough."""


def census(catalogue: Catalogue, as_of: str) -> Census:
    """The counts, with ownership read at the ISO date ``as_of``. Raises YamlError when the list of markets is wrong."""
    sourced = {key for key, provider in catalogue.providers.items() if is_sourced(provider, catalogue, as_of)}
    offers = tuple(catalogue.offers.values())

    def group(chosen: Iterable[Provider]) -> Group:
        found = [provider.id for provider in chosen]
        known = sum(ident in sourced for ident in found)
        return Group(count=len(found), sourced=known, share=round(known / len(found), 3) if found else 0.0)

    def in_role(*prefixes: str) -> Group:
        return group(provider for provider, offer in offers if any(role.startswith(prefixes) for role in offer.roles))

    values = {
        kind.value: len({
            item.value.lower() for _, offer in offers for item in offer.signatures if item.kind is kind
        })
        for kind in SignalKind
    }  # fmt: skip
    return Census(
        as_of=as_of,
        providers=group(catalogue.providers.values()),
        with_signature=group(
            provider for provider in catalogue.providers.values() if any(offer.signatures for offer in provider.offers)
        ),
        proposed=group(provider for provider, offer in offers if offer.recommend and not _self_run(offer)),
        offers=len(offers),
        signatures={kind: number for kind, number in values.items() if number},
        mail_gateways=in_role("mail_in.gateway"),
        web_third_parties=in_role("web3p."),
        authorities=in_role("ca."),
        registrars_and_registries=in_role("registry."),
        registries_and_packages=values["image"] + values["package"],
        categories=_choices(catalogue, as_of),
    )


def load_markets() -> Mapping[str, Market]:
    """Categories that organisations buy, by id. Raises YamlError."""
    root = load(bundled.read("data", _MARKETS), name=_MARKETS)
    return {
        key: Market(
            name=Text(fr=entry["fr"].text(), en=entry["en"].text()),
            why_few=Text(fr=few["fr"].text(), en=few["en"].text()) if few else None,
        )
        for key, node in root.mapping(required=("markets",), optional=())["markets"].mapping().items()
        for entry in (node.mapping(required=("fr", "en"), optional=("why_few",)),)
        for few in (entry["why_few"].mapping(required=("fr", "en"), optional=()) if "why_few" in entry else {},)
    }


def _choices(catalogue: Catalogue, as_of: str) -> Mapping[str, Choice]:
    markets = load_markets()
    found: dict[str, dict[str, int]] = {key: dict.fromkeys(_KINDS, 0) for key in markets}
    for provider, offer in catalogue.offers.values():
        kind = _origin(provider, offer, catalogue, as_of)
        for category in offer.categories:
            counts = found.setdefault(category, dict.fromkeys(_KINDS, 0))
            counts["offers"] += 1
            if kind is not None:
                counts[kind] += 1
                counts["services"] += kind != "free_software" and not offer.software
    return {
        key: Choice(**counts, bought=key in markets, why_few=markets[key].why_few if key in markets else None)
        for key, counts in sorted(found.items())
    }


_KINDS = ("offers", "french", "european", "free_software", "services")


def _origin(provider: Provider, offer: Offer, catalogue: Catalogue, as_of: str) -> str | None:
    """Under which count a proposed offer falls; None when it is not proposed, or not on grounds that hold."""
    if not offer.recommend:
        return None
    _, country = controller(provider, catalogue, as_of)
    if is_eea(country) and (_self_run(offer) or is_sourced(provider, catalogue, as_of)):
        return "french" if country == "FR" else "european"
    return "free_software" if _self_run(offer) else None


def _self_run(offer: Offer) -> bool:
    return bool(offer.software and offer.open_source)
