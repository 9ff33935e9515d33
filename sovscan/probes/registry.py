"""The probes of this package, found by listing it."""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from itertools import pairwise
from pkgutil import iter_modules

import sovscan.probes
from sovscan.probes.probe import Probe


@cache
def all_probes() -> tuple[Probe, ...]:
    """Every ``PROBE`` that a module of this package exports, sorted by id."""
    modules = sorted(found.name for found in iter_modules(sovscan.probes.__path__))
    exported = (getattr(import_module(f"sovscan.probes.{module}"), "PROBE", None) for module in modules)
    return in_order_of_id(probe for probe in exported if isinstance(probe, Probe))


def in_order_of_id(probes: Iterable[Probe]) -> tuple[Probe, ...]:
    """The probes sorted by id.

    Raises ValueError when two share an id, when one waits for a probe that is not there, or when they wait in a ring.
    """
    ordered = tuple(sorted(probes, key=lambda probe: probe.id))
    for one, other in pairwise(ordered):
        if one.id == other.id:
            raise ValueError(f"two probes share the id {one.id!r}")
    by_id = {probe.id: probe for probe in ordered}
    waiting = set(by_id)
    while ready := {name for name in waiting if waiting.isdisjoint(by_id[name].after)}:
        for name in ready:
            if missing := set(by_id[name].after) - set(by_id):
                raise ValueError(f"probe {name!r} waits for {sorted(missing)[0]!r}, which does not exist")
        waiting -= ready
    if waiting:
        raise ValueError(f"probes wait for one another: {', '.join(sorted(waiting))}")
    return ordered
