"""Who is who: legal entities, who controls them, what they offer and how it is recognised.

Owner, host and technology stay three facts. Nothing derived is stored here: whether a provider is US-controlled
or an offer qualified is worked out from these records at the date of the audit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from sovscan.model.text import Country, Source, Text

ProviderId = NewType("ProviderId", str)
OfferId = NewType("OfferId", str)


class SignalKind(StrEnum):
    """The places where a provider shows itself."""

    MX = "mx"
    SPF = "spf"
    DKIM = "dkim"
    DKIM_SELECTOR = "dkim_selector"
    AUTODISCOVER = "autodiscover"
    SRV = "srv"
    CNAME = "cname"
    NS = "ns"
    SOA = "soa"
    TXT = "txt"
    DMARC_RUA = "dmarc_rua"
    TLS_RPT = "tls_rpt"
    MTA_STS = "mta_sts"
    BIMI = "bimi"
    ASN = "asn"
    RANGE = "range"
    WEB_HOST = "web_host"
    HEADER = "header"
    COOKIE = "cookie"
    GENERATOR = "generator"
    CERT_ISSUER = "cert_issuer"
    CAA = "caa"
    REGISTRAR = "registrar"
    TLD = "tld"
    TENANT = "tenant"
    TERRAFORM = "terraform"
    IMAGE = "image"
    PACKAGE = "package"
    ENDPOINT = "endpoint"
    DECLARED = "declared"
    """Said by the organisation, not seen: no signature of the catalogue has this kind."""


class Strength(StrEnum):
    """How much a signature proves: use of the service, permission to act, or a trace that may be old."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """How a service shows itself in evidence."""

    kind: SignalKind
    value: str
    """Whole-label suffix for names, number for ASN, CIDR for ranges, prefix for TXT tokens and header lines,
    exact organisation name for certificate issuers."""
    strength: Strength = Strength.STRONG
    role: str | None = None
    """``layer.role`` it shows; None means the offer's first role of the layer being read."""
    shared: bool = False
    """True when another offer rightly claims the same value, and both are candidates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlLink:
    """One holder of the legal entity, over a period."""

    holder: str
    """Legal name; when it equals the ``entity`` of another provider the chain goes on there."""
    country: Country
    kind: str = "control"
    """``control`` (majority, or the power to direct), ``share``, ``veto``."""
    share: float | None = None
    """Percentage of capital or votes, 0 to 100; None when not known."""
    since: str | None = None
    """``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; None: from the beginning."""
    until: str | None = None
    """Same forms, last day included; None: still so when checked."""
    sources: tuple[Source, ...] = ()
    """Empty: to confirm, never printed as established."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """An establishment or subsidiary in a country, with which that country's courts can reach the group."""

    country: Country
    what: Text
    since: str | None = None
    until: str | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Certification:
    """A qualification or certificate of one offer."""

    scheme: str
    """``SecNumCloud``, ``HDS``, ``CSPN``, ``C5``, ``ISO 27001`` ..."""
    status: str = "valid"
    """``valid``, ``in_progress`` or ``withdrawn`` as recorded; validity at a date is derived."""
    scope: Text | None = None
    """What of the offer it covers, such as ``IaaS``; None: the offer as a whole, or not said."""
    decision: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    """Last day; None: unknown, which gives no immunity."""
    checked: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A service one can buy: the unit that is qualified, hosted, and recognised."""

    id: OfferId
    name: str
    roles: tuple[str, ...]
    """``layer.role`` keys of rules/scoring.yaml, the main one first."""
    categories: tuple[str, ...] = ()
    """What a buyer looks for: ``mail``, ``video``, ``analytics`` ..."""
    hosts: tuple[str, ...] = ()
    """Provider or offer ids on whose infrastructure it runs; empty: own, or not known (see ``host_known``)."""
    host_known: bool = False
    """Whether ``hosts`` (or own infrastructure, when empty) is sourced."""
    technology: tuple[str, ...] = ()
    """Provider ids whose proprietary stack it operates."""
    certifications: tuple[Certification, ...] = ()
    signatures: tuple[Signature, ...] = ()
    open_source: bool | None = None
    self_hostable: bool | None = None
    software: bool = False
    """True: a product that the customer or a third party runs. A match then shows technology, never the operator, and
    the provider is its maker. Bought as an alternative it is judged by who runs it (METHOD 3.1, self-operated)."""
    licence: str | None = None
    effort: str | None = None
    """Usual effort to move to it: ``S``, ``M``, ``L``; None: not estimated."""
    description: Text | None = None
    caution: Text | None = None
    """Points to watch; None: none noted."""
    url: str | None = None
    sources: tuple[Source, ...] = ()
    recommend: bool = False
    """Whether it may be proposed automatically: sourced ownership, reviewed by a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A legal entity that sells services, with the chain of those who control it."""

    id: ProviderId
    name: str
    entity: str
    """Legal name of the operating or contracting entity in Europe where there is one."""
    seat: Country
    seat_sources: tuple[Source, ...] = ()
    """Sources of entity, seat and ownership as a whole; empty: to confirm."""
    control: tuple[ControlLink, ...] = ()
    """Direct holders; empty with sources: independent or held by its founders."""
    presence: tuple[Presence, ...] = ()
    conflict: Text | None = None
    """Two sources that disagree on ownership, shown as such; the level is then UNKNOWN. None: no conflict."""
    offers: tuple[Offer, ...] = ()
    alternatives: Mapping[str, tuple[OfferId, ...]] = field(default_factory=dict)
    """Offers that can replace this provider, by category."""
    caution: Text | None = None
    url: str | None = None
    checked: str
    """ISO date on which the entry was last read as a whole."""
