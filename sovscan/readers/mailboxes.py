"""Mail addresses reduced to their domain: whose mailbox it is does not matter, who receives does."""

import re

from sovscan.readers.names import labels_of

_LOCAL_PART = re.compile(r"""[^\s"<>,;:=!@()\[\]]+(?:@|%40)(?=[A-Za-z0-9_\[-])""", re.IGNORECASE)


def without_mailboxes(text: str) -> str:
    """The text with every mail address cut down to ``@domain``, so that no personal mailbox is ever stored."""
    return _LOCAL_PART.sub("@", text) if "@" in text or "%40" in text else text


def soa_without_mailbox(record: str) -> str:
    """An SOA record whose responsible mailbox (RFC 1035, 3.3.13: its first label) is reduced to its domain."""
    fields = record.split(" ")
    if len(fields) > 1:
        labels = labels_of(fields[1])
        fields[1] = ".".join(labels[1:]) or "."
    return " ".join(fields)


def mail_domains(text: str) -> tuple[str, ...]:
    """Domains of the mail addresses of a text, lower case, sorted, unique; the text may be reduced already."""
    found = re.findall(r"(?:@|%40)([A-Za-z0-9_.-]+)", text)
    return tuple(sorted({domain.lower().strip(".") for domain in found} - {""}))
