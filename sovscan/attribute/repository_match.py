"""Whose a package, host or platform named in a file is, and what it does at run time."""

import re
from collections.abc import Iterable

from sovscan.catalogue.catalogue import LABEL_MARK, Catalogue, Match
from sovscan.model.dependency import Layer
from sovscan.model.provider import SignalKind

_RUN_TIME = frozenset(Layer) - {Layer.SUPPLY}
_BOUNDARY = re.compile(r"[/.\-_:]")


def by_package(catalogue: Catalogue, purl: str) -> Match | None:
    """The offer that a package URL belongs to: named in full, else by the longest ``…*`` that ends at a boundary."""
    found = catalogue.match_exact(SignalKind.PACKAGE, purl)
    places = [boundary.end() for boundary in _BOUNDARY.finditer(purl)]
    for end in reversed(places):
        if found:
            break
        found = catalogue.match_exact(SignalKind.PACKAGE, f"{purl[:end]}*")
    return first(found)


def by_host(catalogue: Catalogue, host: str, kinds: Iterable[SignalKind]) -> Match | None:
    """The offer a host belongs to, by the first of the kinds that knows it; never by its first label alone."""
    for kind in kinds:
        for match in catalogue.match_name(kind, host):
            if not match.signature.value.endswith(LABEL_MARK):
                return match
    return None


def leading_layer(match: Match) -> Layer:
    """Layer of what a signature shows, or of what its offer is first of all."""
    shown = match.signature.role or next(iter(match.offer.roles), Layer.SUPPLY)
    return Layer(shown.partition(".")[0])


def run_time_place(match: Match) -> tuple[Layer, str]:
    """Layer and role of what a signature shows: its own, else the first one at run time, else the first."""
    wanted = (match.signature.role,) if match.signature.role else match.offer.roles
    places = [(Layer(layer), role) for layer, _, role in (key.partition(".") for key in wanted)]
    running = [place for place in places if place[0] in _RUN_TIME]
    if match.signature.role is None and places and places[0][0] is Layer.SUPPLY:
        return places[0]
    return next(iter(running or places), (Layer.SUPPLY, "package"))


def first(matches: tuple[Match, ...]) -> Match | None:
    """The first of several matches; None when there is none."""
    return matches[0] if matches else None
