"""What ``.gitignore`` leaves out (git's own description: https://git-scm.com/docs/gitignore, read 2026-11-21)."""

import fnmatch
import re
from collections.abc import Iterable
from dataclasses import dataclass

_MOST_LINES = 2_000
_LONGEST_LINE = 512


@dataclass(frozen=True, slots=True)
class _Line:
    pattern: re.Pattern[str]
    keep: bool
    folders_only: bool
    anchored: bool


class Ignored:
    """The lines of the ``.gitignore`` files from the root of a checkout down to one folder; the last match decides."""

    def __init__(self, files: tuple[tuple[str, tuple[_Line, ...]], ...] = ()) -> None:
        self._files = files

    def within(self, folder: str, content: bytes) -> "Ignored":
        """With the file of one more folder, given by its path from the root (empty: the root itself)."""
        return Ignored((*self._files, (f"{folder}/" if folder else "", tuple(_lines(content)))))

    def __call__(self, path: str, *, folder: bool) -> bool:
        """Whether a file or folder, by its path from the root, is left out."""
        for base, lines in reversed(self._files):
            if not path.startswith(base):
                continue
            inner = path[len(base) :]
            name = inner.rpartition("/")[2]
            for line in reversed(lines):
                if line.folders_only and not folder:
                    continue
                if line.pattern.match(inner if line.anchored else name):
                    return not line.keep
        return False


def _lines(content: bytes) -> Iterable[_Line]:
    for raw in content.decode("utf-8", "replace").splitlines()[:_MOST_LINES]:
        text = raw.rstrip()
        if not text or text.startswith("#") or len(text) > _LONGEST_LINE:
            continue
        keep = text.startswith("!")
        text = text[1:] if keep else text.removeprefix("\\")
        folders_only = text.endswith("/")
        text = text.rstrip("/")
        anchored = "/" in text
        if text.strip("/*"):
            yield _Line(re.compile(_expression(text.removeprefix("/"))), keep, folders_only, anchored)
        elif text in {"*", "/*", "**"}:
            yield _Line(re.compile(r"[^/]+\Z"), keep, folders_only, anchored=False)


def _expression(pattern: str) -> str:
    """The pattern as an expression: runs of stars are one, so that no pattern costs more than its length."""
    parts: list[str] = []
    segments = pattern.split("/")
    for number, segment in enumerate(segments):
        last = number == len(segments) - 1
        if segment == "**":
            parts.append(".*" if last else "(?:.*/)?")
            continue
        translated = fnmatch.translate(re.sub(r"\*+", "*", segment))
        inner = translated.removeprefix("(?s:").removesuffix(r")\Z").replace(".*", "[^/]*")
        parts.append(inner + ("" if last else "/"))
    return "".join(parts) + r"\Z"
