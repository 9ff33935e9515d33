"""Whether the companies behind web third parties have a sourced owner and country, the most frequent ones first.

    third_party_owners.py PAGES.jsonl [--base ENTITIES.json] [--first N] [--all]

Companies are counted on recorded pages, each page once, under the catalogue's name where their hosts are attributed and
under the page's label where not. The pages know fewer than 200: with ``--base``, the list of companies and hosts of
``third-party-web`` (MIT; ``dist/entities.json`` of its npm package, not shipped here), the rest is taken from there in
the order of its own counts over the HTTP Archive. Exit code 1 when one of the first N has no provider in the catalogue
whose legal entity, country and every link of control have a source.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sovscan.attribute.web import third_party
from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.control import controller, is_sourced
from sovscan.catalogue.load import load_catalogue
from sovscan.model.provider import Provider, SignalKind
from sovscan.readers.names import is_within


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """One company and how often it was met; ``provider`` is None when no host of it is in the catalogue."""

    name: str
    times: int
    where: str
    provider: Provider | None


def main() -> int:
    given = _arguments()
    catalogue = load_catalogue()
    listed = list(on_pages(catalogue, _rows(given.pages)))
    known = {company.name for company in listed}
    if given.base is not None:
        base = json.loads(given.base.read_text("utf-8"))
        listed += [company for company in in_base(catalogue, base) if company.name not in known]
    first = listed[: given.first]
    unsourced = [company for company in first if not _is_done(company, catalogue)]
    for company in first if given.all else unsourced:
        print(_line(company, catalogue))
    print(f"{len(first) - len(unsourced)} of the {len(first)} most frequent companies have a sourced owner and country")
    if len(first) < given.first:
        print(f"only {len(first)} companies are known: give --base for the rest of the {given.first}")
    return 1 if unsourced or len(first) < given.first else 0


def on_pages(catalogue: Catalogue, rows: Iterable[dict]) -> Iterator[Company]:
    """Companies of labelled third parties, by the number of pages that show them, then by name."""
    pages: Counter[str] = Counter()
    providers: dict[str, Provider] = {}
    for row in rows:
        seen = set()
        for host, label in row["third_party"].items():
            if "company" not in label:
                continue
            match = third_party(catalogue, host)
            name = match.provider.name if match is not None else label["company"]
            if match is not None:
                providers[name] = match.provider
            seen.add(name)
        pages.update(seen)
    for name, times in sorted(pages.items(), key=lambda item: (-item[1], item[0].lower())):
        yield Company(name=name, times=times, where="pages", provider=providers.get(name))


def in_base(catalogue: Catalogue, entities: list[dict]) -> Iterator[Company]:
    """Companies of the base by its own counts, each under the provider that most of its hosts lead to."""
    times: Counter[str] = Counter()
    hosts: dict[str, list[str]] = {}
    for entity in entities:
        company = entity.get("company") or entity["name"]
        times[company] += entity.get("totalOccurrences", 0)
        hosts.setdefault(company, []).extend(host.removeprefix("*.") for host in entity["domains"])
    signatures = [
        (signature.value, provider)
        for provider in catalogue.providers.values()
        for offer in provider.offers
        for signature in offer.signatures
        if signature.kind is SignalKind.WEB_HOST
    ]
    taken = set()
    for company, count in sorted(times.items(), key=lambda item: (-item[1], item[0].lower())):
        found = _provider_of(catalogue, hosts[company], signatures)
        name = found.name if found is not None else company
        if name not in taken:
            taken.add(name)
            yield Company(name=name, times=count, where="base", provider=found)


def _provider_of(catalogue: Catalogue, hosts: list[str], signatures: list[tuple[str, Provider]]) -> Provider | None:
    found: Counter[str] = Counter()
    for host in hosts:
        match = third_party(catalogue, host)
        if match is not None:
            found[match.provider.id] += 1
        else:
            found.update({provider.id for value, provider in signatures if is_within(value, host)})
    return catalogue.providers[found.most_common(1)[0][0]] if found else None


def _is_done(company: Company, catalogue: Catalogue) -> bool:
    return company.provider is not None and is_sourced(company.provider, catalogue, catalogue.date)


def _line(company: Company, catalogue: Catalogue) -> str:
    state = "sourced" if _is_done(company, catalogue) else "NOT SOURCED" if company.provider else "NOT IN THE CATALOGUE"
    owner = ", ".join(controller(company.provider, catalogue, catalogue.date)) if company.provider else "-"
    return f"{company.times:>8} {company.where:<5} {state:<20} {company.name}: {owner}"


def _rows(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path, help="recorded pages with labelled third parties")
    parser.add_argument("--base", type=Path, help="dist/entities.json of third-party-web")
    parser.add_argument("--first", type=int, default=200, help="how many companies are looked at")
    parser.add_argument("--all", action="store_true", help="print every company, not only those without a source")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
