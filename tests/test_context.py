"""What the auditor declares of the organisation leads to findings of its own, and what is not declared to none."""

from dataclasses import replace

import pytest

from sovscan.audit import audit
from sovscan.cli.configuration import read_configuration
from sovscan.cli.exits import ExitCode, Refusal
from sovscan.cli.main import run
from sovscan.files.evidence_bundle import in_order, read_evidence, write_evidence
from sovscan.model.finding import Verdict
from sovscan.score.policy import load_policy
from tests.results import CATALOGUE, RULEBOOK, SME, STATE, TOWN_HALL, judged, recorded, without

POLICY = load_policy()


def declared(*lines):
    return read_configuration(
        "\n".join(("targets: [mairie.example]", "context:", *(f"  {line}" for line in lines))).encode(), "sovscan.yaml"
    ).context


def verdicts(name, *lines, lost=()):
    """Verdicts of the rules about the declared context, by id without its head."""
    evidence = without(recorded(name), *lost)
    stated = declared(*lines).observation(evidence.targets[0].value, "sovscan.yaml")
    found = audit(
        replace(evidence, observations=in_order((*evidence.observations, stated))), CATALOGUE(), RULEBOOK(), POLICY
    )
    return {
        finding.rule.removeprefix("context-"): finding.verdict.value
        for finding in found.findings
        if finding.rule.startswith("context-")
    }


def test_without_a_declaration_no_rule_about_a_context_speaks():
    for name in (TOWN_HALL, SME, STATE):
        assert not [finding for finding in judged(name).findings if finding.rule.startswith("context-")]


def test_health_data_under_a_foreign_hold_are_exposed_and_a_missing_answer_stays_open():
    found = verdicts(TOWN_HALL, "obligations: [hds]")
    assert found == {"hds-third-country-hold": "exposed", "sensitivity-contradictory": "unknown",
                     "sensitive-data-third-country-hold": "unknown"}  # fmt: skip


def test_a_european_organisation_is_clear_under_the_same_declaration():
    found = verdicts(STATE, "obligations: [hds]", "sensitive_data: true")
    assert found["hds-third-country-hold"] == "clear"
    assert found["sensitive-data-third-country-hold"] == "clear"
    assert found["sensitivity-contradictory"] == "clear"


def test_health_data_and_no_sensitive_data_is_a_declaration_to_review():
    assert verdicts(STATE, "obligations: [hds]", "sensitive_data: false")["sensitivity-contradictory"] == "exposed"


def test_a_layer_without_answer_keeps_the_context_open_never_clear():
    found = verdicts(STATE, "obligations: [hds, nis2]", "sensitive_data: true", lost=("mx",))
    assert found["hds-third-country-hold"] == "unknown"
    assert found["nis2-third-country-supplier"] == "unknown"


def test_the_sren_rule_asks_for_declared_sensitivity_and_a_qualified_offer():
    assert verdicts(SME, "obligations: [sren]", "sensitive_data: true")["sren-unqualified-service"] == "exposed"
    assert "sren-unqualified-service" not in verdicts(SME, "obligations: [sren]", "sensitive_data: false")
    assert verdicts(SME, "obligations: [sren]")["sren-unqualified-service"] == "unknown"


def test_dora_and_nis2_speak_only_where_they_are_declared():
    found = verdicts(TOWN_HALL, "obligations: [dora, nis2]", "sector: finance")
    assert found["dora-concentration"] == "exposed"
    assert found["nis2-third-country-supplier"] == "exposed"
    assert set(verdicts(TOWN_HALL, "obligations: []", "sensitive_data: false")) == set()


def test_nis2_is_said_to_be_checked_and_nothing_is_called_compliant():
    for rule in RULEBOOK().rules:
        if rule.text.id.startswith("context-nis2"):
            assert "à vérifier" in rule.text.why.fr
            assert "to be checked" in rule.text.why.en


def test_a_finding_about_the_context_rests_on_the_declaration_too():
    evidence = recorded(TOWN_HALL)
    stated = declared("obligations: [hds]").observation(evidence.targets[0].value, "sovscan.yaml")
    found = audit(
        replace(evidence, observations=in_order((*evidence.observations, stated))), CATALOGUE(), RULEBOOK(), POLICY
    )
    (finding,) = [each for each in found.findings if each.rule == "context-hds-third-country-hold"]
    assert stated.id in finding.because
    assert len(finding.because) > 1
    assert finding.verdict is Verdict.EXPOSED
    assert finding.facts["context.obligations"] == "hds"


def test_a_declared_context_moves_no_point_of_the_score():
    evidence = recorded(TOWN_HALL)
    stated = declared("obligations: [hds, sren, dora, nis2]", "sensitive_data: true").observation("x.example", "c.yaml")
    found = audit(
        replace(evidence, observations=in_order((*evidence.observations, stated))), CATALOGUE(), RULEBOOK(), POLICY
    )
    assert found.score == judged(TOWN_HALL).score


@pytest.mark.parametrize(
    ("line", "place", "words"),
    [
        ("obligations: [hsd]", "3:17", "unknown obligation 'hsd'"),
        ("obligation: [hds]", "3:3", "unknown key 'obligation'"),
        ("sensitive_data: yes", "3:19", "expected true or false"),
        ("sector:", "3:10", "expected a text"),
    ],
)
def test_each_fault_of_a_context_is_shown_at_its_place(line, place, words):
    with pytest.raises(Refusal) as refusal:
        declared(line)
    assert refusal.value.message.startswith(f"sovscan.yaml:{place}: ")
    assert words in refusal.value.message


def test_the_context_of_a_file_becomes_evidence_and_is_no_answer_of_the_network(tmp_path, capsysbinary):
    file = tmp_path / "sovscan.yaml"
    file.write_text("targets: [x.example]\ncontext:\n  obligations: [dora]\n")
    assert run(["collect", "-f", str(file), "--offline"]) is ExitCode.INCONCLUSIVE
    found = read_evidence(capsysbinary.readouterr().out, "out")
    (stated,) = [seen for seen in found.observations if seen.probe == "declared-context"]
    assert (stated.subject, stated.values) == ("x.example", ("obligations dora",))
    assert not found.has_answers
    bundle = tmp_path / "x.jsonl"
    bundle.write_bytes(write_evidence(found))
    assert run(["judge", str(bundle), "--fail-on", "never", "--format", "json"]) is ExitCode.INCONCLUSIVE


def test_the_starter_file_shows_a_context_that_can_be_read():
    from sovscan.cli import starter

    line = next(line for line in starter._TAIL.splitlines() if "sensitive_data" in line)
    content = f"targets: [x.example]\ncontext:\n{line.removeprefix('#')}\n"
    context = read_configuration(content.encode(), "sovscan.yaml").context
    assert (context.sector, context.obligations, context.sensitive_data) == ("health", ("hds",), True)
