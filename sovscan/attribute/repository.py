"""What the files of a checkout lean on: run-time services in their own layer, build-time ones under ``supply``."""

from collections.abc import Mapping
from dataclasses import replace

from sovscan.attribute import settle
from sovscan.attribute.networks import pick
from sovscan.attribute.repository_match import by_host, by_package, first, leading_layer, run_time_place
from sovscan.attribute.repository_reading import Reading, Said, not_replaced, values_of, without_echoes
from sovscan.attribute.statement import attribution, dependency, signal
from sovscan.attribute.view import View
from sovscan.attribute.web import ROLE_BY_TAG, third_party
from sovscan.catalogue.catalogue import LABEL_MARK, Catalogue, Match
from sovscan.model.dependency import Dependency, Layer, Signal
from sovscan.model.evidence import Observation
from sovscan.model.provider import SignalKind
from sovscan.model.target import Target, TargetKind

PROBE = "repository"
FLAG, UNREAD, TEST_CODE, MENTION = "repository", "unread", "test-code", "mention"

_SET_UP = (
    SignalKind.ENDPOINT, SignalKind.CNAME, SignalKind.MX, SignalKind.SPF, SignalKind.AUTODISCOVER,
)  # fmt: skip
_OF_MAIL = frozenset({SignalKind.MX, SignalKind.SPF, SignalKind.AUTODISCOVER})
"""Kinds whose names carry mail: a page under one of them is a page."""
_IMAGES = (SignalKind.IMAGE, SignalKind.ENDPOINT, SignalKind.CNAME)
_REGISTRIES = (SignalKind.ENDPOINT, SignalKind.IMAGE, SignalKind.CNAME)
_VISITOR_ROLES = ("tag_manager", "analytics", "pixel", "replay", "captcha", "fonts")
"""Roles on pages that an address in a program stands for; a plain link to a site is none."""


def attribute_repository(view: View, catalogue: Catalogue) -> tuple[Dependency, ...]:
    """One dependency for each service, role and sort of trace in a file; a default registry once a repository."""
    targets = {target.value: target for target in view.evidence.targets if target.kind is TargetKind.REPOSITORY}
    main = next(iter(targets.values()), None)
    if main is None:
        return ()
    found: list[Dependency] = []
    told: list[tuple[Target, list[Reading]]] = []
    defaults: dict[tuple[str, str, str, bool], list[Reading]] = {}
    for seen in view.observations(PROBE):
        target = targets.get(seen.detail.get("repository", ""), main)
        if not seen.outcome.is_fact:
            found.append(_unread(view, target, seen))
            continue
        services: dict[tuple[object, ...], list[Reading]] = {}
        for said in values_of(seen):
            read = _read(view, catalogue, said)
            if read is None:
                continue
            if said.kind == "registry" and "implicit" in said.words:
                defaults.setdefault((target.value, read.role, read.apart, said.test_code), []).append(read)
            else:
                services.setdefault((read.layer, read.role, said.kind, read.apart, said.test_code), []).append(read)
        told.extend((target, readings) for readings in services.values())
    implicit = {(place, one.folder) for (place, *_), readings in defaults.items() for one in readings}
    found.extend(_service(target, readings) for target, readings in without_echoes(told, implicit))
    named = {(each.domain, each.attribution.provider) for each in found if "registry" in each.flags}
    for (place, *_), implied in defaults.items():
        readings = not_replaced(implied, (each for each in told if each[0].value == place))
        if not readings:
            continue
        match = readings[0].match
        if match is None or (place, match.provider.id) not in named:
            found.append(_service(targets[place], readings))
    return tuple(found)


LAYER_ATTRIBUTION = attribute_repository


