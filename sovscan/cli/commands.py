"""Text that no CI runner takes for one of its commands.

GitHub reads ``::name`` at the beginning of a line and ``##[name`` anywhere in it, Azure Pipelines ``##vso[`` and
``##[``, TeamCity ``##teamcity[``. A file name, a DNS answer or an organisation's name may hold any of these, and what
is printed in a job is read by its runner.
"""

import json
import re

_IN_A_LINE = re.compile(r"##(?=[A-Za-z]*\[)")
_AT_THE_START = re.compile(r"(?:^|(?<=\r))([^\S\r\n]*):(?=:)", re.MULTILINE)
"""A runner ends a line at a lone carriage return too."""
_UNSEEN = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
_STRING, _ENTITY = r"\\u0023#", "&#35;#"
"""The first sign as JSON and as markup may write it: who reads the data reads the same."""


def without_commands(content: bytes, media_type: str = "text/plain", *, ours: bool = False) -> bytes:
    """The content with commands broken: data says the same as before, text has a space in them.

    Data also loses signs that a terminal obeys or does not show, for escapes of theirs; in text they are shown already.

    ``ours``: lines that begin with two colons are commands on purpose. What is neither text nor data is left alone.
    """
    data, markup = "json" in media_type, media_type.endswith(("html", "xml"))
    if not (data or markup or media_type.startswith("text/")):
        return content
    text = content.decode("utf-8", "surrogateescape")
    text = _IN_A_LINE.sub(_STRING if data else _ENTITY if markup else "# #", text)
    if data:
        text = _UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text)
    if not (ours or data):
        text = _AT_THE_START.sub(r"\1&#58;" if markup else r"\1 : ", text)
    return text.encode("utf-8", "surrogateescape")
