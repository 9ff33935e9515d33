"""A domain beside the targets that evidence shows."""

from dataclasses import dataclass
from enum import StrEnum

from sovscan.model.evidence import ObservationId


class Way(StrEnum):
    """How a domain came into view."""

    REDIRECT = "redirect"
    MAIL = "mail"
    SENDER = "sender"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """One registrable domain, found in one way from one target; whose it is, is not known."""

    domain: str
    way: Way
    target: str
    shown: str
    """The name as evidence shows it."""
    observations: tuple[ObservationId, ...]
