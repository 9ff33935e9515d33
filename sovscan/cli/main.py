"""The entry point: one Typer application, one outermost frame, one exit."""

import errno
import io
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Annotated

import typer

from sovscan import __version__
from sovscan.cli import (
    audit,
    baseline,
    catalogue,
    config,
    demo,
    diff,
    doctor,
    evidence,
    explain,
    export,
    method,
    repo,
    report,
    rules,
    schema,
    score,
    tables,
    verify_claim,
    waivers,
    whatif,
)
from sovscan.cli.console import drop_output, open_missing_streams, say
from sovscan.cli.exits import Done, ExitCode, Refusal, worst
from sovscan.cli.french_help import help_language, offer_french

app = typer.Typer(
    name="sovscan",
    help="Who really controls the services an organisation depends on.",
    epilog="Begin with 'sovscan demo', then 'sovscan audit YOUR-DOMAIN --output html:report.html --lang fr'.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("audit", short_help="Collect, judge and report in one go.")(audit.audit)
app.command("collect")(audit.collect)
app.command("judge")(audit.judge)
app.command("explain", short_help="Print the reasoning behind each attribution.")(explain.explain)
app.command("repo")(repo.repo)
app.command("report")(report.report)
app.command("probes", short_help="List what is asked of whom, and what only on request.")(tables.probes)
app.command("score", short_help="Score a hand-written inventory: what no scan can see.")(score.score)
app.command("whatif", short_help="The score once services are replaced; a migration plan.")(whatif.whatif)
app.command("diff", short_help="What differs between two results, and why.")(diff.diff)
app.command("export", short_help="Candidate rows for DORA, GDPR, NIS2, ISO 27001.")(export.export)
app.command("verify-claim", short_help="A vendor's public claims against the evidence.")(verify_claim.verify_claim)
app.command("schema")(schema.schema)
app.command("init", short_help="Write a commented sovscan.yaml to begin with.")(config.init)
app.command("doctor", short_help="Check what this machine lacks for the whole job.")(doctor.doctor)
app.command("demo", short_help="Audit four invented organisations, without a network.")(demo.demo)
app.add_typer(catalogue.app, name="providers")
app.add_typer(rules.app, name="rules")
app.add_typer(evidence.app, name="evidence")
app.add_typer(method.app, name="method")
app.add_typer(tables.app, name="data")
app.add_typer(baseline.app, name="baseline")
app.add_typer(waivers.app, name="waivers")
app.add_typer(config.app, name="config")


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.", is_eager=True)] = False,
) -> None:
    if version:
        print(f"sovscan {__version__}")
        raise typer.Exit(0)


def main() -> None:
    """Run the command line and end the process with one of the five exit codes."""
    open_missing_streams()
    code = run(sys.argv[1:])
    try:
        # Python would end with 120, which is none of the five, if this failed later.
        sys.stdout.flush()
    except OSError as error:
        drop_output()
        if not isinstance(error, BrokenPipeError):
            code = worst(code, _refused_by_the_machine(error))
    sys.exit(int(code))


def run(arguments: list[str]) -> ExitCode:
    """The exit code of one command; messages go to standard error."""
    try:
        command = typer.main.get_command(app)
        if help_language(arguments) == "fr":
            offer_french(command)
        code = command(args=arguments, prog_name="sovscan", standalone_mode=False)
    except Done as done:
        return done.code
    except Refusal as refusal:
        say(f"sovscan: {refusal.message}")
        if refusal.help:
            say(f"help: {refusal.help}")
        return refusal.code
    except typer.Abort:
        say("sovscan: stopped")
        return ExitCode.INTERNAL
    except typer.TyperException as error:
        shown = io.StringIO()
        error.show(shown)  # type: ignore[attr-defined]  # every one raised by the parser can show itself
        for line in shown.getvalue().splitlines():
            say(line)
        return ExitCode.USAGE
    except OSError as error:
        return _refused_by_the_machine(error)
    except Exception:  # noqa: BLE001 - the outermost frame: a bug becomes a short message, a log and exit code 4
        return _bug()
    if code == _INTERRUPTED:
        say("sovscan: stopped; finished files are kept and none is half-written")
        return ExitCode.INTERNAL
    return ExitCode(int(code or 0))


_OF_THE_PATH = frozenset(
    {
        errno.EACCES,
        errno.EEXIST,
        errno.EISDIR,
        errno.ELOOP,
        errno.ENAMETOOLONG,
        errno.ENOENT,
        errno.ENOTDIR,
        errno.EPERM,
        errno.EROFS,
    }
)


def _refused_by_the_machine(error: OSError) -> ExitCode:
    """2 when a path the user named cannot be written or read, 4 when the machine failed (a full disk, say)."""
    say(f"sovscan: {error.strerror or error}: {error.filename or ''}".rstrip(": "))
    if error.errno in _OF_THE_PATH:
        say("help: check the path and its permissions")
        return ExitCode.USAGE
    say("help: free space, then run the same command; finished files are kept and none is half-written")
    return ExitCode.INTERNAL


_INTERRUPTED = 130
"""What Typer makes of an interrupt: none of the five."""


def _bug() -> ExitCode:
    trace = traceback.format_exc()
    handle, name = tempfile.mkstemp(prefix="sovscan-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8") as log:
        log.write(f"sovscan {__version__}, Python {sys.version}\n{trace}")
    say(f"sovscan: a fault of sovscan itself: {trace.strip().splitlines()[-1]}")
    say(f"help: the details are in {Path(name)}; please report them, without confidential names")
    return ExitCode.INTERNAL


if __name__ == "__main__":
    main()
