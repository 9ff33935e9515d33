"""Findings as security events: valid for their readers, never a pass for what nobody could see.

``schemas/ocsf-compliance-finding-1.8.0.schema.json`` is the class of the schema's published export
(https://schema.ocsf.io/1.8.0/export/schema, Apache-2.0) as JSON Schema, closed against unknown attributes; the package
ocsf-json-schema 1.2.0 (MIT) wrote it with ``get_class_schema("compliance_finding")``.
"""

import functools
import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from sovscan.gate import GateTerms, decide
from sovscan.gate.baseline import make_baseline
from sovscan.model.finding import Severity, Verdict
from sovscan.model.gate import Standing
from sovscan.render.format import RenderOptions
from sovscan.render.ocsf import FORMAT, VERSION
from sovscan.score.policy import load_policy
from tests.hostile_text import ALL
from tests.results import HALF_SILENT, SME, STATE, TOWN_HALL, judged
from tests.sample_audit import european, half_silent, hostile, town_hall
from tests.test_gate_files import waiver, waivers

SCHEMA = Path(__file__).parent / "schemas" / "ocsf-compliance-finding-1.8.0.schema.json"
DEMOS = (TOWN_HALL, SME, STATE, HALF_SILENT)
PASS, UNKNOWN = 1, 0


@functools.cache
def validator():
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))


def written(audit, language="en", options=None) -> bytes:
    return FORMAT.render(audit, language, options or RenderOptions())


def events(audit, language="en", options=None):
    return {
        event["finding_info"]["uid"]: event
        for event in map(json.loads, written(audit, language, options).decode().splitlines())
    }


def with_only(**changes):
    """The town hall with its first finding alone, changed."""
    return replace(town_hall(), findings=(replace(town_hall().findings[0], **changes),))


# --- validity -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", DEMOS)
def test_every_event_of_every_demonstration_is_a_compliance_finding_of_the_schema(name, language):
    audit = judged(name)
    found = events(audit, language, RenderOptions(gate=decide(audit, GateTerms(), load_policy())))
    assert found.keys() == {finding.id for finding in audit.findings}
    for event in found.values():
        validator().validate(event)
        assert (event["category_uid"], event["class_uid"], event["type_uid"]) == (2, 2003, 200301)
        assert event["metadata"]["version"] == VERSION


@pytest.mark.parametrize("make", [town_hall, half_silent, european, lambda: hostile(ALL)])
def test_invented_and_hostile_organisations_give_valid_events_as_well(make):
    for language in ("fr", "en"):
        for event in events(make(), language).values():
            validator().validate(event)


@pytest.mark.parametrize("spoiled", [{"severity_id": 9}, {"class_uid": 2001}, {"time": "today"}, {"colour": "red"}])
def test_the_schema_refuses_what_is_no_such_event(spoiled):
    event = next(iter(events(town_hall()).values()))
    assert not validator().is_valid({**event, **spoiled})
    assert not validator().is_valid({**event, "compliance": {**event["compliance"], "status_id": 7}})


def test_the_number_of_a_status_has_its_caption_of_the_schema():
    captions = {0: "Unknown", 1: "Pass", 2: "Warning", 3: "Fail"}
    severities = {1: "Informational", 2: "Low", 3: "Medium", 4: "High", 5: "Critical"}
    for language in ("fr", "en"):
        for event in events(town_hall(), language).values():
            assert captions[event["compliance"]["status_id"]] == event["compliance"]["status"]
            assert severities[event["severity_id"]] == event["severity"]


# --- what is said ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DEMOS)
def test_only_what_is_favourable_passes_and_what_is_unknown_is_unknown(name):
    audit = judged(name)
    statuses = {key: event["compliance"]["status_id"] for key, event in events(audit).items()}
    expected = {Verdict.EXPOSED: 3, Verdict.TO_CONFIRM: 2, Verdict.UNKNOWN: UNKNOWN, Verdict.CLEAR: PASS}
    assert statuses == {finding.id: expected[finding.verdict] for finding in audit.findings}


def test_a_silent_domain_tells_of_what_is_missing_and_passes_nothing_it_could_not_see():
    audit = judged(HALF_SILENT)
    unknown = [finding for finding in audit.findings if finding.verdict is Verdict.UNKNOWN and finding.missing]
    assert unknown
    for finding in unknown:
        event = events(audit)[finding.id]
        assert event["compliance"]["status"] == "Unknown"
        assert event["compliance"]["status_details"] == list(finding.missing)
        assert event["severity_id"] > 1
        assert event["remediation"]["desc"]


def test_what_passes_is_informational_whatever_its_rule_weighs():
    (event,) = events(with_only(verdict=Verdict.CLEAR, severity=Severity.CRITICAL)).values()
    assert (event["severity"], event["compliance"]["status"]) == ("Informational", "Pass")
    assert "remediation" not in event
    assert "tags" not in event["finding_info"]


@pytest.mark.parametrize(("severity", "number"), list(zip(Severity, (2, 3, 4, 5), strict=True)))
def test_a_severity_keeps_its_rank(severity, number):
    (event,) = events(with_only(verdict=Verdict.EXPOSED, severity=severity)).values()
    assert event["severity_id"] == number


