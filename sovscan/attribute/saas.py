"""Services that DNS shows: host names that are aliases into them, and tokens they once asked for."""

from collections.abc import Iterator

from sovscan.attribute import settle
from sovscan.attribute.mail_signs import srv_target
from sovscan.attribute.networks import chief
from sovscan.attribute.senders import policy_of
from sovscan.attribute.sites import by_alias
from sovscan.attribute.statement import attribution, dependency, signal
from sovscan.attribute.view import View
from sovscan.catalogue.catalogue import Catalogue, Match
from sovscan.model.dependency import Confidence, Dependency, Layer, Signal
from sovscan.model.provider import SignalKind
from sovscan.model.target import Target

_REACHED = (SignalKind.ENDPOINT, SignalKind.WEB_HOST, SignalKind.CNAME)
HOST_PROBES = ("host-names", "microsoft-names", "autodiscover")


def attribute_saas(view: View, catalogue: Catalogue) -> tuple[Dependency, ...]:
    """Services in use, and tokens that may be leftovers where nothing else speaks for the service."""
    found: list[Dependency] = []
    for target in view.domains:
        used = (
            *_aliases(view, catalogue, target),
            *_announced(view, catalogue, target),
            *_senders(view, catalogue, target),
            *(_reached(view, catalogue, target) if target == view.domains[0] else ()),
        )
        known = {each.attribution.offer for each in used}
        found += used
        found += [each for each in _tokens(view, catalogue, target) if each.attribution.offer not in known]
    return tuple(found)


LAYER_ATTRIBUTION = attribute_saas


def _aliases(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    for probe in HOST_PROBES:
        for seen in view.within(probe, target.value):
            read = view.read(probe, seen.subject)
            alias = by_alias(catalogue, read.aliases, "saas", mainly=True)
            if alias is None:
                continue
            match, value = alias
            dangling = seen.detail.get("target") == "nxdomain"
            yield _dependency(
                target,
                seen.subject,
                match,
                signal(SignalKind.CNAME, value, read.observations, match),
                Confidence.WEAK if dangling else view.weighing.confidence("saas_alias", match.signature.strength),
                ("leftover",) if dangling else (),
            )


def _announced(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    for seen in view.within("srv", target.value):
        for value in seen.values:
            host = srv_target(value)
            match = chief(catalogue.match_name(SignalKind.SRV, host), "saas") if host else None
            if match is not None:
                said = signal(SignalKind.SRV, host, (seen.id,), match)
                yield _dependency(target, seen.subject, match, said, view.weighing.confidence("saas_alias"), ())


def _senders(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    for sender in policy_of(view, catalogue, target.value).senders:
        match = chief(sender.matches, "saas")
        if match is not None and match.role("mail_out") is None and sender.evidence == "spf":
            said = signal(SignalKind.SPF, sender.value, sender.observations, match)
            level = view.weighing.confidence("saas_sender", match.signature.strength)
            yield _dependency(target, sender.value, match, said, level, ())


def _reached(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    """Services that the organisation's own machines reach, by an imported proxy log; told once, on the first domain."""
    for seen in view.observations("proxy-log"):
        for host in seen.values:
            found = (chief(catalogue.match_name(kind, host), "saas") for kind in _REACHED)
            match = next((each for each in found if each is not None), None)
            if match is not None and not view.owns(host):
                said = signal(SignalKind.ENDPOINT, host, (seen.id,), match)
                level = view.weighing.confidence("saas_reached", match.signature.strength)
                yield _dependency(target, host, match, said, level, ())


def _tokens(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    read = view.read("txt", target.value, "TXT")
    for value in read.values:
        match = chief(catalogue.match_token(SignalKind.TXT, value), "saas")
        if match is not None:
            said = signal(SignalKind.TXT, value, read.observations, match)
            level = view.weighing.confidence("saas_token", match.signature.strength)
            yield _dependency(target, target.value, match, said, level, ("token-only",))


def _dependency(  # noqa: PLR0917
    target: Target, subject: str, match: Match, said: Signal, level: Confidence, flags: tuple[str, ...]
) -> Dependency:
    open_question = (
        settle.still_in_use(match.offer.name, subject if "leftover" in flags else said.value) if flags else None
    )
    return dependency(
        Layer.SAAS,
        match.role("saas") or "business",
        target,
        subject,
        attribution((said,), level, match=match, settle=open_question),
        who=match.offer.id,
        flags=flags,
    )
