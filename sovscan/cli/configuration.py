"""``sovscan.yaml``: the organisation and its targets, read strictly."""

from dataclasses import dataclass
from pathlib import Path

from sovscan.cli.exits import Refusal
from sovscan.files.strict_yaml import Node, YamlError, load
from sovscan.model.target import Target
from sovscan.readers.names import InvalidName, parse_target


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What an organisation file says."""

    organisation: str | None
    targets: tuple[Target, ...]


def read_configuration(content: bytes, name: str) -> Configuration:
    """The configuration in a file. Raises Refusal with ``file:line:column`` and the next step."""
    try:
        return _configuration(load(content, name=name))
    except YamlError as error:
        raise Refusal(str(error), error.help) from error


def _configuration(root: Node) -> Configuration:
    keys = root.mapping(required=("targets",), optional=("organisation",))
    targets = tuple(_target(node) for node in keys["targets"].sequence())
    if not targets:
        raise keys["targets"].error("no target", "list at least one domain")
    if not any(target.main for target in targets):
        raise keys["targets"].error("no main target", "leave out 'main: false' on the main domain")
    organisation = keys["organisation"].text() if "organisation" in keys else None
    return Configuration(organisation=organisation, targets=targets)


def _target(node: Node) -> Target:
    main, label = True, None
    name = node
    if isinstance(node.value, dict):
        keys = node.mapping(required=("name",), optional=("main", "label"))
        name = keys["name"]
        main = keys["main"].boolean() if "main" in keys else True
        label = keys["label"].text() if "label" in keys else None
    try:
        target = parse_target(name.text())
    except InvalidName as error:
        raise name.error(str(error), "a domain, a host, a URL, an AS number or a prefix") from error
    return Target(kind=target.kind, value=target.value, label=label, main=main)


def read_file(path: str) -> tuple[bytes, str]:
    """Content and printable name of a file of the user; ``-`` is standard input. Raises Refusal when unreadable."""
    import sys

    if path == "-":
        return sys.stdin.buffer.read(), "stdin"
    try:
        return Path(path).read_bytes(), path
    except OSError as error:
        raise Refusal(f"{path}: {error.strerror}", "check the path given with -f") from error
