"""Standard output for data, standard error for everything else, both harmless."""

import os
import sys

from sovscan.files.safe_text import safe_text


def say(message: str, *, quiet: bool = False) -> None:
    """One line of advice or progress on standard error."""
    if not quiet:
        print(_no_command(message), file=sys.stderr)


def print_line(line: str) -> None:
    """One line of a listing on standard output, harmless whatever is in it."""
    print(_no_command(line))


def write_out(content: bytes) -> None:
    """Data on standard output, as bytes."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _no_command(line: str) -> str:
    """A line that no CI runner takes for one of its commands, wherever in the line they are looked for."""
    shown = safe_text(line, 2_000).replace("##[", "# #[")
    return f" {shown.replace('::', ': :', 1)}" if shown.lstrip().startswith("::") else shown


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
