"""The whole report, ready to be written down."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from sovscan.locale.words import words as words_of
from sovscan.model.audit import Audit
from sovscan.model.dependency import Confidence
from sovscan.render.format import RenderOptions
from sovscan.render.logo import LOGO, checked
from sovscan.render.look import look
from sovscan.render.view.actions import Action, planned
from sovscan.render.view.annexes import (
    PRINTED_EVIDENCE,
    PRINTED_VALUES,
    SHOWN_EVIDENCE,
    SHOWN_VALUES,
    Annexes,
    annexes,
)
from sovscan.render.view.findings import (
    Clear,
    FindingRow,
    Reason,
    Reference,
    clear_rules,
    finding_row,
    reasons,
    references,
    told_of,
)
from sovscan.render.view.frameworks import Framework, framework
from sovscan.render.view.method import Method, method
from sovscan.render.view.notes import Note, notes
from sovscan.render.view.reading import ICONS, Mark, Reading, read
from sovscan.render.view.shown import Shown, cut, halves
from sovscan.render.view.since import MOST_ROWS, Since, since
from sovscan.render.view.summary import Summary, summarise
from sovscan.render.view.themes import Theme, themes
from sovscan.rulebook.silence import Told

PRINTED_FINDINGS = 50
ANNEX_FINDINGS = 300
SHOWN_FINDINGS = 1000
"""Rows in the HTML page."""
MOST_CLEAR = 60
MOST_ACTIONS = 12


class Part(StrEnum):
    """Which document it is."""

    REPORT = "report"
    SUMMARY = "summary"
    ANNEX = "annex"
    """Method, every finding, every observation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapping:
    """What the auditor set around the report."""

    client: str | None
    consultant: str | None
    contact: str | None
    confidentiality: str | None
    logo: str | None
    """Address to draw it from; None: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a template may print."""

    part: Part
    language: str
    other_language: str
    title: str
    heading: str
    """Of the annex: its conclusion."""
    description: str
    organisation: str
    date: str
    date_iso: str
    wrapping: Wrapping
    summary: Summary
    since: Since | None
    """None: no earlier audit was given."""
    themes: tuple[Theme, ...]
    findings: tuple[FindingRow, ...]
    findings_note: str
    findings_total: int
    whole: tuple[Reason, ...]
    """What is said of the organisation as a whole, and so stands on no theme page."""
    clear: tuple[tuple[Clear, ...], ...]
    framework: Framework
    roadmap: tuple[Action, ...]
    roadmap_left_out: int
    method: Method
    annexes: Annexes
    sources: tuple[tuple[Reference, ...], ...]
    sources_read: str
    """The day on which most of them were read; the others say their own."""
    marks: tuple[Mark, ...]
    levels: tuple[tuple[str, str], ...]
    glossary: tuple[tuple[tuple[str, str], ...], ...]
    contents: tuple[tuple[tuple[str, str], ...], ...]
    evidence_linked: frozenset[str]
    """Evidence numbers that stand in this document."""
    notes: tuple[Note, ...]
    """At the foot of pages, in their order; of the whole report only."""
    fingerprint: str
    """First digits of the evidence digest, printed in the foot of each page."""


_GLOSSARY = (
    "access",
    "cutoff",
    "exposure",
    "nexus",
    "controller",
    "gateway",
    "interval",
    "lens",
    "coverage",
    "seal",
    "secnumcloud",
)
_LEVELS = ("DIRECT", "PARENT", "HOSTED_ON", "UNKNOWN", "INFLUENCE", "PRESENCE", "TECHNOLOGY", "NONE", "IMMUNE")


