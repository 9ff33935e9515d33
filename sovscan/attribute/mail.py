"""Incoming mail: what takes it in, what passes it on, and where the mailboxes are, each with its owner and host."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sovscan.attribute import settle
from sovscan.attribute.mail_ballot import (
    Ballot,
    Candidate,
    ballot,
    confidence_of,
    hypothesis,
    proof_beyond_mx,
    second_reading,
)
from sovscan.attribute.mail_fronts import Exchange, Front, Kind, exchange_of
from sovscan.attribute.mail_signs import signs_of
from sovscan.attribute.networks import Holder, addresses_of, networks_of
from sovscan.attribute.senders import closed_policy, policy_of
from sovscan.attribute.software import software_of
from sovscan.attribute.statement import attribution, dependency
from sovscan.attribute.unread import FLAG, Doubt, Unread, doubt, unread_front, unread_signs
from sovscan.attribute.view import View, chain
from sovscan.attribute.weighing import lowered
from sovscan.catalogue.catalogue import Catalogue, Match
from sovscan.model.dependency import Confidence, Dependency, Layer, Signal
from sovscan.model.provider import SignalKind, Strength
from sovscan.model.target import Target
from sovscan.model.text import Text
from sovscan.readers.names import is_within


def attribute_mail(view: View, catalogue: Catalogue) -> tuple[Dependency, ...]:
    """Gateways, mailboxes and backups of every domain; nothing for a domain that takes no mail."""
    return tuple(found for target in view.domains for found in _of_domain(view, catalogue, target))


def mailbox_outcome(view: View, catalogue: Catalogue, target: Target) -> tuple[Exchange, Ballot]:
    """The MX fronts of a domain and the candidates for its mailboxes."""
    return view.once(f"mailbox {target.value}", lambda: _outcome(view, catalogue, target))


def mailbox_confidence(view: View, catalogue: Catalogue, target: Target) -> Confidence | None:
    """How sure the mailboxes are with the first candidate; None when nobody stands."""
    asked = _asked(view, catalogue, target)
    winner = asked.outcome.winner
    if winner is None:
        return None
    level = asked.doubt(winner).confidence
    return lowered(level) if asked.exchange.read.holes else level


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One domain, with what was found out about its mail and what was not."""

    view: View
    catalogue: Catalogue
    target: Target
    exchange: Exchange
    outcome: Ballot
    unread: tuple[Unread, ...]

    def doubt(self, candidate: Candidate) -> Doubt:
        """How sure the mailboxes are with the candidate, after all that could not be read."""
        contested = self.outcome.contested and candidate is self.outcome.winner
        level = confidence_of(self.view.weighing, candidate, contested=contested)
        return doubt(self.view.weighing, self.outcome, candidate, self.unread, self.exchange, level)


def _outcome(view: View, catalogue: Catalogue, target: Target) -> tuple[Exchange, Ballot]:
    exchange = exchange_of(view, catalogue, target)
    policy = policy_of(view, catalogue, target.value)
    signs = signs_of(view, catalogue, target, policy, exchange.fronts)
    return exchange, ballot(view.weighing, exchange.fronts, signs, closed_policy(policy))


def _asked(view: View, catalogue: Catalogue, target: Target) -> _Asked:
    exchange, outcome = mailbox_outcome(view, catalogue, target)
    unread = unread_signs(view, catalogue, target, policy_of(view, catalogue, target.value))
    return _Asked(view=view, catalogue=catalogue, target=target, exchange=exchange, outcome=outcome, unread=unread)


LAYER_ATTRIBUTION = attribute_mail

_ANY = Strength.STRONG


def _of_domain(view: View, catalogue: Catalogue, target: Target) -> Iterator[Dependency]:
    asked = _asked(view, catalogue, target)
    exchange, outcome = asked.exchange, asked.outcome
    if exchange.null:
        return
    if not exchange.fronts:
        if exchange.read.holes:
            yield from _without_mx(asked)
        return
    gateways = [front for front in exchange.fronts if front.kind is Kind.GATEWAY or "appliance" in front.flags]
    direct = [front for front in exchange.fronts if front not in gateways]
    winner = outcome.winner
    for front in gateways:
        yield from _front_dependencies(asked, front, "gateway")
    if winner is not None and winner.points >= view.weighing.probable and not winner.fronts:
        for front in direct:
            yield from _front_dependencies(asked, front, "gateway", relay=True)
        yield _mailbox(asked, winner, behind=bool(gateways or direct))
        return
    if direct:
        yield from _direct(asked, direct, behind=bool(gateways))
        return
    yield _unseen(view, target, gateways, outcome)


