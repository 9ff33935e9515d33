"""The score once named providers are replaced by named offers, recommended or not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sovscan.advise.offers import Market
from sovscan.advise.purposes import load_purposes
from sovscan.catalogue.catalogue import Catalogue
from sovscan.files.strict_yaml import suggestion
from sovscan.model.dependency import Dependency, DependencyId, Layer
from sovscan.model.exposure import Inventory
from sovscan.model.provider import OfferId, ProviderId
from sovscan.model.score import Score
from sovscan.rulebook.rulebook import Rulebook
from sovscan.score import score
from sovscan.score.policy import Policy


class WhatIfError(ValueError):
    """A replacement that cannot be done: nobody to replace, no such offer, or one that serves another role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """All that a provider does in a layer, handed to an offer."""

    layer: Layer
    provider: ProviderId
    offer: OfferId


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """An inventory after some swaps, and its score."""

    inventory: Inventory
    score: Score
    replaced: tuple[DependencyId, ...]
    """Dependencies whose row changed, sorted."""


def whatif(
    swaps: Sequence[Swap],
    dependencies: Sequence[Dependency],
    inventory: Inventory,
    *,
    catalogue: Catalogue,
    rulebook: Rulebook,
    policy: Policy,
    as_of: str,
) -> WhatIf:
    """The inventory and the full score after the swaps, done one after the other; what an offer cannot serve stays.

    Raises WhatIfError for a swap that changes nothing.
    """
    market = Market(dependencies, catalogue, rulebook, policy, as_of, load_purposes())
    rows = {item.id: item for item in inventory.items}
    for swap in swaps:
        found = catalogue.offers.get(swap.offer)
        if found is None:
            near = suggestion(swap.offer, list(catalogue.offers))
            raise WhatIfError(f"the catalogue has no offer {swap.offer!r}" + (f"; {near}" if near else ""))
        there = [
            dependency
            for dependency in dependencies
            if dependency.layer is swap.layer and dependency.attribution.provider == swap.provider
            and dependency.id in rows
        ]  # fmt: skip
        if not there:
            raise WhatIfError(f"{swap.layer}: nothing rests on {swap.provider!r}")
        served = [dependency for dependency in there if market.serves(dependency, found[1])]
        if not served:
            roles = ", ".join(sorted({dependency.role for dependency in there}))
            raise WhatIfError(f"{swap.offer!r} does not serve {swap.layer} ({roles})")
        for dependency in served:
            rows[dependency.id] = market.in_place_of(dependency, *found)
    after = replace(inventory, items=tuple(rows.values()))
    before = {item.id: item for item in inventory.items}
    return WhatIf(
        inventory=after,
        score=score(after, policy),
        replaced=tuple(sorted(ident for ident, item in rows.items() if before[ident] != item)),
    )
