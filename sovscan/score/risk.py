"""Steps 1 to 4 of METHOD 5: from nexuses to the risk of one layer."""

from collections.abc import Iterable
from dataclasses import dataclass

from sovscan.model.dependency import Layer
from sovscan.model.exposure import Inventory, Item, Level, Nexus
from sovscan.score.policy import Hazards, Policy

UNAFFECTED = (Level.IMMUNE, Level.NONE, Level.UNKNOWN)
"""Levels whose own value decides, whatever the country."""


class InventoryError(ValueError):
    """An inventory that no reading of the method allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """How far one item is exposed."""

    item: Item
    access: float
    cutoff: float
    """h of METHOD 5 step 2: confidence applied, role weight not yet."""

    @property
    def weighted(self) -> Hazards:
        """Role weight times h."""
        return Hazards(access=self.item.weight * self.access, cutoff=self.item.weight * self.cutoff)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerRisk:
    """The risk of one layer, and what it is made of."""

    layer: Layer
    exposures: tuple[Exposure, ...]
    """Sorted by item id."""
    residual: float
    floor: float
    failed: bool
    """Whether an essential question of the layer is a hole."""
    unseen: float
    """U when it is, else 0."""
    controllers: tuple[tuple[str, Hazards], ...]
    """x of each controller, sorted by name."""
    access: float
    cutoff: float
    """R of METHOD 5 step 4."""


def layer_risks(inventory: Inventory, policy: Policy) -> tuple[LayerRisk, ...]:
    """The risk of each scored layer, in the order of rules/scoring.yaml; items of other layers are left out.

    Raises InventoryError for an item without nexus, a role weight outside 0 to 1, or a nexus that exposes an item
    through a country of the EU/EEA.
    """
    for item in inventory.items:
        check(item, policy)
    return tuple(
        layer_risk(
            layer,
            (item for item in inventory.items if item.layer is layer),
            policy,
            failed=layer in inventory.failed,
        )
        for layer in policy.layers
    )


def layer_risk(layer: Layer, items: Iterable[Item], policy: Policy, *, failed: bool) -> LayerRisk:
    """The risk of one layer whose items are ``items``, in any order, duplicates without effect."""
    exposures = tuple(sorted((exposure(item, policy) for item in items), key=lambda found: found.item.id))
    residual = policy.layers[layer].residual
    floor = policy.floor * max((found.item.weight for found in exposures if not _immune(found.item)), default=0.0)
    unseen = policy.unknown if failed else 0.0
    highest: dict[str, Hazards] = {}
    for found in exposures:
        known = highest.get(found.item.controller, Hazards(access=0.0, cutoff=0.0))
        weighted = found.weighted
        highest[found.item.controller] = Hazards(
            access=max(known.access, weighted.access), cutoff=max(known.cutoff, weighted.cutoff)
        )
    controllers = tuple(sorted(highest.items()))
    safe_access = safe_cutoff = (1 - residual) * (1 - floor) * (1 - unseen)
    for _, part in controllers:
        safe_access *= 1 - part.access
        safe_cutoff *= 1 - part.cutoff
    return LayerRisk(
        layer=layer,
        exposures=exposures,
        residual=residual,
        floor=floor,
        failed=failed,
        unseen=unseen,
        controllers=controllers,
        access=1 - safe_access,
        cutoff=1 - safe_cutoff,
    )


def exposure(item: Item, policy: Policy) -> Exposure:
    """Steps 1 and 2: the largest nexus value per hazard, pulled towards U by what confidence lacks."""
    values = [_value(nexus, policy) for nexus in item.nexuses]
    doubt = 1 - policy.confidence[item.confidence]
    access = max(value.access for value in values)
    cutoff = max(value.cutoff for value in values)
    return Exposure(
        item=item,
        access=access + doubt * max(0.0, policy.unknown - access),
        cutoff=cutoff + doubt * max(0.0, policy.unknown - cutoff),
    )


def check(item: Item, policy: Policy) -> None:
    """Nothing, when the item can be scored. Raises InventoryError otherwise."""
    if not item.nexuses:
        raise InventoryError(f"{item.id}: no nexus; what is not known is UNKNOWN")
    if not 0 <= item.weight <= 1:
        raise InventoryError(f"{item.id}: role weight {item.weight} is not between 0 and 1")
    for nexus in item.nexuses:
        check_nexus(nexus, policy, str(item.id))


def check_nexus(nexus: Nexus, policy: Policy, where: str) -> None:
    """Nothing, when the level can stand with the country. Raises InventoryError otherwise."""
    if nexus.level not in UNAFFECTED and nexus.country in policy.eea:
        raise InventoryError(f"{where}: {nexus.level.value} through {nexus.country}, which is in the EU/EEA")


def _value(nexus: Nexus, policy: Policy) -> Hazards:
    level = policy.level(nexus.level)
    if nexus.level in UNAFFECTED:
        return level
    country = policy.country(nexus.country)
    return Hazards(access=level.access * country.access, cutoff=level.cutoff * country.cutoff)


def _immune(item: Item) -> bool:
    return all(nexus.level is Level.IMMUNE for nexus in item.nexuses)