def _read(view: View, catalogue: Catalogue, said: Said) -> Reading | None:
    """What a value stands for; None when it is no service, or none that anybody runs for the organisation."""
    match said.kind:
        case "package" | "model":
            found = by_package(catalogue, said.value)
            flag = "model" if said.kind == "model" else "sdk"
            return _known(view, said, found, SignalKind.PACKAGE, f"repository_{said.kind}", (flag,))
        case "provider":
            found = first(catalogue.match_exact(SignalKind.TERRAFORM, said.value))
            told = "resource" if "resource" in said.words or _has_region(said) else "declared"
            if found is None:
                return _unknown(view, said, "infrastructure")
            return _known(view, said, found, SignalKind.TERRAFORM, f"repository_{told}", ("infrastructure",))
        case "backend":
            found = by_host(catalogue, said.value, _SET_UP) if "." in said.value else None
            found = found or first(catalogue.match_exact(SignalKind.TERRAFORM, f"backend/{said.value}"))
            if found is None:
                return None if said.value == "local" else _unknown(view, said, "state-backend")
            return _known(view, said, found, SignalKind.TERRAFORM, "repository_backend", ("state-backend",))
        case "endpoint":
            return _endpoint(view, catalogue, said)
        case "ci":
            found = by_host(catalogue, said.value, (SignalKind.ENDPOINT,))
            return _known(view, said, found, SignalKind.ENDPOINT, "repository_ci", ("ci",), "ci")
        case "image":
            host = said.value.partition("/")[0].partition(":")[0]
            found = by_host(catalogue, host, _IMAGES) if "/" in said.value else None
            return _supply(view, said, found, SignalKind.IMAGE, "repository_image", "image")
        case "registry":
            if "." in said.value:
                found = by_host(catalogue, said.value, _REGISTRIES)
            else:
                found = first(catalogue.match_exact(SignalKind.PACKAGE, f"registry/{said.value}"))
            told = "repository_registry_default" if "implicit" in said.words else "repository_registry"
            return _supply(view, said, found, SignalKind.ENDPOINT, told, "package")
        case "script":
            return _page(view, catalogue, said)
        case "dns":
            return _record(view, catalogue, said)
        case _:
            return None


def _endpoint(view: View, catalogue: Catalogue, said: Said) -> Reading | None:
    if view.owns(said.value):
        return None
    in_code = "code" in said.words
    found = by_host(catalogue, said.value, _SET_UP)
    if found is not None and _is_link(view, said, found):
        found = None
    visited = pick(catalogue.match_name(SignalKind.WEB_HOST, said.value), "web3p", *_VISITOR_ROLES)
    visits = visited is not None and (
        len(visited.signature.value) > len(found.signature.value) if found is not None else in_code
    )
    if visits:
        found = visited
    if found is None or leading_layer(found) is Layer.SUPPLY:
        # Addresses of forges and package registries are links to read; what is fetched there has traces of its own.
        return None
    # A program names hosts for many reasons; only the address of a programming interface is one to connect to.
    mention = MENTION in said.words or visits or (in_code and found.signature.kind is not SignalKind.ENDPOINT)
    told, flag = ("repository_mention", MENTION) if mention else ("repository_endpoint", "endpoint")
    return _known(view, said, found, SignalKind.ENDPOINT, told, (flag,))


def _is_link(view: View, said: Said, found: Match) -> bool:
    """Whether an address leads to the pages of a company, not to a service: its home page, a search, a manual."""
    home = view.registrable(said.value) in {said.value, said.value.removeprefix("www.")}
    if found.signature.kind in _OF_MAIL:
        return home or "web" in said.words
    return home and "root" in said.words


def _page(view: View, catalogue: Catalogue, said: Said) -> Reading | None:
    tag, _, host = said.value.partition(" ")
    if view.owns(host):
        return None
    found = third_party(catalogue, host)
    role = (found.role("web3p") if found else None) or ROLE_BY_TAG.get(tag, "embed")
    if found is None and role in {"pixel"}:
        return None
    told = "web_policy" if tag == "policy" else "repository_page" if found else "unlisted"
    return _placed(view, said, found, SignalKind.WEB_HOST, told, ("page",), Layer.WEB3P, role)


def _record(view: View, catalogue: Catalogue, said: Said) -> Reading | None:
    kind, _, rest = said.value.partition(" ")
    target = rest.rpartition(" ")[2].lower()
    sign, layer, role = _RECORDS.get(kind, (SignalKind.CNAME, Layer.HOSTING, "origin"))
    found = first(tuple(
        match for match in catalogue.match_name(sign, target) if not match.signature.value.endswith(LABEL_MARK)
    ))  # fmt: skip
    if found is None:
        return None
    if kind == "CNAME":
        layer, role = run_time_place(found)
    else:
        role = found.role(layer) or role
    return _placed(view, said, found, sign, "repository_record", ("record",), layer, role)


