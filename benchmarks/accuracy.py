"""How often sovscan names the right mail provider, on rows of recorded DNS with labels that others wrote.

    accuracy.py --rows FILE.jsonl --shared FILE.jsonl [--port N] [--json OUT] [--world DIR] [--disagreements FILE]
                [--calibration FILE.yaml] [--report MARKDOWN --pages FILE.jsonl --certificates FILE.jsonl]

Builds a world from the rows with the tools in DIR (``make_world.py``, ``score_labels.py``; default: the folder above
the rows'), serves it from a real name server on loopback, asks it as `sovscan collect` does, attributes, and scores.

What is predicted: the mailbox provider at ``probable`` or better, else unknown. Mail that an organisation or an
unlisted operator runs on the network of a known provider counts as that provider; on any other network it counts as
that operator, under the MX host's name. Of several mailboxes the one under US control counts. The jurisdiction is that
of the ultimate parent; for an operator the catalogue does not list, sovscan itself says UNKNOWN, and what is scored
here is the mere hint of the operator's own country-code domain. Nothing is asked beyond loopback: page, certificate
and registry probes are left out, and the HTTP proxy is a closed port. The question whether an account exists is opt-in;
what the rows recorded of it is judged apart, as a second result.
"""

import argparse
import asyncio
import contextlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import accuracy_report
import accuracy_web
from accuracy_gateways import Behind, behind_gateways, tallied
from accuracy_ideas import Idea, ideas, judged
from disagreements import EVIDENT, OWNER_CONTRADICTS, US, Difference, differences

from sovscan.attribute import attribute
from sovscan.attribute.view import View
from sovscan.attribute.weighing import load_weighing
from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.control import controller, is_eea, is_sourced
from sovscan.catalogue.load import load_catalogue
from sovscan.collect import collect
from sovscan.files.evidence_bundle import in_order, make_observation
from sovscan.model.dependency import Dependency, Layer
from sovscan.model.evidence import Asked, Evidence, Outcome
from sovscan.model.target import Target, TargetKind
from sovscan.net.live import LiveNet
from sovscan.net.net import NetSettings
from sovscan.probes.probe import Hints
from sovscan.probes.registry import all_probes

LEFT_OUT = frozenset({"web", "tls", "rdap-domain"})
AT_ONCE = 24
RATE = 100_000.0
CLOSED = "http://127.0.0.1:9"
PATIENCE = 60.0
"""Seconds for one question: on a busy machine the default leaves holes that the recorded answers do not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one organisation's evidence gives."""

    dependencies: tuple[Dependency, ...]
    with_tenant: tuple[Dependency, ...]
    """The same when the opt-in question about an account is asked too."""
    behind: tuple[Behind, ...]
    ideas: tuple[Idea, ...]


def main() -> int:
    given = _arguments()
    rows = [json.loads(line) for line in given.rows.read_text("utf-8").splitlines() if line.strip()]
    domains = [row["domain"] for row in rows]
    catalogue = load_catalogue()
    with tempfile.TemporaryDirectory() as folder, _world(given, Path(folder)):
        started = time.perf_counter()
        tenants = {row["domain"]: row.get("observed", {}).get("ms_tenant") for row in rows}
        seen = asyncio.run(_run(domains, catalogue, given.port, tenants))
        seconds = time.perf_counter() - started
        found = {domain: each.dependencies for domain, each in seen.items()}
        predictions = {domain: _prediction(catalogue, each.dependencies) for domain, each in seen.items()}
        opted_in = {domain: _prediction(catalogue, each.with_tenant) for domain, each in seen.items()}
        scored = _score(given, Path(folder), predictions)
    sourced = lambda who: is_sourced(catalogue.providers[who], catalogue, catalogue.date)  # noqa: E731
    differing = tuple(differences(rows, predictions, found, _classes(given), sourced))
    result = _figures(scored, differing) | {
        "calibration": _calibration(rows, predictions, given),
        "opted_in": _agreement(rows, opted_in, given),
        "behind_gateways": tallied(each for found_of_one in seen.values() for each in found_of_one.behind),
        "not_followed": judged((idea for each in seen.values() for idea in each.ideas), rows, _classes(given)[1]),
        "seconds": round(seconds, 2),
        "organisations_per_second": round(len(domains) / seconds, 1),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }
    text = json.dumps(result, indent=1, sort_keys=True)
    print(text)
    if given.json is not None:
        given.json.write_text(text + "\n", "utf-8")
    if given.disagreements is not None:
        given.disagreements.write_text("".join(f"{each.text}\n" for each in differing), "utf-8")
    if given.calibration is not None:
        _write_calibration(given.calibration, result["calibration"])
    if given.report is not None:
        web = accuracy_web.measure(catalogue, given.pages, given.certificates)
        given.report.write_text(accuracy_report.written(result, differing, catalogue, *web), "utf-8")
    return 0


