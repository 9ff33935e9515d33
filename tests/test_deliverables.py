"""What one run hands over: the same ids and figures for every reader, and nothing a spreadsheet would run."""

import csv
import io
import json
import re
import struct
import subprocess
import sys
import zlib
from dataclasses import replace

import pytest

from sovscan.files.canonical import dumps
from sovscan.files.records import to_plain
from sovscan.locale.questions import question_bank
from sovscan.locale.words import words
from sovscan.model.finding import Verdict
from sovscan.model.gate import Decision, GateResult, Ruling, Standing
from sovscan.model.score import Grade
from sovscan.render.format import RenderOptions
from sovscan.render.html import render_html
from sovscan.render.logo import LogoError, as_address, checked
from sovscan.render.questions_csv import render_questions_csv
from sovscan.render.questions_md import render_questions_md
from sovscan.render.tickets_csv import render_tickets_csv
from sovscan.render.tickets_md import render_tickets_md
from tests.hostile_text import ALL
from tests.sample_audit import european, half_silent, hostile, town_hall

OPTIONS = RenderOptions()


def rows(content: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    lines = zlib.compress((b"\0" + bytes(3 * width)) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


@pytest.mark.parametrize("make", [town_hall, half_silent, european])
def test_every_open_finding_is_one_ticket_with_the_same_id_in_every_file(make):
    audit = make()
    open_ids = {found.id for found in audit.findings if found.verdict is not Verdict.CLEAR}
    for language in ("fr", "en"):
        table = rows(render_tickets_csv(audit, language, OPTIONS))
        assert {row["id"] for row in table} == open_ids
        listed = re.findall(r"^- \[.\] .* `([^`]+)` \(", render_tickets_md(audit, language, OPTIONS).decode(), re.M)
        assert listed == [row["id"] for row in table]
        page = render_html(audit, language, OPTIONS).decode()
        assert all(f"<code>{one}</code>" in page for one in open_ids)


def test_a_ticket_says_what_why_by_whom_and_when_it_is_done():
    row = next(row for row in rows(render_tickets_csv(town_hall(), "en", OPTIONS)) if row["gain_points"])
    assert row["action"]
    assert row["why"].endswith(".")
    assert "gives “no exposure observed”" in row["done_when"]
    assert row["evidence"].startswith("o-")
    assert row["priority"] in "1234"
    assert (row["owner"], row["due"]) == ("", "")
    assert float(row["gain_points"]) > 0


def test_tickets_keep_their_ids_when_the_evidence_is_collected_again():
    audit = town_hall()
    later = replace(audit, evidence=replace(audit.evidence, collected_at="2027-03-01T08:00:00.000Z"))
    reordered = replace(later, findings=audit.findings[::-1])
    assert {row["id"] for row in rows(render_tickets_csv(audit, "fr", OPTIONS))} == {
        row["id"] for row in rows(render_tickets_csv(reordered, "fr", OPTIONS))
    }


def test_what_must_be_replaced_first_is_a_ticket_to_depend_on():
    whole = town_hall()
    boxes = next(move for move in whole.advice.moves if move.layer == "mail_in")
    gateway = next(entry for entry in whole.dependencies if entry.role == "gateway")
    provider = gateway.attribution.provider
    moves = (
        replace(boxes, after=(provider,)),
        replace(boxes, provider=provider, dependencies=(gateway.id,)),
        *(move for move in whole.advice.moves if move is not boxes),
    )
    audit = replace(whole, advice=replace(whole.advice, moves=moves))
    depending = [row for row in rows(render_tickets_csv(audit, "en", OPTIONS)) if row["depends_on"]]
    assert depending
    first = {found.id for found in whole.findings if found.dependency == gateway.id}
    assert {one for row in depending for one in row["depends_on"].split()} <= first


def found_number(page: str, fingerprint: str) -> str:
    row = page[: page.index(f"<code>{fingerprint}</code>")]
    return row[row.rindex("<td><b>") :][len("<td><b>") :].partition("<")[0]


def test_a_gate_that_waives_nothing_changes_no_byte_of_a_report():
    gate = GateResult(decision=Decision.PASSED, rulings=())
    plain = render_html(town_hall(), "en", OPTIONS)
    assert render_html(town_hall(), "en", replace(OPTIONS, gate=gate)) == plain
    assert b"No waiver is applied" in plain


def test_a_waived_finding_stays_in_the_list_and_is_marked():
    audit = town_hall()
    waived = next(found.id for found in audit.findings if found.verdict is Verdict.EXPOSED)
    gate = GateResult(
        decision=Decision.PASSED,
        rulings=(Ruling(finding=waived, standing=Standing.WAIVED, why="A. Martin until 2027-01-31"),),
        score_with_waivers=61.0,
        grade_with_waivers=Grade.C,
    )
    options = replace(OPTIONS, gate=gate)
    row = next(row for row in rows(render_tickets_csv(audit, "en", options)) if row["id"] == waived)
    assert row["status"] == "accepted by waiver"
    assert "- [x] " in render_tickets_md(audit, "en", options).decode()
    page = render_html(audit, "en", options).decode()
    assert "1 finding accepted by waiver. Without the services accepted, the score would be 61, grade C" in page
    assert page.count("A. Martin until 2027-01-31") == 2
    row = page[page.index(f"<td><b>{found_number(page, waived)}</b>") :]
    assert "Accepted by waiver: A. Martin until 2027-01-31" in row[: row.index("</tr>")]


def test_every_provider_is_asked_what_cannot_be_seen_and_every_open_finding_is_asked_about():
    audit = town_hall()
    table = rows(render_questions_csv(audit, "en", OPTIONS))
    groups = {words("en")(f"question.group.{entry.id}") for entry in question_bank()}
    assert groups <= {row["group"] for row in table}
    assert len({row["id"] for row in table}) == len(table)
    unsettled = [found for found in audit.findings if found.verdict in (Verdict.UNKNOWN, Verdict.TO_CONFIRM)]
    assert unsettled
    for found in unsettled:
        assert any(found.id in row["asked_because"] for row in table)
    assert all(row["question"] and row["proof"] and row["effect"] and not row["answer"] for row in table)
    document = render_questions_md(audit, "en", OPTIONS).decode()
    assert all(f"`{row['id']}`" in document for row in table)
    assert "to be reviewed by counsel" in document


def test_nine_groups_of_questions_cover_what_the_method_calls_unobservable():
    assert [entry.id for entry in question_bank()] == [
        "control", "location", "subcontractors", "requests", "keys", "qualification", "reversibility", "support", "ai",
    ]  # fmt: skip


@pytest.mark.parametrize("render", [render_tickets_csv, render_questions_csv])
@pytest.mark.parametrize("dialect", ["rfc4180", "excel-fr"])
def test_no_text_cell_is_a_formula_and_no_number_is_quoted(render, dialect):
    content = render(hostile(ALL), "fr", replace(OPTIONS, csv_dialect=dialect))
    table = rows(content, ";" if dialect == "excel-fr" else ",")
    cells = [cell for row in table for cell in row.values()]
    assert cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert content.startswith(b"\xef\xbb\xbf") == (dialect == "excel-fr")


def test_hostile_text_makes_no_markup_in_the_lists():
    for render in (render_tickets_md, render_questions_md):
        document = render(hostile(ALL), "fr", OPTIONS).decode()
        outside = re.sub(r"(`+).+?\1", "", document)
        assert "<script" not in outside
        assert not re.search(r"(?<!\\)\]\(", outside)


def test_a_small_png_is_drawn_and_nothing_else_is():
    good = as_address(png(40, 10))
    assert checked(good)
    page = render_html(european(), "fr", replace(OPTIONS, logo=good, consultant="Cabinet Exemple")).decode()
    assert f'<img class="logo" src="{good}" alt="Cabinet Exemple">' in page
    for bad in ("javascript:alert(1)", "https://example.org/a.png", "data:image/svg+xml;base64,PHN2Zz4=", good + "A"):
        assert not checked(bad)
        assert "<img" not in render_html(european(), "fr", replace(OPTIONS, logo=bad)).decode()
    with pytest.raises(LogoError, match="neither PNG nor JPEG"):
        as_address(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    with pytest.raises(LogoError, match="at most 2000 a side"):
        as_address(png(1, 1).replace(struct.pack(">II", 1, 1), struct.pack(">II", 60_000, 60_000)))
    with pytest.raises(LogoError, match="larger than 200 KiB"):
        as_address(png(1, 1) + bytes(300_000))


def test_one_run_writes_a_subfolder_a_language_with_linked_pages_and_one_bundle(tmp_path):
    result = tmp_path / "result.json"
    result.write_bytes(dumps(to_plain(european())))
    ran = subprocess.run(
        [sys.executable, "-m", "sovscan", "report", result, "--lang", "fr,en", "--deliverables", tmp_path / "out"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr.decode()
    texts = ["questions.csv", "questions.md", "report.html", "tickets.csv", "tickets.md"]
    for language, other in (("fr", "en"), ("en", "fr")):
        names = sorted(path.name for path in (tmp_path / "out" / language).iterdir())
        assert [name for name in names if not name.endswith(".pdf")] == texts
        assert [name for name in names if name.endswith(".pdf")] in ([], ["annex.pdf", "report.pdf", "summary.pdf"])
        page = (tmp_path / "out" / language / "report.html").read_text(encoding="utf-8")
        assert f'<link rel="alternate" hreflang="{other}" href="../{other}/report.html">' in page
    plain = json.loads((tmp_path / "out" / "result.json").read_text())
    bundle = next((tmp_path / "out").glob("*.sovscan"))
    assert json.loads((bundle / "result.json").read_text()) == plain
    checked_bundle = subprocess.run(
        [sys.executable, "-m", "sovscan", "evidence", "verify", bundle], capture_output=True, check=False
    )
    assert checked_bundle.returncode == 0
