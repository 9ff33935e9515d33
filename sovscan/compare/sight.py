"""Whether an answer changed, or only whether there is one.

Between two evidences each question either has another answer, lost its answer, gained one, or is as it was. A question
that only one of them asked was lost or gained too, unless an answer that changed is why: the address of a mail host is
not asked any more once the mail host is another one, and that is a real change.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace

from sovscan.files.evidence_bundle import in_order
from sovscan.model.evidence import Evidence, Observation, ObservationId, Outcome
from sovscan.model.finding import Finding, Verdict
from sovscan.model.previous import Cause

Question = tuple[str, str, str]
"""Probe, subject and type asked."""

_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")
_REPOSITORY = "repository"
_IGNORING = "ignore-rules"
_BY_RULE = frozenset(f"skipped-{why}" for why in ("ignored", "vendored", "link", "not-regular", "binary"))
"""What a scan leaves out by rule: with the same rules it leaves out the same."""


@dataclass(frozen=True, slots=True)
class _Answer:
    seen: tuple[Observation, ...]
    ids: frozenset[ObservationId]
    """The identity of an observation leaves times and servers out: so does the comparison."""
    is_fact: bool
    is_absent: bool


_Answers = Mapping[Question, _Answer]


class Sight:
    """What became of each question from a first evidence to a second."""

    def __init__(self, first: Evidence, second: Evidence) -> None:
        self._first, self._second = first, second
        self._known, self._now = _answers(first), _answers(second)
        both = self._known.keys() & self._now.keys()
        changed = {each for each in both if self._facts(each) == (True, True) and self._differs(each)}
        gone, come = self._known.keys() - both, self._now.keys() - both
        followed = _followed(self._known, _dropped(changed, self._known, self._now), gone, first)
        followed |= _followed(self._now, _dropped(changed, self._now, self._known), come, second)
        followed |= {each for each in gone if self._left_the_tree(each)}
        followed |= {each for each in come if self._entered_the_tree(each)}
        self.changed: frozenset[Question] = frozenset(changed | followed)
        """Another answer, and what is asked or not asked any more because of it."""
        # A question may fail halfway, after an alias was seen: what a hole tells is lost and gained as an answer is.
        self.lost: frozenset[Question] = frozenset(
            {each for each in both if not self._now[each].is_fact and _tells_more(self._known[each], self._now[each])}
            | (gone - followed)
        )
        self.gained: frozenset[Question] = frozenset(
            {
                each
                for each in both
                if (each in self.lost or not self._known[each].is_fact)
                and _tells_more(self._now[each], self._known[each])
            }
            | (come - followed)
        )

    def cause(self, before: Finding | None, after: Finding | None) -> Cause:
        """REAL, LOST_SIGHT, GAINED_SIGHT or UNEXPLAINED, from the questions that a finding rests on in either evidence.

        A finding that becomes undecided because an answer is gone lost sight, whatever else changed; one that was
        undecided and has the answer now gained it. Otherwise another answer is a real change, before any change of
        sight. Where nothing it rests on changed, such as a share of the whole, all questions decide; where
        no question changed at all, nothing is said of the organisation.
        """
        asked = _behind(before, self._first) | _behind(after, self._second)
        if before is not None and before.verdict is Verdict.UNKNOWN and asked & self.gained:
            return Cause.GAINED_SIGHT
        if after is not None and after.verdict is Verdict.UNKNOWN and asked & self.lost:
            return Cause.LOST_SIGHT
        return self._of(asked) or self._of(self._known.keys() | self._now.keys()) or Cause.UNEXPLAINED

    def blinded(self) -> Evidence:
        """The first evidence without what the second could not see: its holes, and nothing where it did not ask.

        Nothing either where its hole tells something of its own, which is for ``widened`` to add.
        """
        holes = {each: self._now.get(each, _NOTHING) for each in self.lost - self.gained}
        seen = [
            one
            for each, answer in self._known.items()
            for one in (holes.get(each, _NOTHING) if each in self.lost else answer).seen
        ]
        return replace(self._first, targets=self._second.targets, observations=in_order(seen))

    def widened(self) -> Evidence:
        """That, with the answers of the second where the first had none."""
        seen = list(self.blinded().observations)
        kept = [one for one in seen if _question(one) not in self.gained]
        kept += [one for each in self.gained for one in self._now[each].seen]
        return replace(self._first, targets=self._second.targets, observations=in_order(kept))

    def _of(self, asked: Set[Question]) -> Cause | None:
        for these, cause in (
            (self.changed, Cause.REAL), (self.lost, Cause.LOST_SIGHT), (self.gained, Cause.GAINED_SIGHT)
        ):  # fmt: skip
            if asked & these:
                return cause
        return None

    def _facts(self, each: Question) -> tuple[bool, bool]:
        return self._known[each].is_fact, self._now[each].is_fact

    def _differs(self, each: Question) -> bool:
        return self._known[each].ids != self._now[each].ids

    def _left_the_tree(self, each: Question) -> bool:
        """Whether a file that was read then is not there now: a tree is listed whole, unless files were left out."""
        if each[0] != _REPOSITORY or any(key.startswith("skipped-") for key in self._second.vantage.options):
            return False
        return _has_tree_of(self._known[each], self._now)

    def _entered_the_tree(self, each: Question) -> bool:
        """Whether a file that is read now was not there then: that scan listed the tree whole, by the same rules.

        Another version of the program may read what was there all along.
        """
        then, now = self._first.vantage.options, self._second.vantage.options
        left_out = {key for key in then if key.startswith("skipped-")}
        same_rules = left_out <= _BY_RULE and then.get(_IGNORING) == now.get(_IGNORING)
        same_program = self._first.versions.get("sovscan") == self._second.versions.get("sovscan")
        if each[0] != _REPOSITORY or not same_program or (left_out and not same_rules):
            return False
        return _has_tree_of(self._now[each], self._known)


def _has_tree_of(answer: _Answer, answers: _Answers) -> bool:
    """Whether something was read in the tree of an answer."""
    trees = {one.detail.get("repository") for one in answer.seen}
    return any(
        other.is_fact and trees & {one.detail.get("repository") for one in other.seen}
        for question, other in answers.items()
        if question[0] == _REPOSITORY
    )


_NOTHING = _Answer((), frozenset(), is_fact=False, is_absent=False)


def answers_of(evidence: Evidence, wanted: Set[Question]) -> Iterator[Observation]:
    """The observations of some questions."""
    return (seen for seen in evidence.observations if _question(seen) in wanted)


def questions(evidence: Evidence) -> frozenset[Question]:
    """Everything that was asked."""
    return frozenset(_question(seen) for seen in evidence.observations)


def about(evidence: Evidence, targets: Set[str]) -> frozenset[Question]:
    """The questions that were asked because of some targets: about them, below them, or about what they name.

    Below a target that is not among them is another's.
    """
    known, others = _answers(evidence), {target.value for target in evidence.targets} - targets
    own = {each for each, answer in known.items() if any(_belongs(seen, targets, others) for seen in answer.seen)}
    named = {name for each in own for name in _said(known[each])}
    return frozenset(own | _followed(known, named, known.keys() - own, evidence))


def _belongs(seen: Observation, targets: Set[str], others: Set[str]) -> bool:
    if targets & {seen.subject, seen.detail.get("domain", ""), seen.detail.get("repository", "")}:
        return True
    return any(_nearest(name, targets) > _nearest(name, others) for name in _names(seen.subject))


def _nearest(name: str, targets: Set[str]) -> int:
    """The length of the longest target that a name is or lies below; 0 for none."""
    return max((len(target) for target in targets if name == target or name.endswith(f".{target}")), default=0)


def _tells_more(answer: _Answer, other: _Answer) -> bool:
    """Whether an answer is one where the other is a hole, or tells what the other does not."""
    if answer.is_fact is not other.is_fact:
        return answer.is_fact
    return bool(set(_told(answer)) - set(_told(other)))


def _dropped(changed: Set[Question], here: _Answers, there: _Answers) -> frozenset[str]:
    """The names that the changed answers tell here and not there, and those of which there is nothing left there.

    What both tell is no reason for another question not to be asked: a page may go unread while its host moves.
    """
    found: set[str] = set()
    for each in changed:
        found |= set(_names(" ".join(_told(here[each])))) - set(_names(" ".join(_told(there[each]))))
        if all(answer.is_absent for other, answer in there.items() if other[:2] == each[:2]):
            found |= set(_names(each[1]))
    return frozenset(found)


def _followed(known: _Answers, named: Set[str], candidates: Set[Question], evidence: Evidence) -> frozenset[Question]:
    """Those of the candidates whose subject is among the names, or is named by one of those, and so on."""
    targets = {target.value for target in evidence.targets}
    waiting: dict[str, set[Question]] = {}
    for each in candidates:
        for name in _names(each[1]):
            waiting.setdefault(name, set()).add(each)
    found: set[Question] = set()
    fresh: Set[str] = named
    while fresh:
        reached = {each for name in fresh - targets for each in waiting.get(name, ())} - found
        found |= reached
        fresh = {name for each in reached for name in _said(known[each])}
    return frozenset(found)


def _said(answer: _Answer) -> Iterator[str]:
    for seen in answer.seen:
        yield from _names(seen.subject)
    for text in _told(answer):
        yield from _names(text)


def _told(answer: _Answer) -> Iterator[str]:
    for seen in answer.seen:
        yield from seen.values
        yield from seen.detail.values()


def _names(text: str) -> Iterator[str]:
    lowered = text.lower()
    yield from lowered.split()
    yield from _NAME.findall(lowered)


def _behind(finding: Finding | None, evidence: Evidence) -> set[Question]:
    wanted = set(finding.because) if finding is not None else set()
    return {_question(seen) for seen in evidence.observations if seen.id in wanted}


def _answers(evidence: Evidence) -> _Answers:
    found: dict[Question, list[Observation]] = {}
    for seen in evidence.observations:
        found.setdefault(_question(seen), []).append(seen)
    return {each: _answer(seen) for each, seen in found.items()}


def _answer(seen: Iterable[Observation]) -> _Answer:
    listed = tuple(seen)
    return _Answer(
        listed,
        frozenset(one.id for one in listed),
        is_fact=all(one.outcome.is_fact for one in listed),
        is_absent=all(one.outcome is Outcome.ABSENT for one in listed),
    )


def _question(seen: Observation) -> Question:
    return seen.probe, seen.subject, seen.asked.type