def _figures(scored: dict, differing: tuple[Difference, ...]) -> dict:
    headline = scored["tiers ABC"]
    n = headline["n"]
    judged = [each for each in differing if each.tier != "D" and each.about == "mailbox"]
    aside = [each for each in judged if each.why in OWNER_CONTRADICTS]
    silent = sum(each.said == "unknown" for each in judged if each.us_differs)
    wrong_us = n - round(headline["us_vs_rest"] * n)
    evident = sum(each.why == EVIDENT for each in differing if each.tier != "D")
    gateway = {key: headline["gateway"].get(key, 0) for key in ("tp", "fp", "fn")}
    aside_us = sum(each.us_differs for each in aside)
    return {
        "n": n,
        "accuracy": headline["accuracy"],
        "macro_f1": headline["macro_f1"],
        "us_or_not": headline["us_vs_rest"],
        "us_or_not_aside": round(1 - (wrong_us - aside_us) / (n - len(aside)), 4),
        "us_or_not_when_named": round(1 - (wrong_us - aside_us - silent) / (n - len(aside) - silent), 4),
        "jurisdiction": headline["jurisdiction_accuracy"],
        "gateway": gateway | {"evident_but_unlabelled": evident},
        "tiers": {
            tier: {"n": scored[f"tier {tier}"]["n"], "accuracy": scored[f"tier {tier}"]["accuracy"]}
            for tier in "ABCD"
            if f"tier {tier}" in scored
        },
        "set_aside": {tier: sum(each.tier == tier for each in aside) for tier in "ABC"},
        "confusion": headline["confusion"],
        "disagreements": dict(sorted(Counter(f"{each.verdict}: {each.why}" for each in differing).items())),
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=Path, required=True, help="organisations with labels")
    parser.add_argument("--shared", type=Path, required=True, help="names that the rows refer to")
    parser.add_argument("--port", type=int, default=15390, help="loopback port of the name server")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--world", type=Path, help="folder of make_world.py and score_labels.py")
    parser.add_argument("--disagreements", type=Path, help="write every disagreement with its evidence here")
    parser.add_argument("--calibration", type=Path, help="write what each confidence is worth here, under its heading")
    parser.add_argument("--report", type=Path, help="write the figures as Markdown; needs --pages and --certificates")
    parser.add_argument("--pages", type=Path, help="pages with labelled third parties")
    parser.add_argument("--certificates", type=Path, help="certificates with labelled authorities")
    given = parser.parse_args()
    if given.report is not None and not (given.pages and given.certificates):
        parser.error("--report needs --pages and --certificates")
    given.world = given.world or given.rows.resolve().parent.parent
    return given


