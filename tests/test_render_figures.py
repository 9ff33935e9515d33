"""Every figure a report prints is one of the result, and the same one in each of its forms (REPORTS 2 and 13)."""

import functools
import io
import json
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import html5lib
import pytest

from sovscan.cli.confinement import environment
from sovscan.cli.pdf_child import Job
from sovscan.files import canonical
from sovscan.files.canonical import loads
from sovscan.files.records import to_plain
from sovscan.locale.questions import question_bank
from sovscan.locale.words import words
from sovscan.model.audit import Audit
from sovscan.model.evidence import Outcome
from sovscan.model.finding import Verdict
from sovscan.model.gate import Decision, GateResult, Ruling, Standing
from sovscan.model.previous import Part, ScoreShift
from sovscan.model.score import Grade
from sovscan.render.engine import PdfUnavailable, weasyprint
from sovscan.render.format import RenderOptions
from sovscan.render.html import render_html
from sovscan.render.markdown import render_markdown
from sovscan.render.pdf import render_pdf, render_summary_pdf
from sovscan.render.sarif import render_sarif
from sovscan.render.text import render_text
from sovscan.render.view.reading import LAYERS
from tests.later import changed
from tests.rendered import rendered, text_of_pdf
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


THEMES = (("mail_in", "mail_out"), ("hosting", "cdn"), ("dns", "registry", "ca"))
"""Layers that share a page; the others have one each."""


def added_up(plain: dict) -> Iterator[float]:
    """Every sum, remainder and weight that a worked example, a theme or a question may print, from the result alone."""
    score = plain["score"]
    terms, layers = score["terms"], {row["layer"]: row for row in score["layers"]}
    provider = {entry["id"]: entry["attribution"]["provider"] for entry in plain["dependencies"]}
    by: Counter[tuple[str, str]] = Counter()
    for term in terms:
        by["access", term["layer"]] += term["access"]
        by["cutoff", term["layer"]] += term["cutoff"]
        total = term["access"] + term["cutoff"]
        yield total
        if term["dependency"]:
            by["dependency", term["dependency"]] += total
            for entry in question_bank():
                by[entry.id, provider.get(term["dependency"]) or ""] += total * (term["layer"] in entry.layers)
    yield from by.values()
    for name, row in layers.items():
        yield from (by[half, name] / row[f"risk_{half}"] for half in ("access", "cutoff") if row[f"risk_{half}"])
    for key in ("points_lost", "max_points"):
        yield from (sum(layers[name][key] for name in theme if name in layers) for theme in THEMES)
        yield sum(row[key] for row in layers.values())
    left = 100.0
    for layer in LAYERS:
        if layer.value in layers:
            left -= layers[layer.value]["points_lost"]
            yield left
    heaviest = sorted((term["access"] + term["cutoff"] for term in terms), reverse=True)
    yield from (sum(heaviest[place:]) for place in range(len(heaviest)))


@functools.cache
def allowed_everywhere(make: Callable[[], Audit]) -> set[str]:
    """What a whole deliverable may print: the result, its sums, and the numbers of laws and questions we wrote."""
    plain = loads(rendered(make, "json", "en"))
    ours = "".join(files("sovscan.locale").joinpath(name).read_text() for name in ("law_watch.yaml", "questions.yaml"))
    every = (*numbers_in(plain), *added_up(plain))
    return (
        allowed(plain)
        | {f"{value:.{digits}f}" for value in every for digits in (0, 1, 2, 4)}
        | set(DIGITS.findall(ours + json.dumps(plain, ensure_ascii=False)))
    )


@functools.cache
def printed(make: Callable[[], Audit], name: str, language: str) -> str:
    """What a reader of the deliverable reads, without page numbers and digests."""
    content = rendered(make, name, language)
    if name.endswith("pdf"):
        text = re.sub(r"\d+ / \d+\n", " ", text_of_pdf(content, "-layout"))
    elif name == "html":
        page = html5lib.parse(content, treebuilder="etree", namespaceHTMLElements=False)
        text = " ".join(page.find("body").find("main").itertext())
    else:
        text = content.decode("utf-8-sig")
    return re.sub(r"\b[0-9a-f]{8,}\b", " ", re.sub(r"(?<=\d),(?=\d{3})", "", text))


DELIVERABLES = (
    "summary-pdf", "pdf", "html", "annex-pdf", "tickets-csv", "tickets-md", "questions-csv", "questions-md", "text",
    "md",
)  # fmt: skip


@needs_pango
@pytest.mark.parametrize("make", [town_hall, half_silent, european, changed])
@pytest.mark.parametrize("name", DELIVERABLES)
def test_every_figure_of_every_deliverable_is_one_of_the_result(make, name):
    audit = make()
    found = set(DIGITS.findall(printed(make, name, "en")))
    # Only a list of tickets may be empty.
    assert found or not any(one.verdict is not Verdict.CLEAR for one in audit.findings)
    assert sorted(found - allowed_everywhere(make)) == []


