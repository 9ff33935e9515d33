"""Formats that are laid out from strangers' text, rendered in a child process with limits.

The child has no network, one minute of processor time and a bounded memory; whatever happens in it cannot stop the
run (THREATS fact 3). One child a document, so that two languages use two processors.
"""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sovscan.cli.exits import ExitCode
from sovscan.files import canonical
from sovscan.files.records import from_plain, to_plain
from sovscan.model.audit import Audit
from sovscan.render.format import RenderOptions

CPU_SECONDS = 60
ADDRESS_SPACE = 2 * 1024**3
"""Bytes of address space; the resident part is far smaller."""
_UNAVAILABLE = 12
"""Exit code of the child when a library it needs is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildFailure:
    """Why a document could not be made, and what to do."""

    message: str
    help: str | None
    code: ExitCode


def render_in_child(
    result: Audit, options: RenderOptions, wanted: Sequence[tuple[str, str]]
) -> tuple[bytes | ChildFailure, ...]:
    """The documents ``(format, language)`` in the order asked, each the bytes or the reason why not."""
    if not wanted:
        return ()
    plain_result, plain_options = to_plain(result), to_plain(options)
    jobs = [
        canonical.dumps({"format": name, "language": language, "options": plain_options, "result": plain_result})
        for name, language in wanted
    ]
    with ThreadPoolExecutor(max_workers=2) as pool:
        return tuple(pool.map(_one, jobs, [name for name, _ in wanted]))


def _one(job: bytes, name: str) -> bytes | ChildFailure:
    child = subprocess.run([sys.executable, "-m", "sovscan.cli.pdf_child"], input=job, capture_output=True, check=False)
    if child.returncode == 0 and child.stdout:
        return child.stdout
    lines = child.stderr.decode("utf-8", "replace").strip().splitlines()
    if child.returncode == _UNAVAILABLE:
        message, _, advice = (lines[-1] if lines else f"{name} cannot be made here").partition(" | ")
        return ChildFailure(message=message, help=advice or None, code=ExitCode.USAGE)
    why = lines[-1] if lines else f"ended with {child.returncode}"
    if child.returncode < 0:
        why = f"stopped by its limits (signal {-child.returncode})"
    return ChildFailure(
        message=f"{name} could not be laid out: {why}",
        help="the other formats are complete; please report this with the result.json",
        code=ExitCode.INTERNAL,
    )


def _child() -> int:
    from sovscan.cli import sockets
    from sovscan.render.pdf import PdfUnavailable
    from sovscan.render.registry import formats

    _limit()
    job = canonical.loads(sys.stdin.buffer.read())
    result = from_plain(Audit, job["result"])
    options = from_plain(RenderOptions, job["options"])
    form = formats()[job["format"]]
    out = sys.stdout
    # Libraries that greet on standard output must not reach the document.
    sys.stdout = sys.stderr
    try:
        with sockets.refused():
            content = form.render(result, job["language"], options)
    except PdfUnavailable as error:
        print(f"{error} | {error.help}", file=sys.stderr)
        return _UNAVAILABLE
    out.buffer.write(content)
    out.buffer.flush()
    return 0


def _limit() -> None:
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(_child())
