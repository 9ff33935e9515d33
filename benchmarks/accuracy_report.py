"""The figures of ``accuracy.py`` as a page: ``docs/accuracy.md`` is what this returns."""

# ruff: noqa: E501 - sentences of the page stand on one line

from collections import Counter
from collections.abc import Iterable, Iterator

from accuracy_gateways import SHOWN
from disagreements import (
    ACCOUNT,
    BEHIND,
    BEHIND_SILENCE,
    BEHIND_TOKEN,
    GAVE_UP,
    HOLLOW,
    IS_GATEWAY,
    NO_HOST,
    ON_US,
    OWNED,
    RELAY,
    TWO,
    UNSOURCED,
    Difference,
)

from sovscan.catalogue.catalogue import Catalogue

FEW = 10
"""Cases below which a share says nothing."""
WHAT_WOULD_SETTLE = {
    OWNED: "nothing: naming the owner is what the audit is for",
    ON_US: "nothing: likewise, for the network under a self-run host",
    UNSOURCED: "a source for the owner; then set aside like the two above",
    BEHIND_TOKEN: "a setting-up or signing record, or a word of the organisation; guessing is right as often as the table above says",
    BEHIND_SILENCE: "a word of the organisation; taking silence for an own server is what sovscan must never do",
    IS_GATEWAY: "a word of the organisation: a filter keeps no mailboxes",
    BEHIND: "a word of the organisation",
    RELAY: "headers of a message: set-up or signatures lead into the suite, the label looks at the MX alone",
    ACCOUNT: "headers of a message: the MX names a mail host, the label follows an account, a token or a sender",
    NO_HOST: "addresses that the set does not record; an MX that leads nowhere names nobody",
    HOLLOW: "a greeting of the server, which is not asked; an MX at the domain itself is often left over",
    TWO: "headers of a message; both readings are shown",
    GAVE_UP: "nothing: the MX names a mail host",
}
"""What a disagreement waits for, by its class; classes that are not here are errors to mend."""

CLASSES = ("microsoft", "google", "aws", "other-us", "other-foreign", "non-us", "unknown")


def written(result: dict, differing: Iterable[Difference], catalogue: Catalogue, web: dict, ca: dict) -> str:
    """The page, in Markdown."""
    found = tuple(differing)
    return "\n".join(
        (
            *_head(result, catalogue),
            *_tiers(result),
            *_matrix(result["confusion"]),
            *_calibration(result["calibration"]),
            *_not_followed(result["not_followed"]),
            *_gateways(result["gateway"]),
            *_behind(result["behind_gateways"]),
            *_disagreements(found),
            *_bound(result, found),
            *_web(web["figures"], ca["figures"]),
            *_limits(),
            "",
        )
    )


def _head(result: dict, catalogue: Catalogue) -> Iterator[str]:
    yield "# How often the attribution is right"
    yield ""
    yield "Written by `benchmarks/accuracy.py --report`; not edited by hand. Labels are other people's, on a recorded public"
    yield f"set of European public bodies, served by a real name server and asked as `sovscan collect` asks. Catalogue of {catalogue.date}."
    yield ""
    yield "| figure | value |"
    yield "|---|---|"
    yield f"| organisations compared (tiers A to C) | {result['n']} |"
    yield f"| same class of mailbox provider | {result['accuracy']:.4f} |"
    yield f"| US-controlled or not, raw | {result['us_or_not']:.4f} |"
    yield f"| the same, labels set aside that a sourced owner contradicts | {result['us_or_not_aside']:.4f} |"
    yield f"| the same, where sovscan names somebody | {result['us_or_not_when_named']:.4f} |"
    opted = result["opted_in"]
    yield f"| with the opt-in question about an account: same class / of A and B / US or not | {opted['accuracy']:.4f} / {opted['a_and_b']:.4f} / {opted['us_or_not']:.4f} |"
    yield ""


def _tiers(result: dict) -> Iterator[str]:
    yield "## By how sure the label is"
    yield ""
    yield "A: two pipelines agree. B: one pipeline, a direct match. C: one pipeline, indirect evidence. D: pipelines contradict"
    yield "each other. Set aside: labels that a sourced owner of the provider, or of the network under a self-run host, contradicts."
    yield ""
    yield "| tier | labels | same class | set aside | same class of the rest |"
    yield "|---|---|---|---|---|"
    tiers, aside = result["tiers"], result["set_aside"]
    for tier, each in tiers.items():
        yield _tier(tier, each["n"], each["accuracy"] * each["n"], aside.get(tier, 0))
    both = [tiers[tier] for tier in "AB" if tier in tiers]
    right = sum(each["accuracy"] * each["n"] for each in both)
    yield _tier("A and B", sum(each["n"] for each in both), right, aside.get("A", 0) + aside.get("B", 0))
    yield ""


