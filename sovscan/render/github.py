"""Findings as GitHub workflow commands: the ten worst of each level, which is what a step may show.

Commands and their escapes as GitHub documents them (https://docs.github.com/actions, workflow commands). The job's
summary is the Markdown format; the command line appends it to the file GitHub names.
"""

from collections.abc import Iterator, Mapping

from sovscan.locale.words import words as words_of
from sovscan.model.audit import Audit
from sovscan.model.finding import Severity
from sovscan.model.gate import Decision, Standing
from sovscan.render.format import Format, RenderOptions
from sovscan.render.view.listing import TELLING, Listed, listed
from sovscan.render.view.reading import Reading, read
from sovscan.render.view.shown import Shown

MOST_OF_A_LEVEL = 10
_LEVELS = ("error", "warning", "notice")
_MESSAGE = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_MESSAGE, ":": "%3A", ",": "%2C"}


def render_github(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """One command a line; what is accepted is left out, what is cut is counted."""
    reading = read(audit, words_of(language), Shown())
    return "".join(f"{line}\n" for line in _lines(reading, options)).encode("utf-8", "replace")


def command(level: str, properties: Mapping[str, str], message: str) -> str:
    """A workflow command that nothing in its values can end or extend."""
    given = ",".join(f"{key}={_escaped(value, _PROPERTY)}" for key, value in properties.items())
    return f"::{level} {given}::{_escaped(message, _MESSAGE)}"


def _lines(reading: Reading, options: RenderOptions) -> Iterator[str]:
    by_level: dict[str, list[str]] = {level: [] for level in _LEVELS}
    for reason in options.gate.reasons if options.gate else ():
        if reason.what != "finding":
            level = "error" if reason.decision is Decision.FAILED else "warning"
            word = reading.words(f"gate.{reason.what.replace('-', '_')}")
            detail = " – ".join(reading.shown(part, 300) for part in (reason.detail, reason.why) if part)
            by_level[level].append(command(level, {"title": "sovscan"}, f"{word} {detail}".rstrip()))
    for entry in listed(reading, options):
        if entry.finding.verdict in TELLING and not entry.standing.accepted:
            by_level[_level(entry)].append(_annotation(reading, entry))
    for level in _LEVELS:
        yield from by_level[level][:MOST_OF_A_LEVEL]
    cut = sum(max(0, len(found) - MOST_OF_A_LEVEL) for found in by_level.values())
    if cut:
        yield _escaped(reading.words("github.more", n=cut), _MESSAGE)


def _level(entry: Listed) -> str:
    match entry.standing:
        case Standing.FAILS:
            return "error"
        case Standing.OPEN:
            return "warning"
        case Standing.BELOW if entry.finding.severity in (Severity.HIGH, Severity.CRITICAL):
            return "warning"
        case _:
            return "notice"


def _annotation(reading: Reading, entry: Listed) -> str:
    row = entry.row
    place = {"file": entry.path, "line": str(entry.line)} if entry.path else {}
    properties = {**place, "title": f"sovscan {reading.shown(entry.finding.rule, 120)}"}
    told = (
        f"{row.mark.word}, {row.severity}{reading.words('punctuation.colon')} {row.title} – {row.service}. {row.remedy}"
    )
    return command(_level(entry), properties, told.strip())


def _escaped(text: str, signs: Mapping[str, str]) -> str:
    return "".join(signs.get(sign, sign) for sign in text)


FORMAT = Format(name="github", extension="txt", media_type="text/plain", render=render_github)
