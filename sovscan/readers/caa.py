"""CAA records: which authorities may issue for a name (RFC 8659)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_RECORD = re.compile(r'([0-9]{1,3}) ([A-Za-z0-9]+) "?(.*?)"?\Z', re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaaRecord:
    """One property."""

    critical: bool
    tag: str
    """``issue``, ``issuewild``, ``iodef`` or another word, in lower case."""
    issuer: str
    """Domain of the authority of ``issue`` and ``issuewild``, lower case; empty: nobody may issue, or another tag."""
    value: str
    """The value as published."""
    parameters: Mapping[str, str] = field(default_factory=dict)


def parse_caa(record: str) -> CaaRecord | None:
    """The property of a record in presentation form, ``0 issue "letsencrypt.org"``; None when it is unreadable."""
    match = _RECORD.match(record)
    if match is None:
        return None
    tag, value = match[2].lower(), match[3]
    issuer, parameters = "", {}
    if tag in {"issue", "issuewild"}:
        issuer, *rest = (part.strip() for part in value.split(";"))
        parameters = {name.strip(): text.strip() for name, equals, text in (p.partition("=") for p in rest) if equals}
    return CaaRecord(
        critical=int(match[1]) & 128 != 0,
        tag=tag,
        issuer=issuer.lower().rstrip("."),
        value=value,
        parameters=parameters,
    )
