"""The PDF report: declared archivable and accessible, carrying its evidence, the same bytes everywhere."""

import base64
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
from importlib import resources

import pytest

from sovscan.files.evidence_bundle import read_evidence
from sovscan.render import engine
from sovscan.render.engine import PdfUnavailable, weasyprint
from sovscan.render.format import RenderError, RenderOptions
from sovscan.render.look import FACES, Look
from sovscan.render.pdf import (
    _fetcher,
    render_annex_pdf,
    render_pdf,
    render_summary_pdf,
)
from sovscan.render.result_json import render_json
from tests.hostile_text import ALL
from tests.sample_audit import european, half_silent, hostile, many_findings, town_hall

try:
    weasyprint()
    MISSING = None
except PdfUnavailable as error:
    MISSING = f"{error}; {error.help}"

needs_pango = pytest.mark.skipif(MISSING is not None, reason=MISSING or "")
pikepdf = pytest.importorskip("pikepdf")
OPTIONS = RenderOptions(consultant="Cabinet Exemple", confidentiality="Réservé au client")


TRUETYPE = b"\0\1\0\0"


@pytest.fixture(scope="module")
def french() -> bytes:
    if MISSING:
        pytest.skip(MISSING)
    return render_pdf(town_hall(), "fr", OPTIONS)


def opened(content: bytes):
    return pikepdf.open(io.BytesIO(content))


def fonts_of(content: bytes) -> set[str]:
    names = set()
    with opened(content) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor":
                assert "/FontFile2" in thing or "/FontFile3" in thing
                names.add(str(thing.FontName).partition("+")[2])
    return names


def text_of(content: bytes, *options: str) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    ran = subprocess.run(["pdftotext", *options, "-", "-"], input=content, capture_output=True, check=True)
    return ran.stdout.decode()


def test_the_file_declares_pdf_a_3a_and_pdf_ua_1(french):
    with opened(french) as pdf:
        xmp = pdf.Root.Metadata.read_bytes().decode()
        assert 'pdfaid:part="3"' in xmp
        assert 'pdfaid:conformance="A"' in xmp
        assert 'pdfuaid:part="1"' in xmp
        assert "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in xmp
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.Root.Lang) == "fr"
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert pdf.Root.StructTreeRoot is not None
        assert len(pdf.trailer.ID) == 2


def test_every_font_is_embedded_and_ours(french):
    names = fonts_of(french)
    assert len(names) == 4
    assert all(name.startswith("Sovscan-") for name in names), names


def test_result_and_evidence_are_attached_once_and_are_those_of_the_audit(french):
    audit = town_hall()
    with opened(french) as pdf:
        assert sorted(pdf.attachments) == ["evidence.jsonl", "result.json"]
        assert len(pdf.Root.AF) == 2
        assert {str(spec.AFRelationship) for spec in pdf.Root.AF} == {"/Data"}
        assert pdf.attachments["result.json"].get_file().read_bytes() == render_json(audit, "fr", OPTIONS)
        evidence = pdf.attachments["evidence.jsonl"].get_file().read_bytes()
    assert read_evidence(evidence, "evidence.jsonl") == audit.evidence


def test_header_cells_have_a_scope_and_running_lines_are_artifacts(french):
    with opened(french) as pdf:
        headers = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/TH"]
        assert len(headers) > 50
        assert {str(header.A.Scope) for header in headers} == {"/Column", "/Row"}
        page = pdf.pages[4]
        page.contents_coalesce()
        assert page.Contents.read_bytes().count(b"/Pagination") == 4


def test_the_date_of_the_file_is_the_date_of_collection(french):
    with opened(french) as pdf:
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261120091440Z"
        assert "Valmont-sur-Exemple" in str(pdf.docinfo["/Title"])


@needs_pango
@pytest.mark.parametrize("make", [town_hall, half_silent, european])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_summary_is_two_pages_and_opens_with_the_conclusion(make, language):
    content = render_summary_pdf(make(), language, OPTIONS)
    with opened(content) as pdf:
        assert len(pdf.pages) == 2


