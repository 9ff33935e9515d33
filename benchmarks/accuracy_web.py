"""How often sovscan names the right company behind web third parties, and the right owner of certificate authorities.

    accuracy_web.py --pages FILE.jsonl --certificates FILE.jsonl [--json OUT] [--wrong N]

Pages are resource skeletons of archived pages, each with the labelled company of every third-party host; a reference is
one host on one page. sovscan ships no list of third parties besides its catalogue, so the share is also the one without
any shipped base. A label and a provider are the same company when one of the provider's names (id, name, legal entity,
offers, holders) begins with the label's words or the other way round, or when RENAMED says that one became the other.

Certificates are recorded chains with the owner of the authority. Owners are compared in the same way; a jurisdiction
labelled ``nordic`` is read as EU and EEA. Labels that a sourced owner contradicts are set aside and listed.
"""

import argparse
import json
import re
import sys
from collections import Counter
from pathlib import Path

from sovscan.attribute.web import third_party
from sovscan.catalogue.catalogue import Catalogue, Match
from sovscan.catalogue.control import chain, controller, is_eea, is_sourced
from sovscan.catalogue.load import load_catalogue
from sovscan.model.provider import Provider, SignalKind
from sovscan.readers.html import host_of, read_page

RENAMED = {
    "facebook": "meta", "instagram": "meta", "twitter": "x twitter", "appnexus": "xandr", "infoline": "infonline",
    "scorecard research": "comscore", "aol": "yahoo", "addthis": "oracle", "moat": "oracle",
    "optanon": "onetrust", "mailchimp": "intuit", "cookiebot": "usercentrics", "blogger": "google", "youtube": "google",
    "amp": "google", "segment": "twilio", "maxcdn": "stackpath", "mpulse": "akamai", "piano": "piano analytics",
    "cxense": "piano analytics", "digital window": "awin", "rubicon project": "magnite", "gravatar": "automattic",
    "zebrafish labs": "imgix", "roxr software": "clicky", "longtail ad solutions": "jw player", "skimbit": "skimlinks",
    "truste": "trustarc", "at internet": "piano analytics", "jsdelivr cdn": "jsdelivr",
    "fontawesome cdn": "font awesome", "aol oath verizon media": "yahoo", "adtech": "yahoo",
    "internet security research group": "let s encrypt", "gmo internet group": "globalsign",
    "alexa": "amazon", "consent manager cmp": "consentmanager", "maxymiser": "oracle", "veeseo": "outbrain",
    "spotxchange": "magnite", "perform group": "stats perform", "livefyre": "adobe",
    "millwood brown digital": "millward brown digital", "simplicity marketing": "flashtalking",
    "tmt digital": "media trust", "rakuten marketing": "rakuten",
}  # fmt: skip
"""Labels that name a company by what it was called or by one of its products."""
DOUBTFUL = {
    ("Quantcast", "nativo"): "label doubtful: the tracker directory that the catalogue cites lists ntv.io under Nativo",
    ("WPP", "index-exchange"): "label doubtful: the same directory lists both under Index Exchange, once Casale Media",
}
"""Labels that a source of the catalogue contradicts, with the provider it names instead."""


def main() -> int:
    given = _arguments()
    web, ca = measure(load_catalogue(), given.pages, given.certificates)
    result = {"third_parties": web["figures"], "certificate_authorities": ca["figures"]}
    text = json.dumps(result, indent=1, sort_keys=True, ensure_ascii=False)
    print(text)
    for title, wrong in (("third parties", web["wrong"]), ("authorities", ca["wrong"])):
        for (wanted, got), times in wrong.most_common(given.wrong):
            print(f"{title}: {times} x {wanted}: said {got}", file=sys.stderr)
    if given.json is not None:
        given.json.write_text(text + "\n", "utf-8")
    return 0


def measure(catalogue: Catalogue, pages: Path, certificates: Path) -> tuple[dict, dict]:
    """Figures and disagreements of third parties, and of authorities."""
    return _third_parties(catalogue, _rows(pages)), _authorities(catalogue, _rows(certificates))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--certificates", type=Path, required=True)
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--wrong", type=int, default=0, help="print so many of the commonest disagreements")
    return parser.parse_args()


