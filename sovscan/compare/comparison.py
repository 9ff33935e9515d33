"""The findings that differ between two audits, each with the parts that made it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from sovscan.compare.exchanged import exchanged
from sovscan.compare.records import Cause, Change, Comparison, Part, Shift, Stage
from sovscan.compare.sight import sight
from sovscan.model.audit import Audit
from sovscan.model.finding import Finding, Verdict


def compare(before: Audit, stages: Sequence[Stage]) -> Comparison:
    """What changed from ``before`` to the audit of the last stage, each change with the parts that made it."""
    path = [Stage(part=Part.EVIDENCE, audit=before), *stages]
    after = path[-1].audit
    first, last = _standing(before), _standing(after)
    changes = [
        _change(first.get(ident), last.get(ident), _causes(ident, path))
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


def _causes(ident: str, path: Sequence[Stage]) -> Iterator[Cause]:
    for now, then in pairwise(path):
        before, after = _of(ident, now.audit), _of(ident, then.audit)
        if _told(before) == _told(after):
            continue
        if then.part is Part.EVIDENCE:
            yield sight(before, after, now.audit.evidence, then.audit.evidence)
        elif then.part is Part.FILES:
            yield from exchanged(before, after, now.audit, then.audit)
        else:
            yield Cause(then.part.value)


def _of(ident: str, audit: Audit) -> Finding | None:
    return next((finding for finding in audit.findings if finding.id == ident), None)
