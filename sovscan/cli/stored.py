"""Results written by an audit, read back."""

from pathlib import Path
from typing import TYPE_CHECKING

from sovscan.cli.exits import Refusal

if TYPE_CHECKING:
    from sovscan.model.audit import Audit


def read_result(path: Path) -> "Audit":
    """The audit in a ``result.json`` or in a bundle that has one. Raises Refusal when it cannot be used."""
    from sovscan.cli.bundle import RESULT_FILE, files_of, is_archive

    file = path / RESULT_FILE if path.is_dir() else path
    try:
        content = files_of(path)[RESULT_FILE] if is_archive(path) else file.read_bytes()
    except (FileNotFoundError, IsADirectoryError, KeyError) as error:
        raise Refusal(f"{path}: no result there", "give the result.json an audit wrote") from error
    return audit_in(content, str(file))


def audit_in(content: bytes, name: str) -> "Audit":
    """The audit in the bytes of a result. Raises Refusal when it cannot be used."""
    from sovscan.files import canonical
    from sovscan.files.records import RecordError, from_plain
    from sovscan.model.audit import AUDIT_SCHEMA, Audit

    try:
        plain = canonical.loads(content)
        schema = plain.get("schema") if isinstance(plain, dict) else None
        if schema != AUDIT_SCHEMA:
            raise Refusal(f"{name}: schema is {schema!r}, this version reads {AUDIT_SCHEMA!r}", "judge again")
        return from_plain(Audit, plain)
    except (canonical.CanonicalError, RecordError) as error:
        raise Refusal(f"{name}: {error}", "judge the evidence again to rebuild it") from error
