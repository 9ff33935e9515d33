"""Every figure a report prints is one of the result, and the same one in each of its forms (REPORTS 2 and 13)."""

import io
import json
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest

from sovscan.cli.confinement import environment
from sovscan.cli.pdf_child import Job
from sovscan.files import canonical
from sovscan.files.canonical import loads
from sovscan.files.records import to_plain
from sovscan.locale.words import words
from sovscan.model.evidence import Outcome
from sovscan.render.engine import PdfUnavailable, weasyprint
from sovscan.render.format import RenderOptions
from sovscan.render.html import render_html
from sovscan.render.markdown import render_markdown
from sovscan.render.pdf import render_pdf, render_summary_pdf
from sovscan.render.result_json import render_json
from sovscan.render.sarif import render_sarif
from sovscan.render.text import render_text
from tests.sample_audit import european, half_silent, many_findings, town_hall

try:
    weasyprint()
    MISSING = None
except PdfUnavailable as error:
    MISSING = f"{error}; {error.help}"

pikepdf = pytest.importorskip("pikepdf")
needs_pango = pytest.mark.skipif(MISSING is not None, reason=MISSING or "")
OPTIONS = RenderOptions()
DIGITS = re.compile(r"\d+(?:\.\d+)?")
SECTIONS = ("summary", "actions", "findings", "roadmap")
"""Sections that print figures of the result as they are; the others add them up, and the worked example shows how."""


def numbers_in(plain: object) -> Iterator[float]:
    if isinstance(plain, bool) or plain is None:
        return
    if isinstance(plain, int | float):
        yield float(plain)
    elif isinstance(plain, str):
        yield from (float(found) for found in DIGITS.findall(plain))
    elif isinstance(plain, dict):
        for key, value in plain.items():
            yield from numbers_in(key)
            yield from numbers_in(value)
    elif isinstance(plain, list):
        yield float(len(plain))
        for value in plain:
            yield from numbers_in(value)


def allowed(plain: dict) -> set[str]:
    """What may be printed: the numbers of the result, rounded, as shares, and counts of what it lists."""
    count = {str(number) for number in range(len(plain["dependencies"]) + 1)}
    spread = Counter(found["rule"] for found in plain["findings"]).values()
    printed = {f"{value:.{digits}f}" for value in numbers_in(plain) for digits in (0, 1)}
    printed |= {f"{value * 100:.0f}" for value in numbers_in(plain) if 0 <= value <= 1}
    bands = plain["bands"]
    printed |= {f"{plain['score']['value'] + bands[key]:.0f}" for key in ("low", "high") if key in bands}
    said = " ".join(form for forms in words("en").messages.values() for form in forms.values())
    ours = set(DIGITS.findall(said)) | {"0", "1", "2", "3", "4", "5"}
    ids = {f"{number:03d}" for number in range(1, 1000)} | {f"{number:02d}" for number in range(100)}
    written = set(DIGITS.findall(json.dumps(plain)))
    return written | printed | count | {str(number) for number in spread} | ours | ids


@pytest.mark.parametrize("make", [town_hall, half_silent, european])
def test_every_figure_of_the_report_is_one_of_the_result(make):
    audit = make()
    found = html5lib.parse(render_html(audit, "en", OPTIONS), treebuilder="etree", namespaceHTMLElements=False)
    may = allowed(loads(render_json(audit, "en", OPTIONS)))
    for section in (element for element in found.iter("section") if element.attrib.get("id") in SECTIONS):
        printed = DIGITS.findall(" ".join(section.itertext()).replace(",", ""))
        assert printed or section.attrib["id"] != "summary"
        assert sorted({number for number in printed if number not in may}) == [], section.attrib["id"]


