"""Sockets refused: what the verbs that never use the network run under."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NETWORK_EVENTS = frozenset(
    {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}
)


class _Guard:
    """The audit hook and whether it refuses; a hook cannot be taken away again, only told to stand aside."""

    def __init__(self) -> None:
        self.installed = False
        self.refusing = False

    def hook(self, event: str, _arguments: tuple[object, ...]) -> None:
        if self.refusing and event in _NETWORK_EVENTS:
            raise PermissionError(f"this verb never uses the network, refused: {event}")


_GUARD = _Guard()


@contextmanager
def refused() -> Iterator[None]:
    """Inside, every attempt to reach the network raises PermissionError."""
    if not _GUARD.installed:
        sys.addaudithook(_GUARD.hook)
        _GUARD.installed = True
    before, _GUARD.refusing = _GUARD.refusing, True
    try:
        yield
    finally:
        _GUARD.refusing = before