@contextlib.contextmanager
def _world(given: argparse.Namespace, folder: Path) -> Iterator[None]:
    tool = [sys.executable, str(given.world / "make_world.py")]
    rows = ["--data", str(given.rows), "--shared", str(given.shared)]
    subprocess.run([*tool, "build", *rows, "--dir", str(folder)], check=True, stdout=sys.stderr)
    serve = ["start", "--dir", str(folder), "--port", str(given.port), "--no-proxy"]
    subprocess.run([*tool, *serve], check=True, stdout=sys.stderr)
    try:
        yield
    finally:
        subprocess.run([*tool, "stop", "--dir", str(folder)], check=False, stdout=sys.stderr)


async def _run(
    domains: list[str], catalogue: Catalogue, port: int, tenants: Mapping[str, str | None]
) -> dict[str, Found]:
    """What each domain, an organisation of its own, gives, collected over one network."""
    settings = NetSettings(
        resolvers=(f"127.0.0.1:{port}",), resolver_rate=RATE, http_proxy=CLOSED, dns_deadline=PATIENCE,
        target_deadline=10 * PATIENCE,
    )  # fmt: skip
    probes = tuple(probe for probe in all_probes() if probe.id not in LEFT_OUT)
    hints = Hints(dkim_selectors=catalogue.dkim_selectors(), host_labels=catalogue.host_labels())
    gate = asyncio.Semaphore(AT_ONCE)
    found: dict[str, Found] = {}

    async def one(net: LiveNet, domain: str) -> None:
        async with gate:
            target = Target(kind=TargetKind.DOMAIN, value=domain)
            evidence: Evidence = await collect((target,), organisation=domain, net=net, probes=probes, hints=hints)
        date = evidence.collected_at[:10]
        asked = _with_tenant(evidence, domain, tenants[domain])
        found[domain] = Found(
            dependencies=attribute(evidence, catalogue, date),
            with_tenant=attribute(asked, catalogue, date),
            behind=behind_gateways(View(asked, date, load_weighing()), catalogue),
            ideas=tuple(ideas(View(evidence, date, load_weighing()), catalogue)),
        )

    async with LiveNet(settings) as net, asyncio.TaskGroup() as group:
        for domain in domains:
            group.create_task(one(net, domain))
    return found


def _with_tenant(evidence: Evidence, domain: str, said: str | None) -> Evidence:
    """The evidence with the recorded answer about an account; ``Unknown`` where none was recorded."""
    answer = make_observation(
        probe="tenant", subject=domain, outcome=Outcome.ANSWERED, values=(said or "Unknown",),
        asked=Asked(name=domain, type="GET"),
    )  # fmt: skip
    return replace(evidence, observations=in_order((*evidence.observations, answer)))


def _prediction(catalogue: Catalogue, dependencies: tuple[Dependency, ...]) -> dict[str, str | None]:
    mail = [each for each in dependencies if each.layer is Layer.MAIL_IN]
    gateways = [each for each in mail if each.role == "gateway" and "relay" not in each.flags]
    gateway = (gateways[0].attribution.provider or gateways[0].subject) if gateways else None
    boxes = [each for each in mail if each.role == "mailbox" and each.attribution.confidence.rank > 0]
    if not boxes:
        guess = _guess(catalogue, mail)
        return {"provider": "unknown", "jurisdiction": None, "gateway": gateway, "confidence": None, "guess": guess}
    surest = lambda each: (_jurisdiction(catalogue, each) == "US", each.attribution.confidence.rank, each.id)  # noqa: E731
    box = max(boxes, key=surest)
    provider = _who(box) or f"operator:{box.subject}"
    confidence = box.attribution.confidence.value
    return {
        "provider": provider,
        "jurisdiction": _jurisdiction(catalogue, box),
        "gateway": gateway,
        "confidence": confidence,
    }


def _guess(catalogue: Catalogue, mail: list[Dependency]) -> tuple[str, str | None] | None:
    """The reading that is shown of mailboxes that are only known weakly, with its jurisdiction; None: none is."""
    for box in mail:
        other = box.attribution.runner_up
        who = _who(box) or (other.provider if other is not None else None)
        if box.role == "mailbox" and who is not None:
            country = controller(catalogue.providers[who], catalogue, catalogue.date)[1]
            return who, "US" if country == "US" else "EU" if is_eea(country) else "OTHER"
    return None


