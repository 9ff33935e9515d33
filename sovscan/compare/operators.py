"""Who ran which service then, and who runs it now."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from sovscan.compare.records import Stage
from sovscan.compare.sight import Sight
from sovscan.model.audit import Audit
from sovscan.model.dependency import Dependency, Layer
from sovscan.model.previous import Cause, Fate, Operator, Part, ServiceChange

_Role = tuple[Layer, str, str]
"""Layer, role and domain."""
_Held = Mapping[_Role, Mapping[tuple[str, bool], Operator]]


def operator_of(service: Dependency, audit: Audit) -> Operator:
    """Who runs a service of an audit."""
    run = service.attribution
    name = next((provider.name for provider in audit.providers if provider.id == run.provider), run.provider or "")
    return Operator(provider=run.provider, name=name, operator_self=run.operator_self)


def services_changed(before: Audit, stages: Sequence[Stage]) -> tuple[ServiceChange, ...]:
    """Who left and who came in each role, by layer, role and domain; apart where the causes are of another kind.

    Build-time dependencies of repositories are left out, as in every count of services.
    """
    path = [Stage(part=Part.EVIDENCE, audit=before), *stages]
    held = [_held(stage.audit) for stage in path]
    causes_of = [_cause(now, then) for now, then in pairwise(path)]
    first, last = held[0], held[-1]
    found: list[ServiceChange] = []
    for role in sorted(first.keys() | last.keys(), key=_place):
        then, now = first.get(role, {}), last.get(role, {})
        moved = {who: _causes(role, who, causes_of, held) for who in then.keys() ^ now.keys()}
        for kind in _KINDS:
            mine = {who for who, causes in moved.items() if _kind(causes) is kind}
            if mine:
                left, came = _named(then, mine), _named(now, mine)
                causes = {cause for who in mine for cause in moved[who]}
                found.append(
                    ServiceChange(
                        layer=role[0],
                        role=role[1],
                        domain=role[2],
                        fate=_fate(kind, came=bool(came)),
                        before=left,
                        after=came,
                        causes=tuple(sorted(causes)),
                    )
                )
    return tuple(found)


_KINDS = (Cause.REAL, Cause.LOST_SIGHT, Cause.GAINED_SIGHT, Cause.SCOPE, None)


def _causes(role: _Role, who: tuple[str, bool], causes: Sequence[Cause], held: Sequence[_Held]) -> set[Cause]:
    return {
        cause
        for (now_held, then_held), cause in zip(pairwise(held), causes, strict=True)
        if (who in now_held.get(role, {})) != (who in then_held.get(role, {}))
    }


def _cause(now: Stage, then: Stage) -> Cause:
    """What one step of the way is put down to."""
    if then.part is Part.EVIDENCE:
        changed = Sight(now.audit.evidence, then.audit.evidence).changed
        return Cause.REAL if changed else Cause.UNEXPLAINED
    return Cause.CATALOGUE if then.part is Part.FILES else Cause(then.part.value)


def _kind(causes: set[Cause]) -> Cause | None:
    """Sight and scope come before what really changed; None: neither, or nobody knows."""
    order = (Cause.LOST_SIGHT, Cause.SCOPE, Cause.GAINED_SIGHT, Cause.REAL)
    return next((cause for cause in order if cause in causes), None)


def _fate(kind: Cause | None, *, came: bool) -> Fate:
    """RESOLVED where operators left and none came, NEW where any came."""
    if kind is Cause.LOST_SIGHT:
        return Fate.UNCHECKED
    if kind is Cause.SCOPE:
        return Fate.IN_SCOPE if came else Fate.OUT_OF_SCOPE
    if kind is Cause.GAINED_SIGHT:
        return Fate.FIRST_SEEN if came else Fate.SETTLED
    if kind is Cause.REAL:
        return Fate.NEW if came else Fate.RESOLVED
    return Fate.RECOUNTED


def _held(audit: Audit) -> _Held:
    found: dict[_Role, dict[tuple[str, bool], Operator]] = {}
    for service in audit.dependencies:
        if service.layer is not Layer.SUPPLY:
            run = operator_of(service, audit)
            role = service.layer, service.role, service.domain
            found.setdefault(role, {})[run.provider or "", run.operator_self] = run
    return found


def _named(held: Mapping[tuple[str, bool], Operator], wanted: set[tuple[str, bool]]) -> tuple[Operator, ...]:
    chosen = (run for who, run in held.items() if who in wanted)
    return tuple(sorted(chosen, key=lambda run: (run.operator_self, run.name.casefold(), run.provider or "")))


def _place(role: _Role) -> tuple[int, str, str]:
    return tuple(Layer).index(role[0]), role[1], role[2]
