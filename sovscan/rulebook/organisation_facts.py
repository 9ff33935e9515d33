"""Values of the facts about the organisation as a whole, each with the dependencies it rests on."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sovscan.model.dependency import Layer
from sovscan.model.evidence import Evidence, ObservationId
from sovscan.model.exposure import Level
from sovscan.model.score import Score
from sovscan.rulebook.cel import FactValue
from sovscan.rulebook.judged import Basis, Judged, Whole

CRITICAL = (Layer.MAIL_IN, Layer.IDENTITY, Layer.HOSTING)
"""The layers whose loss stops everything else (METHOD 5.1)."""
_HAND = (Layer.MAIL_IN, Layer.DNS, Layer.REGISTRY)
_HOLD = (Level.DIRECT, Level.PARENT, Level.HOSTED_ON)
_CONTROL = (Level.DIRECT, Level.PARENT)


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
    _concentration(notes, judged)
    _same_hand(notes, judged, failed)
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


def _concentration(notes: _Notes, judged: Sequence[Judged]) -> None:
    lost = sum(each.points for each in judged)
    american = [each for each in judged if _holds(each, _CONTROL, "US")]
    share = sum(each.points for each in american) / lost if lost else 0.0
    notes.put("organisation.us_controllers_share", round(share, 6), american)
    by_controller: dict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        if each.points > 0 and each.facts["dependency.identified"] is True:
            by_controller[each.item.controller].append(each)
    largest = min(by_controller, key=lambda name: (-sum(each.points for each in by_controller[name]), name), default="")
    held = [each for each in judged if largest and each.item.controller == largest]
    points = sum(each.points for each in held)
    notes.put("organisation.largest_controller", largest or None, held)
    notes.put("organisation.largest_controller_share", round(points / lost, 6) if lost else 0.0, held)
    notes.put("organisation.largest_controller_layers", len({each.item.layer for each in held}), held)
    notes.put("organisation.largest_controller_foreign", any(_holds(each, _CONTROL) for each in held), held)


def _same_hand(notes: _Notes, judged: Sequence[Judged], failed: Sequence[Layer]) -> None:
    def of(*layers: Layer) -> list[Judged]:
        return [each for each in judged if each.item.layer in layers]

    def settled(found: bool, *layers: Layer) -> bool | None:
        """A finding stands; its absence only where the layers were seen and every operator is known."""
        open_layers = any(layer in failed for layer in layers)
        return True if found else None if open_layers or any(_open(each) for each in of(*layers)) else False

    mail = {each.item.controller for each in of(Layer.MAIL_IN) if _holds(each, _CONTROL)}
    shared = mail & {each.item.controller for each in of(Layer.IDENTITY)}
    both = [each for each in of(Layer.MAIL_IN, Layer.IDENTITY) if each.item.controller in shared]
    name = "organisation.same_controller_mail_identity"
    notes.put(name, settled(bool(both), Layer.MAIL_IN, Layer.IDENTITY), both or of(Layer.MAIL_IN, Layer.IDENTITY))

    hands = [_countries(of(layer)) for layer in _HAND]
    one_hand = bool(set.intersection(*hands))
    notes.put("organisation.fallback_under_one_hand", settled(one_hand, *_HAND), of(*_HAND))

    tenants = [each for each in of(Layer.IDENTITY) if each.dependency.role == "tenant" and _holds(each, _CONTROL)]
    boxes = [each for each in of(Layer.MAIL_IN) if each.dependency.role == "mailbox"]
    apart = [each for each in tenants if boxes and each.item.controller not in {box.item.controller for box in boxes}]
    open_boxes = any(_open(box) for box in boxes)
    name = "organisation.tenant_without_mailbox"
    if apart and open_boxes:
        notes.put(name, None, (*apart, *boxes))
    else:
        notes.put(name, settled(bool(apart), Layer.MAIL_IN, Layer.IDENTITY), (*apart, *boxes))

    critical = [each for each in of(*CRITICAL) if _holds(each, _HOLD)]
    layers = tuple(layer.value for layer in CRITICAL if any(each.item.layer is layer for each in critical))
    unsettled = any(layer in failed or any(_open(each) for each in of(layer)) for layer in CRITICAL
                    if layer.value not in layers)  # fmt: skip
    notes.put("organisation.critical_foreign_layers", None if unsettled and not layers else layers,
              critical or of(*CRITICAL))  # fmt: skip


def _holds(judged: Judged, levels: Sequence[Level], country: str | None = None) -> bool:
    return any(nexus.level in levels and (country is None or nexus.country == country) for nexus in judged.item.nexuses)


def _open(judged: Judged) -> bool:
    return any(nexus.level is Level.UNKNOWN for nexus in judged.item.nexuses)


def _countries(layer: Sequence[Judged]) -> set[str]:
    """Countries that hold every dependency of a layer: no other one is a fallback."""
    held = [{nexus.country for nexus in each.item.nexuses if nexus.level in _HOLD} for each in layer]
    return {str(country) for country in set.intersection(*held)} if held else set()
