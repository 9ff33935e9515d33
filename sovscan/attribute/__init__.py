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
    settle,
    web,
)
from sovscan.attribute.declared import with_declarations
from sovscan.attribute.statement import ordered
from sovscan.attribute.view import View
from sovscan.attribute.weighing import Weighing, load_weighing, lowered
from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.dependency import Confidence, Dependency
from sovscan.model.evidence import Evidence, ObservationId
from sovscan.model.provider import ProviderId

DISPUTED, DECLARED = "disputed", "declared"
"""Flags: resolvers disagree on what it rests on; it was declared."""
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
    return tuple(_settling(_doubted(each, disputed), catalogue) for each in stated)


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


def _settling(dependency: Dependency, catalogue: Catalogue) -> Dependency:
    """With what would decide it, wherever it is weak, disputed or read in two ways and its layer says nothing."""
    attributed = dependency.attribution
    other = attributed.runner_up
    if attributed.settle is not None:
        return dependency
    if other is not None and attributed.confidence is not Confidence.CONFIRMED:
        seconds = other.signals[0].value if other.provider is None else _name(other.provider, catalogue)
        question = settle.two_readings(
            dependency.domain, _name(attributed.provider, catalogue) or dependency.subject, seconds
        )
    elif DISPUTED in dependency.flags:
        question = settle.ask_again((dependency.subject,))
    elif attributed.confidence is not Confidence.WEAK:
        return dependency
    elif attributed.provider is None:
        question = settle.operator_of(dependency.subject)
    elif dependency.location is not None:
        question = settle.in_code(_name(attributed.provider, catalogue))
    elif DECLARED in dependency.flags:
        question = settle.proof_of(_name(attributed.provider, catalogue))
    else:
        question = settle.still_in_use(_name(attributed.provider, catalogue))
    return replace(dependency, attribution=replace(attributed, settle=question))


def _name(provider: ProviderId | None, catalogue: Catalogue) -> str:
    found = catalogue.providers.get(provider) if provider is not None else None
    return found.name if found is not None else provider or ""


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
