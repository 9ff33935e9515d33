"""The audit as Markdown: a summary for merge requests, job summaries and wikis (CommonMark with tables)."""

import re
from collections.abc import Iterator
from dataclasses import replace

from sovscan.locale.words import words as words_of
from sovscan.model.audit import Audit
from sovscan.model.gate import Standing
from sovscan.model.previous import Fate
from sovscan.render.format import Format, RenderOptions
from sovscan.render.view.findings import finding_row
from sovscan.render.view.listing import TELLING, Listed, listed
from sovscan.render.view.reading import Reading, read
from sovscan.render.view.shown import Shown
from sovscan.render.view.since import since
from sovscan.render.view.summary import summarise
from sovscan.rulebook.silence import told

MOST_ROWS = 200
_GRAVEST = tuple(Standing)
_MARKUP = re.compile(r"([\\`*_{}\[\]<>&|~!#:$=^])")
_AT_THE_START = re.compile(r"^(\s*\d*)([-+.)])")
_WORLD_WIDE = re.compile(r"(?i)\b(www)\.")
_CALLS = str.maketrans({"@": "＠"})
_NUMBERED = re.compile(r"([#!])(?=\d)")
_WIDE = {"#": "＃", "!": "！"}
_RUNS = re.compile(r"`+")


def render_markdown(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """Conclusion, figures, gate, findings, first decisions."""
    reading = read(audit, words_of(language), Shown())
    return ("\n".join(_lines(reading, options)) + "\n").encode("utf-8", "replace")


def prose(text: str) -> str:
    """A sentence in which nothing is markup, an address to follow, or a name or number that a forge would call out to.

    Names and numbers are looked for in what is left after the markup is read: an escape does not stop that.
    """
    quiet = _NUMBERED.sub(lambda found: _WIDE[found[1]], text.translate(_CALLS))
    escaped = _WORLD_WIDE.sub(r"\1\\.", _MARKUP.sub(r"\\\1", quiet))
    return _AT_THE_START.sub(r"\1\\\2", escaped)


def code(text: str) -> str:
    """Somebody else's text as code: fenced by more backticks than it holds, safe inside a table."""
    if not text:
        return ""
    fence = "`" * (1 + max((len(run) for run in _RUNS.findall(text)), default=0))
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    # A table is split at bars before anything else is read.
    return f"{fence}{padding}{text}{padding}{fence}".replace("|", "\\|")


def _lines(reading: Reading, options: RenderOptions) -> Iterator[str]:
    words, summary = reading.words, summarise(reading)
    head = summary.headline
    yield f"# sovscan – {code(summary.organisation)}"
    yield ""
    yield f"**{prose(summary.conclusion.title)}.**"
    yield prose(summary.conclusion.grade + (f" {head.bounded}" if head.bounded else ""))
    yield prose(summary.conclusion.change)
    yield ""
    interval = f" ({head.interval})" if head.interval else ""
    figures = (
        f"{words('headline.score')} {head.score}{interval}",
        f"{words('headline.grade')} {head.grade}",
        f"{words('headline.access')} {head.access}",
        f"{words('headline.cutoff')} {head.cutoff}",
        words("headline.coverage", coverage=head.coverage),
    )
    yield from (f"* {prose(figure)}" for figure in figures)
    entries = listed(reading, options)
    yield from _gate(reading, options, entries)
    telling = _told(reading, options, entries)
    if telling:
        yield from ("", f"## {prose(words('section.findings'))}", "")
        yield _row([words(f"markdown.{name}") for name in ("verdict", "severity", "finding", "where", "standing")])
        yield "| --- | --- | --- | --- | --- |"
        yield from (_finding(reading, entry) for entry in telling[:MOST_ROWS])
        if len(telling) > MOST_ROWS:
            yield from ("", prose(words("text.more", n=len(telling) - MOST_ROWS)))
    yield from _since(reading)
    if summary.decisions:
        yield from ("", f"## {prose(summary.decisions_title)}", "")
        for action in summary.decisions:
            told = f"{action.action} {action.by}: {action.gain} → {action.score_after}, {action.grade_after}"
            yield f"{action.number}. {prose(told)}"
    yield from ("", prose(words("headline.exposure")), "")
    yield prose(f"{summary.date} · {summary.scope} · {summary.version}")


def _told(reading: Reading, options: RenderOptions, entries: tuple[Listed, ...]) -> list[Listed]:
    """The entries that tell of something; what one silence leaves undecided stands in one."""
    standing = {entry.finding.id: entry for entry in entries if entry.finding.verdict in TELLING}
    found = []
    for one in told(reading.audit, (entry.finding for entry in standing.values()), options.gate):
        entry = standing[one.finding.id]
        gravest = min((standing[each.id].standing for each in (one.finding, *one.within)), key=_GRAVEST.index)
        row = finding_row(reading, one.finding, within=one.within) if one.within else entry.row
        found.append(replace(entry, row=row, standing=gravest))
    return found


def _since(reading: Reading) -> Iterator[str]:
    """What changed since the earlier audit; what only stands with another verdict or address is left to the report."""
    words, change = reading.words, since(reading, MOST_ROWS)
    if change is None:
        return
    yield from ("", f"## {prose(words('section.since'))}", "")
    yield from (f"* {prose(line)}" for line in (*change.brief, *change.notes))
    groups = [group for group in change.groups if group.rows and group.key != Fate.PERSISTS]
    if groups:
        yield ""
        yield _row([words(f"since.column.{name}") for name in ("finding", "service", "then", "now", "cause")])
        yield "| --- | --- | --- | --- | --- |"
    for group in groups:
        for row in group.rows:
            marks = (f"{mark.icon} {mark.word}" for mark in (row.then, row.now))
            yield _row([row.title, row.service, *marks, row.causes])


def _gate(reading: Reading, options: RenderOptions, entries: tuple[Listed, ...]) -> Iterator[str]:
    gate, words = options.gate, reading.words
    if gate is None:
        return
    counts = {standing: sum(entry.standing is standing for entry in entries) for standing in Standing}
    yield f"* {prose(words(f'gate.{gate.decision.value}'))}"
    if gate.score_with_waivers is not None and gate.grade_with_waivers is not None:
        told = words(
            "gate.with_waivers",
            score=words.number(gate.score_with_waivers, 0),
            grade=gate.grade_with_waivers.value,
            n=counts[Standing.WAIVED],
        )
        yield f"* {prose(told)}"
    for reason in gate.reasons:
        if reason.what != "finding":
            told = words(f"gate.{reason.what.replace('-', '_')}")
            detail = " – ".join(part for part in (reason.detail, reason.why) if part)
            yield f"* {prose(told)} {code(reading.shown(detail, 300))}".rstrip()


def _finding(reading: Reading, entry: Listed) -> str:
    row = entry.row
    also = f". {row.within_note}" if row.within_note else ""
    place = f"{entry.path}:{entry.line}" if entry.finding.theme == "repository" else row.location
    why = code(entry.why) if entry.why else ""
    standing = reading.words(f"standing.{entry.standing.value}") if entry.standing is not Standing.BELOW else ""
    told = " ".join(filter(None, (prose(standing), why)))
    return _row(
        [f"{row.mark.icon} {row.mark.word}", row.severity, f"{row.title} – {row.service}{also}"],
        [code(reading.shown(place, 200)), " · ".join(filter(None, (told, prose(row.since))))],
    )


def _row(written: list[str], ready: list[str] | None = None) -> str:
    return "| " + " | ".join([*(prose(cell) for cell in written), *(ready or ())]) + " |"


FORMAT = Format(name="md", extension="md", media_type="text/markdown", render=render_markdown)
