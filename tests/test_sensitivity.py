"""The published bands can be drawn again, and the published inventories are files anybody can score."""

import json
import random

import pytest

from sovscan.cli.exits import ExitCode
from sovscan.cli.main import run
from sovscan.cli.sensitivity import DRAWS, SEED, measure, moved, published_inventories, written
from sovscan.files import bundled
from sovscan.model.exposure import Level
from sovscan.score.policy import load_policy
from tests.method.inventories import example
from tests.test_method_vectors import EXAMPLES, shown

FILES = {parts[-1][0]: parts for parts in bundled.listing("data", "method", suffix=".yaml")}
BANDS = {1: (95.4, 97.9), 2: (82.6, 87.5), 3: (71.3, 82.7), 4: (33.5, 44.4), 5: (39.2, 55.1), 6: (4.1, 9.0)}


def rows(inventory):
    return sorted((item.layer, item.controller, item.nexuses, item.weight, item.confidence) for item in inventory.items)


def test_the_published_files_hold_the_rows_the_method_is_fixed_by():
    found = published_inventories()
    assert sorted(found) == [1, 2, 3, 4, 5, 6]
    assert all(rows(found[number]) == rows(example(number)) for number in found)


def test_a_few_draws_land_inside_the_range_of_the_published_bands():
    found = measure(200, SEED)
    for band in found.bands:
        low, high = BANDS[band.example]
        assert (band.low, band.high) == (pytest.approx(low, abs=1.5), pytest.approx(high, abs=1.5))
    assert set(found.swaps) <= {(5, 4), (2, 3)}
    assert 0.85 <= found.order_kept <= 0.97


def test_the_same_seed_draws_the_same_file_and_another_seed_another():
    assert written(measure(40, 1)) == written(measure(40, 1)) != written(measure(40, 2))


def test_what_is_fixed_does_not_move_and_the_weights_still_sum_to_one():
    policy = load_policy()
    other = moved(policy, random.Random(7))
    assert other.levels[Level.DIRECT] == policy.levels[Level.DIRECT]
    assert other.levels[Level.PARENT] != policy.levels[Level.PARENT]
    assert other.countries["US"] == policy.countries["US"]
    assert other.countries["GB"] != policy.countries["GB"]
    assert sum(rule.weight.access for rule in other.layers.values()) == pytest.approx(1)
    assert sum(rule.weight.cutoff for rule in other.layers.values()) == pytest.approx(1)


@pytest.mark.slow
def test_the_file_that_reports_read_is_the_one_the_command_draws():
    assert written(measure(DRAWS, SEED)).encode() == bundled.read("rules", "sensitivity.yaml")


def test_the_command_prints_the_bands_and_writes_nothing_unless_asked(capsysbinary):
    before = bundled.read("rules", "sensitivity.yaml")
    assert run(["method", "sensitivity", "--draws", "40"]) is ExitCode.PASS
    captured = capsysbinary.readouterr()
    assert captured.out.decode() == written(measure(40, SEED))
    assert b"--write replaces it" in captured.err
    assert bundled.read("rules", "sensitivity.yaml") == before


@pytest.mark.parametrize(("number", "value", "grade", "access", "cutoff", "lens", "seal", "sov"), EXAMPLES)
def test_score_on_a_published_file_gives_its_published_line(  # noqa: PLR0917
    number, value, grade, access, cutoff, lens, seal, sov, capsysbinary
):
    path = bundled.resource(*FILES[str(number)])
    assert run(["score", str(path), "--json"]) is ExitCode.PASS
    found = json.loads(capsysbinary.readouterr().out)
    assert (found["score"], found["grade"]) == (shown(value, 1), grade)
    assert (found["access"], found["cutoff"], found["lens_us"]) == (shown(access, 1), shown(cutoff, 1), shown(lens, 1))
    assert (found["seal_ceiling"], found["coverage"]) == (seal, pytest.approx(1))
    assert [found["sov"][f"SOV-{n}"] for n in range(1, 5)] == [shown(part, 0) for part in sov]
    assert found["interval"][0] <= found["score"] <= found["interval"][1]
    assert sum(found["points_lost"].values()) == pytest.approx(100 - found["score"])
    assert set(found) >= {"caps", "sov", "points_lost", "lens_non_eu", "profile"}


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6])
def test_the_fuller_form_of_a_published_file_scores_the_same(number, tmp_path, capsysbinary):
    lines = ["dependencies:"]
    for item in published_inventories()[number].items:
        nexuses = ", ".join(f'{{level: {nexus.level}, country: "{nexus.country}"}}' for nexus in item.nexuses)
        lines += [
            f"  - layer: {item.layer}",
            f"    controller: {item.controller}",
            f"    name: {item.controller} for {item.layer}",
            "    offer: as published",
            f"    weight: {item.weight:g}",
            "    confidence: confirmed",
            f"    nexuses: [{nexuses}]",
        ]
    file = tmp_path / "fuller.yaml"
    file.write_text("\n".join(lines) + "\n")
    results = []
    for path in (file, bundled.resource(*FILES[str(number)])):
        assert run(["score", str(path), "--json"]) is ExitCode.PASS
        found = json.loads(capsysbinary.readouterr().out)
        for cap in found["caps"]:
            del cap["because"]  # ids carry the names
        results.append(found)
    assert results[0] == results[1]


def test_failed_layers_of_a_file_lower_coverage_and_the_score(tmp_path, capsysbinary):
    text = bundled.read(*FILES["5"]).decode() + "failed: [hosting, cdn, web3p]\n"
    file = tmp_path / "failed.yaml"
    file.write_text(text)
    assert run(["score", str(file), "--json"]) is ExitCode.PASS
    found = json.loads(capsysbinary.readouterr().out)
    assert (found["score"], found["grade"], found["coverage"]) == (shown(30.9, 1), "E", shown(0.66, 2))
    assert found["interval"] == [shown(20.4, 1), shown(46.6, 1)]
