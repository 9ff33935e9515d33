"""The migration plan: which moves to make within limits, and in which order.

The set is the one that leaves the fewest points lost; of equal ones the one done soonest, then with the fewest moves.
The order is the one under which the fewest points are lost for the fewest days: what gains most per day comes first,
unless something has to be moved before it. Both are exact: every set and every order is weighed.
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from sovscan.advise.advise import find_options
from sovscan.advise.decisions import LEAST_GAIN, Option
from sovscan.advise.purposes import EFFORTS, Purposes, load_purposes
from sovscan.advise.simulation import Simulation, simulate
from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.dependency import Dependency, DependencyId, Layer
from sovscan.model.exposure import Inventory, Item
from sovscan.model.provider import OfferId, ProviderId
from sovscan.model.score import Grade
from sovscan.rulebook.rulebook import Rulebook
from sovscan.score.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the organisation can bear; None: no such limit."""

    moves: int | None = None
    days: int | None = None
    """Calendar days of effort in all."""
    deadline: str | None = None
    """ISO date by which the last move is done, the first beginning on the day of the audit."""
    effort: str | None = None
    """Greatest effort of one move: ``S``, ``M`` or ``L``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One move of the plan, done after those before it."""

    layer: Layer
    provider: ProviderId | None
    offer: OfferId
    effort: str | None
    """None: not estimated, counted as the greatest."""
    days: int
    ends: str
    """ISO date on which it is done."""
    gain: float
    """Points of the score; none yet when it only opens the way for a later step."""
    score_after: float
    grade_after: Grade
    opens: tuple[str, ...] = ()
    """Later steps, ``layer:provider``, that have to wait for this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A move that is not in the plan."""

    layer: Layer
    provider: ProviderId | None
    reason: str
    """``effort``, ``waits`` (for a move that is left out), ``moves``, ``days``, ``deadline``, ``no-gain`` or
    ``not-weighed``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The moves in order, and what was left out."""

    limits: Limits
    begins: str
    score_before: float
    grade_before: Grade
    steps: tuple[PlanStep, ...]
    left_out: tuple[LeftOut, ...]
    """Sorted by layer and provider."""


def plan(
    dependencies: Sequence[Dependency],
    inventory: Inventory,
    limits: Limits,
    *,
    catalogue: Catalogue,
    rulebook: Rulebook,
    policy: Policy,
    as_of: str,
) -> Plan:
    """The best plan within ``limits``; each move takes its first alternative that the effort allows."""
    purposes = load_purposes()

    def options_within(effort: str | None) -> tuple[Option, ...]:
        return find_options(dependencies, inventory, catalogue, rulebook, policy, as_of, purposes, most_effort=effort)

    possible = options_within(limits.effort)
    everything = possible if limits.effort is None else options_within(None)
    today = simulate(inventory, policy)
    weighed = possible[: purposes.planned]
    ground = _Ground(weighed, everything, today, purposes, _most_days(limits, as_of), limits.moves)
    order = ground.best_order(ground.best_set())
    steps = tuple(_steps(order, ground, today, as_of))
    return Plan(
        limits=limits,
        begins=as_of,
        score_before=today.headline.value,
        grade_before=today.headline.grade,
        steps=steps,
        left_out=tuple(_left_out(everything, possible, order, ground, limits, as_of)),
    )


def _most_days(limits: Limits, as_of: str) -> int | None:
    given = [days for days in (limits.days, _until(limits.deadline, as_of)) if days is not None]
    return min(given, default=None)


def _until(deadline: str | None, as_of: str) -> int | None:
    if deadline is None:
        return None
    return max(0, (datetime.date.fromisoformat(deadline) - datetime.date.fromisoformat(as_of)).days)