def _tier(name: str, n: int, right: float, aside: int) -> str:
    return f"| {name} | {n} | {right / n:.4f} | {aside} | {right / (n - aside):.4f} |"


def _matrix(confusion: dict) -> Iterator[str]:
    yield "## Confusion matrix"
    yield ""
    yield "Rows are labels, columns what sovscan says (tiers A to C). `non-us` is any European provider, access provider or"
    yield "own server: the labels do not separate these. `unknown` is an answer: what evidence does not show is not named."
    yield ""
    shown = [name for name in CLASSES if name in confusion or any(name in row for row in confusion.values())]
    yield "| label \\ said | " + " | ".join(shown) + " |"
    yield "|---" * (len(shown) + 1) + "|"
    for name in shown:
        if sum(confusion.get(name, {}).values()):
            yield f"| {name} | " + " | ".join(str(confusion[name].get(each, 0)) for each in shown) + " |"
    yield ""


def _calibration(calibration: dict) -> Iterator[str]:
    yield "## What a confidence is worth"
    yield ""
    yield "| confidence of the mailbox | organisations | label agrees |"
    yield "|---|---|---|"
    for name in ("confirmed", "probable", "unknown", "weak"):
        if name in calibration:
            yield f"| {name} | {calibration[name]['n']} | {calibration[name]['right']:.4f} |"
    yield ""
    yield "`unknown` is no claim: there the label names somebody on evidence that sovscan only shows as a second reading."
    yield "`weak`: those of the unknown for which a reading is shown, and how often it is the label's. Readers of reports and of"
    yield "`sovscan explain` are told these figures, from rules/calibration.yaml."
    yield ""


def _not_followed(ideas: dict) -> Iterator[str]:
    yield "## Signs that are not followed"
    yield ""
    yield "Each would name mailboxes that no suite is named for. Halves by a hash of the domain; labels that rest on silence"
    yield "themselves judge none. What nobody recorded (MTA-STS, TLS-RPT, DMARC, SRV other than autodiscover) cannot be tried."
    yield ""
    yield "| sign: what it would say | first half, right | second half, right | both |"
    yield "|---|---|---|---|"
    best = 0.0
    for sign, tally in ideas.items():
        halves = [(tally.get(f"{half}_right", 0), tally.get(f"{half}_seen", 0)) for half in ("first", "second")]
        right, seen = (sum(each) for each in zip(*halves, strict=True))
        if seen >= FEW:
            best = max(best, right / seen)
        shown = " | ".join(f"{good} of {all_}" for good, all_ in halves)
        yield f"| {sign} | {shown} | {right / seen:.2f} |"
    yield ""
    yield f"None that is seen {FEW} times or more is right in more than {best:.2f} of its cases, and 0.98 is asked of a sign that names"
    yield "somebody. What is left of the records therefore decides none of the remaining differences."
    yield ""


def _gateways(gateway: dict) -> Iterator[str]:
    hits, extra, missed = gateway["tp"], gateway["fp"], gateway["fn"]
    evident = gateway["evident_but_unlabelled"]
    yield "## Gateways"
    yield ""
    yield f"Recall {hits / (hits + missed):.4f} ({hits} of {hits + missed}). Precision {hits / (hits + extra):.4f} against the labels; {evident} of the"
    yield f"{extra} gateways beyond them are services that the MX record itself names: precision {(hits + evident) / (hits + extra):.4f} with these."
    yield ""


def _behind(tally: dict) -> Iterator[str]:
    yield "## What the lesser signs are worth behind a gateway"
    yield ""
    yield "Suites that something speaks for at a domain behind a gateway. Where mail set-up or signatures show the mailboxes,"
    yield "they are there or elsewhere; an own host named in the set-up counts as elsewhere, though in a hybrid it may stay behind."
    yield ""
    yield "| signs | " + " | ".join(SHOWN) + " | there, of those shown |"
    yield "|---" * (len(SHOWN) + 2) + "|"
    for signs, counts in tally.items():
        shown = counts["there"] + counts["elsewhere"]
        share = f"{counts['there'] / shown:.2f}" if shown else "-"
        yield f"| {signs} | " + " | ".join(str(counts[each]) for each in SHOWN) + f" | {share} |"
    yield ""


