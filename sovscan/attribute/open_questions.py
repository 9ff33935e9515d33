"""What would decide an attribution that is open, where its layer asks nothing: one question for each way to be open."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from sovscan.attribute import carriers, settle
from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.dependency import Confidence, Dependency, Layer, Party
from sovscan.model.provider import ProviderId, Strength
from sovscan.model.text import Text

DISPUTED, DECLARED, SEVERAL, UNREAD = "disputed", "declared", "several-networks", "unread"
"""Flags: resolvers disagree on what it rests on; it was declared; its addresses are announced by several networks; it
is a file that was not read."""
_OWN_NETWORK = frozenset({"own-network", "declared-with-proof"})
_TRACES = frozenset({"leftover", "token-only"})
_Place = tuple[Layer, str, str, str]


def settled(dependencies: Iterable[Dependency], catalogue: Catalogue) -> tuple[Dependency, ...]:
    """The dependencies, each with a question wherever who it is, or on whose network, is open."""
    found = tuple(dependencies)
    networks: dict[_Place, list[Party]] = defaultdict(list)
    for each in found:
        if each.host is not None:
            networks[_place(each)].append(each.host)
    return tuple(_asking(each, catalogue, networks[_place(each)]) for each in found)


def _place(dependency: Dependency) -> _Place:
    return dependency.layer, dependency.role, dependency.domain, dependency.subject


def _asking(dependency: Dependency, catalogue: Catalogue, networks: list[Party]) -> Dependency:
    attributed = dependency.attribution
    if attributed.settle is not None:
        return dependency
    question = _question(dependency, catalogue, networks)
    return replace(dependency, attribution=replace(attributed, settle=question)) if question is not None else dependency


def _question(dependency: Dependency, catalogue: Catalogue, networks: list[Party]) -> Text | None:
    held, host, subject = dependency.attribution, dependency.host, dependency.subject
    name, other = _name(held.provider, catalogue), held.runner_up
    weak = held.confidence is Confidence.WEAK
    if other is not None and held.confidence is not Confidence.CONFIRMED:
        second = other.signals[0].value if other.provider is None else _name(other.provider, catalogue)
        return settle.two_readings(dependency.domain, name or subject, second)
    if DISPUTED in dependency.flags:
        return settle.ask_again((subject,))
    if UNREAD in dependency.flags:
        return settle.file_to_read(subject)
    if SEVERAL in dependency.flags and networks:
        return settle.one_of_networks(subject, networks)
    if carriers.FLAG in dependency.flags and host is not None:
        return settle.hosted_or_line(subject, host)
    if DECLARED in dependency.flags:
        return settle.proof_of(name or subject) if weak else None
    if held.operator_self:
        return _of_own(dependency, host)
    if held.provider is None:
        return settle.operator_of(subject, host)
    return _of_weak(dependency, name) if weak else None


def _of_own(dependency: Dependency, host: Party | None) -> Text | None:
    """What the organisation runs itself is known; the network under it may not be."""
    if host is not None and host.provider is None and not _OWN_NETWORK.intersection(dependency.flags):
        return settle.owner_of_network(dependency.subject, host)
    return (
        settle.operator_of(dependency.subject, host) if dependency.attribution.confidence is Confidence.WEAK else None
    )


def _of_weak(dependency: Dependency, name: str) -> Text:
    """Somebody is named on a weak sign: which check depends on what is weak about it."""
    held, subject = dependency.attribution, dependency.subject
    if dependency.location is not None:
        return settle.in_code(name)
    if _TRACES.intersection(dependency.flags):
        return settle.still_in_use(name, held.signals[0].value)
    if dependency.layer is Layer.MAIL_OUT:
        return settle.still_sends(subject, name)
    if all(signal.strength is Strength.WEAK for signal in held.signals if signal.provider == held.provider):
        return settle.whose_name(subject, name)
    if dependency.layer is Layer.WEB3P:
        return settle.still_called(name)
    if dependency.layer is Layer.MAIL_IN:
        return settle.kept_where(dependency.domain, name)
    return settle.still_in_use(name, held.signals[0].value)


def _name(provider: ProviderId | None, catalogue: Catalogue) -> str:
    found = catalogue.providers.get(provider) if provider is not None else None
    return found.name if found is not None else provider or ""
