"""What a probe is, and what it is told."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from sovscan.model.evidence import Observation
from sovscan.model.target import Target, TargetKind
from sovscan.model.text import Text
from sovscan.net.net import Net

Question = tuple[str, str]
"""Subject and type of a question, such as ``("exemple.fr", "MX")``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """Names worth asking for, from the catalogue."""

    dkim_selectors: tuple[str, ...] = ()
    host_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a probe looks at, and what is already known of it."""

    target: Target
    seen: tuple[Observation, ...] = ()
    """Observations of this target by the probes that have finished, sorted."""
    hints: Hints = field(default_factory=Hints)
    others: Mapping[str, Net] = field(default_factory=dict)
    """Further resolvers, asked only to compare them with the first, by ``address:port``."""

    @property
    def name(self) -> str:
        """The canonical name of the target, or its URL, AS number or prefix."""
        return self.target.value

    def of(self, *probes: str) -> tuple[Observation, ...]:
        """What the named probes observed."""
        return tuple(observation for observation in self.seen if observation.probe in probes)


Observe = Callable[[Subject, Net], Awaitable[tuple[Observation, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One kind of question, as one file of this package exports it under the name ``PROBE``."""

    id: str
    """Lower case with hyphens; the ``probe`` of its observations."""
    asks: Text
    """What is asked, and of whom."""
    observe: Observe
    """Returns one observation a question; holds no state, starts no task that outlives it."""
    questions: Callable[[Target], tuple[Question, ...]]
    """What it always asks: these are observed even when it cannot run or does not finish."""
    after: tuple[str, ...] = ()
    """Probes whose observations it reads."""
    opt_in: bool = False
    """Whether it contacts a third party and runs only when it is asked for."""
    kinds: frozenset[TargetKind] = frozenset({TargetKind.DOMAIN})
    """Targets it applies to; for the others it asks nothing."""
