"""What to do first: offers that would raise the score in the same role, and three decisions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sovscan.advise.offers import Market
from sovscan.advise.simulation import Replacement, Simulation
from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.control import controller, is_eea
from sovscan.catalogue.qualification import valid_schemes, why_not
from sovscan.model.audit import Advice, Alternative, Move, Step
from sovscan.model.dependency import Dependency, DependencyId, Layer
from sovscan.model.exposure import Inventory, Item
from sovscan.model.provider import Offer, OfferId, Provider, ProviderId
from sovscan.model.score import Score
from sovscan.rulebook.rulebook import Rulebook
from sovscan.score.grade import Headline
from sovscan.score.policy import Policy

DECISIONS = 3
FRANCE = "FR"
_LEAST_GAIN = 1e-9
"""Rounding noise is no gain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """An offer in the place of some dependencies."""

    provider: Provider
    offer: Offer
    replacement: Replacement


def advise(  # noqa: PLR0917
    dependencies: Sequence[Dependency],
    inventory: Inventory,
    score: Score,
    catalogue: Catalogue,
    rulebook: Rulebook,
    policy: Policy,
    as_of: str,
) -> Advice:
    """A move for each layer and provider that something could replace, and the best three taken one after the other.

    Alternatives stand in the printed order: controlled in France, elsewhere in the EU/EEA, others; within each by
    gain, then name. Each is simulated alone on today's inventory, and kept only when it raises the score. A decision
    is the move that gains most, with the first of its alternatives that still raises the score once the decisions
    before it are done.
    """
    market = Market(dependencies, catalogue, rulebook, policy, as_of)
    simulation = Simulation(inventory, policy)
    known = {item.id: item for item in inventory.items}
    moves: list[tuple[Move, dict[OfferId, Replacement]]] = []
    for layer, provider, group in _groups(dependencies, known, policy):
        choices = _choices(group, market)
        found = [
            _alternative(choice, after, after.value - score.value, catalogue=catalogue, rulebook=rulebook, as_of=as_of)
            for choice in choices
            if (after := simulation.after(layer, choice.replacement)).value - score.value > _LEAST_GAIN
        ]
        if found:
            found.sort(key=_in_printed_order)
            move = Move(
                layer=layer,
                provider=provider,
                dependencies=tuple(dependency.id for dependency in group),
                alternatives=tuple(found),
            )
            moves.append((move, {choice.offer.id: choice.replacement for choice in choices}))
    moves.sort(key=lambda pair: (-pair[0].alternatives[0].gain, pair[0].layer, pair[0].provider or ""))
    return Advice(moves=tuple(move for move, _ in moves), decisions=_decisions(moves, simulation))


def _groups(
    dependencies: Sequence[Dependency], known: dict[DependencyId, Item], policy: Policy
) -> Iterator[tuple[Layer, ProviderId | None, tuple[Dependency, ...]]]:
    """Dependencies that stand or fall together: one layer and provider, or one layer and host when self-run.

    What nobody could identify is to be settled first, not replaced.
    """
    groups: dict[tuple[Layer, ProviderId | None, ProviderId | None], list[Dependency]] = {}
    for dependency in dependencies:
        provider = dependency.attribution.provider
        host = dependency.host.provider if dependency.host and dependency.attribution.operator_self else None
        if dependency.layer in policy.layers and dependency.id in known and (provider or host):
            groups.setdefault((dependency.layer, provider, None if provider else host), []).append(dependency)
    for (layer, provider, _), group in sorted(groups.items(), key=lambda entry: tuple(map(str, entry[0]))):
        yield layer, provider, tuple(sorted(group, key=lambda dependency: dependency.id))


