"""Domains and source trees of one organisation in one audit: one evidence, one report, one gate."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sovscan.audit import audit
from sovscan.cli.exits import ExitCode
from sovscan.cli.main import run
from sovscan.files.evidence_bundle import read_evidence
from sovscan.model.dependency import Layer
from sovscan.repository.joining import joined
from sovscan.repository.scan import scan
from sovscan.score.policy import load_policy
from tests import results
from tests.servers.dns_server import DnsServer

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "tests" / "repo_fixtures"
VALOMBREUSE = ROOT / "data" / "demo" / "mairie-valombreuse.jsonl"
ZONE = """
mairie.example. NS ns.box.example.
mairie.example. MX 10 mairie-example.mail.protection.outlook.com.
mairie.example. TXT "v=spf1 include:spf.protection.outlook.com -all"
"""
PROVIDER = 'provider "aws" {\n  region = "eu-west-3"\n}\nresource "aws_s3_bucket" "b" {\n  bucket = "x"\n}\n'


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An organisation's folder: a file that names one domain and two checkouts, one of them beside the folder."""
    folder = tmp_path / "home"
    (folder / "infra").mkdir(parents=True)
    (folder / "infra" / "main.tf").write_text(PROVIDER)
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "Dockerfile").write_text("FROM python:3.13\n")
    (folder / "org.yaml").write_text(
        "organisation: Mairie d'essai\n"
        "targets: [mairie.example]\n"
        "repositories:\n"
        "  - infra\n"
        "  - {path: ../portal, name: Citizens' portal}\n"
    )
    monkeypatch.chdir(folder)
    monkeypatch.delenv("SOVSCAN_CONFIG", raising=False)
    return folder


def rules(result):
    return {
        (each["rule"], each["location"]) for each in result["findings"] if each["verdict"] in ("exposed", "unknown")
    }


def test_one_audit_tells_of_the_mail_of_the_domain_and_of_the_cloud_of_the_code_and_is_judged_again(home, capsysbinary):
    with DnsServer(ZONE) as names:
        code = run([
            "audit", "-f", "org.yaml", "--resolver", names.address, "--evidence", "kept", "--lang", "en", "--quiet",
            *("--output", "json:r.json", "--output", "sarif:r.sarif", "--output", "junit:r.xml"),
            *("--output", "html:r.html", "--output", "gitlab:r.gl", "--output", "md:r.md"),
        ])  # fmt: skip
    assert code is ExitCode.POLICY
    result = json.loads((home / "r.json").read_text())
    assert result["organisation"] == "Mairie d'essai"
    told = rules(result)
    assert {rule for rule, _ in told} >= {"infrastructure-us-controlled", "image-registry-foreign"}
    assert any(rule.startswith("mail") for rule, _ in told)
    assert ("infrastructure-us-controlled", "infra/main.tf:1") in told
    targets = [(each["kind"], each["value"], each["main"]) for each in result["evidence"]["targets"]]
    assert targets == [
        ("domain", "mairie.example", True), ("repository", "infra", False), ("repository", "Citizens' portal", False),
    ]  # fmt: skip
    places = {
        (each["ruleId"], each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        for each in json.loads((home / "r.sarif").read_text())["runs"][0]["results"]
    }
    assert ("infrastructure-us-controlled", "infra/main.tf") in places
    assert any(uri == "org.yaml" for rule, uri in places if rule.startswith("mail"))
    assert ElementTree.parse(home / "r.xml").getroot().tag == "testsuites"
    page = (home / "r.html").read_text()
    assert "mairie.example" in page
    assert "infra/main.tf" in page
    capsysbinary.readouterr()
    assert run(["judge", "kept", "--format", "json", "--quiet"]) is ExitCode.POLICY
    assert json.loads(capsysbinary.readouterr().out)["findings"] == result["findings"]
    assert run(["evidence", "verify", "kept"]) is ExitCode.PASS


def test_a_checkout_on_the_command_line_joins_the_domain_beside_it(home, capsysbinary):
    run(["audit", "mairie.example", "--repository", "infra", "--offline", "--format", "json", "--quiet"])
    result = json.loads(capsysbinary.readouterr().out)
    assert [each["value"] for each in result["evidence"]["targets"]] == ["mairie.example", "infra"]
    assert ("infrastructure-us-controlled", "infra/main.tf:1") in rules(result)


def test_a_file_of_checkouts_alone_asks_no_network(home, capsysbinary):
    (home / "code.yaml").write_text("organisation: Code\nrepositories: [infra, ../portal]\n")
    assert run(["audit", "-f", "code.yaml", "--format", "json", "--quiet"]) is ExitCode.POLICY
    result = json.loads(capsysbinary.readouterr().out)
    assert result["evidence"]["vantage"]["mode"] == "repository"
    assert result["organisation"] == "Code"


def test_a_checkout_in_which_nothing_is_known_is_a_hole_never_a_clean_tree(home, capsys):
    (home / "empty").mkdir()
    code = run(["audit", "--repository", "empty", "--format", "json", "--no-config"])
    assert code is ExitCode.INCONCLUSIVE
    assert "empty" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("repositories: [nowhere]\n", "t.yaml:1:16: nowhere: no such folder"),
        ("repositories: {a: b}\n", "t.yaml:1:15: expected a list"),
        ("repositories: [{name: x}]\n", "missing key 'path'"),
        ("repositories: [{path: infra, branch: main}]\n", "unknown key 'branch'"),
    ],
)
def test_a_checkout_that_cannot_be_used_is_a_fault_of_the_file_at_its_line(home, capsys, file, words):
    (home / "t.yaml").write_text(file)
    assert run(["audit", "-f", "t.yaml", "--offline"]) is ExitCode.USAGE
    assert words in capsys.readouterr().err