_RECORDS: Mapping[str, tuple[SignalKind, Layer, str]] = {
    "MX": (SignalKind.MX, Layer.MAIL_IN, "mailbox"),
    "NS": (SignalKind.NS, Layer.DNS, "sole"),
    "SPF": (SignalKind.SPF, Layer.MAIL_OUT, "relay"),
}


def _known(  # noqa: PLR0917
    view: View,
    said: Said,
    found: Match | None,
    sign: SignalKind,
    told: str,
    flags: tuple[str, ...],
    supply_role: str = "package",
) -> Reading | None:
    """A service of the catalogue; what it does not know is a library or host like any other, and no dependency."""
    if found is None or found.offer.software:
        return None
    layer, role = run_time_place(found) if supply_role == "package" else (Layer.SUPPLY, supply_role)
    return _placed(view, said, found, sign, told, flags, layer, role)


def _unknown(view: View, said: Said, flag: str) -> Reading:
    """A platform that the catalogue does not know: whoever runs it, it is not known to be good."""
    return _placed(view, said, None, SignalKind.TERRAFORM, "unlisted", (flag,), Layer.SUPPLY, "package")


def _supply(  # noqa: PLR0917
    view: View, said: Said, found: Match | None, sign: SignalKind, told: str, role: str
) -> Reading | None:
    """A registry of images or packages: whoever runs it, known or not."""
    flags = ("image" if role == "image" else "registry", *(("default",) if "implicit" in said.words else ()))
    if "open" in said.words:
        flags = (*flags, "open")
    return _placed(view, said, found, sign, told, flags, Layer.SUPPLY, role)


def _placed(  # noqa: PLR0917
    view: View,
    said: Said,
    found: Match | None,
    sign: SignalKind,
    told: str,
    flags: tuple[str, ...],
    layer: Layer,
    role: str,
) -> Reading:
    if said.test_code and layer is not Layer.SUPPLY:
        # What tests and tools lean on never runs for the organisation.
        layer, role = Layer.SUPPLY, "package"
    confidence = view.weighing.confidence(told, found.signature.strength) if found else view.weighing.confidence(told)
    return Reading(
        said=said,
        match=found,
        layer=layer,
        role=role,
        sign=sign,
        confidence=confidence,
        flags=(FLAG, *flags, *((TEST_CODE,) if said.test_code else ())),
    )


def _service(target: Target, readings: list[Reading]) -> Dependency:
    ordered = sorted(readings, key=lambda one: (-one.confidence.rank, one.said.seen.subject, one.said.line))
    lead = ordered[0]
    said = lead.said
    signals: tuple[Signal, ...] = tuple(
        signal(one.sign, f"{one.said.seen.subject}:{one.said.line} {one.said.value}", (one.said.seen.id,), one.match)
        for one in ordered[:50]
    )
    flags = {flag for one in readings for flag in one.flags}
    if "endpoint" in flags:
        flags.discard(MENTION)
    return _located(
        dependency(
            lead.layer,
            lead.role,
            target,
            said.value,
            attribution(
                signals,
                lead.confidence,
                match=lead.match,
                settle=None if lead.match else settle.operator_of(said.value),
            ),
            place=f"{target.value}/{said.seen.subject}#{said.kind} {said.value}",
            who=lead.match.offer.id if lead.match else None,
            flags=flags,
        ),
        said.seen.subject,
        said.line,
    )


def _unread(view: View, target: Target, seen: Observation) -> Dependency:
    line = seen.detail.get("line", "1")
    flags = (FLAG, UNREAD, *((TEST_CODE,) if "test-code" in seen.detail else ()))
    return _located(
        dependency(
            Layer.SUPPLY,
            "package",
            target,
            seen.subject,
            attribution(
                (signal(SignalKind.PACKAGE, f"{seen.subject} {seen.reason or ''}".strip(), (seen.id,)),),
                view.weighing.confidence("repository_unread"),
            ),
            place=f"{target.value}/{seen.subject}#{UNREAD}",
            flags=flags,
        ),
        seen.subject,
        int(line) if line.isascii() and line.isdigit() else 1,
    )


def _located(found: Dependency, path: str, line: int) -> Dependency:
    return replace(found, location=f"{path}:{line}")


def _has_region(said: Said) -> bool:
    return any(word.startswith("region=") for word in said.words)
