"""The name itself: who keeps the register of its top-level domain, and through whom it is registered."""

from collections.abc import Iterator

from sovscan.attribute import settle
from sovscan.attribute.networks import pick
from sovscan.attribute.statement import attribution, dependency, signal
from sovscan.attribute.view import View
from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.dependency import Dependency, Layer
from sovscan.model.evidence import ObservationId, Outcome
from sovscan.model.provider import SignalKind
from sovscan.model.target import Target


def attribute_registry(view: View, catalogue: Catalogue) -> tuple[Dependency, ...]:
    """Registry and registrar of every domain that exists; a registrar that was not asked for is left out."""
    return tuple(
        found
        for target in view.domains
        if target.value not in view.missing
        for found in (*_registry(view, catalogue, target), *_registrar(view, catalogue, target))
    )


LAYER_ATTRIBUTION = attribute_registry


def _registry(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    """The suffix stands in the name; that the name exists is shown by any answer about it."""
    ids = _existence(view, target)
    if not ids:
        return
    top = target.value.rpartition(".")[2]
    match = pick(catalogue.match_name(SignalKind.TLD, target.value), "registry", "registry")
    yield dependency(
        Layer.REGISTRY,
        "registry",
        target,
        top,
        attribution(
            (signal(SignalKind.TLD, top, ids, match),),
            view.weighing.confidence("registry" if match is not None else "unlisted"),
            match=match,
            settle=None if match is not None else settle.registry_of(top),
        ),
        who=None if match is not None else f"unlisted:{top}",
    )


def _registrar(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    names = (target.value, view.registrable(target.value) or target.value)
    for seen in (each for name in dict.fromkeys(names) for each in view.observations("rdap-domain", name)):
        if seen.outcome is not Outcome.ANSWERED:
            continue
        named = dict.fromkeys(filter(None, (seen.detail.get("registrar", ""), *seen.values)))
        if not named:
            continue
        match = next(
            (found for name in named if (found := pick(catalogue.match_exact(SignalKind.REGISTRAR, name), "registry"))),
            None,
        )
        shown = next(iter(named))
        yield dependency(
            Layer.REGISTRY,
            "registrar",
            target,
            shown,
            attribution(
                (signal(SignalKind.REGISTRAR, shown, (seen.id,), match),),
                view.weighing.confidence("registrar" if match is not None else "unlisted"),
                match=match,
                settle=None if match is not None else settle.owner_of(shown),
            ),
            who=None if match is not None else f"unlisted:{shown}",
        )


def _existence(view: View, target: Target) -> tuple[ObservationId, ...]:
    for probe in ("soa", "ns", "mx", "txt", "address"):
        answered = [seen for seen in view.observations(probe, target.value) if seen.outcome is Outcome.ANSWERED]
        if answered:
            return (answered[0].id,)
    facts = [seen for seen in view.observations("ns", target.value) if seen.outcome.is_fact]
    return (facts[0].id,) if facts else ()
