"""Networks of carriers: an address there shows who carries the traffic, not in whose building the machine stands."""

from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.control import chain, is_eea
from sovscan.model.dependency import Dependency, Party
from sovscan.model.provider import Provider, SignalKind

CARRIER = "network"
"""Category of offers that are lines: access and transit."""
FLAG = "carrier-network"
"""The host is a carrier: the service is hosted by it, or stands elsewhere behind a line of it."""


def rests_on_a_carrier(dependency: Dependency, catalogue: Catalogue, as_of: str) -> bool:
    """Whether an AS number alone puts the service on the network of a carrier controlled from outside the EEA.

    Under a European carrier both readings come to the same, and nothing is open; nor is it where a name of the
    carrier's own says that the service is its own.
    """
    host = dependency.host
    if host is None or host.provider is None or host.provider not in catalogue.providers:
        return False
    signals = dependency.attribution.signals
    named = any(each.provider == host.provider and each.kind is not SignalKind.ASN for each in signals)
    holder = catalogue.providers[host.provider]
    return not named and _by_number(host, catalogue) and _from_outside(holder, catalogue, as_of)


def _by_number(host: Party, catalogue: Catalogue) -> bool:
    number = host.label.removeprefix("AS").partition(" ")[0]
    if not (host.label.startswith("AS") and number.isascii() and number.isdigit()):
        return False
    return any(
        match.provider.id == host.provider and CARRIER in match.offer.categories
        for match in catalogue.match_asn(int(number))
    )


def _from_outside(holder: Provider, catalogue: Catalogue, as_of: str) -> bool:
    links = (link for link in chain(holder, catalogue, as_of) if link.kind == "control")
    return not is_eea(holder.seat) or any(not is_eea(link.country) for link in links)
