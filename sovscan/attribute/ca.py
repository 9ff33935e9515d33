"""Certificates: whose authority vouches for the site."""

from collections.abc import Iterator

from sovscan.attribute import settle
from sovscan.attribute.networks import pick
from sovscan.attribute.sites import host_in
from sovscan.attribute.statement import attribution, dependency, signal
from sovscan.attribute.view import View
from sovscan.catalogue.catalogue import Catalogue, Match
from sovscan.model.dependency import Dependency, Layer
from sovscan.model.evidence import Outcome
from sovscan.model.provider import SignalKind
from sovscan.model.target import Target, TargetKind
from sovscan.model.text import Text

UNVOUCHED = frozenset({"tls-untrusted", "tls-self-signed", "tls-certificate"})
"""Faults after which the issuer's name proves nothing."""


def attribute_ca(view: View, catalogue: Catalogue) -> tuple[Dependency, ...]:
    """The issuers read in the handshakes with the hosts of every domain, and with hosts and URLs beyond them."""
    beyond = (each for each in view.evidence.targets if each.kind in (TargetKind.HOST, TargetKind.URL))
    found = [(target, target.value) for target in view.domains]
    found += [(target, host) for target in beyond if not view.owns(host := host_in(target.value))]
    return tuple(each for target, name in found for each in _issuers(view, catalogue, target, name))


LAYER_ATTRIBUTION = attribute_ca


def _issuers(view: View, catalogue: Catalogue, target: Target, name: str) -> Iterator[Dependency]:
    for seen in view.within("tls", name):
        issuer = seen.detail.get("issuer_o", "") or seen.detail.get("issuer_cn", "")
        if seen.outcome is not Outcome.ANSWERED or not issuer:
            continue
        # A certificate that no trusted authority vouches for may name whom it likes.
        claimed = seen.detail.get("fault", "") in UNVOUCHED
        match = None if claimed else pick(catalogue.match_exact(SignalKind.CERT_ISSUER, issuer), "ca")
        yield dependency(
            Layer.CA,
            "issuer",
            target,
            seen.subject,
            attribution(
                (signal(SignalKind.CERT_ISSUER, issuer, (seen.id,), match),),
                view.weighing.confidence("issuer" if match is not None else "unlisted"),
                match=match,
                settle=_open(seen.subject, issuer, match, claimed=claimed),
            ),
            flags=("unvouched",) if claimed else (),
            who=None if match is not None else f"unlisted:{issuer}",
        )


def _open(host: str, issuer: str, match: Match | None, *, claimed: bool) -> Text | None:
    if claimed:
        return settle.certificate_of(host, issuer)
    return None if match is not None else settle.owner_of(issuer)
