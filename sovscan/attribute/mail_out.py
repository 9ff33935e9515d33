"""Outgoing mail: who may send for the domain, who signs for it, and who receives reports about it."""

from collections.abc import Iterable, Iterator

from sovscan.attribute import settle
from sovscan.attribute.mail import mailbox_outcome
from sovscan.attribute.mail_signs import dkim_target
from sovscan.attribute.senders import Sender, policy_of
from sovscan.attribute.statement import attribution, dependency, signal
from sovscan.attribute.view import View
from sovscan.catalogue.catalogue import Catalogue, Match
from sovscan.model.dependency import Confidence, Dependency, Layer
from sovscan.model.evidence import ObservationId
from sovscan.model.provider import SignalKind
from sovscan.model.target import Target
from sovscan.readers.dmarc import TagRecord, parse_dmarc, parse_tls_rpt


def attribute_mail_out(view: View, catalogue: Catalogue) -> tuple[Dependency, ...]:
    """Relays, bulk senders and report receivers of every domain."""
    return tuple(
        found
        for target in view.domains
        for found in (
            *_senders(view, catalogue, target),
            *_signers(view, catalogue, target),
            *_reports(view, catalogue, target),
        )
    )


LAYER_ATTRIBUTION = attribute_mail_out


def _senders(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    policy = policy_of(view, catalogue, target.value)
    known = [sender for sender in policy.senders if sender.matches]
    mailboxes = _mailbox_providers(view, catalogue, target) if known else frozenset()
    for sender in policy.senders:
        if not sender.matches:
            if sender.evidence == "spf":
                yield _unlisted(view, target, sender)
            continue
        match = _sending(sender.matches)
        kind = SignalKind.RANGE if sender.evidence == "spf_blocks" else SignalKind.SPF
        idle = match.role("mail_in") == "mailbox" and bool(mailboxes) and match.provider.id not in mailboxes
        yield dependency(
            Layer.MAIL_OUT,
            _role(match),
            target,
            sender.value,
            attribution(
                (signal(kind, sender.value, sender.observations, match),),
                view.weighing.confidence(sender.evidence, match.signature.strength),
                match=match,
                settle=settle.still_sends(sender.value, match.offer.name) if idle else None,
            ),
            flags=("leftover",) if idle else (),
        )


def _mailbox_providers(view: View, catalogue: Catalogue, target: Target) -> frozenset[str]:
    """Whose mailboxes the domain uses as far as is known; empty when that is open."""
    _, outcome = mailbox_outcome(view, catalogue, target)
    winner = outcome.winner
    if winner is None or winner.points < view.weighing.probable:
        return frozenset()
    return frozenset(each.key for each in outcome.ranked if each.fronts or each is winner)


def _sending(matches: tuple[Match, ...]) -> Match:
    return next((match for match in matches if match.role("mail_out") is not None), matches[0])


def _role(match: Match) -> str:
    role = match.role("mail_out")
    if role is not None:
        return role
    return "relay" if match.role("mail_in") is not None else "bulk"


def _unlisted(view: View, target: Target, sender: Sender) -> Dependency:
    name = view.registrable(sender.value) or sender.value
    return dependency(
        Layer.MAIL_OUT,
        "relay",
        target,
        sender.value,
        attribution(
            (signal(SignalKind.SPF, sender.value, sender.observations),),
            view.weighing.confidence("unlisted"),
            settle=settle.sender_behind(target.value, sender.value),
        ),
        who=f"unlisted:{name}",
    )


def _signers(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    """Services that sign mail for the domain through an alias, which SPF need not name."""
    for seen in view.within("dkim", target.value):
        end = dkim_target(seen)
        if end is None or not seen.subject.endswith(f"._domainkey.{target.value}"):
            continue
        for match in catalogue.match_name(SignalKind.DKIM, end)[:1]:
            if match.role("mail_out") is not None:
                yield dependency(
                    Layer.MAIL_OUT,
                    _role(match),
                    target,
                    end,
                    attribution(
                        (signal(SignalKind.DKIM, end, (seen.id,), match),),
                        view.weighing.confidence("host_name", match.signature.strength),
                        match=match,
                    ),
                )


def _reports(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    dmarc = [view.read("dmarc", f"_dmarc.{target.value}", "TXT")]
    above = view.registrable(target.value)
    if above is not None and above != target.value:
        dmarc.append(view.read("dmarc", f"_dmarc.{above}", "TXT"))
    for read in dmarc:
        record = parse_dmarc(read.values)
        if isinstance(record, TagRecord):
            receivers = record.report_hosts("rua", "ruf")
            yield from _receivers(view, catalogue, target, receivers, read.observations, SignalKind.DMARC_RUA)
            break
    read = view.read("tls-rpt", f"_smtp._tls.{target.value}", "TXT")
    policy = parse_tls_rpt(read.values)
    if isinstance(policy, TagRecord):
        receivers = policy.report_hosts("rua")
        yield from _receivers(view, catalogue, target, receivers, read.observations, SignalKind.TLS_RPT)


def _receivers(  # noqa: PLR0917
    view: View,
    catalogue: Catalogue,
    target: Target,
    receivers: Iterable[str],
    observations: Iterable[ObservationId],
    kind: SignalKind,
) -> Iterator[Dependency]:
    ids = tuple(observations)
    for name in receivers:
        if view.owns(name):
            continue
        matches = catalogue.match_name(kind, name) or catalogue.match_name(SignalKind.DMARC_RUA, name)
        match = matches[0] if matches else None
        level = view.weighing.confidence("report") if match is not None else Confidence.PROBABLE
        yield dependency(
            Layer.MAIL_OUT,
            "report",
            target,
            name,
            attribution(
                (signal(kind, name, ids, match),),
                level,
                match=match,
                settle=None if match is not None else settle.receiver_of_reports(name),
            ),
            who=None if match is not None else f"unlisted:{view.registrable(name) or name}",
        )
