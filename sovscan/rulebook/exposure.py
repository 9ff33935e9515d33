"""A dependency on the ladder: its level, countries and laws (METHOD 3.1)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.control import is_eea
from sovscan.model.dependency import Attribution, Confidence, Dependency, DependencyId, Layer
from sovscan.model.exposure import Item, Level, Nexus
from sovscan.model.provider import Offer, Provider
from sovscan.model.text import Country
from sovscan.rulebook.cel import FactValue
from sovscan.rulebook.dependency_facts import by_carrier, ladder_facts
from sovscan.rulebook.facts import HOLD
from sovscan.rulebook.reach import Hold, Reach, Reaches, reach
from sovscan.rulebook.rulebook import Rulebook

SELF = "self"
"""Controller of everything the organisation runs itself."""
_UNION, _UNIDENTIFIED = Country("EU"), Country("??")
_INSIDE = (Level.IMMUNE, Level.NONE)


class ExposureError(ValueError):
    """The catalogue says something the ladder cannot hold, such as an outside nexus with a country of the EEA."""


class RoleWeights(Protocol):
    """What the ladder needs of the policy."""

    @property
    def roles(self) -> Mapping[str, float]:
        """Role weight by ``layer.role``."""

    @property
    def secondary(self) -> float:
        """Factor on the role weights of a domain that is not a main one."""


def expose(
    dependency: Dependency,
    catalogue: Catalogue,
    rulebook: Rulebook,
    policy: RoleWeights,
    as_of: str,
    *,
    reaches: Reaches | None = None,
) -> Item:
    """The inventory row of a dependency: nexuses with their laws, controller, weight and confidence.

    ``reaches``: what was worked out for others of the same audit. Raises ExposureError when a nexus from outside would
    carry a country of the EEA, and KeyError for a role that ``policy`` does not know.
    """
    known = reaches or Reaches(catalogue, as_of, rulebook.ladder)
    return expose_reached(dependency, known.of(dependency), rulebook, policy, as_of, climbed=known.climbed)


def expose_reached(
    dependency: Dependency,
    reached: Reach,
    rulebook: Rulebook,
    policy: RoleWeights,
    as_of: str,
    *,
    climbed: dict[object, tuple[Nexus, ...]] | None = None,
) -> Item:
    """``expose`` for holds already worked out. ``climbed``: nexuses of earlier ones of the same audit, added to."""
    nexuses = _climb(dependency, reached, rulebook, as_of, {} if climbed is None else climbed)
    confidence = dependency.attribution.confidence
    # An establishment without a source is printed as to confirm; it says nothing against who owns the provider.
    if not all(nexus.sourced for nexus in nexuses if nexus.level is not Level.PRESENCE):
        confidence = Confidence.WEAK
    line = by_carrier(dependency)
    if line and not any(nexus.level in HOLD and nexus.level not in line for nexus in nexuses):
        confidence = Confidence.WEAK
    return Item(
        id=dependency.id,
        layer=dependency.layer,
        controller=_controller(dependency, reached),
        nexuses=nexuses,
        weight=policy.roles[f"{dependency.layer}.{dependency.role}"] * (1.0 if dependency.main else policy.secondary),
        confidence=confidence,
    )


def expose_offer(  # noqa: PLR0917
    provider: Provider,
    offer: Offer | None,
    layer: Layer,
    role: str,
    catalogue: Catalogue,
    rulebook: Rulebook,
    policy: RoleWeights,
    as_of: str,
    *,
    main: bool = True,
    confidence: Confidence = Confidence.CONFIRMED,
) -> Item:
    """The row an offer would have in a role, for a what-if: judged by the same ladder as everything observed."""
    chosen = Dependency(
        id=DependencyId(f"{layer}/{role}/{offer.id if offer else provider.id}/{provider.id}"),
        layer=layer,
        role=role,
        domain="",
        subject=offer.id if offer else provider.id,
        attribution=Attribution(
            provider=provider.id, offer=offer.id if offer else None, confidence=confidence, signals=()
        ),
        main=main,
    )
    reached = reach(provider, offer, catalogue, as_of, rulebook.ladder)
    return expose_reached(chosen, reached, rulebook, policy, as_of)


def _climb(
    dependency: Dependency, reached: Reach, rulebook: Rulebook, as_of: str, climbed: dict[object, tuple[Nexus, ...]]
) -> tuple[Nexus, ...]:
    facts = ladder_facts(dependency, reached, as_of, rulebook.ladder)
    # Hundreds of files name the same service: what the ladder asks about them is the same.
    asked = {name for rung in rulebook.ladder.rungs for name in rung.when.names}
    key = (dependency.layer, id(reached), *((name, facts.get(name)) for name in sorted(asked)))
    if key not in climbed:
        climbed[key] = _climb_once(facts, dependency.layer, reached, rulebook)
    return climbed[key]


def _climb_once(facts: Mapping[str, FactValue], layer: Layer, reached: Reach, rulebook: Rulebook) -> tuple[Nexus, ...]:
    bound = rulebook.engine.bind(facts)
    found: list[Nexus] = []
    for rung in rulebook.ladder.rungs:
        value = rung.when.ask(bound).value
        if value is None:
            found.append(_own_country(Level.UNKNOWN, reached))
        elif value:
            if rung.countries is None:
                found.append(_own_country(rung.level, reached))
            else:
                found.extend(_from_outside(rung.level, hold) for hold in reached.holds[rung.countries])
            if rung.exclusive:
                break
    if not found:
        found.append(_own_country(rulebook.ladder.otherwise, reached))
    return _lawful(_unique(found), layer, rulebook)


def _own_country(level: Level, reached: Reach) -> Nexus:
    who = reached.provider.entity if reached.provider else ""
    country = _UNION if level in _INSIDE else _UNIDENTIFIED
    return Nexus(level=level, country=country, who=who, sourced=reached.provider is None or reached.sourced)


def _from_outside(level: Level, hold: Hold) -> Nexus:
    if is_eea(hold.country) and level not in (*_INSIDE, Level.UNKNOWN):
        raise ExposureError(f"{level} through {hold.who}: {hold.country} is inside the EEA")
    return Nexus(level=level, country=hold.country, who=hold.who, sourced=hold.sourced)


def _unique(found: list[Nexus]) -> list[Nexus]:
    """One nexus a level and country, the worst level first."""
    order = tuple(Level)
    kept: dict[tuple[Level, Country], Nexus] = {}
    for nexus in found:
        kept.setdefault((nexus.level, nexus.country), nexus)
    return sorted(kept.values(), key=lambda nexus: (-order.index(nexus.level), nexus.country))


def _lawful(nexuses: list[Nexus], layer: Layer, rulebook: Rulebook) -> tuple[Nexus, ...]:
    return tuple(replace(nexus, laws=rulebook.laws_for(nexus.country, nexus.level, layer)) for nexus in nexuses)


def _controller(dependency: Dependency, reached: Reach) -> str:
    if dependency.attribution.operator_self:
        return SELF
    # What is not identified never merges with anything: each is its own controller.
    return reached.controller or f"?{dependency.id}"
