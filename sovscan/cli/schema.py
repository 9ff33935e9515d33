"""``schema``: the JSON Schemas of our files."""

from typing import Annotated

import typer

from sovscan.cli.exits import Refusal


def schema(
    name: Annotated[str, typer.Argument(metavar="result|evidence|provider", help="Which file to describe.")],
) -> None:
    """Print a JSON Schema."""
    from sovscan.cli.console import write_out
    from sovscan.files import canonical
    from sovscan.files.schema import json_schema
    from sovscan.model.audit import AUDIT_SCHEMA, Audit
    from sovscan.model.evidence import EVIDENCE_SCHEMA, Evidence
    from sovscan.model.provider import Provider

    known = {
        "result": (Audit, AUDIT_SCHEMA),
        "evidence": (Evidence, EVIDENCE_SCHEMA),
        "provider": (Provider, "sovscan-provider/1"),
    }
    if name not in known:
        raise Refusal(f"unknown schema {name!r}", f"one of {', '.join(sorted(known))}")
    write_out(canonical.dumps_pretty(json_schema(*known[name])))
