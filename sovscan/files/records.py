"""Records to plain values and back, strictly.

A file that says more, less or something else than the record it stands for is refused with the place of the fault.
"""

import dataclasses
import functools
import types
import typing
from collections.abc import Mapping
from enum import Enum
from typing import Any, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

from sovscan.files.canonical import Plain

Record = TypeVar("Record")


class RecordError(ValueError):
    """A plain value does not fit the record asked for; the message names the path."""


def to_plain(value: Any) -> Plain:
    """Dataclass to dict, tuple to list, mapping to dict, enumeration to its value."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name in _field_names(type(value))}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    return value


def from_plain(cls: type[Record], plain: Plain, where: str = "") -> Record:
    """The record a plain value describes. Raises RecordError on unknown or missing keys and on wrong types."""
    return typing.cast("Record", _build(cls, plain, where or cls.__name__))


@functools.lru_cache(maxsize=256)
def _field_names(cls: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(cls))


@functools.lru_cache(maxsize=256)
def _shape(cls: type) -> tuple[dict[str, Any], frozenset[str]]:
    hints = get_type_hints(cls)
    fields = dataclasses.fields(cls)
    required = frozenset(
        field.name
        for field in fields
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    )
    return {field.name: hints[field.name] for field in fields}, required


def _build(kind: Any, plain: Plain, where: str) -> Any:
    if isinstance(kind, NewType):
        return _build(kind.__supertype__, plain, where)
    if dataclasses.is_dataclass(kind):
        return _build_record(kind, plain, where)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _build_union(get_args(kind), plain, where)
    if origin is tuple:
        return _build_tuple(get_args(kind), plain, where)
    if origin is not None and issubclass(origin, Mapping):
        _expect(plain, dict, where)
        item_kind = get_args(kind)[1]
        return {key: _build(item_kind, item, f"{where}.{key}") for key, item in plain.items()}
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(plain)
        except ValueError as error:
            known = ", ".join(str(member.value) for member in kind)
            raise RecordError(f"{where}: {plain!r} is none of {known}") from error
    if kind is float:
        if isinstance(plain, bool) or not isinstance(plain, (int, float)):
            raise RecordError(f"{where}: expected a number, got {type(plain).__name__}")
        return float(plain)
    _expect(plain, kind, where)
    return plain


def _build_record(kind: Any, plain: Plain, where: str) -> Any:
    _expect(plain, dict, where)
    hints, required = _shape(kind)
    if unknown := sorted(plain.keys() - hints.keys()):
        raise RecordError(f"{where}: unknown key {unknown[0]!r}")
    if missing := sorted(required - plain.keys()):
        raise RecordError(f"{where}: missing key {missing[0]!r}")
    return kind(**{name: _build(hints[name], item, f"{where}.{name}") for name, item in plain.items()})


def _build_union(kinds: tuple[Any, ...], plain: Plain, where: str) -> Any:
    if plain is None and type(None) in kinds:
        return None
    others = [kind for kind in kinds if kind is not type(None)]
    return _build(others[0], plain, where)


def _build_tuple(kinds: tuple[Any, ...], plain: Plain, where: str) -> Any:
    _expect(plain, list, where)
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_build(kinds[0], item, f"{where}[{index}]") for index, item in enumerate(plain))
    if len(kinds) != len(plain):
        raise RecordError(f"{where}: expected {len(kinds)} entries, got {len(plain)}")
    return tuple(
        _build(kind, item, f"{where}[{index}]") for index, (kind, item) in enumerate(zip(kinds, plain, strict=True))
    )


def _expect(plain: Plain, kind: type, where: str) -> None:
    if not isinstance(plain, kind) or (isinstance(plain, bool) and kind is not bool):
        raise RecordError(f"{where}: expected {kind.__name__}, got {type(plain).__name__}")
