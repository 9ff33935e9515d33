"""``providers``: who is who, and whether the entries hold."""

from typing import Annotated

import typer

from sovscan.cli import options as opt
from sovscan.cli.exits import Done, ExitCode, Refusal

app = typer.Typer(help="The catalogue of providers.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """The catalogue of providers."""


@app.command("list")
def list_providers(providers: opt.Providers = None) -> None:
    """One line a provider: id, controller, country, name."""
    from sovscan.catalogue.control import controller
    from sovscan.cli.judging import load_catalogue_or_refuse

    catalogue = load_catalogue_or_refuse(providers)
    for identifier, provider in sorted(catalogue.providers.items()):
        name, country = controller(provider, catalogue, catalogue.date)
        state = "sourced" if provider.seat_sources else "to confirm"
        print(f"{identifier:<28} {country:<3} {state:<11} {provider.name} ({name})")


@app.command("show")
def show(identifier: Annotated[str, typer.Argument(metavar="ID")], providers: opt.Providers = None) -> None:
    """Everything recorded about one provider, as JSON."""
    from sovscan.cli.console import write_out
    from sovscan.cli.judging import load_catalogue_or_refuse
    from sovscan.files import canonical
    from sovscan.files.records import to_plain
    from sovscan.files.strict_yaml import suggestion

    catalogue = load_catalogue_or_refuse(providers)
    found = {str(key): provider for key, provider in catalogue.providers.items()}
    if identifier not in found:
        raise Refusal(f"no provider {identifier!r}", suggestion(identifier, found))
    write_out(canonical.dumps_pretty(to_plain(found[identifier])))


@app.command("validate")
def validate(providers: opt.Providers = None) -> None:
    """Check the catalogue and its overlays; exit 2 with the place of each fault."""
    from datetime import UTC, datetime

    from sovscan.catalogue.lint import lint
    from sovscan.catalogue.load import read_files
    from sovscan.files.strict_yaml import YamlError

    try:
        faults = lint(read_files(tuple(providers or ())), today=datetime.now(UTC).date().isoformat())
    except YamlError as error:
        raise Refusal(str(error), error.help) from error
    for fault in faults:
        print(fault if fault.serious else f"{fault}  [worth a look]")
    if any(fault.serious for fault in faults):
        raise Done(ExitCode.USAGE)
    print("the catalogue holds")
