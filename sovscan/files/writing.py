"""Files written whole or not at all, under names that cannot leave their folder."""

import contextlib
import errno
import hashlib
import os
import re
import secrets
import unicodedata
from pathlib import Path

SLUG_LIMIT = 120
"""Bytes of a file name made from somebody else's text."""

_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")


def write_atomically(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` through a temporary name in the same folder, then rename.

    Raises OSError, the full disk included; the old file, if any, is then untouched. No link is followed at ``path``:
    the rename replaces it. A device or a pipe is written to, for a rename would destroy it; a link to one is refused,
    and a disk.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if _is_special(path):
        if path.is_symlink() or path.is_block_device():
            raise OSError(errno.EPERM, "Neither a file nor a pipe", str(path))
        with path.open("wb") as stream:
            stream.write(content)
        return
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o644)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        # Whoever reads the message asked for this path, not for the temporary one.
        raise OSError(error.errno, error.strerror, str(path)) from error


def _is_special(path: Path) -> bool:
    return path.exists() and not path.is_file() and not path.is_dir()


def slug(name: str) -> str:
    """A file name of ``[a-z0-9._-]``, at most 120 bytes, unique per distinct ``name`` and safe on every system."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    simple = re.sub(r"[^a-z0-9._-]+", "-", plain).strip("-.")
    if simple and simple == name and len(simple) <= SLUG_LIMIT and not _RESERVED.match(simple) and ".." not in simple:
        return simple
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    simple = simple.replace("..", ".")[: SLUG_LIMIT - 9].rstrip("-.")
    return f"{simple or 'x'}-{mark}"