class _Ground:
    """Sets of moves as bits of a number, and what each set leaves lost."""

    def __init__(  # noqa: PLR0917
        self,
        options: Sequence[Option],
        everything: Sequence[Option],
        today: Simulation,
        purposes: Purposes,
        most_days: int | None,
        most_moves: int | None,
    ) -> None:
        self.options = options
        self.days = tuple(purposes.days[effort_of(option) or EFFORTS[-1]] for option in options)
        self._most_days, self._most_moves = most_days, most_moves
        self._layers = tuple(
            (layer, sum(1 << place for place, option in enumerate(options) if option.move.layer is layer))
            for layer in today.risks
        )
        self.needs = tuple(self._needed(option, everything, purposes) for option in options)
        # cache on a method would keep every ground alive; this one dies with it.
        self._of_layer = cache(lambda layer, chosen: today.points_lost(layer, self._together(chosen)))

    def _needed(self, option: Option, everything: Sequence[Option], purposes: Purposes) -> int | None:
        """The moves that have to come first; None when one of them cannot be made at all."""
        wanted = purposes.before.get(option.move.layer, ())
        needed = 0
        for other in everything:
            if option.move.provider is None or other.move.provider != option.move.provider:
                continue
            if other.move.layer in wanted:
                place = next((n for n, one in enumerate(self.options) if _key(one) == _key(other)), None)
                if place is None:
                    return None
                needed |= 1 << place
        return needed

    def _together(self, chosen: int) -> dict[DependencyId, Item]:
        return {ident: row for place in _places(chosen) for ident, row in self.options[place].replacement.items()}

    def lost(self, chosen: int) -> float:
        """Points lost once a set of moves is made."""
        return sum(self._of_layer(layer, chosen & mask) for layer, mask in self._layers)

    def is_allowed(self, chosen: int) -> bool:
        """Whether a set keeps to the limits and has everything that has to come first."""
        return (
            (self._most_moves is None or chosen.bit_count() <= self._most_moves)
            and (self._most_days is None or self.total_days(chosen) <= self._most_days)
            and all(self.may_follow(place, chosen) for place in _places(chosen))
        )

    def may_follow(self, place: int, done: int) -> bool:
        """Whether everything that has to come before a move is in ``done``."""
        needed = self.needs[place]
        return needed is not None and needed & done == needed

    def total_days(self, chosen: int) -> int:
        """Of a set, one move after the other."""
        return sum(self.days[place] for place in _places(chosen))

    def best_set(self) -> int:
        """The allowed set that leaves least lost; of equal ones the soonest done, the smallest, the first."""
        allowed = (chosen for chosen in range(1 << len(self.options)) if self.is_allowed(chosen))
        return min(
            allowed,
            key=lambda chosen: (round(self.lost(chosen), 9), self.total_days(chosen), chosen.bit_count(), chosen),
        )

    def best_order(self, chosen: int) -> tuple[int, ...]:
        """The order of a set under which points lost times days is least; of equal ones the first found."""
        best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
        for done in _subsets(chosen):
            if done not in best:
                continue
            cost, order = best[done]
            lost = self.lost(done)
            for place in _places(chosen & ~done):
                if not self.may_follow(place, done):
                    continue
                after = done | 1 << place
                then = cost + lost * self.days[place]
                if after not in best or then < best[after][0] - LEAST_GAIN:
                    best[after] = (then, (*order, place))
        return best[chosen][1]


def effort_of(option: Option) -> str | None:
    """Of the move's first alternative; None: not estimated."""
    return option.move.alternatives[0].effort


def _steps(order: Sequence[int], ground: _Ground, today: Simulation, as_of: str) -> Iterator[PlanStep]:
    state = today
    day = datetime.date.fromisoformat(as_of)
    for position, place in enumerate(order):
        option = ground.options[place]
        before = state.headline.value
        state = state.replaced(option.move.layer, option.replacement)
        day += datetime.timedelta(days=ground.days[place])
        yield PlanStep(
            layer=option.move.layer,
            provider=option.move.provider,
            offer=option.move.alternatives[0].offer,
            effort=effort_of(option),
            days=ground.days[place],
            ends=day.isoformat(),
            gain=state.headline.value - before,
            score_after=state.headline.value,
            grade_after=state.headline.grade,
            opens=tuple(
                ":".join(map(str, _key(ground.options[later])))
                for later in order[position + 1 :]
                if (ground.needs[later] or 0) >> place & 1
            ),
        )


def _left_out(  # noqa: PLR0917
    everything: Sequence[Option],
    possible: Sequence[Option],
    order: Sequence[int],
    ground: _Ground,
    limits: Limits,
    as_of: str,
) -> Iterator[LeftOut]:
    chosen = sum(1 << place for place in order)
    allowed = {_key(option) for option in possible}
    places = {_key(option): place for place, option in enumerate(ground.options)}
    for option in sorted(everything, key=_key):
        key = _key(option)
        place = places.get(key)
        if place is not None and chosen >> place & 1:
            continue
        if key not in allowed:
            reason = "effort"
        elif place is None:
            reason = "not-weighed"
        else:
            reason = _why_not(place, chosen, ground, limits, as_of)
        yield LeftOut(layer=option.move.layer, provider=option.move.provider, reason=reason)


def _why_not(place: int, chosen: int, ground: _Ground, limits: Limits, as_of: str) -> str:
    both = chosen | 1 << place
    until = _until(limits.deadline, as_of)
    if not ground.may_follow(place, chosen):
        return "waits"
    if limits.moves is not None and both.bit_count() > limits.moves:
        return "moves"
    if limits.days is not None and ground.total_days(both) > limits.days:
        return "days"
    if until is not None and ground.total_days(both) > until:
        return "deadline"
    return "no-gain"


def _key(option: Option) -> tuple[str, str]:
    return option.move.layer.value, option.move.provider or ""


def _places(chosen: int) -> Iterator[int]:
    while chosen:
        lowest = chosen & -chosen
        yield lowest.bit_length() - 1
        chosen ^= lowest


def _subsets(chosen: int) -> Iterator[int]:
    """Every subset, smaller numbers first: a set comes after all sets it contains."""
    subset = 0
    while True:
        yield subset
        if subset == chosen:
            return
        subset = (subset - chosen) & chosen
