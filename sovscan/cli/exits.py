"""The five exit codes, and the error that ends a command with a next step."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a pipeline can rely on, whatever the verb and the format."""

    PASS = 0
    """Everything asked was decided and nothing broke the policy."""
    POLICY = 1
    """The policy failed, or a checking verb says no."""
    USAGE = 2
    """Usage, configuration, catalogue or rule file at fault."""
    INCONCLUSIVE = 3
    """An unknown at or above the threshold, or nothing observed."""
    INTERNAL = 4
    """sovscan or its machine failed; finished work is kept."""


_PRECEDENCE = (ExitCode.INTERNAL, ExitCode.USAGE, ExitCode.POLICY, ExitCode.INCONCLUSIVE, ExitCode.PASS)


def worst(*codes: ExitCode) -> ExitCode:
    """The code that wins when several apply: 4, then 2, then 1, then 3."""
    return min(codes, key=_PRECEDENCE.index, default=ExitCode.PASS)


class Refusal(Exception):  # noqa: N818 - it is an answer to the user, not a fault of ours
    """Something the user gave cannot be used: place and fault, then the next step."""

    def __init__(self, message: str, help: str | None = None, code: ExitCode = ExitCode.USAGE) -> None:  # noqa: A002
        super().__init__(message)
        self.message = message
        self.help = help
        self.code = code


class Done(Exception):  # noqa: N818 - the end of a command, with its code
    """Ends a command with an exit code."""

    def __init__(self, code: ExitCode) -> None:
        super().__init__(str(int(code)))
        self.code = code
