"""``whatif`` on a stored audit: replacements, plans, and what is refused."""

import json

import pytest

from sovscan.cli.exits import ExitCode
from sovscan.cli.main import run
from tests.results import TOWN_HALL, judged, written


@pytest.fixture
def town_hall(tmp_path):
    return written(judged(TOWN_HALL), tmp_path / "result.json")


def test_a_replacement_prints_the_score_before_and_after(town_hall, capsysbinary):
    step = next(move for move in judged(TOWN_HALL).advice.moves if not move.after)
    best = step.alternatives[0]
    asked = f"{step.layer}:{step.provider}={best.offer}"
    assert run(["whatif", town_hall, "--replace", asked, "--json"]) is ExitCode.PASS
    found = json.loads(capsysbinary.readouterr().out)
    assert found["before"]["score"] == judged(TOWN_HALL).score.value
    assert found["after"]["score"] == pytest.approx(best.score_after, abs=1e-9)
    assert found["steps"][0]["gain"] == pytest.approx(best.gain, abs=1e-9)
    assert found["replaced"]
    assert found["plan"] is None


def test_replacements_are_made_one_after_the_other(town_hall, capsys):
    decisions = judged(TOWN_HALL).advice.decisions
    asked = [part for step in decisions for part in ("--replace", f"{step.layer}:{step.provider}={step.offer}")]
    assert run(["whatif", town_hall, *asked]) is ExitCode.PASS
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(decisions)
    for line, step in zip(lines[1:], decisions, strict=True):
        assert line.endswith(f"{step.gain:+.1f}  {step.score_after:.1f}  {step.grade_after}")


def test_a_plan_keeps_to_its_limits_and_says_what_it_leaves_out(town_hall, capsysbinary):
    arguments = ["whatif", town_hall, "--plan", "--moves", "3", "--budget", "70", "--max-effort", "m", "--json"]
    assert run(arguments) is ExitCode.PASS
    plan = json.loads(capsysbinary.readouterr().out)["plan"]
    assert plan["limits"] == {"moves": 3, "days": 70, "deadline": None, "effort": "M"}
    assert 0 < len(plan["steps"]) <= 3
    assert sum(step["days"] for step in plan["steps"]) <= 70
    assert {step["effort"] for step in plan["steps"]} <= {"S", "M"}
    assert {left["reason"] for left in plan["left_out"]} >= {"effort"}
    assert plan["steps"][-1]["score_after"] > plan["score_before"]


def test_a_plan_in_words_names_each_step_with_its_date_and_score(town_hall, capsys):
    assert run(["whatif", town_hall, "--plan", "--moves", "4"]) is ExitCode.PASS
    out = capsys.readouterr().out
    assert "1. " in out
    assert "done 202" in out
    assert "left out" in out
    assert "beyond --moves" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "give --replace"),
        (["--moves", "3", "--replace", "mail_in:microsoft=alinto"], "add --plan"),
        (["--replace", "mail_in=x"], "expected LAYER:PROVIDER=OFFER"),
        (["--replace", "mailin:microsoft=x"], "did you mean 'mail_in'?"),
        (["--replace", "mail_in:microsoft=no-such-offer-at-all"], "the catalogue has no offer"),
        (["--replace", "mail_in:nobody=ovhcloud"], "nothing rests on 'nobody'"),
        (["--plan", "--max-effort", "XL"], "one of S, M, L"),
        (["--plan", "--deadline", "soon"], "--deadline: 'soon' is no date"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_next_step(town_hall, arguments, words, capsys):
    assert run(["whatif", town_hall, *arguments]) is ExitCode.USAGE
    assert words in capsys.readouterr().err


def test_evidence_is_not_an_audit(tmp_path, capsys):
    file = tmp_path / "evidence.jsonl"
    file.write_text('{"schema": "sovscan-evidence/1"}\n')
    assert run(["whatif", str(file), "--plan"]) is ExitCode.USAGE
    assert "judge" in capsys.readouterr().err


def test_an_audit_judged_with_other_rules_is_said_to_be_one(town_hall, tmp_path, capsys):
    from dataclasses import replace

    other = written(replace(judged(TOWN_HALL), rulebook_digest="0" * 64), tmp_path / "other.json")
    assert run(["whatif", other, "--plan", "--moves", "1"]) is ExitCode.PASS
    assert "judged with another catalogue or other rules" in capsys.readouterr().err


def test_a_replacement_that_gains_nothing_names_who_still_holds_the_layer(town_hall, capsys):
    move = next(one for one in judged(TOWN_HALL).advice.moves if one.after)
    asked = f"{move.layer}:{move.provider}={move.alternatives[0].offer}"
    assert run(["whatif", town_hall, "--replace", asked]) is ExitCode.PASS
    assert f"still holds {move.layer}: replace that first" in capsys.readouterr().out


def test_judging_a_result_says_what_to_give_instead(town_hall, capsys):
    assert run(["judge", town_hall]) is ExitCode.USAGE
    said = capsys.readouterr().err
    assert "NAME.sovscan" in said
    assert "collect again" not in said
