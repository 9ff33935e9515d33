"""The rules in memory: what was read from ``rules/`` and compiled."""

from dataclasses import dataclass

from sovscan.model.audit import LawText
from sovscan.model.dependency import Layer
from sovscan.model.exposure import Level
from sovscan.model.finding import RuleText, Verdict
from sovscan.model.text import Country, Text
from sovscan.rulebook.cel import Condition, Engine, FactValue

DEPENDENCY, DOMAIN, ORGANISATION = "dependency", "domain", "organisation"
SCOPES = (DEPENDENCY, DOMAIN, ORGANISATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Facts with the verdict they must lead to."""

    facts: tuple[tuple[str, FactValue], ...]
    verdict: Verdict
    where: str
    """``file:line:column``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One finding rule."""

    text: RuleText
    scope: str
    """What it is asked of: each ``dependency``, each ``domain``, or the ``organisation`` once."""
    applies_to: tuple[Layer, ...]
    """Layers it speaks about; empty only for the organisation."""
    only: Condition | None
    """Where false, the rule is not applicable; None: everywhere in its layers."""
    when: Condition
    """True: ``verdict``."""
    verdict: Verdict = Verdict.EXPOSED
    """EXPOSED, or UNKNOWN for a rule whose condition holds where something is not known: ignorance is no exposure."""
    examples: tuple[Example, ...]
    where: str
    """``file:line:column`` of the rule."""

    @property
    def names(self) -> tuple[str, ...]:
        """Facts its conditions name, sorted."""
        return tuple(sorted({*self.when.names, *(self.only.names if self.only else ())}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of the ladder."""

    level: Level
    when: Condition
    countries: str | None
    """List fact that gives one nexus a country; None: the level's own country (``EU`` or ``??``)."""
    exclusive: bool
    ground: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The steps in order, and the numbers they need."""

    rungs: tuple[Rung, ...]
    otherwise: Level
    otherwise_ground: Text
    alone: float
    """Percent of capital or votes above which one outside holder is an influence."""
    together: float
    """The same for all outside holders of one entity."""
    immunity: tuple[str, ...]
    """Schemes that can give IMMUNE."""
    ending_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """A law, and the nexuses it goes with."""

    text: LawText
    levels: tuple[Level, ...]
    """Empty: context only, never attached."""
    layers: tuple[Layer, ...]
    hazards: tuple[str, ...]
    """``access``, ``cutoff`` or both."""

    def reaches(self, country: Country, level: Level, layer: Layer) -> bool:
        """Whether it goes with a nexus of that country and level in that layer."""
        return self.text.country == country and level in self.levels and layer in self.layers


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """All rules of a run."""

    rules: tuple[Rule, ...]
    """Sorted by id."""
    ladder: Ladder
    laws: tuple[Law, ...]
    """Sorted by id."""
    engine: Engine
    digest: str
    """SHA-256 over the names and contents of every file read."""
    model_version: str
    overlays: tuple[str, ...] = ()
    """Names of the rule folders added to the bundled ones: printed, never silent."""

    def laws_for(self, country: Country, level: Level, layer: Layer) -> tuple[str, ...]:
        """Ids of the laws that go with a nexus, sorted."""
        return tuple(law.text.id for law in self.laws if law.reaches(country, level, layer))
