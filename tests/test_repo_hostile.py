"""Checkouts that somebody built against us: each ends soon, reads nothing outside and never says that all is well."""

import os
import time
from pathlib import Path

import pytest

from sovscan.files.evidence_bundle import read_evidence, write_evidence
from sovscan.model.evidence import Observation, Outcome
from sovscan.repository.scan import Scanned, scan
from sovscan.repository.walk import DEEPEST


def seen(scanned: Scanned) -> dict[str, Observation]:
    return {observation.subject: observation for observation in scanned.evidence.observations}


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def test_links_pipes_and_giants_are_counted_and_never_opened(tmp_path):
    outside = write(tmp_path / "outside", {"compose.yaml": "image: SECRETCANARY/x\n"})
    root = write(tmp_path / "repo", {"Dockerfile": "FROM python:3\n"})
    (root / "linked.yaml").symlink_to(outside / "compose.yaml")
    (root / "folder").symlink_to(outside)
    (root / "slash").symlink_to("/")
    os.mkfifo(root / "pipe.yaml")
    with (root / "huge.tf").open("wb") as giant:
        giant.truncate(5 * 1024**3)
    begun = time.monotonic()
    scanned = scan([root])
    assert time.monotonic() - begun < 5
    assert "SECRETCANARY" not in repr(scanned)
    options = scanned.evidence.vantage.options
    assert (options["skipped-link"], options["skipped-not-regular"], options["skipped-too-large"]) == ("3", "1", "1")
    assert options["skipped-too-large-files"] == "huge.tf"
    huge = seen(scanned)["huge.tf"]
    assert (huge.outcome, huge.reason) == (Outcome.SKIPPED, "too-large")


def test_a_link_given_by_name_is_not_followed(tmp_path):
    outside = write(tmp_path / "outside", {"compose.yaml": "services: {a: {image: nginx}}\n"})
    (tmp_path / "repo").mkdir()
    link = tmp_path / "repo" / "compose.yaml"
    link.symlink_to(outside / "compose.yaml")
    assert scan([link]).recognised == 0


def test_file_names_that_steer_a_terminal_or_a_log_are_made_visible(tmp_path):
    hostile = ["x\n::error file=a::pwned.yaml", "-rf.yaml", "$(id).yaml", "\x1b[2J.yaml", "a\u202eb.yaml"]
    scanned = scan([write(tmp_path, dict.fromkeys(hostile, "image: nginx\n"))])
    subjects = set(seen(scanned))
    assert len(subjects) == len(hostile)
    assert all("\n" not in path and "\x1b" not in path and "\u202e" not in path for path in subjects)


def test_a_file_name_that_is_no_text_leaves_evidence_that_can_be_kept(tmp_path):
    Path(os.fsdecode(os.fsencode(str(tmp_path)) + b"/\xff\xfe.yaml")).write_text("image: nginx\n")
    scanned = scan([tmp_path])
    assert read_evidence(write_evidence(scanned.evidence), "e") == scanned.evidence


def test_folders_beyond_the_depth_are_counted_not_entered_and_leave_a_hole(tmp_path):
    folder = tmp_path
    for number in range(DEEPEST + 20):
        folder = folder / f"d{number}"
    write(folder, {"c.yaml": "image: nginx\n"})
    scanned = scan([tmp_path])
    assert [(one.outcome, one.reason) for one in scanned.evidence.observations] == [(Outcome.FAILED, "too-deep")]
    assert scanned.evidence.vantage.options["skipped-too-deep"] == "1"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Dockerfile", b"FROM nginx:1\n#\0\n"),
        ("Dockerfile", b"\0\1\2\xff" * 100),
        ("main.tf", b'provider "aws" {}\n#\0\n'),
        ("app.csproj", b"<Project>\0</Project>"),
        ("requirements.txt", b"boto3==1.0\n\0\n"),
        (".gitlab-ci.yml", b"image: nginx\n\0\n"),
        ("compose.yaml", b"services: {a: {image: nginx}}\n\0\n"),
    ],
)
def test_a_manifest_that_is_no_text_is_a_hole(tmp_path, name, content):
    scanned = scan([write(tmp_path, {name: content})])
    assert scanned.recognised == 1
    assert (seen(scanned)[name].outcome, seen(scanned)[name].reason) == (Outcome.FAILED, "binary")


