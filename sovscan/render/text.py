"""The report for a terminal: conclusion first, at most sixty lines for a typical audit, readable without colour."""

from collections.abc import Iterator

from sovscan.locale.words import words as words_of
from sovscan.model.audit import Audit
from sovscan.model.gate import Standing
from sovscan.render.format import Format, RenderOptions
from sovscan.render.view.findings import finding_row, told_of
from sovscan.render.view.reading import Mark, Reading, read
from sovscan.render.view.shown import Shown
from sovscan.render.view.summary import Summary, summarise

MOST_FINDINGS = 12
_COLOURS = {"exposed": "31", "to_confirm": "33", "unknown": "33", "clear": "32"}


def render_text(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """Plain lines; with ``options.colour`` the verdicts carry the terminal's own colours and nothing else does."""
    reading = read(audit, words_of(language), Shown())
    lines = [line.rstrip() for line in _lines(reading, summarise(reading), options)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _lines(reading: Reading, summary: Summary, options: RenderOptions) -> Iterator[str]:
    words, head = reading.words, summary.headline
    yield summary.conclusion.title + "."
    yield summary.conclusion.grade + (f" {head.bounded}" if head.bounded else "")
    yield summary.conclusion.change
    yield ""
    yield f"{summary.organisation} · {summary.date} · {summary.scope}"
    interval = f" ({head.interval})" if head.interval else ""
    yield (
        f"{words('headline.access')} {head.access} · {words('headline.cutoff')} {head.cutoff} · "
        f"{words('headline.score')} {head.score}{interval} · {words('headline.grade')} {head.grade}"
    )
    sure = (
        words("headline.coverage", coverage=head.coverage),
        words("headline.confidence", confidence=head.confidence),
    )
    yield " · ".join(filter(None, (*sure, head.lenses)))
    if reading.audit.previous is not None:
        yield from ("", words("section.since"), *(f"  {line}" for line in summary.change))
    gate = options.gate
    if gate and gate.score_with_waivers is not None and gate.grade_with_waivers is not None:
        waived = sum(ruling.standing is Standing.WAIVED for ruling in gate.rulings)
        score = words.number(gate.score_with_waivers, 0)
        yield words("gate.with_waivers", score=score, grade=gate.grade_with_waivers.value, n=waived)
    yield from ("", words("summary.layers"))
    width = max(len(row.name) for row in summary.layers) if summary.layers else 0
    alone = reading.audit.evidence.vantage.mode == "repository"
    for row in summary.layers:
        if alone and row.country == "–":
            continue
        level = f" ({row.level})" if row.level and row.mark.key != "clear" else ""
        who = " ".join(filter(None, (row.provider, row.country, row.others))) if row.country != "–" else ""
        yield (
            f"  {row.name:<{width}}  {row.points:>5} / {row.most:>4}  {_bar(row.share)}  "
            f"{_mark(row.mark, options)}{level}{'  ' + who if who else ''}"
        )
    yield from _findings(reading, options)
    if summary.decisions:
        yield from ("", summary.decisions_title)
        for action in summary.decisions:
            yield f"  {action.number}. {action.action} {action.by}"
            yield f"     {action.gain} → {action.score_after}, {action.grade_after} · {action.effort} · {action.lead}"
    yield from ("", words("headline.exposure"), head.band)
    yield f"{summary.version} · {reading.shown(reading.audit.evidence_digest, 16)[:16]}"


def _findings(reading: Reading, options: RenderOptions) -> Iterator[str]:
    words = reading.words
    listed = told_of(reading, options.gate)
    if not listed:
        return
    yield from ("", words("section.findings"))
    for one in listed[:MOST_FINDINGS]:
        finding, row = one.finding, finding_row(reading, one.finding, within=one.within)
        standing = options.gate.standing(finding.id) if options.gate else None
        marked = f" · {words(f'standing.{standing.value}')}" if standing and not standing.counts else ""
        marked += f" · {row.since}" if row.since else ""
        place = f"{row.location} · {row.service}" if finding.theme == "repository" else row.service
        yield f"  {_mark(row.mark, options)}  {row.severity}  {row.title} – {place}{marked}"
        if row.within_note:
            yield f"      {row.within_note}"
    if len(listed) > MOST_FINDINGS:
        yield "  " + words("text.more", n=len(listed) - MOST_FINDINGS)


def _mark(mark: Mark, options: RenderOptions) -> str:
    text = f"{mark.icon} {mark.word}"
    colour = _COLOURS.get(mark.key)
    return f"\x1b[{colour}m{text}\x1b[0m" if options.colour and colour else text


def _bar(share: float) -> str:
    full = round(10 * share)
    return "█" * full + "░" * (10 - full)


FORMAT = Format(name="text", extension="txt", media_type="text/plain", render=render_text)
