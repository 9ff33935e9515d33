"""Findings as a GitLab Code Quality report: what is accepted is left out, what is favourable as well.

The format has no entry without a path: where no file of the checkout names the target, the target's own name stands
there.

Fields as documented by GitLab (https://docs.gitlab.com/ci/testing/code_quality/).
"""

from sovscan.files.canonical import dumps_pretty
from sovscan.locale.words import words as words_of
from sovscan.model.audit import Audit
from sovscan.model.finding import Severity
from sovscan.model.gate import Standing
from sovscan.render.format import Format, RenderOptions
from sovscan.render.view.listing import TELLING, Listed, listed
from sovscan.render.view.reading import Reading, read
from sovscan.render.view.shown import Shown

_SEVERITIES = {
    Severity.LOW: "minor",
    Severity.MEDIUM: "major",
    Severity.HIGH: "critical",
    Severity.CRITICAL: "blocker",
}


def render_gitlab(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """A JSON array, the heaviest first."""
    reading = read(audit, words_of(language), Shown())
    return dumps_pretty([
        _entry(reading, entry)
        for entry in listed(reading, options)
        if entry.finding.verdict in TELLING and not entry.standing.accepted
    ])  # fmt: skip


def _entry(reading: Reading, entry: Listed) -> dict[str, object]:
    row = entry.row
    told = f"{row.mark.word}{reading.words('punctuation.colon')} {row.title} – {row.service}"
    return {
        "description": told,
        "check_name": reading.shown(entry.finding.rule, 120),
        "fingerprint": entry.finding.id,
        "severity": "info" if entry.standing is Standing.ASIDE else _SEVERITIES[entry.finding.severity],
        "location": {"path": entry.path or entry.subject, "lines": {"begin": entry.line or 1}},
    }


FORMAT = Format(name="gitlab", extension="json", media_type="application/json", render=render_gitlab)
