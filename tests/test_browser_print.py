"""The HTML report printed by a browser: no heading, no head of a table, no name of a group alone at a page's foot."""

import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sovscan.render.format import RenderOptions
from sovscan.render.html import render_html
from tests.demo.audits import NAMES, demo
from tests.sample_audit import european, half_silent, many_findings, town_hall
from tests.test_page_checks import chromium

SAMPLES = {"town_hall": town_hall, "half_silent": half_silent, "european": european, "many": lambda: many_findings(60)}
PAGES = [*((name, language) for name in NAMES for language in ("fr", "en")), *((name, "fr") for name in SAMPLES)]
LEADING = r"<(h[1-4]|th|caption|td class=\"group\")\b[^>]*>(.*?)</(?:h[1-4]|th|caption|td)>"


def missing() -> str | None:
    """Why pages cannot be printed here; None when they can."""
    if chromium() is None:
        return "Chromium is not installed"
    return None if shutil.which("pdftotext") else "pdftotext is not installed"


pytestmark = pytest.mark.skipif(missing() is not None, reason=missing() or "")


def plain(text: str) -> str:
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", text)))


def printed(page: bytes, folder: Path) -> list[str]:
    """The text of each page, laid out in lines."""
    file, pdf = folder / "page.html", folder / "page.pdf"
    file.write_bytes(page)
    subprocess.run(
        [
            chromium() or "", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
            "--no-pdf-header-footer", f"--print-to-pdf={pdf}", file.as_uri(),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    said = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True).stdout.decode()
    return said.split("\f")[:-1]


def foot(page: str) -> str:
    """The last line above the page number."""
    lines = [line for line in page.splitlines() if line.strip() and not re.fullmatch(r"\s*\d+ / \d+\s*", line)]
    return lines[-1] if lines else ""


@pytest.mark.parametrize(("name", "language"), PAGES)
def test_what_leads_is_never_alone_at_the_foot_of_a_page(name, language, tmp_path):
    audit = demo(name) if name in NAMES else SAMPLES[name]()
    page = render_html(audit, language, RenderOptions(consultant="Cabinet Exemple"))
    leading = [(tag, plain(text)) for tag, text in re.findall(LEADING, page.decode(), re.DOTALL)]
    headings = [text for tag, text in leading if tag != "th"]
    heads = {text for tag, text in leading if tag == "th"}
    pages = printed(page, tmp_path)
    assert len(pages) > 5
    alone = []
    for number, text in enumerate(pages, start=1):
        line = foot(text)
        cells = [plain(cell) for cell in re.split(r"\s{2,}", line.strip())]
        assert line, f"page {number} is empty"
        is_heading = len(line) > 3 and any(one.endswith(plain(line)) or one.startswith(plain(line)) for one in headings)
        is_head = len(cells) > 1 and all(any(cell in head for head in heads) for cell in cells)
        if is_heading or is_head:
            alone.append((number, line.strip()))
    assert alone == []
