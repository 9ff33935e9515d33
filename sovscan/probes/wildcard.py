"""Whether any name at all answers: ``wildcard``, subject ``*.D`` (A) and ``*._domainkey.D`` (TXT).

Two random labels are asked for each. ANSWERED: both answer (a wildcard, or a resolver that rewrites NXDOMAIN), with
the values and the alias they get. ABSENT: neither does. FAILED ``conflict``: they disagree.
"""

import asyncio
import secrets
from dataclasses import replace

from sovscan.model.evidence import Observation, Outcome
from sovscan.model.target import Target
from sovscan.model.text import Text
from sovscan.net.answers import DnsAnswer
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Question, Subject
from sovscan.probes.questions import from_dns, text_record, with_outcome


def _questions(target: Target) -> tuple[Question, ...]:
    return ((f"*.{target.value}", "A"), (f"*._domainkey.{target.value}", "TXT"))


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    return tuple(await asyncio.gather(*(_wildcard(net, *question) for question in _questions(subject.target))))


async def _wildcard(net: Net, subject: str, rrtype: str) -> Observation:
    parent = subject.removeprefix("*")
    labels = [f"sovscan-{secrets.token_hex(8)}" for _ in range(2)]
    answers = await asyncio.gather(*(net.dns(label + parent, rrtype) for label in labels))
    first, second = (_nameless(answer, subject) for answer in answers)
    if first.outcome is second.outcome:
        return min(first, second, key=lambda seen: seen.id)
    holes = [seen for seen in (first, second) if not seen.outcome.is_fact]
    return holes[0] if holes else with_outcome(first, Outcome.FAILED, "conflict")


def _nameless(answer: DnsAnswer, subject: str) -> Observation:
    """The observation with ``*`` in place of the random label, of which nothing is kept."""
    shown = replace(answer, name=subject, asked=replace(answer.asked, name=subject))
    return from_dns("wildcard", shown, read=text_record, optional=True, alias_is_answer=True)


PROBE = Probe(
    id="wildcard",
    asks=Text(
        fr="Deux noms tirés au hasard sous le domaine, au résolveur DNS, pour savoir si tout nom y répond.",
        en="Two random names below the domain, from the DNS resolver, to learn whether every name answers there.",
    ),
    observe=_observe,
    questions=_questions,
)