def _rows(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def _third_parties(catalogue: Catalogue, rows: list[dict]) -> dict:
    labelled = right = seen = loaded = 0
    wrong: Counter[tuple[str, str]] = Counter()
    another: Counter[tuple[str, str, str, str]] = Counter()
    companies: Counter[str] = Counter()
    for row in rows:
        hosts = {host_of(found.url) for found in read_page(row["html"].encode(), row["url"]).resources}
        for host, label in row["third_party"].items():
            if "company" not in label:
                continue
            labelled += 1
            companies[label["company"]] += 1
            loaded += bool(label.get("tags"))
            seen += bool(label.get("tags")) and host in hosts
            match = third_party(catalogue, host)
            if match is not None and _same(label["company"], match.provider, catalogue):
                right += 1
            else:
                wrong[f"{host} ({label['company']})", match.provider.id if match is not None else "nobody"] += 1
                if match is not None:
                    another[host, label["company"], match.provider.id, _why(label["company"], match)] += 1
    unattributed = sum(times for (_, got), times in wrong.items() if got == "nobody")
    figures = {
        "references": labelled,
        "companies": len(companies),
        "right": round(right / labelled, 4),
        "without_a_shipped_base": round(right / labelled, 4),
        "attributed_to_nobody": unattributed,
        "attributed_to_another": labelled - right - unattributed,
        "to_another": [[*which, times] for which, times in sorted(another.items(), key=lambda item: (-item[1], item))],
        "hosts_read_from_the_page": round(seen / loaded, 4),
    }
    return {"figures": figures, "wrong": wrong}


def _why(label: str, match: Match) -> str:
    if (label, match.provider.id) in DOUBTFUL:
        return DOUBTFUL[label, match.provider.id]
    if match.role("cdn") is not None:
        return "undecidable: an address of a delivery network, the label names its customer"
    return "our error"


def _authorities(catalogue: Catalogue, rows: list[dict]) -> dict:
    owners = owned = places = placed = 0
    wrong: Counter[tuple[str, str]] = Counter()
    aside: Counter[str] = Counter()
    for row in rows:
        label, leaf = row["label"], row["chain"][0]
        if not label["owner"]:
            continue
        owners += 1
        matches = catalogue.match_exact(SignalKind.CERT_ISSUER, leaf["issuer_org"] or leaf["issuer_cn"])
        provider = matches[0].provider if matches else None
        names = (label["ca"], label["owner"])
        if provider is not None and any(_same(name, provider, catalogue) for name in names):
            owned += 1
        else:
            said = provider.id if provider is not None else "nobody"
            wrong[f"{leaf['issuer_org']} ({label['ca']})", said] += 1
            continue
        country = controller(provider, catalogue, catalogue.date)[1]
        wanted = {"nordic": "eu"}.get(label["jurisdiction"], label["jurisdiction"])
        got = "us" if country == "US" else "eu" if is_eea(country) else "other"
        if got != wanted and is_sourced(provider, catalogue, catalogue.date):
            aside[f"{provider.name}: {label['country']} by the label, {country} by its sourced owner"] += 1
            continue
        places += 1
        placed += got == wanted
        if got != wanted:
            wrong[f"{provider.name} {wanted}", f"{country} {got}"] += 1
    figures = {
        "certificates": owners,
        "owner": round(owned / owners, 4),
        "jurisdiction": round(placed / places, 4),
        "jurisdiction_of": places,
        "set_aside": dict(sorted(aside.items())),
    }
    return {"figures": figures, "wrong": wrong}


def _same(label: str, provider: Provider, catalogue: Catalogue) -> bool:
    wanted = _words(re.sub(r"\(.*?\)", " ", label)) or _words(label)
    wanted_now = _words(RENAMED.get(" ".join(wanted), "")) or wanted
    names = [provider.id.replace("-", " "), provider.name, provider.entity, *(offer.name for offer in provider.offers)]
    names += [part for name in (provider.name, *(offer.name for offer in provider.offers)) for part in _parts(name)]
    names += [link.holder for link in chain(provider, catalogue, catalogue.date) if link.kind == "control"]
    known = [_words(name) for name in names]
    return any(_begins(each, wording) for each in known if each for wording in (wanted, wanted_now))


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[(),/]", name) if part.strip()]


def _begins(first: list[str], second: list[str]) -> bool:
    """Whether the shorter one is the beginning of the other, run together or word by word."""
    shorter, longer = sorted((first, second), key=len)
    return longer[: len(shorter)] == shorter or "".join(first) == "".join(second)


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", name.lower())


if __name__ == "__main__":
    sys.exit(main())
