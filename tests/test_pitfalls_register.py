"""Every known misclassification has its test on evidence, and those the wire can bring about one on a real server."""

import importlib

import pytest

ROWS = {
    "P01": "a gateway and the mailboxes behind it",
    "P03": "a sender policy alone behind a gateway",
    "P04": "a gateway whose owner changed",
    "P05": "a gateway seated in the United States",
    "P06": "a gateway product under a reseller's name",
    "P07": "a local relay in front of a suite",
    "P09": "names that only look alike",
    "P11": "a tenant without mailboxes",
    "P12": "a tenant that hands sign-in over",
    "P13": "a tenant look-up without information",
    "P14": "a token of a search console",
    "P15": "a token of a suite, alone",
    "P16": "a suite left in the sender policy",
    "P18": "address blocks written out in the sender policy",
    "P19": "limits and odd forms of the sender policy",
    "P20": "a domain without mail",
    "P21": "bulk senders",
    "P23": "receivers of reports",
    "P24": "odd forms of a suite's MX",
    "P26": "own mail on a US cloud",
    "P27": "an own name on a suite's network",
    "P28": "a network's country that is not its owner's",
    "P29": "several networks, IPv6 alone",
    "P30": "split delivery",
    "P32": "an MX at the domain, a wildcard or a parking host",
    "P33": "mail under another domain than the site",
    "P34": "a domain that many bodies share",
    "P35": "a domain inside a group's tenant",
    "P37": "nothing recognised",
    "P38": "a suite's server run by oneself",
    "P39": "mail software and who runs it",
    "P40": "a webmail on a shared host",
    "P42": "name servers of a proxy that stands in front of nothing",
    "P43": "a European brand on a US cloud",
    "P44": "entities of one brand on two continents",
    "P45": "European names since bought",
    "P47": "US technology in European hands, qualified",
    "P48": "a trusted cloud that names alone cannot show",
    "P49": "a data boundary under the same parent",
    "P50": "qualified and resold offers of one seller",
    "P52": "pages that do not show everything",
    "O1": "resolvers that disagree",
    "O2": "failure taken for absence",
    "O3": "a port that is blocked",
    "O4": "answers in changing order",
    "O5": "third parties that would be told",
    "O6": "verdicts that change with a release",
}
ON_EVIDENCE = ("tests.test_pitfalls",)
ON_THE_WIRE = {
    **dict.fromkeys(
        ("P01", "P03", "P07", "P09", "P14", "P15", "P16", "P18", "P19", "P20", "P21", "P23", "P24", "P26", "P27",
         "P28", "P29", "P30", "P32", "P35", "P37", "P38", "P42", "O2", "O4"),
        "tests.test_pitfalls_wire",
    ),
    "P13": "tests.test_collect:test_microsoft_is_asked_only_on_request_and_its_word_is_kept",
    "P52": "tests.test_collect:test_the_main_page_is_what_answers_and_a_refusal_is_a_hole",
    "O1": "tests.test_collect:test_resolvers_that_disagree_are_both_kept",
    "O5": "tests.test_collect:test_microsoft_is_asked_only_on_request_and_its_word_is_kept",
}  # fmt: skip
"""Rows that an answer of a server can bring about, and the module, or the one test, that asks one."""
ELSEWHERE = {"O6": "tests.test_verdict_drift:test_a_release_changes_few_verdicts_and_explains_each"}


def speaking_of(module: str, row: str) -> list[str]:
    """Tests of a module whose name speaks of a row; ``module:test`` names one whatever it is called."""
    name, _, one = module.partition(":")
    found = vars(importlib.import_module(name))
    if one:
        return [one] if callable(found.get(one)) else []
    return [test for test in found if test.startswith("test_") and row.lower() in test.split("_")]


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_a_test_on_evidence(row):
    places = (ELSEWHERE[row],) if row in ELSEWHERE else ON_EVIDENCE
    assert [test for place in places for test in speaking_of(place, row)], ROWS[row]


@pytest.mark.parametrize("row", ON_THE_WIRE)
def test_every_row_that_the_wire_can_bring_about_has_a_test_against_a_server(row):
    assert row in ROWS
    assert speaking_of(ON_THE_WIRE[row], row), ROWS[row]
