"""Identity: whose accounts open the organisation's services."""

from collections.abc import Iterator

from sovscan.attribute.mail import mailbox_confidence, mailbox_outcome
from sovscan.attribute.mail_ballot import is_suite
from sovscan.attribute.mail_signs import signs_of, tenants
from sovscan.attribute.networks import addresses_of, networks_of, pick
from sovscan.attribute.senders import policy_of
from sovscan.attribute.statement import attribution, dependency, signal
from sovscan.attribute.view import View
from sovscan.catalogue.catalogue import LABEL_MARK, Catalogue, Match
from sovscan.model.dependency import Confidence, Dependency, Layer, Party
from sovscan.model.evidence import Observation, ObservationId
from sovscan.model.provider import Offer, SignalKind
from sovscan.model.target import Target

TENANT, SSO, VERIFICATION = "tenant", "sso", "verification"
FEDERATED = "federated"
"""Answer of a tenant question: the account exists, sign-in happens elsewhere."""


def attribute_identity(view: View, catalogue: Catalogue) -> tuple[Dependency, ...]:
    """Tenants, sign-in hosts and, where nothing better speaks for a provider, verification tokens."""
    found: list[Dependency] = []
    for target in view.domains:
        strong = (
            *_aliases(view, catalogue, target),
            *_mail(view, catalogue, target),
            *_answers(view, catalogue, target),
            *_sign_in(view, catalogue, target),
        )
        known = {each.attribution.provider for each in strong}
        found += strong
        found += [each for each in _tokens(view, catalogue, target) if each.attribution.provider not in known]
    return tuple(found)


LAYER_ATTRIBUTION = attribute_identity


def _aliases(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    for seen in view.within("microsoft-names", target.value):
        read = view.read("microsoft-names", seen.subject)
        for alias in read.aliases:
            match = _identity(catalogue, alias)
            if match is not None:
                yield _dependency(view, target, seen.subject, match, SignalKind.CNAME, alias, read.observations)
                break


def _identity(catalogue: Catalogue, name: str) -> Match | None:
    for kind in (SignalKind.CNAME, SignalKind.AUTODISCOVER, SignalKind.SRV, SignalKind.WEB_HOST):
        matches = tuple(
            match for match in catalogue.match_name(kind, name) if not match.signature.value.endswith(LABEL_MARK)
        )
        match = pick(matches, "identity")
        if match is not None:
            return match
    return None


def _mail(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    """A suite's mailboxes need its accounts; so do its signatures and its mail set-up."""
    exchange, outcome = mailbox_outcome(view, catalogue, target)
    policy = policy_of(view, catalogue, target.value)
    signs = signs_of(view, catalogue, target, policy, exchange.fronts)
    winner = outcome.winner
    named = winner is not None and winner.points >= view.weighing.probable
    if named and winner is not None and winner.match is not None and is_suite(winner.match):
        level = view.weighing.confidence("identity_mail")
        boxes = mailbox_confidence(view, catalogue, target) or level
        yield dependency(
            Layer.IDENTITY,
            TENANT,
            target,
            target.value,
            attribution(winner.signals, min(level, boxes, key=lambda each: each.rank), match=winner.match),
        )
    for sign in signs:
        if sign.match is not None and is_suite(sign.match) and sign.sign in ("dkim", "autodiscover", "srv"):
            yield dependency(
                Layer.IDENTITY,
                TENANT,
                target,
                target.value,
                attribution((sign.signal,), view.weighing.confidence("identity_mail"), match=sign.match),
            )


def _answers(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    for seen, said, match in tenants(view, catalogue, target):
        evidence = "tenant_federated" if said.lower() == FEDERATED else "tenant"
        yield dependency(
            Layer.IDENTITY,
            TENANT,
            target,
            target.value,
            attribution(
                (signal(SignalKind.TENANT, said, (seen.id,), match),), view.weighing.confidence(evidence), match=match
            ),
        )
        host = seen.detail.get("federation_host", "")
        if said.lower() == FEDERATED and host and _identity(catalogue, host) is not match:
            yield _federation(view, catalogue, target, host, seen)


def _federation(view: View, catalogue: Catalogue, target: Target, host: str, seen: Observation) -> Dependency:
    """Where sign-in is handed over, by the word of the directory itself: a service, or a host of somebody's own."""
    match = _identity(catalogue, host)
    software = _software(catalogue, host)
    read = view.read("host-names", host)
    holders = networks_of(view, catalogue, addresses_of(read.facts)).holders if match is None else ()
    holder = holders[0] if len(holders) == 1 else None
    known = match is not None or holder is not None
    return dependency(
        Layer.IDENTITY,
        SSO,
        target,
        host,
        attribution(
            (signal(SignalKind.TENANT, host, (seen.id,), match), *(holder.signals if holder is not None else ())),
            view.weighing.confidence("federation") if known else Confidence.WEAK,
            match=match,
            operator_self=holder is not None and view.owns(host),
        ),
        place=host,
        host=holder.party if holder is not None else None,
        technology=_party(software, software.offer) if software is not None and match is None else None,
        flags=("federated",),
    )


def _sign_in(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    for seen in view.within("host-names", target.value):
        label = seen.subject.partition(".")[0]
        read = view.read("host-names", seen.subject)
        if label not in catalogue.host_names.sign_in or not read.facts or not (read.values or read.aliases):
            continue
        alias = next(((name, match) for name in read.aliases if (match := _identity(catalogue, name))), None)
        if alias is not None:
            yield _dependency(view, target, seen.subject, alias[1], SignalKind.CNAME, alias[0], read.observations, SSO)
            continue
        software = _software(catalogue, seen.subject)
        networks = networks_of(view, catalogue, addresses_of(read.facts))
        if software is None or not networks.holders:
            continue
        holder = networks.holders[0]
        yield dependency(
            Layer.IDENTITY,
            SSO,
            target,
            seen.subject,
            attribution(
                (signal(SignalKind.CNAME, seen.subject, read.observations), *holder.signals),
                Confidence.WEAK,
                operator_self=True,
            ),
            place=seen.subject,
            host=holder.party,
            technology=_party(software, software.offer),
        )


def _software(catalogue: Catalogue, name: str) -> Match | None:
    matches = catalogue.match_name(SignalKind.CNAME, name) or catalogue.match_name(SignalKind.WEB_HOST, name)
    return next((match for match in matches if match.signature.value.endswith(LABEL_MARK)), None)


def _party(match: Match, offer: Offer) -> Party:
    return Party(provider=match.provider.id, label=offer.name, country=match.provider.seat)


def _tokens(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    read = view.read("txt", target.value, "TXT")
    for value in read.values:
        match = pick(catalogue.match_token(SignalKind.TXT, value), "identity")
        if match is not None:
            yield dependency(
                Layer.IDENTITY,
                VERIFICATION,
                target,
                target.value,
                attribution(
                    (signal(SignalKind.TXT, value, read.observations, match),),
                    view.weighing.confidence("identity_token"),
                    match=match,
                ),
                flags=("token-only",),
            )


def _dependency(  # noqa: PLR0917
    view: View,
    target: Target,
    subject: str,
    match: Match,
    kind: SignalKind,
    value: str,
    observations: tuple[ObservationId, ...],
    role: str = TENANT,
) -> Dependency:
    return dependency(
        Layer.IDENTITY,
        match.role("identity") or role,
        target,
        subject,
        attribution(
            (signal(kind, value, observations, match),),
            view.weighing.confidence("identity_alias", match.signature.strength),
            match=match,
        ),
    )
