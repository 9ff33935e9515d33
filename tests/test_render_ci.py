"""Formats of pipelines: valid for who reads them, honest about what is waived, deaf to what strangers write."""

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from lxml import etree

from sovscan.cli.console import print_line, say
from sovscan.gate import GateTerms, decide
from sovscan.gate.baseline import make_baseline
from sovscan.model.finding import Severity, Verdict
from sovscan.model.gate import Standing
from sovscan.render.csv_cells import guarded
from sovscan.render.format import RenderOptions
from sovscan.render.markdown import code, prose
from sovscan.render.registry import formats
from sovscan.score.policy import load_policy
from tests.hostile_text import ALL, BENIGN, FORMULAS, WORKFLOW
from tests.sample_audit import european, half_silent, hostile, many_findings, town_hall
from tests.test_gate_files import waiver, waivers

SCHEMAS = Path(__file__).parent / "schemas"
NAMES = ("jsonl", "csv", "md", "junit", "gitlab", "github", "cyclonedx", "cyclonedx-1.7", "sarif", "ocsf")
AUDITS = {
    "town hall": town_hall,
    "half silent": half_silent,
    "european": european,
    "hostile": lambda: hostile(ALL),
    "benign": lambda: hostile(BENIGN),
}


def options_of(audit, **terms):
    """Options with the gate's say: the mail findings waived, the rest as it comes."""
    excused = waivers(waiver(), waiver(rule="fonts-from-third-party", expires="2026-01-01"))
    return RenderOptions(gate=decide(audit, GateTerms(waivers=excused, **terms), load_policy()))


def written(name, audit, language="en", options=None) -> bytes:
    return formats()[name].render(audit, language, options or options_of(audit))


# --- validity -------------------------------------------------------------------------------------------------------


def check_jsonl(content):
    header, *lines = [json.loads(line) for line in content.decode().splitlines()]
    assert header["schema"] == "sovscan-findings/1"
    assert all(line.keys() == lines[0].keys() for line in lines)


def check_csv(content):
    rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert content.endswith(b"\r\n")


def check_md(content):
    md = pytest.importorskip("markdown_it").MarkdownIt("commonmark").enable("table")
    kinds = {token.type for token in md.parse(content.decode())}
    kinds |= {child.type for token in md.parse(content.decode()) for child in token.children or ()}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "fence", "code_block"}


def check_junit(content):
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "junit.xsd"))
    root = etree.fromstring(content)
    schema.assertValid(root)
    cases = root.findall(".//testcase")
    assert int(root.get("tests")) == len(cases)
    assert int(root.get("failures")) == len(root.findall(".//failure"))
    assert int(root.get("errors")) == len(root.findall(".//error"))


def check_gitlab(content):
    entries = json.loads(content)
    jsonschema.validate(entries, json.loads((SCHEMAS / "gitlab-code-quality.schema.json").read_text()))
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)


COMMAND = re.compile(r"::(?P<level>error|warning|notice) (?P<properties>[^:\r\n]*)::(?P<message>[^\r\n]*)")


def check_github(content):
    for line in content.decode().splitlines():
        found = COMMAND.fullmatch(line)
        assert found or re.fullmatch(r"\+[0-9  ]+ (more|constat).*", line), line
        if found:
            pairs = dict(pair.split("=", 1) for pair in found["properties"].split(","))
            assert pairs.keys() in ({"title"}, {"file", "line", "title"})


def check_cyclonedx(content):
    json_schema = pytest.importorskip("cyclonedx.validation.json", reason="cyclonedx-python-lib is not installed")
    from cyclonedx.schema import SchemaVersion

    version = {"1.6": SchemaVersion.V1_6, "1.7": SchemaVersion.V1_7}[json.loads(content)["specVersion"]]
    assert json_schema.JsonStrictValidator(version).validate_str(content.decode()) is None
    references = re.findall(r'"bom-ref": "([^"]+)"', content.decode())
    assert len(set(references)) == len(references)


def check_sarif(content):
    schema = json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text())
    jsonschema.Draft7Validator(schema).validate(json.loads(content))


