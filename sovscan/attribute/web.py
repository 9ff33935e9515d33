"""Third parties of web pages: what the page loads, sends to, or may load by its policy."""

from collections.abc import Iterator, Mapping

from sovscan.attribute import settle
from sovscan.attribute.networks import pick
from sovscan.attribute.sites import host_in
from sovscan.attribute.statement import attribution, dependency, signal
from sovscan.attribute.view import View
from sovscan.catalogue.catalogue import LABEL_MARK, Catalogue, Match
from sovscan.model.dependency import Dependency, Layer
from sovscan.model.evidence import Observation, Outcome
from sovscan.model.provider import SignalKind
from sovscan.model.target import Target
from sovscan.readers.names import is_within

ROLE_BY_TAG: Mapping[str, str] = {
    "script": "script", "link": "script", "img": "pixel", "iframe": "embed", "video": "embed", "audio": "embed",
    "embed": "embed", "object": "embed", "source": "embed", "form": "embed",
}  # fmt: skip
"""Role of a third party that the catalogue does not know, by the element that calls it."""
_WORST_FIRST = ("tag_manager", "analytics", "pixel", "replay", "captcha", "embed", "script", "fonts")


def attribute_web(view: View, catalogue: Catalogue) -> tuple[Dependency, ...]:
    """One dependency for each third party and role on the pages of every domain."""
    return tuple(
        found
        for target in view.domains
        for seen in (*view.observations("web"), *view.observations("har"))
        if seen.outcome is Outcome.ANSWERED and is_within(host_in(seen.subject), target.value)
        for found in (*_loaded(view, catalogue, target, seen), *_allowed(view, catalogue, target, seen))
    )


LAYER_ATTRIBUTION = attribute_web


def _loaded(view: View, catalogue: Catalogue, target: Target, seen: Observation) -> Iterator[Dependency]:
    unlisted: dict[str, tuple[str, str]] = {}
    for value in seen.values:
        tag, _, url = value.partition(" ")
        name = host_in(url)
        if not name or "." not in name or _own(view, seen, name):
            continue
        match = third_party(catalogue, name)
        if match is None:
            domain = view.registrable(name) or name
            role = ROLE_BY_TAG.get(tag, "embed")
            known = unlisted.get(domain)
            if known is None or _WORST_FIRST.index(role) < _WORST_FIRST.index(known[0]):
                unlisted[domain] = (role, name)
            continue
        yield dependency(
            Layer.WEB3P,
            match.role("web3p") or ROLE_BY_TAG.get(tag, "embed"),
            target,
            name,
            attribution(
                (signal(SignalKind.WEB_HOST, name, (seen.id,), match),),
                view.weighing.confidence("web_page", match.signature.strength),
                match=match,
            ),
            who=match.offer.id,
        )
    for domain, (role, name) in sorted(unlisted.items()):
        yield dependency(
            Layer.WEB3P,
            role,
            target,
            name,
            attribution(
                (signal(SignalKind.WEB_HOST, name, (seen.id,)),),
                view.weighing.confidence("unlisted"),
                settle=settle.called_by_page(name),
            ),
            who=f"unlisted:{domain}",
        )


def _allowed(view: View, catalogue: Catalogue, target: Target, seen: Observation) -> Iterator[Dependency]:
    """Known third parties that the content policy allows, or that set a cookie, though the page does not show them."""
    for name in seen.detail.get("csp_hosts", "").split():
        host = name.removeprefix("*.")
        match = third_party(catalogue, host) if not _own(view, seen, host) else None
        if match is not None and match.role("web3p") is not None:
            yield _weak(view, target, host, match, SignalKind.WEB_HOST, seen)
    for cookie in seen.detail.get("cookies", "").split():
        match = pick(catalogue.match_token(SignalKind.COOKIE, cookie), "web3p")
        if match is not None:
            yield _weak(view, target, cookie, match, SignalKind.COOKIE, seen)


def _weak(  # noqa: PLR0917
    view: View, target: Target, value: str, match: Match, kind: SignalKind, seen: Observation
) -> Dependency:
    return dependency(
        Layer.WEB3P,
        match.role("web3p") or "embed",
        target,
        value,
        attribution(
            (signal(kind, value, (seen.id,), match),),
            view.weighing.confidence("web_policy", match.signature.strength),
            match=match,
        ),
        who=match.offer.id,
    )


def third_party(catalogue: Catalogue, host: str) -> Match | None:
    """The offer a web host belongs to, one with a role on web pages first."""
    matches = tuple(
        match
        for match in catalogue.match_name(SignalKind.WEB_HOST, host)
        if not match.signature.value.endswith(LABEL_MARK)
    )
    return pick(matches, "web3p") or (matches[0] if matches else None)


def _own(view: View, seen: Observation, name: str) -> bool:
    """Whether a host belongs to the organisation, or to the site that the page was finally read from."""
    final = host_in(seen.detail.get("final_url", ""))
    return view.owns(name) or (bool(final) and view.registrable(name) == view.registrable(final))
