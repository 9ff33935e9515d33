"""``sovscan repo --previous``: what is new and resolved in a tree, where a file that was not read is neither."""

import json
from pathlib import Path

import jsonschema
import pytest

from sovscan.cli.exits import ExitCode
from sovscan.cli.main import run

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-schema-2.1.0.json").read_text())
IMAGE, SCRIPT, BUCKET = "Dockerfile", "index.html", "main.tf"
FILES = {
    IMAGE: "FROM gcr.io/exemple/appli:1\n",
    SCRIPT: '<html><head><script src="https://www.googletagmanager.com/gtag/js?id=G-1"></script></head></html>\n',
    BUCKET: 'provider "aws" {\n  region = "eu-west-3"\n}\nresource "aws_s3_bucket" "b" {\n  bucket = "exemple"\n}\n',
}
QUIET = ("--quiet", "--exit-zero", "--no-config", "--lang", "en")


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A checkout of three files, and what an earlier scan said of it."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("SOVSCAN_CONFIG", raising=False)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    for name, content in FILES.items():
        (folder / name).write_text(content)
    assert run(["repo", "--output", "json:../then.json", *QUIET]) is ExitCode.PASS
    return folder


def again(*arguments, form="json"):
    """The result of a second scan, compared with the first."""
    assert run(["repo", *arguments, "--previous", "../then.json", "--output", f"{form}:../now.json", *QUIET]) == 0
    return json.loads(Path("../now.json").read_bytes())


def fates(result) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for change in result["previous"]["findings"]:
        found.setdefault(change["fate"], set()).add(change["location"].partition(":")[0])
    return found


def test_the_same_tree_has_nothing_new_and_nothing_resolved(tree):
    found = again()
    assert fates(found) == {}
    assert found["previous"]["counts"]["persists"] == found["previous"]["open_before"] > 2


def test_a_file_taken_out_is_resolved_although_other_files_are_left_out_of_the_scan(tree):
    (tree / "node_modules").mkdir()
    (tree / "node_modules" / "package.json").write_text("{}")
    (tree / ".gitignore").write_text("*.log\n")
    (tree / "x.log").write_text("x")
    (tree / BUCKET).unlink()
    found = fates(again())
    assert BUCKET in found["resolved"]
    assert not {IMAGE, SCRIPT} & found["resolved"]
    assert "not-checked" not in found


def test_a_file_that_is_ignored_now_is_not_checked_and_never_resolved(tree):
    (tree / ".gitignore").write_text(f"{BUCKET}\n")
    found = fates(again())
    assert BUCKET in found["not-checked"]
    assert BUCKET not in found.get("resolved", set())


def test_a_file_that_does_not_parse_any_more_is_not_checked(tree):
    (tree / BUCKET).write_bytes(b'provider "aws" {\0\n')
    found = fates(again())
    assert BUCKET not in found.get("resolved", set())


def test_files_given_one_by_one_say_nothing_of_the_others(tree):
    found = fates(again(IMAGE))
    assert {BUCKET, SCRIPT} <= found["not-checked"]
    assert "resolved" not in found
    assert "new" not in found


def test_a_file_that_comes_is_new(tree):
    (tree / "deploy").mkdir()
    (tree / "deploy" / "vars.tf").write_text('provider "google" {\n  project = "exemple"\n}\n')
    assert "deploy/vars.tf" in fates(again())["new"]


def test_a_file_that_was_ignored_then_is_seen_for_the_first_time_and_not_new(tree):
    (tree / ".gitignore").write_text(f"{BUCKET}\n")
    assert run(["repo", "--output", "json:../then.json", *QUIET]) is ExitCode.PASS
    (tree / ".gitignore").unlink()
    found = fates(again())
    assert BUCKET in found["first-seen"]
    assert "new" not in found


def test_a_file_that_another_version_of_the_program_may_have_passed_over_is_not_new(tree):
    stored = json.loads(Path("../then.json").read_bytes())
    stored["evidence"]["versions"]["sovscan"] = "0.0.1"
    Path("../then.json").write_text(json.dumps(stored))
    (tree / "vars.tf").write_text('provider "google" {\n  project = "exemple"\n}\n')
    found = fates(again())
    assert "vars.tf" in found["first-seen"]
    assert "new" not in found


def test_a_file_that_moves_within_the_tree_is_neither_new_nor_resolved(tree):
    (tree / "infra").mkdir()
    (tree / BUCKET).rename(tree / "infra" / BUCKET)
    found = fates(again())
    assert "resolved" not in found
    assert "new" not in found


