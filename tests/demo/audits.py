"""The four invented organisations, judged: what the reports of the demonstration are made of."""

import functools
from pathlib import Path

from sovscan.audit import audit
from sovscan.catalogue.load import load_catalogue
from sovscan.files.evidence_bundle import read_evidence
from sovscan.model.audit import Audit
from sovscan.rulebook.load import load_rulebook
from sovscan.score.policy import load_policy

FOLDER = Path(__file__).resolve().parents[2] / "data" / "demo"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.jsonl")))


@functools.cache
def demo(name: str) -> Audit:
    """The audit of recorded evidence, by the catalogue and rules as they are."""
    path = FOLDER / f"{name}.jsonl"
    return audit(read_evidence(path.read_bytes(), path.name), load_catalogue(), load_rulebook(), load_policy())
