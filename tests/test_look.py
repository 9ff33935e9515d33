"""White label: an auditor's own files stand in place of ours, arrange the report, and reach nothing."""

import base64
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sovscan.cli.exits import Refusal
from sovscan.cli.looks import chosen_look
from sovscan.files.canonical import dumps
from sovscan.files.records import to_plain
from sovscan.render.engine import PdfUnavailable, weasyprint
from sovscan.render.format import RenderError, RenderOptions
from sovscan.render.html import render_html
from sovscan.render.look import own_look
from sovscan.render.page import policy
from sovscan.render.pdf import render_summary_pdf
from tests.sample_audit import european

BRAND = b":root { --rule: #5B21B6; --heading: #3B0764; }\n"
LETTERHEAD = b'<p class="kicker">Cabinet Exemple \xe2\x80\x93 {{ report.organisation }}</p>\n'

try:
    weasyprint()
    MISSING = None
except PdfUnavailable as error:
    MISSING = f"{error}; {error.help}"

needs_pango = pytest.mark.skipif(MISSING is not None, reason=MISSING or "")


def options(**files: bytes) -> RenderOptions:
    return RenderOptions(look_files=own_look({name.replace("__", "."): content for name, content in files.items()}))


def test_own_colours_and_letterhead_change_the_page_and_no_figure():
    plain = render_html(european(), "fr", RenderOptions()).decode()
    dressed = render_html(
        european(), "fr",
        RenderOptions(look_files=own_look({"brand.css": BRAND, "_letterhead.html.jinja": LETTERHEAD})),
    ).decode()  # fmt: skip
    assert "--rule: #5B21B6" in dressed
    assert "Cabinet Exemple – " in dressed
    assert plain[plain.index("<h1") :] == dressed[dressed.index("<h1") :]


def test_the_policy_of_the_page_names_the_style_sheet_with_the_own_colours():
    page = render_html(european(), "fr", options(brand__css=BRAND)).decode()
    style, script = (re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[1] for tag in ("style", "script"))
    assert policy(style, script).replace("'", "&#39;") in page


@needs_pango
def test_the_pdf_takes_the_own_colours_and_stays_two_pages():
    pikepdf = pytest.importorskip("pikepdf")
    import io

    with pikepdf.open(io.BytesIO(render_summary_pdf(european(), "fr", options(brand__css=BRAND)))) as pdf:
        assert len(pdf.pages) == 2
        # #3B0764 in the colours of a page.
        assert b"0.231373 0.027451 0.392157" in pdf.pages[0].Contents.read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("report.js", b"alert(1)", "no file of a look"),
        ("brand.scss", b"", "no file of a look"),
        ("brand.css", b"body { background: url(https://example.org/x.png) }", "brand.css:1: 'url\\('"),
        ("brand.css", b"\n@import 'x.css';", "brand.css:2: '@import'"),
        ("brand.css", b"a{b:\\75rl(x)}", "loads nothing"),
        ("brand.css", b"</style><script>", "no place in a style sheet"),
        ("brand.css", b"\xff", "brand.css: "),
        ("_letterhead.html.jinja", b"{% if %}", "_letterhead.html.jinja:1: "),
        ("_letterhead.html.jinja", b"{{ report.organisation | safe }}", "stays escaped"),
        ("_letterhead.html.jinja", b"{% autoescape false %}{% endautoescape %}", "stays escaped"),
        ("fonts/Inter-400.ttf", b"\0\1\0\0", "fonts come with fonts/coverage.txt"),
        ("fonts/Inter-web.woff2", b"wOF2", "fonts come with fonts/coverage.txt"),
        ("fonts/coverage.txt", b"zz-zz", "fonts/coverage.txt: "),
        ("base.css", b" " * 3_000_000, "more than 2 MiB"),
    ],
)
def test_a_file_that_could_reach_out_or_break_is_refused_before_anything_is_collected(name, content, why):
    with pytest.raises(RenderError, match=why):
        own_look({name: content})


@pytest.mark.parametrize(
    "template",
    ["{{ report.__class__.__mro__ }}", "{{ ''.__class__ }}", "{{ t.__init__.__globals__ }}", "{{ nothing_here }}",
     "{% include '../../../etc/hostname' %}", "{% filter safe %}{{ report.organisation }}{% endfilter %}",
     "{{ [report.organisation] | map('safe') | join }}"],
)  # fmt: skip
def test_an_own_template_reaches_nothing_but_the_report(template):
    with pytest.raises(RenderError, match="the look cannot be filled"):
        render_html(european(), "fr", options(_letterhead__html__jinja=template.encode()))


def test_a_folder_is_a_look_only_when_named_as_a_folder(tmp_path, monkeypatch):
    (tmp_path / "sovereign").mkdir()
    (tmp_path / "sovereign" / "brand.css").write_bytes(BRAND)
    monkeypatch.chdir(tmp_path)
    assert chosen_look("sovereign") == RenderOptions()
    own = chosen_look("./sovereign")
    assert own.look_files == (("brand.css", base64.b64encode(BRAND).decode()),)
    (tmp_path / "sovereign" / "README.md").write_text("notes")
    (tmp_path / "sovereign" / ".DS_Store").write_text("x")
    assert chosen_look(str(tmp_path / "sovereign")) == own
    for missing in ("nope", "./nope", "../sovereign.css"):
        with pytest.raises(Refusal, match="--template"):
            chosen_look(missing)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--template", "nope"], b"known: sovereign"), (["--template", "./brand"], b"the look cannot be filled")],
)
def test_a_look_that_cannot_be_used_is_exit_2_and_never_a_fault_of_ours(tmp_path, arguments, said):
    (tmp_path / "result.json").write_bytes(dumps(to_plain(european())))
    (tmp_path / "brand").mkdir()
    (tmp_path / "brand" / "_letterhead.html.jinja").write_text("{{ nothing }}")
    ran = subprocess.run(
        [sys.executable, "-m", "sovscan", "report", "result.json", "--output", "html:x.html", *arguments],
        cwd=tmp_path, capture_output=True, check=False, env={"PYTHONPATH": str(Path(__file__).parents[1]), "PATH": ""},
    )  # fmt: skip
    assert ran.returncode == 2, ran.stderr
    assert said in ran.stderr
