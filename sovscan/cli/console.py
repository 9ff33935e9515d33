"""Standard output for data, standard error for everything else, both harmless."""

import os
import sys
from typing import TextIO

from sovscan.cli.commands import without_commands
from sovscan.files.safe_text import safe_text


def say(message: str, *, quiet: bool = False) -> None:
    """One line of advice or progress on standard error; where that is full or closed, advice never costs the run."""
    if quiet:
        return
    try:
        print(_no_command(message), file=sys.stderr, flush=True)
    except OSError:
        _let_go(sys.stderr)


def print_line(line: str) -> None:
    """One line of a listing on standard output, harmless whatever is in it."""
    print(_no_command(line))


def write_out(content: bytes, media_type: str = "text/plain", *, ours: bool = False) -> None:
    """Data on standard output, harmless to a CI runner (see ``without_commands``).

    A reader that went away has what it wanted, and the run goes on.
    """
    content = without_commands(content, media_type, ours=ours)
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        drop_output()
    except OSError:
        drop_output()
        raise


def drop_output() -> None:
    """Let what is left for standard output go nowhere, so that the end of the process does not fail on it again."""
    _let_go(sys.stdout)


def open_missing_streams() -> None:
    """Put nothing in the place of standard streams that were closed, so that no file of ours takes their numbers."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - a number, to the end
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _let_go(stream: TextIO) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _no_command(line: str) -> str:
    """A line that no CI runner takes for one of its commands, wherever in the line they are looked for."""
    return without_commands(safe_text(line, 2_000).encode("utf-8", "replace")).decode()


def interactive() -> bool:
    """Whether progress may be shown: a terminal on standard error, and no CI."""
    return sys.stderr.isatty() and not os.environ.get("CI")


class Progress:
    """One line on standard error that is rewritten; silent without a terminal, under CI or with ``--quiet``."""

    def __init__(self, what: str, *, quiet: bool = False) -> None:
        self._what = what
        self._shown = not quiet and interactive()

    def show(self, state: str) -> None:
        """Say how far we are."""
        if self._shown:
            print(f"\r{self._what} {safe_text(state, 60)}\x1b[K", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave the line clean."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
