"""Checkouts and single files → evidence, as if a network had been asked: one observation a file that says something."""

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sovscan.files.evidence_bundle import in_order, make_observation
from sovscan.model.evidence import Asked, Evidence, Observation, Outcome, Vantage
from sovscan.model.target import Target, TargetKind
from sovscan.repository.registry import Recogniser, all_readers
from sovscan.repository.trace import LONGEST_VALUE, Reader, Trace, TraceKind, UnreadError
from sovscan.repository.walk import (
    FoundFile,
    Skips,
    files_below,
    ignore_files_above,
    in_utf8,
    is_binary,
    printable,
    read_regular,
)

PROBE = "repository"
GIVEN = "skipped-all-but-files-given"
"""Option of evidence: how many files were given one by one, so that nothing is said of the others."""
IGNORING = "ignore-rules"
"""Option of evidence: what the ``.gitignore`` files said, as a digest; absent without one."""
MOST_TRACES = 2_000
"""Traces kept of one file."""
MOST_LINES, MOST_WORDS = 5, 8
"""Line numbers and words kept of one trace."""
MINOR = frozenset({"mention", "implicit", "dev", "indirect", "web", "root"})
"""Words of a trace that says less than one without them."""
_TESTS = re.compile(
    r"(?:\A|/)(?:tests?|testing|__tests__|specs?|e2e|fixtures?|testdata|test-data|mocks?|examples?|samples?|demos?)/"
    r"|(?:\A|/)(?:test_[^/]+|conftest)\.py\Z|[._-](?:test|tests|spec)\.[a-z]+\Z|Tests?\.(?:java|cs|kt)\Z",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What was read, and whether there was anything to read."""

    evidence: Evidence
    recognised: int
    """Files of a known sort, read or not."""
    empty: tuple[str, ...] = ()
    """Paths, as they are written in evidence, below which no file of a known sort lies."""


@dataclass(slots=True)
class _Run:
    recogniser: Recogniser
    skips: Skips = field(default_factory=Skips)
    observations: list[Observation] = field(default_factory=list)
    recognised: int = 0
    read: int = 0
    given: int = 0
    large: list[str] = field(default_factory=list)
    repository: str = ""
    """Name of the checkout being read, when there are several."""


def scan(
    paths: Sequence[Path],
    *,
    names: Sequence[str] = (),
    organisation: str | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    versions: Mapping[str, str] | None = None,
    readers: Iterable[Reader] | None = None,
) -> Scanned:
    """The evidence of some checkouts or single files; every path given must exist.

    Paths inside the working directory are written as they are from there, so that they fit the forge's own; others
    from the path given. ``names``: of the targets, one a path; without them, those of the folders.
    """
    run = _Run(Recogniser(all_readers() if readers is None else readers))
    targets: list[Target] = []
    empty: list[str] = []
    for number, given in enumerate(paths):
        before = run.recognised
        real, prefix = place_of(given)
        if real.is_dir():
            name = names[number] if names else Path(os.path.realpath(real)).name or "repository"
            run.repository = printable(name) if len(paths) > 1 else ""
            for found in files_below(real, run.skips, ignore_files_above(real, run.skips)):
                _file(run, found, f"{prefix}/{found.path}" if prefix else found.path, tested=found.path)
            _unentered(run, prefix)
        else:
            name = names[number] if names else Path.cwd().resolve().name if prefix else real.parent.name or "repository"
            run.repository = printable(name) if len(paths) > 1 else ""
            _given_file(run, real, prefix or real.name)
        if run.recognised == before:
            empty.append(printable(prefix or name))
        targets.append(Target(kind=TargetKind.REPOSITORY, value=printable(name or "repository"), main=not targets))
    unique = tuple({target.value: target for target in reversed(targets)}.values())[::-1]
    end = clock().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    evidence = Evidence(
        organisation=organisation or unique[0].value,
        targets=unique,
        collected_at=end,
        vantage=Vantage(mode="repository", options=_options(run)),
        versions=dict(sorted((versions or {}).items())),
        observations=in_order(run.observations),
    )
    return Scanned(evidence=evidence, recognised=run.recognised, empty=tuple(empty))


def place_of(given: Path) -> tuple[Path, str]:
    """Where a path given lies, and what its files are written below: its way from the working directory, or nothing."""
    real = Path(os.path.abspath(given))  # noqa: PTH100 - resolve() would follow a link that was given
    # Not resolve(), which raises on links that lead to each other.
    whole, here = Path(os.path.realpath(real)), Path.cwd().resolve()
    prefix = whole.relative_to(here).as_posix() if whole.is_relative_to(here) else ""
    return real, "" if prefix == "." else prefix


def _options(run: _Run) -> dict[str, str]:
    told = {f"skipped-{reason}": str(count) for reason, count in sorted(run.skips.counts.items())}
    told["files-read"] = str(run.read)
    if run.skips.rules:
        told[IGNORING] = hashlib.sha256(repr(run.skips.rules).encode()).hexdigest()[:16]
    if run.given:
        told[GIVEN] = str(run.given)
    if run.large:
        shown = sorted(run.large)[:20]
        told["skipped-too-large-files"] = ", ".join(shown) + (f" +{len(run.large) - 20}" if len(run.large) > 20 else "")
    return told


def _unentered(run: _Run, prefix: str) -> None:
    """A hole for each folder that could not be looked into: a tree with one is never known to be clean."""
    for folder, reason in run.skips.unentered:
        run.recognised += 1
        path = f"{prefix}/{folder}".removesuffix("/.") if prefix else folder
        detail = {"repository": run.repository} if run.repository else {}
        run.observations.append(_observed(path, Outcome.FAILED, reason, {}, detail))
    run.skips.unentered.clear()


def _given_file(run: _Run, path: Path, shown: str) -> None:
    run.given += 1
    if path.is_symlink():
        run.skips.counts["link"] += 1
    elif not path.is_file():
        run.skips.counts["not-regular"] += 1
    else:
        _file(run, FoundFile(path=path.name, size=path.stat().st_size, open_at=path), printable(shown), path.name)


def _file(run: _Run, found: FoundFile, path: str, tested: str) -> None:
    readers = run.recogniser.readers_of(path)
    if not readers:
        return
    manifest = any(reader.manifest for reader in readers)
    detail = {"repository": run.repository} if run.repository else {}
    if _TESTS.search(tested):
        detail["test-code"] = "yes"
    allowed = [reader for reader in readers if found.size <= reader.limit]
    if not allowed:
        run.skips.counts["too-large"] += 1
        run.large.append(path)
        if manifest:
            run.recognised += 1
            run.observations.append(_observed(path, Outcome.SKIPPED, "too-large", {}, detail))
        return
    try:
        content = read_regular(found.open_at, max(reader.limit for reader in allowed))
    except OSError:
        content = None
    if content is None:
        run.skips.counts["unreadable"] += 1
        if manifest:
            run.recognised += 1
            run.observations.append(_observed(path, Outcome.FAILED, "unreadable", {}, detail))
        return
    content = in_utf8(content)
    if is_binary(content):
        run.skips.counts["binary"] += 1
        if any(_is_of(reader, path, content) for reader in allowed):
            run.recognised += 1
            run.observations.append(_observed(path, Outcome.FAILED, "binary", {}, detail))
        return
    run.read += 1
    run.observations.extend(_read(run, path, content, allowed, detail))


def _is_of(reader: Reader, path: str, content: bytes) -> bool:
    """Whether what is no text is a reader's by its whole name or by what is left of it: then it matters, unread."""
    try:
        whole = path.rpartition("/")[2].lower() in reader.patterns
        return reader.manifest and (whole or reader.read(path, content) is not None)
    except (UnreadError, RecursionError):
        return True


def _read(run: _Run, path: str, content: bytes, readers: list[Reader], detail: dict[str, str]) -> Iterable[Observation]:
    traces: list[Trace] = []
    understood = False
    broken: UnreadError | None = None
    for reader in readers:
        try:
            found = reader.read(path, content)
        except UnreadError as error:
            broken = error
            continue
        except RecursionError:
            broken = UnreadError("too-deep")
            continue
        if found is not None:
            understood = understood or reader.manifest
            traces.extend(found)
    traces = _without_echoes(traces)
    if understood or traces or broken is not None:
        run.recognised += 1
    if traces:
        yield _observed(path, Outcome.ANSWERED, None, _lines_by_value(traces), detail)
    elif understood and broken is None:
        yield _observed(path, Outcome.ABSENT, "no-trace", {}, detail)
    if broken is not None:
        yield _observed(path, Outcome.FAILED, broken.reason, {}, detail | {"line": str(broken.line)})


def _without_echoes(traces: list[Trace]) -> list[Trace]:
    """Without the bare hosts of images, registries and pages that are told by their own kind already."""
    told = {
        re.split(r"[/: ]", trace.value.rpartition(" ")[2], maxsplit=1)[0]
        for trace in traces
        if trace.kind in {TraceKind.IMAGE, TraceKind.REGISTRY, TraceKind.SCRIPT, TraceKind.BACKEND, TraceKind.DNS}
    }
    return [trace for trace in traces if trace.kind is not TraceKind.ENDPOINT or trace.value not in told]


def _lines_by_value(traces: Iterable[Trace]) -> dict[str, str]:
    """``kind value`` → ``lines; words``; what is used in earnest hides where the same thing is only mentioned."""
    grouped: dict[str, list[Trace]] = {}
    for trace in traces:
        key = f"{trace.kind} {trace.value}"
        if len(trace.value) <= LONGEST_VALUE and (key in grouped or len(grouped) < MOST_TRACES):
            grouped.setdefault(key, []).append(trace)
    told: dict[str, str] = {}
    for key, found in grouped.items():
        fewest = min(_minor(trace) for trace in found)
        chosen = [trace for trace in found if _minor(trace) == fewest]
        lines = list(dict.fromkeys(trace.line for trace in chosen))[:MOST_LINES]
        words = list(dict.fromkeys(word for trace in chosen for word in trace.detail.split()))[:MOST_WORDS]
        told[key] = f"{','.join(map(str, lines))}; {' '.join(words)}".removesuffix("; ")
    return told


def _minor(trace: Trace) -> int:
    return sum(word in MINOR for word in trace.detail.split())


def _observed(
    path: str, outcome: Outcome, reason: str | None, lines: Mapping[str, str], detail: Mapping[str, str]
) -> Observation:
    return make_observation(
        probe=PROBE,
        subject=path,
        outcome=outcome,
        reason=reason,
        values=lines,
        detail={**detail, **lines},
        asked=Asked(name=path, type="FILE", transport="file"),
    )