def _choices(group: tuple[Dependency, ...], market: Market) -> tuple[_Choice, ...]:
    """Each candidate in the place of all dependencies of the group that it can serve, sorted by offer."""
    offered: dict[OfferId, tuple[Provider, Offer]] = {}
    served: dict[OfferId, dict[DependencyId, Item]] = {}
    for dependency in group:
        for ident, (provider, offer) in market.candidates(dependency).items():
            offered[ident] = (provider, offer)
            served.setdefault(ident, {})[dependency.id] = market.in_place_of(dependency, provider, offer)
    return tuple(
        _Choice(provider=provider, offer=offer, replacement=served[ident])
        for ident, (provider, offer) in sorted(offered.items())
    )


def _alternative(
    choice: _Choice, after: Headline, gain: float, *, catalogue: Catalogue, rulebook: Rulebook, as_of: str
) -> Alternative:
    provider, offer = choice.provider, choice.offer
    # Every row it would take is judged alike; the heaviest one speaks for it.
    row = max(choice.replacement.values(), key=lambda item: (item.weight, item.id))
    order = list(type(row.nexuses[0].level))
    worst = max(row.nexuses, key=lambda nexus: order.index(nexus.level))
    return Alternative(
        offer=offer.id,
        name=offer.name,
        provider=provider.id,
        provider_name=provider.name,
        country=controller(provider, catalogue, as_of)[1],
        level=worst.level,
        nexuses=row.nexuses,
        score_after=after.value,
        gain=gain,
        grade_after=after.grade,
        effort=offer.effort,
        licence=offer.licence,
        hosts=tuple(_name(ident, catalogue) for ident in offer.hosts),
        qualification=_qualification(offer, rulebook, as_of),
        caution=offer.caution or provider.caution,
    )


def _in_printed_order(alternative: Alternative) -> tuple[int, float, str, str]:
    place = 0 if alternative.country == FRANCE else 1 if is_eea(alternative.country) else 2
    return place, -alternative.gain, alternative.name, alternative.offer


def _name(ident: str, catalogue: Catalogue) -> str:
    found = catalogue.offers.get(OfferId(ident))
    provider = found[0] if found else catalogue.providers.get(ProviderId(ident))
    return provider.name if provider else ident


def _qualification(offer: Offer, rulebook: Rulebook, as_of: str) -> str | None:
    """Scheme and last day of the certification that counts; one that tests immunity first."""
    schemes = sorted(valid_schemes(offer, as_of), key=lambda scheme: (scheme not in rulebook.ladder.immunity, scheme))
    for scheme in schemes:
        ends = [
            held.valid_to
            for held in offer.certifications
            if held.scheme == scheme and held.valid_to is not None and why_not(held, as_of) is None
        ]
        if ends:
            return f"{scheme}, {max(ends)}"
    return None


def _decisions(moves: list[tuple[Move, dict[OfferId, Replacement]]], simulation: Simulation) -> tuple[Step, ...]:
    steps: list[Step] = []
    left = list(moves)
    while left and len(steps) < DECISIONS:
        open_moves = [
            (after.value - simulation.headline.value, move, alternative, replacements[alternative.offer], after)
            for move, replacements in left
            if (chosen := _first_that_gains(move, replacements, simulation)) is not None
            for alternative, after in (chosen,)
        ]
        if not open_moves:
            break
        # ``left`` is sorted, and max keeps the first among equals.
        gain, move, alternative, replacement, after = max(open_moves, key=lambda entry: entry[0])
        simulation.replace(move.layer, replacement)
        left = [pair for pair in left if pair[0] is not move]
        steps.append(
            Step(
                layer=move.layer,
                provider=move.provider,
                offer=alternative.offer,
                gain=gain,
                score_after=after.value,
                grade_after=after.grade,
                effort=alternative.effort,
                layer_points_after=simulation.points_lost(),
            )
        )
    return tuple(steps)


def _first_that_gains(
    move: Move, replacements: dict[OfferId, Replacement], simulation: Simulation
) -> tuple[Alternative, Headline] | None:
    for alternative in move.alternatives:
        after = simulation.after(move.layer, replacements[alternative.offer])
        if after.value - simulation.headline.value > _LEAST_GAIN:
            return alternative, after
    return None
