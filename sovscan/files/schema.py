"""JSON Schema (draft 2020-12) of a record, derived from its type hints."""

import dataclasses
import types
from collections.abc import Mapping
from enum import Enum
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from sovscan.files.canonical import Plain


def json_schema(record: type, identifier: str) -> Plain:
    """A schema that accepts exactly what ``records.from_plain`` accepts for ``record``."""
    definitions: dict[str, Plain] = {}
    root = _schema(record, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{identifier.replace('/', ':')}",
        "title": identifier,
        **root,
        "$defs": definitions,
    }


def _schema(kind: Any, definitions: dict[str, Plain]) -> Plain:
    if isinstance(kind, NewType):
        return _schema(kind.__supertype__, definitions)
    if dataclasses.is_dataclass(kind):
        return _record(kind, definitions)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        options = [{"type": "null"} if part is type(None) else _schema(part, definitions) for part in get_args(kind)]
        return {"anyOf": options}
    if origin is tuple:
        return {"type": "array", "items": _schema(get_args(kind)[0], definitions)}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(get_args(kind)[1], definitions)}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    return {"type": {str: "string", bool: "boolean", int: "integer", float: "number"}[kind]}


def _record(kind: Any, definitions: dict[str, Plain]) -> Plain:
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}
        hints = get_type_hints(kind)
        fields = dataclasses.fields(kind)
        definitions[name] = {
            "type": "object",
            "description": (kind.__doc__ or "").strip().splitlines()[0],
            "additionalProperties": False,
            "properties": {field.name: _schema(hints[field.name], definitions) for field in fields},
            "required": [
                field.name
                for field in fields
                if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
            ],
        }
    return {"$ref": f"#/$defs/{name}"}
