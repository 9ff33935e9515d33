"""On which level a dependency stands, through which country, under which texts."""

from dataclasses import dataclass
from enum import StrEnum

from sovscan.model.dependency import Confidence, DependencyId, Layer
from sovscan.model.text import Country


class Level(StrEnum):
    """The ladder of METHOD 3.1, best first."""

    IMMUNE = "IMMUNE"
    NONE = "NONE"
    TECHNOLOGY = "TECHNOLOGY"
    PRESENCE = "PRESENCE"
    INFLUENCE = "INFLUENCE"
    UNKNOWN = "UNKNOWN"
    HOSTED_ON = "HOSTED_ON"
    PARENT = "PARENT"
    DIRECT = "DIRECT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nexus:
    """One way in which one country reaches a dependency."""

    level: Level
    country: Country
    who: str = ""
    """The entity reached, such as ``Microsoft Corporation``; empty in hand-written inventories."""
    laws: tuple[str, ...] = ()
    """Ids of rules/laws.yaml that apply on this ground, sorted."""
    sourced: bool = True
    """False when the ownership behind it is to confirm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One row of an inventory: what the score needs to know of a dependency."""

    id: DependencyId
    layer: Layer
    controller: str
    """Ultimate parent: rows of one layer with the same controller merge."""
    nexuses: tuple[Nexus, ...]
    """At least one."""
    weight: float
    """Role weight s, 0 to 1, halved already for a secondary domain."""
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Everything that is scored."""

    items: tuple[Item, ...]
    failed: tuple[Layer, ...] = ()
    """Layers whose essential question is a hole, sorted."""
    unread: tuple[Item, ...] = ()
    """What other questions without an answer could have shown: counted in the worst reading only."""
