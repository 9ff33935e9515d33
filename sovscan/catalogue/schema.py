"""The JSON Schema of a catalogue file, for editors and for ``sovscan schema provider``."""

import json
from typing import Any

from sovscan.files import bundled


def provider_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of ``data/providers.yaml`` and of overlays, as plain values."""
    schema: dict[str, Any] = json.loads(bundled.read("data", "schemas", "provider.schema.json"))
    return schema
