"""Guessed names under a wildcard: an answer that any name would get says nothing about this one."""

from collections.abc import Iterable

from sovscan.model.evidence import WILDCARD, Observation, Outcome
from sovscan.probes.questions import with_outcome


def doubt_wildcards(observations: Iterable[Observation], wildcards: Iterable[Observation]) -> tuple[Observation, ...]:
    """The observations, those that merely repeat a wildcard turned into FAILED ``wildcard`` with their values kept.

    An answer that differs from the wildcard's was put there on purpose and stays.
    """
    known = [seen for seen in wildcards if seen.outcome is Outcome.ANSWERED]
    return tuple(
        with_outcome(seen, Outcome.FAILED, WILDCARD, wildcard="yes")
        if seen.outcome is Outcome.ANSWERED and any(_repeats(seen, wildcard) for wildcard in known)
        else seen
        for seen in observations
    )


def _repeats(seen: Observation, wildcard: Observation) -> bool:
    parent = wildcard.subject.removeprefix("*")
    if not seen.subject.endswith(parent) or seen.asked.type != wildcard.asked.type:
        return False
    same_alias = seen.detail.get("alias") == wildcard.detail.get("alias")
    return same_alias and (seen.values == wildcard.values or "alias" in seen.detail)
