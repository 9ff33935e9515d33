"""A service the organisation leans on, who is behind it, and how sure we are."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from sovscan.model.evidence import ObservationId
from sovscan.model.provider import OfferId, ProviderId, SignalKind, Strength
from sovscan.model.text import NOT_IDENTIFIED, Country, Text

DependencyId = NewType("DependencyId", str)
"""Stable across runs: ``layer/role/subject/who``."""


class Layer(StrEnum):
    """The layers of METHOD 3.3, plus ``supply`` for build-time dependencies of repositories."""

    MAIL_IN = "mail_in"
    IDENTITY = "identity"
    HOSTING = "hosting"
    CDN = "cdn"
    SAAS = "saas"
    WEB3P = "web3p"
    MAIL_OUT = "mail_out"
    DNS = "dns"
    REGISTRY = "registry"
    CA = "ca"
    SUPPLY = "supply"


class Confidence(StrEnum):
    """How sure an attribution is (METHOD 3.5)."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    WEAK = "weak"

    @property
    def rank(self) -> int:
        """2, 1 or 0: higher is surer."""
        return {"confirmed": 2, "probable": 1, "weak": 0}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One thing seen that speaks for or against an attribution."""

    kind: SignalKind
    value: str
    """The text that matched, as observed."""
    strength: Strength
    observations: tuple[ObservationId, ...]
    provider: ProviderId | None = None
    """Whom it points to; None when it points to nobody known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """Another reading of the same evidence; never a dependency of its own."""

    provider: ProviderId | None
    offer: OfferId | None
    confidence: Confidence
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who it is, how sure, why, who else it could be, and what would settle it."""

    provider: ProviderId | None
    """None: seen but not identified, or run by the organisation itself (``operator_self``)."""
    offer: OfferId | None = None
    operator_self: bool = False
    """True when the organisation itself runs the service, on ``host``'s network or its own."""
    confidence: Confidence
    signals: tuple[Signal, ...]
    """At least one."""
    against: tuple[Signal, ...] = ()
    runner_up: Hypothesis | None = None
    settle: Text | None = None
    """One concrete check or question that would decide; None when nothing is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody behind a service, as a host or a maker of technology."""

    provider: ProviderId | None
    """None: the network or maker is seen but not in the catalogue."""
    label: str
    """What evidence calls it, such as ``AS16276 OVH``."""
    country: Country = NOT_IDENTIFIED
    """Country in the routing table or certificate: a hint, not a jurisdiction."""
    observations: tuple[ObservationId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """One service the organisation depends on."""

    id: DependencyId
    layer: Layer
    role: str
    """Key under the layer in rules/scoring.yaml ``roles``, which gives the role weight."""
    domain: str
    """The target it was found for."""
    subject: str
    """The name the service answers to, such as the MX host."""
    attribution: Attribution
    host: Party | None = None
    """On whose network it runs, from addresses; None: not seen."""
    technology: Party | None = None
    """Whose product it runs; None: not seen."""
    flags: tuple[str, ...] = ()
    """Sorted words rules may ask for: ``behind-gateway``, ``leftover``, ``shared``, ``inherited``, ``declared``,
    ``own-network``, ``conflict``, ``origin-hidden`` ..."""
    main: bool = True
    """False on a secondary domain, where the role weight is halved (METHOD 5.0)."""
    location: str | None = None
    """``path:line`` where a repository says so; None: found on the network."""
