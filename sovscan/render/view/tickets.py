"""Open findings as work for those who run the services: what to do, and how to see that it is done."""

from dataclasses import dataclass

from sovscan.model.audit import Alternative, Move
from sovscan.model.dependency import DependencyId
from sovscan.model.finding import Severity, Verdict
from sovscan.model.gate import Standing
from sovscan.render.format import RenderOptions
from sovscan.render.view.listing import TELLING, Listed, listed
from sovscan.render.view.reading import Reading
from sovscan.render.view.replacing import by_what, what

_PRIORITY = {Severity.CRITICAL: 1, Severity.HIGH: 2, Severity.MEDIUM: 3, Severity.LOW: 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One thing to do. The reader's words, except where a field says otherwise."""

    id: str
    """Fingerprint of the finding: the same at every run."""
    number: str
    """``F-01``, as the report of this run numbers it."""
    title: str
    status: str
    waived: bool
    verdict: str
    severity: str
    target: str
    layer: str
    service: str
    provider: str
    parent: str
    country: str
    """ISO code of the parent's country; empty when the finding is about the whole."""
    why: str
    """One sentence."""
    action: str
    done_when: str
    gain: float | None
    """Points of the simulation; None: nothing was simulated."""
    effort: str
    """``S``, ``M``, ``L``; empty when not estimated."""
    depends_on: tuple[str, ...]
    """Ids of tickets that come first."""
    priority: int
    """1 to 4, from the severity."""
    evidence: tuple[str, ...]
    """Observation ids."""


def tickets(reading: Reading, options: RenderOptions) -> tuple[Ticket, ...]:
    """One ticket for each open or waived finding, heaviest first."""
    entries = [
        entry
        for entry in listed(reading, options)
        if entry.finding.verdict in TELLING and entry.standing not in (Standing.ALLOWED, Standing.ASIDE)
    ]
    ids: dict[DependencyId, list[str]] = {}
    for entry in entries:
        if entry.finding.dependency is not None:
            ids.setdefault(entry.finding.dependency, []).append(entry.finding.id)
    return tuple(_ticket(reading, entry, ids) for entry in entries)


def _ticket(reading: Reading, entry: Listed, ids: dict[DependencyId, list[str]]) -> Ticket:
    finding, row, words = entry.finding, entry.row, reading.words
    move, best = _move(reading, finding.dependency)
    dependency = reading.dependencies.get(finding.dependency) if finding.dependency else None
    action = row.remedy
    if move is not None and best is not None:
        action = f"{action} {what(reading, move)} {by_what(reading, move, best)}.".strip()
    return Ticket(
        id=finding.id,
        number=row.number,
        title=row.title,
        status=words("ticket.waived" if entry.standing.accepted else "ticket.open"),
        waived=entry.standing.accepted,
        verdict=row.mark.word,
        severity=row.severity,
        target=reading.shown(dependency.domain, 160) if dependency else reading.name(reading.audit.organisation, 160),
        layer=reading.layer_name(finding.layer) if finding.layer else "",
        service=row.service,
        provider=entry.provider,
        parent=entry.controller,
        country=entry.country,
        why=_first_sentence(row.why),
        action=action,
        done_when=words("ticket.done", rule=finding.rule, verdict=words(f"verdict.{Verdict.CLEAR.value}")),
        gain=best.gain if best is not None else None,
        effort=(best.effort or "") if best is not None else "",
        depends_on=_before(reading, move, ids),
        priority=_PRIORITY[finding.severity],
        evidence=tuple(finding.because),
    )


def _move(reading: Reading, dependency: DependencyId | None) -> tuple[Move | None, Alternative | None]:
    for move in reading.audit.advice.moves if reading.rated and dependency else ():
        if dependency in move.dependencies and move.alternatives:
            return move, max(move.alternatives, key=lambda one: one.gain)
    return None, None


def _before(reading: Reading, move: Move | None, ids: dict[DependencyId, list[str]]) -> tuple[str, ...]:
    if move is None:
        return ()
    first = [
        dependency
        for other in reading.audit.advice.moves
        if other.layer is move.layer and other.provider in move.after
        for dependency in other.dependencies
    ]
    return tuple(dict.fromkeys(one for dependency in first for one in ids.get(dependency, ())))


def _first_sentence(text: str) -> str:
    head, stop, _ = text.partition(". ")
    return f"{head}." if stop else text
