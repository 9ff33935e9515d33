"""From answers to observations, the same way for every probe."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from sovscan.files.evidence_bundle import make_observation
from sovscan.model.evidence import Asked, Observation, Outcome
from sovscan.model.target import Target
from sovscan.net.answers import DnsAnswer
from sovscan.net.net import Net
from sovscan.probes.probe import Question
from sovscan.readers.mailboxes import without_mailboxes

NOTE_LIMIT = 200
"""Characters kept of what a server says about its own failure."""


def at(rrtype: str, prefix: str = "") -> Callable[[Target], tuple[Question, ...]]:
    """The questions of a probe that asks one record type at one name below, or at, the target."""
    return lambda target: ((f"{prefix}{target.value}", rrtype),)


async def ask(
    net: Net,
    probe: str,
    questions: Iterable[Question],
    *,
    read: Callable[[str], str] = str,
    optional: bool = False,
    alias_is_answer: bool = False,
) -> tuple[Observation, ...]:
    """One observation for each name and record type, asked at the same time."""
    answers = await asyncio.gather(*(net.dns(name, rrtype) for name, rrtype in questions))
    return tuple(
        from_dns(probe, answer, read=read, optional=optional, alias_is_answer=alias_is_answer) for answer in answers
    )


def from_dns(
    probe: str,
    answer: DnsAnswer,
    *,
    read: Callable[[str], str] = str,
    detail: Mapping[str, str] | None = None,
    optional: bool = False,
    alias_is_answer: bool = False,
) -> Observation:
    """The observation of one DNS answer; values are its records as ``read`` gives them.

    Detail: ``chain`` and ``alias`` (its end) when the name is an alias, ``truncated``, ``note`` and ``tries`` when
    there are any. ``optional``: a spent budget is a question not asked. ``alias_is_answer``: an alias whose target
    has nothing is ANSWERED without values, and ``target`` says what became of the target.
    """
    found = {"chain": answer.chain, "alias": answer.final if answer.aliases else ""}
    found |= {"truncated": "yes" if answer.truncated else "", "note": answer.note[:NOTE_LIMIT]}
    found |= {"tries": " ".join(answer.tries)}
    outcome, reason = answer.outcome, answer.reason
    if alias_is_answer and answer.aliases and outcome is not Outcome.ANSWERED and reason != "chain":
        found["target"] = reason or outcome.value
        outcome, reason = Outcome.ANSWERED, None
    if optional and reason == "budget":
        outcome = Outcome.SKIPPED
    return make_observation(
        probe=probe,
        subject=answer.name,
        outcome=outcome,
        reason=reason,
        values=[read(record) for record in answer.records],
        detail={name: value for name, value in (found | dict(detail or {})).items() if value},
        asked=answer.asked,
    )


def not_asked(probe: str, question: Question, reason: str, outcome: Outcome = Outcome.SKIPPED) -> Observation:
    """The observation of a question that was never sent, so that its absence can be seen."""
    subject, rrtype = question
    return make_observation(
        probe=probe, subject=subject, outcome=outcome, reason=reason, asked=Asked(name=subject, type=rrtype)
    )


def with_outcome(seen: Observation, outcome: Outcome, reason: str, **detail: str) -> Observation:
    """The same question judged otherwise, with further detail."""
    return make_observation(
        probe=seen.probe,
        subject=seen.subject,
        outcome=outcome,
        reason=reason,
        values=seen.values,
        detail={**seen.detail, **detail},
        asked=replace(seen.asked),
    )


def text_record(record: str) -> str:
    """A TXT record without mailboxes; an SPF record, where ``@`` is part of the grammar, as it is."""
    return record if record[:6].lower() == "v=spf1" else without_mailboxes(record)
