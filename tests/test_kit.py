"""The kit for pipelines: every piece validated by the platform's own schema, every script run as a runner would."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from sovscan.catalogue.cache import user_cache

ROOT = Path(__file__).resolve().parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
TEMPLATE = list(yaml.safe_load_all((ROOT / "templates" / "sovscan.yml").read_text()))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
INPUTS = {
    "SOVSCAN_MODE", "SOVSCAN_PATHS", "SOVSCAN_TARGETS", "SOVSCAN_TARGETS_FILE", "SOVSCAN_CONFIG_FILE",
    "SOVSCAN_WAIVERS", "SOVSCAN_BASELINE", "SOVSCAN_MAX_REGRESSION", "SOVSCAN_FAIL_ON", "SOVSCAN_MIN_CONFIDENCE",
    "SOVSCAN_PROFILE", "SOVSCAN_LANG", "SOVSCAN_SARIF", "SOVSCAN_ACTION_REPOSITORY",
}  # fmt: skip


@pytest.fixture
def command(tmp_path):
    """A ``sovscan`` on disk, as an installation leaves it."""
    script = tmp_path / "bin" / "sovscan"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m sovscan "$@"\n')
    script.chmod(0o755)
    return script


@pytest.fixture
def spy(tmp_path):
    """A command that writes its arguments down, one a line, and ends with 0."""
    script = tmp_path / "spy"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{tmp_path}/arguments"\n')
    script.chmod(0o755)
    return script, lambda: (tmp_path / "arguments").read_text().splitlines()


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "a check out"
    (folder / ".git").mkdir(parents=True)
    (folder / "main.tf").write_text('terraform {\n  backend "s3" {\n    bucket = "state"\n  }\n}\n')
    (folder / "requirements.txt").write_text("boto3==1.40.0\n")
    return folder


def shell(program, *arguments, folder, **variables):
    # What is compiled once is not part of the test: in a home of its own the catalogue would be read anew each time.
    cache = str(user_cache().parent)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_CACHE_HOME": cache, **variables}
    return subprocess.run(
        [program, *map(str, arguments)], capture_output=True, text=True, check=False, cwd=folder, env=environment
    )


def defaults():
    """What the runner puts into the variables of the scan step when the workflow gives nothing."""
    step = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "run")
    return {
        name: str(ACTION["inputs"][found[1]]["default"])
        for name, value in step["env"].items()
        if (found := re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value))
    }


# --- schemas --------------------------------------------------------------------------------------------------------


def check_schema(schema, path):
    program = Path(sys.executable).with_name("check-jsonschema")
    if not program.exists():
        pytest.skip("check-jsonschema is not installed")
    ended = subprocess.run([program, "--builtin-schema", schema, path], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


def test_the_action_fits_the_platforms_schema():
    check_schema("vendor.github-actions", ROOT / "action.yml")


def test_the_job_of_the_component_fits_the_platforms_schema(tmp_path):
    job = (ROOT / "templates" / "sovscan.yml").read_text().split("\n---\n")[1]
    (tmp_path / "job.yml").write_text(job)
    check_schema("vendor.gitlab-ci", tmp_path / "job.yml")


# --- the action -----------------------------------------------------------------------------------------------------


def test_the_action_uses_nobodys_action_and_no_expression_in_a_script():
    for step in ACTION["runs"]["steps"]:
        assert "uses" not in step
        assert "${{" not in step["run"]
        assert "${GITHUB_ACTION_PATH}" in step["run"]


def test_every_input_is_used_and_every_variable_is_read():
    used = {name for step in ACTION["runs"]["steps"] for value in step["env"].values()
            for name in re.findall(r"inputs\.([a-z-]+)", value)}  # fmt: skip
    assert used == set(ACTION["inputs"])
    scan = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "run")
    assert set(scan["env"]) == INPUTS
    script = (ROOT / "ci" / "action.sh").read_text()
    assert all(name in script for name in INPUTS)
    assert "SOVSCAN_PYTHON" in (ROOT / "ci" / "install.sh").read_text()


def test_every_output_is_one_the_script_writes():
    script = (ROOT / "ci" / "action.sh").read_text()
    for output in ACTION["outputs"].values():
        name = re.fullmatch(r"\$\{\{ steps\.run\.outputs\.([a-z-]+) \}\}", output["value"])[1]
        assert f'echo "{name}=' in script


def test_the_step_run_as_a_runner_does_it_annotates_summarises_and_ends_with_sovscans_code(checkout, command):
    variables = {**defaults(), "GITHUB_OUTPUT": "out.txt", "GITHUB_STEP_SUMMARY": "summary.md"}
    ended = shell("bash", ROOT / "ci" / "action.sh", command, folder=checkout, **variables)
    told = dict(line.split("=", 1) for line in (checkout / "out.txt").read_text().splitlines())
    assert told["exit-code"] == str(ended.returncode), ended.stderr
    assert ended.returncode in {0, 1, 3}
    assert told["sarif"] == "sovscan.sarif"
    run = json.loads((checkout / "sovscan.sarif").read_text())["runs"][0]
    assert run["automationDetails"]["id"] == "sovscan/repo/en/"
    assert (checkout / "summary.md").read_text().startswith("# sovscan")
    assert all(line.startswith(("::", "+")) for line in ended.stdout.splitlines())


def test_empty_inputs_leave_no_empty_argument_and_no_output_format_is_doubled(checkout, spy):
    script, arguments = spy
    ended = shell("bash", ROOT / "ci" / "action.sh", script, folder=checkout, **defaults())
    assert ended.returncode == 0, ended.stderr
    assert "" not in arguments()
    assert "--config" not in arguments()
    assert arguments().count("--output") == 1
    assert arguments()[-2:] == ["--", "."]


def test_inputs_reach_the_command_as_they_were_written(checkout, spy):
    script, arguments = spy
    variables = {
        **defaults(), "SOVSCAN_PATHS": "a b\n-rf\n$(touch pwned)\n*\n", "SOVSCAN_CONFIG_FILE": "base dir/sovscan.yaml",
        "SOVSCAN_BASELINE": "b.json", "SOVSCAN_MAX_REGRESSION": "2", "SOVSCAN_SARIF": "",
    }  # fmt: skip
    shell("bash", ROOT / "ci" / "action.sh", script, folder=checkout, **variables)
    assert arguments()[-5:] == ["--", "a b", "-rf", "$(touch pwned)", "*"]
    given = dict(zip(arguments(), arguments()[1:], strict=False))
    assert given["--config"] == "base dir/sovscan.yaml"
    assert given["--max-regression"] == "2"
    assert "--output" not in given
    assert not (checkout / "pwned").exists()


def test_audit_takes_targets_and_an_unknown_mode_is_refused(checkout, spy):
    script, arguments = spy
    audit = {**defaults(), "SOVSCAN_MODE": "audit", "SOVSCAN_TARGETS": "x.example\ny.example"}
    shell("bash", ROOT / "ci" / "action.sh", script, folder=checkout, **audit)
    assert arguments()[0] == "audit"
    assert arguments()[-3:] == ["--", "x.example", "y.example"]
    shell("bash", ROOT / "ci" / "action.sh", script, folder=checkout, **{**audit, "SOVSCAN_TARGETS": ""})
    assert "--" not in arguments()
    ended = shell("bash", ROOT / "ci" / "action.sh", script, folder=checkout, **{**audit, "SOVSCAN_MODE": "x"})
    assert ended.returncode == 2


def test_the_report_of_a_run_says_where_its_action_was_fetched_from(checkout, command):
    fetched = {"SOVSCAN_ACTION_REPOSITORY": "town/sovscan", "GITHUB_SERVER_URL": "https://git.town.example"}
    shell("bash", ROOT / "ci" / "action.sh", command, folder=checkout, **defaults(), **fetched)
    driver = json.loads((checkout / "sovscan.sarif").read_text())["runs"][0]["tool"]["driver"]
    assert driver["informationUri"] == "https://git.town.example/town/sovscan"


def test_a_missing_baseline_ends_the_step_with_2(checkout, command):
    variables = {**defaults(), "SOVSCAN_BASELINE": "gone.json", "GITHUB_OUTPUT": "out.txt"}
    ended = shell("bash", ROOT / "ci" / "action.sh", command, folder=checkout, **variables)
    assert ended.returncode == 2
    assert (checkout / "out.txt").read_text() == "exit-code=2\nsarif=\n"


def test_reports_that_lie_in_the_checkout_are_not_passed_on_when_a_run_ends_with_2(checkout, command):
    job = TEMPLATE[1]["sovscan"]
    left = ["sovscan.sarif", "sovscan-reports/sovscan.junit.xml", "sovscan-reports/sovscan.sarif"]
    left += [
        name for kind in job["artifacts"]["reports"].values() for name in ([kind] if isinstance(kind, str) else kind)
    ]
    (checkout / "sovscan-reports").mkdir()
    for name in left:
        (checkout / name).write_text("of the author of the change")
    (checkout / "sovscan.yaml").write_text("polcy: []\n")
    common = {"SOVSCAN": str(command), "PATH": f"{command.parent}:{os.environ['PATH']}"}
    variables = {**defaults(), "GITHUB_OUTPUT": "out.txt"}
    ends = [
        shell("bash", ROOT / "ci" / "action.sh", command, folder=checkout, **variables),
        shell("sh", ROOT / "ci" / "recipes" / "shell.sh", folder=checkout, **common),
        shell("sh", "-c", "\n".join(["set -e", *job["script"]]), folder=checkout, SOVSCAN_PATHS=".",
              SOVSCAN_FAIL_ON="high", **common),
    ]  # fmt: skip
    assert [ended.returncode for ended in ends] == [2, 2, 2]
    assert [name for name in left if (checkout / name).exists()] == []
    assert (checkout / "out.txt").read_text() == "exit-code=2\nsarif=\n"


# --- the recipe -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("program", ["sh", "dash", "bash"])
def test_the_recipe_writes_the_reports_and_ends_with_sovscans_code(checkout, command, program):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    for fail_on, code in (("never", {0, 3}), ("low", {1, 3})):
        ended = shell(
            program,
            ROOT / "ci" / "recipes" / "shell.sh",
            folder=checkout,
            SOVSCAN=str(command),
            SOVSCAN_FAIL_ON=fail_on,
        )
        assert ended.returncode in code, ended.stderr
    written = {path.name for path in (checkout / "sovscan-reports").iterdir()}
    assert written == {"sovscan.txt", "sovscan.md", "sovscan.junit.xml", "sovscan.sarif"}


def test_the_recipe_passes_names_as_they_are(checkout, spy):
    script, arguments = spy
    shell(
        "sh", ROOT / "ci" / "recipes" / "shell.sh", folder=checkout, SOVSCAN=str(script), SOVSCAN_PATHS="src * -x",
        SOVSCAN_WAIVERS="w.yaml",
    )  # fmt: skip
    assert arguments()[-6:] == ["--waivers", "w.yaml", "--", "src", "*", "-x"]
    shell("sh", ROOT / "ci" / "recipes" / "shell.sh", folder=checkout, SOVSCAN=str(script), SOVSCAN_TARGETS="x.example")
    assert arguments()[0] == "audit"
    assert arguments()[-1] == "x.example"


# --- component, hooks, container --------------------------------------------------------------------------------------


def test_the_component_assumes_no_registry_keeps_reports_of_failures_and_uses_every_input():
    spec, job = TEMPLATE[0]["spec"]["inputs"], TEMPLATE[1]["sovscan"]
    assert "default" not in spec["image"]
    assert job["artifacts"]["when"] == "always"
    assert set(job["artifacts"]["reports"]) == {"codequality", "junit", "cyclonedx"}
    text = (ROOT / "templates" / "sovscan.yml").read_text()
    assert set(re.findall(r"\$\[\[ inputs\.([a-z-]+) \]\]", text)) == set(spec)
    assert not [line for line in job["script"] if "$[[" in line]


def test_the_script_of_the_component_runs_and_writes_what_it_announces(checkout, command):
    job = TEMPLATE[1]["sovscan"]
    ended = shell(
        "sh", "-c", "\n".join(["set -e", *job["script"]]), folder=checkout, SOVSCAN_PATHS=".", SOVSCAN_FAIL_ON="never",
        SOVSCAN_CONFIG="", PATH=f"{command.parent}:{os.environ['PATH']}",
    )  # fmt: skip
    assert ended.returncode in {0, 3}, ended.stderr
    reports = job["artifacts"]["reports"]
    for name in (reports["codequality"], reports["junit"], *reports["cyclonedx"], *job["artifacts"]["paths"]):
        assert (checkout / name).stat().st_size


def test_the_hooks_take_every_file_and_run(checkout, command):
    by_id = {hook["id"]: hook for hook in HOOKS}
    assert by_id["sovscan"]["types"] == ["file"]
    assert by_id["sovscan"]["require_serial"] is True
    program, *arguments = by_id["sovscan"]["entry"].split()
    assert program == "sovscan"
    ended = shell(command, *arguments, "main.tf", "README.md", folder=checkout)
    assert ended.returncode == 2, "a file that is not there is said to be"
    (checkout / "README.md").write_text("# nothing to see\n")
    assert shell(command, *arguments, "README.md", folder=checkout).returncode == 0
    assert by_id["sovscan-rules"]["pass_filenames"] is False


def test_the_hooks_are_a_valid_manifest():
    program = shutil.which("prek")
    if program is None:
        pytest.skip("prek is not installed")
    subprocess.run([program, "validate-manifest", ROOT / ".pre-commit-hooks.yaml"], check=True)


def test_the_container_names_no_registry_runs_as_nobody_and_carries_the_pdf_libraries():
    lines = (ROOT / "ci" / "Containerfile").read_text().splitlines()
    assert "ARG BASE" in lines
    assert {line.split()[1] for line in lines if line.startswith("FROM")} == {"${BASE}"}
    assert "USER 10001" in lines
    assert "libpango-1.0-0" in "\n".join(lines)


def test_sovscan_passes_its_own_gate_with_its_waivers_written_down(command):
    gate = [command, "repo", ".", "--no-config", "--as-of", "2026-11-21", "--quiet", "--format", "jsonl"]
    ended = subprocess.run(
        [*gate, "--waivers", "ci/sovscan-waivers.yaml"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    standings = [json.loads(line)["standing"] for line in ended.stdout.splitlines()[1:]]
    assert ended.returncode == 0, ended.stderr
    assert "waived" in standings
