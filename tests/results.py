"""Audits of the recorded organisations, judged with the bundled files or others."""

import functools
from dataclasses import replace
from pathlib import Path

from sovscan.audit import audit
from sovscan.catalogue.load import load_catalogue
from sovscan.files import bundled, canonical
from sovscan.files.evidence_bundle import read_evidence
from sovscan.files.records import to_plain
from sovscan.rulebook.load import load_rulebook
from sovscan.score.policy import load_policy

CATALOGUE, RULEBOOK = functools.cache(load_catalogue), functools.cache(load_rulebook)
TOWN_HALL, SME, STATE, HALF_SILENT = (
    "mairie-valombreuse",
    "atelier-kerlann",
    "agence-des-communs",
    "syndicat-brumeval",
)


@functools.cache
def recorded(name):
    """The recorded evidence of one of the four organisations."""
    return read_evidence(bundled.read("data", "demo", f"{name}.jsonl"), name)


@functools.cache
def judged(name, *, as_of=None, profile="practical"):
    """Its audit with the bundled files."""
    return audit(recorded(name), CATALOGUE(), RULEBOOK(), load_policy(profile), as_of=as_of)


def written(result, path: Path) -> str:
    """The path of the result once written there."""
    path.write_bytes(canonical.dumps_pretty(to_plain(result)))
    return str(path)


def without(evidence, *probes, reason="timeout"):
    """The evidence with the answers of some probes lost."""
    from sovscan.files.evidence_bundle import in_order, make_observation
    from sovscan.model.evidence import Outcome

    return replace(
        evidence,
        observations=in_order(
            make_observation(
                probe=seen.probe, subject=seen.subject, outcome=Outcome.FAILED, reason=reason, asked=seen.asked
            )
            if seen.probe in probes
            else seen
            for seen in evidence.observations
        ),
    )
