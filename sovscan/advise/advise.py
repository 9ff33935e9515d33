"""What to do first: offers that would raise the score in the same role, and three decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sovscan.advise.decisions import LEAST_GAIN, Option, decide
from sovscan.advise.offers import Market
from sovscan.advise.purposes import EFFORTS, Purposes, load_purposes
from sovscan.advise.simulation import Replacement, Simulation, simulate
from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.control import controller, is_eea, is_sourced
from sovscan.catalogue.qualification import valid_schemes, why_not
from sovscan.model.audit import Advice, Alternative, Move
from sovscan.model.dependency import Confidence, Dependency, DependencyId, Layer
from sovscan.model.exposure import Inventory, Item, Level
from sovscan.model.provider import Offer, OfferId, Provider, ProviderId
from sovscan.rulebook.rulebook import Rulebook
from sovscan.score.grade import Headline
from sovscan.score.policy import Policy

FRANCE = "FR"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """An offer in the place of some dependencies."""

    provider: Provider
    offer: Offer
    replacement: Replacement
    effort: str | None
    """Of the heaviest role it takes over, unless the offer says better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Dependencies of one layer and provider."""

    layer: Layer
    provider: ProviderId | None
    dependencies: tuple[Dependency, ...]


def advise(  # noqa: PLR0917
    dependencies: Sequence[Dependency],
    inventory: Inventory,
    catalogue: Catalogue,
    rulebook: Rulebook,
    policy: Policy,
    as_of: str,
) -> Advice:
    """A move for each layer and provider that something could replace, and the three decisions that gain most.

    Alternatives stand in the printed order: controlled in France, elsewhere in the EU/EEA, others; within each by
    gain, then name. Each is simulated alone on today's inventory, and kept only when it raises the score. Where none
    does because another provider of the layer hides the gain, it is simulated once that one is replaced, and the move
    says so. Decisions take the first alternative of each move.
    """
    purposes = load_purposes()
    options = find_options(dependencies, inventory, catalogue, rulebook, policy, as_of, purposes)
    return Advice(
        moves=tuple(option.move for option in options),
        decisions=decide(options, simulate(inventory, policy), at_most=purposes.decisions, weighed=purposes.weighed),
    )


def find_options(  # noqa: PLR0917
    dependencies: Sequence[Dependency],
    inventory: Inventory,
    catalogue: Catalogue,
    rulebook: Rulebook,
    policy: Policy,
    as_of: str,
    purposes: Purposes,
    *,
    most_effort: str | None = None,
) -> tuple[Option, ...]:
    """Every move, the largest gain first, with the rows of its first alternative.

    ``most_effort``: alternatives of a greater effort, or of one not estimated, are left out; None: none is.
    """
    market = Market(dependencies, catalogue, rulebook, policy, as_of, purposes)
    today = simulate(inventory, policy)
    known = {item.id: item for item in inventory.items}
    options: list[Option] = []
    blocked: list[tuple[_Group, tuple[_Choice, ...]]] = []
    for group in _groups(dependencies, known, policy):
        choices = tuple(choice for choice in _choices(group, market, purposes) if _within(choice, most_effort))
        if not choices:
            continue
        option = _option(group, choices, today, (), known=known, catalogue=catalogue, rulebook=rulebook, as_of=as_of)
        if option is not None:
            options.append(option)
        else:
            blocked.append((group, choices))
    counting = tuple(options)
    for group, choices in blocked:
        first = [option for option in counting if option.move.layer is group.layer]
        state = today
        for option in first:
            state = state.replaced(group.layer, option.replacement)
        after = tuple(option.move.provider for option in first if option.move.provider is not None)
        found = first and _option(
            group, choices, state, after, known=known, catalogue=catalogue, rulebook=rulebook, as_of=as_of
        )
        if found:
            options.append(found)
    return tuple(sorted(options, key=lambda option: _by_gain(option.move)))


def _within(choice: _Choice, most_effort: str | None) -> bool:
    return most_effort is None or (
        choice.effort is not None and EFFORTS.index(choice.effort) <= EFFORTS.index(most_effort)
    )


def _option(
    group: _Group,
    choices: tuple[_Choice, ...],
    state: Simulation,
    after: tuple[ProviderId, ...],
    *,
    known: Mapping[DependencyId, Item],
    catalogue: Catalogue,
    rulebook: Rulebook,
    as_of: str,
) -> Option | None:
    """The move with every alternative that raises the score of ``state``; None when none does.

    It must still do so were today's provider beyond doubt: what more certainty alone would gain is no reason to move,
    nor is what is not known of its ownership.
    """
    before = state.headline.value
    found: list[Alternative] = []
    # Most choices stand in the place of the same dependencies: what more certainty gains there is worked out once.
    certain: dict[frozenset[DependencyId], float] = {}
    for choice in choices:
        changed = state.replaced(group.layer, choice.replacement)
        then, replaced = changed.headline, frozenset(choice.replacement)
        if then.value - before <= LEAST_GAIN:
            continue
        if replaced not in certain:
            certain[replaced] = state.points_lost(group.layer, {ident: _certain(known[ident]) for ident in replaced})
        if certain[replaced] - changed.points_lost(group.layer) > LEAST_GAIN:
            found.append(
                _alternative(choice, then, then.value - before, catalogue=catalogue, rulebook=rulebook, as_of=as_of)
            )
    if not found:
        return None
    found.sort(key=_in_printed_order)
    move = Move(
        layer=group.layer,
        provider=group.provider,
        dependencies=tuple(dependency.id for dependency in group.dependencies),
        alternatives=tuple(found),
        after=after,
    )
    return Option(
        move=move, replacement=next(choice.replacement for choice in choices if choice.offer.id == found[0].offer)
    )


def _certain(item: Item) -> Item:
    """The row were its provider beyond doubt, whatever is not known of it in its favour."""
    known = tuple(nexus for nexus in item.nexuses if nexus.level is not Level.UNKNOWN)
    return replace(item, nexuses=known or item.nexuses, confidence=Confidence.CONFIRMED)


def _is_open(item: Item) -> bool:
    """Whether all that is held against a row is that something is not known: a question to ask, no ground to leave."""
    levels = {nexus.level for nexus in item.nexuses}
    return Level.UNKNOWN in levels and levels <= {Level.UNKNOWN, Level.NONE, Level.IMMUNE}


def _by_gain(move: Move) -> tuple[float, str, str]:
    return -move.alternatives[0].gain, move.layer.value, move.provider or ""


def _groups(
    dependencies: Sequence[Dependency], known: Mapping[DependencyId, Item], policy: Policy
) -> tuple[_Group, ...]:
    """Dependencies that stand or fall together: one layer and provider, or one layer and host when self-run.

    What nobody could identify, or whose ownership has no source, is to be settled first, not replaced.
    """
    groups: dict[tuple[Layer, ProviderId | None, ProviderId | None], list[Dependency]] = {}
    for dependency in sorted(dependencies, key=lambda each: each.id):
        provider = dependency.attribution.provider
        host = dependency.host.provider if dependency.host and dependency.attribution.operator_self else None
        row = known.get(dependency.id)
        if dependency.layer in policy.layers and row is not None and not _is_open(row) and (provider or host):
            groups.setdefault((dependency.layer, provider, None if provider else host), []).append(dependency)
    return tuple(
        _Group(layer=layer, provider=provider, dependencies=tuple(group))
        for (layer, provider, _), group in sorted(groups.items(), key=lambda entry: tuple(map(str, entry[0])))
    )


def _choices(group: _Group, market: Market, purposes: Purposes) -> tuple[_Choice, ...]:
    """Each candidate in the place of all dependencies of the group that it can serve, sorted by offer."""
    offered: dict[OfferId, tuple[Provider, Offer]] = {}
    served: dict[OfferId, dict[DependencyId, Item]] = {}
    for dependency in group.dependencies:
        for ident, (provider, offer) in market.candidates(dependency).items():
            offered[ident] = (provider, offer)
            served.setdefault(ident, {})[dependency.id] = market.in_place_of(dependency, provider, offer)
    return tuple(
        _Choice(
            provider=provider,
            offer=offer,
            replacement=served[ident],
            effort=offer.effort
            or purposes.heaviest(
                f"{each.layer}.{each.role}" for each in group.dependencies if each.id in served[ident]
            ),
        )
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
        effort=choice.effort,
        licence=offer.licence,
        hosts=tuple(_name(ident, catalogue) for ident in offer.hosts),
        qualification=_qualification(offer, rulebook, as_of),
        caution=offer.caution or provider.caution,
        sourced=is_sourced(provider, catalogue, as_of),
        host_known=offer.host_known,
        self_run=offer.software,
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