def _direct(asked: _Asked, direct: list[Front], *, behind: bool) -> Iterator[Dependency]:
    best = min(front.preference for front in direct)
    winner = asked.outcome.winner
    for front in direct:
        wins = winner is not None and front in winner.fronts
        proven = wins and winner is not None and proof_beyond_mx(asked.view.weighing, winner)
        role = "mailbox" if proven or front.preference == best else "backup"
        candidate = next((each for each in asked.outcome.ranked if front in each.fronts), None)
        yield from _front_dependencies(asked, front, role, candidate, wins=wins, behind=behind)


def _front_dependencies(
    asked: _Asked,
    front: Front,
    role: str,
    candidate: Candidate | None = None,
    *,
    wins: bool = False,
    relay: bool = False,
    behind: bool = False,
) -> Iterator[Dependency]:
    """One dependency for each network the front is hosted on; one without host when no network is known."""
    view, target = asked.view, asked.target
    outcome = asked.outcome if wins else None
    hidden = unread_front(view, front, target)
    flags = set(front.flags)
    flags.update({"relay"} if relay else ())
    flags.update({"behind-gateway"} if behind and role == "mailbox" else ())
    flags.update({"shared"} if _is_the_providers_own(front, target) else ())
    flags.update({"inherited"} if _tenant_of_the_group(view, front, target) else ())
    match = front.match if front.kind is not Kind.HOLLOW else None
    if front.match is not None and front.kind is Kind.HOLLOW:
        flags.add("parked")
    technology = software_of(view, asked.catalogue, target, front) if match is None else None
    doubted = _front_doubt(asked, front, role, candidate, relay=relay)
    signals = (*front.signals, *(candidate.signals if candidate is not None and role != "gateway" else ()))
    contested = outcome is not None and outcome.contested
    flags.update({"conflict"} if contested else ())
    flags.update({FLAG} if doubted.questions or hidden else ())
    for holder in _hosts(front, match):
        own = match is None and front.kind is Kind.OWN and holder is not None and not hidden
        level = lowered(doubted.confidence) if holder is not None and holder.several else doubted.confidence
        if hidden or (match is None and holder is None and front.kind is not Kind.OPERATOR):
            level = Confidence.WEAK
        host_flags = {"several-networks"} if holder is not None and holder.several else set()
        yield dependency(
            Layer.MAIL_IN,
            role,
            target,
            front.hosts[0],
            attribution(
                (*signals, *(holder.signals if holder is not None else ())),
                level,
                match=match,
                operator_self=own,
                against=_against(outcome),
                runner_up=second_reading(view.weighing, outcome) if outcome is not None else None,
                settle=_settle(target, front, outcome, contested=contested, unlisted=match is None and not own,
                               unread=(*hidden, *doubted.questions), holder=holder),
            ),
            host=holder.party if holder is not None else None,
            technology=technology,
            flags=flags | host_flags,
        )  # fmt: skip


def _front_doubt(asked: _Asked, front: Front, role: str, candidate: Candidate | None, *, relay: bool) -> Doubt:
    weighing = asked.view.weighing
    if role != "gateway" and candidate is not None:
        return asked.doubt(candidate)
    level = Confidence.WEAK
    if role == "gateway":
        evidence = "gateway_operator" if relay or front.match is None else "gateway_mx"
        level = weighing.confidence(evidence, front.match.signature.strength if front.match else _ANY)
    return Doubt(confidence=level, questions=())


def _hosts(front: Front, match: Match | None) -> tuple[Holder | None, ...]:
    """The networks worth a fact of their own: for a known provider those of others that are known, else its own."""
    holders = front.networks.holders
    if match is not None:
        others = tuple(each for each in holders if each.provider not in (None, match.provider.id))
        holders = others or tuple(each for each in holders if each.provider is not None)[:1]
    return holders or (None,)


def _mailbox(asked: _Asked, winner: Candidate, *, behind: bool) -> Dependency:
    """The mailboxes that no MX record names: a provider's, or those of a host that mail programs are told to use."""
    view, target, outcome = asked.view, asked.target, asked.outcome
    contested = outcome.contested
    second = outcome.ranked[1].name if len(outcome.ranked) > 1 else ""
    doubted = asked.doubt(winner)
    fronts = [front for front in asked.exchange.fronts if unread_front(view, front, target)]
    flags = {"behind-gateway"} if behind else set()
    flags.update({"conflict"} if contested else ())
    flags.update({FLAG} if doubted.questions or fronts else ())
    if view.registrable(target.value) != target.value and _of_the_group(view, target, winner.signals):
        flags.add("inherited")
    subject = _subject(winner, target)
    holder = _holder(view, asked.catalogue, target, subject) if winner.match is None else None
    open_question = settle.two_readings(target.value, winner.name, second) if contested else None
    if open_question is None and winner.match is None:
        open_question = settle.mailbox_behind(target.value)
    if open_question is None and doubted.questions:
        open_question = settle.ask_again(doubted.questions)
    return dependency(
        Layer.MAIL_IN,
        "mailbox",
        target,
        subject,
        attribution(
            (*winner.signals, *(holder.signals if holder is not None else ())),
            Confidence.WEAK if fronts else doubted.confidence,
            match=winner.match,
            operator_self=holder is not None and is_within(subject, target.value),
            against=_against(outcome),
            runner_up=second_reading(view.weighing, outcome),
            settle=open_question,
        ),
        host=holder.party if holder is not None else None,
        flags=flags,
    )


