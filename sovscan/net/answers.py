"""What came back for one question, before a probe turns it into an observation."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sovscan.model.evidence import Asked, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsAnswer:
    """The judged answer to one DNS question (RFC 1034, RFC 2308).

    ANSWERED: ``records`` holds the records of the type asked at the end of the alias chain. ABSENT: nothing of that
    type exists there, ``reason`` is ``nxdomain`` or ``nodata``; aliases on the way are facts all the same. FAILED: a
    hole, ``reason`` says why; ``aliases`` shows how far the chain was followed.
    """

    name: str
    """Name asked: lower-case A-labels without trailing dot; ``.`` is the root."""
    rrtype: str
    outcome: Outcome
    reason: str | None = None
    """None when ANSWERED."""
    records: tuple[str, ...] = ()
    """Presentation form, sorted, unique; at most ``MAX_RECORDS`` of ``net.dns_judge``."""
    aliases: tuple[str, ...] = ()
    """Targets of the CNAMEs followed, in order; the last one equals ``final``. Empty: no alias."""
    final: str = ""
    """Name at the end of the chain; the name asked when there is no alias."""
    rcode: str = ""
    """Response code in lower case, such as ``noerror``; empty when no readable answer came."""
    ad: bool = False
    """Whether the resolver says it validated the answer with DNSSEC."""
    truncated: bool = False
    """True when records were left out because there are too many: such an answer is never complete."""
    zone: str = ""
    """Of an absence: the zone that tells it, owner of the SOA (RFC 2308, 3); empty when it is not known."""
    note: str = ""
    """Extended error of the server (RFC 8914), hostile text; empty: none."""
    tries: tuple[str, ...] = ()
    """What earlier tries of the same question ended with, in order; empty: the first try settled it."""
    asked: Asked

    @property
    def chain(self) -> str:
        """``a > b > c`` from the name asked to the end of the chain; empty without alias."""
        return " > ".join((self.name, *self.aliases)) if self.aliases else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """What a web origin returned, within the limits of bytes, time and redirects."""

    url: str
    """URL asked first."""
    final_url: str = ""
    """URL of the last response; empty when none came."""
    outcome: Outcome
    reason: str | None = None
    """None when ANSWERED."""
    status: int = 0
    """Status code of the last response; 0 when none came."""
    headers: tuple[tuple[str, str], ...] = ()
    """Of the last response, in order, names in lower case."""
    redirects: tuple[str, ...] = ()
    """URLs passed through after the first one, in order."""
    body: bytes = b""
    """Decoded body, at most the cap."""
    truncated: bool = False
    """True when the body went on beyond the cap."""
    asked: Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsAnswer:
    """The leaf certificate a host presented; distinguished-name fields are empty when the certificate lacks them."""

    host: str
    outcome: Outcome
    reason: str | None = None
    """None when ANSWERED."""
    issuer_o: str = ""
    issuer_cn: str = ""
    issuer_c: str = ""
    subject_cn: str = ""
    names: tuple[str, ...] = ()
    """DNS names of the subject alternative name extension, sorted."""
    not_before: str = ""
    """ISO 8601, UTC."""
    not_after: str = ""
    """ISO 8601, UTC."""
    protocol: str = ""
    """Such as ``TLSv1.3``."""
    chain: tuple[str, ...] = ()
    """Issuers from the leaf upwards, as far as they were presented; the leaf's only before Python 3.13."""
    verified: bool = False
    """Whether the chain and the name were accepted by the authorities trusted here."""
    fault: str | None = None
    """Why it was not verified: ``tls-expired``, ``tls-name``, ``tls-untrusted`` ...; None when verified or unread."""
    asked: Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class RdapAnswer:
    """What a registry says about a domain or an address (RFC 9083)."""

    subject: str
    outcome: Outcome
    reason: str | None = None
    """None when ANSWERED."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Named facts, such as ``registrar``, ``registrar_id``, ``holder``, ``country``; hostile text."""
    asked: Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkAnswer:
    """Which networks originate an address, from the local table."""

    address: str
    outcome: Outcome
    reason: str | None = None
    """None when ANSWERED."""
    asns: tuple[tuple[int, str], ...] = ()
    """Number and name of each originating autonomous system; empty name: not in the table."""
    prefix: str = ""
    """Range of the table that holds the address; empty: none."""
    asked: Asked
