"""``evidence verify``: whether a bundle is what its manifest says."""

from pathlib import Path
from typing import Annotated

import typer

from sovscan.cli.exits import Done, ExitCode, Refusal

app = typer.Typer(help="Check evidence bundles.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Check evidence bundles."""


@app.command("verify")
def verify(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="Folder NAME.sovscan.")],
) -> None:
    """Recompute the manifest and every identity; exit 1 when something changed."""
    from sovscan.cli import sockets
    from sovscan.cli.bundle import faults

    if not bundle.is_dir():
        raise Refusal(f"{bundle}: not a folder", "give the NAME.sovscan folder that --evidence wrote")
    with sockets.refused():
        found = faults(bundle)
    if found:
        for fault in found:
            print(f"changed  {fault}")
        raise Done(ExitCode.POLICY)
    print(f"intact   {bundle.name}")
