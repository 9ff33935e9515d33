"""``probes`` and ``data``: what is asked of whom, and the local table of networks."""

from typing import Annotated

import typer

from sovscan.cli import options as opt
from sovscan.cli.exits import Refusal

app = typer.Typer(help="The local table of networks.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """The local table of networks."""


def probes(lang: opt.Lang = "auto") -> None:
    """List every probe: what it asks, of whom, and which ones ask only when told to."""
    from sovscan.cli.language import languages
    from sovscan.probes.registry import all_probes

    language = languages(lang)[0]
    words = {"fr": ("d’office", "sur demande"), "en": ("always", "opt-in")}[language]
    for probe in all_probes():
        print(f"{probe.id:<18} {words[probe.opt_in]:<12} {probe.asks.in_language(language)}")


@app.command("update")
def update(
    source: Annotated[str, typer.Argument(metavar="FILE|URL", help="iptoasn, ip-location-db, RouteViews or MaxMind.")],
    attribution: Annotated[str, typer.Option("--source", help="Name of the source, printed in reports.")] = "",
    licence: Annotated[str, typer.Option("--licence", help="Licence of the source, printed in reports.")] = "",
    date: Annotated[str, typer.Option("--date", help="Date of the source; default: the file's own date.")] = "",
) -> None:
    """Rebuild the table that says which network an address belongs to."""
    from sovscan.cli.console import print_line
    from sovscan.cli.table_update import TableRefused, update_table

    try:
        print_line(update_table(source, attribution=attribution, licence=licence, date=date))
    except TableRefused as error:
        raise Refusal(str(error), "the table in use is unchanged") from error