@pytest.mark.parametrize("name", ["shop.db", "logo.template", "picture.yaml"])
def test_what_only_bears_the_name_of_a_manifest_and_is_no_text_is_none(tmp_path, name):
    scanned = scan([write(tmp_path, {name: b"SQLite format 3\0\1\2\0" * 50})])
    assert scanned.recognised == 0


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_a_manifest_in_utf_16_is_read_as_its_own_tools_read_it(tmp_path, encoding):
    text = "boto3==1.0\r\n" if encoding == "utf-16" else "\ufeffboto3==1.0\r\n"
    scanned = scan([write(tmp_path, {"requirements.txt": text.encode(encoding)})])
    assert "package pkg:pypi/boto3" in seen(scanned)["requirements.txt"].values


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
@pytest.mark.parametrize("mode", [0o000, 0o111])
def test_a_folder_that_may_not_be_read_is_a_hole(tmp_path, mode):
    root = write(tmp_path, {"Dockerfile": "FROM scratch\n", "infra/main.tf": 'provider "aws" {}\n'})
    (root / "infra").chmod(mode)
    try:
        scanned = scan([root])
    finally:
        (root / "infra").chmod(0o755)
    assert (seen(scanned)["infra"].outcome, seen(scanned)["infra"].reason) == (Outcome.FAILED, "unreadable")


@pytest.mark.skipif(os.geteuid() == 0, reason="root asks about every file")
def test_a_folder_whose_files_may_only_be_listed_leaves_a_hole_for_each(tmp_path):
    root = write(tmp_path, {"Dockerfile": "FROM scratch\n", "infra/main.tf": 'provider "aws" {}\n'})
    (root / "infra").chmod(0o444)
    try:
        scanned = scan([root])
    finally:
        (root / "infra").chmod(0o755)
    assert seen(scanned)["infra/main.tf"].outcome is Outcome.FAILED


def test_more_folders_than_are_entered_leave_one_hole(tmp_path, monkeypatch):
    monkeypatch.setattr("sovscan.repository.walk.MOST_FOLDERS", 3)
    scanned = scan([write(tmp_path, {f"d{number}/Dockerfile": "FROM scratch\n" for number in range(6)})])
    holes = [one for one in scanned.evidence.observations if one.outcome is Outcome.FAILED]
    assert [(one.subject, one.reason) for one in holes] == [("d2", "too-many")]
    assert scanned.evidence.vantage.options["skipped-too-many"] == "4"


def test_links_that_lead_to_each_other_are_no_fault(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert scan([tmp_path / "a"]).recognised == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("compose.yaml", "services: " + "[" * 100_000),
        ("compose.yaml", "image: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n" + "d: [*c,*c]\n" * 1000),
        ("compose.yaml", "a: &a {image: nginx}\n" + "<<: *a\n" * 10_000),
        ("package.json", "[" * 500_000),
        ("package.json", '{"dependencies": ' + '{"a":' * 100_000),
        ("main.tf", "a = " + "[" * 200_000),
        ("main.tf", 'a = "' + "${" * 200_000),
        ("main.tf", 'x "' * 150_000),
        ("main.tf", "a = <<EOF\n" * 20_000),
        ("pom.xml", "<a>" * 200_000),
        ("pom.xml", '<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><l>&b;</l>'),
        ("pom.xml", '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>'),
        ("pyproject.toml", "a = " + "[" * 100_000),
        ("requirements.txt", "a" * 900_000),
        ("requirements.txt", "-i " * 300_000),
        ("Dockerfile", "FROM a AS b\\\n" * 60_000),
        ("Dockerfile", "ARG A=${A}${A}\n" + "FROM ${A}\n" * 1_000),
        ("Dockerfile", "RUN <<A <<B <<C\n" * 50_000),
        ("index.html", "<a a=1 " * 140_000),
        ("index.html", "<!--" * 250_000),
        ("index.html", "<script src=//" * 70_000),
        ("app.py", '"https://' * 110_000),
        ("app.py", '"a.b.' * 200_000),
        ("app.py", "'''" * 300_000),
        ("settings.ini", "a=" + "b." * 500_000 + "com"),
        ("settings.ini", "= " * 500_000),
        (".env", "A=postgres://" + "u" * 900_000 + "@h.com"),
        ("x.zone", "$ORIGIN a.\n" + "a CNAME " * 120_000),
        ("x.zone", '$ORIGIN a.\n@ TXT "v=spf1 ' + "include:a.b " * 80_000 + '"\n'),
        ("yarn.lock", '"a@' * 300_000),
        ("Gemfile", 'gem "' * 200_000),
        ("go.mod", "require " * 120_000),
        ("build.gradle", "url " * 250_000),
        (".gitignore", "*" * 500 + "/" + "**/" * 100 + "a\n" * 1_000),
        ("template.yaml", "Type: " * 160_000),
        (".github/workflows/x.yml", "uses: " * 160_000),
    ],
)
def test_a_file_built_to_cost_time_costs_none(tmp_path, name, content):
    write(tmp_path, {name: content[:1_000_000]})
    begun = time.process_time()
    scanned = scan([tmp_path])
    assert time.process_time() - begun < 3
    assert len(repr(scanned)) < 1_000_000


