"""A bundle as one ``.tar.gz``: fixed order, dates and owners, and nothing unpacked to disk when it is read."""

import gzip
import io
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

SUFFIX = ".tar.gz"
LARGEST = 512 * 1024**2
"""Bytes of all files together: a small archive can unfold to more than the machine holds."""
MOST_FILES = 16


class ArchiveError(ValueError):
    """Not an archive of a bundle; the message says why."""


def packed(files: Mapping[str, bytes], folder: str) -> bytes:
    """The files below ``folder``, in the order of their names; the same files give the same bytes."""
    tape = io.BytesIO()
    with tarfile.open(fileobj=tape, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(f"{folder}/{name}")
            entry.size, entry.mtime, entry.mode = len(content), 0, 0o644
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(tape.getvalue(), compresslevel=9, mtime=0)


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of an archive by their last name. Raises ArchiveError for anything but a few plain files."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            tape = stream.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ArchiveError(f"not a gzip file: {error}") from error
    if len(tape) > LARGEST:
        raise ArchiveError(f"unfolds to more than {LARGEST // 1024**2} MiB")
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(tape), mode="r:") as archive:
            for entry in archive:
                name, opened = PurePosixPath(entry.name).name, archive.extractfile(entry) if entry.isreg() else None
                if opened is None or name in found or len(found) >= MOST_FILES:
                    raise ArchiveError(f"{entry.name!r}: not one of a few plain files")
                found[name] = opened.read()
    except (tarfile.TarError, OSError) as error:
        raise ArchiveError(f"not a tar file: {error}") from error
    return found
