"""Values of the facts about the organisation as a whole, each with the dependencies it rests on."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from sovscan.model.dependency import Layer
from sovscan.model.evidence import Evidence, ObservationId
from sovscan.model.exposure import Level
from sovscan.model.score import Score
from sovscan.rulebook.cel import FactValue
from sovscan.rulebook.context_facts import context_facts
from sovscan.rulebook.facts import CONTROL, HOLD
from sovscan.rulebook.judged import Basis, Judged, Whole
from sovscan.rulebook.layers import CRITICAL, DATA

_BOUGHT = (*CRITICAL, Layer.SAAS)
_HAND = (Layer.MAIL_IN, Layer.DNS, Layer.REGISTRY)


def organisation_facts(evidence: Evidence, judged: Sequence[Judged], score: Score) -> Whole:
    """The facts of the organisation; those that a failed layer leaves open are left out unless already settled."""
    notes = _Notes()
    failed = tuple(sorted(layer.layer for layer in score.layers if layer.failed))
    holes = [seen.id for seen in evidence.observations if not seen.outcome.is_fact]
    notes.put("organisation.dependencies", len(judged))
    notes.put("organisation.coverage", score.coverage, holes=holes)
    notes.put("organisation.layers_failed", tuple(layer.value for layer in failed), holes=holes)
    unidentified = [each for each in judged if each.facts["dependency.identified"] is False]
    notes.put("organisation.unidentified", len(unidentified), unidentified)
    disputed = [each for each in judged if each.facts["dependency.contradicted"] is True]
    notes.put("organisation.contradictions", len(disputed), disputed)
    notes.put("organisation.fully_observed", None if failed else True, holes=holes)
    _concentration(notes, judged, score, len(failed))
    _same_hand(notes, judged, failed)
    _data(notes, judged, failed)
    context, said = context_facts(evidence.observations)
    for name in ("context.declared", "context.sector", "context.obligations", "context.sensitive_data"):
        notes.put(name, context.get(name), holes=[seen.id for seen in said])
    return Whole(
        location=evidence.organisation,
        facts=notes.values,
        bases=notes.bases,
        otherwise=tuple(sorted({*holes, *(seen.id for seen in evidence.observations)}))[:1],
    )


class _Notes:
    def __init__(self) -> None:
        self.values: dict[str, FactValue] = {}
        self.bases: dict[str, Basis] = {}

    def put(
        self,
        name: str,
        value: FactValue | None,
        behind: Iterable[Judged] = (),
        *,
        holes: Iterable[ObservationId] = (),
    ) -> None:
        self.bases[name] = Basis(observations=tuple(sorted(set(holes))), dependencies=tuple(behind))
        if value is not None:
            self.values[name] = value


def _concentration(notes: _Notes, judged: Sequence[Judged], score: Score, layers_failed: int) -> None:
    unread = sum(term.access + term.cutoff for term in score.terms if term.source == "failed")
    lost = sum(each.points for each in judged) + unread
    american = [each for each in judged if _holds(each, CONTROL, "US")]
    share = sum(each.points for each in american)
    notes.put("organisation.us_controllers_share", _part(share, lost), _leading(american))
    notes.put("organisation.us_controllers_share_limit", _part(share + unread, lost), _leading(american))
    by_controller: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        if each.points > 0 and each.facts["dependency.identified"] is True:
            by_controller[each.item.controller].append(each)
    largest = min(by_controller, key=lambda name: (-sum(each.points for each in by_controller[name]), name), default="")
    held = [each for each in judged if largest and each.item.controller == largest]
    points = sum(each.points for each in held)
    behind = _leading(held)
    notes.put("organisation.largest_controller", largest or None, behind)
    notes.put("organisation.largest_controller_share", _part(points, lost), behind)
    outside = [own for own in by_controller.values() if any(_holds(each, CONTROL) for each in own)]
    most = max((sum(each.points for each in own) for own in outside), default=0.0)
    layers = max((len({each.item.layer for each in own}) for own in outside), default=0)
    notes.put("organisation.controller_share_limit", _part(most + unread, lost), behind)
    notes.put("organisation.controller_layers_limit", layers + layers_failed, behind)
    notes.put("organisation.largest_controller_layers", len({each.item.layer for each in held}), behind)
    notes.put("organisation.largest_controller_foreign", any(_holds(each, CONTROL) for each in held), behind)


def _part(points: float, lost: float) -> float:
    return round(points / lost, 6) if lost else 0.0


def _same_hand(notes: _Notes, judged: Sequence[Judged], failed: Sequence[Layer]) -> None:
    def of(*layers: Layer) -> list[Judged]:
        return [each for each in judged if each.item.layer in layers]

    def free(layer: Layer, levels: Sequence[Level]) -> bool:
        """Whether nobody outside holds anything in a layer, for certain."""
        return layer not in failed and not any(_open(each) or _holds(each, levels) for each in of(layer))

    mail = {each.item.controller for each in of(Layer.MAIL_IN) if _holds(each, CONTROL)}
    shared = mail & {each.item.controller for each in of(Layer.IDENTITY)}
    both = [each for each in of(Layer.MAIL_IN, Layer.IDENTITY) if each.item.controller in shared]
    pair = (Layer.MAIL_IN, Layer.IDENTITY)
    closed = any(free(layer, CONTROL) for layer in pair) or not _any_open(pair, of, failed)
    notes.put("organisation.same_controller_mail_identity", _answer(bool(both), closed), _leading(both) or of(*pair))

    hands = [_countries(of(layer)) for layer in _HAND]
    one_hand = bool(set.intersection(*hands))
    # Every name has a registry: none seen is one not known, never a fallback.
    open_layers = [layer for layer in _HAND if layer in failed or (layer is Layer.REGISTRY and not of(layer))]
    free_layers = [layer for layer in _HAND if _has_fallback(of(layer), layer in open_layers)]
    closed = bool(free_layers) or not _any_open(_HAND, of, open_layers)
    notes.put("organisation.fallback_under_one_hand", _answer(one_hand, closed), of(*_HAND))

    tenants = [each for each in of(Layer.IDENTITY) if each.dependency.role == "tenant" and _holds(each, CONTROL)]
    boxes = [each for each in of(Layer.MAIL_IN) if each.dependency.role == "mailbox"]
    elsewhere = [each for each in tenants if each.item.controller not in {box.item.controller for box in boxes}]
    unseen = Layer.MAIL_IN in failed or any(_open(box) for box in boxes)
    found = bool(elsewhere) and not unseen
    closed = not elsewhere and Layer.IDENTITY not in failed and not any(_open(each) for each in of(Layer.IDENTITY))
    notes.put("organisation.tenant_without_mailbox", _answer(found, closed), (*_leading(elsewhere), *boxes))

    critical = [each for each in of(*CRITICAL) if _holds(each, HOLD)]
    held = {each.item.layer for each in critical}
    perhaps = {layer for layer in CRITICAL if layer in failed or any(_open(each) for each in of(layer))}
    several = _answer(len(held) >= 2, len(held | perhaps) < 2)
    notes.put("organisation.several_critical_foreign", several, _leading(critical) or of(*CRITICAL))


def _data(notes: _Notes, judged: Sequence[Judged], failed: Sequence[Layer]) -> None:
    """Whether data stand under a hold from outside, or on a service without the qualification that excludes one."""
    carriers = [each for each in judged if each.item.layer in DATA]
    held = [each for each in carriers if _holds(each, HOLD)]
    closed = not set(DATA) & set(failed) and not any(_open(each) for each in carriers)
    notes.put("organisation.data_layers_held", _answer(bool(held), closed), _leading(held) or carriers)
    bought = [each for each in carriers if each.item.layer in _BOUGHT and not each.dependency.attribution.operator_self]
    bare = [each for each in bought if not _open(each) and not _has(each, Level.IMMUNE)]
    closed = not set(_BOUGHT) & set(failed) and not any(_open(each) for each in bought)
    notes.put("organisation.unqualified_services", _answer(bool(bare), closed), _leading(bare) or bought or carriers)


def _has(judged: Judged, level: Level) -> bool:
    return any(nexus.level is level for nexus in judged.item.nexuses)


def _answer(found: bool, closed: bool) -> bool | None:
    """A finding stands; its absence only where nothing is left open."""
    return True if found else False if closed else None


def _any_open(layers: Sequence[Layer], of: Callable[[Layer], list[Judged]], failed: Sequence[Layer]) -> bool:
    return any(layer in failed or any(_open(each) for each in of(layer)) for layer in layers)


def _has_fallback(layer: Sequence[Judged], failed: bool) -> bool:
    """Whether something in a layer is known to be held by nobody outside, or the layer is known to be empty."""
    return any(not _open(each) and not _holds(each, HOLD) for each in layer) or (not layer and not failed)


def _leading(dependencies: Iterable[Judged]) -> tuple[Judged, ...]:
    """The surest dependency of each layer: one good one is enough to carry a statement about its layer."""
    best: dict[Layer, Judged] = {}
    for each in sorted(dependencies, key=lambda one: (-one.item.confidence.rank, -one.points, one.item.id)):
        best.setdefault(each.item.layer, each)
    return tuple(best[layer] for layer in sorted(best))


def _holds(judged: Judged, levels: Sequence[Level], country: str | None = None) -> bool:
    return any(nexus.level in levels and (country is None or nexus.country == country) for nexus in judged.item.nexuses)


def _open(judged: Judged) -> bool:
    return any(nexus.level is Level.UNKNOWN for nexus in judged.item.nexuses)


def _countries(layer: Sequence[Judged]) -> set[str]:
    """Countries that hold every dependency of a layer: no other one is a fallback."""
    held = [{nexus.country for nexus in each.item.nexuses if nexus.level in HOLD} for each in layer]
    return {str(country) for country in set.intersection(*held)} if held else set()
