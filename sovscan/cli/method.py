"""``method``: what is published about the method itself."""

from typing import Annotated

import typer

from sovscan.cli.exits import Refusal

app = typer.Typer(help="The method of the score.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """The method of the score."""


@app.command("sensitivity")
def sensitivity(
    draws: Annotated[int, typer.Option("--draws", metavar="N", help="How often every number is moved.", min=20)] = 4000,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Start of the draws.")] = 20261121,
    write: Annotated[bool, typer.Option("--write", help="Replace rules/sensitivity.yaml of this checkout.")] = False,
) -> None:
    """Recompute the uncertainty bands that reports print; writes nothing unless asked to."""
    from pathlib import Path

    from sovscan.cli import sockets
    from sovscan.cli.console import say, write_out
    from sovscan.cli.sensitivity import measure, written
    from sovscan.files import bundled
    from sovscan.files.writing import write_atomically

    with sockets.refused():
        place = bundled.resource("rules", "sensitivity.yaml")
        if write and (not isinstance(place, Path) or "_bundled" in place.parts):
            raise Refusal("--write: sovscan is installed, its rules are not to be changed", "run it in a checkout")
        content = written(measure(draws, seed)).encode()
        write_out(content)
        if content == place.read_bytes():
            say("rules/sensitivity.yaml says the same")
        elif write and isinstance(place, Path):
            write_atomically(place, content)
            say("wrote rules/sensitivity.yaml")
        else:
            say("rules/sensitivity.yaml differs; --write replaces it")
