"""Files that an earlier scan read and that are not in the tree any more: looked for one by one.

That a scan says nothing of a file is no sign that it is gone: it may be ignored now, or nobody gave it. Where the tree
is at hand, the question is asked.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sovscan.files.evidence_bundle import in_order, make_observation
from sovscan.model.evidence import Asked, Evidence, Observation, Outcome
from sovscan.repository.scan import PROBE, Scanned, place_of
from sovscan.repository.walk import printable


def with_gone(scanned: Scanned, before: Evidence, paths: Sequence[Path], names: Sequence[str] = ()) -> Scanned:
    """What was scanned, with an absence for each file of ``before`` that is not in the folders it was scanned from.

    ``paths`` and ``names``: as the scan was given them. Files given one by one say nothing of others.
    """
    now = scanned.evidence
    known = {_file(seen) for seen in now.observations if seen.probe == PROBE}
    folders = _folders(paths, names)
    gone: dict[tuple[str, str], Observation] = {}
    for seen in before.observations:
        file = _file(seen)
        if seen.probe != PROBE or seen.outcome is Outcome.ABSENT or file in known or file in gone:
            continue
        place = folders.get(file[1])
        if place is not None and _is_gone(*place, seen.subject):
            gone[file] = make_observation(
                probe=PROBE,
                subject=seen.subject,
                outcome=Outcome.ABSENT,
                reason="gone",
                detail={"repository": file[1]} if file[1] else {},
                asked=Asked(name=seen.subject, type=seen.asked.type, transport="file"),
            )
    if not gone:
        return scanned
    return replace(scanned, evidence=replace(now, observations=in_order((*now.observations, *gone.values()))))


def files_of(evidence: Evidence) -> frozenset[str]:
    """The files that a scan found something in, or could not read."""
    return frozenset(
        seen.subject for seen in evidence.observations if seen.probe == PROBE and seen.outcome is not Outcome.ABSENT
    )


def _file(seen: Observation) -> tuple[str, str]:
    return seen.subject, seen.detail.get("repository", "")


def _folders(paths: Sequence[Path], names: Sequence[str]) -> Mapping[str, tuple[Path, str]]:
    """Folder and what its files are written below, by the name under which evidence keeps it."""
    found: dict[str, tuple[Path, str]] = {}
    for number, given in enumerate(paths):
        real, prefix = place_of(given)
        name = names[number] if names else Path(os.path.realpath(real)).name or "repository"
        key = printable(name) if len(paths) > 1 else ""
        if real.is_dir():
            found[key] = (real, prefix)
    return found


def _is_gone(folder: Path, prefix: str, subject: str) -> bool:
    below = subject.removeprefix(f"{prefix}/") if prefix else subject
    if (prefix and below == subject) or not below or {"", ".", ".."} & set(below.split("/")):
        return False
    try:
        (folder / below).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False