@needs_pango
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_changed_has_the_same_figures_for_every_reader(language):
    result, say = changed(), words(language)
    before = result.previous
    assert before is not None
    for name in ("summary-pdf", "pdf", "html", "annex-pdf", "text", "md"):
        content = printed(changed, name, language).replace("\\", "")
        # Lines that paper breaks, and signs that a font draws alike.
        text = re.sub(r"\s+", " ", content)
        score = (say.number(before.standing.value), say.number(result.score.value))
        assert all(one in text for one in score), name
        for shift in before.shifts:
            assert not shift.points or say.signed(shift.points) in text, (name, shift)
        for fate, number in before.counts.items():
            kind = "group" if name in ("pdf", "html", "annex-pdf") else "count"
            told = re.sub(r"\s+", " ", say(f"since.{kind}.{fate}", n=number))
            assert not number or told in text, (name, told)
        assert say.signed(before.difference) in text, name


@needs_pango
@pytest.mark.parametrize("waivers", [0, 3])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_summary_that_tells_a_change_has_two_pages(language, waivers):
    result = changed()
    why = "Ingénierie des réseaux, jusqu'au 31 mars 2027 : le contrat prend fin, le remplacement est commandé"
    ruled = [
        Ruling(finding=found.id, standing=Standing.WAIVED, why=why)
        for found in result.findings
        if found.verdict is Verdict.EXPOSED
    ]
    gate = GateResult(
        decision=Decision.PASSED, rulings=tuple(ruled[:waivers]), score_with_waivers=66.0, grade_with_waivers=Grade.B
    )
    options = replace(OPTIONS, gate=gate if waivers else None)
    # As much as a comparison can say: every fate, parts of every sort, and long names.
    before = result.previous
    assert before is not None
    full = replace(
        before,
        counts=dict.fromkeys(before.counts, 28),
        shifts=tuple(ScoreShift(part=part, points=-1.5) for part in Part),
        services=tuple(
            replace(one, before=tuple(replace(who, name="Société exploitante au nom long") for who in one.before))
            for one in before.services
        ),
    )
    for told in (result, replace(result, previous=full)):
        with pikepdf.open(io.BytesIO(render_summary_pdf(told, language, options))) as pdf:
            assert len(pdf.pages) == 2


@needs_pango
@pytest.mark.parametrize("make", [town_hall, european])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_one_score_one_grade_and_one_conclusion_for_every_reader(make, language):
    audit = make()
    score = audit.score
    said = {
        name: " ".join(printed(make, name, language).split())
        for name in ("summary-pdf", "pdf", "html", "annex-pdf", "text", "md")
    }
    conclusion = said["text"][: said["text"].index(".")]
    for name, text in said.items():
        plain = re.sub(r"(\w)- (\w)", r"\1\2", text.replace("\\", ""))
        assert re.search(rf"\b{score.value:.0f}\b", plain), name
        assert name == "annex-pdf" or conclusion.split(",")[0] in plain, name
        assert name == "annex-pdf" or re.search(rf"\b{score.grade.value}\b", plain), name
        for layer in score.layers:
            points = words(language).number(layer.points_lost, 2 if name == "annex-pdf" else 1)
            assert name == "md" or points in plain, (name, layer.layer)


@needs_pango
def test_a_finding_has_one_id_for_every_reader():
    audit = town_hall()
    telling = {str(found.id) for found in audit.findings if found.verdict is not Verdict.CLEAR}
    asked = {str(found.id) for found in audit.findings if found.verdict in (Verdict.UNKNOWN, Verdict.TO_CONFIRM)}
    for name, ids in (
        ("pdf", telling), ("annex-pdf", {str(found.id) for found in audit.findings}), ("html", telling),
        ("tickets-csv", telling), ("tickets-md", telling), ("questions-csv", asked), ("questions-md", asked),
    ):  # fmt: skip
        content = rendered(town_hall, name, "fr")
        text = text_of_pdf(content) if name.endswith("pdf") else content.decode()
        assert {one for one in ids if one not in text} == set(), name


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

    rendered(european, "summary-pdf", "en")  # what is loaded once is not counted
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

    rendered(european, "summary-pdf", "en")  # what is loaded once is not counted
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
def test_the_pdf_child_loads_nothing_that_judges():
    made = (
        "import sys\nimport sovscan.cli.pdf_child\nfrom sovscan.render.registry import format_named\n"
        "format_named('pdf')\nprint(*sys.modules, sep='\\n')"
    )
    loaded = subprocess.run([sys.executable, "-c", made], capture_output=True, check=True, text=True).stdout.split()
    assert "sovscan.render.pdf" in loaded
    # Rules and catalogue came in by one import once: 8 MiB more for each report.
    for room in ("cel_expr_python", "re2", "sovscan.catalogue.catalogue", "sovscan.rulebook.rulebook", "sovscan.net"):
        assert room not in loaded


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
