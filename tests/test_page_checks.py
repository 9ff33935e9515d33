"""What checkers and a browser say of the HTML report (REPORTS 5 and 13); skipped, with the reason, where they are not.

``make test`` installs the checkers with npm when it is there; the browser is Chromium as the system packages it.
"""

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from sovscan.render.format import RenderOptions
from sovscan.render.html import render_html
from tests.hostile_text import ALL
from tests.sample_audit import european, half_silent, hostile, town_hall

WEB = Path(__file__).parent / "web"
AUDITS = {"town_hall": town_hall, "half_silent": half_silent, "european": european, "hostile": lambda: hostile(ALL)}
PAGES = [("town_hall", "fr"), ("town_hall", "en"), ("half_silent", "fr"), ("european", "en"), ("hostile", "fr")]


def chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def missing() -> str | None:
    """Why the pages cannot be checked here; None when they can."""
    if shutil.which("node") is None:
        return "Node.js is not installed"
    if not (WEB / "node_modules" / "playwright-core").is_dir():
        return "the page checkers are not installed: npm ci --prefix tests/web --ignore-scripts"
    if chromium() is None:
        return "Chromium is not installed"
    return None


pytestmark = pytest.mark.skipif(missing() is not None, reason=missing() or "")


@cache
def said(folder: Path) -> dict[str, dict]:
    paths = []
    for name, language in PAGES:
        path = folder / f"{name}.{language}.html"
        path.write_bytes(render_html(AUDITS[name](), language, RenderOptions(consultant="Cabinet Exemple")))
        paths.append(str(path))
    ran = subprocess.run(
        ["node", "check.mjs", *paths], cwd=WEB, capture_output=True, check=False, timeout=600,
        env={**os.environ, "CHROMIUM": chromium() or ""},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr.decode()[-2000:]
    return {Path(entry["path"]).name: entry for entry in json.loads(ran.stdout)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(params=[f"{name}.{language}.html" for name, language in PAGES])
def page(request, folder) -> dict:
    return said(folder)[request.param]


def test_the_markup_is_clean(page):
    assert page["markup"] == []


@pytest.mark.parametrize("scheme", ["light", "dark", "narrow"])
def test_no_rule_of_accessibility_is_broken(page, scheme):
    assert page[scheme] == []


def test_a_browser_asks_for_nothing_complains_of_nothing_and_scrolls_down_only(page):
    assert page["behaviour"]["heard"] == []
    assert page["behaviour"]["wide"] == []


def test_the_filter_filters_and_what_is_pressed_is_large_enough(page):
    # A report without a finding has nothing to filter.
    assert page["behaviour"]["tools"] == (page["behaviour"]["all"] > 0)
    assert page["behaviour"]["left"] == 0
    assert page["behaviour"]["small"] == []


def test_without_javascript_everything_is_there_but_the_tools(page):
    assert page["without"]["length"] > 10_000
    assert not page["without"]["tools"]
