"""How much of what organisations name in DNS and on pages the catalogue knows, and which names it does not know.

    coverage.py --rows FILE.jsonl --pages FILE.jsonl --certificates FILE.jsonl [--json OUT] [--report MARKDOWN]
                [--list N] [--check]

A name is counted once for each organisation that uses it, whatever the number of its records. Names below one of the
organisation's own domains are own hosts and are left out of the shares. Hosts are grouped by their registrable domain,
because one supplier has many; a token by what stands before its value. Of the names nobody is known for, the most
frequent ones have to be explained in ``coverage.yaml``, by hand; ``--check`` fails when one is not.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import coverage_report
import yaml

from sovscan.attribute.mail_signs import srv_target
from sovscan.catalogue.catalogue import LABEL_MARK, Catalogue, Match
from sovscan.catalogue.load import load_catalogue
from sovscan.model.provider import SignalKind
from sovscan.readers.html import host_of, read_page
from sovscan.readers.names import InvalidName, is_within, registrable
from sovscan.readers.spf import SpfProblem, SpfRecord, parse

EXPLANATIONS = Path(__file__).with_name("coverage.yaml")
KINDS = ("mx", "spf", "txt", "dkim", "autodiscover", "web", "ca")
LISTED = 100
SUPPLIER = 2
"""Organisations from which a name is a supplier's rather than one body's own affair; rarer ones are not printed."""
_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9._ -]{1,60}?(?=[=:])")
_POLICIES = ("v=spf1", "v=dmarc1", "v=dkim1", "spf2.0/", "v=bimi1", "v=sts", "v=tlsrpt")
_MAIL_NAMES = (SignalKind.AUTODISCOVER, SignalKind.SRV, SignalKind.MX, SignalKind.CNAME, SignalKind.WEB_HOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One name that one organisation uses."""

    kind: str
    organisation: str
    name: str
    group: str
    """What it is counted under: a registrable domain, the beginning of a token, an issuer."""
    known: bool
    own: bool