def _bound(result: dict, found: tuple[Difference, ...]) -> Iterator[str]:
    mailbox = [each for each in found if each.about == "mailbox" and each.tier != "D"]
    yield "## What stands between these figures and 1"
    yield ""
    yield "| why | A and B | US or not | what would settle it |"
    yield "|---|---|---|---|"
    for why, _ in Counter(each.why for each in mailbox).most_common():
        same = [each for each in mailbox if each.why == why]
        both, us = sum(each.tier in "AB" for each in same), sum(each.us_differs for each in same)
        yield f"| {why} | {both} | {us} | {WHAT_WOULD_SETTLE.get(why, 'a mend of ours')} |"
    tiers = result["tiers"]
    n_both = sum(tiers[tier]["n"] for tier in "AB" if tier in tiers)
    owners = [each for each in mailbox if each.why in (OWNED, ON_US, UNSOURCED)]
    silent = [each for each in mailbox if each.said == "unknown"]
    mended = [each for each in mailbox if each not in owners and each not in silent]
    both = lambda these: sum(each.tier in "AB" for each in these)  # noqa: E731
    us = lambda these: sum(each.us_differs for each in these)  # noqa: E731
    yield ""
    yield "The best that a reader of the same records could reach who never guesses and names owners by their sources, if all other"
    yield "differences were his faults and mended:"
    yield ""
    yield f"* tiers A and B: {1 - both(owners + silent) / n_both:.4f}; {both(mended)} of {n_both} differ otherwise. Without the labels on owners:"
    yield f"  {1 - both(silent) / (n_both - both(owners)):.4f}."
    n = result["n"]
    yield f"* US or not: {1 - us(owners + silent) / n:.4f} ({us(owners)} on owners, {us(silent)} where nothing is named, {us(mended)} otherwise). Without the"
    yield f"  labels on owners: {1 - us(silent) / (n - len(owners)):.4f}: below 0.99 whatever the rules, as long as a token is no mailbox."
    yield ""


def _disagreements(found: tuple[Difference, ...]) -> Iterator[str]:
    yield "## Disagreements, by class"
    yield ""
    yield "Each difference gets its class by rule from the evidence; `--disagreements FILE` writes them one by one."
    yield ""
    yield "| about | verdict | why | tiers A to C | of these A and B | D |"
    yield "|---|---|---|---|---|---|"
    counted = Counter((each.about, each.verdict, each.why) for each in found)
    for (about, verdict, why), _ in sorted(
        counted.items(), key=lambda item: (item[0][0] != "mailbox", -item[1], item[0])
    ):
        same = [each for each in found if (each.about, each.verdict, each.why) == (about, verdict, why)]
        both = sum(each.tier in "AB" for each in same)
        low = sum(each.tier == "D" for each in same)
        yield f"| {about} | {verdict} | {why} | {len(same) - low} | {both} | {low} |"
    yield ""


def _web(web: dict, ca: dict) -> Iterator[str]:
    yield "## Third parties of web pages, certificate authorities"
    yield ""
    yield "| figure | value |"
    yield "|---|---|"
    yield f"| references to {web['companies']} labelled companies | {web['references']} |"
    yield f"| attributed to the labelled company | {web['right']:.4f} |"
    yield f"| the same without any shipped list of third parties (none is shipped) | {web['without_a_shipped_base']:.4f} |"
    yield f"| attributed to nobody / to another | {web['attributed_to_nobody']} / {web['attributed_to_another']} |"
    yield f"| labelled hosts that reading the page shows | {web['hosts_read_from_the_page']:.4f} |"
    yield f"| certificates | {ca['certificates']} |"
    yield f"| owner of the authority | {ca['owner']:.4f} |"
    yield f"| jurisdiction of the owner (of {ca['jurisdiction_of']}) | {ca['jurisdiction']:.4f} |"
    yield ""
    for aside, times in ca["set_aside"].items():
        yield f"Set aside {times}: {aside}."
    yield ""
    yield "References attributed to another company than the labelled one, each counted as wrong above:"
    yield ""
    yield "| host | label | said | times | verdict |"
    yield "|---|---|---|---|---|"
    for host, label, said, verdict, times in web["to_another"]:
        yield f"| {host} | {label} | {said} | {times} | {verdict} |"
    yield ""


def _limits() -> Iterator[str]:
    yield "## What these figures do not say"
    yield ""
    yield "* The labels of the set share one ancestor: agreement is no proof, and where evidence allows two readings both are shown."
    yield "* Addresses of mail hosts are real addresses of the recorded networks, not the recorded addresses themselves."
    yield "* Name servers, web addresses, pages and certificates of these bodies are not part of the mail figures."
    yield "* Weights were set, and gateways and third parties added, with this set in view: on another one, expect less. Before the"
    yield "  additions that it showed, 0.88 of the third-party references were attributed."
    yield "* No domain, organisation or country has a rule of its own; weights stand in `rules/attribution.yaml`."
