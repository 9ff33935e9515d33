"""``repo``: a checkout or single files → a verdict, without any network."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from sovscan.cli import options as opt
from sovscan.cli.exits import Done, Refusal, worst

Paths = Annotated[list[Path] | None, typer.Argument(metavar="PATH", help="Checkouts or single files; default: here.")]
_SEVERAL = 3
"""Files of which none is left by chance."""
AllowEmpty = Annotated[
    bool, typer.Option("--allow-empty", help="Pass when no file of a known sort is found, instead of exit 3.")
]


def repo(
    paths: Paths = None,
    organisation: opt.Organisation = None,
    format: opt.Format = None,  # noqa: A002
    output: opt.Outputs = None,
    lang: opt.Lang = "auto",
    evidence: opt.Evidence = None,
    allow_empty: AllowEmpty = False,
    previous: opt.Previous = None,
    offline: opt.Offline = False,  # noqa: ARG001 - accepted everywhere; this verb never uses the network
    as_of: opt.AsOf = None,
    profile: opt.Profile = "practical",
    providers: opt.Providers = None,
    rules: opt.Rules = None,
    template: opt.Template = "sovereign",
    client: opt.Client = None,
    confidentiality: opt.Confidentiality = None,
    consultant: opt.Consultant = None,
    contact: opt.Contact = None,
    logo: opt.Logo = None,
    deliverables: opt.Deliverables = None,
    csv_dialect: opt.CsvDialect = "rfc4180",
    fail_on: opt.FailOn = "high",
    min_confidence: opt.MinConfidence = "probable",
    min_grade: opt.MinGrade = None,
    fail_under: opt.FailUnder = None,
    max_regression: opt.MaxRegression = None,
    baseline: opt.Baseline = None,
    waivers: opt.Waivers = None,
    config: opt.Config = None,
    no_config: opt.NoConfig = False,
    exit_zero: opt.ExitZero = False,
    quiet: opt.Quiet = False,
) -> None:
    """Scan source trees; never uses the network."""
    from sovscan import __version__
    from sovscan.cli import sockets
    from sovscan.cli.bundle import write_bundle
    from sovscan.cli.console import say
    from sovscan.cli.deliver import deliver, plan_outputs
    from sovscan.cli.deliverables import with_deliverables, with_wrapping
    from sovscan.cli.destinations import refuse_destinations
    from sovscan.cli.gating import GateFiles, conclude, gate_terms, prepare_gate, rule_on
    from sovscan.cli.judging import as_of_date, judge_evidence
    from sovscan.cli.naming import named_in, today
    from sovscan.cli.previous import main_targets, read_previous, refuse_other
    from sovscan.repository.gone import files_of, with_gone
    from sovscan.repository.scan import scan

    terms = gate_terms(fail_on, min_confidence, min_grade, fail_under)
    plan = plan_outputs(format, output, lang, template, client, confidentiality, quiet=quiet)
    plan = with_wrapping(with_deliverables(plan, deliverables, lang), consultant, contact, logo, csv_dialect)
    refuse_destinations(plan, evidence)
    given = paths or [Path()]
    for path in given:
        if not path.exists() and not path.is_symlink():
            raise Refusal(f"{path}: no such file or folder", "give a checkout, or files of it")
    files = GateFiles(config=config, no_config=no_config, waivers=waivers, baseline=baseline)
    with sockets.refused():
        gate = prepare_gate(terms, files, as_of_date(as_of) or today(), max_regression)
        earlier = read_previous(previous) if previous else None
        scanned = scan(given, organisation=organisation, versions={"sovscan": __version__})
        if earlier is not None:
            refuse_other(earlier, main_targets(scanned.evidence), scanned.evidence.collected_at)
            _tell_elsewhere(files_of(earlier.evidence), files_of(scanned.evidence))
            scanned = with_gone(scanned, earlier.evidence, given)
        result = judge_evidence(
            scanned.evidence, profile=profile, as_of=as_of, overlays=providers, rule_folders=rules, previous=earlier
        )
        if evidence is not None:
            write_bundle(evidence, scanned.evidence, result, earlier)
        ruled = rule_on(result, gate)
        delivered = deliver(result, replace(named_in(plan, gate).ruled(ruled), previous=earlier))
    _tell_skipped(scanned.evidence.vantage.options, quiet=quiet)
    if not scanned.recognised:
        say("sovscan: no file of a known sort was found" + ("" if allow_empty else ": wrong path?"), quiet=quiet)
        if allow_empty:
            raise Done(delivered)
    raise Done(worst(conclude(result, ruled, gate, exit_zero=exit_zero, quiet=quiet), delivered))


def _tell_elsewhere(before: frozenset[str], now: frozenset[str]) -> None:
    """A tree scanned from another folder has other paths, and every file would look removed and added."""
    from sovscan.cli.console import say

    if len(before) >= _SEVERAL and now and not before & now:
        say(f"sovscan: none of the {len(before)} files of the earlier scan is in this one")
        say("help: scan from the same folder as then, or what is told as new and resolved is not")


def _tell_skipped(told: Mapping[str, str], *, quiet: bool) -> None:
    from sovscan.cli.console import say

    counts = {key.removeprefix("skipped-"): value for key, value in told.items() if key.startswith("skipped-")}
    large = counts.pop("too-large-files", "")
    counts.pop("all-but-files-given", "")
    if counts:
        listed = ", ".join(f"{count} {reason}" for reason, count in sorted(counts.items()))
        say(f"sovscan: left out: {listed}" + (f" ({large})" if large else ""), quiet=quiet)