def _holder(view: View, catalogue: Catalogue, target: Target, name: str) -> Holder | None:
    """On whose network a host of the domain's own stands, when all its known addresses lie in one."""
    asked = (*view.observations("host-names", name), *view.observations("autodiscover", f"autodiscover.{target.value}"))
    at_name = (seen for seen in asked if seen.subject == name or chain(seen)[-1:] == (name,))
    holders = networks_of(view, catalogue, addresses_of(at_name)).holders
    return holders[0] if len(holders) == 1 else None


def _unseen(view: View, target: Target, gateways: list[Front], outcome: Ballot) -> Dependency:
    """The mailboxes behind a gateway that nothing tells of: unknown, with a guess as a second reading."""
    guess = outcome.winner
    signals = [each for front in gateways for each in front.signals]
    return dependency(
        Layer.MAIL_IN,
        "mailbox",
        target,
        target.value,
        attribution(
            signals,
            Confidence.WEAK,
            runner_up=hypothesis(view.weighing, guess) if guess is not None else None,
            settle=settle.mailbox_behind(target.value),
        ),
        flags={"behind-gateway"},
    )


def _without_mx(asked: _Asked) -> Iterator[Dependency]:
    """The MX question failed: what other signs name is kept, a step less sure."""
    outcome, weighing = asked.outcome, asked.view.weighing
    winner = outcome.winner
    if winner is None or winner.match is None or winner.points < weighing.probable:
        return
    yield dependency(
        Layer.MAIL_IN,
        "mailbox",
        asked.target,
        _subject(winner, asked.target),
        attribution(
            winner.signals,
            lowered(asked.doubt(winner).confidence),
            match=winner.match,
            runner_up=second_reading(weighing, outcome),
            settle=settle.ask_again((f"{asked.target.value} MX",)),
        ),
        flags={"mx-unread"},
    )


def _against(outcome: Ballot | None) -> tuple[Signal, ...]:
    """Signs for candidates that no MX record names and that did not win."""
    if outcome is None:
        return ()
    winner = outcome.ranked[:1]
    others = (each for candidate in outcome.ranked[1:] if not candidate.fronts for each in candidate.signals)
    return (*(each for candidate in winner for each in candidate.against), *others)


def _settle(
    target: Target,
    front: Front,
    outcome: Ballot | None,
    *,
    contested: bool,
    unlisted: bool,
    unread: tuple[str, ...],
    holder: Holder | None,
) -> Text | None:
    if contested and outcome is not None:
        return settle.two_readings(target.value, outcome.ranked[0].name, outcome.ranked[1].name)
    if unread:
        return settle.ask_again(unread)
    if not unlisted or (holder is not None and holder.several):
        return None
    return settle.operator_of(front.hosts[0], holder.party if holder is not None else None)


def _is_the_providers_own(front: Front, target: Target) -> bool:
    """Whether the target is a domain that the provider shares among its customers, such as an access provider's."""
    return front.match is not None and is_within(target.value, front.match.signature.value)


def _tenant_of_the_group(view: View, front: Front, target: Target) -> bool:
    return front.match is not None and _of_the_group(view, target, front.signals)


def _of_the_group(view: View, target: Target, signals: Iterable[Signal]) -> bool:
    """Whether an account's name is made of the domain above the target's: a group's, not the body's own."""
    above = view.registrable(target.value)
    if above is None or above == target.value:
        return False
    own, group = target.value.replace(".", "-"), above.replace(".", "-")
    labels = {
        label for each in signals if each.kind in (SignalKind.MX, SignalKind.DKIM) for label in each.value.split(".")
    }
    return any(_names(label, group) for label in labels) and not any(_names(label, own) for label in labels)


def _names(label: str, written: str) -> bool:
    return label == written or label.endswith("-" + written)


def _subject(winner: Candidate, target: Target) -> str:
    return next((each.value for each in winner.signals if each.kind is not SignalKind.TXT), target.value)
