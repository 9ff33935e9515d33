"""What to do, as a list to tick off (CommonMark)."""

from collections.abc import Iterator

from sovscan.locale.words import Words
from sovscan.locale.words import words as words_of
from sovscan.model.audit import Audit
from sovscan.render.format import Format, RenderOptions
from sovscan.render.markdown import code, prose
from sovscan.render.view.reading import read
from sovscan.render.view.shown import Shown
from sovscan.render.view.tickets import Ticket, tickets


def render_tickets_md(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """One item a ticket, the heaviest first; waived ones are ticked and say so."""
    reading = read(audit, words_of(language), Shown())
    found = tickets(reading, options)
    lines = [
        f"# {prose(reading.words('ticket.heading', n=len(found)))} – {code(reading.name(audit.organisation, 100))}",
        "",
        prose(reading.words.day(audit.evidence.collected_at)),
        "",
    ]
    lines += [line for ticket in found for line in _item(ticket, reading.words)]
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _item(ticket: Ticket, words: Words) -> Iterator[str]:
    box = "x" if ticket.waived else " "
    yield f"- [{box}] **{prose(ticket.title)}** {code(ticket.id)} ({ticket.number}, {prose(ticket.status)})"
    chain = " → ".join(code(part) for part in (ticket.provider, ticket.parent, ticket.country) if part)
    gain = "" if ticket.gain is None else words.signed(ticket.gain)
    told = (
        ("ticket.service", " · ".join(part for part in (prose(ticket.service), code(ticket.target), chain) if part)),
        ("ticket.why", prose(ticket.why)),
        ("ticket.action", prose(ticket.action)),
        ("ticket.done_when", prose(ticket.done_when)),
        ("ticket.gain", prose(gain)),
        ("ticket.effort", prose(words(f"effort.{ticket.effort}")) if ticket.effort in ("S", "M", "L") else ""),
        ("ticket.after", " ".join(code(one) for one in ticket.depends_on)),
        ("ticket.priority", f"{ticket.priority} ({prose(ticket.severity)})"),
        ("ticket.evidence", " ".join(code(one) for one in ticket.evidence)),
    )
    for key, value in told:
        if value:
            yield f"  - {prose(words(key))}{words('punctuation.colon')} {value}"


FORMAT = Format(name="tickets-md", extension="md", media_type="text/markdown", render=render_tickets_md)
