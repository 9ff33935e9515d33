"""``export``: candidate rows for the registers an organisation keeps."""

from pathlib import Path
from typing import Annotated

import typer

from sovscan.cli import options as opt
from sovscan.cli.exits import Refusal


def export(
    register: Annotated[str, typer.Argument(metavar="dora|gdpr|nis2|iso27001", help="Which register to feed.")],
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="result.json of an audit, or its bundle folder.")],
    output: Annotated[Path | None, typer.Option("--output", metavar="PATH", help="File; default: stdout.")] = None,
    lang: opt.Lang = "auto",
    csv_dialect: Annotated[str, typer.Option("--csv-dialect", metavar="rfc4180|excel-fr")] = "rfc4180",
    quiet: opt.Quiet = False,
) -> None:
    """Candidate rows as CSV: evidence for a register, never proof of compliance."""
    from sovscan.cli import sockets
    from sovscan.cli.console import say, write_out
    from sovscan.cli.destinations import refuse_unwritable
    from sovscan.cli.language import languages
    from sovscan.cli.stored import read_result
    from sovscan.files.strict_yaml import suggestion
    from sovscan.files.writing import write_atomically
    from sovscan.render.csv_text import DIALECTS
    from sovscan.render.registers.register import all_registers, render_register

    language = languages(lang)[0]
    known = all_registers()
    if register not in known:
        near = suggestion(register, known)
        raise Refusal(f"unknown register {register!r}", f"{near + '; ' if near else ''}one of {', '.join(known)}")
    if csv_dialect not in DIALECTS:
        raise Refusal(f"--csv-dialect: unknown word {csv_dialect!r}", f"one of {', '.join(DIALECTS)}")
    refuse_unwritable([("--output", output)] if output else [])
    with sockets.refused():
        content = render_register(known[register], read_result(result), language, csv_dialect)
    if output is None:
        write_out(content)
        return
    write_atomically(output, content)
    say(f"wrote {output}: candidates, evidence for the register, never proof of compliance", quiet=quiet)