def test_what_does_not_apply_is_no_event():
    assert written(with_only(verdict=Verdict.NOT_APPLICABLE)) == b""


def test_a_resource_names_the_service_who_runs_it_and_under_whose_control():
    audit = town_hall()
    finding = next(one for one in audit.findings if one.rule == "identity-us-controlled")
    (resource,) = events(audit)[finding.id]["resources"]
    dependency = next(one for one in audit.dependencies if one.id == finding.dependency)
    assert (resource["uid"], resource["name"]) == (dependency.id, dependency.subject)
    assert resource["group"] == {"name": "Microsoft 365", "type": "operator", "uid": "microsoft"}
    assert {"name": "controller", "value": "Microsoft Corporation"} in resource["tags"]
    assert {"name": "country_of_control", "value": "US"} in resource["tags"]


def test_nobody_is_named_where_nobody_was_identified():
    audit = town_hall()
    finding = next(one for one in audit.findings if one.rule == "hosting-unidentified")
    (resource,) = events(audit)[finding.id]["resources"]
    assert "group" not in resource
    assert not {"controller", "country_of_control"} & {tag["name"] for tag in resource["tags"]}


def test_no_event_claims_to_know_where_the_data_lies():
    for name in DEMOS:
        for event in events(judged(name)).values():
            assert not [resource for resource in event["resources"] if "region" in resource]


def test_a_rule_about_the_whole_is_about_the_organisation():
    audit = town_hall()
    finding = next(one for one in audit.findings if one.dependency is None)
    assert events(audit)[finding.id]["resources"] == [{"name": audit.organisation, "type": "organisation"}]


def test_remedy_sources_and_laws_come_with_the_finding_in_the_readers_language():
    finding = town_hall().findings[0]
    said = {language: events(town_hall(), language)[finding.id] for language in ("fr", "en")}
    assert said["fr"]["remediation"]["desc"] != said["en"]["remediation"]["desc"]
    assert said["en"]["remediation"]["references"][0].startswith("https://www.govinfo.gov/")
    (law,) = said["en"]["finding_info"]["tags"]
    assert law["values"] == ["CLOUD Act (18 U.S.C. § 2713) – In force (state on 21 November 2026)."]
    assert said["fr"]["metadata"]["product"]["lang"] == "fr"


# --- what the gate decided ------------------------------------------------------------------------------------------


def test_a_waived_finding_is_suppressed_with_its_owner_and_still_a_failure():
    audit = town_hall()
    options = RenderOptions(gate=decide(audit, GateTerms(waivers=waivers(waiver())), load_policy()))
    waived = {ruling.finding for ruling in options.gate.rulings if ruling.standing is Standing.WAIVED}
    found = events(audit, options=options)
    assert waived
    assert {key for key, event in found.items() if event["status_id"] == 3} == waived
    for key in waived:
        assert found[key]["status"] == "Suppressed"
        assert "DSI, until 2027-01-31" in found[key]["status_detail"]
        assert found[key]["compliance"]["status"] == "Fail"


def test_a_known_finding_is_not_new():
    audit = town_hall()
    first, *others = audit.findings
    gate = decide(audit, GateTerms(baseline=make_baseline(replace(audit, findings=tuple(others)))))
    found = events(audit, options=RenderOptions(gate=gate))
    assert found[first.id]["status_id"] == 1
    known = {ruling.finding for ruling in gate.rulings if ruling.standing is Standing.KNOWN}
    assert known
    for key in known:
        assert found[key]["status_id"] == 99
        assert found[key]["status"] not in ("", "New", "Suppressed")


# --- the same bytes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DEMOS)
def test_the_same_evidence_gives_the_same_bytes_at_any_hour(name):
    judged.cache_clear()
    first = written(judged(name))
    judged.cache_clear()
    assert written(judged(name)) == first
    collected = judged(name).evidence.collected_at
    for line in first.decode().splitlines():
        seconds, rest = divmod(json.loads(line)["time"], 1000)
        assert rest == 0
        assert datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") == collected


@pytest.fixture
def in_samoa(monkeypatch):
    """A machine thirteen hours ahead of UTC."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "<+13>-13")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("collected", "milliseconds"),
    [
        ("1970-01-02T00:00:00Z", 86_400_000),
        ("1970-01-02T00:00:00", 86_400_000),
        ("1970-01-02T02:00:00+02:00", 86_400_000),
        ("0001-01-01T00:00:00+14:00", -62_135_647_200_000),
        ("yesterday\u202e", 0),
        ("", 0),
    ],
)
@pytest.mark.usefixtures("in_samoa")
def test_the_time_is_that_of_the_evidence_in_no_machines_zone(collected, milliseconds):
    audit = replace(town_hall(), evidence=replace(town_hall().evidence, collected_at=collected))
    for event in events(audit).values():
        assert event["time"] == milliseconds
        validator().validate(event)


def test_a_line_is_an_event_whatever_strangers_write():
    content = written(hostile(("a\n{}", "\u2028", '"}', "\x00", *ALL)))
    assert content.endswith(b"}\n")
    assert len(content.decode().splitlines()) == content.count(b"\n") == len(hostile(ALL).findings)
