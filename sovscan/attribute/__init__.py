"""Who is behind each service: evidence and catalogue in, dependencies out; pure."""

from collections.abc import Callable
from dataclasses import replace

from sovscan.attribute import (
    ca,
    cdn,
    dns,
    endpoints,
    hosting,
    identity,
    mail,
    mail_out,
    registry,
    repository,
    saas,
    web,
)
from sovscan.attribute.carriers import FLAG as CARRIER_FLAG
from sovscan.attribute.carriers import rests_on_a_carrier
from sovscan.attribute.declared import with_declarations
from sovscan.attribute.open_questions import DISPUTED, settled
from sovscan.attribute.statement import ordered
from sovscan.attribute.view import View
from sovscan.attribute.weighing import Weighing, load_weighing, lowered
from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.dependency import Dependency
from sovscan.model.evidence import Evidence, ObservationId

LayerAttribution = Callable[[View, Catalogue], tuple[Dependency, ...]]

LAYERS: tuple[LayerAttribution, ...] = (
    mail.LAYER_ATTRIBUTION,
    identity.LAYER_ATTRIBUTION,
    hosting.LAYER_ATTRIBUTION,
    cdn.LAYER_ATTRIBUTION,
    saas.LAYER_ATTRIBUTION,
    web.LAYER_ATTRIBUTION,
    mail_out.LAYER_ATTRIBUTION,
    dns.LAYER_ATTRIBUTION,
    registry.LAYER_ATTRIBUTION,
    ca.LAYER_ATTRIBUTION,
    endpoints.LAYER_ATTRIBUTION,
    repository.LAYER_ATTRIBUTION,
)


def attribute(
    evidence: Evidence, catalogue: Catalogue, as_of: str, *, weighing: Weighing | None = None
) -> tuple[Dependency, ...]:
    """Every dependency in evidence, sorted by layer, id; each with at least one signal that names its observations.

    ``as_of`` is the ISO date at which facts of the catalogue are read.
    """
    view = View(evidence, as_of, weighing if weighing is not None else load_weighing())
    found: dict[str, Dependency] = {}
    for layer in LAYERS:
        for dependency in layer(view, catalogue):
            known = found.get(dependency.id)
            found[dependency.id] = dependency if known is None else _joined(known, dependency)
    disputed = view.disputed()
    stated = with_declarations(found.values(), view, catalogue)
    doubted = tuple(_doubted(_on_a_line(each, catalogue, as_of), disputed) for each in stated)
    return settled(doubted, catalogue)


def _on_a_line(dependency: Dependency, catalogue: Catalogue, as_of: str) -> Dependency:
    """Marked when only a carrier's network is seen under it."""
    if not rests_on_a_carrier(dependency, catalogue, as_of):
        return dependency
    return replace(dependency, flags=tuple(sorted({*dependency.flags, CARRIER_FLAG})))


def _doubted(dependency: Dependency, disputed: frozenset[ObservationId]) -> Dependency:
    """A step less sure when resolvers disagree on what it rests on."""
    attributed = dependency.attribution
    if not any(disputed.intersection(signal.observations) for signal in attributed.signals):
        return dependency
    return replace(
        dependency,
        attribution=replace(attributed, confidence=lowered(attributed.confidence)),
        flags=tuple(sorted({*dependency.flags, DISPUTED})),
    )


def _joined(first: Dependency, second: Dependency) -> Dependency:
    """The same dependency found twice: signals of both, the surer of the two leads."""
    lead = max((first, second), key=lambda each: (each.attribution.confidence.rank, each.main))
    signals = ordered((*first.attribution.signals, *second.attribution.signals))
    return replace(
        lead,
        attribution=replace(lead.attribution, signals=signals),
        flags=tuple(sorted({*first.flags, *second.flags})),
        main=first.main or second.main,
    )
