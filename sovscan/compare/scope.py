"""The earlier evidence as it would be had the targets of today been audited then."""

from dataclasses import replace

from sovscan.compare.sight import about, answers_of, questions
from sovscan.files.evidence_bundle import in_order
from sovscan.model.evidence import Evidence
from sovscan.model.target import Target


def targets_changed(first: Evidence, second: Evidence) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Targets that only the second evidence has, and those that only the first has, sorted."""
    then, now = ({target.value for target in evidence.targets} for evidence in (first, second))
    return tuple(sorted(now - then)), tuple(sorted(then - now))


def rescoped(first: Evidence, second: Evidence) -> Evidence:
    """The first evidence with the second's answers about targets added, and without those about targets left out.

    The same evidence comes back when both audit the same targets with the same weight.
    """
    if _weighed(first.targets) == _weighed(second.targets):
        return first
    added, removed = targets_changed(first, second)
    before, after = about(first, set(removed)), about(second, set(added))
    asked_then, asked_now = (questions(evidence) for evidence in (first, second))
    dropped, taken = before - asked_now, after - asked_then
    kept = answers_of(first, asked_then - dropped)
    return replace(first, targets=second.targets, observations=in_order((*kept, *answers_of(second, taken))))


def _weighed(targets: tuple[Target, ...]) -> set[tuple[str, str, bool]]:
    return {(target.kind, target.value, target.main) for target in targets}