def test_another_tree_is_refused_and_a_tree_scanned_from_elsewhere_is_named(tree, monkeypatch, capsys):
    other = tree.parent / "other"
    other.mkdir()
    assert run(["repo", str(other), "--previous", "../then.json", *QUIET]) is ExitCode.USAGE
    assert "known by the name of its folder" in capsys.readouterr().err
    monkeypatch.chdir(tree.parent)
    run(["repo", "checkout", "--previous", "then.json", "--format", "json", *QUIET])
    assert "scan from the same folder as then" in capsys.readouterr().err


def test_a_tree_scanned_from_elsewhere_then_has_lost_no_file(tree, monkeypatch):
    """Written below another folder, an ignored file looks as if it were not there."""
    monkeypatch.chdir(tree.parent)
    assert run(["repo", "checkout", "--output", "json:then.json", *QUIET]) is ExitCode.PASS
    monkeypatch.chdir(tree)
    (tree / ".gitignore").write_text(f"{BUCKET}\n")
    found = again()
    assert "resolved" not in fates(found)
    assert [one["reason"] for one in found["evidence"]["observations"]].count("gone") == 0


def test_an_empty_folder_in_the_place_of_the_tree_resolves_nothing(tree):
    for name in FILES:
        (tree / name).unlink()
    assert "resolved" not in fates(again("--allow-empty"))


def test_a_file_whose_name_cannot_be_written_as_it_is_is_not_told_gone(tree):
    name = "bidi\u202e.tf"
    (tree / name).write_text(FILES[BUCKET])
    assert run(["repo", "--output", "json:../then.json", *QUIET]) is ExitCode.PASS
    (tree / ".gitignore").write_text("bidi*\n")
    found = fates(again())
    assert "resolved" not in found
    assert "bidi\\u{202e}.tf" in found["not-checked"]


def test_of_two_trees_of_the_same_name_no_file_is_looked_for_in_the_other(tree, monkeypatch):
    twin = tree.parent / "twin" / "checkout"
    twin.mkdir(parents=True)
    (twin / IMAGE).write_text(FILES[IMAGE])
    elsewhere = tree.parent / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    both = ["repo", str(tree), str(twin), *QUIET]
    assert run([*both, "--output", "json:../then.json"]) is ExitCode.PASS
    (tree / ".gitignore").write_text(f"{BUCKET}\n")
    assert run([*both, "--previous", "../then.json", "--output", "json:../now.json"]) is ExitCode.PASS
    found = fates(json.loads(Path("../now.json").read_bytes()))
    assert "resolved" not in found
    assert BUCKET in found["not-checked"]


def test_the_bundle_carries_what_it_was_compared_with(tree):
    assert run(["repo", "--previous", "../then.json", "--evidence", "../now.sovscan", "--format", "json", *QUIET]) == 0
    assert run(["evidence", "verify", "../now.sovscan"]) is ExitCode.PASS
    assert Path("../now.sovscan/previous.json").is_file()


def states(log) -> dict[str, set[str]]:
    jsonschema.Draft7Validator(SCHEMA).validate(log)
    found: dict[str, set[str]] = {}
    for result in log["runs"][0]["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        found.setdefault(result["baselineState"], set()).add(uri)
    return found


def test_sarif_says_of_each_result_what_it_is_against_the_earlier_scan(tree):
    (tree / BUCKET).unlink()
    (tree / "vars.tf").write_text('provider "google" {\n  project = "exemple"\n}\n')
    log = again(form="sarif")
    found = states(log)
    assert found["new"] == {"vars.tf"}
    assert BUCKET in found["absent"]
    assert IMAGE in found["unchanged"]
    absent = [result for result in log["runs"][0]["results"] if result["baselineState"] == "absent"]
    assert {(result["kind"], result["level"]) for result in absent} == {("pass", "none")}


def test_sarif_keeps_what_was_not_looked_at_as_an_open_question_and_never_absent(tree):
    (tree / ".gitignore").write_text(f"{BUCKET}\n")
    log = again(form="sarif")
    assert BUCKET in states(log)["updated"]
    assert BUCKET not in states(log).get("absent", set())
    kept = [
        result
        for result in log["runs"][0]["results"]
        if result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == BUCKET
    ]
    assert {result["kind"] for result in kept} == {"open"}
    assert all("not checked" in result["message"]["text"] for result in kept)


def test_where_a_platform_opens_an_alert_for_every_result_the_absent_ones_are_counted_only(tree, monkeypatch):
    (tree / BUCKET).unlink()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    log = again(form="sarif")
    assert "absent" not in states(log)
    assert log["runs"][0]["properties"]["absent"] > 0
