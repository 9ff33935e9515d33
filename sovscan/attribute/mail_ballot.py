"""The candidates for the mailboxes of a domain, weighed by the points of the signs that speak for each."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sovscan.attribute.mail_fronts import Front, Kind
from sovscan.attribute.mail_signs import OPERATOR, MailSign
from sovscan.attribute.statement import ordered
from sovscan.attribute.weighing import Weighing, lowered
from sovscan.catalogue.catalogue import Match
from sovscan.model.dependency import Confidence, Hypothesis, Signal
from sovscan.model.provider import Strength

SUITE = "identity."
"""An offer with a role in this layer is an office suite: it relays for nobody else's mailboxes."""
_OF_A_HOST = {"autodiscover": "set_up_host", "srv": "set_up_host", "spf": "spf_host"}
"""What a sign is called when the offer is no suite."""
_NAMED_BY_SPF = frozenset({"spf", "spf_supplier", "spf_blocks"})


@dataclass(slots=True, kw_only=True)
class Candidate:
    """Somebody who may keep the mailboxes."""

    key: str
    match: Match | None
    points: float = 0.0
    signs: dict[str, list[Signal]] = field(default_factory=dict)
    """Classes of sign that spoke for it, in order of arrival, each with what was seen."""
    signals: list[Signal] = field(default_factory=list)
    against: list[Signal] = field(default_factory=list)
    fronts: list[Front] = field(default_factory=list)

    @property
    def name(self) -> str:
        """As printed."""
        if self.match is not None:
            return self.match.provider.name
        hosts = [host for front in self.fronts for host in front.hosts[:1]] or [each.value for each in self.signals[:1]]
        return ", ".join(hosts) or "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """The outcome."""

    ranked: tuple[Candidate, ...]
    """Most points first; ties in favour of whom the MX record names, then by key."""
    contested: bool

    @property
    def winner(self) -> Candidate | None:
        """None when nobody stands."""
        return self.ranked[0] if self.ranked else None


def ballot(
    weighing: Weighing, fronts: Iterable[Front], signs: Iterable[MailSign], closed: Signal | None = None
) -> Ballot:
    """The candidates in order. One class of sign counts once for one candidate, however often it is seen.

    ``closed``: the sender policy when it was read in full and refuses everybody it does not name; None when not.
    """
    candidates: dict[str, Candidate] = {}
    gateways = False
    for front in fronts:
        if front.kind is Kind.GATEWAY or "appliance" in front.flags:
            gateways = True
            continue
        key = front.match.provider.id if front.kind is Kind.MAILBOX and front.match else _front_key(front)
        match = front.match if front.kind is Kind.MAILBOX else None
        candidate = candidates.setdefault(key, Candidate(key=key, match=match))
        candidate.fronts.append(front)
        _count(weighing, candidate, _front_sign(front), front.signals)
    for sign in signs:
        if sign.match is not None:
            key = sign.match.provider.id
            candidate = candidates.setdefault(key, Candidate(key=key, match=sign.match))
            _count(weighing, candidate, sign_name(sign.sign, sign.match), (sign.signal,))
        elif sign.sign == "set_up_behind":
            if gateways and not any(each.fronts for each in candidates.values()):
                candidate = candidates.setdefault(sign.signal.value, Candidate(key=sign.signal.value, match=None))
                _count(weighing, candidate, sign.sign, (sign.signal,))
        else:
            for candidate in candidates.values():
                named_so = sign.sign == "spf_operator" and candidate.key in sign.signal.value.split()
                if candidate.match is None and (_is_operator(candidate) or named_so):
                    _count(weighing, candidate, sign.sign, (sign.signal,))
    if closed is not None and not gateways:
        _count_silence(weighing, candidates.values(), closed)
    ranked = sorted(candidates.values(), key=lambda each: (-each.points, not each.fronts, each.key))
    return Ballot(ranked=tuple(ranked), contested=_contested(weighing, ranked))


def confidence_of(weighing: Weighing, candidate: Candidate, *, contested: bool) -> Confidence:
    """How sure the mailboxes are there."""
    proofs = [sign for sign in candidate.signs if weighing.signs[sign].proof]
    if candidate.points < weighing.probable:
        level = Confidence.WEAK
    elif len(proofs) > 1 or any(sign in ("mx_suite", "mx_range") for sign in proofs):
        level = Confidence.CONFIRMED
    elif "mx_mailbox" in proofs and candidate.match is not None:
        strong = candidate.match.signature.strength is Strength.STRONG
        level = Confidence.CONFIRMED if strong else Confidence.PROBABLE
    else:
        level = Confidence.PROBABLE
    return lowered(level) if contested and level is not Confidence.WEAK else level


def second_reading(weighing: Weighing, outcome: Ballot) -> Hypothesis | None:
    """The next candidate, when it is worth printing."""
    if len(outcome.ranked) < 2:
        return None
    first, second = outcome.ranked[:2]
    if second.points < weighing.behind_share * first.points:
        return None
    return hypothesis(weighing, second)


def hypothesis(weighing: Weighing, candidate: Candidate) -> Hypothesis:
    """A candidate as a reading that is shown and not counted."""
    level = confidence_of(weighing, candidate, contested=False)
    return Hypothesis(
        provider=candidate.match.provider.id if candidate.match else None,
        offer=candidate.match.offer.id if candidate.match else None,
        confidence=min(level, Confidence.PROBABLE, key=lambda each: each.rank),
        signals=ordered(candidate.signals),
    )


def proof_beyond_mx(weighing: Weighing, candidate: Candidate) -> bool:
    """Whether more than an MX record shows that the service is in use."""
    return any(weighing.signs[sign].proof and not sign.startswith("mx_") for sign in candidate.signs)


def is_suite(match: Match) -> bool:
    """Whether the offer is an office suite, with accounts of its own."""
    return any(role.startswith(SUITE) for role in match.offer.roles)


def sign_name(sign: str, match: Match) -> str:
    """What a class of sign is called, and weighs, when it speaks for that offer."""
    return sign if is_suite(match) else _OF_A_HOST.get(sign, sign)


def _front_key(front: Front) -> str:
    return f"{OPERATOR}:{front.kind}:{front.key}"


def _front_sign(front: Front) -> str:
    if front.kind is Kind.MAILBOX and front.match is not None:
        if is_suite(front.match):
            return "mx_range" if front.by_block else "mx_suite"
        return "mx_mailbox"
    return {Kind.HOLLOW: "mx_apex", Kind.SENDER: "mx_sender"}.get(front.kind, "mx_operator")


def _is_operator(candidate: Candidate) -> bool:
    return any(front.kind in (Kind.OWN, Kind.OPERATOR, Kind.HOLLOW) for front in candidate.fronts)


def _count(weighing: Weighing, candidate: Candidate, sign: str, signals: Iterable[Signal]) -> None:
    if sign not in candidate.signs:
        candidate.points += weighing.points(sign)
        candidate.signs[sign] = []
    seen = list(signals)
    candidate.signs[sign].extend(seen)
    candidate.signals.extend(seen)


def _count_silence(weighing: Weighing, candidates: Iterable[Candidate], closed: Signal) -> None:
    for candidate in candidates:
        unnamed = candidate.match is not None and is_suite(candidate.match) and not candidate.fronts
        if unnamed and not _NAMED_BY_SPF.intersection(candidate.signs):
            candidate.points += weighing.points("spf_silent")
            candidate.signs["spf_silent"] = [closed]
            candidate.against.append(closed)


def _contested(weighing: Weighing, ranked: list[Candidate]) -> bool:
    if len(ranked) < 2 or ranked[0].points < weighing.probable:
        return False
    first, second = ranked[:2]
    if first.fronts and second.fronts:
        return False
    return first.points - second.points < weighing.contested