def _who(box: Dependency) -> str | None:
    return box.attribution.provider or (box.host.provider if box.host is not None else None)


def _jurisdiction(catalogue: Catalogue, box: Dependency) -> str | None:
    who = _who(box)
    provider = catalogue.providers.get(who) if who else None
    if provider is None:
        hint = box.subject.rpartition(".")[2].upper()
        country = {"UK": "GB"}.get(hint, hint) if len(hint) == 2 else ""
    else:
        country = controller(provider, catalogue, catalogue.date)[1]
    if country in ("", "??"):
        return None
    return "US" if country == "US" else "EU" if is_eea(country) else "OTHER"


def _score(given: argparse.Namespace, folder: Path, predictions: dict[str, dict[str, str | None]]) -> dict:
    said, out = folder / "pred.jsonl", folder / "score.json"
    lines = (json.dumps({"domain": domain, **each}) for domain, each in predictions.items())
    said.write_text("\n".join(lines), "utf-8")
    scorer = [sys.executable, str(given.world / "score_labels.py"), "--labels", str(given.rows), "--pred", str(said)]
    subprocess.run([*scorer, "--json", str(out)], check=True, stdout=sys.stderr)
    return json.loads(out.read_text("utf-8"))


def _classes(given: argparse.Namespace) -> tuple:
    """The scorer's own reading of labels and predictions."""
    import importlib.util

    place = importlib.util.spec_from_file_location("score_labels", given.world / "score_labels.py")
    scorer = importlib.util.module_from_spec(place)
    place.loader.exec_module(scorer)
    return scorer.klass, scorer.label_class


def _write_calibration(path: Path, calibration: Mapping[str, Mapping[str, float]]) -> None:
    heading = [line for line in path.read_text("utf-8").splitlines() if line.startswith("#")]
    figures = [
        f"{name}: {{seen: {calibration[name]['n']}, agreed: {calibration[name]['agreed']}}}"
        for name in ("confirmed", "probable", "weak")
    ]
    path.write_text("\n".join((*heading, *figures, "")), "utf-8")


def _agreement(rows: list[dict], predictions: dict, given: argparse.Namespace) -> dict[str, float]:
    """Shares over tiers A to C, and over A and B, of labels that predictions agree with."""
    klass, label_class = _classes(given)
    same, us, both = [], [], []
    for row in rows:
        said, wanted = predictions[row["domain"]], label_class(row["label"])
        if row["label"]["confidence"] in "ABC" and wanted != "foreign":
            got = klass(said["provider"], said["jurisdiction"])
            same.append(got == wanted)
            us.append((got in US) == (wanted in US))
            both += [got == wanted] if row["label"]["confidence"] in "AB" else []
    return {
        name: round(sum(each) / len(each), 4)
        for name, each in (("accuracy", same), ("us_or_not", us), ("a_and_b", both))
    }


def _calibration(rows: list[dict], predictions: dict, given: argparse.Namespace) -> dict[str, dict[str, float]]:
    """How often each confidence was right, over tiers A to C."""
    klass, label_class = _classes(given)
    counts: dict[str, list[int]] = {}
    for row in rows:
        said, wanted = predictions[row["domain"]], label_class(row["label"])
        if row["label"]["confidence"] in "ABC" and wanted != "foreign":
            right = klass(said["provider"], said["jurisdiction"]) == wanted
            tally = counts.setdefault(said["confidence"] or "unknown", [0, 0])
            tally[0] += right
            tally[1] += 1
            if said.get("guess"):
                tally = counts.setdefault("weak", [0, 0])
                tally[0] += klass(*said["guess"]) == wanted
                tally[1] += 1
    return {
        name: {"n": n, "agreed": right, "right": round(right / n, 4)} for name, (right, n) in sorted(counts.items())
    }


if __name__ == "__main__":
    sys.exit(main())
