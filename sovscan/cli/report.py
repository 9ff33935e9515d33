"""``report``: any format from a result, without judging again."""

from pathlib import Path
from typing import Annotated

import typer

from sovscan.cli import options as opt
from sovscan.cli.exits import Done, Refusal


def report(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="result.json of an audit, or its bundle folder.")],
    format: opt.Format = None,  # noqa: A002
    output: opt.Outputs = None,
    lang: opt.Lang = "auto",
    template: opt.Template = "sovereign",
    client: opt.Client = None,
    confidentiality: opt.Confidentiality = None,
    quiet: opt.Quiet = False,
) -> None:
    """Render a stored result again; never uses the network."""
    from sovscan.cli import sockets
    from sovscan.cli.bundle import RESULT_FILE
    from sovscan.cli.deliver import deliver, plan_outputs
    from sovscan.files import canonical
    from sovscan.files.records import RecordError, from_plain
    from sovscan.model.audit import AUDIT_SCHEMA, Audit

    plan = plan_outputs(format, output, lang, template, client, confidentiality, quiet=quiet)
    file = result / RESULT_FILE if result.is_dir() else result
    with sockets.refused():
        try:
            plain = canonical.loads(file.read_bytes())
            schema = plain.get("schema") if isinstance(plain, dict) else None
            if schema != AUDIT_SCHEMA:
                raise Refusal(f"{file}: schema is {schema!r}, this version reads {AUDIT_SCHEMA!r}", "judge again")
            stored = from_plain(Audit, plain)
        except (FileNotFoundError, IsADirectoryError) as error:
            raise Refusal(f"{result}: no result there", "give the result.json an audit wrote") from error
        except (canonical.CanonicalError, RecordError) as error:
            raise Refusal(f"{file}: {error}", "judge the evidence again to rebuild it") from error
        raise Done(deliver(stored, plan))
