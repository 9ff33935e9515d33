"""Formats that are laid out from strangers' text, rendered in child processes with limits.

A child has no network, no file but its own program, one minute of processor time a document and a bounded memory (see
``confinement``); whatever happens in it cannot stop the run (THREATS fact 3). Documents are dealt out to as many
children as there are processors, so that the cost of starting one is paid once, not once a document.
"""

import contextlib
import itertools
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sovscan.cli.confinement import confine, environment, limit, own_files
from sovscan.cli.exits import ExitCode
from sovscan.files import canonical
from sovscan.files.records import from_plain, to_plain
from sovscan.model.audit import Audit
from sovscan.render.format import RenderOptions

CPU_SECONDS = 60
"""Of one document."""
SECONDS = 180
"""By the clock, of one document: a child that waits uses no processor time."""
_UNAVAILABLE, _FAULT = 12, 13
"""Status of a document: a library it needs is missing; its layout raised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One document to lay out."""

    result: Audit
    format: str
    language: str
    options: RenderOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFailure:
    """Why a document could not be made, and what to do."""

    message: str
    help: str | None
    code: ExitCode


Made = bytes | ChildFailure


def render_in_children(jobs: Sequence[Job], told: Callable[[int], None] | None = None) -> tuple[Made, ...]:
    """Each document in the order asked: its bytes, or the reason why not; ``told`` hears how many are done."""
    count = max(1, min(len(jobs), len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2))
    hands = [list(range(first, len(jobs), count)) for first in range(count)]
    finished = itertools.count(1)

    def one_more() -> None:
        number = next(finished)
        if told is not None:
            told(number)

    with ThreadPoolExecutor(max_workers=count) as pool:
        dealt = list(pool.map(lambda hand: _all([jobs[place] for place in hand], one_more), hands))
    made = {
        place: done
        for hand, results in zip(hands, dealt, strict=True)
        for place, done in zip(hand, results, strict=True)
    }
    return tuple(made[place] for place in range(len(jobs)))


def _all(jobs: Sequence[Job], one_more: Callable[[], None]) -> list[Made]:
    """Every job of one hand; a child that dies costs its document, and another one takes over the rest."""
    made: list[Made] = []
    while len(made) < len(jobs):
        left = jobs[len(made) :]
        done, why = _one_child(left, one_more)
        made.extend(done)
        if len(done) < len(left):
            made.append(_failure(left[len(done)].format, why))
            one_more()
    return made


def _one_child(jobs: Sequence[Job], one_more: Callable[[], None]) -> tuple[list[Made], str]:
    with (
        tempfile.TemporaryDirectory(prefix="sovscan-", ignore_cleanup_errors=True) as folder,
        tempfile.TemporaryFile() as said,
        # -P: a folder that is being audited is the working directory, and must not be imported from.
        subprocess.Popen(  # noqa: S603 - this program itself
            [sys.executable, "-P", "-W", "ignore", "-m", "sovscan.cli.pdf_child", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            cwd=folder,
            env=environment(Path(folder)),
        ) as child,
    ):
        late = threading.Event()
        clock = threading.Timer(SECONDS * len(jobs), _stop, (child, late))
        clock.start()
        try:
            done = _exchanged(child, jobs, one_more)
            child.wait()
        finally:
            clock.cancel()
            child.kill()
        said.seek(0)
        lines = said.read().decode("utf-8", "replace").strip().splitlines()
    if late.is_set():
        return done, f"stopped after {SECONDS * len(jobs):.0f} s"
    if child.returncode < 0:
        return done, f"stopped by its limits (signal {-child.returncode})"
    return done, " ".join(lines[-1:]) or f"ended with {child.returncode}"


def _stop(child: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    child.kill()


def _exchanged(child: subprocess.Popen[bytes], jobs: Sequence[Job], one_more: Callable[[], None]) -> list[Made]:
    """What the child wrote for the jobs, until it ends: a document cut short is not one."""
    if child.stdin is None or child.stdout is None:
        raise ValueError("the child has no pipes")
    # A child that died early reads nothing more; its end is told below.
    with contextlib.suppress(BrokenPipeError), child.stdin as told:
        # It reads everything before it writes anything, so neither waits for the other.
        told.writelines(canonical.dumps(to_plain(job)) + b"\n" for job in jobs)
    done: list[Made] = []
    while len(done) < len(jobs) and len(head := child.stdout.read(5)) == 5:
        content = child.stdout.read(size := int.from_bytes(head[1:], "big"))
        if len(content) < size:
            break
        done.append(content if head[0] == 0 else _refused(jobs[len(done)].format, head[0], content))
        one_more()
    return done


def _refused(name: str, status: int, content: bytes) -> ChildFailure:
    message, _, advice = content.decode("utf-8", "replace").partition("\n")
    if status == _UNAVAILABLE:
        return ChildFailure(message=message, help=advice or None, code=ExitCode.USAGE)
    return _failure(name, message)


def _failure(name: str, why: str) -> ChildFailure:
    return ChildFailure(
        message=f"{name} could not be laid out: {why}",
        help="the other formats are complete; please report this with the result.json",
        code=ExitCode.INTERNAL,
    )


def _child(folder: Path) -> int:
    import gc

    # Layout makes millions of objects that live to the end of a document: looking for cycles among them costs a fifth
    # of the time. They are collected between documents instead.
    gc.disable()

    from sovscan.cli import sockets
    from sovscan.render.engine import PdfUnavailable
    from sovscan.render.format import RenderError
    from sovscan.render.registry import format_named

    out = sys.stdout.buffer
    # Libraries that greet on standard output must not reach the documents.
    sys.stdout = sys.stderr
    confine(own_files(), folder)
    with sockets.refused():
        for number, line in enumerate(sys.stdin.buffer.read().splitlines()):
            limit(CPU_SECONDS)
            if number:
                gc.collect()
            job = from_plain(Job, canonical.loads(line))
            try:
                form = format_named(job.format)
                if form is None:
                    raise ValueError(f"no format {job.format!r}")
                status, content = 0, form.render(job.result, job.language, job.options)
            except PdfUnavailable as error:
                status, content = _UNAVAILABLE, f"{error}\n{error.help}".encode()
            except RenderError as error:
                status, content = _FAULT, str(error).encode()
            out.write(bytes([status]) + len(content).to_bytes(4, "big") + content)
            out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(_child(Path(sys.argv[1])))
