"""Every frequent name that the catalogue does not know is explained, and no user of a supplier is named."""

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
EXPLAINED = yaml.safe_load((ROOT / "benchmarks" / "coverage.yaml").read_text("utf-8"))
PAGE = (ROOT / "docs" / "coverage.md").read_text("utf-8")
REASONS = {"public", "local", "unsure", "neutral", "closed", "noise", "group"}


@pytest.mark.parametrize("kind", EXPLAINED)
def test_every_explanation_begins_with_a_reason(kind):
    assert {why.partition(":")[0] for why in EXPLAINED[kind].values()} <= REASONS


def test_the_page_leaves_no_frequent_name_unexplained():
    assert "not looked at yet" not in PAGE
    for kind in EXPLAINED:
        for name, why in EXPLAINED[kind].items():
            if f"| {name} |" in PAGE:
                assert why in PAGE


def test_the_page_names_suppliers_of_several_and_nobody_else():
    rows = [line.split("|") for line in PAGE.splitlines() if line.startswith("| ") and line.count("|") == 4]
    uses = [int(cells[2]) for cells in rows if "." in cells[1] and cells[2].strip().isdigit()]
    assert len(uses) > 100
    assert min(uses) >= 2
