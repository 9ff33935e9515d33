"""What is asked about: a dependency, a domain or the organisation, with its facts and what they rest on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sovscan.model.dependency import Confidence, Dependency
from sovscan.model.evidence import ObservationId
from sovscan.model.exposure import Item, Level
from sovscan.rulebook.cel import FactValue
from sovscan.rulebook.dependency_facts import by_carrier


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a fact rests on."""

    observations: tuple[ObservationId, ...] = ()
    dependencies: tuple["Judged", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A dependency with its row in the inventory and everything known of it."""

    dependency: Dependency
    item: Item
    facts: Mapping[str, FactValue]
    points: float

    @property
    def observations(self) -> tuple[ObservationId, ...]:
        """Everything the attribution rests on, for and against, sorted."""
        attributed = self.dependency.attribution
        found = {seen for signal in (*attributed.signals, *attributed.against) for seen in signal.observations}
        for party in (self.dependency.host, self.dependency.technology):
            found.update(party.observations if party else ())
        return tuple(sorted(found))

    @property
    def unsourced(self) -> frozenset[Level]:
        """Levels of its nexuses that are to confirm: those without a source, and those through a carrier's network."""
        line = by_carrier(self.dependency)
        return frozenset(nexus.level for nexus in self.item.nexuses if not nexus.sourced or nexus.level in line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A domain or the organisation: its facts, and what each rests on."""

    location: str
    """Canonical domain, or the organisation's name."""
    facts: Mapping[str, FactValue]
    bases: Mapping[str, Basis]
    """By fact; a fact that is not known has one too, from the questions that failed."""
    otherwise: tuple[ObservationId, ...]
    """What to show when no fact named has a basis of its own."""

    def because(self, names: Iterable[str]) -> tuple[ObservationId, ...]:
        """The observations behind some facts, sorted; never empty while there is any evidence."""
        found: set[ObservationId] = set()
        for name in names:
            basis = self.bases.get(name, Basis())
            found.update(basis.observations)
            for judged in basis.dependencies:
                found.update(judged.observations)
        return tuple(sorted(found)) or self.otherwise

    def confidence(self, names: Iterable[str]) -> Confidence:
        """The lowest confidence among the dependencies behind some facts; confirmed when there are none."""
        found = [judged.item.confidence for name in names for judged in self.bases.get(name, Basis()).dependencies]
        return min(found, key=lambda confidence: confidence.rank, default=Confidence.CONFIRMED)

    def unsourced(self, names: Iterable[str]) -> frozenset[Level]:
        """Levels of the nexuses without a source behind some facts."""
        return frozenset().union(
            *(judged.unsourced for name in names for judged in self.bases.get(name, Basis()).dependencies)
        )
