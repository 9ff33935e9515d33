"""``schema``: the JSON Schemas of our files."""

from typing import Annotated

import typer

from sovscan.cli.exits import Refusal


def schema(
    name: Annotated[
        str, typer.Argument(metavar="result|evidence|config|waivers|baseline|provider", help="Which file to describe.")
    ],
) -> None:
    """Print a JSON Schema."""
    from sovscan.cli.console import write_out
    from sovscan.cli.file_schemas import config_schema, waivers_schema
    from sovscan.files import canonical
    from sovscan.files.schema import json_schema
    from sovscan.gate.baseline import BASELINE_SCHEMA, Baseline
    from sovscan.model.audit import AUDIT_SCHEMA, Audit
    from sovscan.model.evidence import EVIDENCE_SCHEMA, Evidence
    from sovscan.model.provider import Provider

    records = {
        "result": (Audit, AUDIT_SCHEMA),
        "evidence": (Evidence, EVIDENCE_SCHEMA),
        "baseline": (Baseline, BASELINE_SCHEMA),
        "provider": (Provider, "sovscan-provider/1"),
    }
    written = {"config": config_schema, "waivers": waivers_schema}
    if name in records:
        write_out(canonical.dumps_pretty(json_schema(*records[name])), "application/json")
    elif name in written:
        write_out(canonical.dumps_pretty(written[name]()), "application/json")
    else:
        raise Refusal(f"unknown schema {name!r}", f"one of {', '.join(sorted((*records, *written)))}")
