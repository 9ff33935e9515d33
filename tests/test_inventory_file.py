"""Inventories written by hand: both forms, and what is wrong with the others."""

import re

import pytest

from sovscan.files.strict_yaml import YamlError
from sovscan.model.dependency import Confidence, Layer
from sovscan.model.exposure import Level
from sovscan.score import score
from sovscan.score.inventory_file import read_inventory
from sovscan.score.policy import load_policy


def read(*lines):
    return read_inventory("\n".join(lines).encode(), "inventory.yaml")


def test_a_row_carries_its_further_nexuses():
    (item,) = read("dependencies:", "  - [mail_in, OVH, PRESENCE, US, 1, [[PRESENCE, CA]]]").items
    assert [(nexus.level, nexus.country) for nexus in item.nexuses] == [(Level.PRESENCE, "US"), (Level.PRESENCE, "CA")]
    assert (item.weight, item.confidence) == (1.0, Confidence.CONFIRMED)


def test_the_fuller_form_says_role_confidence_and_who():
    (item,) = read(
        "organisation: Mairie",
        "dependencies:",
        "  - layer: saas",
        "    controller: Example SAS",
        "    name: payroll",
        "    offer: Example Pay",
        "    role: business",
        "    confidence: weak",
        "    main: false",
        "    nexuses: [{level: HOSTED_ON, country: US, who: Example Inc.}, {level: NONE}]",
    ).items
    assert (item.layer, item.weight, item.confidence) == (Layer.SAAS, 0.3, Confidence.WEAK)
    assert item.id == "saas/business/payroll, Example Pay/Example SAS"
    assert [(nexus.level, nexus.country, nexus.who) for nexus in item.nexuses] == [
        (Level.HOSTED_ON, "US", "Example Inc."),
        (Level.NONE, "EU", ""),
    ]


def test_norway_is_a_country_and_not_a_refusal():
    (item,) = read("dependencies: [[ca, Buypass, NONE, NO, 1]]").items
    assert item.nexuses[0].country == "NO"


def test_a_row_written_twice_counts_once():
    twice = read("dependencies:", *["  - [mail_in, OVH, PRESENCE, US, 1]"] * 2)
    assert len(twice.items) == 1


def test_failed_layers_are_read_and_an_empty_inventory_is_one():
    found = read("dependencies: []", "failed: [hosting, cdn, hosting]")
    assert (found.items, found.failed) == ((), (Layer.CDN, Layer.HOSTING))
    assert score(found, load_policy()).coverage == pytest.approx(0.72)


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("[mail_inn, OVH, NONE, EU, 1]", "2:6", "unknown layer 'mail_inn'"),
        ("[mail_in, OVH, PRESENT, US, 1]", "2:20", "unknown level"),
        ("[mail_in, OVH, DIRECT, UK, 1]", "2:28", "unknown country 'UK'"),
        ("[mail_in, OVH, DIRECT, FR, 1]", "2:28", "FR, which is in the EU/EEA"),
        ("[mail_in, OVH, DIRECT, US, 1, [[PARENT, EU]]]", "2:45", "EU, which is in the EU/EEA"),
        ("[mail_in, OVH, DIRECT, US, 2]", "2:32", "between 0 and 1"),
        ("[mail_in, OVH, DIRECT, US, heavy]", "2:32", "expected a number"),
        ("[mail_in, OVH, DIRECT, US]", "2:5", "4 entries in the row"),
        ("[mail_in, OVH, DIRECT, US, 1, [[PARENT]]]", "2:36", "a further nexus is"),
        ("{layer: saas, controller: X, role: office, level: NONE}", "2:40", "unknown role of saas"),
        ("{layer: saas, controller: X, role: business, weight: 1, level: NONE}", "2:5", "either a role or a weight"),
        ("{layer: saas, controller: X, level: NONE}", "2:5", "either a role or a weight"),
        ("{layer: saas, controller: X, role: business}", "2:5", "either a level or nexuses"),
        ("{layer: saas, controller: X, role: business, level: PARENT}", "2:57", "needs a country"),
        ("{layer: saas, controller: X, role: business, nexuses: []}", "2:59", "no nexus"),
        ("{layer: saas, controler: X, role: business, level: NONE}", "2:5", "missing key 'controller'"),
        ("just words", "2:5", "expected a mapping"),
    ],
)
def test_each_fault_is_shown_at_its_place(line, place, words):
    with pytest.raises(YamlError) as fault:
        read("dependencies:", f"  - {line}")
    assert str(fault.value).startswith(f"inventory.yaml:{place}: ")
    assert words in str(fault.value)


def test_a_word_that_resembles_none_is_answered_with_those_that_exist():
    with pytest.raises(YamlError) as fault:
        read("dependencies:", "  - [mail_in, OVH, bad, US, 1]")
    assert {"one", "NONE", "DIRECT", "PARENT"} <= set(re.findall(r"\w+", fault.value.help or ""))


def test_two_services_of_one_controller_need_names_to_be_told_apart():
    row = "  - {layer: saas, controller: X, role: business, level: NONE, confidence: "
    with pytest.raises(YamlError, match="already there with other facts"):
        read("dependencies:", row + "weak}", row + "confirmed}")
