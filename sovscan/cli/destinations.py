"""Whether what was asked for can be written: looked at before anything is asked, read or judged.

What may go wrong is a folder that is a file, a file that is a folder, a place one may not write to. A disk that is full
later is not seen here.
"""

import errno
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from sovscan.cli.archive import SUFFIX
from sovscan.cli.deliver import Plan
from sovscan.cli.discovery import shown
from sovscan.cli.exits import Refusal

Asked = tuple[str, Path]
"""What asked for a path, as messages name it, and the path."""
_OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT})


def refuse_destinations(plan: Plan | None, evidence: Path | None = None) -> None:
    """Raise Refusal when an output of the plan, its deliverables or the bundle cannot be written where it is asked."""
    files: list[Asked] = []
    folders: list[Asked] = []
    if plan is not None:
        kept = plan.bundles
        for path in (output.path for output in plan.outputs if output.path is not None):
            inside = kept is not None and path.is_relative_to(kept)
            files.append(("--deliverables" if inside else "--output", path))
        if kept is not None:
            folders.append(("--deliverables", kept))
    if evidence is not None:
        (files if evidence.name.endswith(SUFFIX) else folders).append(("--evidence", evidence))
    refuse_unwritable(files, folders)


def refuse_unwritable(files: Iterable[Asked], folders: Iterable[Asked] = ()) -> None:
    """Raise Refusal for the first of them that cannot be written; nothing is left behind by looking."""
    files, folders = tuple(files), tuple(folders)
    _refuse_both(files, folders)
    seen: set[Path] = set()
    for option, path in (*files, *folders):
        try:
            folder = _as_file(option, path) if (option, path) in files else path
            if folder is not None:
                _as_folder(option, path, folder, seen)
        except OSError as error:
            if error.errno in _OF_THE_DISK:
                raise
            raise Refusal(f"{option}: {path}: {error.strerror}", "name a place that can be written to") from error


def _refuse_both(files: tuple[Asked, ...], folders: tuple[Asked, ...]) -> None:
    taken = {path.absolute() for _, path in files}
    for option, path in (*files, *folders):
        whole = path.absolute()
        above = {*whole.parents, *(() if (option, path) in files else (whole,))}
        if both := sorted(taken & above):
            raise Refusal(
                f"{option}: {path}: {shown(both[0])} is asked for as a file and as a folder",
                "give them different names",
            )


def _as_file(option: str, path: Path) -> Path | None:
    """The folder it will be put in; None when it is a device or a pipe, which is written to."""
    if path.is_dir():
        raise Refusal(
            f"{option}: {path}: a folder is there, and a file is to be written", f"name a file in it: {path / 'NAME'}"
        )
    if path.exists() and not path.is_file():
        if not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return None
    # It is written under a longer name first.
    path.with_name(f".{path.name}.{'0' * 12}").exists()
    return path.parent


def _as_folder(option: str, path: Path, folder: Path, seen: set[Path]) -> None:
    whole = folder.absolute()
    there = next(one for one in (whole, *whole.parents) if os.path.lexists(one))
    if there in seen:
        return
    if not there.is_dir():
        raise Refusal(
            f"{option}: {path}: {shown(there)} is a file, and a folder is to be there",
            "name another folder, or move the file",
        )
    # The permissions alone do not say it: a file system may be read-only, and root may write against them.
    with tempfile.TemporaryFile(dir=there):
        seen.add(there)
