"""SARIF: valid against the standard's schema, honest about kinds, pointing only at files of the checkout."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from sovscan.model.finding import RuleId
from sovscan.render.format import RenderOptions
from sovscan.render.sarif import render_sarif
from tests.demo.audits import demo
from tests.hostile_text import ALL
from tests.sample_audit import european, half_silent, hostile, many_findings, town_hall

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-schema-2.1.0.json").read_text())


def run_of(audit, language="en", options=None) -> dict:
    log = json.loads(render_sarif(audit, language, options or RenderOptions()))
    jsonschema.Draft7Validator(SCHEMA).validate(log)
    return log["runs"][0]


@pytest.mark.parametrize("make", [town_hall, half_silent, european, lambda: hostile(ALL)])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_audit_is_valid_against_the_schema(make, language):
    assert run_of(make(), language)["language"] == language


def test_unknown_is_open_to_confirm_is_review_and_nothing_favourable_is_listed():
    run = run_of(town_hall())
    kinds = {result["partialFingerprints"]["sovscan/v1"]: result["kind"] for result in run["results"]}
    for finding in town_hall().findings:
        expected = {"exposed": "fail", "to_confirm": "review", "unknown": "open", "clear": None}[finding.verdict]
        assert kinds.get(finding.id) == expected
    assert run["properties"]["clear"] == 2


def test_only_a_failure_has_a_level_and_the_heaviest_comes_first():
    results = run_of(town_hall())["results"]
    assert all((result["level"] == "none") == (result["kind"] != "fail") for result in results)
    assert results[0]["level"] == "error"
    assert results[-1]["properties"]["severity"] == "low"


def test_a_domain_finding_points_at_the_line_that_names_its_target():
    options = RenderOptions(targets_file="audit/cibles 1.txt", target_lines=(("valmont.example", 7),))
    places = {
        (place["artifactLocation"]["uri"], place["region"]["startLine"])
        for result in run_of(town_hall(), options=options)["results"]
        for place in [result["locations"][0]["physicalLocation"]]
    }
    assert ("audit/cibles%201.txt", 7) in places
    assert places <= {("audit/cibles%201.txt", 7), ("audit/cibles%201.txt", 1)}


def test_a_repository_finding_points_at_its_own_line_and_never_out_of_the_checkout():
    finding = town_hall().findings[0]
    for location, expected in (
        ("infra/main.tf:12", ("infra/main.tf", 12)),
        ("../../etc/passwd:1", ("cibles.txt", 1)),
        ("/etc/passwd:1", ("cibles.txt", 1)),
        ("infra/main.tf:0", ("cibles.txt", 1)),
    ):
        audit = replace(town_hall(), findings=(replace(finding, theme="repository", location=location),))
        options = RenderOptions(targets_file="cibles.txt")
        place = run_of(audit, options=options)["results"][0]["locations"][0]["physicalLocation"]
        assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == expected


@pytest.mark.parametrize("make", [town_hall, european, lambda: hostile(ALL)])
def test_where_no_file_was_read_the_target_is_named_as_what_it_is_and_no_file_of_the_checkout(make):
    for result in run_of(make())["results"]:
        artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert "uriBaseId" not in artifact
        assert artifact["description"]["text"].startswith("No file")
        assert not artifact["uri"].startswith(("/", ".", "~"))


def test_severity_is_given_as_text_and_help_leads_to_a_source():
    rules = run_of(town_hall())["tool"]["driver"]["rules"]
    assert all(isinstance(rule["properties"]["security-severity"], str) for rule in rules)
    assert all(rule["helpUri"].startswith("https://") for rule in rules)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_rule_speaks_for_itself(language):
    rules = run_of(demo("mairie-valombreuse"), language)["tool"]["driver"]["rules"]
    assert len(rules) > 10
    for part in ("shortDescription", "fullDescription", "help"):
        texts = [rule[part]["text"] for rule in rules]
        assert len(set(texts)) == len(texts), part
    assert all(len(rule["shortDescription"]["text"]) <= 120 for rule in rules)
    assert all(rule["fullDescription"]["text"] in rule["help"]["text"] for rule in rules)


def test_help_leads_to_the_page_of_the_rule_where_pages_have_an_address():
    pages = "https://git.town.example/sovscan/docs/rules"
    options = RenderOptions(rule_pages=pages)
    for rule in run_of(demo("mairie-valombreuse"), options=options)["tool"]["driver"]["rules"]:
        assert rule["helpUri"] == f"{pages}/{rule['id']}.md"
        assert rule["helpUri"] in rule["help"]["text"]
        assert (Path(__file__).parents[1] / "docs" / "rules" / f"{rule['id']}.md").is_file()


def test_a_rule_of_the_auditors_own_has_no_page_of_ours():
    whole = town_hall()
    texts = tuple(replace(rule, id=RuleId("town-hall-own")) for rule in whole.rules[:1])
    findings = tuple(
        replace(found, rule=RuleId("town-hall-own")) if found.rule == whole.rules[0].id else found
        for found in whole.findings
    )
    audit = replace(whole, rules=(*texts, *whole.rules[1:]), findings=findings)
    rules = run_of(audit, options=RenderOptions(rule_pages="https://git.town.example/r"))["tool"]["driver"]["rules"]
    (own,) = (rule for rule in rules if rule["id"] == "town-hall-own")
    assert "git.town.example" not in json.dumps(own)


@pytest.mark.parametrize("told", ["javascript:x", "http://plain.example/r", "https://a b.example/"])
def test_an_address_that_may_not_be_followed_is_not_given_as_the_page_of_a_rule(told):
    rules = run_of(demo("mairie-valombreuse"), options=RenderOptions(rule_pages=told))["tool"]["driver"]["rules"]
    assert not any(told in rule.get("helpUri", "") for rule in rules)


@pytest.mark.parametrize(
    ("home", "told"),
    [
        ("https://git.town.example/tools/sovscan", "https://git.town.example/tools/sovscan"),
        ("javascript:alert(1)", None),
        ("https://user:secret@git.town.example/x", None),
        (None, None),
    ],
)
def test_where_the_tool_can_be_read_about_is_said_when_somebody_says_it_and_never_made_up(home, told):
    log = json.loads(render_sarif(town_hall(), "en", RenderOptions(home=home)))
    assert log["runs"][0]["tool"]["driver"].get("informationUri") == told


def test_more_results_than_a_platform_shows_are_cut_and_counted():
    run = run_of(many_findings(5_003))
    assert len(run["results"]) == 5_000
    assert run["properties"]["cut"] == 3


def test_hostile_text_stays_text():
    log = render_sarif(hostile(ALL), "fr", RenderOptions()).decode()
    assert "\x1b" not in log
    assert "\\u001b" not in log
    assert "\u202e" not in log
    assert '"markdown"' not in log
