"""The table of exit codes (docs/gate.md), and what each message tells the reader to do.

Whatever hangs on streams, signals and disks goes through the real command, in a process of its own.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sovscan.cli.main import run
from tests.servers.dns_server import DnsServer

ROOT = Path(__file__).parent.parent
WAIVER = (
    "waivers:\n  - {{rule: image-registry-foreign, match: {{path: Dockerfile}}, reason: Until the mirror stands,"
    " owner: DSI, expires: {}}}\n"
)
CLEAN = "FROM rg.fr-par.scw.cloud/town/python:3.13\n"
CLOUD = 'provider "aws" {\n  region = "eu-west-3"\n}\n'
LIMITED = (
    "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024));"
    "from sovscan.cli.main import run; sys.exit(int(run(sys.argv[1:])))"
)
INTERRUPTIBLE = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from sovscan.cli.main import main; main()"
)
"""A shell without job control has its background jobs ignore interrupts, and so would ours."""

ROWS = [
    ("pass", {"Dockerfile": CLEAN}, ["repo", "."], 0, []),
    ("finding", {"main.tf": CLOUD}, ["repo", "."], 1, ["where: main.tf:1", "next: ", "explain: sovscan rules show"]),
    ("below the threshold", {"main.tf": CLOUD}, ["repo", ".", "--fail-on", "critical"], 0, []),
    ("exit-zero", {"main.tf": CLOUD}, ["repo", ".", "--exit-zero"], 0, ["--exit-zero turns exit 1 into 0"]),
    ("expired waiver", {"Dockerfile": "FROM python\n", "w.yaml": WAIVER.format("2026-01-31")},
     ["repo", ".", "--waivers", "w.yaml", "--as-of", "2026-11-21"], 1,
     ["expired waiver: w.yaml:2:5", "by DSI expired on 2026-01-31", "decide again"]),
    ("waiver without an end", {"Dockerfile": CLEAN, "w.yaml": WAIVER.replace(", expires: {}", "").format()},
     ["repo", ".", "--waivers", "w.yaml"], 2, ["w.yaml:2:5: missing key 'expires'"]),
    ("missing baseline", {"Dockerfile": CLEAN}, ["repo", ".", "--baseline", "b.json"], 2,
     ["b.json: No such file", "sovscan baseline create"]),
    ("regression without a baseline", {"Dockerfile": CLEAN}, ["repo", ".", "--max-regression", "2"], 2,
     ["no baseline to compare with", "--baseline FILE"]),
    ("broken configuration", {"Dockerfile": CLEAN, "sovscan.yaml": "policy:\n  - {when: {layr: dns}}\n"},
     ["repo", "."], 2, ["sovscan.yaml:2:5: missing key 'then'"]),
    ("misspelt key", {"Dockerfile": CLEAN, "sovscan.yaml": "polcy: []\n"}, ["repo", "."], 2,
     ["sovscan.yaml:1:1: unknown key 'polcy'", "did you mean 'policy'?"]),
    ("missing configuration", {"Dockerfile": CLEAN}, ["repo", ".", "--config", "gone.yaml"], 2,
     ["gone.yaml: No such file", "sovscan init"]),
    ("unknown format", {"Dockerfile": CLEAN}, ["repo", ".", "--format", "sarf"], 2, ["did you mean 'sarif'?"]),
    ("path that is not there", {}, ["repo", "gone"], 2, ["gone: no such file or folder", "give a checkout"]),
    ("output into nowhere", {"Dockerfile": CLEAN, "file": ""}, ["repo", ".", "--output", "json:file/r.json"], 2,
     ["file is a file, and a folder is to be there"]),
    ("unreadable file", {"package.json": b"a\0b"}, ["repo", "."], 3,
     ["repository-file-unread", "where: package.json:1", "next: "]),
    ("file that does not parse", {"Dockerfile": CLEAN, "package.json": "{"}, ["repo", "."], 3,
     ["where: package.json:1", "next: Read package.json"]),
    ("nothing known", {"README.md": "x"}, ["repo", "."], 3, ["wrong path?", "give the folder that holds"]),
    ("nothing known, allowed", {"README.md": "x"}, ["repo", ".", "--allow-empty"], 0, []),
    ("grade of files alone", {"Dockerfile": CLEAN}, ["repo", ".", "--min-grade", "C"], 3, ["not-rated"]),
    ("offline", {}, ["audit", "x.example", "--offline"], 3, ["run again without --offline"]),
]  # fmt: skip


def sovscan(folder: Path, *arguments: str, program=("-m", "sovscan")) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    environment.pop("SOVSCAN_CONFIG", None)
    command = [sys.executable, *program, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def town(tmp_path, monkeypatch):
    """An empty checkout that is the working directory."""
    folder = tmp_path / "town"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("SOVSCAN_CONFIG", raising=False)
    return folder


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_the_code_and_the_next_step(town, capsys, row):
    _, files, arguments, code, words = row
    for name, content in files.items():
        (town / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    ended = run([*arguments, "--lang", "en"])
    said = capsys.readouterr()
    assert ended == code, said.err
    assert [word for word in words if word not in said.err] == []
    assert "Traceback" not in said.err
    if code == 2:
        assert said.out == ""
        assert "help: " in said.err


def test_a_time_out_is_3_and_says_where_to_look(tmp_path):
    with DnsServer("x.example. NS ns.box.example.", faults={"*": "silent"}) as names:
        ended = sovscan(tmp_path, "audit", "x.example", "--resolver", names.address, "--format", "json", "--lang", "en")
    assert ended.returncode == 3, ended.stderr
    assert '"reason": "timeout"' in ended.stdout
    assert "sovscan doctor" in ended.stderr


def test_a_full_disk_is_4_and_leaves_nothing_half_written(tmp_path):
    (tmp_path / "main.tf").write_text(CLOUD)
    ended = sovscan(tmp_path, "repo", ".", "--output", "json:r.json", program=("-c", LIMITED))
    assert ended.returncode == 4, ended.stderr
    assert "help: free space" in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["main.tf"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_full_standard_output_is_4_as_a_full_disk_is(tmp_path, form):
    (tmp_path / "Dockerfile").write_text(CLEAN)
    assert shell(tmp_path, f"repo . --format {form} > /dev/full").returncode == 4
    assert shell(tmp_path, "rules list > /dev/full").returncode == 4


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
@pytest.mark.parametrize(("files", "code"), [({"Dockerfile": CLEAN}, 0), ({"main.tf": CLOUD}, 1)])
def test_advice_that_nobody_can_keep_leaves_the_code_and_the_result(tmp_path, files, code):
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    ended = shell(tmp_path, "repo . --format json 2> /dev/full")
    assert ended.returncode == code
    assert json.loads(ended.stdout)["schema"]


def test_an_interrupt_is_4_and_says_what_is_kept(tmp_path):
    with DnsServer("x.example. NS ns.box.example.", faults={"*": "silent"}) as names:
        command = [sys.executable, "-c", INTERRUPTIBLE, "audit", "x.example", "--resolver", names.address]
        running = subprocess.Popen(
            command,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        while not names.asked:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, advice = running.communicate(timeout=60)
    assert running.returncode == 4
    assert "sovscan: stopped; finished files are kept" in advice


@pytest.mark.parametrize(("files", "code"), [({"Dockerfile": CLEAN}, 0), ({"main.tf": CLOUD}, 1)])
@pytest.mark.parametrize("away", [">&-", "2>&-", ">&- 2>&- <&-", "| true; exit ${PIPESTATUS[0]}"])
def test_a_reader_that_is_not_there_leaves_the_gates_code(tmp_path, files, code, away):
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    ended = shell(tmp_path, f"repo . --format json {away}")
    assert ended.returncode == code, ended.stderr
    assert "fault of sovscan" not in ended.stderr
    assert "sovscan:" not in ended.stdout


def shell(folder: Path, line: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    program = f"'{sys.executable}' -m sovscan {line}"
    return subprocess.run(
        ["bash", "-c", program], cwd=folder, capture_output=True, text=True, check=False, env=environment
    )


def test_a_reader_that_goes_away_does_not_turn_a_failure_into_a_pass(tmp_path):
    for name, content in (("before", CLEAN), ("after", "FROM nginx\n" * 400)):
        (tmp_path / "Dockerfile").write_text(content)
        sovscan(tmp_path, "repo", ".", "--output", f"json:{name}.json", "--fail-on", "never")
    arguments = ["diff", "before.json", "after.json", "--fail-on-new", "--fail-on", "low"]
    assert sovscan(tmp_path, *arguments).returncode == 1
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(
        [sys.executable, "-u", "-m", "sovscan", *arguments], cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=60, check=False,
    )  # fmt: skip
    os.close(writer)
    assert ended.returncode == 1, ended.stderr
