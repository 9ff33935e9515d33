"""What the network said, written down before anyone judges it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from sovscan.model.target import Target, TargetKind

ObservationId = NewType("ObservationId", str)
"""``o-`` and 16 hexadecimal digits of SHA-256 over the canonical form without times and server."""

EVIDENCE_SCHEMA = "sovscan-evidence/1"
DECLARED = "declared"
"""How the probes begin that hold what was declared, not seen."""
_OF_THE_NAME = ("A", "AAAA", "CNAME", "MX", "NS", "SOA", "SRV", "TXT")
"""Record types whose answers show that a name exists. DS is left out: its answer is the parent's."""


class Outcome(StrEnum):
    """What became of one question. ANSWERED and ABSENT are facts, the others are holes."""

    ANSWERED = "answered"
    ABSENT = "absent"
    FAILED = "failed"
    SKIPPED = "skipped"

    @property
    def is_fact(self) -> bool:
        """Whether a verdict may rest on it."""
        return self in (Outcome.ANSWERED, Outcome.ABSENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The exact question and its circumstances; times and server stay out of the identity."""

    name: str
    """The name, URL, address or file that was asked for."""
    type: str
    """Record type, ``GET``, ``TLS``, ``RDAP``, ``ASN`` or ``FILE``."""
    server: str = ""
    """Address and port asked, or the name of the local table; empty when nothing was asked."""
    transport: str = ""
    """``udp``, ``tcp``, ``https``, ``http``, ``proxy``, ``table``, ``file``; empty when nothing was asked."""
    started: str = ""
    """UTC, ISO 8601 with milliseconds; empty when nothing was asked."""
    elapsed_ms: int = 0
    """Milliseconds of the monotonic clock."""


WILDCARD = "wildcard"
"""Reason of a guessed name that is answered like any other name: nobody left it without an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One question and what came of it."""

    id: ObservationId
    probe: str
    """Identifier of the probe that asked."""
    subject: str
    """What the question is about: the name, address or URL asked for, canonical."""
    outcome: Outcome
    reason: str | None = None
    """Why there is nothing (``nxdomain``, ``nodata``, ``servfail``, ``timeout`` ...); None when ANSWERED."""
    values: tuple[str, ...] = ()
    """Records in presentation form without trailing dots, sorted; the form of each probe is in its docstring."""
    detail: Mapping[str, str] = field(default_factory=dict)
    """Named further facts, such as ``chain``, ``final_url`` or ``issuer_o``; part of the identity."""
    asked: Asked

    @property
    def is_hole(self) -> bool:
        """Whether what it would have shown is not known: neither answered nor absent, nor the answer of any name."""
        return not self.outcome.is_fact and self.reason != WILDCARD


@dataclass(frozen=True, slots=True, kw_only=True)
class Vantage:
    """From where and with which options the evidence was collected."""

    mode: str = "live"
    """``live``, ``recorded`` or ``repository``."""
    resolvers: tuple[str, ...] = ()
    """Resolvers asked, ``address:port``; the first one answers everything."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Collection options that differ from the defaults or bound the reading; no path."""
    contacted: tuple[str, ...] = ()
    """Every party that was contacted beyond the resolver: hosts, registries, third parties."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that was asked for one organisation."""

    schema: str = EVIDENCE_SCHEMA
    organisation: str
    targets: tuple[Target, ...]
    collected_at: str
    """UTC, ISO 8601, of the end of collection: the date of every report made from it."""
    vantage: Vantage
    versions: Mapping[str, str] = field(default_factory=dict)
    """``sovscan``, ``asn_table`` (date and SHA-256), ``suffix_list`` ..."""
    observations: tuple[Observation, ...] = ()
    """Sorted by probe, subject, question type and id; unique."""

    @property
    def has_answers(self) -> bool:
        """Whether anything was observed at all: what somebody declared is no answer."""
        return any(seen.outcome.is_fact and not seen.probe.startswith(DECLARED) for seen in self.observations)

    @property
    def missing_domains(self) -> tuple[str, ...]:
        """Domains asked for that do not exist, sorted: NXDOMAIN, which is said of a name and all below it (RFC 8020).

        An alias that leads nowhere exists, and so does a name at or below which anything answered.
        """
        domains = (target.value for target in self.targets if target.kind is TargetKind.DOMAIN)
        return tuple(sorted({domain for domain in domains if self._is_missing(domain)}))

    def _is_missing(self, domain: str) -> bool:
        denied = False
        for seen in self.observations:
            if seen.asked.type not in _OF_THE_NAME or seen.probe.startswith(DECLARED):
                continue
            at_it = seen.subject == domain
            if seen.outcome is Outcome.ANSWERED and (at_it or seen.subject.endswith(f".{domain}")):
                return False
            if at_it and seen.outcome is Outcome.ABSENT:
                if seen.reason != "nxdomain" or seen.detail.get("chain"):
                    return False
                denied = True
        return denied
