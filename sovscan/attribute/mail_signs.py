"""Signs of where the mailboxes are, other than the MX record: what somebody set up in order to read and send mail."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sovscan.attribute.mail_fronts import Front, Kind
from sovscan.attribute.networks import pick
from sovscan.attribute.senders import Policy
from sovscan.attribute.statement import signal
from sovscan.attribute.view import Reading, View, chain, reading
from sovscan.catalogue.announced import announced_names
from sovscan.catalogue.catalogue import LABEL_MARK, Catalogue, Match
from sovscan.model.dependency import Signal
from sovscan.model.evidence import Observation, Outcome
from sovscan.model.provider import SignalKind
from sovscan.model.target import Target

OPERATOR = "operator"
"""Candidate: whoever runs the MX host that the catalogue does not list, or the organisation itself."""
_SET_UP = (SignalKind.AUTODISCOVER, SignalKind.SRV, SignalKind.MX, SignalKind.CNAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSign:
    """One sign for one candidate."""

    sign: str
    """Key in rules/attribution.yaml ``mailbox.signs``."""
    match: Match | None
    """None: it speaks for the operator of the MX host, or the organisation itself."""
    signal: Signal


def signs_of(
    view: View, catalogue: Catalogue, target: Target, policy: Policy, fronts: tuple[Front, ...]
) -> tuple[MailSign, ...]:
    """Every sign in evidence, in no particular order of importance."""
    near = _operator_names(view, fronts)
    return (
        *_autodiscover(view, catalogue, target, near),
        *_services(view, catalogue, target),
        *_dkim(view, catalogue, target),
        *_tokens(view, catalogue, target),
        *_tenant(view, catalogue, target),
        *_mta_sts(view, catalogue, target),
        *_webmail(view, catalogue, target),
        *_senders(policy, fronts, target),
    )


def srv_target(value: str) -> str:
    """The host of an SRV record; empty when it says that there is no such service (RFC 2782)."""
    host = value.rsplit(maxsplit=1)[-1].lower() if value.split() else ""
    return "" if host == "." else host


def dkim_target(seen: Observation) -> str | None:
    """The name at which a DKIM key really lies, when it is an alias; None when it is not."""
    links = chain(seen)
    return links[-1] if len(links) > 1 else None


def _operator_names(view: View, fronts: tuple[Front, ...]) -> frozenset[str]:
    names = {view.registrable(host) for front in fronts for host in front.hosts if front.match is None}
    return frozenset(filter(None, names))


def _mailbox(matches: Iterable[Match]) -> Match | None:
    services = tuple(match for match in matches if not match.signature.value.endswith(LABEL_MARK))
    return pick(services, "mail_in", "mailbox")


def _account_with_mailboxes(match: Match) -> bool:
    """Whether a sign of an account is one of an offer that keeps mailboxes."""
    if match.role("mail_in") == "mailbox":
        return True
    return match.role("identity") is not None and "mail_in.mailbox" in match.offer.roles


def _by_names(catalogue: Catalogue, names: Iterable[str], *kinds: SignalKind) -> tuple[Match, str, SignalKind] | None:
    for name in names:
        for kind in kinds:
            match = _mailbox(catalogue.match_name(kind, name))
            if match is not None:
                return match, name, kind
    return None


def _autodiscover(view: View, catalogue: Catalogue, target: Target, near: frozenset[str]) -> Iterator[MailSign]:
    alias = view.read("autodiscover", f"autodiscover.{target.value}")
    service = view.read("autodiscover", f"_autodiscover._tcp.{target.value}")
    names = [_meant(catalogue, name, target) for name in (*alias.aliases, *_names_in(alias))]
    yield from _set_up(view, catalogue, target, names, alias, "autodiscover", SignalKind.AUTODISCOVER, near)
    hosts = [_meant(catalogue, host, target) for value in service.values if (host := srv_target(value))]
    yield from _set_up(view, catalogue, target, hosts, service, "srv", SignalKind.SRV, near)


def _meant(catalogue: Catalogue, name: str, target: Target) -> str:
    """The service that was meant where the final dot was forgotten (``host.provider.example.D``); else the name."""
    short = name.removesuffix(f".{target.value}")
    return short if short != name and any(catalogue.match_name(kind, short) for kind in _SET_UP) else name


def _set_up(  # noqa: PLR0917
    view: View,
    catalogue: Catalogue,
    target: Target,
    names: list[str],
    read: Reading,
    sign: str,
    kind: SignalKind,
    near: frozenset[str],
) -> Iterator[MailSign]:
    found = _by_names(catalogue, names, *_SET_UP)
    if found is not None:
        match, name, _ = found
        yield MailSign(sign=sign, match=match, signal=signal(kind, name, read.observations, match))
        return
    for name in names:
        if view.owns(name) or view.registrable(name) in near:
            yield MailSign(sign="autodiscover_operator", match=None, signal=signal(kind, name, read.observations))
            break
    last = names[-1] if names else ""
    if last and last != target.value and "." in last and not any(catalogue.match_name(each, last) for each in _SET_UP):
        yield MailSign(sign="set_up_behind", match=None, signal=signal(kind, last, read.observations))


def _services(view: View, catalogue: Catalogue, target: Target) -> Iterator[MailSign]:
    for label in announced_names().mailbox_services:
        read = view.read("srv", f"{label}.{target.value}", "SRV")
        hosts = [host for value in read.values if (host := srv_target(value))]
        found = _by_names(catalogue, hosts, SignalKind.SRV, SignalKind.MX, SignalKind.AUTODISCOVER)
        if found is not None:
            match, name, _ = found
            yield MailSign(sign="srv", match=match, signal=signal(SignalKind.SRV, name, read.observations, match))


def _dkim(view: View, catalogue: Catalogue, target: Target) -> Iterator[MailSign]:
    suffix = f"._domainkey.{target.value}"
    for seen in view.within("dkim", target.value):
        if not seen.subject.endswith(suffix):
            continue
        end = dkim_target(seen)
        if end is not None:
            match = _mailbox(catalogue.match_name(SignalKind.DKIM, end))
            if match is not None:
                yield MailSign(sign="dkim", match=match, signal=signal(SignalKind.DKIM, end, (seen.id,), match))
            continue
        if seen.outcome is Outcome.ANSWERED:
            selector = seen.subject.removesuffix(suffix)
            matches = catalogue.match_exact(SignalKind.DKIM_SELECTOR, selector)
            match = _mailbox(matches)
            if match is not None and len({each.provider.id for each in matches}) == 1:
                said = signal(SignalKind.DKIM_SELECTOR, selector, (seen.id,), match)
                yield MailSign(sign="dkim_selector", match=match, signal=said)


def _tokens(view: View, catalogue: Catalogue, target: Target) -> Iterator[MailSign]:
    read = view.read("txt", target.value, "TXT")
    for value in read.values:
        match = next(filter(_account_with_mailboxes, catalogue.match_token(SignalKind.TXT, value)), None)
        if match is not None:
            yield MailSign(sign="token", match=match, signal=signal(SignalKind.TXT, value, read.observations, match))


def _tenant(view: View, catalogue: Catalogue, target: Target) -> Iterator[MailSign]:
    for seen, said, match in tenants(view, catalogue, target):
        if _account_with_mailboxes(match):
            yield MailSign(sign="tenant", match=match, signal=signal(SignalKind.TENANT, said, (seen.id,), match))


def tenants(view: View, catalogue: Catalogue, target: Target) -> Iterator[tuple[Observation, str, Match]]:
    """The answers that say an account exists, with whose it is. ``Unknown`` is no information."""
    for seen in view.observations("tenant", target.value):
        if seen.outcome is not Outcome.ANSWERED:
            continue
        for value in seen.values:
            for match in catalogue.match_exact(SignalKind.TENANT, value)[:1]:
                yield seen, value, match


def _mta_sts(view: View, catalogue: Catalogue, target: Target) -> Iterator[MailSign]:
    for seen in view.observations("mta-sts"):
        if f"//mta-sts.{target.value}/" not in seen.subject:
            continue
        read = reading([seen])
        patterns = [
            value.split(":", 1)[1].strip().removeprefix("*.")
            for value in read.values
            if value.lower().startswith("mx:")
        ]
        found = _by_names(catalogue, patterns, SignalKind.MX)
        if found is not None:
            match, name, _ = found
            yield MailSign(sign="mta_sts", match=match, signal=signal(SignalKind.MTA_STS, name, (seen.id,), match))


def _webmail(view: View, catalogue: Catalogue, target: Target) -> Iterator[MailSign]:
    for label in catalogue.host_names.webmail:
        read = view.read("host-names", f"{label}.{target.value}")
        found = _by_names(
            catalogue, read.aliases, SignalKind.MX, SignalKind.AUTODISCOVER, SignalKind.CNAME, SignalKind.WEB_HOST
        )
        if found is not None:
            match, name, _ = found
            yield MailSign(sign="webmail", match=match, signal=signal(SignalKind.CNAME, name, read.observations, match))


def _senders(policy: Policy, fronts: tuple[Front, ...], target: Target) -> Iterator[MailSign]:
    for sender in policy.senders:
        match = _mailbox(sender.matches)
        if match is not None:
            kind = SignalKind.RANGE if sender.evidence == "spf_blocks" else SignalKind.SPF
            yield MailSign(
                sign=sender.evidence, match=match, signal=signal(kind, sender.value, sender.observations, match)
            )
    hosts = {host for front in fronts if front.kind in (Kind.OWN, Kind.OPERATOR, Kind.HOLLOW) for host in front.hosts}
    if policy.hosts and (not hosts or hosts & {target.value, *policy.hosts}):
        value = " ".join(policy.hosts)
        yield MailSign(sign="spf_operator", match=None, signal=signal(SignalKind.SPF, value, policy.observations))


def _names_in(read: Reading) -> list[str]:
    return [value for fact in read.facts if fact.asked.type == "CNAME" for value in fact.values]
