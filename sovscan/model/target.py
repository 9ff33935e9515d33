"""What an audit is pointed at."""

from dataclasses import dataclass
from enum import StrEnum


class TargetKind(StrEnum):
    """The sort of thing a target names."""

    DOMAIN = "domain"
    HOST = "host"
    URL = "url"
    NETWORK = "network"
    DECLARED = "declared"
    REPOSITORY = "repository"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One thing to audit, in canonical form."""

    kind: TargetKind
    value: str
    """Canonical: A-labels, lower case, no trailing dot; ``AS64500`` or a prefix for a network."""
    label: str | None = None
    """The auditor's own name for it; None when none was given."""
    main: bool = True
    """Whether this is a main domain of the organisation (METHOD 5.0); others weigh half."""
