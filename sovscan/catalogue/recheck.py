"""What to read again, and in which order: first what decides most verdicts on the oldest or weakest ground."""

import datetime
from dataclasses import dataclass

from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.control import chain
from sovscan.catalogue.lint import MAX_AGE_DAYS
from sovscan.model.provider import Provider, ProviderId, Strength

SOON_DAYS = 60
"""A certification that ends within so many days is to be read again now."""
_WEIGHT = {Strength.STRONG: 3, Strength.MEDIUM: 2, Strength.WEAK: 1}
_PROPOSED = 12
"""A proposed offer counts as much as four strong signatures: a wrong one is advice against the reader's interest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """An entry to read again."""

    provider: ProviderId
    urgency: int
    """Greater is sooner: how often it decides a verdict, times how far its ground has gone."""
    reasons: tuple[str, ...]
    """``unsourced``, ``conflict``, ``read YYYY-MM-DD``, ``SCHEME of OFFER ends YYYY-MM-DD`` ..."""


def rechecks(catalogue: Catalogue, as_of: str) -> tuple[Recheck, ...]:
    """Entries that need another reading at the ISO date ``as_of``, the most urgent first.

    How often an entry decides is measured by its signatures, three points a strong one, two a medium, one a weak, and
    by its proposed offers; that is multiplied by four when the owner has no source or sources disagree, by three when a
    certification has ended or will within 60 days, by two when a reading is a year old, by one more for each further
    year.
    """
    found = []
    for provider in catalogue.providers.values():
        factor, reasons = _grounds(provider, catalogue, as_of)
        if reasons:
            found.append(Recheck(provider=provider.id, urgency=factor * _decides(provider), reasons=tuple(reasons)))
    return tuple(sorted(found, key=lambda item: (-item.urgency, item.provider)))


def _decides(provider: Provider) -> int:
    shown = sum(_WEIGHT[item.strength] for offer in provider.offers for item in offer.signatures)
    # Of free software that the customer runs, the owner decides nothing.
    return shown + sum(_PROPOSED for offer in provider.offers if offer.recommend and not offer.software)


def _grounds(provider: Provider, catalogue: Catalogue, as_of: str) -> tuple[int, list[str]]:
    factor, reasons = 0, []
    if provider.conflict is not None:
        factor, reasons = 4, ["conflict"]
    elif not provider.seat_sources:
        factor, reasons = 4, ["unsourced"]
    else:
        missing = sorted({link.holder for link in chain(provider, catalogue, as_of) if not link.sources})
        if missing:
            factor, reasons = 4, [f"holder without a source: {holder}" for holder in missing]
    soon = _after(as_of, SOON_DAYS)
    for offer in provider.offers:
        for item in offer.certifications:
            if item.status != "withdrawn" and item.valid_to is not None and item.valid_to <= soon:
                word = "ended" if item.valid_to < as_of else "ends"
                factor, reasons = max(factor, 3), [*reasons, f"{item.scheme} of {offer.id} {word} {item.valid_to}"]
            elif item.status == "valid" and item.valid_to is None:
                factor, reasons = max(factor, 3), [*reasons, f"{item.scheme} of {offer.id}: last day not known"]
            elif item.status == "in_progress":
                factor, reasons = max(factor, 1), [*reasons, f"{item.scheme} of {offer.id} in progress"]
    oldest = min([provider.checked, *(source.checked for source in provider.seat_sources)])
    years = (datetime.date.fromisoformat(as_of) - datetime.date.fromisoformat(oldest)).days // MAX_AGE_DAYS
    if years > 0:
        factor, reasons = max(factor, 1) + years, [*reasons, f"read {oldest}"]
    return factor, reasons


def _after(day: str, days: int) -> str:
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=days)).isoformat()
