"""The findings that differ between two audits, each with the parts that made it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from sovscan.compare.exchanged import exchanged
from sovscan.compare.records import Change, Comparison, Shift, Stage
from sovscan.compare.sight import Sight
from sovscan.model.audit import Audit
from sovscan.model.finding import Finding, Verdict
from sovscan.model.previous import Cause, Part


def compare(before: Audit, stages: Sequence[Stage]) -> Comparison:
    """What changed from ``before`` to the audit of the last stage, each change with the parts that made it."""
    path = [Stage(part=Part.EVIDENCE, audit=before), *stages]
    after = path[-1].audit
    first, last = _standing(before), _standing(after)
    steps = tuple(_Step(now.audit, then) for now, then in pairwise(path))
    changes = [
        _change(first.get(ident), last.get(ident), _causes(ident, steps))
        for ident in sorted(first.keys() | last.keys())
        if _told(first.get(ident)) != _told(last.get(ident))
    ]
    return Comparison(
        score_before=before.score.value,
        score_after=after.score.value,
        grade_before=before.score.grade,
        grade_after=after.score.grade,
        shifts=tuple(
            Shift(part=then.part, score=then.audit.score.value - now.audit.score.value) for now, then in pairwise(path)
        ),
        changes=tuple(sorted(changes, key=_order)),
    )


_KINDS = ("new", "gone", "changed")


def _order(change: Change) -> tuple[int, int, str, str]:
    return _KINDS.index(change.kind), -change.severity.rank, change.rule, change.location


def _standing(audit: Audit) -> Mapping[str, Finding]:
    return {finding.id: finding for finding in audit.findings if finding.verdict is not Verdict.CLEAR}


def _told(finding: Finding | None) -> tuple[str, ...]:
    """What a reader is told of a finding; nothing when it is clear or not there."""
    if finding is None or finding.verdict is Verdict.CLEAR:
        return ()
    return finding.verdict, finding.severity, finding.confidence


def _change(before: Finding | None, after: Finding | None, causes: Iterable[Cause]) -> Change:
    shown = after or before
    assert shown is not None  # noqa: S101 - one of the two stands, or there would be no change
    return Change(
        kind="new" if before is None else "gone" if after is None else "changed",
        finding=shown.id,
        rule=shown.rule,
        location=shown.location,
        severity=shown.severity,
        before=before.verdict if before else None,
        after=after.verdict if after else None,
        causes=tuple(sorted(set(causes))),
    )


class _Step:
    """Two neighbouring audits of the way, with their findings by id."""

    def __init__(self, before: Audit, then: Stage) -> None:
        self.part, self.before, self.after = then.part, before, then.audit
        self.first = {finding.id: finding for finding in before.findings}
        self.last = {finding.id: finding for finding in then.audit.findings}
        self.sight = Sight(before.evidence, then.audit.evidence) if then.part is Part.EVIDENCE else None


def _causes(ident: str, steps: Sequence[_Step]) -> Iterator[Cause]:
    for step in steps:
        before, after = step.first.get(ident), step.last.get(ident)
        if _told(before) == _told(after):
            continue
        if step.sight is not None:
            yield step.sight.cause(before, after)
        elif step.part is Part.FILES:
            yield from exchanged(before, after, step.before, step.after)
        else:
            yield Cause(step.part.value)
