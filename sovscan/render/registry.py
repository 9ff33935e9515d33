"""Which formats there are: one module of this package each."""

import functools
import importlib.util
import pkgutil
from importlib import import_module
from types import MappingProxyType

from sovscan import render
from sovscan.render.format import Format


def format_named(name: str) -> Format | None:
    """The format of that name, without importing the others where the module is called likewise; None: none."""
    module = name.replace("-", "_")
    if module.isidentifier() and importlib.util.find_spec(f"{render.__name__}.{module}") is not None:
        candidate = getattr(import_module(f"{render.__name__}.{module}"), "FORMAT", None)
        if isinstance(candidate, Format) and candidate.name == name:
            return candidate
    return formats().get(name)


@functools.cache
def formats() -> MappingProxyType[str, Format]:
    """Every format by name, sorted. Raises ValueError when two modules claim one name."""
    found: dict[str, Format] = {}
    for module in sorted(entry.name for entry in pkgutil.iter_modules(render.__path__) if not entry.ispkg):
        candidate = getattr(import_module(f"{render.__name__}.{module}"), "FORMAT", None)
        if not isinstance(candidate, Format):
            continue
        if candidate.name in found:
            raise ValueError(f"two modules write the format {candidate.name!r}")
        found[candidate.name] = candidate
    return MappingProxyType(dict(sorted(found.items())))
