"""Public claims about sovereignty, as written down in a file for checking.

Form::

    provider: example-cloud            # catalogue id of who makes the claims; or offer
    offer: example-cloud-iaas          # the offer they are about, where they are about one
    claims:
      - {claim: hosted_in, countries: [FR]}
      - {claim: no_us_subprocessor, layers: [mail_in, hosting]}
      - {claim: qualified_offer, scheme: SecNumCloud}
      - {claim: eu_controlled, where: "https://example.org/sovereign"}
      - {claim: open_source}
"""

from dataclasses import dataclass
from enum import StrEnum

from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.load import jurisdictions
from sovscan.files.strict_yaml import Node, load
from sovscan.model.dependency import Layer
from sovscan.model.provider import OfferId, ProviderId
from sovscan.model.text import Country


class ClaimKind(StrEnum):
    """What can be claimed."""

    HOSTED_IN = "hosted_in"
    NO_US_SUBPROCESSOR = "no_us_subprocessor"
    QUALIFIED_OFFER = "qualified_offer"
    EU_CONTROLLED = "eu_controlled"
    OPEN_SOURCE = "open_source"


DATA_LAYERS = (Layer.MAIL_IN, Layer.IDENTITY, Layer.HOSTING, Layer.CDN, Layer.SAAS)
"""Where a customer's data are, unless the claim says otherwise."""
_KEYS = {
    ClaimKind.HOSTED_IN: ("countries", "layers"),
    ClaimKind.NO_US_SUBPROCESSOR: ("layers",),
    ClaimKind.QUALIFIED_OFFER: ("scheme",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim."""

    kind: ClaimKind
    provider: ProviderId | None = None
    """Who makes it; None: the organisation audited, whoever it is."""
    offer: OfferId | None = None
    """None: about no offer in particular."""
    countries: tuple[Country, ...] = ()
    layers: tuple[Layer, ...] = ()
    scheme: str = ""
    where: str | None = None
    """Where it was read; None: not said."""


def read_claims(content: bytes, name: str, catalogue: Catalogue) -> tuple[Claim, ...]:
    """The claims in a YAML file, in order. Raises YamlError with ``file:line:column`` and the nearest word."""
    top = load(content, name=name).mapping(required=("claims",), optional=("provider", "offer"))
    provider, offer = _who(top, catalogue)
    claims = tuple(_claim(node, provider, offer, catalogue) for node in top["claims"].sequence())
    if not claims:
        raise top["claims"].error("no claim", f"one of {', '.join(ClaimKind)}")
    return claims


def _claim(node: Node, provider: ProviderId | None, offer: OfferId | None, catalogue: Catalogue) -> Claim:
    kind = ClaimKind(node.mapping(required=("claim",))["claim"].word([kind.value for kind in ClaimKind], "claim"))
    keys = node.mapping(required=("claim",), optional=("provider", "offer", "where", *_KEYS.get(kind, ())))
    own_provider, own_offer = _who(keys, catalogue)
    found = Claim(
        kind=kind,
        provider=own_provider or provider,
        offer=own_offer or (offer if own_provider is None else None),
        countries=_countries(keys["countries"]) if "countries" in keys else (),
        layers=_layers(keys["layers"]) if "layers" in keys else _layers_of(kind),
        scheme=keys["scheme"].text() if "scheme" in keys else "SecNumCloud",
        where=keys["where"].text() if "where" in keys else None,
    )
    if kind is ClaimKind.HOSTED_IN and not found.countries:
        raise node.error("hosted_in without countries", "for example countries: [FR]; EU stands for the EU/EEA")
    if kind in (ClaimKind.QUALIFIED_OFFER, ClaimKind.OPEN_SOURCE) and found.offer is None:
        raise node.error(f"{kind} is said of an offer", "add offer: with its id from 'sovscan providers'")
    if kind is ClaimKind.EU_CONTROLLED and found.provider is None:
        raise node.error("eu_controlled is said of a provider", "add provider: with its id from 'sovscan providers'")
    return found


def _who(keys: dict[str, Node], catalogue: Catalogue) -> tuple[ProviderId | None, OfferId | None]:
    offer = OfferId(keys["offer"].word(catalogue.offers, "offer")) if "offer" in keys else None
    if "provider" in keys:
        return ProviderId(keys["provider"].word(catalogue.providers, "provider")), offer
    return (catalogue.offers[offer][0].id if offer else None), offer


def _layers_of(kind: ClaimKind) -> tuple[Layer, ...]:
    return (Layer.HOSTING,) if kind is ClaimKind.HOSTED_IN else DATA_LAYERS


def _layers(node: Node) -> tuple[Layer, ...]:
    known = [layer.value for layer in Layer]
    return tuple(Layer(entry.word(known, "layer")) for entry in node.sequence())


def _countries(node: Node) -> tuple[Country, ...]:
    known = (*jurisdictions().countries, "EU")
    return tuple(Country(entry.word(known, "country")) for entry in node.sequence())