def main() -> int:
    given = _arguments()
    catalogue = load_catalogue()
    uses = [*_of_rows(_rows(given.rows), catalogue), *_of_pages(_rows(given.pages), catalogue),
            *_of_certificates(_rows(given.certificates), catalogue)]  # fmt: skip
    homes = {_group(each.organisation) for each in uses}
    figures = {kind: _figures([each for each in uses if each.kind == kind], homes) for kind in KINDS}
    explained = yaml.safe_load(EXPLANATIONS.read_text("utf-8"))
    open_names = {
        kind: [name for name, _ in figures[kind]["unknown"] if name not in explained.get(kind, {})] for kind in KINDS
    }
    if given.list:
        for kind in KINDS:
            for name, times in figures[kind]["unknown"][: given.list]:
                print(f"{kind}\t{times}\t{name}\t{explained.get(kind, {}).get(name, '')}")
    shown = {kind: {key: value for key, value in each.items() if key != "unknown"} for kind, each in figures.items()}
    text = json.dumps(shown, indent=1, sort_keys=True)
    print(text, file=sys.stderr if given.list else sys.stdout)
    if given.json is not None:
        given.json.write_text(text + "\n", "utf-8")
    if given.report is not None:
        given.report.write_text(coverage_report.written(figures, explained, catalogue.date), "utf-8")
    for kind, names in open_names.items():
        for name in names if given.check else ():
            print(f"coverage: {kind} {name} is not explained in {EXPLANATIONS.name}", file=sys.stderr)
    return int(given.check and any(open_names.values()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=Path, required=True, help="organisations with their records")
    parser.add_argument("--pages", type=Path, required=True, help="pages with their third parties")
    parser.add_argument("--certificates", type=Path, required=True, help="certificates with their chains")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--report", type=Path, help="write the figures and the names as Markdown")
    parser.add_argument(
        "--list", type=int, default=0, metavar="N", help="print the N most frequent unknown names of a kind"
    )
    parser.add_argument("--check", action="store_true", help="fail when a listed name is not explained")
    return parser.parse_args()


def _rows(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def _of_rows(rows: Iterable[dict], catalogue: Catalogue) -> Iterator[Use]:
    for row in rows:
        domain, records = row["domain"], row["records"]
        yield from _hosts("mx", domain, records.get("MX", ()), lambda name: _named(catalogue, name, SignalKind.MX))
        texts = records.get("TXT", ())
        senders = list(_senders(texts))
        yield from _hosts("spf", domain, senders, lambda name: _named(catalogue, name, SignalKind.SPF))
        yield from _tokens(domain, texts, catalogue)
        signers, set_up = _related(row.get("related", {}))
        yield from _hosts("dkim", domain, signers, lambda name: _named(catalogue, name, SignalKind.DKIM))
        yield from _hosts("autodiscover", domain, set_up, lambda name: _named(catalogue, name, *_MAIL_NAMES))


def _senders(texts: Iterable[str]) -> Iterator[str]:
    policy = parse(texts)
    terms = policy.terms if isinstance(policy, SpfRecord | SpfProblem) else ()
    for term in terms:
        if term.kind in ("include", "redirect") and term.value and not term.has_macro:
            yield term.value.lower().rstrip(".")


def _tokens(domain: str, texts: Iterable[str], catalogue: Catalogue) -> Iterator[Use]:
    seen: set[str] = set()
    for text in texts:
        if text.strip().lower().startswith(_POLICIES):
            continue
        match = _TOKEN.match(text.strip().strip('"'))
        group = match[0].strip().lower() if match else "(no key)"
        known = bool(catalogue.match_token(SignalKind.TXT, text))
        if group not in seen:
            seen.add(group)
            yield Use(kind="txt", organisation=domain, name=group, group=group, known=known, own=False)


def _related(related: dict) -> tuple[list[str], list[str]]:
    signers, set_up = [], []
    for name, records in related.items():
        aliases = [each.lower().rstrip(".") for each in records.get("CNAME", ())]
        if "._domainkey." in name:
            signers += aliases
        else:
            set_up += [*aliases, *(host for value in records.get("SRV", ()) if (host := srv_target(value).rstrip(".")))]
    return signers, set_up


def _of_pages(rows: Iterable[dict], catalogue: Catalogue) -> Iterator[Use]:
    for row in rows:
        hosts = {host_of(each.url) for each in read_page(row["html"].encode(), row["url"]).resources}
        hosts |= row["third_party"].keys()
        yield from _hosts("web", row["host"].removeprefix("www."), hosts,
                          lambda name: _named(catalogue, name, SignalKind.WEB_HOST))  # fmt: skip


def _of_certificates(rows: Iterable[dict], catalogue: Catalogue) -> Iterator[Use]:
    for row in rows:
        if not row["chain"]:
            continue
        leaf = row["chain"][0]
        issuer = leaf["issuer_org"] or leaf["issuer_cn"]
        known = bool(catalogue.match_exact(SignalKind.CERT_ISSUER, issuer))
        yield Use(kind="ca", organisation=row["domain"], name=issuer, group=issuer, known=known, own=False)


def _hosts(kind: str, domain: str, names: Iterable[str], known: Callable[[str], bool]) -> Iterator[Use]:
    """One use a group; a group is known when all of its names are."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        groups[_group(name)].append(name)
    home = _group(domain)
    for group, found in sorted(groups.items()):
        own = group == home or all(is_within(name, domain) for name in found)
        yield Use(kind=kind, organisation=domain, name=found[0], group=group, known=all(map(known, found)), own=own)


def _group(name: str) -> str:
    try:
        return registrable(name) or name
    except InvalidName:
        return name


def _named(catalogue: Catalogue, name: str, *kinds: SignalKind) -> bool:
    try:
        matches: list[Match] = [match for kind in kinds for match in catalogue.match_name(kind, name)]
    except InvalidName:
        return False
    return any(not match.signature.value.endswith(LABEL_MARK) for match in matches)


def _figures(uses: list[Use], homes: set[str]) -> dict:
    """Counts and shares; ``unknown`` lists suppliers only, never a name that is an organisation of the set."""
    foreign = [each for each in uses if not each.own or each.known]
    groups: dict[str, list[Use]] = defaultdict(list)
    for each in foreign:
        groups[each.group].append(each)
    unknown = {group: sum(not each.known for each in found) for group, found in groups.items()}
    ranked = sorted(((group, times) for group, times in unknown.items() if times), key=lambda each: (-each[1], each[0]))
    suppliers = [(group, times) for group, times in ranked if group not in homes]
    known = sum(each.known for each in foreign)
    return {
        "uses": len(foreign),
        "uses_known": known,
        "share_of_uses": round(known / max(1, len(foreign)), 4),
        "names": len(groups),
        "names_known": len(groups) - len(ranked),
        "share_of_names": round(1 - len(ranked) / max(1, len(groups)), 4),
        "own_hosts": len(uses) - len(foreign),
        "peers_unknown": len(ranked) - len(suppliers),
        "used_once_and_unknown": sum(times < SUPPLIER for _, times in suppliers),
        "unknown": [each for each in suppliers if each[1] >= SUPPLIER][:LISTED],
    }


if __name__ == "__main__":
    sys.exit(main())
