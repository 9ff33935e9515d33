"""``--previous``: an earlier audit of the same organisation, read, checked, and compared with."""

import hashlib
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sovscan.cli.bundle import MANIFEST_FILE, PREVIOUS_FILE, faults, files_of, is_archive
from sovscan.cli.discovery import FoundFile
from sovscan.cli.exits import Refusal
from sovscan.cli.stored import audit_in, read_result
from sovscan.files.safe_text import safe_text
from sovscan.files.strict_yaml import Node
from sovscan.model.audit import Audit

if TYPE_CHECKING:
    from sovscan.cli.comparing import Files
    from sovscan.model.evidence import Evidence

_TREE = "repository"
_GIVE_INTACT = "an earlier audit that was changed proves nothing: give the intact one"


def read_previous(path: Path) -> Audit:
    """The part of an earlier audit that is compared. Raises Refusal when it is foreign or damaged.

    A ``result.json``, or a bundle that has one; a bundle must be what its manifest says.
    """
    found = read_result(path)
    if path.is_dir() or is_archive(path):
        files = files_of(path)
        if MANIFEST_FILE in files and (wrong := faults(files)):
            raise Refusal(f"{path}: {wrong[0]}", _GIVE_INTACT)
    return _intact(found, str(path))


def previous_beside(bundle: Path) -> Audit | None:
    """The earlier audit that a bundle carries; None: it carries none. Raises Refusal when it is damaged."""
    if is_archive(bundle):
        content = files_of(bundle).get(PREVIOUS_FILE)
    else:
        file = bundle / PREVIOUS_FILE
        content = file.read_bytes() if file.is_file() else None
    place = f"{bundle}/{PREVIOUS_FILE}"
    return None if content is None else _intact(audit_in(content, place), place)


def named_previous(option: Path | None, written: Node | None, file: FoundFile | None) -> Audit | None:
    """What the option names, else what ``previous:`` of the organisation file names, by its folder; None: neither.

    Raises Refusal for a path outside the folder of a file that nobody named: the author of a change must not choose
    what else is read.
    """
    if option is not None or written is None:
        return None if option is None else read_previous(option)
    base = file.path.parent if file is not None else Path()
    path = base / written.text()
    if file is not None and not file.named and not path.resolve().is_relative_to(base.resolve()):
        raise Refusal(
            f"{written.where}: {written.text()} lies outside the folder of a file that nobody named",
            f"name it: --config {file.shown}",
        )
    try:
        return read_previous(path)
    except Refusal as error:
        raise Refusal(f"{written.where}: {error.message}", error.help) from error


def refuse_other(previous: Audit, targets: Collection[str], collected_at: str) -> None:
    """Raise Refusal when the earlier audit shares no main target, or was collected later.

    ``targets``: main ones of today. ``collected_at``: when today's evidence was, or is about to be, collected.
    """
    then = {target.value for target in previous.evidence.targets if target.main}
    if not then & set(targets):
        tree = "; a source tree is known by the name of its folder" if previous.evidence.vantage.mode == _TREE else ""
        raise Refusal(
            f"--previous: it audits another organisation: {_listed(then)}, not {_listed(targets)}",
            f"give an earlier audit of the same main target{tree}",
        )
    earlier = previous.evidence.collected_at
    if earlier > collected_at:
        raise Refusal(
            f"--previous: it was collected later, {safe_text(earlier, 40)}, than what is compared, {collected_at[:19]}",
            "give the earlier audit",
        )


def main_targets(evidence: "Evidence") -> tuple[str, ...]:
    """Targets that weigh whole."""
    return tuple(target.value for target in evidence.targets if target.main)


def compared(result: Audit, previous: Audit, files: "Files") -> Audit:
    """The result with what changed since. ``files``: the catalogue and rules it was judged with."""
    from sovscan.cli.comparing import stages_since
    from sovscan.compare import kept_bytes, since

    digest = hashlib.sha256(kept_bytes(previous)).hexdigest()
    return replace(result, previous=since(previous, stages_since(previous, result, files), digest))


def _intact(found: Audit, place: str) -> Audit:
    from sovscan.compare import kept
    from sovscan.files.evidence_bundle import EvidenceError, evidence_digest, read_evidence, write_evidence

    try:
        evidence = read_evidence(write_evidence(found.evidence), place)
    except EvidenceError as error:
        raise Refusal(str(error), _GIVE_INTACT) from error
    if evidence_digest(evidence) != found.evidence_digest:
        raise Refusal(f"{place}: its evidence is not the one it was judged from", _GIVE_INTACT)
    return kept(found)


def _listed(names: Collection[str]) -> str:
    shown = ", ".join(safe_text(name, 80) for name in sorted(names)[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown or "no main target"
