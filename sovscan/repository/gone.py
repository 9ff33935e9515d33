"""Files that an earlier scan read and that are not in the tree any more: looked for one by one.

That a scan says nothing of a file is no sign that it is gone: it may be ignored now, or nobody gave it. Where the tree
is at hand, the question is asked. Where not one file of the earlier scan is under its name, it was scanned from another
folder, or this is another tree: then nothing is told of any.
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sovscan.files.evidence_bundle import in_order, make_observation
from sovscan.model.evidence import Asked, Evidence, Observation, Outcome
from sovscan.repository.scan import PROBE, Scanned, place_of
from sovscan.repository.walk import printable

_ESCAPED = re.compile(r"\\|… \[sha256:")
"""What ``printable`` puts in the place of what cannot be shown, or a backslash of the name itself."""


def with_gone(scanned: Scanned, before: Evidence, paths: Sequence[Path], names: Sequence[str] = ()) -> Scanned:
    """What was scanned, with an absence for each file of ``before`` that is not in the folders it was scanned from.

    ``paths`` and ``names``: as the scan was given them. Files given one by one say nothing of others.
    """
    now = scanned.evidence
    known = {_file(seen) for seen in now.observations if seen.probe == PROBE}
    folders = _folders(paths, names)
    there: set[str] = set()
    gone: dict[tuple[str, str], Observation] = {}
    for seen in before.observations:
        file = _file(seen)
        if seen.probe != PROBE or (place := folders.get(file[1])) is None:
            continue
        found = _is_there(*place, seen.subject)
        if found:
            there.add(file[1])
        elif found is False and seen.outcome is not Outcome.ABSENT and file not in known:
            gone[file] = _absence(seen, file[1])
    told = [seen for (_, tree), seen in gone.items() if tree in there]
    return replace(scanned, evidence=replace(now, observations=in_order((*now.observations, *told))))


def files_of(evidence: Evidence) -> frozenset[str]:
    """The files that a scan found something in, or could not read."""
    return frozenset(
        seen.subject for seen in evidence.observations if seen.probe == PROBE and seen.outcome is not Outcome.ABSENT
    )


def _absence(seen: Observation, tree: str) -> Observation:
    return make_observation(
        probe=PROBE,
        subject=seen.subject,
        outcome=Outcome.ABSENT,
        reason="gone",
        detail={"repository": tree} if tree else {},
        asked=Asked(name=seen.subject, type=seen.asked.type, transport="file"),
    )


def _file(seen: Observation) -> tuple[str, str]:
    return seen.subject, seen.detail.get("repository", "")


def _folders(paths: Sequence[Path], names: Sequence[str]) -> Mapping[str, tuple[Path, str]]:
    """Folder and what its files are written below, by the name under which evidence keeps it; none that two share."""
    found: dict[str, list[tuple[Path, str]]] = {}
    for number, given in enumerate(paths):
        real, prefix = place_of(given)
        name = names[number] if names else Path(os.path.realpath(real)).name or "repository"
        key = printable(name) if len(paths) > 1 else ""
        if real.is_dir():
            found.setdefault(key, []).append((real, prefix))
    return {key: places[0] for key, places in found.items() if len(places) == 1}


def _is_there(folder: Path, prefix: str, subject: str) -> bool | None:
    """Whether there is a file of that name; None when that cannot be told, as of a name written with escapes."""
    below = subject.removeprefix(f"{prefix}/") if prefix else subject
    if (prefix and below == subject) or not below or {"", ".", ".."} & set(below.split("/")):
        return None
    try:
        (folder / below).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None if _ESCAPED.search(below) else False
    except (OSError, ValueError):
        return None
    return True
