"""Signs that sovscan does not follow, and how often following each would have been right, on two halves of the rows.

A sign is taken up only when it is right in 0.98 of its cases on a half that it was not devised on. Labels that rest on
silence themselves ("backend provider unknown") judge none of them.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sovscan.attribute.mail import mailbox_outcome
from sovscan.attribute.mail_ballot import is_suite
from sovscan.attribute.mail_fronts import Kind
from sovscan.attribute.senders import closed_policy, policy_of
from sovscan.attribute.view import View
from sovscan.catalogue.catalogue import Catalogue

SUITE, OTHER = "suite", "other"
SUITES = ("microsoft", "google")


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """What one sign would have said of one domain."""

    domain: str
    sign: str
    claim: str
    """``suite`` or ``other``."""


def ideas(view: View, catalogue: Catalogue) -> Iterator[Idea]:
    """What the signs that are not followed would say of mailboxes that no suite is named for."""
    for target in view.domains:
        exchange, outcome = mailbox_outcome(view, catalogue, target)
        suites = [each for each in outcome.ranked if each.match is not None and is_suite(each.match)]
        if outcome.winner is not None and outcome.winner in suites and outcome.winner.points >= view.weighing.probable:
            continue
        signs = {sign for each in suites for sign in each.signs}
        policy = policy_of(view, catalogue, target.value)
        gateway = any(front.kind is Kind.GATEWAY for front in exchange.fronts)
        own = [node for node in policy.tree.nodes if node.depth == 0 and node.kind in ("ip4", "ip6")]
        led = {sign for each in outcome.ranked for sign in each.signs} & {"set_up_behind", "autodiscover_operator"}
        hosts = [view.read("host-names", f"{label}.{target.value}") for label in catalogue.host_names.webmail]
        found = {
            ("gateway; own addresses written out in the policy, no sign of a suite", OTHER): gateway
            and bool(own)
            and not signs,
            ("gateway; a closed policy that names no suite", OTHER): gateway
            and closed_policy(policy) is not None
            and not signs & {"spf", "spf_blocks", "spf_supplier"},
            ("gateway; set-up leads to a host of its own or an unlisted one", OTHER): gateway and bool(led),
            ("gateway; a mail or webmail host of its own has an address", OTHER): gateway
            and any(read.values for read in hosts),
            ("gateway; a token of the suite alone", SUITE): gateway and signs == {"token"},
            ("gateway; the policy names the suite, and nothing else does", SUITE): gateway and signs == {"spf"},
            ("gateway; addresses of the suite written out in the policy", SUITE): gateway and "spf_blocks" in signs,
            ("no gateway; the suite only through a supplier's record", SUITE): not gateway
            and signs == {"spf_supplier"},
            ("no gateway; the policy names the suite and a token does", SUITE): not gateway
            and signs == {"spf", "token"},
            ("no gateway; a token of the suite, the policy does not refuse it", SUITE): not gateway
            and signs == {"token"},
        }
        yield from (
            Idea(domain=target.value, sign=sign, claim=claim) for (sign, claim), holds in found.items() if holds
        )


def judged(found: Iterable[Idea], rows: Iterable[dict], label_class) -> Mapping[str, Mapping[str, int]]:
    """By sign, how many claims were judged and how many right, on each half; signs in the order of the text."""
    labels = {
        row["domain"]: label_class(row["label"])
        for row in rows
        if row["label"]["confidence"] in "ABC" and "backend provider unknown" not in (row["label"].get("reason") or "")
    }
    counts: dict[str, Counter[str]] = {}
    for idea in found:
        label = labels.get(idea.domain)
        if label in (None, "foreign", "unknown"):
            continue
        half = "first" if hashlib.sha256(idea.domain.encode()).digest()[0] % 2 == 0 else "second"
        tally = counts.setdefault(f"{idea.sign}: {idea.claim}", Counter())
        tally[f"{half}_seen"] += 1
        tally[f"{half}_right"] += (label in SUITES) == (idea.claim == SUITE)
    return {sign: dict(counts[sign]) for sign in sorted(counts)}
