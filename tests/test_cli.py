"""The command line as its users meet it: exit codes, messages, what goes where, and what is never imported."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sovscan.cli import sockets
from sovscan.cli.exits import ExitCode, worst
from sovscan.cli.main import run
from sovscan.files.evidence_bundle import in_order, make_observation, write_evidence
from sovscan.model.evidence import Asked, Evidence, Outcome, Vantage
from sovscan.model.target import Target, TargetKind

ROOT = Path(__file__).resolve().parents[1]
TOWN_HALL = str(ROOT / "data" / "demo" / "mairie-valombreuse.jsonl")
SME = str(ROOT / "data" / "demo" / "atelier-kerlann.jsonl")
HALF_SILENT = str(ROOT / "data" / "demo" / "syndicat-brumeval.jsonl")


def sovscan(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "sovscan", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        timeout=120,
    )


@pytest.fixture
def silent(tmp_path):
    """Evidence of an organisation where every question timed out."""
    questions = [("mx", "MX"), ("ns", "NS"), ("txt", "TXT"), ("address", "A"), ("web", "GET"), ("tls", "TLS")]
    observations = [
        make_observation(
            probe=probe,
            subject="muette.example",
            outcome=Outcome.FAILED,
            reason="timeout",
            asked=Asked(name="muette.example", type=rrtype),
        )
        for probe, rrtype in questions
    ]
    evidence = Evidence(
        organisation="Muette",
        targets=(Target(kind=TargetKind.DOMAIN, value="muette.example"),),
        collected_at="2026-11-16T08:31:00Z",
        vantage=Vantage(),
        observations=in_order(observations),
    )
    path = tmp_path / "silent.jsonl"
    path.write_bytes(write_evidence(evidence))
    return str(path)


def test_exit_0_when_everything_asked_was_decided_and_nothing_breaks_the_policy():
    assert run(["judge", SME, "--format", "json", "--fail-on", "never"]) is ExitCode.PASS


def test_exit_1_when_a_finding_reaches_the_threshold(capsys):
    assert run(["judge", TOWN_HALL, "--format", "json"]) is ExitCode.POLICY
    assert "gate failed (exit 1)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["judge", "no-such-bundle"], "no evidence there"),
        (["judge", TOWN_HALL, "--format", "htlm"], "did you mean 'html'?"),
        (["judge", TOWN_HALL, "--output", "html"], "expected FORMAT:PATH"),
        (["judge", TOWN_HALL, "--format", "pdf"], "use --output pdf:FILE"),
        (["judge", TOWN_HALL, "--as-of", "21/11/2026"], "write it as 2026-11-21"),
        (["judge", TOWN_HALL, "--fail-on", "hihg"], "did you mean 'high'?"),
        (["judge", TOWN_HALL, "--profile", "lenient"], "one of practical, strict"),
        (["judge", TOWN_HALL, "--lang", "de"], "unknown language 'de'"),
        (["judge", TOWN_HALL, "--rules", "no-such-folder"], "does not exist"),
        (["judge", TOWN_HALL, "--min-grade", "G"], "--min-grade"),
        (["audit"], "no target"),
        (["audit", "a b.example"], "a b.example"),
        (["audit", "x.example", "--resolver", "resolver.example"], "is not ADDRESS[:PORT]"),
        (["audit", "x.example", "--http-proxy", "proxy.example:3128"], "http proxy: an http or https URL"),
        (["audit", "x.example", "--http-proxy", "http://proxy.example:99999"], "write it as http://"),
        (["audit", "x.example", "--http-proxy", "http://[::1"], "write it as http://"),
        (["audit", "x.example", "--scope", "10.0.0.0/99"], "--scope"),
        (["audit", "x.example", "--probe", "mx"], "is not an opt-in probe"),
        (["report", TOWN_HALL], "help:"),
        (["schema", "planet"], "unknown schema"),
        (["judge", TOWN_HALL, "--rules", "no-such-folder"], "check the path given with --rules"),
        (["providers", "show", "microsft"], "microsoft"),
        (["providers", "show", "vade-secure"], "sovscan providers search"),
        (["rules", "show", "inbound-mail-us-controled"], "did you mean 'inbound-mail-us-controlled'?"),
        (["rules", "show", "mail"], "sovscan rules list"),
        (["frobnicate"], "frobnicate"),
        (["judge", TOWN_HALL, "--no-such-option"], "--no-such-option"),
    ],
)
def test_exit_2_comes_with_the_fault_and_the_next_step(arguments, words, capsys):
    assert run(arguments) is ExitCode.USAGE
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""


def test_exit_2_for_a_configuration_names_line_column_and_suggestion(tmp_path, capsys):
    file = tmp_path / "sovscan.yaml"
    file.write_text("targets: [x.example]\norganization: X\n")
    assert run(["audit", "-f", str(file)]) is ExitCode.USAGE
    error = capsys.readouterr().err
    assert f"{file}:2:1: unknown key 'organization'" in error
    assert "did you mean 'organisation'?" in error


def test_exit_2_for_an_unknown_offer_in_a_declaration(tmp_path, capsys):
    file = tmp_path / "sovscan.yaml"
    file.write_text(
        "targets: [x.example]\ndeclared:\n  - {layer: hosting, role: origin, offer: scalewya, service: Portail}\n"
    )
    assert run(["audit", "-f", str(file), "--offline"]) is ExitCode.USAGE
    assert "did you mean 'scaleway'?" in capsys.readouterr().err


def test_exit_3_when_nothing_was_observed_and_no_good_word_is_said(silent, capsys):
    assert run(["judge", silent, "--lang", "en"]) is ExitCode.INCONCLUSIVE
    captured = capsys.readouterr()
    assert "nothing-observed" in captured.err
    assert "no exposure observed" not in captured.out
    assert " A " not in captured.out.splitlines()[0]


def test_an_organisation_that_times_out_everywhere_is_not_rated(silent, tmp_path):
    out = tmp_path / "r.json"
    assert run(["judge", silent, "--output", f"json:{out}", "--quiet"]) is ExitCode.INCONCLUSIVE
    result = json.loads(out.read_bytes())
    assert result["score"]["grade"] == "NR"
    assert result["score"]["coverage"] < 0.5
    assert not [finding for finding in result["findings"] if finding["verdict"] == "clear"]


def test_a_half_silent_organisation_never_passes():
    assert run(["judge", HALF_SILENT, "--format", "json", "--quiet"]) in {ExitCode.POLICY, ExitCode.INCONCLUSIVE}


def test_offline_collection_observes_nothing_and_ends_with_3(capsysbinary):
    assert run(["collect", "x.example", "--offline"]) is ExitCode.INCONCLUSIVE
    lines = capsysbinary.readouterr().out.splitlines()
    assert all(json.loads(line)["outcome"] == "skipped" for line in lines[1:])


def test_exit_zero_says_what_it_hides(silent, capsys):
    assert run(["judge", silent, "--format", "json", "--exit-zero"]) is ExitCode.PASS
    assert "turns exit 3 into 0" in capsys.readouterr().err
    assert run(["judge", TOWN_HALL, "--format", "json", "--exit-zero"]) is ExitCode.PASS
    assert run(["judge", "no-such", "--exit-zero"]) is ExitCode.USAGE


def test_exit_4_for_a_machine_that_cannot_write_and_nothing_is_half_written(tmp_path):
    out = tmp_path / "r.json"
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024));"
        "from sovscan.cli.main import run; sys.exit(int(run(sys.argv[1:])))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", limited, "judge", TOWN_HALL, "--output", f"json:{out}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert ended.returncode == 4, ended.stderr
    assert os.strerror(errno.EFBIG) in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_exit_4_for_a_bug_gives_a_short_message_and_a_log(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sovscan.audit.audit", lambda *_arguments, **_options: 1 / 0)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert run(["judge", TOWN_HALL, "--format", "json"]) is ExitCode.INTERNAL
    error = capsys.readouterr().err
    assert "ZeroDivisionError" in error
    assert "Traceback" not in error
    assert "Traceback" in next(tmp_path.glob("sovscan-*.log")).read_text()


@pytest.mark.parametrize(
    ("codes", "wins"),
    [([0, 3], 3), ([3, 1], 1), ([1, 2, 3], 2), ([1, 2, 3, 4], 4), ([], 0), ([0, 0], 0)],
)
def test_4_wins_over_2_over_1_over_3(codes, wins):
    assert worst(*(ExitCode(code) for code in codes)) == wins


def test_an_unwritable_path_is_the_users_fault(tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert run(["judge", TOWN_HALL, "--output", f"json:{blocked}/r.json"]) is ExitCode.USAGE
    assert "a folder is to be there" in capsys.readouterr().err


def test_standard_output_carries_data_only(capsysbinary):
    run(["judge", TOWN_HALL, "--format", "json"])
    json.loads(capsysbinary.readouterr().out)


def test_two_languages_and_one_path_make_two_files(tmp_path):
    run(["judge", TOWN_HALL, "--output", f"html:{tmp_path / 'r.html'}", "--lang", "fr,en", "--quiet"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.en.html", "r.fr.html"]


def test_a_stored_result_renders_to_the_bytes_of_the_first_time(tmp_path):
    first, again, result = (tmp_path / name for name in ("first.html", "again.html", "r.json"))
    run(["judge", TOWN_HALL, "--output", f"html:{first}", "--output", f"json:{result}", "--lang", "fr", "--quiet"])
    assert run(["report", str(result), "--output", f"html:{again}", "--lang", "fr", "--quiet"]) is ExitCode.PASS
    assert first.read_bytes() == again.read_bytes()


def test_a_bundle_verifies_until_something_changes(tmp_path, capsys):
    from sovscan.cli.bundle import read_bundle, write_bundle

    folder = tmp_path / "x.sovscan"
    write_bundle(folder, read_bundle(Path(TOWN_HALL)), None)
    assert run(["evidence", "verify", str(folder)]) is ExitCode.PASS
    file = folder / "evidence.jsonl"
    file.write_bytes(file.read_bytes().replace(b"ms41857702", b"ms41857703"))
    assert run(["evidence", "verify", str(folder)]) is ExitCode.POLICY
    assert "evidence.jsonl: changed" in capsys.readouterr().out


def test_evidence_of_another_schema_is_refused_naming_it(tmp_path, capsys):
    file = tmp_path / "evidence.jsonl"
    file.write_bytes(Path(TOWN_HALL).read_bytes().replace(b"sovscan-evidence/1", b"sovscan-evidence/7"))
    assert run(["judge", str(file)]) is ExitCode.USAGE
    assert "sovscan-evidence/7" in capsys.readouterr().err


def test_the_verbs_that_never_use_the_network_are_refused_sockets():
    import socket

    with sockets.refused(), socket.socket() as endpoint, pytest.raises(PermissionError, match="never uses the network"):
        endpoint.connect(("127.0.0.1", 9))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as endpoint:
        endpoint.connect(("127.0.0.1", 9))


HEAVY = ("weasyprint", "dns", "httpx", "ipwhois", "lxml", "jinja2", "yaml", "babel", "asyncio", "rich")
NETWORK = ("dns", "httpx", "ipwhois", "weasyprint", "sovscan.net")


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["--help"], HEAVY),
        (["--version"], HEAVY),
        (["audit", "--help"], HEAVY),
        (["judge", TOWN_HALL, "--format", "json"], NETWORK),
        (["judge", TOWN_HALL, "--format", "html"], NETWORK),
        (["schema", "result"], NETWORK),
        (["rules", "list"], NETWORK),
    ],
)
def test_what_a_verb_does_not_need_is_not_imported(arguments, absent):
    program = (
        "import sys\nfrom sovscan.cli.main import run\nrun(sys.argv[1:])\n"
        "print(' '.join(sorted({name.split('.')[0] for name in sys.modules} | set(sys.modules))), file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )
    loaded = set(ended.stderr.splitlines()[-1].split())
    assert not loaded & set(absent)


def test_help_costs_two_tenths_of_a_second_or_three_times_the_library_that_prints_it():
    def cost(*arguments: str) -> float:
        """Of processor time, the least of three runs."""
        program = (
            "import resource, subprocess, sys\n"
            "subprocess.run([sys.executable, *sys.argv[1:]], stdout=subprocess.DEVNULL, check=True)\n"
            "used = resource.getrusage(resource.RUSAGE_CHILDREN)\nprint(used.ru_utime + used.ru_stime)"
        )
        command = [sys.executable, "-c", program, *arguments]
        return min(float(subprocess.check_output(command, cwd=ROOT)) for _ in range(3))

    # 0.12 s on the machine it was written on; another may take twice as long for everything.
    assert cost("-m", "sovscan", "--help") <= max(0.2, 3 * cost("-c", "import typer"))


def test_the_same_evidence_gives_the_same_bytes_under_any_hash_seed_locale_and_time_zone(tmp_path):
    outputs = []
    for seed, locale, zone in (("0", "C", "UTC"), ("4242", "fr_FR.UTF-8", "Pacific/Auckland")):
        folder = tmp_path / seed
        arguments = [f"{form}:{folder}/r.{form}" for form in ("json", "html", "sarif", "text", "pdf")]
        ended = sovscan(
            "judge",
            TOWN_HALL,
            *(part for argument in arguments for part in ("--output", argument)),
            "--lang",
            "fr",
            PYTHONHASHSEED=seed,
            LC_ALL=locale,
            TZ=zone,
        )
        assert ended.returncode == 1, ended.stderr
        outputs.append({path.name: path.read_bytes() for path in sorted(folder.iterdir())})
    assert outputs[0].keys() == outputs[1].keys()
    assert [name for name in outputs[0] if outputs[0][name] != outputs[1][name]] == []


def test_a_reader_that_goes_away_is_no_fault():
    program = '"$0" -m sovscan providers list | head -1'
    ended = subprocess.run(
        ["/bin/sh", "-c", program, sys.executable], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert ended.stderr == ""
