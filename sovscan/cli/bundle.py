"""The evidence bundle: a folder, or one archive, that carries its own proof (REPORTS 12)."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from sovscan.cli.archive import SUFFIX, ArchiveError, packed, unpacked
from sovscan.cli.exits import Refusal
from sovscan.compare.since import kept_bytes
from sovscan.files import canonical
from sovscan.files.evidence_bundle import EvidenceError, evidence_digest, read_evidence, write_evidence
from sovscan.files.records import to_plain
from sovscan.files.writing import write_atomically
from sovscan.model.audit import Audit
from sovscan.model.evidence import Evidence

EVIDENCE_FILE = "evidence.jsonl"
RESULT_FILE = "result.json"
PREVIOUS_FILE = "previous.json"
"""The part of an earlier result that this one is compared with."""
MANIFEST_FILE = "manifest.json"
CHECKSUM_FILE = "manifest.sha256"
REQUEST_FILE = "seal.tsq"
REPLY_FILE = "seal.tsr"
FILES = (EVIDENCE_FILE, RESULT_FILE, PREVIOUS_FILE, MANIFEST_FILE, CHECKSUM_FILE, REQUEST_FILE, REPLY_FILE)


def write_bundle(place: Path, evidence: Evidence, result: Audit | None, previous: Audit | None = None) -> None:
    """Write evidence, result and manifest in a folder, or in one archive when ``place`` ends in ``.tar.gz``.

    ``previous``: the earlier audit that the result is compared with; a part of it is kept. The manifest comes last, so
    that an interrupted run cannot verify.
    """
    files = _contents(evidence, result, previous)
    if is_archive(place):
        write_atomically(place, packed(files, place.name.removesuffix(SUFFIX)))
        return
    # A seal is of the manifest before, and so is what that was compared with.
    for name in {REQUEST_FILE, REPLY_FILE, PREVIOUS_FILE} - files.keys():
        (place / name).unlink(missing_ok=True)
    for name, content in files.items():
        write_atomically(place / name, content)


def write_archive(place: Path, folder: Path) -> None:
    """The files of a bundle folder as one archive."""
    write_atomically(place, packed(files_of(folder), place.name.removesuffix(SUFFIX)))


def is_archive(path: Path) -> bool:
    """Whether a bundle of that name is one file."""
    return path.name.endswith(SUFFIX)


def files_of(path: Path) -> dict[str, bytes]:
    """The files of a bundle by name; of a folder, only those that a bundle has. Raises Refusal when there is none."""
    try:
        if path.is_dir():
            found = {name: (path / name).read_bytes() for name in FILES if (path / name).is_file()}
        else:
            found = unpacked(path.read_bytes())
    except OSError as error:
        raise Refusal(f"{path}: {error.strerror}", "give a NAME.sovscan folder or its .tar.gz") from error
    except ArchiveError as error:
        raise Refusal(f"{path}: {error}", "give a NAME.sovscan folder or its .tar.gz") from error
    return found


def read_bundle(path: Path) -> Evidence:
    """The evidence in a bundle or an ``evidence.jsonl``. Raises Refusal when it cannot be used."""
    file = path / EVIDENCE_FILE if path.is_dir() else path
    try:
        if is_archive(path):
            return read_evidence(files_of(path)[EVIDENCE_FILE], EVIDENCE_FILE)
        return read_evidence(file.read_bytes(), file.name)
    except (FileNotFoundError, IsADirectoryError, KeyError) as error:
        raise Refusal(f"{path}: no evidence there", "give a NAME.sovscan folder or an evidence.jsonl file") from error
    except EvidenceError as error:
        if file.name == RESULT_FILE:
            raise Refusal(
                f"{path}: a result holds no file of evidence",
                "give NAME.sovscan to judge again, or use 'sovscan report'",
            ) from error
        raise Refusal(
            str(error), "collect again with this version, or judge with the version that collected"
        ) from error


def faults(files: Mapping[str, bytes]) -> list[str]:
    """Everything in a bundle that does not match its manifest; empty when it verifies. The seal is checked apart."""
    try:
        content = files[MANIFEST_FILE]
        checksum = files[CHECKSUM_FILE].decode("ascii").split()[0]
        manifest = canonical.loads(content)
        listed = dict(manifest["files"])
    except (KeyError, ValueError, IndexError, TypeError) as error:
        return [f"manifest: {error}"]
    found = [] if hashlib.sha256(content).hexdigest() == checksum else ["manifest: does not match its checksum"]
    for name, digest in sorted(listed.items()):
        if name not in files:
            found.append(f"{name}: is missing")
        elif hashlib.sha256(files[name]).hexdigest() != digest:
            found.append(f"{name}: changed since the manifest was written")
    listed_or_ours = {*listed, MANIFEST_FILE, CHECKSUM_FILE, REQUEST_FILE, REPLY_FILE}
    found.extend(f"{name}: is not in the manifest" for name in sorted(set(files) - listed_or_ours))
    found.extend(_faults_of_previous(files))
    try:
        evidence = read_evidence(files[EVIDENCE_FILE], EVIDENCE_FILE)
    except KeyError:
        return found if EVIDENCE_FILE in listed else [*found, f"{EVIDENCE_FILE}: is missing"]
    except EvidenceError as error:
        return [*found, str(error)]
    if evidence_digest(evidence) != manifest.get("evidence_digest"):
        found.append(f"{EVIDENCE_FILE}: its digest is not the manifest's")
    return found


def _faults_of_previous(files: Mapping[str, bytes]) -> list[str]:
    """Where the comparison of the result is not with the earlier result beside it."""
    if PREVIOUS_FILE not in files or RESULT_FILE not in files:
        return []
    try:
        told = canonical.loads(files[RESULT_FILE])["previous"]["digest"]
    except (canonical.CanonicalError, KeyError, TypeError):
        told = None
    digest = hashlib.sha256(files[PREVIOUS_FILE]).hexdigest()
    return [] if told == digest else [f"{PREVIOUS_FILE}: is not what {RESULT_FILE} is compared with"]


def _contents(evidence: Evidence, result: Audit | None, previous: Audit | None) -> dict[str, bytes]:
    files = {EVIDENCE_FILE: write_evidence(evidence)}
    if result is not None:
        files[RESULT_FILE] = canonical.dumps_pretty(to_plain(result))
    if previous is not None:
        files[PREVIOUS_FILE] = kept_bytes(previous)
    manifest = {
        "schema": "sovscan-manifest/1",
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        "evidence_digest": evidence_digest(evidence),
        "collected_at": evidence.collected_at,
        "options": dict(evidence.vantage.options),
        "versions": dict(evidence.versions),
        "catalogue_digest": result.catalogue_digest if result else None,
        "rulebook_digest": result.rulebook_digest if result else None,
        "model_version": result.model_version if result else None,
    }
    content = canonical.dumps_pretty(manifest)
    checksum = f"{hashlib.sha256(content).hexdigest()}  {MANIFEST_FILE}\n".encode()
    return files | {MANIFEST_FILE: content, CHECKSUM_FILE: checksum}
