"""The method to the digit: every published vector, within half a unit of the last digit shown."""

import pytest

from sovscan.model.dependency import Layer
from sovscan.model.score import Grade
from sovscan.score import score
from sovscan.score.policy import load_policy
from tests.method.inventories import example, inventory

PRACTICAL = load_policy()
STRICT = load_policy("strict")

# number, score, grade, access, cut-off, US lens, SEAL ceiling, SOV-1 to SOV-4
EXAMPLES = [
    (1, 96.8, "A", 96.8, 96.7, 96.8, 4, (97, 97, 96, 97)),
    (2, 85.2, "A", 84.5, 86.2, 85.2, 3, (86, 85, 84, 89)),
    (3, 77.6, "B", 86.9, 63.7, 77.6, 2, (64, 87, 86, 57)),
    (4, 39.0, "D", 36.5, 42.7, 39.0, 1, (43, 37, 36, 42)),
    (5, 46.6, "D", 43.6, 50.9, 46.6, 1, (51, 44, 45, 48)),
    (6, 6.1, "F", 6.2, 6.0, 6.1, 1, (6, 6, 4, 3)),
]


def shown(value, digits):
    return pytest.approx(value, abs=0.5 * 10**-digits + 1e-9)


@pytest.mark.parametrize(("number", "value", "grade", "access", "cutoff", "lens", "seal", "sov"), EXAMPLES)
def test_each_example_gives_its_published_line(  # noqa: PLR0917
    number, value, grade, access, cutoff, lens, seal, sov
):
    found = score(example(number), PRACTICAL)
    assert found.value == shown(value, 1)
    assert found.grade is Grade(grade)
    assert found.access == shown(access, 1)
    assert found.cutoff == shown(cutoff, 1)
    assert found.lens_us == shown(lens, 1)
    assert found.lens_non_eu == found.value
    assert found.seal_ceiling == seal
    assert tuple(found.sov[f"SOV-{n}"] for n in range(1, 5)) == tuple(shown(part, 0) for part in sov)
    assert all(found.sov[f"SOV-{n}"] is None for n in range(5, 9))
    assert found.coverage == pytest.approx(1.0)
    assert found.profile == "practical"


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 6])
def test_the_strict_profile_leaves_the_six_examples_where_they_are(number):
    practical, strict = score(example(number), PRACTICAL), score(example(number), STRICT)
    assert strict.value == pytest.approx(practical.value, abs=0.05)
    assert strict.grade is practical.grade


def test_the_points_of_the_town_hall_go_where_the_method_says():
    found = score(example(5), PRACTICAL)
    lost = {layer.layer: layer for layer in found.layers}
    published = {
        "mail_in": 20.98, "identity": 16.85, "hosting": 4.60, "mail_out": 4.09, "web3p": 2.87,
        "ca": 1.90, "saas": 1.04, "dns": 1.02, "registry": 0.09, "cdn": 0.0,
    }  # fmt: skip
    assert {layer.value: layer_score.points_lost for layer, layer_score in lost.items()} == {
        name: shown(points, 2) for name, points in published.items()
    }
    for layer, access, cutoff in (
        ("mail_in", 0.9050, 0.8575),
        ("identity", 0.9145, 0.8718),
        ("hosting", 0.335, 0.1925),
    ):
        assert lost[Layer(layer)].risk_access == shown(access, 4)
        assert lost[Layer(layer)].risk_cutoff == shown(cutoff, 4)
    assert [term.source for term in found.terms if term.layer is Layer.SAAS] == ["residual"]
    assert sum(term.access + term.cutoff for term in found.terms) == pytest.approx(100 - found.value, abs=1e-9)


def test_the_fully_exposed_layer_loses_the_points_of_the_weight_table():
    found = score(example(6), PRACTICAL)
    assert {layer.layer.value: round(layer.max_points, 3) for layer in found.layers} == {
        "mail_in": 23.6, "identity": 18.8, "hosting": 16.8, "cdn": 11.2, "saas": 10.4,
        "web3p": 5.6, "mail_out": 4.6, "dns": 4.4, "registry": 2.7, "ca": 1.9,
    }  # fmt: skip


def test_failed_probes_open_the_interval_and_never_help():
    found = score(example(5, failed="hosting, cdn, web3p"), PRACTICAL)
    assert found.value == shown(30.9, 1)
    assert found.grade is Grade.E
    assert found.coverage == shown(0.66, 2)
    assert (found.worst, found.best) == (shown(20.4, 1), shown(46.6, 1))
    assert [cap.id for cap in found.caps if cap.id.startswith("coverage")] == ["coverage-low", "coverage-partial"]
    assert {cap.because for cap in found.caps if cap.id.startswith("coverage")} == {("cdn", "hosting", "web3p")}


@pytest.mark.parametrize(
    ("row", "replaced", "value", "grade"),
    [
        ("[web3p, Google, DIRECT, US, 0.5]", "", 82.5, "B"),
        ("[web3p, Google, DIRECT, US, 0.25]", "", 83.8, "A"),
        ('[web3p, "?x", UNKNOWN, "??", 0.5]', "", 83.6, "B"),
        ("[saas, Zendesk, DIRECT, US, 0.6]", "", 79.7, "B"),
        ("[cdn, Cloudflare, DIRECT, US, 1]", "", 74.0, "B"),
        ("[mail_in, Proton, DIRECT, CH, 1]", "", 81.3, "A"),
        ("[mail_in, Microsoft, PARENT, US, 1]", "mail_in", 71.0, "C"),
        ("[mail_in, SNC, IMMUNE, EU, 1]", "mail_in", 92.0, "A"),
        ("[mail_in, Infomaniak, DIRECT, CH, 1]", "mail_in", 85.6, "A"),
    ],
)
def test_each_change_to_the_european_sme_gives_its_published_score(row, replaced, value, grade):
    found = score(example(2, row, without=replaced), PRACTICAL)
    assert (found.value, found.grade) == (shown(value, 1), Grade(grade))


