"""Addresses that are names only, such as OAuth scopes and XML name spaces: data/identifiers.yaml."""

import re
from dataclasses import dataclass
from functools import cache

from sovscan.files.bundled import read
from sovscan.files.strict_yaml import Node, load

_FILE = ("data", "identifiers.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiers:
    """The shapes of all of them, for an address without its scheme."""

    empty: re.Pattern[str]
    """Those that tell nothing of any service."""
    used: re.Pattern[str]
    """Those that tell of use, though not of a place to connect to."""


@cache
def identifiers() -> Identifiers:
    """What the file says, read once. Raises YamlError when it is at fault."""
    shapes: dict[str, list[str]] = {"nothing": [], "use": []}
    root = load(read(*_FILE), name="/".join(_FILE))
    for node in root.mapping(required=("identifiers",))["identifiers"].sequence():
        keys = node.mapping(required=("prefix", "what", "tells", "source", "checked"))
        shapes[keys["tells"].word(shapes, "word")].append(_shape(keys["prefix"]))
    return Identifiers(empty=_any(shapes["nothing"]), used=_any(shapes["use"]))


def _shape(node: Node) -> str:
    text = node.text().lower()
    below, bare = text.startswith("*."), text.removeprefix("*.")
    end = "" if "/" in bare else r"(?![\w.-])"
    return ("(?:[a-z0-9-]+\\.)+" if below else "") + re.escape(bare) + end


def _any(shapes: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(shapes) or r"(?!)", re.IGNORECASE)