def test_a_file_that_nobody_named_chooses_nothing_outside_its_folder(home, capsys):
    (home / "sovscan.yaml").write_text("repositories: [../portal]\n")
    assert run(["audit", "--offline"]) is ExitCode.USAGE
    error = capsys.readouterr().err
    assert "outside the folder" in error
    assert "--config sovscan.yaml" in error
    (home / "link").symlink_to(home.parent / "portal")
    (home / "sovscan.yaml").write_text("repositories: [link]\n")
    assert run(["audit", "--offline"]) is ExitCode.USAGE
    (home / "sovscan.yaml").write_text("repositories: [infra]\n")
    assert run(["audit", "--offline", "--format", "json"]) is ExitCode.POLICY


def test_a_checkout_named_like_a_domain_is_told_from_it(home, capsysbinary):
    (home / "mairie.example").mkdir()
    (home / "mairie.example" / "main.tf").write_text(PROVIDER)
    run(["audit", "mairie.example", "--repository", "mairie.example", "--offline", "--format", "json", "--quiet"])
    result = json.loads(capsysbinary.readouterr().out)
    assert [each["value"] for each in result["evidence"]["targets"]] == ["mairie.example", "mairie.example (files)"]


def test_files_change_no_finding_about_a_domain_and_weigh_as_a_second_one_unless_main():
    network = read_evidence(VALOMBREUSE.read_bytes(), "v")
    scanned = scan([FIXTURES / "terraform-exposed"])

    def judged(evidence):
        return audit(evidence, results.CATALOGUE(), results.RULEBOOK(), load_policy(), as_of="2026-11-16")

    def of_domains(result):
        return {
            (each.id, each.verdict)
            for each in result.findings
            if each.theme != "repository" and not each.location.startswith("organisation:")
        }

    alone, both = judged(network), judged(joined(network, scanned, {}))
    main = judged(joined(network, scanned, {"terraform-exposed": True}))
    assert of_domains(both) == of_domains(alone)
    assert {each.theme for each in both.findings} > {each.theme for each in alone.findings}

    def weight(result):
        located = {each.id for each in result.dependencies if each.location}
        return sum(each.weight for each in result.items if each.id in located and each.layer is not Layer.SUPPLY)

    assert weight(main) == 2 * weight(both) > 0
    assert both.score.value <= alone.score.value


def test_the_file_says_how_the_network_is_asked_and_the_command_line_overrides_it(home, capsysbinary):
    with DnsServer(ZONE) as names:
        (home / "t.yaml").write_text(
            f"targets: [mairie.example]\ncollect: {{resolvers: ['{names.address}'], resolver_rate: 50}}\n"
        )
        run(["audit", "-f", "t.yaml", "--format", "json", "--quiet"])
        asked = len(names.asked)
        vantage = json.loads(capsysbinary.readouterr().out)["evidence"]["vantage"]
        run(["audit", "-f", "t.yaml", "--format", "json", "--quiet", "--resolver", "127.0.0.1:9"])
        other = json.loads(capsysbinary.readouterr().out)["evidence"]["vantage"]
        assert len(names.asked) == asked > 0
    assert vantage["resolvers"] == [names.address]
    assert vantage["options"]["resolver_rate"] == "50"
    assert other["resolvers"] == ["127.0.0.1:9"]


def test_a_file_that_nobody_named_chooses_no_resolver(home, capsysbinary):
    (home / "sovscan.yaml").write_text("targets: [mairie.example]\ncollect: {resolvers: ['127.0.0.1:9']}\n")
    run(["audit", "--offline", "--format", "json"])
    captured = capsysbinary.readouterr()
    assert b"collection settings not applied" in captured.err
    run(["audit", "--offline", "--format", "json", "--config", "sovscan.yaml"])
    assert b"not applied" not in capsysbinary.readouterr().err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("collect: {resolver: [x]}\n", "t.yaml:2:11: unknown key 'resolver'"),
        ("collect: {resolver_rate: 0}\n", "at least one question a second"),
        ("collect: {resolvers: [dns.example]}\n", "is not ADDRESS[:PORT]"),
        ("collect: {http_proxy: 'proxy.example:3128'}\n", "an http or https URL with a host expected"),
        ("collect: {probes: [mx]}\n", "is not an opt-in probe"),
        ("asn_table: gone.bin\n", "t.yaml:2:12: gone.bin: No such file"),
        ("asn_table: t.yaml\n", "t.yaml:2:12: not an ASN table"),
    ],
)
def test_a_setting_that_cannot_be_used_is_a_fault_with_its_place(home, capsys, text, words):
    (home / "t.yaml").write_text("targets: [mairie.example]\n" + text)
    assert run(["audit", "-f", "t.yaml", "--offline"]) is ExitCode.USAGE
    assert words in capsys.readouterr().err


def test_a_table_of_ones_own_is_the_one_in_use(home, capsysbinary):
    (home / "own.bin").write_bytes((ROOT / "data" / "asn.bin.z").read_bytes())
    (home / "t.yaml").write_text("targets: [mairie.example]\nasn_table: own.bin\n")
    run(["audit", "-f", "t.yaml", "--offline", "--format", "json", "--quiet"])
    assert "sha256:" in json.loads(capsysbinary.readouterr().out)["evidence"]["versions"]["asn_table"]
