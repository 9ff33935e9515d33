"""Dependencies and signals built one way, so that ids are stable and every statement carries its evidence."""

from collections.abc import Iterable

from sovscan.catalogue.catalogue import Match
from sovscan.model.dependency import Attribution, Confidence, Dependency, DependencyId, Hypothesis, Layer, Party, Signal
from sovscan.model.evidence import ObservationId
from sovscan.model.provider import SignalKind, Strength
from sovscan.model.target import Target
from sovscan.model.text import Text

SELF = "self"
UNLISTED = "unlisted"


def signal(kind: SignalKind, value: str, observations: Iterable[ObservationId], match: Match | None = None) -> Signal:
    """What was seen; with the match, whom it points to and how strongly."""
    return Signal(
        kind=kind,
        value=value,
        strength=match.signature.strength if match is not None else Strength.MEDIUM,
        observations=tuple(sorted(set(observations))),
        provider=match.provider.id if match is not None else None,
    )


def attribution(
    signals: Iterable[Signal],
    confidence: Confidence,
    *,
    match: Match | None = None,
    operator_self: bool = False,
    against: Iterable[Signal] = (),
    runner_up: Hypothesis | None = None,
    settle: Text | None = None,
) -> Attribution:
    """Who it is: the match's provider and offer, the organisation itself, or nobody that is known."""
    return Attribution(
        provider=match.provider.id if match is not None else None,
        offer=match.offer.id if match is not None else None,
        operator_self=operator_self,
        confidence=confidence,
        signals=ordered(signals),
        against=ordered(against),
        runner_up=runner_up,
        settle=settle,
    )


def dependency(
    layer: Layer,
    role: str,
    target: Target,
    subject: str,
    attributed: Attribution,
    *,
    place: str | None = None,
    who: str | None = None,
    host: Party | None = None,
    technology: Party | None = None,
    flags: Iterable[str] = (),
) -> Dependency:
    """The dependency, with the id ``layer/role/place/who``.

    ``place`` is the target unless one layer has several places in it; ``who`` is the provider unless several of its
    offers are told apart. Without a provider the host's name tells two apart.
    """
    if who is None:
        who = attributed.provider or (SELF if attributed.operator_self else UNLISTED)
        if attributed.provider is None and host is not None:
            who = f"{who}@{host.provider or host.label}"
    return Dependency(
        id=DependencyId(f"{layer}/{role}/{place or target.value}/{who}"),
        layer=layer,
        role=role,
        domain=target.value,
        subject=subject,
        attribution=attributed,
        host=host,
        technology=technology,
        flags=tuple(sorted(set(flags))),
        main=target.main,
    )


def ordered(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """Unique signals in a fixed order."""
    return tuple(
        sorted(
            set(signals),
            key=lambda seen: (seen.kind, seen.value, seen.provider or "", seen.strength, seen.observations),
        )
    )