def test_the_first_two_pages_of_the_report_are_the_summary(french):
    alone = render_summary_pdf(town_hall(), "fr", OPTIONS)

    def body(content: bytes) -> str:
        return re.sub(r"\s*\d+ ?/ ?\d+\n", "", text_of(content, "-l", "2", "-layout"))

    assert body(french) == body(alone)


def test_every_layer_score_is_printed_on_the_first_page(french):
    first = " ".join(text_of(french, "-l", "1").split())
    assert first.index("10 des 17 services observés") < first.index("Accès")
    for row in town_hall().score.layers:
        assert f"{row.points_lost:.1f}".replace(".", ",") in first


@needs_pango
def test_separate_processes_hash_seeds_time_zones_locales_and_system_fonts_give_the_same_bytes(tmp_path):
    program = (
        "import hashlib\nfrom tests.sample_audit import european\nfrom sovscan.render.format import RenderOptions\n"
        "from sovscan.render.pdf import render_pdf\n"
        "print(hashlib.sha256(render_pdf(european(), 'fr', RenderOptions())).hexdigest())"
    )
    bare = tmp_path / "fonts.conf"
    bare.write_text(f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}</cachedir></fontconfig>")
    digests = set()
    for seed, zone, locale, fonts in (("1", "UTC", "C.UTF-8", ""), ("77", "Asia/Tokyo", "fr_FR.UTF-8", str(bare))):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale, "LANG": locale}
        environment |= {"FONTCONFIG_FILE": fonts} if fonts else {}
        ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
        digests.add(ran.stdout.split()[-1])
    assert len(digests) == 1


@needs_pango
@pytest.mark.parametrize("render", [render_pdf, render_annex_pdf])
def test_hostile_text_attaches_nothing_links_nowhere_and_runs_nothing(render):
    content = render(hostile(ALL), "fr", OPTIONS)
    with opened(content) as pdf:
        assert sorted(pdf.attachments) == ["evidence.jsonl", "result.json"]
        for thing in pdf.objects:
            if not isinstance(thing, pikepdf.Dictionary):
                continue
            assert "/JS" not in thing
            assert thing.get("/S") not in ("/JavaScript", "/Launch", "/GoToR", "/SubmitForm")
            if thing.get("/S") == "/URI":
                assert str(thing.URI).startswith("https://")
    assert all(name.startswith("Sovscan-") for name in fonts_of(content))


@needs_pango
def test_the_fetcher_gives_our_fonts_and_stops_at_anything_else():
    from weasyprint.urls import FatalURLFetchingError

    fetcher = _fetcher(Look("sovereign"))
    assert fetcher.fetch("sovscan:Inter-400.ttf").read()[:4] == TRUETYPE
    for address in ("file:///etc/hostname", "http://127.0.0.1:9/", "data:text/plain,x", "sovscan:../report.css"):
        with pytest.raises(FatalURLFetchingError):
            fetcher.fetch(address)


@needs_pango
def test_a_style_sheet_that_reaches_outside_ends_in_a_typed_error():
    # Such a sheet is refused when it is taken in; here it comes past that.
    sheet = base64.b64encode(b"body{background:url(file:///etc/hostname)}").decode()
    with pytest.raises(RenderError, match="outside the package"):
        render_pdf(european(), "fr", RenderOptions(look_files=(("brand.css", sheet),)))


@needs_pango
def test_where_harfbuzz_cannot_subset_the_font_tools_are_loaded_then(monkeypatch):
    from weasyprint.pdf import fonts

    monkeypatch.setattr(fonts, "harfbuzz_subset", None)
    names = fonts_of(render_summary_pdf(european(), "en", OPTIONS))
    assert names
    assert all(name.startswith("Sovscan-") for name in names)


@needs_pango
def test_a_thousand_findings_print_the_fifty_worst_and_say_so():
    text = text_of(render_pdf(many_findings(1000), "en", OPTIONS))
    assert "50 of 1,000 findings shown" in " ".join(text.split())
    assert "F-51" not in text


