"""Evidence as a file: one header line, then one observation a line, in canonical order."""

from collections.abc import Iterable, Mapping

from sovscan.files import canonical
from sovscan.files.records import RecordError, from_plain, to_plain
from sovscan.model.evidence import EVIDENCE_SCHEMA, Asked, Evidence, Observation, ObservationId, Outcome


class EvidenceError(ValueError):
    """A file is no evidence this version can read; the message says where and why."""


def make_observation(
    *,
    probe: str,
    subject: str,
    outcome: Outcome,
    asked: Asked,
    reason: str | None = None,
    values: Iterable[str] = (),
    detail: Mapping[str, str] | None = None,
) -> Observation:
    """An observation with sorted values and its identity: a hash of everything but times and server.

    Lone surrogates, which no file can hold, become question marks before anything is sorted or hashed.
    """
    kept = tuple(sorted(_writable(value) for value in values))
    named = {name: _writable(text) for name, text in sorted((detail or {}).items())}
    identity = canonical.digest(
        [probe, subject, asked.name, asked.type, outcome.value, reason, list(kept), named],
    )
    return Observation(
        id=ObservationId(f"o-{identity[:16]}"),
        probe=probe,
        subject=subject,
        outcome=outcome,
        reason=reason,
        values=kept,
        detail=named,
        asked=asked,
    )


def _writable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def in_order(observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """Unique by identity, sorted by probe, subject, question type and id: the order of replies cannot be seen."""
    unique: dict[str, Observation] = {}
    for observation in observations:
        known = unique.get(observation.id)
        if known is None or observation.asked.started < known.asked.started:
            unique[observation.id] = observation
    return tuple(sorted(unique.values(), key=lambda seen: (seen.probe, seen.subject, seen.asked.type, seen.id)))


def evidence_digest(evidence: Evidence) -> str:
    """SHA-256 over organisation, targets and the observations' identities: what was seen, not when."""
    return canonical.digest(
        [
            evidence.schema,
            evidence.organisation,
            [to_plain(target) for target in evidence.targets],
            [observation.id for observation in evidence.observations],
        ]
    )


def write_evidence(evidence: Evidence) -> bytes:
    """JSON lines: the header, then the observations."""
    header = to_plain(evidence)
    observations = header.pop("observations")
    return b"".join(canonical.dumps(line) + b"\n" for line in (header, *observations))


def read_evidence(content: bytes, name: str) -> Evidence:
    """The evidence in a file.

    Raises EvidenceError with ``name:line`` when the schema is another one, a line does not parse, an observation's
    identity does not match its content, or the order is not canonical.
    """
    lines = content.splitlines()
    if not lines:
        raise EvidenceError(f"{name}:1: the file is empty")
    header = _line(lines[0], name, 1)
    if not isinstance(header, dict) or header.get("schema") != EVIDENCE_SCHEMA:
        found = header.get("schema") if isinstance(header, dict) else None
        raise EvidenceError(f"{name}:1: schema is {found!r}, this version reads {EVIDENCE_SCHEMA!r}")
    observations: list[Observation] = []
    for number, line in enumerate(lines[1:], start=2):
        try:
            observation = from_plain(Observation, _line(line, name, number))
        except RecordError as error:
            raise EvidenceError(f"{name}:{number}: {error}") from error
        if _identity(observation) != observation.id:
            raise EvidenceError(f"{name}:{number}: observation {observation.id} does not match its content")
        observations.append(observation)
    if in_order(observations) != tuple(observations):
        raise EvidenceError(f"{name}: observations are not unique and in canonical order")
    try:
        return from_plain(Evidence, {**header, "observations": [to_plain(seen) for seen in observations]})
    except RecordError as error:
        raise EvidenceError(f"{name}:1: {error}") from error


def _identity(observation: Observation) -> ObservationId:
    return make_observation(
        probe=observation.probe,
        subject=observation.subject,
        outcome=observation.outcome,
        reason=observation.reason,
        values=observation.values,
        detail=observation.detail,
        asked=observation.asked,
    ).id


def _line(line: bytes, name: str, number: int) -> canonical.Plain:
    try:
        return canonical.loads(line)
    except canonical.CanonicalError as error:
        raise EvidenceError(f"{name}:{number}: {error}") from error
