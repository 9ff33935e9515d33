"""From registry answers to observations."""

from sovscan.files.evidence_bundle import make_observation
from sovscan.model.evidence import Observation
from sovscan.net.answers import RdapAnswer
from sovscan.readers.mailboxes import without_mailboxes

TEXT_LIMIT = 300
"""Characters kept of one field."""


def from_rdap(probe: str, answer: RdapAnswer, *, value: str) -> Observation:
    """The observation of one registry answer; the field named ``value`` is its value, all fields are its detail."""
    fields = {name: without_mailboxes(text)[:TEXT_LIMIT] for name, text in answer.fields.items() if text}
    return make_observation(
        probe=probe,
        subject=answer.subject,
        outcome=answer.outcome,
        reason=answer.reason,
        values=[fields[value]] if value in fields else [],
        detail=fields,
        asked=answer.asked,
    )
