"""``waivers check``: whether the accepted findings are still accepted, and still there."""

from pathlib import Path
from typing import Annotated

import typer

from sovscan.cli import options as opt
from sovscan.cli.exits import Done, ExitCode, Refusal

app = typer.Typer(help="Findings accepted with reason, owner and end.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Findings accepted with reason, owner and end."""


@app.command("check")
def check(
    waivers: opt.Waivers = None,
    config: opt.Config = None,
    result: Annotated[
        Path | None, typer.Option("--result", metavar="RESULT", help="Say also which waivers match nothing in it.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Say no to waivers that match nothing.")] = False,
    rules: opt.Rules = None,
    as_of: opt.AsOf = None,
) -> None:
    """Say no (1) to waivers that expired; never uses the network."""
    from sovscan.cli.console import print_line
    from sovscan.cli.discovery import find_config, find_waivers
    from sovscan.cli.judging import as_of_date, load_rulebook_or_refuse
    from sovscan.cli.naming import today
    from sovscan.cli.stored import read_result
    from sovscan.files.strict_yaml import YamlError, suggestion
    from sovscan.gate import GateTerms, decide
    from sovscan.gate.decision import POLICY
    from sovscan.gate.waivers import read_waivers

    file = find_waivers(waivers, find_config(config))
    if file is None:
        raise Refusal("no waiver file", "name one with --waivers, or write sovscan-waivers.yaml beside sovscan.yaml")
    day = as_of_date(as_of) or today()
    try:
        entries = read_waivers(file.read(), file.shown, day)
    except YamlError as error:
        raise Refusal(str(error), error.help or "its form: sovscan schema waivers") from error
    known = {str(rule.text.id) for rule in load_rulebook_or_refuse(rules).rules} | {POLICY}
    for entry in entries:
        if entry.rule not in known:
            raise Refusal(f"{entry.where}: unknown rule {entry.rule!r}", suggestion(entry.rule, known))
    expired = [entry for entry in entries if entry.expired(day)]
    for entry in expired:
        print_line(f"{entry.where}: expired on {entry.expires}: {entry.rule}, {entry.match} ({entry.owner})")
    unused: tuple[str, ...] = ()
    if result is not None:
        unused = decide(read_result(result), GateTerms(waivers=entries)).warnings
        for warning in unused:
            print_line(warning)
    print_line(f"{len(entries)} waivers, {len(expired)} expired, {len(unused)} that match nothing")
    raise Done(ExitCode.POLICY if expired or (strict and unused) else ExitCode.PASS)