def test_a_binary_in_the_name_of_a_manifest_is_a_hole_not_a_pass(tmp_path):
    scanned = scan([write(tmp_path, {"package.json": b"\0\0\0", "logo.yaml": b"\0png"})])
    assert seen(scanned)["package.json"].outcome is Outcome.FAILED
    assert "logo.yaml" not in seen(scanned)


def test_an_unreadable_manifest_is_a_hole(tmp_path):
    path = write(tmp_path, {"package.json": "{}"}) / "package.json"
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("root reads everything")
    assert seen(scan([tmp_path]))["package.json"].outcome is Outcome.FAILED


def test_passwords_and_tokens_never_reach_the_evidence(tmp_path):
    scanned = scan([write(tmp_path, {
        ".env": "AWS_SECRET_ACCESS_KEY=SECRETCANARY0123456789\nURL=https://u:SECRETCANARY@api.openai.com/v1?k=SECRETCANARY\n",
        "requirements.txt": "requests\n--index-url http://user:SECRETCANARY@mirror.example.org/\n",
        ".npmrc": "//registry.yarnpkg.com/:_authToken=SECRETCANARY\nregistry=https://t:SECRETCANARY@npm.example.org/\n",
        "Dockerfile": "FROM user:SECRETCANARY@registry.example.org/x\nENV A=SECRETCANARY\n",
        "main.tf": 'provider "aws" {\n access_key = "SECRETCANARY"\n region = "eu-west-3"\n}\n',
        "compose.yaml": "services: {a: {image: nginx, environment: {P: SECRETCANARY}}}\n",
        "package.json": '{"dependencies": {"x": "git+https://SECRETCANARY@github.com/a/b.git"}}',
    })])  # fmt: skip
    assert scanned.recognised == 7
    assert "SECRETCANARY" not in repr(scanned)
    assert "SECRETCANARY" not in write_evidence(scanned.evidence).decode()


def test_what_git_ignores_and_what_is_vendored_is_left_out_and_counted(tmp_path):
    scanned = scan([write(tmp_path, {
        ".gitignore": "/build/\n*.local.yaml\n!keep.local.yaml\ndocs/**/gen\n",
        "build/Dockerfile": "FROM python:3\n",
        "sub/build/Dockerfile": "FROM python:3\n",
        "a.local.yaml": "image: nginx\n",
        "keep.local.yaml": "image: nginx\n",
        "docs/x/y/gen/Dockerfile": "FROM python:3\n",
        "node_modules/a/package.json": '{"dependencies": {"stripe": "1"}}',
        "vendor/x/go.mod": "require github.com/aws/aws-sdk-go v1.0.0\n",
    })])  # fmt: skip
    assert set(seen(scanned)) == {"sub/build/Dockerfile", "keep.local.yaml"}
    options = scanned.evidence.vantage.options
    assert (options["skipped-ignored"], options["skipped-vendored"]) == ("3", "2")


def test_the_order_of_a_scan_does_not_depend_on_the_disk(tmp_path):
    names = [f"{letter}/Dockerfile" for letter in "zmaq"]
    one = scan([write(tmp_path / "one", dict.fromkeys(names, "FROM python:3\n"))], organisation="x")
    other = scan([write(tmp_path / "two", dict.fromkeys(reversed(names), "FROM python:3\n"))], organisation="x")
    assert one.evidence.observations == other.evidence.observations
