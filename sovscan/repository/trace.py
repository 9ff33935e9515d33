"""What a file says it depends on, before anybody knows who that is."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

MIB = 1_048_576
LONGEST_VALUE = 300
"""Characters of a value; a longer one is no name of anything and is left out."""


class TraceKind(StrEnum):
    """The sorts of things a file can depend on."""

    PACKAGE = "package"
    """A library, as a package URL without version (purl-spec), such as ``pkg:pypi/boto3``."""
    IMAGE = "image"
    """A container image with its registry spelt out: ``docker.io/library/python:3.13``."""
    REGISTRY = "registry"
    """Host that packages, modules or charts are fetched from."""
    PROVIDER = "provider"
    """A platform that infrastructure code drives: ``hashicorp/aws``, ``cloudformation``, ``pulumi/aws``."""
    BACKEND = "backend"
    """Where infrastructure code keeps its state: the type of the backend, or the host it is given."""
    ENDPOINT = "endpoint"
    """Host that the software is set up to talk to."""
    CI = "ci"
    """Domain of the hosted service that the file is written for."""
    SCRIPT = "script"
    """Host that a page loads from, after the element that loads: ``script cdn.example``."""
    MODEL = "model"
    """A trained model or data set fetched by name, as a package URL."""
    DNS = "dns"
    """A record to be published: ``CNAME www.example.fr target.example``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One thing a file depends on, and where it says so."""

    kind: TraceKind
    value: str
    line: int
    """Counted from 1."""
    detail: str = ""
    """Further words, such as ``region=eu-west-3``, ``implicit``, ``dev``, ``mention``; never a value from a secret."""


class UnreadError(ValueError):
    """A file of a known sort that cannot be parsed; the message is a word for the reason, such as ``syntax``."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


Read = Callable[[str, bytes], tuple[Trace, ...] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How files of one sort are recognised and read."""

    id: str
    patterns: tuple[str, ...]
    """Shell patterns in lower case, of the file name; with a slash, of the end of the path."""
    read: Read
    """From relative path and content to traces in the order of the file; None: not a file of this sort after all.
    Raises UnreadError."""
    limit: int = MIB
    """Bytes of the largest file that is read."""
    manifest: bool = True
    """Whether recognising one means that the file matters by itself: then it is evidence even without a trace."""
