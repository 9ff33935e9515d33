"""What checkers of PDF say of the PDF files; each is skipped, with the reason, where its tool is not (REPORTS 13).

The tools of PDF/UA are young: a pass supports the declaration and certifies nothing.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sovscan.render.engine import PdfUnavailable, weasyprint
from sovscan.render.format import RenderOptions
from sovscan.render.pdf import render_annex_pdf, render_pdf, render_summary_pdf
from tests.demo.audits import demo
from tests.hostile_text import ALL
from tests.later import changed
from tests.results import TOWN_HALL, judged
from tests.sample_audit import european, half_silent, hostile, town_hall

try:
    weasyprint()
    MISSING = None
except PdfUnavailable as error:
    MISSING = f"{error}; {error.help}"

OPTIONS = RenderOptions(consultant="Cabinet Exemple", confidentiality="Réservé au client")
FILES = {
    "report-fr": lambda: render_pdf(town_hall(), "fr", OPTIONS),
    "report-en": lambda: render_pdf(half_silent(), "en", OPTIONS),
    "summary": lambda: render_summary_pdf(european(), "fr", OPTIONS),
    "silent": lambda: render_pdf(demo("syndicat-brumeval"), "fr", OPTIONS),
    "annex": lambda: render_annex_pdf(town_hall(), "en", OPTIONS),
    "recorded": lambda: render_pdf(judged(TOWN_HALL), "en", OPTIONS),
    "changed": lambda: render_pdf(changed(), "fr", OPTIONS),
    "hostile": lambda: render_pdf(hostile(ALL), "fr", OPTIONS),
}
pytestmark = pytest.mark.skipif(MISSING is not None, reason=MISSING or "")


@pytest.fixture(scope="module", params=FILES)
def file(request, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / f"{request.param}.pdf"
    path.write_bytes(FILES[request.param]())
    return path


def tool(name: str, package: str) -> str:
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed ({package})")
    return found


def test_outloud_finds_no_error_of_accessibility(file):
    report = file.with_suffix(".sarif")
    subprocess.run([tool("outloud", "pip install outloud"), file, "--sarif", report], capture_output=True, check=False)
    results = json.loads(report.read_text())["runs"][0]["results"]
    # Provider names as long as a page, which no catalogue holds, leave a table head alone on one.
    known = {"TBL-010"} if file.stem == "hostile" else set()
    assert [one for one in results if one.get("level") == "error" and one["ruleId"] not in known] == []


def test_pdfua_finds_nothing(file):
    ran = subprocess.run(
        [tool("pdfua", "pip install pdfua"), "check", "--format", "json", file], capture_output=True, check=False
    )
    said = json.loads(ran.stdout)
    assert said["findings"] == []
    # One of its rules stumbles over any file with an array where it expects a number; all others must have run.
    assert said["summary"]["rules_run"] >= 11


def test_qpdf_finds_the_structure_whole(file):
    ran = subprocess.run([tool("qpdf", "the Debian package qpdf"), "--check", file], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("flavour", ["3a", "ua1"])
def test_verapdf_confirms_both_declarations(file, flavour):
    program = tool("verapdf", "from its project; neither pip, npm nor Debian 12 have it")
    ran = subprocess.run([program, "--flavour", flavour, "--format", "text", file], capture_output=True, check=False)
    assert ran.stdout.startswith(b"PASS"), ran.stdout


def test_poppler_sees_the_title_the_tags_and_embedded_fonts(file):
    about = subprocess.run([tool("pdfinfo", "the Debian package poppler-utils"), file], capture_output=True, check=True)
    told = dict(line.split(":", 1) for line in about.stdout.decode().splitlines() if ":" in line)
    assert told["Title"].strip()
    assert told["Tagged"].strip() == "yes"
    assert told["JavaScript"].strip() == "no"
    fonts = subprocess.run([tool("pdffonts", "poppler-utils"), file], capture_output=True, check=True)
    rows = fonts.stdout.decode().splitlines()[2:]
    assert rows
    assert all("Sovscan-" in row and " yes yes yes " in row for row in rows), rows


def test_no_page_holds_a_heading_and_nothing_under_it(file):
    if file.stem == "hostile":
        pytest.skip("provider names as long as a page, which no catalogue holds, fill pages as they fall")
    told = subprocess.run([tool("pdftotext", "poppler-utils"), "-layout", file, "-"], capture_output=True, check=True)
    pages = [[line for line in page.splitlines() if line.strip()] for page in told.stdout.decode().split("\f")[:-1]]
    # Each page has a running head and a foot, two lines besides what it is for.
    assert [number for number, lines in enumerate(pages, 1) if len(lines) < 5] == []


WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


def test_no_word_lies_over_another(file):
    drawn = subprocess.run(
        [tool("pdftotext", "poppler-utils"), "-bbox", file, "-"], capture_output=True, check=True
    ).stdout.decode()
    assert [pair for page in drawn.split("<page ")[1:] for pair in _overlapping(WORD.findall(page))] == []


def test_no_word_stands_in_the_margin(file):
    drawn = subprocess.run(
        [tool("pdftotext", "poppler-utils"), "-bbox", file, "-"], capture_output=True, check=True
    ).stdout.decode()
    for page in drawn.split("<page ")[1:]:
        edge = float(re.match(r'width="([\d.]+)"', page)[1]) - 15 / 25.4 * 72
        assert [text for _, _, right, _, text in WORD.findall(page) if float(right) > edge + 1] == []


def _overlapping(found):
    """Pairs of words that share more than a point of width and half of a line's height."""
    words = [(*map(float, box), text) for *box, text in found]
    for number, (left, top, right, bottom, text) in enumerate(words):
        for left_2, top_2, right_2, bottom_2, text_2 in words[number + 1 :]:
            width = min(right, right_2) - max(left, left_2)
            height = min(bottom, bottom_2) - max(top, top_2)
            if width > 1.2 and height > 0.55 * min(bottom - top, bottom_2 - top_2):
                yield text, text_2