def test_a_swiss_mail_host_counts_in_full_under_the_strict_profile():
    found = score(example(2, "[mail_in, Infomaniak, DIRECT, CH, 1]", without="mail_in"), STRICT)
    assert (found.value, found.grade) == (shown(68.4, 1), Grade.C)


UNIT = [
    ("DIRECT", "US", 73.480, "C"), ("PARENT", "US", 76.102, "C"), ("HOSTED_ON", "US", 79.465, "C"),
    ("UNKNOWN", '"??"', 82.448, "C"), ("DIRECT", "GB", 82.486, "C"), ("INFLUENCE", "US", 87.692, "A"),
    ("PRESENCE", "US", 90.314, "A"), ("TECHNOLOGY", "US", 90.618, "B"), ("DIRECT", "CH", 90.675, "A"),
    ("NONE", "EU", 95.900, "A"), ("IMMUNE", "EU", 97.080, "A"),
]  # fmt: skip


@pytest.mark.parametrize(("level", "country", "value", "grade"), UNIT)
def test_one_mail_dependency_alone_gives_its_published_score(level, country, value, grade):
    found = score(inventory(f"[mail_in, somebody, {level}, {country}, 1]"), PRACTICAL)
    assert (found.value, found.grade) == (shown(value, 3), Grade(grade))


@pytest.mark.parametrize(("level", "country"), [("DIRECT", "GB"), ("DIRECT", "CH"), ("UNKNOWN", '"??"')])
def test_under_the_strict_profile_what_is_outside_or_unknown_counts_in_full(level, country):
    found = score(inventory(f"[mail_in, somebody, {level}, {country}, 1]"), STRICT)
    assert (found.value, found.grade) == (shown(73.480, 3), Grade.C)


@pytest.mark.parametrize("country", ["GB", "CH"])
def test_through_the_us_lens_other_countries_do_not_count(country):
    found = score(inventory(f"[mail_in, somebody, DIRECT, {country}, 1]"), PRACTICAL)
    assert found.lens_us == shown(95.900, 3)


@pytest.mark.parametrize(
    ("level", "country", "confidence", "value", "grade"),
    [
        ("NONE", "EU", "probable", 93.210, "A"),
        ("NONE", "EU", "weak", 89.174, "A"),
        ("PRESENCE", "US", "probable", 88.741, "A"),
        ("PRESENCE", "US", "weak", 86.381, "A"),
        ("DIRECT", "US", "probable", 73.480, "C"),
        ("DIRECT", "US", "weak", 73.480, "C"),
    ],
)
def test_doubt_pulls_exposure_up_and_never_down(level, country, confidence, value, grade):
    row = f"{{layer: mail_in, controller: x, level: {level}, country: {country}, weight: 1, confidence: {confidence}}}"
    found = score(inventory(row), PRACTICAL)
    assert (found.value, found.grade) == (shown(value, 3), Grade(grade))


def test_an_unidentified_mail_host_may_turn_out_either_way():
    found = score(inventory('[mail_in, "?", UNKNOWN, "??", 1]'), PRACTICAL)
    assert (found.worst, found.best) == (shown(73.480, 3), shown(95.900, 3))
    assert (found.worst_grade, found.best_grade) == (Grade.C, Grade.A)


def test_an_empty_inventory_is_not_rated():
    found = score(inventory(), PRACTICAL)
    assert (found.value, found.grade) == (shown(97.080, 3), Grade.NR)
    assert (found.worst_grade, found.best_grade) == (Grade.NR, Grade.NR)
    assert found.seal_ceiling is None
    assert [cap.id for cap in found.caps] == ["nothing-to-rate"]


def test_an_empty_inventory_with_a_failed_probe_is_not_rated_either():
    found = score(inventory(failed="mail_in"), PRACTICAL)
    assert (found.value, found.grade) == (shown(82.920, 3), Grade.NR)


def test_ten_european_tools_do_not_pay_for_an_american_mailbox():
    """A mean over dependencies would give 39.2, then 73.2."""
    padding = [f"[saas, EU tool {n}, NONE, EU, 1]" for n in range(10)]
    assert score(example(5), PRACTICAL).value == shown(46.6, 1)
    assert score(example(5, *padding), PRACTICAL).value == shown(46.1, 1)


def test_an_added_american_status_page_does_not_raise_the_score():
    """Renormalising on observed layers would give 9.1, then 23.4."""
    microsoft = ("[mail_in, Microsoft, PARENT, US, 1]", "[identity, Microsoft, PARENT, US, 1]")
    assert score(inventory(*microsoft), PRACTICAL).value == shown(61.1, 1)
    assert score(inventory(*microsoft, "[saas, Status, DIRECT, US, 0.15]"), PRACTICAL).value == shown(59.7, 1)
