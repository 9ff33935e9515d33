"""Addresses of the hosts that records name, such as MX and NS hosts."""

import ipaddress
from collections.abc import Iterable

from sovscan.files.evidence_bundle import make_observation
from sovscan.model.evidence import Asked, Observation, Outcome
from sovscan.net.net import Net
from sovscan.probes.questions import ask, not_asked
from sovscan.readers.names import InvalidName, canonical_domain

TYPES = ("A", "AAAA")


async def ask_addresses(net: Net, probe: str, hosts: Iterable[str], *, limit: int) -> tuple[Observation, ...]:
    """A and AAAA of each host, one observation each; subject is the host.

    An address in place of a name (a common mistake in MX records) is kept as its own answer with detail
    ``ip_literal``. Names that cannot be asked and hosts beyond ``limit`` are SKIPPED: holes, never absences.
    """
    questions, found = [], []
    for position, host in enumerate(dict.fromkeys(hosts)):
        literal = _literal(host)
        if literal is not None:
            found += [_literal_observation(probe, host, literal, rrtype) for rrtype in TYPES]
            continue
        reason = "budget" if position >= limit else _unaskable(host)
        for rrtype in TYPES:
            if reason is None:
                questions.append((host, rrtype))
            else:
                found.append(not_asked(probe, (host, rrtype), reason))
    return (*await ask(net, probe, questions), *found)


def _literal_observation(probe: str, host: str, address: str, rrtype: str) -> Observation:
    """The observation of an address that stands where a name belongs; nothing was asked."""
    holds = (":" in address) == (rrtype == "AAAA")
    return make_observation(
        probe=probe,
        subject=host,
        outcome=Outcome.ANSWERED if holds else Outcome.ABSENT,
        reason=None if holds else "ip-literal",
        values=(address,) if holds else (),
        detail={"ip_literal": "yes"},
        asked=Asked(name=host, type=rrtype),
    )


def _literal(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return None


def _unaskable(host: str) -> str | None:
    try:
        canonical_domain(host)
    except InvalidName:
        return "invalid-name"
    return None
