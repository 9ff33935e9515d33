"""Whose mail software an own or unlisted host runs: a fact beside who runs it and on whose network."""

from sovscan.attribute.mail_fronts import Front
from sovscan.attribute.mail_signs import srv_target
from sovscan.attribute.view import View
from sovscan.catalogue.catalogue import LABEL_MARK, Catalogue, Match
from sovscan.model.dependency import Party
from sovscan.model.evidence import ObservationId, Outcome
from sovscan.model.provider import SignalKind
from sovscan.model.target import Target


def software_of(view: View, catalogue: Catalogue, target: Target, front: Front) -> Party | None:
    """The maker of the software: from the MX host's label, webmail hosts on own names, or headers they send."""
    if front.technology is not None:
        ids = tuple(sorted({seen for each in front.signals for seen in each.observations}))
        return _party(front.technology, ids)
    for label in catalogue.host_names.webmail:
        name = f"{label}.{target.value}"
        read = view.read("host-names", name)
        if read.values and not any(not view.owns(alias) for alias in read.aliases):
            match = _software(catalogue, name)
            if match is not None:
                return _party(match, read.observations)
    for value in view.read("autodiscover", f"_autodiscover._tcp.{target.value}").values:
        host = srv_target(value)
        match = _software(catalogue, host) if host else None
        if match is not None and view.owns(host):
            return _party(match, view.read("autodiscover", f"_autodiscover._tcp.{target.value}").observations)
    return _by_headers(view, catalogue, target)


def _software(catalogue: Catalogue, name: str) -> Match | None:
    for kind in (SignalKind.MX, SignalKind.AUTODISCOVER, SignalKind.CNAME, SignalKind.WEB_HOST):
        for match in catalogue.match_name(kind, name):
            if match.signature.value.endswith(LABEL_MARK):
                return match
    return None


def _by_headers(view: View, catalogue: Catalogue, target: Target) -> Party | None:
    for seen in view.observations("web"):
        webmail = any(f"//{label}.{target.value}" in seen.subject for label in catalogue.host_names.webmail)
        if seen.outcome is not Outcome.ANSWERED or not webmail:
            continue
        for header in seen.detail.get("headers", "").split():
            for match in catalogue.match_token(SignalKind.HEADER, header):
                return _party(match, (seen.id,))
    return None


def _party(match: Match, ids: tuple[ObservationId, ...]) -> Party:
    return Party(provider=match.provider.id, label=match.offer.name, country=match.provider.seat, observations=ids)
