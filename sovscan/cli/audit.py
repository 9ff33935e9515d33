"""``collect``, ``judge`` and ``audit``: from targets to evidence, from evidence to a verdict, and both."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from sovscan.cli import options as opt
from sovscan.cli.exits import Done, ExitCode, worst


def collect(
    targets: opt.Targets = None,
    file: opt.TargetFile = None,
    organisation: opt.Organisation = None,
    repository: opt.Repositories = None,
    evidence: opt.Evidence = None,
    resolver: opt.Resolver = None,
    resolver_rate: opt.ResolverRate = 500,
    http_proxy: opt.HttpProxy = None,
    scope: opt.Scope = None,
    probe: opt.ProbeNames = None,
    ca_file: opt.CaFile = None,
    offline: opt.Offline = False,
    imports: opt.Imports = None,
    lang: opt.Lang = "auto",
    providers: opt.Providers = None,
    quiet: opt.Quiet = False,
) -> None:
    """Ask the network and write down what it said; judge nothing."""
    from sovscan.cli.bundle import write_bundle
    from sovscan.cli.collecting import CollectOptions, collect_evidence
    from sovscan.cli.console import write_out
    from sovscan.cli.destinations import refuse_destinations
    from sovscan.cli.judging import load_catalogue_or_refuse
    from sovscan.cli.language import languages
    from sovscan.files.evidence_bundle import write_evidence

    language = languages(lang)[0]
    refuse_destinations(None, evidence)
    catalogue = load_catalogue_or_refuse(providers)
    collected = collect_evidence(
        targets,
        file,
        organisation,
        catalogue,
        CollectOptions(
            resolver, resolver_rate, http_proxy, scope, probe, ca_file, offline, quiet, imports, repository, language
        ),
    )
    found = collected.evidence
    if evidence is None:
        write_out(write_evidence(found), "application/jsonl")
    else:
        write_bundle(evidence, found, None)
    if collected.broken:
        raise Done(ExitCode.INTERNAL)
    if not found.has_answers:
        raise Done(ExitCode.INCONCLUSIVE)


def judge(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="Folder NAME.sovscan or evidence.jsonl.")],
    format: opt.Format = None,  # noqa: A002
    output: opt.Outputs = None,
    lang: opt.Lang = "auto",
    previous: opt.Previous = None,
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
    """Judge recorded evidence; never uses the network."""
    from sovscan.cli import sockets
    from sovscan.cli.bundle import read_bundle
    from sovscan.cli.deliver import deliver, plan_outputs
    from sovscan.cli.deliverables import with_deliverables, with_wrapping
    from sovscan.cli.destinations import refuse_destinations
    from sovscan.cli.gating import GateFiles, conclude, gate_terms, prepare_gate, rule_on
    from sovscan.cli.judging import as_of_date, judge_evidence
    from sovscan.cli.naming import named_in
    from sovscan.cli.previous import main_targets, previous_beside, read_previous, refuse_other

    terms = gate_terms(fail_on, min_confidence, min_grade, fail_under)
    plan = plan_outputs(format, output, lang, template, client, confidentiality, quiet=quiet)
    plan = with_wrapping(with_deliverables(plan, deliverables, lang), consultant, contact, logo, csv_dialect)
    refuse_destinations(plan)
    files = GateFiles(config=config, no_config=no_config, waivers=waivers, baseline=baseline)
    with sockets.refused():
        evidence = read_bundle(bundle)
        earlier = read_previous(previous) if previous else previous_beside(bundle)
        if earlier is not None:
            refuse_other(earlier, main_targets(evidence), evidence.collected_at)
        gate = prepare_gate(terms, files, as_of_date(as_of) or evidence.collected_at[:10], max_regression)
        result = judge_evidence(
            evidence, profile=profile, as_of=as_of, overlays=providers, rule_folders=rules, previous=earlier
        )
        ruled = rule_on(result, gate)
        delivered = deliver(result, replace(named_in(plan, gate).ruled(ruled), previous=earlier))
    raise Done(worst(conclude(result, ruled, gate, exit_zero=exit_zero, quiet=quiet), delivered))


def audit(
    targets: opt.Targets = None,
    file: opt.TargetFile = None,
    organisation: opt.Organisation = None,
    repository: opt.Repositories = None,
    format: opt.Format = None,  # noqa: A002
    output: opt.Outputs = None,
    lang: opt.Lang = "auto",
    evidence: opt.Evidence = None,
    resolver: opt.Resolver = None,
    resolver_rate: opt.ResolverRate = 500,
    http_proxy: opt.HttpProxy = None,
    scope: opt.Scope = None,
    probe: opt.ProbeNames = None,
    ca_file: opt.CaFile = None,
    offline: opt.Offline = False,
    imports: opt.Imports = None,
    previous: opt.Previous = None,
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
    """Collect, judge and report in one go; source trees of the organisation join in with --repository."""
    from sovscan.cli.bundle import write_bundle
    from sovscan.cli.collecting import CollectOptions, collect_evidence
    from sovscan.cli.deliver import deliver, plan_outputs
    from sovscan.cli.deliverables import with_deliverables, with_wrapping
    from sovscan.cli.destinations import refuse_destinations
    from sovscan.cli.gating import GateFiles, conclude, gate_terms, prepare_gate, rule_on
    from sovscan.cli.judging import as_of_date, judge_evidence, load_catalogue_or_refuse, load_policy_or_refuse
    from sovscan.cli.language import languages
    from sovscan.cli.naming import named_in, today

    # Everything that can be refused is refused before the first packet leaves.
    language = languages(lang)[0]
    terms = gate_terms(fail_on, min_confidence, min_grade, fail_under)
    plan = plan_outputs(format, output, lang, template, client, confidentiality, quiet=quiet)
    plan = with_wrapping(with_deliverables(plan, deliverables, lang), consultant, contact, logo, csv_dialect)
    refuse_destinations(plan, evidence)
    files = GateFiles(config=config, no_config=no_config, waivers=waivers, baseline=baseline, targets=file)
    gate = prepare_gate(terms, files, as_of_date(as_of) or today(), max_regression)
    load_policy_or_refuse(profile)
    catalogue = load_catalogue_or_refuse(providers)
    collected = collect_evidence(
        targets,
        file,
        organisation,
        catalogue,
        CollectOptions(
            resolver, resolver_rate, http_proxy, scope, probe, ca_file, offline, quiet, imports, repository, language
        ),
        gate.configuration,
        gate.config,
        previous,
    )
    found, earlier = collected.evidence, collected.previous
    if evidence is not None:
        write_bundle(evidence, found, None)
    result = judge_evidence(
        found,
        profile=profile,
        as_of=as_of,
        overlays=providers,
        rule_folders=rules,
        catalogue=catalogue,
        previous=earlier,
    )
    if evidence is not None:
        write_bundle(evidence, found, result, earlier)
    ruled = rule_on(result, gate)
    delivered = deliver(result, replace(named_in(plan, gate, file).ruled(ruled), previous=earlier))
    code = conclude(result, ruled, gate, exit_zero=exit_zero, quiet=quiet)
    raise Done(worst(code, delivered, ExitCode.INTERNAL if collected.broken else ExitCode.PASS))
