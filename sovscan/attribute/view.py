"""Evidence by question: what a layer looks up, with the observation ids that let a reader check it."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sovscan.attribute.weighing import Weighing
from sovscan.model.evidence import Evidence, Observation, ObservationId, Outcome
from sovscan.model.target import Target, TargetKind
from sovscan.readers.names import InvalidName, is_within, registrable

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one or several questions brought, facts and holes kept apart."""

    values: tuple[str, ...] = ()
    """Records of all facts, sorted and unique."""
    aliases: tuple[str, ...] = ()
    """Names at the end of the aliases that were followed, in order."""
    observations: tuple[ObservationId, ...] = ()
    """Everything that was asked, facts and holes, sorted."""
    facts: tuple[Observation, ...] = ()
    holes: tuple[Observation, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether the question was put at all."""
        return bool(self.facts or self.holes)

    @property
    def unread(self) -> bool:
        """Whether an answer may be missing: not asked, or a hole."""
        return bool(self.holes) or not self.facts


class View:
    """The evidence of one organisation, indexed by question."""

    def __init__(self, evidence: Evidence, as_of: str, weighing: Weighing) -> None:
        self.evidence = evidence
        self.as_of = as_of
        """ISO date at which ownership is read."""
        self.weighing = weighing
        self._by_probe: dict[str, list[Observation]] = defaultdict(list)
        self._by_subject: dict[tuple[str, str], list[Observation]] = defaultdict(list)
        for observation in evidence.observations:
            self._by_probe[observation.probe].append(observation)
            self._by_subject[observation.probe, observation.subject].append(observation)
        self.domains: tuple[Target, ...] = tuple(
            target for target in evidence.targets if target.kind is TargetKind.DOMAIN
        )
        self.missing = frozenset(evidence.missing_domains)
        """Domains that do not exist: nothing is claimed of them."""
        self._told: dict[str, Any] = {}
        self._registrable: dict[str, str | None] = {}
        self._own = frozenset(filter(None, (self.registrable(target.value) for target in self.domains)))

    def observations(self, probe: str, subject: str | None = None) -> tuple[Observation, ...]:
        """All observations of a probe, or those about one subject."""
        if subject is None:
            return tuple(self._by_probe.get(probe, ()))
        return tuple(self._by_subject.get((probe, subject), ()))

    def within(self, probe: str, domain: str) -> tuple[Observation, ...]:
        """The observations of a probe about a domain or a name below it."""
        return tuple(seen for seen in self._by_probe.get(probe, ()) if is_within(seen.subject, domain))

    def read(self, probe: str, subject: str, *types: str) -> Reading:
        """The answers of a probe about a subject; of the record types named, or of all."""
        return reading(seen for seen in self.observations(probe, subject) if not types or seen.asked.type in types)

    def disputed(self) -> frozenset[ObservationId]:
        """Observations of the questions on which another resolver says something else."""
        questions = {
            (seen.subject, seen.asked.type)
            for seen in self.observations("resolver-check")
            if seen.detail.get("agrees") == "no"
        }
        if not questions:
            return frozenset()
        return frozenset(seen.id for seen in self.evidence.observations if (seen.subject, seen.asked.type) in questions)

    def once(self, key: str, work_out: Callable[[], Found]) -> Found:
        """What ``work_out`` gives, worked out the first time ``key`` is asked for: layers share it."""
        if key not in self._told:
            self._told[key] = work_out()
        found: Found = self._told[key]
        return found

    def owns(self, name: str) -> bool:
        """Whether a name lies under a registrable domain of one of the targets."""
        return self.registrable(name) in self._own or any(is_within(name, target.value) for target in self.domains)

    def registrable(self, name: str) -> str | None:
        """The registrable domain; None when the name has none or is no name."""
        if name not in self._registrable:
            try:
                self._registrable[name] = registrable(name)
            except InvalidName:
                self._registrable[name] = None
        return self._registrable[name]


def reading(observations: Iterable[Observation]) -> Reading:
    """The observations as one reading."""
    facts: list[Observation] = []
    holes: list[Observation] = []
    values: set[str] = set()
    aliases: dict[str, None] = {}
    for seen in observations:
        if seen.reason != "wildcard":
            for alias in chain(seen)[1:]:
                aliases.setdefault(alias)
        if not seen.outcome.is_fact:
            holes.append(seen)
            continue
        facts.append(seen)
        if seen.outcome is Outcome.ANSWERED:
            values.update(seen.values)
    return Reading(
        values=tuple(sorted(values)),
        aliases=tuple(aliases),
        observations=identities((*facts, *holes)),
        facts=tuple(facts),
        holes=tuple(holes),
    )


def chain(observation: Observation) -> tuple[str, ...]:
    """The alias chain from the name asked to its end; empty when there is no alias."""
    text = observation.detail.get("chain", "")
    if text:
        return tuple(part.strip() for part in text.split(">") if part.strip())
    if observation.asked.type == "CNAME" and observation.values:
        return (observation.subject, *observation.values)
    return ()


def identities(observations: Iterable[Observation]) -> tuple[ObservationId, ...]:
    """Sorted, unique ids."""
    return tuple(sorted({seen.id for seen in observations}))
