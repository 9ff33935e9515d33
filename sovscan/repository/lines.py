"""Text of a file with its line numbers."""

import re
from bisect import bisect_right
from functools import cached_property

from sovscan.repository.trace import UnreadError


class Lines:
    """A decoded text that knows on which line an offset lies."""

    def __init__(self, content: bytes) -> None:
        """Take the content as UTF-8, or UTF-16 when it begins with that mark; what fits neither is replaced."""
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            self.text = content.decode("utf-16", "replace")
        else:
            self.text = content.decode("utf-8-sig", "replace")

    @cached_property
    def _ends(self) -> list[int]:
        return [match.end() for match in re.finditer("\n", self.text)]

    def at(self, offset: int) -> int:
        """The line, from 1, on which an offset lies."""
        return bisect_right(self._ends, offset) + 1

    def of(self, needle: str, start: int = 0) -> int:
        """The line of the first occurrence from an offset on; 1 when there is none."""
        found = self.text.find(needle, start)
        return 1 if found < 0 else self.at(found)

    def numbered(self) -> list[tuple[int, str]]:
        """Lines with their numbers, without line ends."""
        return list(enumerate(self.text.split("\n"), start=1))


def strict(content: bytes) -> Lines:
    """The text of a file whose format is UTF-8. Raises UnreadError on other bytes."""
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadError("not-utf-8", content.count(b"\n", 0, error.start) + 1) from error
    return Lines(content)
