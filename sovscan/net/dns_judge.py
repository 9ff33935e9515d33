"""From one readable response to what it proves: a record, an absence, or nothing at all.

An absence counts only when the response says so in full: NXDOMAIN, or NOERROR without a record of the type at the end
of the alias chain; an SOA record in the authority section that covers that name (RFC 2308 section 2); a server that
speaks for the zone or offers recursion. Everything else is a hole with a reason.
"""

from typing import NamedTuple

from sovscan.model.evidence import Outcome
from sovscan.net.dns_codec import AA, CNAME, NOERROR, NS, NXDOMAIN, RA, SOA, TC, Message, Question, Record, rcode_text

MAX_ALIASES = 15
"""Longest alias chain that is followed."""

UNVERIFIED = ("unverified-nodata", "unverified-nxdomain")
"""Reasons that, after an alias, mean that its end was not covered by the response and must be asked for."""


MAX_RECORDS = 128
"""Records kept of one answer; above it the answer is marked as truncated and is never complete."""


class Verdict(NamedTuple):
    """What a response proves about its question."""

    outcome: Outcome
    reason: str | None = None
    records: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    final: str = ""
    truncated: bool = False
    zone: str = ""
    """Of an absence: the zone that tells it."""


def judge(question: Question, message: Message) -> Verdict:
    """What a response to this very question proves; the caller has compared id, source and question section.

    Reasons of FAILED: ``truncated``, ``chain``, ``lame``, ``unverified-nodata``, ``unverified-nxdomain``,
    ``contradictory`` (records under NXDOMAIN, or beside an alias of the same name), or the response code in lower case.
    """
    if message.flags & TC:
        return Verdict(Outcome.FAILED, "truncated", final=question.name)
    if message.rcode not in (NOERROR, NXDOMAIN):
        return Verdict(Outcome.FAILED, rcode_text(message.rcode), final=question.name)
    name, wanted, answer = question.name, question.rrtype, message.answer
    aliases = _aliases(name, wanted, answer)
    if aliases is None:
        return Verdict(Outcome.FAILED, "chain", (), _as_far(name, answer), name)
    final = aliases[-1] if aliases else name
    found = [text for owner, rrtype, text in answer if rrtype == wanted and owner == final]
    if aliases and any(r.rrtype == wanted and r.owner in (name, *aliases[:-1]) for r in answer):
        return Verdict(Outcome.FAILED, "contradictory", (), aliases, final)
    if not found:
        return _absence(message, aliases, final)
    if message.rcode == NXDOMAIN:
        return Verdict(Outcome.FAILED, "contradictory", (), aliases, final)
    records = tuple(found) if len(found) == 1 else tuple(sorted(set(found)))
    if wanted == CNAME and len(records) > 1:
        return Verdict(Outcome.FAILED, "chain", (), records[:MAX_RECORDS], final)
    return Verdict(Outcome.ANSWERED, None, records[:MAX_RECORDS], aliases, final, len(records) > MAX_RECORDS)


def _aliases(name: str, wanted: int, answer: tuple[Record, ...]) -> tuple[str, ...] | None:
    """Targets of the CNAME records that lead on from a name, in order; None for a loop, a fork or more than 15."""
    if not answer or wanted == CNAME:
        return ()
    targets: dict[str, str] = {}
    for owner, rrtype, text in answer:
        if rrtype == CNAME and targets.setdefault(owner, text) != text:
            return None
    if not targets:
        return ()
    chain: list[str] = []
    while (target := targets.get(name)) is not None:
        if target in chain or len(chain) == MAX_ALIASES:
            return None
        chain.append(target)
        name = target
    return tuple(chain)


def _as_far(name: str, answer: tuple[Record, ...]) -> tuple[str, ...]:
    """The part of a broken chain worth showing: up to the first name seen twice, or the sixteenth."""
    targets = {owner: text for owner, rrtype, text in answer if rrtype == CNAME}
    chain: list[str] = []
    while name in targets and len(chain) <= MAX_ALIASES:
        seen = targets[name] in chain
        name = targets[name]
        chain.append(name)
        if seen:
            break
    return tuple(chain)


def _absence(message: Message, aliases: tuple[str, ...], final: str) -> Verdict:
    kind = "nxdomain" if message.rcode == NXDOMAIN else "nodata"
    zones = [owner for owner, rrtype, _ in message.authority if rrtype == SOA]
    if message.flags & (AA | RA):
        for zone in zones:
            if zone in (".", final) or final.endswith("." + zone):
                return Verdict(Outcome.ABSENT, kind, (), aliases, final, zone=zone)
    if aliases:
        return Verdict(Outcome.FAILED, f"unverified-{kind}", (), aliases, final)
    referral = any(record.rrtype == NS for record in message.authority)
    if message.rcode == NOERROR and referral and not zones and not message.flags & AA:
        return Verdict(Outcome.FAILED, "lame", final=final)
    return Verdict(Outcome.FAILED, f"unverified-{kind}", final=final)