@pytest.mark.parametrize("make", [town_hall, european])
def test_score_grade_and_conclusion_are_the_same_in_every_form(make):
    audit = make()
    score, grade = f"{audit.score.value:.0f}", audit.score.grade.value
    page = " ".join(
        "".join(html5lib.parse(render_html(audit, "en", OPTIONS), namespaceHTMLElements=False).itertext()).split()
    )
    title = re.search(r"not rated|\d+ of \d+ observed services[^.]*?control|No provider[^.]*|None of[^.]*?EEA", page)
    assert title
    for render in (render_text, render_markdown):
        text = re.sub(r"\\", "", render(audit, "en", OPTIONS).decode())
        assert title[0] in " ".join(text.split())
        assert re.search(rf"\b{score}\b", text)
        assert grade in text
    sarif = json.loads(render_sarif(audit, "en", OPTIONS))
    listed = {
        one["partialFingerprints"][key] for one in sarif["runs"][0]["results"] for key in one["partialFingerprints"]
    }
    telling = {found.id for found in audit.findings if found.verdict != "clear"}
    assert telling <= listed


@needs_pango
def test_a_thousand_findings_cost_at_most_twice_fifty():
    def cost(count: int) -> float:
        audit, start = many_findings(count), time.process_time()
        render_pdf(audit, "en", OPTIONS)
        return time.process_time() - start

    cost(1)
    assert cost(1000) <= 2 * cost(50)


@needs_pango
def test_an_unbroken_record_of_64_kb_does_not_slow_the_layout():
    whole = town_hall()

    def with_record(length: int):
        seen = tuple(
            replace(one, values=("v" * length, *one.values)) if one.outcome is Outcome.ANSWERED else one
            for one in whole.evidence.observations
        )
        return replace(whole, evidence=replace(whole.evidence, observations=seen))

    def cost(length: int) -> float:
        audit, start = with_record(length), time.process_time()
        render_summary_pdf(audit, "en", OPTIONS)
        content = render_html(audit, "en", OPTIONS)
        assert b"v" * 1300 not in content
        return time.process_time() - start

    cost(10)
    assert cost(65_536) <= 2 * cost(300) + 1
    start = time.process_time()
    render_pdf(with_record(65_536), "en", OPTIONS)
    assert time.process_time() - start < 20


@needs_pango
def test_the_pdf_child_opens_no_socket_and_reads_nothing_of_the_user(tmp_path):
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    secret = tmp_path / "secret.txt"
    secret.write_text("x")
    job = (
        canonical.dumps(to_plain(Job(result=european(), format="summary-pdf", language="en", options=OPTIONS))) + b"\n"
    )
    log, own = tmp_path / "calls", tmp_path / "own"
    own.mkdir()
    ran = subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=connect,sendto,execve,openat", "-o", log, sys.executable, "-m",
         "sovscan.cli.pdf_child", own],
        input=job, capture_output=True, check=False, env=environment(own), cwd=own,
    )  # fmt: skip
    if b"ptrace" in ran.stderr or not log.exists() or not log.stat().st_size:
        pytest.skip("strace may not trace here")
    assert ran.stdout[:1] == b"\0"
    assert ran.stdout[5:9] == b"%PDF"
    calls = log.read_text(errors="replace")
    assert not re.search(r"connect\(\d+, \{sa_family=AF_INET", calls)
    assert not re.search(r"sendto\(", calls)
    assert "secret.txt" not in calls
    programs = re.findall(r'execve\("([^"]+)"[^\n]*= 0', calls)
    assert len(programs) == 1, programs


@needs_pango
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from Linux's /proc")
def test_twelve_pages_take_at_most_120_mb_and_little_time(tmp_path):
    job = canonical.dumps(to_plain(Job(result=town_hall(), format="pdf", language="fr", options=OPTIONS))) + b"\n"
    program = (
        # ru_maxrss would begin with what the tests themselves hold; the kernel's own mark begins with this program.
        # It is opened before the child confines itself.
        "import pathlib, re, sys, time\nstatus = open('/proc/self/status')\n"
        "from sovscan.cli.pdf_child import _child\n_child(pathlib.Path(sys.argv[1]))\n"
        "peak = re.search(r'VmHWM:\\s+(\\d+)', status.read())[1]\n"
        "print(int(peak) // 1024, time.process_time(), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, tmp_path],
        input=job, capture_output=True, check=True, env=environment(tmp_path),
    )  # fmt: skip
    with pikepdf.open(io.BytesIO(ran.stdout[5:])) as pdf:
        assert len(pdf.pages) >= 12
    peak, seconds = ran.stderr.split()[-2:]
    assert 20 < int(peak) <= 120
    # The goal is 3 s with the imports; what else the machine does is not the report's fault.
    assert float(seconds) < 9