def test_without_pango_the_error_holds_the_command_and_stdout_stays_clean(tmp_path):
    (tmp_path / "weasyprint.py").write_text("print('banner')\nraise OSError('cannot load library pango')\n")
    program = (
        "import sys\nsys.path.insert(0, sys.argv[1])\nfrom sovscan.render.engine import PdfUnavailable, weasyprint\n"
        "try:\n    weasyprint()\nexcept PdfUnavailable as error:\n    sys.stderr.write(f'{error} | {error.help}')\n"
    )
    ran = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, check=True)
    assert ran.stdout == b""
    assert b"Pango" in ran.stderr
    assert (b"libpangoft2-1.0-0" in ran.stderr) == (sys.platform == "linux")


def test_the_coverage_list_holds_every_sign_of_the_templates_and_catalogues():
    from sovscan.files.bundled import listing, read
    from sovscan.locale.words import words

    signs = set()
    for path in listing("reports", "templates", "sovereign", suffix=".jinja"):
        signs |= set(read(*path).decode())
    for language in ("fr", "en"):
        signs |= {sign for forms in words(language).messages.values() for form in forms.values() for sign in form}
    assert {sign for sign in signs if sign not in "\n" and ord(sign) not in Look("sovereign").drawable()} == set()


def test_committed_fonts_are_those_of_the_coverage_list():
    digest = hashlib.sha256()
    for _, _, name in FACES:
        content = Look("sovereign").font(name)
        assert content[:4] == TRUETYPE
        digest.update(content)
    assert digest.hexdigest()


@needs_pango
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_summary_keeps_to_two_pages_with_the_longest_names(language):
    from dataclasses import replace

    whole = town_hall()
    long = "Groupement interdépartemental des établissements de coopération numérique et de services partagés"
    moves = tuple(
        replace(move, alternatives=tuple(replace(one, name=long, effort=effort) for one in move.alternatives))
        for move in whole.advice.moves * 3
        for effort in ("S", "M", "L")
    )
    audit = replace(
        whole,
        organisation=long,
        providers=tuple(replace(provider, name=long) for provider in whole.providers),
        advice=replace(whole.advice, moves=moves),
    )
    with opened(render_summary_pdf(audit, language, replace(OPTIONS, client=long, consultant=long))) as pdf:
        assert len(pdf.pages) == 2


@needs_pango
def test_a_document_is_the_same_alone_and_after_another():
    program = (
        "import sys\nfrom tests.sample_audit import european\nfrom sovscan.render.format import RenderOptions\n"
        "from sovscan.render.pdf import render_summary_pdf\n"
        "sys.stdout.buffer.write(render_summary_pdf(european(), 'en', RenderOptions()))"
    )
    alone = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    render_summary_pdf(half_silent(), "fr", OPTIONS)
    assert render_summary_pdf(european(), "en", RenderOptions()) == alone


@needs_pango
def test_no_line_breaks_behind_its_first_word_for_want_of_room_for_a_space():
    from sovscan.render.page import _RUN, _spaced

    sentence = "<p>Tous les serveurs de noms observés dépendent d’un même exploitant. <{0}>Piste</{0}></p>"
    broken = "Tous"

    def lines(markup: str, width: float):
        style = f"@page {{ size: 2000px }} p {{ width: {width}px; font: 10px sans-serif }}"
        page = weasyprint().HTML(string=f"<html lang=fr><style>{style}</style>{markup}").render().pages[0]
        waiting = [page._page_box]
        while type(box := waiting.pop(0)).__name__ != "LineBox":
            waiting[:0] = box.children
        return [inner for inner in box.descendants() if hasattr(inner, "text")]

    def first_line(markup: str, width: float) -> str:
        return "".join(inner.text for inner in lines(markup, width))

    whole = sentence.format("strong")
    with_space = lines(whole, 1900)[0].width
    widths = [with_space - step / 2 for step in range(1, 6)]
    # Where this fails, WeasyPrint has mended it, and the spaces may stay where templates put them.
    assert broken in {first_line(whole, width) for width in widths}
    for name in ("strong", "a", "code"):
        spaced = _RUN.sub(_spaced, sentence.format(name))
        assert broken not in {first_line(spaced, width) for width in widths}
        assert re.sub(r"<[^<>]+>", "", spaced) == re.sub(r"<[^<>]+>", "", sentence)


