"""``baseline create`` and ``baseline prune``: what was known on a day."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sovscan.cli import options as opt

if TYPE_CHECKING:
    from sovscan.gate import GateReason
    from sovscan.model.audit import Audit

app = typer.Typer(help="What was known on a day; the gate then looks at what is new.", no_args_is_help=True,
                  rich_markup_mode=None)  # fmt: skip
Result = Annotated[Path, typer.Argument(metavar="RESULT", help="result.json of an audit, or its bundle folder.")]


@app.callback()
def _group() -> None:
    """What was known on a day; the gate then looks at what is new."""


@app.command("create")
def create(
    result: Result,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Default: standard output.")] = None,
    config: opt.Config = None,
    no_config: opt.NoConfig = False,
) -> None:
    """Write down everything a result knows, with what the policy block fails today; never uses the network."""
    from sovscan.cli.console import say, write_out
    from sovscan.cli.destinations import refuse_unwritable
    from sovscan.cli.stored import read_result
    from sovscan.files.writing import write_atomically
    from sovscan.gate.baseline import make_baseline, write_baseline

    refuse_unwritable([("--output", output)] if output else [])
    known = read_result(result)
    confidences = {found.id: found.attribution.confidence for found in known.dependencies}
    failures = [
        (reason.finding, confidences[reason.dependency])
        for reason in _policy_failures(known, config, no_config=no_config)
        if reason.finding is not None and reason.dependency is not None
    ]
    baseline = make_baseline(known, failures)
    content = write_baseline(baseline)
    if output is None:
        write_out(content, "application/json")
        return
    write_atomically(output, content)
    say(f"wrote {output}: {len(baseline.findings)} known findings")


@app.command("prune")
def prune(
    baseline: Annotated[Path, typer.Argument(metavar="BASELINE")],
    result: Result,
    config: opt.Config = None,
    no_config: opt.NoConfig = False,
) -> None:
    """Drop from a baseline what is gone from a result; nothing is ever added. Never uses the network."""
    from sovscan.cli.console import say
    from sovscan.cli.discovery import FoundFile
    from sovscan.cli.gating import baseline_in
    from sovscan.cli.stored import read_result
    from sovscan.files.writing import write_atomically
    from sovscan.gate.baseline import prune as pruned
    from sovscan.gate.baseline import write_baseline

    before = baseline_in(FoundFile(path=baseline, origin="argument"))
    present = read_result(result)
    failures = _policy_failures(present, config, no_config=no_config)
    after = pruned(before, present, [reason.finding for reason in failures if reason.finding is not None])
    write_atomically(baseline, write_baseline(after))
    say(f"wrote {baseline}: {len(before.findings) - len(after.findings)} dropped, {len(after.findings)} kept")


def _policy_failures(audit: "Audit", config: Path | None, *, no_config: bool) -> "list[GateReason]":
    """What the policy block fails, or could fail, waivers and thresholds left aside."""
    from sovscan.cli.configuration import read_configuration
    from sovscan.cli.discovery import find_config
    from sovscan.cli.gating import check_names
    from sovscan.gate import GateTerms, decide

    file = find_config(config, ignore=no_config)
    if file is None:
        return []
    policy = read_configuration(file.read(), file.shown).policy
    check_names(policy)
    ruled = decide(audit, GateTerms(fail_on=None, policy=policy))
    return [reason for reason in ruled.reasons if reason.what == "policy"]
