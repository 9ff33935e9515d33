"""What the search for the mailboxes could not read, and how sure that still lets anybody be named."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sovscan.attribute.mail_ballot import Ballot, Candidate, is_suite, sign_name
from sovscan.attribute.mail_fronts import Exchange, Front, Kind
from sovscan.attribute.networks import addresses_of
from sovscan.attribute.senders import Policy
from sovscan.attribute.view import View
from sovscan.attribute.weighing import Weighing, lowered
from sovscan.catalogue.announced import announced_names
from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.dependency import Confidence
from sovscan.model.evidence import Observation
from sovscan.model.provider import ProviderId, SignalKind
from sovscan.model.target import Target
from sovscan.readers.names import is_within

FLAG = "evidence-unread"
"""On a mailbox that an unread answer could have given to somebody else."""
_IN_A_POLICY = ("spf", "spf_supplier", "spf_blocks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """One class of sign that a question without an answer could have brought."""

    sign: str
    providers: frozenset[ProviderId] | None
    """For whom it could have spoken; None: for anybody."""
    question: str
    """Name and record type, as asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What the unread answers leave of an attribution."""

    confidence: Confidence
    questions: tuple[str, ...]
    """What would have to be asked again; empty when nothing unread could have decided otherwise."""


def unread_signs(view: View, catalogue: Catalogue, target: Target, policy: Policy) -> tuple[Unread, ...]:
    """Every class of sign that may have been missed because a question about the domain has no answer."""
    return (*_set_up(view, target), *_signatures(view, catalogue, target), *_policy(view, catalogue, target, policy),
            *_others(view, catalogue, target))  # fmt: skip


def unread_front(view: View, front: Front, target: Target) -> tuple[str, ...]:
    """The questions about an MX host that have no answer, so that it may be somebody else's than its name says."""
    if front.match is not None and not front.by_block:
        return ()
    resolved = [seen for host in front.hosts for seen in view.observations("mx-address", host)]
    asked = [*resolved, *(each for name in addresses_of(resolved) for each in view.observations("network", name))]
    if front.kind is Kind.OWN:
        asked += view.observations("wildcard", f"*.{target.value}")
    return tuple(sorted({_question(seen) for seen in asked if not seen.outcome.is_fact}))


def doubt(  # noqa: PLR0917
    weighing: Weighing,
    outcome: Ballot,
    candidate: Candidate,
    unread: Iterable[Unread],
    exchange: Exchange,
    confidence: Confidence,
) -> Doubt:
    """The confidence after all that was not read.

    A step down when unread signs could have made the candidate one of two readings; weak when they could have named
    another; untouched when nobody could have come near, whatever they would have said.
    """
    held = tuple(unread)
    own = _own_points(weighing, candidate, held)
    rivals = [each for each in outcome.ranked if each is not candidate and not (each.fronts and candidate.fronts)]
    if exchange.read.holes:
        held = (*held, *(Unread(sign="mx_mailbox", providers=frozenset({ProviderId(each.key)}),
                                question=_question(exchange.read.holes[0])) for each in rivals))  # fmt: skip
    reach = [(each.points, *_gain(weighing, each.key, each, held)) for each in rivals]
    newcomers = {None, *(key for each in held for key in each.providers or ())} - {each.key for each in outcome.ranked}
    reach += [(0.0, *_gain(weighing, key, None, held)) for key in newcomers if key != candidate.key]
    worst = max(reach, key=lambda each: (each[0] + each[1], each[2]), default=(0.0, 0.0, ()))
    if not worst[1] and own == candidate.points:
        return Doubt(confidence=confidence, questions=())
    lead = own - worst[0] - worst[1]
    if lead >= weighing.contested:
        return Doubt(confidence=confidence, questions=())
    level = Confidence.WEAK if lead <= 0 else lowered(confidence)
    return Doubt(confidence=level, questions=worst[2] or tuple(sorted({each.question for each in held})))