def view(audit: Audit, language: str, options: RenderOptions, *, printed: bool, part: Part = Part.REPORT) -> Report:
    """The view of an audit; ``printed`` for paper, where rows are fewer and only our fonts are there."""
    annex = part is Part.ANNEX
    shown = Shown(look(options).drawable() if printed else None)
    reading = read(audit, words_of(language), shown)
    words = reading.words
    pages = themes(reading, options.gate)
    behind = annexes(
        reading,
        PRINTED_EVIDENCE if printed and not annex else SHOWN_EVIDENCE,
        PRINTED_VALUES if printed and not annex else SHOWN_VALUES,
        everything=annex,
    )
    most = ANNEX_FINDINGS if annex else PRINTED_FINDINGS if printed else SHOWN_FINDINGS
    actions = planned(reading)
    named = references(reading)
    everything = told_of(reading, options.gate)
    # The annex is for who counts again: there each finding has its own row, favourable ones too.
    unfavourable = tuple(Told(finding=one) for one in audit.findings) if annex else everything
    rulings = {ruling.finding: ruling for ruling in options.gate.rulings} if options.gate else {}
    rows = tuple(
        finding_row(reading, one.finding, rulings.get(one.finding.id), one.within) for one in unfavourable[:most]
    )
    organisation = reading.name(audit.organisation, 100)
    date = words.day(audit.evidence.collected_at)
    return Report(
        part=part,
        language=language,
        other_language="en" if language == "fr" else "fr",
        heading=words("annex.title", score=words.number(audit.score.value, 0))
        if reading.rated
        else words("annex.unrated"),
        title=words("report.title", organisation=organisation),
        description=words("report.description", organisation=organisation, date=date),
        organisation=organisation,
        date=date,
        date_iso=shown(audit.evidence.collected_at, 40),
        wrapping=_wrapping(options, shown, printed=printed),
        summary=summarise(reading, options.gate),
        since=since(reading, ANNEX_FINDINGS if annex else MOST_ROWS if printed else SHOWN_FINDINGS),
        themes=pages,
        findings=rows,
        findings_note=words("findings.note", n=len(rows), total=len(unfavourable)),
        findings_total=len(unfavourable),
        whole=reasons(reading, tuple(one for one in everything if one.finding.layer is None)),
        clear=halves(clear_rules(reading)[:MOST_CLEAR]),
        framework=framework(reading),
        roadmap=actions[:MOST_ACTIONS],
        roadmap_left_out=max(0, len(actions) - MOST_ACTIONS),
        method=method(reading, ANNEX_FINDINGS) if annex else method(reading),
        annexes=behind,
        sources=halves(named),
        sources_read=_usual_day(named),
        marks=tuple(Mark(key=one.value, icon=ICONS[one], word=words(f"verdict.{one.value}")) for one in ICONS),
        levels=tuple((words(f"level.{name}"), words(f"level_means.{name}")) for name in _LEVELS),
        glossary=halves(
            [*_measured(reading), *((words(f"glossary.{name}"), words(f"glossary_means.{name}")) for name in _GLOSSARY)]
        ),
        contents=halves(_contents(reading, pages)),
        evidence_linked=frozenset(row.number for _, rows in behind.evidence for row in rows),
        notes=notes(reading, pages) if part is Part.REPORT else (),
        fingerprint=shown(audit.evidence_digest, 16)[:16],
    )


def _measured(reading: Reading) -> list[tuple[str, str]]:
    """What each word of confidence is worth, where the audit carries it."""
    words, bands = reading.words, reading.audit.bands
    levels = [level.value for level in Confidence]
    if not all(bands.get(f"seen.{level}") and f"agreed.{level}" in bands for level in levels):
        return []
    shares = {level: words.percent(bands[f"agreed.{level}"] / bands[f"seen.{level}"]) for level in levels}
    seen = {f"n_{level}": words.number(bands[f"seen.{level}"], 0) for level in levels}
    return [(words("glossary.confidence"), words("glossary_means.confidence", **seen, **shares))]


def _usual_day(named: tuple[Reference, ...]) -> str:
    """The day most sources were read on, the earliest named of them on a tie; empty without a source."""
    days = Counter(one.checked for one in named)
    return days.most_common(1)[0][0] if days else ""


def _wrapping(options: RenderOptions, shown: Shown, *, printed: bool) -> Wrapping:
    return Wrapping(
        client=cut(shown(options.client), 60) if options.client else None,
        consultant=cut(shown(options.consultant), 60) if options.consultant else None,
        contact=cut(shown(options.contact), 60) if options.contact else None,
        confidentiality=cut(shown(options.confidentiality), 60) if options.confidentiality else None,
        logo=(LOGO if printed else options.logo) if checked(options.logo) else None,
    )


def _contents(reading: Reading, pages: tuple[Theme, ...]) -> tuple[tuple[str, str], ...]:
    names: tuple[str, ...] = ("summary", "actions", "reading", "scope")
    if reading.audit.previous is not None:
        names = (*names, "since")
    after = ("findings", "framework", "roadmap", "method", "law")
    last = ("sources", "evidence", "glossary", "reply", "manifest")
    return (
        *((name, reading.words(f"section.{name}")) for name in names),
        *((page.id, page.name) for page in pages),
        *((name, reading.words(f"section.{name}")) for name in after + last),
    )
