"""What the headline becomes when rows of an inventory are replaced; only the layer touched is worked out again."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sovscan.model.dependency import DependencyId, Layer
from sovscan.model.exposure import Inventory, Item
from sovscan.score.grade import Headline, headline
from sovscan.score.policy import Policy
from sovscan.score.risk import LayerRisk, layer_risk, layer_risks
from sovscan.score.terms import layer_score

Replacement = Mapping[DependencyId, Item]
"""What stands in the place of which row; all of one layer."""


@dataclass(frozen=True)
class Simulation:
    """An inventory with what has been replaced in it so far."""

    policy: Policy
    risks: Mapping[Layer, LayerRisk]

    @cached_property
    def headline(self) -> Headline:
        """Score and grade of the inventory as it stands here."""
        return headline(self.risks.values(), self.policy)

    def replaced(self, layer: Layer, replacement: Replacement) -> "Simulation":
        """The same once ``replacement`` is done. Raises KeyError for a layer that is not scored."""
        return Simulation(self.policy, {**self.risks, layer: self._changed(layer, replacement)})

    def points_lost(self, layer: Layer, replacement: Replacement | None = None) -> float:
        """Points the layer loses, as it stands or once ``replacement`` is done."""
        risk = self.risks[layer] if replacement is None else self._changed(layer, replacement)
        return layer_score(risk, self.policy).points_lost

    def _changed(self, layer: Layer, replacement: Replacement) -> LayerRisk:
        risk = self.risks[layer]
        items = (replacement.get(found.item.id, found.item) for found in risk.exposures)
        return layer_risk(layer, items, self.policy, failed=risk.failed)


def simulate(inventory: Inventory, policy: Policy) -> Simulation:
    """The inventory as it is today."""
    return Simulation(policy, {risk.layer: risk for risk in layer_risks(inventory, policy)})
