"""Register candidates: every supplier seen, nothing claimed to be proof, and no cell a spreadsheet would run."""

import csv
import io
from dataclasses import replace

import pytest

from sovscan.cli.exits import ExitCode
from sovscan.cli.main import run
from sovscan.model.dependency import Party
from sovscan.model.provider import ProviderId
from sovscan.model.text import Country
from sovscan.render.csv_text import csv_text
from sovscan.render.registers.register import all_registers, render_register
from sovscan.render.registers.transfers import adequacy
from tests.results import SME, STATE, TOWN_HALL, judged, written


def table(register, result, language="en"):
    content = render_register(all_registers()[register], result, language)
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def name_of(provider, result):
    return next(view.name for view in result.providers if view.id == provider)


def test_the_four_registers_are_found():
    assert list(all_registers()) == ["dora", "gdpr", "iso27001", "nis2"]


@pytest.mark.parametrize("register", ["dora", "gdpr", "iso27001", "nis2"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_row_is_a_candidate_with_its_evidence_and_never_a_proof(register, language):
    rows = table(register, judged(TOWN_HALL), language)
    ids = {str(seen.id) for seen in judged(TOWN_HALL).evidence.observations}
    status, evidence = list(rows[0])[-1], list(rows[0])[-2]
    assert ("never proof" if language == "en" else "jamais preuve") in status
    for row in rows:
        assert "candidat" in row[status]
        assert set(row[evidence].split()) <= ids
        assert row[evidence]
    text = render_register(all_registers()[register], judged(TOWN_HALL), language).decode().lower()
    assert not any(word in text for word in ("compliant", "conforme", "illegal", "illégal"))


@pytest.mark.parametrize("register", ["dora", "iso27001", "nis2"])
def test_every_supplier_seen_stands_in_the_register(register):
    result = judged(TOWN_HALL)
    shown = {row["Provider"] for row in table(register, result)}
    used = {each.attribution.provider for each in result.dependencies if each.attribution.provider}
    assert {view.name for view in result.providers if view.id in used} <= shown


def test_a_host_under_a_provider_is_the_second_rank_of_the_chain():
    result = judged(SME)
    hosted = tuple(
        replace(each, host=Party(provider=ProviderId("scaleway"), label="AS12876", observations=("o-1",)))
        if each.layer == "saas"
        else each
        for each in result.dependencies
    )
    rows = table("dora", replace(result, dependencies=hosted))
    (second,) = [row for row in rows if row["Rank in the supply chain (B_05.02)"] == "2"]
    assert (second["Provider"], second["On behalf of"], second["Evidence"]) == ("Scaleway", "Jamespot", "o-1")
    assert {row["Contract reference (B_02)"] for row in rows} == {"not visible from outside"}


def test_whose_network_the_organisation_runs_its_own_servers_on_is_a_supplier_too():
    assert [row["Provider"] for row in table("nis2", judged(STATE)) if row["Layer"] == "Inbound mail"] == [
        name_of("renater", judged(STATE))
    ]


def test_the_transfer_list_holds_third_countries_only_and_says_what_adequacy_means():
    rows = table("gdpr", judged(TOWN_HALL))
    assert {row["Third country"] for row in rows} >= {"US"}
    assert not {row["Third country"] for row in rows} & {"FR", "DE", "EU", "IE"}
    american = {row["Adequacy decision"] for row in rows if row["Third country"] == "US"}
    assert american == {"adequate for some organisations: check this one"}
    assert all("safe" not in row["Adequacy decision"] for row in rows)


def test_an_adequacy_decision_that_was_not_read_is_to_be_confirmed():
    assert not adequacy()["JP"].established
    result = judged(TOWN_HALL)
    items = tuple(
        replace(item, nexuses=tuple(replace(nexus, country=Country("JP")) for nexus in item.nexuses))
        if any(nexus.country == "US" for nexus in item.nexuses)
        else item
        for item in result.items
    )
    rows = table("gdpr", replace(result, items=items))
    found = {row["Adequacy decision"] for row in rows if row["Third country"] == "JP"}
    assert found == {"adequate for transfers, to be confirmed"}


def test_the_inventory_names_the_qualification_of_the_offer_with_its_last_day():
    result = judged(STATE)
    qualified = next(
        view for view in result.qualifications if view.counted and view.certification.scheme == "SecNumCloud"
    )
    moved = tuple(
        replace(each, attribution=replace(each.attribution, offer=qualified.offer))
        if each.attribution.provider == "outscale"
        else each
        for each in result.dependencies
    )
    rows = table("iso27001", replace(result, dependencies=moved))
    named = {row["Provider"]: row["Qualification of the offer"] for row in rows}
    assert named[name_of("outscale", result)] == f"SecNumCloud ({qualified.certification.valid_to})"
    assert {text for who, text in named.items() if who != name_of("outscale", result)} == {""}
    assert all("A.5.19" in row["Controls concerned"] for row in rows)


HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "|cmd",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "a\u202eb",
    "a\0b",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_and_no_control_character_survives(text):
    content = csv_text(["h"], [[text]]).decode()
    (cell,) = list(csv.reader(io.StringIO(content, newline="")))[1]
    assert not cell.startswith(tuple("=+-@\t\r\n|＝＋－＠"))
    assert not any(ord(character) < 32 or character == "\u202e" for character in cell)


def test_numbers_are_left_alone_and_the_french_dialect_has_its_comma():
    assert csv_text(["a", "b"], [[-1.25, 3]]) == b"a,b\r\n-1.2,3\r\n"
    french = csv_text(["a", "b"], [[-1.25, "x;y"]], "excel-fr")
    assert french.startswith(b"\xef\xbb\xbf")
    assert french.decode("utf-8-sig") == 'a;b\r\n-1,2;"x;y"\r\n'


@pytest.mark.parametrize("register", ["dora", "gdpr", "iso27001", "nis2"])
def test_names_from_outside_cannot_break_a_register(register):
    result = judged(TOWN_HALL)
    evil = '=HYPERLINK("http://x.example";"y")\r\n"@,'
    hostile = replace(
        result,
        providers=tuple(replace(view, name=evil, entity=evil, controller=evil) for view in result.providers),
        dependencies=tuple(replace(each, subject=evil) for each in result.dependencies),
    )
    rows = table(register, hostile)
    assert len(rows) == len(table(register, result))
    for row in rows:
        assert None not in row
        assert not any(cell.startswith(tuple("=+@|")) for cell in row.values())


def test_export_writes_a_file_or_standard_output_and_refuses_other_names(tmp_path, capsysbinary):
    result = written(judged(TOWN_HALL), tmp_path / "result.json")
    assert run(["export", "dora", result, "--lang", "fr"]) is ExitCode.PASS
    assert capsysbinary.readouterr().out.startswith("Référence du contrat".encode())
    out = tmp_path / "nis2.csv"
    assert run(["export", "nis2", result, "--output", str(out), "--csv-dialect", "excel-fr"]) is ExitCode.PASS
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    assert run(["export", "nis3", result]) is ExitCode.USAGE
    assert b"did you mean 'nis2'?" in capsysbinary.readouterr().err
    assert run(["export", "nis2", result, "--csv-dialect", "excel"]) is ExitCode.USAGE