@needs_pango
def test_a_template_of_the_auditor_need_not_be_well_formed():
    letterhead = base64.b64encode(b"<p>Cabinet<br>Exemple<p>un autre").decode()
    options = RenderOptions(look_files=(("_letterhead.html.jinja", letterhead),))
    text = text_of(render_summary_pdf(european(), "fr", options))
    assert "un autre" in text


@needs_pango
def test_the_engines_default_style_still_holds_the_lines_that_are_left_out_and_no_other_way_around_them():
    # Were a line worded otherwise in a new WeasyPrint, it would quietly come back: a third of the memory of a report.
    whole = resources.files("weasyprint").joinpath("css", "html5_ua.css").read_text(encoding="utf-8")
    for start in engine._UNUSED:
        assert any(line.startswith(start) for line in whole.splitlines()), start
    asked = []

    class Fetched(weasyprint().HTML):
        def _ua_stylesheets(self, forms=False):
            asked.append("style")
            return super()._ua_stylesheets(forms)

        def _ua_counter_style(self):
            asked.append("counters")
            return super()._ua_counter_style()

    Fetched(string="<p>a").render()
    assert asked == ["counters", "style"], "the engine asks for its default style in another way"
    sheet, _ = engine._default_style()
    [ours] = engine.parsed("<p>a", None)._ua_stylesheets()
    assert ours is sheet
    assert all("::footnote" not in line and "::note" not in line for line in engine._kept(whole))


@needs_pango
def test_font_tools_that_no_report_needs_are_not_loaded_for_one():
    made = (
        "import sys\nfrom tests.sample_audit import european\nfrom sovscan.render.format import RenderOptions\n"
        "from sovscan.render.pdf import render_summary_pdf\n"
        "render_summary_pdf(european(), 'en', RenderOptions())\n"
        "import weasyprint.pdf.fonts as fonts\n"
        "print([name for name in sys.modules if name.startswith('fontTools')])\nprint(fonts.subset.Subsetter)"
    )
    ran = subprocess.run([sys.executable, "-c", made], capture_output=True, check=True, text=True)
    loaded, called = ran.stdout.splitlines()
    assert "'fontTools.ttLib'" in loaded
    assert "'fontTools.subset'" not in loaded
    assert "'fontTools.varLib.instancer'" not in loaded
    # What stands in for them is what is called when they are needed after all.
    assert called.startswith("functools.partial")


@needs_pango
def test_each_object_of_a_report_is_written_down_once():
    import pydyf

    written = []
    plain = pydyf.Stream.data.fget
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pydyf.Stream, "data", property(lambda stream: (written.append(stream), plain(stream))[1]))
        render_summary_pdf(european(), "en", OPTIONS)
    assert len(written) > 10
    # The groups of small objects are made by the writer itself.
    own = [stream for stream in written if stream.extra.get("Type") != "/ObjStm"]
    twice = [stream.extra for stream in own if sum(stream is other for other in own) > 1]
    assert not twice


@needs_pango
def test_documents_that_others_make_in_this_process_keep_the_engines_own_style():
    made = (
        "import sys, hashlib\nfrom sovscan.render.engine import weasyprint\n"
        "if sys.argv[1] == 'after':\n    weasyprint()\nimport weasyprint as engine\n"
        "page = engine.HTML(string='<h1>a</h1><ul><li>b<ul><li>c</ul></ul><ol><li>x</ol><input value=3>')\n"
        "print(hashlib.sha256(page.write_pdf(pdf_identifier=b'x', pdf_forms=True)).hexdigest())"
    )
    alone, after = (
        subprocess.run([sys.executable, "-c", made, when], capture_output=True, check=True).stdout
        for when in ("alone", "after")
    )
    assert alone == after
