"""The figures of ``coverage.py`` as a page: ``docs/coverage.md`` is what this returns."""

# ruff: noqa: E501 - sentences of the page stand on one line

from collections import Counter
from collections.abc import Iterator

TITLES = {
    "mx": ("Hosts that take mail in", "MX"),
    "spf": ("Senders that policies include", "SPF include and redirect"),
    "txt": ("Tokens", "TXT, by what stands before the value"),
    "dkim": ("Signers", "targets of DKIM aliases"),
    "autodiscover": ("Mail set-up", "targets of autodiscover aliases and SRV records"),
    "web": ("Third parties on pages", "hosts of scripts, links, images, frames, forms, media"),
    "ca": ("Certificate authorities", "issuer's organisation"),
}
REASONS = {
    "public": "a public body that serves others of its kind; no market offer to judge",
    "local": "a local or small supplier whose owner no source that was read shows",
    "unsure": "who stands behind the name was looked for and not found",
    "neutral": "the name does not say who stands behind it, and it was not looked for",
    "closed": "a service that is no longer run",
    "noise": "not a service: a link, a licence, a mistake in the record",
    "group": "hosts of the group whose own sites load them",
}


def written(figures: dict, explained: dict, date: str) -> str:
    """The page, in Markdown. Names are suppliers' domains; no organisation that uses them is named."""
    return "\n".join((*_head(figures, date), *_reasons(figures, explained), *_names(figures, explained), ""))


def _head(figures: dict, date: str) -> Iterator[str]:
    yield "# How much the catalogue knows"
    yield ""
    yield "Written by `benchmarks/coverage.py --report`; not edited by hand. What European public bodies name in their DNS and"
    yield f"what archived pages and certificates show, against the catalogue of {date}. A name counts once for each organisation"
    yield "that uses it; hosts are grouped by registrable domain; hosts below an organisation's own domain are left out."
    yield ""
    yield "A name that is not in the catalogue is not lost: it is reported as not identified, which costs more than an identified"
    yield "European supplier and less than an American one."
    yield ""
    yield "| what | uses | of which known | names | of which known | own hosts left out |"
    yield "|---|---|---|---|---|---|"
    for kind, each in figures.items():
        yield (
            f"| {TITLES[kind][0]} ({TITLES[kind][1]}) | {each['uses']} | {each['share_of_uses']:.1%} | {each['names']} "
            f"| {each['share_of_names']:.1%} | {each['own_hosts']} |"
        )
    yield ""


def _reasons(figures: dict, explained: dict) -> Iterator[str]:
    counts: Counter[str] = Counter()
    uses: Counter[str] = Counter()
    for kind, each in figures.items():
        for name, times in each["unknown"]:
            reason = explained.get(kind, {}).get(name, "").partition(":")[0]
            counts[reason] += 1
            uses[reason] += times
    yield "## Why frequent names are not in it"
    yield ""
    yield "| why | names | uses |"
    yield "|---|---|---|"
    for reason, count in counts.most_common():
        yield f"| {REASONS.get(reason, 'not looked at yet')} | {count} | {uses[reason]} |"
    once = sum(each["used_once_and_unknown"] for each in figures.values())
    yield ""
    peers = sum(each["peers_unknown"] for each in figures.values())
    yield f"Besides, {once} names that a single organisation uses are unknown, and {peers} that are themselves organisations of the set."
    yield "They are not printed. What a name below is for is read from the name and from where it stands; it is not verified."
    yield ""


def _names(figures: dict, explained: dict) -> Iterator[str]:
    for kind, each in figures.items():
        if not each["unknown"]:
            continue
        yield f"## {TITLES[kind][0]}: the most frequent unknown names"
        yield ""
        yield "| name | uses | why |"
        yield "|---|---|---|"
        for name, times in each["unknown"]:
            yield f"| {name} | {times} | {explained.get(kind, {}).get(name, 'not looked at yet')} |"
        yield ""
