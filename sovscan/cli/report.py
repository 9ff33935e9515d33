"""``report``: any format from a result, without judging again."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from sovscan.cli import options as opt
from sovscan.cli.exits import Done


def report(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="result.json of an audit, or its bundle folder.")],
    format: opt.Format = None,  # noqa: A002
    output: opt.Outputs = None,
    lang: opt.Lang = "auto",
    template: opt.Template = "sovereign",
    client: opt.Client = None,
    confidentiality: opt.Confidentiality = None,
    consultant: opt.Consultant = None,
    contact: opt.Contact = None,
    logo: opt.Logo = None,
    deliverables: opt.Deliverables = None,
    csv_dialect: opt.CsvDialect = "rfc4180",
    quiet: opt.Quiet = False,
) -> None:
    """Render a stored result again; never uses the network."""
    from sovscan.cli import sockets
    from sovscan.cli.deliver import deliver, plan_outputs
    from sovscan.cli.deliverables import with_deliverables, with_wrapping
    from sovscan.cli.destinations import refuse_destinations
    from sovscan.cli.previous import previous_beside
    from sovscan.cli.stored import read_result

    plan = plan_outputs(format, output, lang, template, client, confidentiality, quiet=quiet)
    plan = with_wrapping(with_deliverables(plan, deliverables, lang), consultant, contact, logo, csv_dialect)
    refuse_destinations(plan)
    with sockets.refused():
        found = read_result(result)
        earlier = previous_beside(result) if found.previous is not None else None
        raise Done(deliver(found, replace(plan, previous=earlier)))
