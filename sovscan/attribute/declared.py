"""What the organisation declares about services that no scan sees: probe ``declared``, marked as such everywhere.

Subject is the service; the value is ``layer.role offer``, where the offer may be ``self``. Detail ``proof`` names the
document shown to the auditor; without it a declaration is weak. A declaration settles what evidence left open, and
never overrides what evidence shows: then both stand, and the declaration is flagged ``contradicted``.
"""

from collections.abc import Iterable
from dataclasses import replace

from sovscan.attribute.statement import dependency, ordered
from sovscan.attribute.view import View
from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.dependency import Attribution, Confidence, Dependency, Layer, Signal
from sovscan.model.evidence import Observation, Outcome
from sovscan.model.provider import OfferId, ProviderId, SignalKind, Strength
from sovscan.model.target import Target

SELF = "self"


def with_declarations(found: Iterable[Dependency], view: View, catalogue: Catalogue) -> tuple[Dependency, ...]:
    """The dependencies once every declaration is taken in; an unresolved name gives an unidentified provider."""
    kept = {each.id: each for each in found}
    for seen in view.evidence.observations:
        if seen.probe != "declared" or seen.outcome is not Outcome.ANSWERED:
            continue
        for value in seen.values:
            declared = _declared(seen, value, view, catalogue)
            for each in [each for each in kept.values() if _settles(declared, each)]:
                del kept[each.id]
                declared = _absorbing(declared, each)
            if any(_contradicts(each, declared) for each in kept.values()):
                declared = replace(declared, flags=tuple(sorted({*declared.flags, "contradicted"})))
            kept[declared.id] = declared
    return tuple(kept[key] for key in sorted(kept))


def _declared(seen: Observation, value: str, view: View, catalogue: Catalogue) -> Dependency:
    place, _, who = value.partition(" ")
    layer, _, role = place.partition(".")
    proof = seen.detail.get("proof", "")
    provider, offer = _who(who, catalogue)
    signal = Signal(
        kind=SignalKind.DECLARED,
        value=f"{who}: {proof}" if proof else who,
        strength=Strength.MEDIUM if proof else Strength.WEAK,
        observations=(seen.id,),
        provider=provider,
    )
    attributed = Attribution(
        provider=provider,
        offer=offer,
        operator_self=who == SELF,
        confidence=Confidence.CONFIRMED if proof else Confidence.WEAK,
        signals=(signal,),
    )
    return dependency(
        Layer(layer),
        role,
        _target(seen, view),
        seen.subject,
        attributed,
        who=None if provider is None else str(offer or provider),
        flags=("declared", "declared-with-proof") if proof else ("declared",),
    )


def _who(who: str, catalogue: Catalogue) -> tuple[ProviderId | None, OfferId | None]:
    if who in catalogue.offers:
        provider, offer = catalogue.offers[OfferId(who)]
        return provider.id, offer.id
    if who in catalogue.providers:
        return ProviderId(who), None
    return None, None


def _target(seen: Observation, view: View) -> Target:
    targets = view.evidence.targets
    return next((target for target in targets if target.value == seen.detail.get("domain")), targets[0])


def _settles(declared: Dependency, other: Dependency) -> bool:
    """Whether the other is the same service, seen without being identified, or seen at the same provider."""
    if (other.layer, other.role, other.domain) != (declared.layer, declared.role, declared.domain):
        return False
    said, shown = declared.attribution, other.attribution
    if shown.provider is None and not shown.operator_self:
        return "declared" not in other.flags and (other.host is None or other.host.provider in (None, said.provider))
    if said.operator_self:
        return shown.operator_self
    # What evidence shows of a provider is rarely more precise than its name; a declared offer of it is.
    return shown.provider == said.provider


def _absorbing(declared: Dependency, other: Dependency) -> Dependency:
    attributed = replace(
        declared.attribution, signals=ordered((*declared.attribution.signals, *other.attribution.signals))
    )
    return replace(
        declared,
        id=other.id if other.attribution.provider is not None or other.attribution.operator_self else declared.id,
        subject=other.subject,
        attribution=attributed,
        host=declared.host or other.host,
        technology=declared.technology or other.technology,
        flags=tuple(sorted({*declared.flags, *other.flags} - {"origin-hidden", "backend-unknown"})),
    )


def _contradicts(shown: Dependency, declared: Dependency) -> bool:
    same_place = (shown.layer, shown.role, shown.domain) == (declared.layer, declared.role, declared.domain)
    return (
        same_place
        and "declared" not in shown.flags
        and shown.attribution.confidence is not Confidence.WEAK
        and (shown.attribution.provider, shown.attribution.operator_self)
        != (declared.attribution.provider, declared.attribution.operator_self)
    )
