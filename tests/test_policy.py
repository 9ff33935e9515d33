"""The numbers of the method: read from one page, changed only in the open."""

import pytest

from sovscan.catalogue.lint import KNOWN_ROLES
from sovscan.files.strict_yaml import YamlError
from sovscan.model.dependency import Layer
from sovscan.model.exposure import Level
from sovscan.model.text import Country
from sovscan.score.policy import Hazards, load_policy

WHOLE = Hazards(access=1.0, cutoff=1.0)


def test_the_strict_profile_counts_every_country_outside_in_full():
    strict = load_policy("strict")
    assert {strict.country(Country(code)) for code in strict.known_countries - strict.eea} == {WHOLE}
    assert strict.level(Level.UNKNOWN) == WHOLE


def test_a_country_with_an_adequacy_decision_still_counts():
    practical = load_policy()
    assert practical.country(Country("BR")) == Hazards(access=0.4, cutoff=0.4)
    assert practical.country(Country("ZA")) == Hazards(access=0.9, cutoff=0.8)


def test_build_time_roles_weigh_nothing_and_their_layer_is_not_scored():
    practical = load_policy()
    assert Layer.SUPPLY not in practical.layers
    assert {weight for role, weight in practical.roles.items() if role.startswith("supply.")} == {0.0}


def test_an_override_is_applied_and_recorded():
    policy = load_policy(overrides={"parameters.floor": "0.1", "countries.CH.access": 0.5})
    assert policy.floor == 0.1
    assert policy.country(Country("CH")).access == 0.5
    assert policy.overrides == {"countries.CH.access": ".25 -> 0.5", "parameters.floor": ".05 -> 0.1"}
    assert load_policy().overrides == {}


def test_an_override_of_a_profile_starts_from_the_profile():
    assert load_policy("strict", {"parameters.unknown": 0.8}).overrides == {"parameters.unknown": "1 -> 0.8"}


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("parameters.flor", 0.1, "has no 'flor'"),
        ("parameters", 0.1, "only a number"),
        ("layers.mail_in.essential", 0.1, "only a number"),
        ("parameters.floor.deeper", 0.1, "has no 'deeper'"),
        ("parameters.floor", 1.5, "from 0 to 1"),
        ("parameters.floor", "nan", "expected a number"),
        ("layers.mail_in.weight.access", 0.5, "do not sum to 1"),
        ("shares.access", 0.7, "do not sum to 1"),
        ("grades.B", 85, "higher score than the next"),
    ],
)
def test_an_override_that_breaks_the_method_is_refused(path, value, words):
    with pytest.raises(YamlError, match=words):
        load_policy(overrides={path: value})


def test_a_weight_can_be_moved_when_another_one_gives_way():
    policy = load_policy(overrides={"layers.mail_in.weight.access": 0.20, "layers.dns.weight.access": 0.08})
    assert policy.layers[Layer.DNS].weight.access == 0.08


def test_an_unknown_profile_is_refused_with_the_nearest_one():
    with pytest.raises(YamlError, match="no such profile") as refused:
        load_policy("stricts")
    assert refused.value.help == "did you mean 'strict'?"


def test_every_role_the_catalogue_may_name_has_a_weight():
    assert load_policy().roles.keys() == KNOWN_ROLES
