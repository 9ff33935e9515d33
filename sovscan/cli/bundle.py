"""The evidence bundle: a folder that carries its own proof (REPORTS 12)."""

import hashlib
from pathlib import Path

from sovscan.cli.exits import Refusal
from sovscan.files import canonical
from sovscan.files.evidence_bundle import EvidenceError, evidence_digest, read_evidence, write_evidence
from sovscan.files.records import to_plain
from sovscan.files.writing import write_atomically
from sovscan.model.audit import Audit
from sovscan.model.evidence import Evidence

EVIDENCE_FILE = "evidence.jsonl"
RESULT_FILE = "result.json"
MANIFEST_FILE = "manifest.json"
SEAL_FILE = "manifest.sha256"


def write_bundle(folder: Path, evidence: Evidence, result: Audit | None) -> None:
    """Write evidence, result and manifest; the manifest comes last, so that an interrupted run cannot verify."""
    files = {EVIDENCE_FILE: write_evidence(evidence)}
    if result is not None:
        files[RESULT_FILE] = canonical.dumps_pretty(to_plain(result))
    for name, content in files.items():
        write_atomically(folder / name, content)
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
    write_atomically(folder / MANIFEST_FILE, content)
    write_atomically(folder / SEAL_FILE, f"{hashlib.sha256(content).hexdigest()}  {MANIFEST_FILE}\n".encode())


def read_bundle(path: Path) -> Evidence:
    """The evidence in a bundle folder or an ``evidence.jsonl``. Raises Refusal when it cannot be used."""
    file = path / EVIDENCE_FILE if path.is_dir() else path
    try:
        return read_evidence(file.read_bytes(), file.name)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise Refusal(f"{path}: no evidence there", "give a NAME.sovscan folder or an evidence.jsonl file") from error
    except EvidenceError as error:
        raise Refusal(
            str(error), "collect again with this version, or judge with the version that collected"
        ) from error


def faults(folder: Path) -> list[str]:
    """Everything in a bundle that does not match its manifest; empty when it verifies."""
    try:
        content = (folder / MANIFEST_FILE).read_bytes()
        sealed = (folder / SEAL_FILE).read_text(encoding="ascii").split()[0]
        manifest = canonical.loads(content)
        listed = dict(manifest["files"])
    except (OSError, ValueError, IndexError, KeyError, TypeError) as error:
        return [f"manifest: {error}"]
    found = [] if hashlib.sha256(content).hexdigest() == sealed else ["manifest: does not match its seal"]
    for name, digest in sorted(listed.items()):
        try:
            actual = hashlib.sha256((folder / Path(name).name).read_bytes()).hexdigest()
        except OSError as error:
            found.append(f"{name}: {error.strerror}")
            continue
        if actual != digest:
            found.append(f"{name}: changed since the manifest was written")
    try:
        evidence = read_bundle(folder)
    except Refusal as refusal:
        return [*found, refusal.message]
    if evidence_digest(evidence) != manifest.get("evidence_digest"):
        found.append(f"{EVIDENCE_FILE}: its digest is not the manifest's")
    return found
