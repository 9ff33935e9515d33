"""``rules/transfers.yaml``: adequacy decisions, as a transfer list wants them."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sovscan.files import bundled
from sovscan.files.strict_yaml import load

_FILE = ("rules", "transfers.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Adequacy:
    """A decision on one country."""

    whole: bool
    """False: for part of its organisations only."""
    until: str | None
    """ISO date; None: no end on record."""
    established: bool


@functools.cache
def adequacy() -> Mapping[str, Adequacy]:
    """Decisions by country. Raises YamlError when the file is damaged."""
    top = load(bundled.read(*_FILE), name="/".join(_FILE)).mapping(required=("state", "adequacy"), optional=())
    found = {}
    for country, node in top["adequacy"].mapping().items():
        keys = node.mapping(required=("scope", "established"), optional=("until", "source"))
        established = keys["established"].boolean()
        if established and "source" not in keys:
            raise node.error("an established decision needs a source")
        found[country] = Adequacy(
            whole=keys["scope"].word(("whole", "part"), "scope") == "whole",
            until=keys["until"].text() if "until" in keys else None,
            established=established,
        )
    return MappingProxyType(found)
