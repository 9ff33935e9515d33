"""French typography, for our own sentences only.

Evidence, addresses and markup never pass through here: a record must be shown as it was.
Spaces follow the usage of the Imprimerie nationale: U+202F before ``; ! ?``, U+00A0 before ``:`` and ``%`` and inside
quotation marks.
"""

import re

NARROW = "\u202f"
WIDE = "\u00a0"

_STEPS = (
    (re.compile(r"'"), "’"),
    (re.compile(r"[ \u00a0\u202f]?(?<=[\w)\]»%’ \u00a0\u202f])([;!?])(?=[\s)»]|$)"), NARROW + r"\1"),
    (re.compile(r"[ \u00a0\u202f]?(?<=[\w)\]»%’} \u00a0\u202f]):(?=\s|$)"), WIDE + ":"),
    (re.compile(r"«[ \u00a0\u202f]?"), "«" + WIDE),
    (re.compile(r"[ \u00a0\u202f]?»"), WIDE + "»"),
    (re.compile(r"(?<=[\d}])[ \u00a0\u202f]?([%€])"), WIDE + r"\1"),
    (re.compile(r"\b([nN]°|[pP]\.|art\.|§) (?=[\dIVX{])"), r"\1" + WIDE),
)


def french(text: str) -> str:
    """The sentence with French spaces and apostrophes; applied twice it changes nothing more."""
    for pattern, replacement in _STEPS:
        text = pattern.sub(replacement, text)
    return text
