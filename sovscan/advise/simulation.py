"""What the headline becomes when rows of an inventory are replaced; only the layer touched is worked out again."""

from collections.abc import Iterable, Mapping

from sovscan.model.dependency import DependencyId, Layer
from sovscan.model.exposure import Inventory, Item
from sovscan.score.grade import Headline, headline
from sovscan.score.policy import Policy
from sovscan.score.risk import LayerRisk, layer_risk, layer_risks
from sovscan.score.terms import layer_score

Replacement = Mapping[DependencyId, Item]
"""What stands in the place of which row; all of one layer."""


class Simulation:
    """An inventory with what has been replaced in it so far."""

    def __init__(self, inventory: Inventory, policy: Policy) -> None:
        self._policy = policy
        self._failed = inventory.failed
        self._risks = {risk.layer: risk for risk in layer_risks(inventory, policy)}
        self.headline: Headline = headline(self._risks.values(), policy)
        """Of the inventory as it stands now."""

    def after(self, layer: Layer, replacement: Replacement) -> Headline:
        """The headline once ``replacement`` is done, the inventory left as it is. KeyError: a layer not scored."""
        changed = self._changed(layer, replacement)
        return headline((changed if risk.layer is layer else risk for risk in self._risks.values()), self._policy)

    def replace(self, layer: Layer, replacement: Replacement) -> None:
        """Keep ``replacement`` from now on."""
        self._risks[layer] = self._changed(layer, replacement)
        self.headline = headline(self._risks.values(), self._policy)

    def points_lost(self) -> dict[str, float]:
        """Points lost by layer as the inventory stands now."""
        return {risk.layer.value: layer_score(risk, self._policy).points_lost for risk in self._risks.values()}

    def _changed(self, layer: Layer, replacement: Replacement) -> LayerRisk:
        rows: Iterable[Item] = (found.item for found in self._risks[layer].exposures)
        items = tuple(replacement.get(row.id, row) for row in rows)
        return layer_risk(layer, items, self._policy, failed=layer in self._failed)
