"""One line of canonical JSON for the audit, then one a finding: for pipes, logs and databases."""

from sovscan.files import canonical
from sovscan.locale.words import words as words_of
from sovscan.model.audit import Audit
from sovscan.render.format import Format, RenderOptions
from sovscan.render.view.listing import Listed, listed
from sovscan.render.view.reading import Reading, read
from sovscan.render.view.shown import Shown

SCHEMA = "sovscan-findings/1"


def render_jsonl(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """The header line, then every finding, the heaviest first."""
    reading = read(audit, words_of(language), Shown())
    lines = [_header(reading, language, options), *(_line(entry) for entry in listed(reading, options))]
    return b"".join(canonical.dumps(line) + b"\n" for line in lines)


def _header(reading: Reading, language: str, options: RenderOptions) -> dict[str, canonical.Plain]:
    audit, gate = reading.audit, options.gate
    return {
        "schema": SCHEMA,
        "organisation": reading.shown(audit.organisation, 200),
        "as_of": audit.as_of,
        "language": language,
        "profile": audit.profile,
        "score": audit.score.value if reading.rated else None,
        "grade": audit.score.grade.value,
        "score_with_waivers": gate.score_with_waivers if gate else None,
        "gate": gate.decision.value if gate else None,
        "evidence": audit.evidence_digest,
        "catalogue": audit.catalogue_digest,
        "rules": audit.rulebook_digest,
    }


def _line(entry: Listed) -> dict[str, canonical.Plain]:
    finding, row = entry.finding, entry.row
    return {
        "id": finding.id,
        "rule": finding.rule,
        "theme": finding.theme,
        "verdict": finding.verdict.value,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "layer": finding.layer.value if finding.layer else None,
        "title": row.title,
        "why": row.why,
        "remedy": row.remedy,
        "service": row.service,
        "location": row.location,
        "path": entry.path,
        "line": entry.line,
        "provider": entry.provider,
        "controller": entry.controller,
        "country": entry.country,
        "level": entry.level,
        "points_lost": finding.points_lost,
        "standing": entry.standing.value,
        "accepted": entry.why,
        "evidence": list(finding.because),
    }


FORMAT = Format(name="jsonl", extension="jsonl", media_type="application/jsonl", render=render_jsonl)
