"""The gate through the real command: which files count, who named them, and the exit code of each case."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from sovscan.cli.exits import ExitCode
from sovscan.cli.main import run
from tests.test_cli import HALF_SILENT, ROOT, TOWN_HALL

WAIVER = "  - {{rule: {rule}, match: {{{match}}}, reason: Contract ends in spring, owner: DSI, expires: {expires}}}\n"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """An empty repository that is the working directory."""
    folder = tmp_path / "checkout"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("SOVSCAN_CONFIG", raising=False)
    return folder


@pytest.fixture(scope="module")
def town_hall(tmp_path_factory):
    """The judged town hall: its findings, for waivers and baselines."""
    path = tmp_path_factory.mktemp("judged") / "r.json"
    run(["judge", TOWN_HALL, "--output", f"json:{path}", "--quiet", "--no-config"])
    return path, json.loads(path.read_bytes())


def judge(*arguments):
    return run(["judge", TOWN_HALL, "--format", "json", *arguments])


def waive(path: Path, result, severities=("high", "critical"), expires="2027-06-01"):
    """A waiver of each finding that would keep the gate shut."""
    entries = {
        WAIVER.format(rule=finding["rule"], match=f"domain: {domain}", expires=expires)
        for finding in result["findings"]
        if finding["severity"] in severities and finding["verdict"] != "clear"
        for domain in [target["value"] for target in result["evidence"]["targets"] if target["main"]]
    }
    path.write_text("waivers:\n" + "".join(sorted(entries)))
    return len(entries)


def worse(result_path: Path, out: Path, points: float):
    """A baseline of the result, as it would have been some points ago."""
    assert run(["baseline", "create", str(result_path), "--output", str(out)]) is ExitCode.PASS
    plain = json.loads(out.read_bytes())
    plain["score"] += points
    plain["worst"] += points
    out.write_text(json.dumps(plain))


# --- exit codes -----------------------------------------------------------------------------------------------------


def test_exit_0_when_every_finding_at_the_threshold_is_waived_and_the_score_is_said_twice(checkout, town_hall, capsys):
    waive(checkout / "w.yaml", town_hall[1])
    assert judge("--waivers", "w.yaml") is ExitCode.PASS
    error = capsys.readouterr().err
    assert " with waivers" in error
    assert f"score {town_hall[1]['score']['value']:.0f} " in error


def test_exit_1_for_an_expired_waiver_even_when_findings_never_fail(checkout, town_hall, capsys):
    waive(checkout / "w.yaml", town_hall[1], severities=("low",), expires="2026-01-31")
    assert judge("--waivers", "w.yaml", "--fail-on", "never") is ExitCode.POLICY
    error = capsys.readouterr().err
    assert "expired waiver: w.yaml:" in error
    assert "by DSI expired on 2026-01-31" in error


def test_exit_1_for_a_regression_and_0_within_the_limit(checkout, town_hall, capsys):
    worse(town_hall[0], checkout / "b.json", 5)
    never = ("--fail-on", "never", "--baseline", "b.json", "--max-regression")
    assert judge(*never, "10") is ExitCode.PASS
    assert judge(*never, "2") is ExitCode.POLICY
    assert "more than 2 lost" in capsys.readouterr().err


def test_exit_1_for_a_policy_rule_and_it_is_named(checkout, capsys):
    (checkout / "sovscan.yaml").write_text(
        "policy:\n  - {when: {layer: mail_in, level_at_least: PARENT}, then: fail, reason: Mail stays under our law}\n"
    )
    assert judge("--fail-on", "never") is ExitCode.POLICY
    assert "policy sovscan.yaml:2:5: Mail stays under our law" in capsys.readouterr().err


def test_exit_0_when_the_baseline_knows_everything_and_3_when_a_known_thing_is_asked_anew(checkout, town_hall):
    assert run(["baseline", "create", str(town_hall[0]), "--output", "b.json"]) is ExitCode.PASS
    assert judge("--baseline", "b.json") is ExitCode.PASS
    assert judge() is ExitCode.POLICY


@pytest.mark.parametrize(
    ("files", "arguments", "words"),
    [
        ({}, ["--baseline", "gone.json"], "gone.json: No such file"),
        ({}, ["--waivers", "gone.yaml"], "gone.yaml: No such file"),
        ({}, ["--config", "gone.yaml"], "gone.yaml: No such file"),
        ({}, ["--max-regression", "3"], "no baseline to compare with"),
        ({"b.json": "[]"}, ["--baseline", "b.json"], "baseline create"),
        ({"sovscan.yaml": "polcy: []\n"}, [], "sovscan.yaml:1:1: unknown key 'polcy'"),
        ({"sovscan.yaml": "policy: {fail_on: never}\n"}, [], "sovscan.yaml:1:9: expected a list"),
        ({"sovscan.yaml": "rules: ../../../../etc\n"}, [], "unknown key 'rules'"),
        ({"sovscan.yaml": "out: /etc/cron.d\n"}, [], "unknown key 'out'"),
        ({"sovscan.yaml": "post_hook: touch x\n"}, [], "unknown key 'post_hook'"),
        (
            {"sovscan.yaml": "policy:\n  - {when: {provider: amazn}, then: fail, reason: x}\n"},
            [],
            "did you mean 'amazon'?",
        ),
        ({"sovscan.yaml": "policy:\n  - {when: {law: cloudact}, then: fail, reason: x}\n"}, [], "unknown law"),
        ({"sovscan-waivers.yaml": "waivers:\n  - {rule: x}\n"}, [], "sovscan-waivers.yaml:2:5: missing key 'match'"),
        (
            {"w.yaml": "waivers:\n" + WAIVER.format(rule="x", match="provider: ovh", expires="2028-12-31")},
            ["--waivers", "w.yaml"],
            "expires more than 366 days after 2026-11-16",
        ),
    ],
)
def test_exit_2_for_a_file_that_cannot_be_used(checkout, capsys, files, arguments, words):
    for name, content in files.items():
        (checkout / name).write_text(content)
    assert judge(*arguments) is ExitCode.USAGE
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""


def test_exit_3_for_a_policy_that_what_is_not_known_could_break(checkout, capsys):
    (checkout / "sovscan.yaml").write_text(
        "policy:\n  - {when: {layer: mail_in, provider: amazon}, then: fail, reason: Mail stays here}\n"
    )
    assert run(["judge", HALF_SILENT, "--format", "json", "--fail-on", "never", "--no-config"]) is ExitCode.PASS
    assert run(["judge", HALF_SILENT, "--format", "json", "--fail-on", "never"]) is ExitCode.INCONCLUSIVE
    assert "could break policy sovscan.yaml:2:5" in capsys.readouterr().err


# --- who named it ---------------------------------------------------------------------------------------------------


def loosening(checkout):
    (checkout / "sovscan.yaml").write_text(
        "policy:\n  - {when: {level_at_least: NONE, confidence: weak}, then: allow, reason: Whatever}\n"
    )


def test_a_discovered_configuration_may_not_loosen_and_the_keys_are_reported(checkout, capsys):
    loosening(checkout)
    assert judge() is ExitCode.POLICY
    error = capsys.readouterr().err
    assert "sovscan.yaml:2:5: 'then: allow' not applied" in error
    assert "name it: --config sovscan.yaml" in error


@pytest.mark.parametrize("how", ["option", "variable"])
def test_a_named_configuration_may_loosen(checkout, monkeypatch, capsys, how):
    loosening(checkout)
    if how == "variable":
        monkeypatch.setenv("SOVSCAN_CONFIG", "sovscan.yaml")
    arguments = ("--config", "sovscan.yaml") if how == "option" else ()
    judge("--no-config")
    before = capsys.readouterr().err
    judge(*arguments)
    after = capsys.readouterr().err
    assert "inbound-mail-us-controlled" in before
    assert "inbound-mail-us-controlled" not in after
    assert "not applied" not in after


def test_discovered_waivers_and_baselines_are_reported_and_not_applied(checkout, town_hall, capsys):
    count = waive(checkout / "sovscan-waivers.yaml", town_hall[1])
    assert run(["baseline", "create", str(town_hall[0]), "--output", "sovscan-baseline.json"]) is ExitCode.PASS
    assert judge() is ExitCode.POLICY
    error = capsys.readouterr().err
    assert f"sovscan-waivers.yaml: {count} waivers not applied" in error
    assert "sovscan-baseline.json: baseline not applied" in error


def test_an_expired_waiver_that_was_only_discovered_still_fails(checkout, town_hall):
    waive(checkout / "sovscan-waivers.yaml", town_hall[1], severities=("low",), expires="2026-01-31")
    assert judge("--fail-on", "never") is ExitCode.POLICY


def test_no_config_ignores_what_nobody_named(checkout, town_hall, capsys):
    (checkout / "sovscan.yaml").write_text("nonsense: true\n")
    (checkout / "sovscan-waivers.yaml").write_text("nonsense: true\n")
    waive(checkout / "w.yaml", town_hall[1])
    assert judge("--no-config", "--waivers", "w.yaml") is ExitCode.PASS
    assert "nonsense" not in capsys.readouterr().err


def test_a_file_above_the_root_of_the_repository_is_not_found(checkout):
    (checkout.parent / "sovscan.yaml").write_text("nonsense: true\n")
    assert judge() is ExitCode.POLICY


def test_a_file_in_a_parent_folder_of_the_same_repository_is(checkout, monkeypatch, capsys):
    (checkout / "sovscan.yaml").write_text("nonsense: true\n")
    (checkout / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(checkout / "a" / "b")
    assert judge() is ExitCode.USAGE


def test_outside_a_repository_the_working_directory_alone_counts(tmp_path, monkeypatch):
    (tmp_path / "sovscan.yaml").write_text("nonsense: true\n")
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path / "a")
    assert judge() is ExitCode.POLICY
    monkeypatch.chdir(tmp_path)
    assert judge() is ExitCode.USAGE


def test_a_link_out_of_the_checkout_is_not_a_configuration(checkout):
    outside = checkout.parent / "elsewhere.yaml"
    outside.write_text("nonsense: true\n")
    (checkout / "sovscan.yaml").symlink_to(outside)
    assert judge() is ExitCode.POLICY


def test_waivers_beside_a_named_configuration_are_as_named_as_it_is(checkout, town_hall):
    (checkout / "ci").mkdir()
    (checkout / "ci" / "sovscan.yaml").write_text("organisation: Town hall\n")
    waive(checkout / "ci" / "sovscan-waivers.yaml", town_hall[1])
    assert judge("--config", "ci/sovscan.yaml") is ExitCode.PASS


def test_a_target_file_is_a_configuration_that_may_only_tighten(checkout, capsys):
    (checkout / "t.yaml").write_text(
        "targets: [x.example]\npolicy:\n  - {when: {layer: dns}, then: allow, reason: x}\n"
    )
    run(["audit", "-f", "t.yaml", "--offline", "--format", "json"])
    assert "t.yaml:3:5: 'then: allow' not applied" in capsys.readouterr().err


def test_what_a_target_file_declares_is_applied_and_not_said_to_be_left_aside(checkout, capsysbinary):
    (checkout / "t.yaml").write_text(
        "targets: [x.example]\ncollect: {resolver_rate: 50}\n"
        "declared:\n  - {layer: hosting, role: origin, offer: self, service: Portail, proof: contract.pdf}\n"
    )
    run(["audit", "-f", "t.yaml", "--offline", "--format", "json"])
    captured = capsysbinary.readouterr()
    probes = [seen["probe"] for seen in json.loads(captured.out)["evidence"]["observations"]]
    assert probes.count("declared") == 1
    assert b"not applied" not in captured.err


def test_without_a_target_the_configuration_says_what_to_audit_but_declares_nothing_unless_named(
    checkout, capsysbinary
):
    (checkout / "sovscan.yaml").write_text(
        "targets: [x.example]\n"
        "declared:\n  - {layer: hosting, role: origin, offer: self, service: Portail, proof: contract.pdf}\n"
        "context: {sensitive_data: false}\n"
    )
    for arguments, declared in (([], 0), (["--config", "sovscan.yaml"], 1)):
        run(["audit", "--offline", "--format", "json", *arguments])
        captured = capsysbinary.readouterr()
        result = json.loads(captured.out)
        assert result["evidence"]["targets"][0]["value"] == "x.example"
        probes = [seen["probe"] for seen in result["evidence"]["observations"]]
        assert probes.count("declared") == probes.count("declared-context") == declared
        assert (b"2 declarations not applied" in captured.err) is (declared == 0)


# --- what the terminal says -----------------------------------------------------------------------------------------


def test_a_failure_is_told_in_three_lines_with_the_commands_to_go_on(checkout, capsys):
    judge()
    lines = capsys.readouterr().err.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("▲ "))
    assert lines[first + 1].startswith("    where: ")
    assert lines[first + 2].startswith("    next: ")
    assert "explain: sovscan rules show " in lines[first + 2]
    explained = lines[first + 2].rpartition("rules show ")[2]
    assert run(["rules", "show", explained]) is ExitCode.PASS
    assert "sovscan-waivers.yaml: - {rule: " in lines[-1]


def test_the_waiver_it_proposes_is_one_it_accepts(checkout, capsys):
    judge()
    entry = capsys.readouterr().err.splitlines()[-1].partition(": - ")[2]
    filled = entry.replace("reason: '…'", "reason: Until the tender is over").replace("owner: '…'", "owner: DSI")
    (checkout / "w.yaml").write_text("waivers:\n  - " + filled.replace("'…'", "2027-01-31") + "\n")
    judge("--waivers", "w.yaml")
    assert "matches nothing" not in capsys.readouterr().err


def test_annotations_come_with_a_summary_where_the_runner_asks_for_one(checkout, monkeypatch, capsys):
    summary = checkout / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    run(["judge", TOWN_HALL, "--format", "github", "--lang", "en"])
    assert capsys.readouterr().out.startswith("::error title=sovscan ")
    assert summary.read_text().startswith("before\n# sovscan")


@pytest.mark.parametrize("there", [True, False])
def test_an_annotation_points_at_the_configuration_only_where_it_was_read(checkout, there, capsys):
    if there:
        (checkout / "sovscan.yaml").write_text("organisation: Valombreuse\n")
    run(["judge", TOWN_HALL, "--format", "github", "--lang", "en"])
    annotations = [line for line in capsys.readouterr().out.splitlines() if line.startswith("::")]
    assert annotations
    assert {"file=sovscan.yaml,line=1" in line for line in annotations} == {there}
    assert there or not any("file=" in line for line in annotations)


def test_annotations_point_at_the_line_of_the_target(checkout, capsys):
    (checkout / "sovscan.yaml").write_text("# ours\ntargets:\n  - valombreuse-demo.fr\n")
    run(["judge", TOWN_HALL, "--format", "github", "--lang", "en"])
    assert "file=sovscan.yaml,line=3,title=sovscan mail-gateway-foreign" in capsys.readouterr().out


# --- verbs ----------------------------------------------------------------------------------------------------------


def test_waivers_check_says_no_to_what_expired_and_with_strict_to_what_matches_nothing(checkout, town_hall, capsys):
    file = checkout / "sovscan-waivers.yaml"
    check = ["waivers", "check", "--as-of", "2026-11-16"]
    waive(file, town_hall[1])
    assert run([*check, "--result", str(town_hall[0])]) is ExitCode.PASS
    text = file.read_text()
    file.write_text(text + WAIVER.format(rule="inbound-mail-us-controlled", match="domain: x.fr", expires="2027-01-01"))
    assert run([*check, "--result", str(town_hall[0])]) is ExitCode.PASS
    assert "matches nothing" in capsys.readouterr().out
    assert run([*check, "--result", str(town_hall[0]), "--strict"]) is ExitCode.POLICY
    file.write_text(text.replace("2027-06-01", "2026-11-15"))
    assert run(check) is ExitCode.POLICY
    assert "expired" in capsys.readouterr().out


def test_waivers_check_names_a_rule_that_does_not_exist(checkout, capsys):
    (checkout / "sovscan-waivers.yaml").write_text(
        "waivers:\n" + WAIVER.format(rule="inbound-mail-us-controled", match="domain: x.fr", expires="2027-01-01")
    )
    assert run(["waivers", "check", "--as-of", "2026-11-16"]) is ExitCode.USAGE
    assert "did you mean 'inbound-mail-us-controlled'?" in capsys.readouterr().err


def test_waivers_check_without_a_file_is_told_so(checkout, capsys):
    assert run(["waivers", "check"]) is ExitCode.USAGE
    assert "no waiver file" in capsys.readouterr().err


def test_baseline_prune_writes_in_place_and_never_adds(checkout, town_hall):
    path, result = town_hall
    assert run(["baseline", "create", str(path), "--output", "b.json"]) is ExitCode.PASS
    kept = json.loads((checkout / "b.json").read_bytes())
    gone = result["findings"][0]["id"]
    changed = {**result, "findings": result["findings"][1:]}
    (checkout / "r2.json").write_text(json.dumps(changed))
    assert run(["baseline", "prune", "b.json", "r2.json"]) is ExitCode.PASS
    pruned = json.loads((checkout / "b.json").read_bytes())
    assert set(kept["findings"]) - set(pruned["findings"]) == {gone}
    assert run(["baseline", "prune", "b.json", str(path)]) is ExitCode.PASS
    assert gone not in json.loads((checkout / "b.json").read_bytes())["findings"]


def test_config_show_gives_each_value_with_its_origin(checkout, town_hall, capsys, monkeypatch):
    loosening(checkout)
    waive(checkout / "sovscan-waivers.yaml", town_hall[1])
    show = ["config", "show", "--as-of", "2026-11-16"]
    assert run([*show, "--fail-on", "medium"]) is ExitCode.PASS
    shown = capsys.readouterr().out
    assert "fail-on           medium" in shown
    assert "--fail-on" in shown
    assert "min-confidence    probable" in shown
    assert "default" in shown
    assert "sovscan.yaml (discovered)" in shown
    assert "not applied" in shown
    monkeypatch.setenv("SOVSCAN_CONFIG", "sovscan.yaml")
    run(show)
    shown = capsys.readouterr().out
    assert "sovscan.yaml (SOVSCAN_CONFIG)" in shown
    assert "not applied" not in shown


def test_init_writes_what_it_finds_and_the_result_is_a_valid_configuration(checkout, capsys):
    (checkout / "CNAME").write_text("www.valmont.example\n")
    (checkout / "package.json").write_text('{"homepage": "https://github.com/valmont/site"}')
    (checkout / "main.tf").write_text("")
    assert run(["init"]) is ExitCode.PASS
    written = (checkout / "sovscan.yaml").read_text()
    assert "- valmont.example" in written
    assert "found in CNAME" in written
    assert "- github.com" not in written
    assert run(["config", "show"]) is ExitCode.PASS
    assert run(["init"]) is ExitCode.USAGE
    assert "already" in capsys.readouterr().err
    assert (checkout / "sovscan.yaml").read_text() == written


def test_init_that_finds_no_domain_leaves_a_file_that_gates_the_repository(checkout, capsys):
    assert run(["init"]) is ExitCode.PASS
    assert "# targets:" in (checkout / "sovscan.yaml").read_text()
    assert run(["config", "show"]) is ExitCode.PASS


def test_the_root_of_a_worktree_is_a_root_as_well(tmp_path, monkeypatch):
    (tmp_path / "sovscan.yaml").write_text("nonsense: true\n")
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / ".git").write_text("gitdir: elsewhere\n")
    monkeypatch.chdir(tmp_path / "w")
    assert judge() is ExitCode.POLICY


def test_the_verbs_that_read_files_never_load_what_talks_to_the_network(checkout, town_hall):
    waive(checkout / "sovscan-waivers.yaml", town_hall[1])
    for arguments in (
        ["init"],
        ["config", "show"],
        ["waivers", "check", "--as-of", "2026-11-16", "--result", str(town_hall[0])],
        ["baseline", "create", str(town_hall[0]), "--output", "b.json"],
    ):
        program = (
            f"import sys; from sovscan.cli.main import run; code = run({arguments!r}); print(int(code), *sys.modules)"
        )
        ended = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=checkout,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        told = ended.stdout.splitlines()[-1].split()
        assert told[0] == "0", ended.stderr
        assert not {"httpx", "dns", "ipwhois", "weasyprint", "sovscan.net"} & set(told)


def test_the_published_schemas_accept_what_the_command_writes_and_reads(checkout, town_hall, capsys):
    def schema(name):
        assert run(["schema", name]) is ExitCode.PASS
        return json.loads(capsys.readouterr().out)

    (checkout / "CNAME").write_text("www.valmont.example\n")
    run(["init"])
    run(["baseline", "create", str(town_hall[0]), "--output", "b.json"])
    waive(checkout / "w.yaml", town_hall[1])
    capsys.readouterr()
    config = schema("config")
    jsonschema.validate(yaml.safe_load((checkout / "sovscan.yaml").read_text()), config)
    jsonschema.validate(yaml.load((checkout / "w.yaml").read_text(), yaml.BaseLoader), schema("waivers"))
    jsonschema.validate(json.loads((checkout / "b.json").read_text()), schema("baseline"))
    for refused in ({"polcy": []}, {"policy": [{"when": {}, "then": "fail", "reason": "x"}]}, {"targets": []}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(refused, config)
