"""Every rule has its page, and the page says what the rule says."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import results

ROOT = Path(__file__).resolve().parents[1]
RULES = results.RULEBOOK().rules


def generate(*arguments):
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "generate_rule_docs.py"), *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_pages_are_those_the_rules_give_today():
    ended = generate("--check")
    assert (ended.returncode, ended.stdout) == (0, "")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.text.id)
def test_a_page_says_what_is_read_why_what_to_do_and_how_to_contest_it(rule):
    page = (ROOT / "docs" / "rules" / f"{rule.text.id}.md").read_text(encoding="utf-8")
    for part in (rule.text.title, rule.text.why, rule.text.remedy):
        assert part.fr in page
        assert part.en in page
    assert rule.when.text in page
    assert all(f"`{name}`" in page for name in rule.names)
    assert all(source.url in page for source in rule.text.sources)
    contest = page.partition("How to contest a finding")[2]
    assert contest.count("\n* ") >= 3
