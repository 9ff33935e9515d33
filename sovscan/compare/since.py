"""What changed since an earlier audit, as a report prints it: each finding and service with its fate.

Two rules keep the account honest. What was answered then and is not now is not checked, never resolved; and what the
catalogue, the rules, the method, the date or the choice of targets moved is no change of the organisation.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sovscan.compare.comparison import compare
from sovscan.compare.operators import operator_of, services_changed
from sovscan.compare.records import Change, Comparison, Stage
from sovscan.compare.scope import targets_changed
from sovscan.files import canonical
from sovscan.files.records import to_plain
from sovscan.model.audit import Advice, Audit
from sovscan.model.dependency import Dependency
from sovscan.model.finding import Finding, Verdict
from sovscan.model.previous import Cause, Fate, FindingChange, Previous, ScoreShift, Standing
from sovscan.model.text import Text

MOST_COMPARED = 50_000
"""Pairs of an old and a new address that are weighed one by one."""


def kept(audit: Audit) -> Audit:
    """The part of an earlier audit that a comparison needs: no advice, no law, no comparison of its own.

    Kept twice is kept once: the same earlier audit gives the same bytes whether it comes whole or from a bundle.
    """
    named = {found.attribution.provider for found in audit.dependencies}
    return replace(
        audit,
        advice=Advice(),
        laws=(),
        qualifications=(),
        providers=tuple(provider for provider in audit.providers if provider.id in named),
        previous=None,
    )


def kept_bytes(audit: Audit) -> bytes:
    """``previous.json``: the part that is kept, as the bundle holds it."""
    return canonical.dumps_pretty(to_plain(kept(audit)))


def since(before: Audit, stages: Sequence[Stage], digest: str) -> Previous:
    """What changed from ``before`` to the audit of the last stage. ``digest``: of ``kept_bytes(before)``."""
    after = stages[-1].audit
    found = compare(before, stages)
    changes = tuple(sorted(_moved(_findings(found, before, after), before, after), key=_order))
    open_before, open_after = _open(before), _open(after)
    listed = {change.finding for change in changes if change.fate is not Fate.PERSISTS}
    counts = {fate.value: sum(change.fate is fate for change in changes) for fate in Fate}
    counts[Fate.PERSISTS.value] = len(open_after.keys() - listed)
    added, removed = targets_changed(before.evidence, after.evidence)
    difference = round(round(after.score.value, 1) - round(before.score.value, 1), 1)
    return Previous(
        collected_at=before.evidence.collected_at,
        as_of=before.as_of,
        profile=before.profile,
        model_version=before.model_version,
        catalogue_date=before.catalogue_date,
        catalogue_digest=before.catalogue_digest,
        rulebook_digest=before.rulebook_digest,
        evidence_digest=before.evidence_digest,
        digest=digest,
        standing=_standing(before),
        difference=difference,
        shifts=_apportioned(found, difference),
        targets_added=added,
        targets_removed=removed,
        open_before=len(open_before),
        open_after=len(open_after),
        counts=counts,
        findings=changes,
        services=services_changed(before, stages),
    )


def _standing(audit: Audit) -> Standing:
    score, count = audit.score, audit.count
    return Standing(
        value=score.value,
        worst=score.worst,
        best=score.best,
        grade=score.grade,
        access=score.access,
        cutoff=score.cutoff,
        coverage=score.coverage,
        services=count.total,
        us=count.us,
        other_third=count.other_third,
        eu=count.eu,
        fr=count.fr,
        unknown=count.unknown,
    )


def _apportioned(found: Comparison, difference: float) -> tuple[ScoreShift, ...]:
    """The shifts to one decimal, the largest remainders rounded so that they add up to the difference as printed."""
    exact = [10 * shift.score for shift in found.shifts]
    tenths = [int(value // 1) for value in exact]
    missing = round(10 * difference) - sum(tenths)
    by_remainder = sorted(range(len(exact)), key=lambda place: (tenths[place] - exact[place], place))
    # Two rounded scores may differ by one tenth more or less than the parts together.
    for turn in range(abs(missing)):
        place = by_remainder[turn % len(exact)] if missing > 0 else by_remainder[-1 - turn % len(exact)]
        tenths[place] += 1 if missing > 0 else -1
    return tuple(
        ScoreShift(part=shift.part, points=tenth / 10) for shift, tenth in zip(found.shifts, tenths, strict=True)
    )


def _open(audit: Audit) -> Mapping[str, Finding]:
    return {finding.id: finding for finding in audit.findings if finding.verdict is not Verdict.CLEAR}


def _findings(found: Comparison, before: Audit, after: Audit) -> Iterator[FindingChange]:
    then, now = _open(before), _open(after)
    services_then, services_now = _services(before), _services(after)
    titles = {rule.id: rule.title for rule in (*before.rules, *after.rules)}
    for change in found.changes:
        finding = now.get(change.finding) or then[change.finding]
        there, services = (after, services_now) if change.finding in now else (before, services_then)
        service = services.get(finding.id)
        yield FindingChange(
            finding=change.finding,
            rule=change.rule,
            title=titles.get(change.rule) or Text(fr=change.rule, en=change.rule),
            fate=_fate(change),
            severity=change.severity,
            layer=finding.layer,
            role=service.role if service else None,
            operator=operator_of(service, there) if service else None,
            location=change.location,
            before=change.before,
            after=change.after,
            causes=change.causes,
        )


def _fate(change: Change) -> Fate:
    """What sight took away comes first, then what it gave: neither is told as a change of the organisation."""
    causes = set(change.causes)
    if change.after is None or (change.after is Verdict.UNKNOWN and change.before is not Verdict.UNKNOWN):
        return _fate_of_gone(change, causes)
    if change.before is None:
        return _fate_of_new(causes)
    if change.before is Verdict.UNKNOWN and Cause.GAINED_SIGHT in causes:
        return Fate.FIRST_SEEN
    return Fate.PERSISTS


def _fate_of_gone(change: Change, causes: set[Cause]) -> Fate:
    """Of a finding that is not there any more, or not decided any more, or not decided and was not there."""
    if Cause.LOST_SIGHT in causes:
        return Fate.UNCHECKED
    if change.after is not None:
        return Fate.PERSISTS if change.before is not None else _fate_of_new(causes)
    if Cause.SCOPE in causes:
        return Fate.OUT_OF_SCOPE
    if causes & {Cause.REAL, Cause.GAINED_SIGHT}:
        undecided = change.before is Verdict.UNKNOWN or Cause.GAINED_SIGHT in causes
        return Fate.SETTLED if undecided else Fate.RESOLVED
    return Fate.RECOUNTED


def _fate_of_new(causes: set[Cause]) -> Fate:
    for cause, fate in (
        (Cause.LOST_SIGHT, Fate.UNCHECKED), (Cause.SCOPE, Fate.IN_SCOPE), (Cause.GAINED_SIGHT, Fate.FIRST_SEEN),
        (Cause.REAL, Fate.NEW),
    ):  # fmt: skip
        if cause in causes:
            return fate
    return Fate.RECOUNTED


def _moved(changes: Iterable[FindingChange], before: Audit, after: Audit) -> list[FindingChange]:
    """The changes, with a finding that only changed its address told as one that persists.

    The same rule about the same operator in the same domain, gone under one name and new under another, is neither
    resolved nor new: the mail host was renamed, or another page was read.
    """
    gone: dict[tuple[str, ...], list[FindingChange]] = {}
    come: dict[tuple[str, ...], list[FindingChange]] = {}
    listed = list(changes)
    then, now = _services(before), _services(after)
    for change in listed:
        for side, there, absent in ((gone, then, change.after), (come, now, change.before)):
            if absent is None and (key := _alike(change, there)) is not None:
                side.setdefault(key, []).append(change)
    former = {new.finding: old for key, news in come.items() for old, new in _paired(gone.get(key, ()), news)}
    dropped = {old.finding for old in former.values()}
    return [
        _persisting(former[change.finding], change) if change.finding in former else change
        for change in listed
        if change.finding not in dropped
    ]


def _paired(
    gone: Sequence[FindingChange], come: Sequence[FindingChange]
) -> Iterator[tuple[FindingChange, FindingChange]]:
    """Which became which where several moved at once: the likest first, each once, in whatever order they are told."""
    if len(gone) * len(come) > MOST_COMPARED:
        yield from _by_ending(gone, come)
        return
    taken: set[str] = set()
    for _, old, new in sorted(((_unlike(old, new), old, new) for old in gone for new in come), key=lambda one: one[0]):
        if not taken & {old.finding, new.finding}:
            taken |= {old.finding, new.finding}
            yield old, new


def _by_ending(
    gone: Sequence[FindingChange], come: Sequence[FindingChange]
) -> Iterator[tuple[FindingChange, FindingChange]]:
    """The same for thousands of files of a folder that moved: most folders in common first, the rest in order."""
    left, right = (
        {each.finding: (each, each.location.split("/")) for each in sorted(side, key=_address)} for side in (gone, come)
    )
    for parts in range(max(len(path) for _, path in (*left.values(), *right.values())), 0, -1):
        waiting: dict[tuple[str | None, ...], list[FindingChange]] = {}
        for old, path in left.values():
            waiting.setdefault((old.role, old.before, *path[-parts:]), []).append(old)
        for new, path in tuple(right.values()):
            if alike := waiting.get((new.role, new.after, *path[-parts:])):
                old = alike.pop(0)
                del left[old.finding], right[new.finding]
                yield old, new
    yield from zip((old for old, _ in left.values()), (new for new, _ in right.values()), strict=False)


def _address(change: FindingChange) -> tuple[str, str]:
    return change.location, change.finding


def _unlike(old: FindingChange, new: FindingChange) -> tuple[bool, bool, int, str, str]:
    """Another role, another verdict, then the less of the name that is the same; locations only decide a tie."""
    same = _begins(old.location, new.location)
    same += _begins(old.location[same:][::-1], new.location[same:][::-1])
    return old.role != new.role, old.before is not new.after, -same, old.location, new.location


def _begins(one: str, other: str) -> int:
    """The number of signs that two names have in common at their beginning."""
    return next(
        (place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )


def _persisting(old: FindingChange, new: FindingChange) -> FindingChange:
    return replace(new, fate=Fate.PERSISTS, before=old.before, causes=tuple(sorted({*old.causes, *new.causes})))


def _alike(change: FindingChange, services: Mapping[str, Dependency]) -> tuple[str, ...] | None:
    service = services.get(change.finding)
    if service is None:
        return None
    run = service.attribution
    return change.rule, service.layer, service.domain, str(run.provider), str(run.operator_self)


def _services(audit: Audit) -> Mapping[str, Dependency]:
    """The service that each finding is about, by the id of the finding."""
    known = {found.id: found for found in audit.dependencies}
    return {each.id: known[each.dependency] for each in audit.findings if each.dependency in known}


_FATES = tuple(Fate)


def _order(change: FindingChange) -> tuple[int, int, str, str]:
    return _FATES.index(change.fate), -change.severity.rank, change.rule, change.location
