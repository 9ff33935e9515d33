"""Standard output for data, standard error for everything else, both harmless."""

import os
import sys

from sovscan.files.safe_text import safe_text


def say(message: str, *, quiet: bool = False) -> None:
    """One line of advice or progress on standard error."""
    if not quiet:
        print(safe_text(message, 2_000), file=sys.stderr)


def print_line(line: str) -> None:
    """One line of a listing on standard output, harmless whatever is in it."""
    print(safe_text(line, 2_000))


def write_out(content: bytes) -> None:
    """Data on standard output, as bytes."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


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
