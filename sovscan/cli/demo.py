"""``demo``: the main job on recorded evidence of invented organisations, without any network."""

from pathlib import Path
from typing import Annotated

import typer

from sovscan.cli import options as opt
from sovscan.cli.exits import Done


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write.")] = Path("demo-output"),
    quiet: opt.Quiet = False,
) -> None:
    """Audit four invented organisations offline: PDF, HTML, JSON and SARIF, in French and English."""
    from sovscan.cli import sockets
    from sovscan.cli.bundle import write_bundle
    from sovscan.cli.console import print_line, say
    from sovscan.cli.deliver import deliver_all, plan_outputs
    from sovscan.cli.destinations import refuse_unwritable
    from sovscan.cli.judging import judge_evidence, load_catalogue_or_refuse
    from sovscan.files import bundled
    from sovscan.files.evidence_bundle import read_evidence

    refuse_unwritable([], [("DIR", folder)])
    planned = []
    with sockets.refused():
        catalogue = load_catalogue_or_refuse(None)
        for parts in bundled.listing("data", "demo", suffix=".jsonl"):
            name = parts[-1].removesuffix(".jsonl")
            evidence = read_evidence(bundled.read(*parts), parts[-1])
            result = judge_evidence(evidence, profile="practical", as_of=None, catalogue=catalogue)
            target = folder / name
            outputs = [f"{form}:{target / file}" for form, file in _FILES]
            plan = plan_outputs(None, outputs, "fr,en", "sovereign", None, None, quiet=True)
            write_bundle(target / f"{name}.sovscan", evidence, result)
            planned.append((result, plan))
        code = deliver_all(planned, quiet=quiet)
    for result, plan in planned:
        print_line(f"{result.organisation}: {result.score.value:.0f}/100, {result.score.grade}")
        for output in plan.outputs:
            if output.path is not None and output.path.exists():
                print_line(f"  {output.path}")
    say("No packet left this machine: the evidence was recorded.", quiet=quiet)
    raise Done(code)


_FILES = (("pdf", "report.pdf"), ("html", "report.html"), ("json", "result.json"), ("sarif", "result.sarif"))
