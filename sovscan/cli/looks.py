"""``--template``: a look by name, or a folder of the auditor's own files that stand in place of ours."""

import os
from pathlib import Path

from sovscan.cli.exits import Refusal
from sovscan.render.format import RenderError, RenderOptions
from sovscan.render.look import LARGEST, checked_look, own_look

_UNREAD = (".md", ".txt", ".license")
"""Notes and licences beside the files of a look."""


def chosen_look(template: str) -> RenderOptions:
    """The options of a look. Raises Refusal for a name or a folder that is none.

    A folder is named with a separator (``./brand``): a bare name is one of ours, whatever lies in the working folder.
    """
    try:
        if os.sep not in template and "/" not in template:
            return RenderOptions(template=checked_look(template))
        return RenderOptions(look_files=own_look(_files(Path(template))))
    except OSError as error:
        raise Refusal(
            f"--template: {error.filename or template}: {error.strerror}", "name a folder of files"
        ) from error
    except RenderError as error:
        advice = "" if os.sep in template else f"; a folder is named with a separator: ./{template}"
        raise Refusal(f"--template: {error}{advice}", "see 'White label' in docs/reports.md") from error


def _files(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        raise NotADirectoryError(20, "not a folder", str(folder))
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if hidden or not path.is_file() or (path.suffix.lower() in _UNREAD and name != "fonts/coverage.txt"):
            continue
        with path.open("rb") as opened:
            found[name] = opened.read(LARGEST + 1)
    if not found:
        raise RenderError(f"{folder}: no file of a look in it")
    return found
