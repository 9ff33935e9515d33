"""P1 to P8 of the method on random inventories; SOVSCAN_EXAMPLES=20000 makes the long run."""

import os
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sovscan.model.dependency import Confidence, Layer
from sovscan.model.exposure import Inventory, Level, Nexus
from sovscan.model.score import Grade
from sovscan.model.text import Country
from sovscan.score import score
from sovscan.score.grade import headline
from sovscan.score.policy import load_policy
from sovscan.score.risk import layer_risks
from tests.method.inventories import item

POLICIES = (load_policy(), load_policy("strict"))
PRACTICAL = POLICIES[0]
OUTSIDE = [*sorted(PRACTICAL.countries), "BR", "ZA"]
EU_CONTROLLED = (Level.IMMUNE, Level.NONE, Level.TECHNOLOGY, Level.PRESENCE, Level.INFLUENCE)
ORDER = tuple(Grade)

examples = settings(
    max_examples=int(os.environ.get("SOVSCAN_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

levels = st.sampled_from(Level)
countries = st.sampled_from(OUTSIDE)
weights = st.sampled_from([0.15, 0.25, 0.5, 0.6, 0.8, 1.0])
confidences = st.sampled_from(Confidence)
controllers = st.integers(1, 25).map("c{}".format)
items = st.builds(item, st.sampled_from(list(PRACTICAL.layers)), controllers, levels, countries, weights, confidences)
failures = st.lists(st.integers(0, 9), min_size=10, max_size=10).map(
    lambda draws: tuple(layer for layer, draw in zip(PRACTICAL.layers, draws, strict=True) if draw == 0)
)
inventories = st.builds(
    lambda items, failed: Inventory(items=tuple(items), failed=failed), st.lists(items, max_size=15), failures
)
policies = st.sampled_from(POLICIES)


def value(inventory, policy):
    return headline(layer_risks(inventory, policy), policy).value


def with_items(inventory, *added):
    return replace(inventory, items=(*inventory.items, *added))


def at_level(found, level, country, confidence=Confidence.CONFIRMED, controller=None):
    return replace(
        found,
        id=f"{found.id}>{level}",
        nexuses=(Nexus(level=level, country=Country(country)),),
        confidence=confidence,
        controller=controller or found.controller,
    )


@examples
@given(inventories, items, policies)
def test_p1_one_more_dependency_never_raises_score_or_grade(inventory, added, policy):
    before, after = score(inventory, policy), score(with_items(inventory, added), policy)
    assert after.value <= before.value
    assert before.grade is Grade.NR or ORDER.index(after.grade) >= ORDER.index(before.grade)


@examples
@given(inventories, items, st.sampled_from((Level.NONE, Level.IMMUNE)), controllers, policies)
def test_p2_a_confirmed_european_replacement_never_lowers_the_score(inventory, replaced, level, controller, policy):
    assume(replaced.nexuses[0].level not in (Level.NONE, Level.IMMUNE))
    before = with_items(inventory, replaced)
    after = with_items(inventory, at_level(replaced, level, "EU", controller=controller))
    assert value(after, policy) >= value(before, policy)


@examples
@given(inventories, items, st.sampled_from(EU_CONTROLLED), countries, policies)
def test_p3_an_unidentified_provider_never_beats_an_identified_european_one(inventory, seen, level, country, policy):
    hidden = at_level(seen, Level.UNKNOWN, "??", seen.confidence, "its own")
    named = at_level(seen, level, country, seen.confidence, "its own")
    assert value(with_items(inventory, hidden), policy) <= value(with_items(inventory, named), policy)


@examples
@given(inventories, st.sampled_from(list(PRACTICAL.layers)), policies)
def test_p3_a_failed_probe_never_raises_the_score(inventory, layer, policy):
    failed = replace(inventory, failed=tuple({*inventory.failed, layer}))
    assert value(failed, policy) <= value(inventory, policy)


@examples
@given(inventories, st.lists(items, min_size=1, max_size=4), policies)
def test_p3_what_was_not_read_lowers_the_worst_reading_at_most_and_touches_nothing_else(inventory, unread, policy):
    before, after = score(inventory, policy), score(replace(inventory, unread=tuple(unread)), policy)
    assert after.worst <= before.worst
    assert ORDER.index(after.worst_grade) >= ORDER.index(before.worst_grade)
    assert replace(after, worst=before.worst, worst_grade=before.worst_grade) == before


@examples
@given(inventories, st.randoms(use_true_random=False), policies)
def test_p4_order_and_duplicates_change_nothing(inventory, random, policy):
    shuffled = [*inventory.items, *inventory.items[:5]]
    random.shuffle(shuffled)
    assert score(replace(inventory, items=tuple(shuffled)), policy) == score(inventory, policy)


@examples
@given(inventories, policies)
def test_p5_the_score_never_exceeds_its_reading_through_the_us_lens(inventory, policy):
    found = score(inventory, policy)
    assert found.lens_non_eu <= found.lens_us


@examples
@given(inventories, items, st.sampled_from(list(combinations(Confidence, 2))), policies)
def test_p6_more_confidence_never_lowers_the_score(inventory, found, steps, policy):
    surer, vaguer = sorted(steps, key=lambda confidence: -confidence.rank)
    before = with_items(inventory, replace(found, confidence=vaguer))
    assert value(with_items(inventory, replace(found, confidence=surer)), policy) >= value(before, policy)


@examples
@given(inventories, policies)
def test_p7_every_number_stays_inside_its_bounds(inventory, policy):
    found = score(inventory, policy)
    assert 0 <= found.worst <= found.value <= found.best <= 100
    assert 0 <= found.access <= 100
    assert 0 <= found.cutoff <= 100
    assert 0 <= found.coverage <= 1 + 1e-9
    assert all(part is None or 0 <= part <= 100 for part in found.sov.values())


@examples
@given(inventories, st.integers(1, 12), st.sampled_from(list(PRACTICAL.layers)), policies)
def test_p8_padding_with_european_items_dilutes_no_exposure(inventory, count, layer, policy):
    padding = [item(layer, f"EU {n}", Level.NONE, "EU", 1.0, Confidence.CONFIRMED) for n in range(count)]
    before, after = score(inventory, policy), score(with_items(inventory, *padding), policy)
    assert after.value <= before.value
    for first, second in zip(before.layers, after.layers, strict=True):
        assert second.points_lost >= first.points_lost


@examples
@given(inventories, policies)
def test_every_lost_point_has_a_term(inventory, policy):
    found = score(inventory, policy)
    assert sum(term.access + term.cutoff for term in found.terms) == pytest.approx(100 - found.value, abs=1e-9)
    assert sum(layer.points_lost for layer in found.layers) == pytest.approx(100 - found.value, abs=1e-9)
    known = {known.id for known in inventory.items}
    assert all(term.dependency in known for term in found.terms if term.dependency is not None)
    assert all(term.access >= 0 and term.cutoff >= 0 for term in found.terms)


@examples
@given(inventories, policies)
def test_a_dependency_of_a_layer_that_is_not_scored_changes_nothing(inventory, policy):
    image = item(Layer.SUPPLY, "registry", Level.DIRECT, "US", 0.0, Confidence.CONFIRMED)
    assert score(with_items(inventory, image), policy) == score(inventory, policy)