def check_ocsf(content):
    schema = json.loads((SCHEMAS / "ocsf-compliance-finding-1.8.0.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    for line in content.decode().splitlines():
        validator.validate(json.loads(line))


CHECKS = {name: globals()[f"check_{name.partition('-')[0]}"] for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("which", AUDITS)
def test_every_format_is_valid_in_both_languages_with_and_without_the_gate(name, which):
    audit = AUDITS[which]()
    gates = (RenderOptions(), options_of(audit))
    # What the gate says changes nothing in some formats, and checking a bill of materials takes a second.
    for content in {written(name, audit, language, gate) for language in ("fr", "en") for gate in gates}:
        CHECKS[name](content)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_audit_gives_the_same_bytes_and_the_languages_differ(name):
    assert written(name, town_hall(), "fr") == written(name, town_hall(), "fr")
    assert written(name, town_hall(), "fr") != written(name, town_hall(), "en")


# --- hostile text ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_nothing_invisible_and_no_line_of_a_strangers_own(name):
    evil, plain = (written(name, hostile(values)).decode() for values in (ALL, BENIGN))
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", evil)
    if name != "md":
        # The conclusion may need another line for what it counts; tables and lists do not.
        assert len(evil.splitlines()) == len(plain.splitlines())


@pytest.mark.parametrize("name", ["github", "md", "csv", "junit", "jsonl", "ocsf"])
def test_no_line_of_output_is_a_command_to_a_runner(name):
    for line in written(name, hostile((*WORKFLOW, *ALL))).decode().splitlines():
        if name != "github":
            assert not line.lstrip().startswith("::")
        assert not line.startswith("##[")


def test_a_message_of_ours_is_no_command_wherever_the_name_in_it_stands(capsys):
    for hostile_name in (*WORKFLOW, "::error::x", "a ##[set-env name=X]y"):
        say(hostile_name)
        print_line(hostile_name)
    captured = capsys.readouterr()
    for line in (captured.err + captured.out).splitlines():
        assert not line.lstrip().startswith("::")
        assert "##[" not in line


@pytest.mark.parametrize("text", [*FORMULAS, "＝1+1", "｜calc", " =1+1", "\u00a0@x", "-2+3", "\n=1"])
def test_no_cell_is_a_formula(text):
    assert guarded(text).startswith("'")


def test_every_text_cell_of_the_table_is_guarded_and_numbers_stay_numbers():
    options = RenderOptions(targets_file="cibles.txt")
    text = written("csv", hostile((*FORMULAS, "＝1+1")), options=options).decode()
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    for row in rows:
        for column, cell in zip(header, row, strict=True):
            if column in ("line", "points_lost"):
                assert float(cell) >= 0
            else:
                assert not cell.lstrip().startswith(("=", "+", "-", "@", "|", "＝", "＋", "－", "＠", "｜"))


@pytest.mark.parametrize(
    "text",
    ["**bold**", "[x](https://example.test)", "<b>x</b>", "a | b", "# title", "- item", "1. item", "1) item", "~~x~~",
     "www.example.test", "https://example.test/", "&lt;", ":warning:", "`code`", "![x](y)", "> quote", "$x$", "+ item"],
)  # fmt: skip
def test_prose_is_read_as_the_text_it_is(text):
    md = pytest.importorskip("markdown_it").MarkdownIt("commonmark").enable(["table", "strikethrough"])
    (opening, inline, _closing) = md.parse(prose(text))
    assert opening.type == "paragraph_open"
    assert "".join(child.content for child in inline.children) == text
    assert {child.type for child in inline.children} <= {"text", "text_special"}
    assert not re.search(r"(?<!\\)(www\.|https?:)", prose(text))


def test_nobody_is_called_and_no_issue_is_named():
    assert "@" not in prose("@everyone")
    assert "#1" not in prose("#1").replace("\\", "")


@pytest.mark.parametrize("text", ["`", "``x``", "a`b", "a|b", "<b>", "@everyone"])
def test_code_shows_what_it_holds(text):
    md = pytest.importorskip("markdown_it").MarkdownIt("commonmark").enable("table")
    table = f"| a |\n| --- |\n| {code(text)} |\n"
    inline = [token for token in md.parse(table) if token.type == "inline"][-1]
    assert [(child.type, child.content) for child in inline.children] == [("code_inline", text)]


# --- what the gate decided ------------------------------------------------------------------------------------------


def ids_waived(audit, options):
    return {ruling.finding for ruling in options.gate.rulings if ruling.standing is Standing.WAIVED}


def test_a_waived_finding_is_suppressed_skipped_marked_or_left_out_as_each_format_has_it():
    audit = town_hall()
    options = options_of(audit)
    waived = ids_waived(audit, options)
    assert waived
    results = json.loads(written("sarif", audit, options=options))["runs"][0]["results"]
    suppressed = {result["partialFingerprints"]["sovscan/v1"] for result in results if result["suppressions"]}
    assert suppressed == waived
    assert all("suppressions" in result for result in results)
    cases = etree.fromstring(written("junit", audit, options=options)).findall(".//testcase")
    assert {case.get("name")[-17:-1] for case in cases if case.find("skipped") is not None} == waived
    assert not {entry["fingerprint"] for entry in json.loads(written("gitlab", audit, options=options))} & waived
    rows = list(csv.DictReader(io.StringIO(written("csv", audit, options=options).decode(), newline="")))
    assert {row["id"] for row in rows if row["standing"] == "waived"} == waived
    assert "DSI, until 2027-01-31" in written("md", audit, options=options).decode()
    assert "inbound-mail-us-controlled" not in written("github", audit, options=options).decode()
    services = json.loads(written("cyclonedx", audit, options=options))["services"]
    marked = [s for s in services if {"name": "sovscan:waived", "value": "true"} in s["properties"]]
    assert len(marked) == len(waived)


@pytest.mark.parametrize("name", ["md", "text"])
def test_both_scores_are_said_and_what_is_waived_is_marked(name):
    text = written(name, town_hall()).decode()
    options = options_of(town_hall())
    assert options.gate.score_with_waivers is not None
    assert f"Score {options.gate.score_with_waivers:.0f}, grade" in text
    assert text.count(" waived") >= len(ids_waived(town_hall(), options))


def test_a_known_finding_is_unchanged_and_the_others_are_new():
    audit = town_hall()
    first, *others = audit.findings
    baseline = make_baseline(replace(audit, findings=tuple(others)))
    options = RenderOptions(gate=decide(audit, GateTerms(baseline=baseline)))
    results = json.loads(written("sarif", audit, options=options))["runs"][0]["results"]
    new = {r["partialFingerprints"]["sovscan/v1"] for r in results if r["baselineState"] == "new"}
    assert new == {first.id}


def test_without_a_baseline_no_result_claims_to_be_new():
    results = json.loads(written("sarif", town_hall()))["runs"][0]["results"]
    assert all("baselineState" not in result for result in results)


def test_an_open_question_is_an_error_a_broken_policy_a_failure():
    audit = half_silent()
    root = etree.fromstring(written("junit", audit, options=RenderOptions(gate=decide(audit, GateTerms()))))
    assert root.findall(".//error")
    assert not root.findall(".//failure")
    assert etree.fromstring(written("junit", town_hall())).findall(".//failure")


def test_the_gates_own_reasons_are_in_the_reports():
    audit = town_hall()
    options = options_of(audit, fail_under=99)
    for name in ("junit", "github", "md"):
        text = written(name, audit, options=options).decode()
        assert "Expired waiver" in text
        assert "Score asked for" in text


def test_audit_and_repository_runs_are_kept_apart_by_verb_and_language():
    audit = town_hall()
    scanned = replace(
        audit, evidence=replace(audit.evidence, vantage=replace(audit.evidence.vantage, mode="repository"))
    )
    idents = {
        json.loads(written("sarif", each, language))["runs"][0]["automationDetails"]["id"]
        for each in (audit, scanned)
        for language in ("fr", "en")
    }
    assert idents == {"sovscan/audit/fr/", "sovscan/audit/en/", "sovscan/repo/fr/", "sovscan/repo/en/"}


# --- places and limits ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("infra/main.tf:12", ("infra/main.tf", 12)),
        ("src/[id]/page (1).tsx:3", ("src/[id]/page (1).tsx", 3)),
        ("données/réseau.yml:4", ("données/réseau.yml", 4)),
        ("../x.tf:1", ("audit/cibles.txt", 1)),
        ("./x.tf:1", ("audit/cibles.txt", 1)),
        ("a//x.tf:1", ("audit/cibles.txt", 1)),
        ("/etc/passwd:1", ("audit/cibles.txt", 1)),
        ("~/x:1", ("audit/cibles.txt", 1)),
        ("a\\x:1", ("audit/cibles.txt", 1)),
        ("a\nb:1", ("audit/cibles.txt", 1)),
        ("x.tf:0", ("audit/cibles.txt", 1)),
        ("x.tf", ("audit/cibles.txt", 1)),
        (":3", ("audit/cibles.txt", 1)),
    ],
)
def test_a_place_is_inside_the_checkout_or_the_targets_file(location, expected):
    finding = replace(town_hall().findings[0], theme="repository", location=location)
    audit = replace(town_hall(), findings=(finding,))
    options = RenderOptions(targets_file="audit/cibles.txt")
    entry = json.loads(written("gitlab", audit, options=options))[0]["location"]
    assert (entry["path"], entry["lines"]["begin"]) == expected


def test_where_no_file_was_read_an_annotation_has_none():
    lines = [COMMAND.fullmatch(line) for line in written("github", town_hall()).decode().splitlines()]
    assert len(lines) > 5
    assert not [line["properties"] for line in lines if line and re.search("file=|line=", line["properties"])]
    rows = list(csv.DictReader(io.StringIO(written("csv", town_hall()).decode())))
    assert {(row["path"], row["line"]) for row in rows} == {("", "")}
    listed = [json.loads(line) for line in written("jsonl", town_hall()).decode().splitlines()[1:]]
    assert {(line["path"], line["line"]) for line in listed} == {(None, None)}
    assert "None" not in written("junit", town_hall()).decode()


def test_a_format_without_entries_without_a_path_has_the_name_of_the_target():
    domain = next(target.value for target in town_hall().evidence.targets if target.main)
    places = {entry["location"]["path"] for entry in json.loads(written("gitlab", town_hall()))}
    assert domain in places
    assert "sovscan.yaml" not in places


def test_a_step_shows_ten_of_a_level_and_counts_the_rest():
    lines = written("github", many_findings(37), options=RenderOptions()).decode().splitlines()
    assert len(lines) == 11
    assert lines[-1] == "+27 more findings, see the sarif format"


def test_severities_are_those_of_gitlab():
    finding = town_hall().findings[0]
    audit = replace(
        town_hall(),
        findings=tuple(
            replace(finding, id=f"{severity.rank:016d}", severity=severity, verdict=Verdict.EXPOSED)
            for severity in Severity
        ),
    )
    entries = json.loads(written("gitlab", audit, options=RenderOptions()))
    assert [entry["severity"] for entry in entries] == ["blocker", "critical", "major", "minor"]


def test_the_later_version_says_the_same_of_the_same_services():
    first, later = (json.loads(written(name, town_hall())) for name in ("cyclonedx", "cyclonedx-1.7"))
    assert (first.pop("specVersion"), later.pop("specVersion")) == ("1.6", "1.7")
    assert first.pop("$schema") != later.pop("$schema")
    assert first == later


def test_a_bill_of_materials_names_country_boundary_and_data():
    bom = json.loads(written("cyclonedx", town_hall()))
    assert bom["serialNumber"].startswith("urn:uuid:")
    assert bom["metadata"]["timestamp"] == "2026-11-20T09:14:40Z"
    service = next(s for s in bom["services"] if "Microsoft" in s["provider"]["name"])
    assert service["provider"]["address"]["country"] == "US"
    assert service["x-trust-boundary"] is True
    names = {entry["name"] for entry in service["properties"]}
    assert {"sovscan:jurisdiction", "sovscan:level", "sovscan:confidence", "sovscan:evidence"} <= names
    assert json.loads(written("cyclonedx", european()))["serialNumber"] != bom["serialNumber"]
