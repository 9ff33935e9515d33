"""Whether an answer changed, or only whether there is one."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from sovscan.compare.records import Cause
from sovscan.model.evidence import Evidence, Observation, ObservationId
from sovscan.model.finding import Finding, Verdict

_Question = tuple[str, str, str]
"""Probe, subject and type asked."""


@dataclass(frozen=True, slots=True)
class _Answer:
    ids: frozenset[ObservationId]
    """The identity of an observation leaves times and servers out: so does the comparison."""
    is_fact: bool


_Answers = Mapping[_Question, _Answer]


def sight(before: Finding | None, after: Finding | None, first: Evidence, second: Evidence) -> Cause:
    """REAL, LOST_SIGHT or GAINED_SIGHT, from the questions that the finding rests on in either evidence.

    A finding that becomes undecided because an answer is gone lost sight, whatever else changed; one that was undecided
    and has the answer now gained it. Otherwise another answer is a real change, before any change of sight. Where
    nothing it rests on changed, such as a share of the whole, all questions decide.
    """
    known, now = _answers(first), _answers(second)
    asked = _behind(before, first) | _behind(after, second)
    lost = any(_has_fact(known, each) and each in now and not now[each].is_fact for each in asked)
    gained = any(each in known and not known[each].is_fact and _has_fact(now, each) for each in asked)
    if before is not None and before.verdict is Verdict.UNKNOWN and gained:
        return Cause.GAINED_SIGHT
    if after is not None and after.verdict is Verdict.UNKNOWN and lost:
        return Cause.LOST_SIGHT
    return _of(asked, known, now) or _of(known.keys() | now.keys(), known, now) or Cause.REAL


def _of(asked: Set[_Question], known: _Answers, now: _Answers) -> Cause | None:
    """None when none of the questions has another answer, or an answer where it had none."""
    if any(_has_fact(known, each) and _has_fact(now, each) and known[each] != now[each] for each in asked):
        return Cause.REAL
    if any(_has_fact(known, each) and each in now and not now[each].is_fact for each in asked):
        return Cause.LOST_SIGHT
    if any(each in known and not known[each].is_fact and _has_fact(now, each) for each in asked):
        return Cause.GAINED_SIGHT
    if any(each not in known for each in asked):
        return Cause.GAINED_SIGHT
    return Cause.LOST_SIGHT if any(each not in now for each in asked) else None


def _behind(finding: Finding | None, evidence: Evidence) -> set[_Question]:
    wanted = set(finding.because) if finding is not None else set()
    return {_question(seen) for seen in evidence.observations if seen.id in wanted}


def _answers(evidence: Evidence) -> _Answers:
    found: dict[_Question, _Answer] = {}
    for seen in evidence.observations:
        known = found.get(_question(seen), _Answer(frozenset(), True))
        found[_question(seen)] = _Answer(known.ids | {seen.id}, known.is_fact and seen.outcome.is_fact)
    return found


def _question(seen: Observation) -> _Question:
    return seen.probe, seen.subject, seen.asked.type


def _has_fact(answers: _Answers, question: _Question) -> bool:
    return question in answers and answers[question].is_fact
