"""JSON Schemas of the files people write, for their editors; the readers of those files stay the judges."""

from typing import Any

from sovscan.cli.context import OBLIGATIONS
from sovscan.gate.policy import Then
from sovscan.gate.waivers import SHORTEST_REASON
from sovscan.model.dependency import Confidence, Layer
from sovscan.model.exposure import Level

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}


def config_schema() -> dict[str, Any]:
    """Of ``sovscan.yaml``."""
    target = _record({"name": _TEXT, "main": {"type": "boolean"}, "label": _TEXT}, required=("name",))
    when = _record({
        "layer": _words(Layer), "level_at_least": _words(Level), "law": _TEXT, "provider": _TEXT,
        "confidence": _words(Confidence),
    })  # fmt: skip
    rule = _record(
        {"when": {**when, "minProperties": 1}, "then": _words(Then), "reason": _TEXT},
        required=("when", "then", "reason"),
    )
    declared = _record(
        {"layer": _words(Layer), "role": _TEXT, "offer": _TEXT, "service": _TEXT, "proof": _TEXT},
        required=("layer", "role", "offer", "service"),
    )
    tree = _record({"path": _TEXT, "name": _TEXT, "main": {"type": "boolean"}}, required=("path",))
    context = _record({
        "sector": _TEXT, "obligations": _list({"enum": list(OBLIGATIONS)}), "sensitive_data": {"type": "boolean"},
    })  # fmt: skip
    return _titled(
        "sovscan.yaml",
        _record({
            "organisation": _TEXT,
            "targets": {**_list({"anyOf": [_TEXT, target]}), "minItems": 1},
            "repositories": _list({"anyOf": [_TEXT, tree]}),
            "declared": _list(declared),
            "context": {**context, "minProperties": 1},
            "previous": _TEXT,
            "collect": _record({
                "resolvers": _list(_TEXT), "resolver_rate": {"type": "number", "minimum": 1}, "http_proxy": _TEXT,
                "scope": _list(_TEXT), "probes": _list(_TEXT),
            }),
            "asn_table": _TEXT,
            "policy": {"anyOf": [_list(rule), {"type": "null"}]},
        }),
    )  # fmt: skip


def waivers_schema() -> dict[str, Any]:
    """Of ``sovscan-waivers.yaml``."""
    match = _record(dict.fromkeys(("domain", "path", "purl", "provider"), _TEXT))
    waiver = _record(
        {
            "rule": _TEXT,
            "match": {**match, "minProperties": 1},
            "reason": {"type": "string", "minLength": SHORTEST_REASON},
            "owner": _TEXT,
            "expires": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
            "ticket": _TEXT,
        },
        required=("rule", "match", "reason", "owner", "expires"),
    )
    return _titled("sovscan-waivers.yaml", _record({"waivers": _list(waiver)}, required=("waivers",)))


def _titled(title: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": _DRAFT, "title": title, **schema}


def _record(properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    shape: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**shape, "required": list(required)} if required else shape


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _words(known: type[Layer] | type[Level] | type[Confidence] | type[Then]) -> dict[str, Any]:
    return {"enum": [word.value for word in known]}
