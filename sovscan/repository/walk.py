"""The files of a checkout that may be read: regular ones inside it, in order, with a count of all that was left out."""

import codecs
import os
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sovscan.files.safe_text import safe_text
from sovscan.repository.ignore import Ignored

MOST_FILES = 200_000
MOST_FOLDERS = 50_000
DEEPEST = 40
"""Folders below the root."""
_BIGGEST_IGNORE_FILE = 262_144
_SNIFFED = 1_024

VENDORED = frozenset({
    "node_modules", "bower_components", "jspm_packages", "vendor", "third_party", "thirdparty", "site-packages",
    ".venv", "venv", "virtualenv", ".tox", ".nox", "__pycache__", ".eggs", ".git", ".hg", ".svn", ".jj", ".terraform",
    ".terragrunt-cache", ".gradle", ".mvn", ".next", ".nuxt", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".idea",
    ".yarn", "pods", "carthage", ".bundle",
})  # fmt: skip
"""Folders that hold other people's code, caches or the history."""


@dataclass(slots=True)
class Skips:
    """What was left out and why."""

    counts: Counter[str] = field(default_factory=Counter)
    """By reason: ``link``, ``not-regular``, ``too-large``, ``too-deep``, ``too-many``, ``ignored``, ``vendored``,
    ``binary``, ``unreadable``."""
    rules: list[tuple[str, bytes]] = field(default_factory=list)
    """Each ``.gitignore`` that was followed: its folder and what it says."""
    unentered: list[tuple[str, str]] = field(default_factory=list)
    """Folders that nobody chose to leave out and nobody looked into, each with the reason; anything may be there."""

    def enter_not(self, folder: str, reason: str) -> None:
        """Count a folder that cannot be looked into; of those beyond the most, the first alone is named."""
        if reason != "too-many" or not self.counts[reason]:
            self.unentered.append((printable(folder) or ".", reason))
        self.counts[reason] += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A regular file inside the root."""

    path: str
    """From the root, with slashes, printable."""
    size: int
    open_at: Path


def files_below(root: Path, skips: Skips, above: Ignored | None = None, prefix: str = "") -> Iterator[FoundFile]:
    """Regular files below ``root``, by name, without following a link; ``prefix`` goes before each path.

    ``above``: what the ``.gitignore`` files of the folders over the root say.
    """
    budget = [MOST_FILES, MOST_FOLDERS]
    yield from _folder(root, prefix, 0, above or Ignored(), skips, budget)


def read_regular(path: Path, limit: int) -> bytes | None:
    """The content of a regular file; None when it became something else or larger. Raises OSError.

    Opened without following a link and without waiting for the other end of a pipe.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        with os.fdopen(descriptor, "rb", closefd=False) as opened:
            content = opened.read(limit + 1)
    finally:
        os.close(descriptor)
    return content if len(content) <= limit else None


def is_binary(content: bytes) -> bool:
    """Whether the beginning holds a NUL, as git itself decides."""
    return b"\0" in content[:_SNIFFED]


def in_utf8(content: bytes) -> bytes:
    """The same text in UTF-8 where its mark says UTF-16, as some editors and shells write it; else as it is."""
    if not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content
    try:
        return content.decode("utf-16").encode()
    except UnicodeDecodeError:
        return content


def ignore_files_above(root: Path, skips: Skips) -> Ignored:
    """What the ``.gitignore`` files from the top of the checkout (the folder with ``.git``) down to ``root`` say.

    Paths are then those of ``root``, so that only lines without a slash can be taken over from above.
    """
    chain: list[Path] = []
    folder = root
    while not (folder / ".git").exists():
        if folder.parent == folder:
            return Ignored()
        folder = folder.parent
        chain.append(folder)
    ignored = Ignored()
    for one in reversed(chain):
        ignored = _with_file(ignored, one, "", skips, unanchored=True)
    return ignored


def _folder(  # noqa: PLR0917
    folder: Path, prefix: str, depth: int, ignored: Ignored, skips: Skips, budget: list[int]
) -> Iterator[FoundFile]:
    if budget[1] <= 0:
        skips.enter_not(prefix, "too-many")
        return
    budget[1] -= 1
    try:
        with os.scandir(folder) as scanned:
            entries = sorted(scanned, key=lambda entry: entry.name)
    except OSError:
        skips.enter_not(prefix, "unreadable")
        return
    ignored = _with_file(ignored, folder, prefix, skips)
    below = [entry for entry in entries if _is_folder(entry)]
    for entry in entries:
        path = f"{prefix}/{entry.name}" if prefix else entry.name
        if entry.is_symlink():
            skips.counts["link"] += 1
        elif entry in below:
            continue
        elif not entry.is_file(follow_symlinks=False):
            skips.counts["not-regular"] += 1
        elif ignored(path, folder=False):
            skips.counts["ignored"] += 1
        elif budget[0] <= 0:
            skips.enter_not(prefix, "too-many")
        else:
            budget[0] -= 1
            yield FoundFile(path=printable(path), size=_size(entry), open_at=Path(entry.path))
    for entry in below:
        path = f"{prefix}/{entry.name}" if prefix else entry.name
        if entry.name.lower() in VENDORED:
            skips.counts["vendored"] += 1
        elif ignored(path, folder=True):
            skips.counts["ignored"] += 1
        elif depth >= DEEPEST:
            skips.enter_not(path, "too-deep")
        else:
            yield from _folder(Path(entry.path), path, depth + 1, ignored, skips, budget)


def printable(path: str) -> str:
    """The path with everything unprintable made visible: a file name is written by a stranger."""
    return path if path.isascii() and path.isprintable() else safe_text(path, 4_096)


def _size(entry: "os.DirEntry[str]") -> int:
    """In bytes; 0 of a file about which nothing may be asked, which then cannot be opened either."""
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    return not entry.is_symlink() and entry.is_dir(follow_symlinks=False)


def _with_file(ignored: Ignored, folder: Path, prefix: str, skips: Skips, *, unanchored: bool = False) -> Ignored:
    path = folder / ".gitignore"
    try:
        content = read_regular(path, _BIGGEST_IGNORE_FILE)
    except OSError:
        return ignored
    if content is None:
        return ignored
    if unanchored:
        content = b"\n".join(line for line in content.splitlines() if b"/" not in line.rstrip().rstrip(b"/"))
    skips.rules.append((printable(prefix), content))
    return ignored.within(prefix, content)