def _own_points(weighing: Weighing, candidate: Candidate, unread: tuple[Unread, ...]) -> float:
    """The candidate's points if a policy that was not read in full turned out to leave the suite out."""
    suite = candidate.match is not None and is_suite(candidate.match) and not candidate.fronts
    silent = suite and "spf" not in candidate.signs and any(each.sign in _IN_A_POLICY for each in unread)
    return candidate.points + (weighing.points("spf_silent") if silent else 0)


def _gain(
    weighing: Weighing, key: str | None, candidate: Candidate | None, unread: tuple[Unread, ...]
) -> tuple[float, tuple[str, ...]]:
    """The most points that unread signs could have brought somebody, and the questions they hang on."""
    open_signs: dict[str, list[str]] = {}
    for each in unread:
        if each.providers is not None and key not in each.providers:
            continue
        match = candidate.match if candidate is not None else None
        sign = sign_name(each.sign, match) if match is not None else each.sign
        if candidate is None or sign not in candidate.signs:
            open_signs.setdefault(sign, []).append(each.question)
    points = sum(max(0.0, weighing.points(sign)) for sign in open_signs)
    return points, tuple(sorted({question for asked in open_signs.values() for question in asked}))


def _set_up(view: View, target: Target) -> Iterator[Unread]:
    for name, sign in ((f"autodiscover.{target.value}", "autodiscover"), (f"_autodiscover._tcp.{target.value}", "srv")):
        yield from _all(sign, view.read("autodiscover", name).holes)
    for label in announced_names().mailbox_services:
        yield from _all("srv", view.read("srv", f"{label}.{target.value}").holes)
    for probe, signs in (("autodiscover", ("autodiscover", "srv")), ("srv", ("srv",))):
        for sign in signs:
            yield from _all(sign, view.read(probe, target.value).holes)


def _signatures(view: View, catalogue: Catalogue, target: Target) -> Iterator[Unread]:
    """Keys under a selector that some provider proposes could only have been one of theirs."""
    suffix = f"._domainkey.{target.value}"
    for seen in view.within("dkim", target.value):
        if seen.outcome.is_fact:
            continue
        matches = catalogue.match_exact(SignalKind.DKIM_SELECTOR, seen.subject.removesuffix(suffix))
        keepers = frozenset(match.provider.id for match in matches if "mail_in.mailbox" in match.offer.roles)
        if not matches or keepers:
            yield Unread(sign="dkim", providers=keepers or None, question=_question(seen))


def _policy(view: View, catalogue: Catalogue, target: Target, policy: Policy) -> Iterator[Unread]:
    for sign in (*_IN_A_POLICY, "token"):
        yield from _all(sign, view.read("txt", target.value).holes)
    for seen in policy.unread:
        if seen.subject == target.value or catalogue.match_name(SignalKind.SPF, seen.subject):
            continue
        signs = _IN_A_POLICY if is_within(seen.subject, target.value) or view.owns(seen.subject) else ("spf_supplier",)
        for sign in signs:
            yield from _all(sign, (seen,))


def _others(view: View, catalogue: Catalogue, target: Target) -> Iterator[Unread]:
    yield from _all("tenant", view.read("tenant", target.value).holes)
    for seen in view.observations("mta-sts"):
        if seen.subject in (target.value, f"_mta-sts.{target.value}") or f"//mta-sts.{target.value}/" in seen.subject:
            yield from _all("mta_sts", (seen,))
    for name in (target.value, *(f"{label}.{target.value}" for label in catalogue.host_names.webmail)):
        yield from _all("webmail", view.read("host-names", name).holes)


def _all(sign: str, holes: Iterable[Observation]) -> Iterator[Unread]:
    for seen in holes:
        if not seen.outcome.is_fact:
            yield Unread(sign=sign, providers=None, question=_question(seen))


def _question(seen: Observation) -> str:
    return f"{seen.subject} {seen.asked.type}"
