"""Trees of every ecosystem, clean and exposed, against the findings a reader would write down by hand."""

from functools import cache
from pathlib import Path

import pytest

from sovscan.audit import audit
from sovscan.model.audit import Audit
from sovscan.model.finding import Verdict
from sovscan.model.score import Grade
from sovscan.repository.scan import scan
from sovscan.score.policy import load_policy
from tests import results

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in (HERE / "repo_expected").glob("*.txt"))


@cache
def audited(name: str) -> Audit:
    scanned = scan([HERE / "repo_fixtures" / name])
    return audit(scanned.evidence, results.CATALOGUE(), results.RULEBOOK(), load_policy())


def found(name: str) -> set[str]:
    """``path:line rule`` of all that is not clear; whether ownership is sourced today is the catalogue's affair."""
    told = set()
    for finding in audited(name).findings:
        if finding.verdict is not Verdict.CLEAR:
            place = finding.location.partition(f"repo_fixtures/{name}/")[2] or finding.location
            told.add(f"{place} {finding.rule}{' unknown' if finding.verdict is Verdict.UNKNOWN else ''}")
    return told


def expected(name: str) -> set[str]:
    lines = (HERE / "repo_expected" / f"{name}.txt").read_text().splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def test_there_is_a_tree_with_its_expectations_for_every_ecosystem():
    assert len(NAMES) >= 60
    assert sorted(path.name for path in (HERE / "repo_fixtures").iterdir()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_tree_gives_exactly_the_findings_of_its_lines(name):
    assert found(name) == expected(name)


@pytest.mark.parametrize("name", ["terraform-exposed", "endpoints-exposed", "dns-zone"])
def test_a_repository_alone_is_never_graded(name):
    assert audited(name).score.grade is Grade.NR


def test_a_sovereign_partition_of_a_us_parent_stays_under_us_control():
    levels = {
        (nexus.level.value, nexus.country)
        for item in audited("terraform-partition").items
        if item.layer == "hosting"
        for nexus in item.nexuses
    }
    assert ("PARENT", "US") in levels or ("DIRECT", "US") in levels


def test_library_present_address_set_up_and_resource_created_are_three_confidences():
    def confidence(name: str, rule: str) -> set[str]:
        return {finding.confidence.value for finding in audited(name).findings if finding.rule == rule}

    assert confidence("go-exposed", "cloud-library-us-controlled") == {"weak"}
    assert "probable" in confidence("endpoints-exposed", "endpoint-us-controlled")
    assert confidence("terraform-partition", "infrastructure-us-controlled") == {"confirmed"}


def test_build_time_services_weigh_nothing_and_run_time_ones_stand_in_their_layer():
    layers = {item.layer.value: item.weight for item in audited("terraform-exposed").items}
    assert layers["supply"] == 0
    assert layers["hosting"] > 0


def test_no_secret_of_a_scanned_file_is_in_the_evidence():
    for name in NAMES:
        assert "SECRETCANARY" not in repr(audited(name))
