"""A new release of rules or catalogue changes at most one verdict in twenty, and says why for each (PITFALLS O6).

``fixtures/released_verdicts.json`` holds what the last release said of the demonstration evidence, and ``explained``:
the reason of each verdict that this version changes. ``python -m tests.test_verdict_drift`` writes it at a release.
"""

import json
import sys
from pathlib import Path

import pytest

from sovscan.attribute import attribute
from sovscan.files.bundled import listing, read
from sovscan.files.evidence_bundle import evidence_digest, read_evidence
from tests import results

RELEASED = Path(__file__).parent / "fixtures" / "released_verdicts.json"
MOST = 0.05


def verdicts() -> dict[str, dict]:
    """Who, on whose network and how surely, for each dependency of each demonstration."""
    catalogue = results.CATALOGUE()
    said = {}
    for path in listing("data", "demo", suffix=".jsonl"):
        evidence = read_evidence(read(*path), path[-1])
        found = attribute(evidence, catalogue, "2026-11-21")
        said[path[-1]] = {
            "evidence": evidence_digest(evidence),
            "verdicts": {
                each.id: " ".join(
                    (
                        each.attribution.provider or ("self" if each.attribution.operator_self else "?"),
                        f"on {each.host.provider}" if each.host and each.host.provider else "on ?",
                        each.attribution.confidence,
                    )
                )
                for each in found
            },
        }
    return said


@pytest.fixture(scope="module")
def released():
    return json.loads(RELEASED.read_text("utf-8"))


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def test_a_release_changes_few_verdicts_and_explains_each(released):
    total, moved = 0, []
    for name, now in verdicts().items():
        then = released["released"][name]
        assert now["evidence"] == then["evidence"], f"{name} was recorded anew: write the fixture anew as well"
        total += len(then["verdicts"])
        moved += [f"{name} {key}" for key in changed(then["verdicts"], now["verdicts"])]
    assert len(moved) <= MOST * total, sorted(moved)
    unexplained = sorted(set(moved) - released["explained"].keys())
    assert unexplained == [], "say why in tests/fixtures/released_verdicts.json, explained"


def test_the_comparison_sees_a_verdict_that_moves_appears_or_goes():
    assert changed({"a": "x", "b": "y"}, {"a": "x", "b": "z", "c": "w"}) == {"b", "c"}
    assert changed({"a": "x"}, {}) == {"a"}


if __name__ == "__main__":
    fixture = {"explained": {}, "released": verdicts()}
    RELEASED.write_text(json.dumps(fixture, indent=1, sort_keys=True) + "\n", "utf-8")
    sys.exit(0)
