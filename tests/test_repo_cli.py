"""``sovscan repo`` through the real command: codes, formats, paths; without any network."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sovscan.cli import sockets
from sovscan.repository.scan import scan

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "tests" / "repo_fixtures"


def sovscan(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "sovscan", "repo", *arguments, "--lang", "en"]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_a_clean_tree_passes():
    done = sovscan(str(FIXTURES / "dockerfile-clean"))
    assert done.returncode == 0, done.stderr


def test_a_us_cloud_in_infrastructure_code_fails_the_gate_and_names_the_line():
    done = sovscan("terraform-exposed", cwd=FIXTURES)
    assert done.returncode == 1
    assert "terraform-exposed/main.tf:" in done.stderr


def test_a_path_that_is_not_there_is_a_fault_of_usage():
    done = sovscan("nowhere")
    assert done.returncode == 2
    assert "no such file" in done.stderr


def test_a_file_that_cannot_be_parsed_is_inconclusive_never_a_pass(tmp_path):
    (tmp_path / "package.json").write_text('{"dependencies": ')
    done = sovscan(str(tmp_path))
    assert done.returncode == 3
    assert "repository-file-unread" in done.stderr


def test_a_file_over_the_limit_is_named_and_inconclusive(tmp_path):
    with (tmp_path / "main.tf").open("wb") as giant:
        giant.truncate(5 * 1024**3)
    done = sovscan(str(tmp_path))
    assert done.returncode == 3
    assert "main.tf" in done.stderr


def test_nothing_recognised_asks_whether_the_path_is_wrong(tmp_path):
    (tmp_path / "README.md").write_text("https://api.openai.com\n")
    done = sovscan(str(tmp_path))
    assert done.returncode == 3
    assert "wrong path?" in done.stderr
    assert sovscan(str(tmp_path), "--allow-empty").returncode == 0


def test_libraries_alone_are_reported_and_pass():
    done = sovscan(str(FIXTURES / "go-exposed"))
    assert done.returncode == 0, done.stderr


def test_what_only_tests_use_stays_outside_the_gate():
    done = sovscan(str(FIXTURES / "tests-apart"), "--fail-on", "medium", "--min-confidence", "weak")
    assert done.returncode == 0, done.stderr


def test_single_files_as_a_hook_passes_them():
    done = sovscan("terraform-clean/main.tf", "web-clean/index.html", "--format", "json", cwd=FIXTURES)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert {finding["location"] for finding in result["findings"] if finding["location"].startswith("terraform")}


def test_paths_inside_the_working_directory_are_written_from_there(tmp_path):
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "main.tf").write_text('provider "aws" {\n  region = "eu-west-3"\n}\n')
    result = json.loads(sovscan("infra", "--format", "json", cwd=tmp_path).stdout)
    assert "infra/main.tf:1" in {finding["location"] for finding in result["findings"]}
    elsewhere = json.loads(sovscan(str(tmp_path), "--format", "json").stdout)
    assert "infra/main.tf:1" in {finding["location"] for finding in elsewhere["findings"]}
    assert str(tmp_path) not in json.dumps(elsewhere)


def test_sarif_points_at_the_file_and_line(tmp_path):
    done = sovscan("terraform-exposed", "--output", f"sarif:{tmp_path / 'r.sarif'}", "--exit-zero", cwd=FIXTURES)
    assert done.returncode == 0
    places = {
        (place["artifactLocation"]["uri"], place["region"]["startLine"])
        for result in json.loads((tmp_path / "r.sarif").read_text())["runs"][0]["results"]
        for place in (result["locations"][0]["physicalLocation"],)
    }
    assert ("terraform-exposed/main.tf", 10) in places


def test_an_edit_above_a_finding_does_not_make_it_new(tmp_path):
    file = tmp_path / "Dockerfile"
    prints = []
    for text in ("FROM python:3\n", "# one\n# two\nFROM python:3\n"):
        file.write_text(text)
        result = json.loads(sovscan(str(tmp_path), "--format", "json").stdout)
        prints.append({(finding["id"], finding["location"]) for finding in result["findings"]})
    assert {one for one, _ in prints[0]} == {one for one, _ in prints[1]}
    assert prints[0] != prints[1]


def test_evidence_of_a_scan_is_judged_again_to_the_same_findings(tmp_path):
    kept = tmp_path / "bundle"
    first = sovscan("terraform-several", "--evidence", str(kept), "--format", "json", cwd=FIXTURES)
    bundle = next(kept.rglob("evidence.jsonl"))
    command = [sys.executable, "-m", "sovscan", "judge", str(bundle), "--format", "json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    again = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert json.loads(again.stdout)["findings"] == json.loads(first.stdout)["findings"]


def test_a_grade_asked_of_a_repository_alone_is_inconclusive():
    assert sovscan(str(FIXTURES / "dockerfile-clean"), "--min-grade", "C").returncode == 3


def test_scanning_opens_no_socket():
    with sockets.refused():
        scan([FIXTURES])
        with pytest.raises(PermissionError):
            socket.create_connection(("127.0.0.1", 9), timeout=0.1)


def test_a_checkout_is_handed_over_like_an_organisation(tmp_path):
    done = sovscan("dockerfile-clean", "--output", f"tickets-md:{tmp_path / 't.md'}", "--consultant", "Cabinet",
                   "--client", "Town", "--evidence", str(tmp_path / "kept"), cwd=FIXTURES)  # fmt: skip
    assert done.returncode == 0, done.stderr
    refused = sovscan("dockerfile-clean", "--logo", "nowhere.png", cwd=FIXTURES)
    assert refused.returncode == 2
    assert "--logo: nowhere.png" in refused.stderr
    assert "--deliverables" in sovscan("--help").stdout


def test_the_same_service_in_many_files_is_told_once_and_waived_once(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.tf").write_text('provider "aws" {\n  region = "eu-west-3"\n}\n')
    (tmp_path / "d.tf").write_text('provider "google" {\n  region = "europe-west9"\n}\n')
    (tmp_path / "w.yaml").write_text("")
    told = sovscan(".", cwd=tmp_path).stderr
    assert told.count("▲ infrastructure-us-controlled") == 2
    assert "where: a.tf:1 and 2 more places" in told
    assert "where: d.tf:1\n" in told
    entry = told.splitlines()[-1].partition(": - ")[2].replace("reason: '…'", "reason: Until the tender is over")
    filled = entry.replace("owner: '…'", "owner: DSI").replace("'…'", "2027-01-31")
    (tmp_path / "w.yaml").write_text(f"waivers:\n  - {filled}\n")
    after = sovscan(".", "--waivers", "w.yaml", "--as-of", "2026-11-21", cwd=tmp_path).stderr
    assert after.count("▲ infrastructure-us-controlled") == 1


def test_a_gate_that_opens_says_so_and_what_it_let_through():
    assert "gate passed (exit 0)" in sovscan(str(FIXTURES / "go-exposed")).stderr
    assert sovscan(str(FIXTURES / "go-exposed"), "--quiet").stderr == ""
