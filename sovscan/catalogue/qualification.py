"""Whether a certification of an offer counts at a date (METHOD 3.1, LAW 3)."""

import calendar
import datetime

from sovscan.catalogue.load import jurisdictions
from sovscan.model.audit import QualificationView
from sovscan.model.provider import Certification, Offer


def qualifications(offer: Offer, as_of: str) -> tuple[QualificationView, ...]:
    """Each certification of ``offer``, and whether it counts on the ISO date ``as_of``."""
    return tuple(
        QualificationView(
            offer=offer.id, offer_name=offer.name, certification=item, counted=reason is None, why_not=reason
        )
        for item in offer.certifications
        for reason in (why_not(item, as_of),)
    )


def valid_schemes(offer: Offer, as_of: str) -> tuple[str, ...]:
    """Names of the schemes under which ``offer`` holds a certification that counts on ``as_of``, sorted."""
    return tuple(sorted({item.scheme for item in offer.certifications if why_not(item, as_of) is None}))


def why_not(item: Certification, as_of: str) -> str | None:
    """Why a certification does not count on ``as_of``; None when it does.

    ``in-progress``, ``withdrawn``, ``unsourced``, ``no-end-date``, ``expired``, ``not-yet-valid`` or ``over-age``: the
    record was read longer ago than ``qualification_record_months`` before ``as_of``. When the first day is not known,
    the day on which the record was read stands for it.
    """
    if item.status != "valid":
        return item.status.replace("_", "-")
    if not item.sources:
        return "unsourced"
    if item.valid_to is None:
        return "no-end-date"
    if as_of > item.valid_to:
        return "expired"
    if as_of < (item.valid_from or item.checked):
        return "not-yet-valid"
    if as_of > _months_after(item.checked, jurisdictions().qualification_record_months):
        return "over-age"
    return None


def _months_after(day: str, months: int) -> str:
    start = datetime.date.fromisoformat(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(start.day, last)).isoformat()
