"""In which zone a name stands, from the questions for its name servers (RFC 1034, 4.2; RFC 2181, 6)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sovscan.model.evidence import Observation, Outcome
from sovscan.readers.names import is_within, parents, registrable

ZONE = "zone"
"""Detail of an absent NS: owner of the SOA that proves the absence, which is the zone that was asked (RFC 2308, 3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Climb:
    """The way from a name up to the top of its zone."""

    apex: str
    """The name at the top of the zone; the name itself where that was not found."""
    observations: tuple[Observation, ...] = ()
    """The NS questions on the way, the last one that of the apex."""
    complete: bool = False
    """Whether all of them are facts and none is missing."""

    @property
    def servers(self) -> tuple[str, ...]:
        """Hosts that answer for the zone, sorted; empty while the way is not complete, or where none is published."""
        at_apex = (seen for seen in self.observations if self.complete and seen.subject == self.apex)
        return tuple(sorted({host for seen in at_apex if is_apex(seen) for host in seen.values} - {"."}))


def climb(name: str, asked: Callable[[str], Iterable[Observation]]) -> Climb:
    """The way up from a name; ``asked`` gives the NS observations of a name.

    It ends at the nearest name that has servers of its own, at a hole, or at the registrable name. An alias is never
    the top of a zone (RFC 2181, 10.1): what is said of its target is not said of it.
    """
    passed: list[Observation] = []
    for here in enclosing(name):
        found = tuple(asked(here))
        passed += found
        if not found or not all(seen.outcome.is_fact for seen in found):
            return Climb(apex=name, observations=tuple(passed))
        if any(is_apex(seen) for seen in found):
            return Climb(apex=here, observations=tuple(passed), complete=True)
    return Climb(apex=name, observations=tuple(passed), complete=True)


def enclosing(name: str) -> Iterator[str]:
    """The name and those above it, nearest first, up to the registrable one."""
    top = registrable(name, private=False) or name
    yield name
    yield from (parent for parent in parents(name) if is_within(parent, top))


def is_apex(seen: Observation) -> bool:
    """Whether an NS observation shows that its subject is the top of a zone, with servers published or without."""
    if seen.detail.get("chain"):
        return False
    return seen.outcome is Outcome.ANSWERED or (
        seen.outcome is Outcome.ABSENT and seen.detail.get(ZONE) == seen.subject
    )
