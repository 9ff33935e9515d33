"""``config show`` and ``init``: the settings of a run with where each comes from, and a file to begin with."""

from pathlib import Path
from typing import Annotated

import typer

from sovscan.cli import options as opt
from sovscan.cli.exits import Refusal

app = typer.Typer(help="The configuration in force.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """The configuration in force."""


@app.command("show")
def show(
    context: typer.Context,
    fail_on: opt.FailOn = "high",
    min_confidence: opt.MinConfidence = "probable",
    min_grade: opt.MinGrade = None,
    fail_under: opt.FailUnder = None,
    max_regression: opt.MaxRegression = None,
    profile: opt.Profile = "practical",
    baseline: opt.Baseline = None,
    waivers: opt.Waivers = None,
    config: opt.Config = None,
    no_config: opt.NoConfig = False,
    as_of: opt.AsOf = None,
) -> None:
    """Each value that decides, and its origin: an option, a file, a variable or the default."""
    from sovscan.cli.gating import GateFiles, gate_terms, prepare_gate
    from sovscan.cli.judging import as_of_date
    from sovscan.cli.naming import today
    from sovscan.cli.settings import settings_lines

    terms = gate_terms(fail_on, min_confidence, min_grade, fail_under)
    files = GateFiles(config=config, no_config=no_config, waivers=waivers, baseline=baseline)
    gate = prepare_gate(terms, files, as_of_date(as_of) or today(), max_regression)
    given = {
        name: (value, _origin(context, name))
        for name, value in (
            ("fail_on", fail_on),
            ("min_confidence", min_confidence),
            ("min_grade", min_grade),
            ("fail_under", fail_under),
            ("max_regression", max_regression),
            ("profile", profile),
        )
    }
    from sovscan.cli.console import print_line

    for line in settings_lines(gate, given):
        print_line(line)


def init(
    path: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to look and to write.")] = Path(),
) -> None:
    """Write a commented sovscan.yaml from what is found in a folder; never overwrites, never uses the network."""
    from sovscan.cli.console import say
    from sovscan.cli.discovery import CONFIG_NAME
    from sovscan.cli.judging import load_catalogue_or_refuse
    from sovscan.cli.starter import own_domains, starter
    from sovscan.files.writing import write_atomically

    file = path / CONFIG_NAME
    if not path.is_dir():
        raise Refusal(f"{path}: no such folder")
    if file.exists() or file.is_symlink():
        raise Refusal(f"{file} is there already", "look at it with 'sovscan config show'; nothing was changed")
    found = own_domains(path, load_catalogue_or_refuse(None))
    write_atomically(file, starter(found).encode())
    for domain in found:
        say(f"found {domain.name} in {domain.source}")
    say(f"wrote {file}")
    following = "sovscan audit" if found else "sovscan audit YOUR-DOMAIN"
    say(f"next: read it, then '{following}' for the domains and 'sovscan repo' for the source tree")


def _origin(context: typer.Context, name: str) -> str:
    source = context.get_parameter_source(name)
    option = f"--{name.replace('_', '-')}"
    return option if source is not None and source.name == "COMMANDLINE" else "default"
