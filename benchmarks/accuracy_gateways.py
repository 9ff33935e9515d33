"""What the lesser signs of a suite are worth behind a gateway: counted where something else shows the mailboxes.

A policy that lets the suite send, a verification token and an account are no proof of mailboxes (METHOD 3.1). How often
they go with mailboxes there is seen on the domains where mail set-up or signatures tell; the rest of the domains is
what no rule on these signs can decide better than that.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sovscan.attribute.mail import mailbox_outcome
from sovscan.attribute.mail_ballot import is_suite
from sovscan.attribute.mail_fronts import Kind
from sovscan.attribute.view import View
from sovscan.catalogue.catalogue import Catalogue

PROOF = frozenset({"autodiscover", "dkim", "srv"})
ELSEWHERE = PROOF | {"set_up_host", "set_up_behind"}
LESSER = ("spf", "token", "tenant")
SHOWN = ("there", "elsewhere", "nothing shown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """One suite at one domain behind a gateway."""

    signs: tuple[str, ...]
    """Of LESSER, those that speak for the suite."""
    shown: str
    """Of SHOWN: where set-up and signatures lead."""


def behind_gateways(view: View, catalogue: Catalogue) -> tuple[Behind, ...]:
    """Each suite that something speaks for at a domain whose mail a gateway takes in; nothing for other domains."""
    exchange, outcome = mailbox_outcome(view, catalogue, view.domains[0])
    if not any(front.kind is Kind.GATEWAY or "appliance" in front.flags for front in exchange.fronts):
        return ()
    found = []
    for candidate in outcome.ranked:
        if candidate.match is None or not is_suite(candidate.match) or candidate.fronts:
            continue
        others = {sign for each in outcome.ranked if each is not candidate for sign in each.signs}
        mailboxes_shown = bool(others & ELSEWHERE) or any(each.fronts for each in outcome.ranked)
        shown = "there" if PROOF & candidate.signs.keys() else "elsewhere" if mailboxes_shown else "nothing shown"
        found.append(Behind(signs=tuple(sign for sign in LESSER if sign in candidate.signs), shown=shown))
    return tuple(found)


def tallied(seen: Iterable[Behind]) -> Mapping[str, Mapping[str, int]]:
    """For each set of lesser signs, how many times the mailboxes are shown there, elsewhere, or nowhere."""
    counts = Counter((" + ".join(each.signs) or "none of them", each.shown) for each in seen)
    kinds = sorted({kind for kind, _ in counts}, key=lambda kind: (-kind.count("+"), kind))
    return {kind: {shown: counts[kind, shown] for shown in SHOWN} for kind in kinds}
