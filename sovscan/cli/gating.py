"""From options and files to the gate, and from its decision to an exit code."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sovscan.cli.configuration import Configuration, read_configuration
from sovscan.cli.console import say
from sovscan.cli.discovery import DISCOVERED, FoundFile, find_baseline, find_config, find_waivers
from sovscan.cli.exits import ExitCode, Refusal
from sovscan.cli.gate_lines import gate_lines, passed_line
from sovscan.files.strict_yaml import YamlError, suggestion
from sovscan.gate import GateTerms, decide
from sovscan.gate.baseline import Baseline, BaselineError, read_baseline
from sovscan.gate.policy import PolicyRule, Then
from sovscan.gate.waivers import Waiver, read_waivers
from sovscan.model.audit import Audit
from sovscan.model.dependency import Confidence
from sovscan.model.finding import Severity
from sovscan.model.gate import Decision, GateResult
from sovscan.model.score import Grade

_CODES = {
    Decision.PASSED: ExitCode.PASS,
    Decision.FAILED: ExitCode.POLICY,
    Decision.INCONCLUSIVE: ExitCode.INCONCLUSIVE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFiles:
    """The files the command line names for the gate."""

    config: Path | None = None
    no_config: bool = False
    waivers: Path | None = None
    baseline: Path | None = None
    targets: str | None = None
    """What ``-f`` names: a .yaml there is the configuration when nothing else is named, and may only tighten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The terms in force and where they come from."""

    terms: GateTerms
    config: FoundFile | None
    waivers: FoundFile | None
    baseline: FoundFile | None
    configuration: Configuration
    """Without what its file may not decide."""
    refused: tuple[PolicyRule, ...]
    """Rules that would loosen the gate, in a file nobody named."""
    notes: tuple[str, ...]
    """What was found and is not applied, for the user."""


def gate_terms(fail_on: str, min_confidence: str, min_grade: str | None, fail_under: float | None) -> GateTerms:
    """What the options ask for. Raises Refusal on a word they do not know."""
    severity = None if fail_on == "never" else Severity(_word(fail_on, [*Severity, "never"], "--fail-on"))
    grades = [grade for grade in Grade if grade is not Grade.NR]
    return GateTerms(
        fail_on=severity,
        min_confidence=Confidence(_word(min_confidence, list(Confidence), "--min-confidence")),
        min_grade=None if min_grade is None else Grade(_word(min_grade.upper(), grades, "--min-grade")),
        fail_under=fail_under,
    )


def prepare_gate(terms: GateTerms, files: GateFiles, today: str, max_regression: float | None = None) -> Gate:
    """The terms with what the files add.

    ``today``: ISO date from which waivers may run at most 366 days. Raises Refusal when a file that was named is
    missing, or a file that was found cannot be read.
    """
    config = find_config(files.config, ignore=files.no_config)
    for_targets = bool(files.targets and files.targets.endswith((".yaml", ".yml")))
    for_targets = for_targets and (config is None or not config.named)
    if for_targets and files.targets is not None:
        config = FoundFile(path=Path(files.targets), origin=DISCOVERED)
    waiver_file = find_waivers(files.waivers, config, ignore=files.no_config)
    baseline_file = find_baseline(files.baseline, config, ignore=files.no_config)
    configuration = Configuration(organisation=None, targets=())
    if config is not None:
        configuration = read_configuration(config.read(), config.shown)
    check_names(configuration.policy)
    waivers = _waivers(waiver_file, today)
    known = None if baseline_file is None else baseline_in(baseline_file)
    if max_regression is not None and known is None:
        raise Refusal(
            "--max-regression: there is no baseline to compare with",
            "name one with --baseline FILE; make it with 'sovscan baseline create RESULT --output FILE'",
        )
    notes: list[str] = []
    refused: tuple[PolicyRule, ...] = ()
    if config is not None and not config.named:
        refused = tuple(rule for rule in configuration.policy if rule.then is Then.ALLOW)
        configuration, more = _tightening_only(configuration, config, refused, for_targets=for_targets)
        notes += more
    trusted = waiver_file is not None and waiver_file.named
    if waiver_file is not None and waivers and not trusted:
        notes.append(
            f"{waiver_file.shown}: {len(waivers)} waivers not applied, because nobody named the file; "
            f"name it with --waivers {waiver_file.shown}"
        )
    counts = baseline_file is not None and baseline_file.named
    if baseline_file is not None and not counts and max_regression is None:
        notes.append(
            f"{baseline_file.shown}: baseline not applied, because nobody named the file; "
            f"name it with --baseline {baseline_file.shown}"
        )
    return Gate(
        terms=replace(
            terms,
            max_regression=max_regression,
            policy=configuration.policy,
            waivers=waivers if trusted else (),
            untrusted=() if trusted else waivers,
            baseline=known if counts else None,
            reference=known,
        ),
        config=config,
        waivers=waiver_file,
        baseline=baseline_file,
        configuration=configuration,
        refused=refused,
        notes=tuple(notes),
    )


def rule_on(result: Audit, gate: Gate) -> GateResult:
    """What the gate says of an audit, with the score as it would be without what is waived."""
    from sovscan.score.policy import load_policy

    return decide(result, gate.terms, load_policy(result.profile) if gate.terms.waivers else None)


def conclude(result: Audit, ruled: GateResult, gate: Gate, *, exit_zero: bool, quiet: bool) -> ExitCode:
    """The exit code of an audit; standard error says what failed, where, and the nearest way out."""
    for note in gate.notes:
        say(f"sovscan: {note}")
    for warning in ruled.warnings:
        say(f"sovscan: warning: {warning}", quiet=quiet)
    if ruled.score_with_waivers is not None:
        say(
            f"sovscan: score {result.score.value:.0f} {result.score.grade}, "
            f"or {ruled.score_with_waivers:.0f} {ruled.grade_with_waivers} with waivers",
            quiet=quiet,
        )
    code = _CODES[ruled.decision]
    if code is ExitCode.PASS:
        say(passed_line(result, gate.terms), quiet=quiet)
        return code
    for line in gate_lines(result, ruled, int(code)):
        say(line, quiet=quiet)
    if exit_zero:
        say(f"sovscan: --exit-zero turns exit {int(code)} into 0")
        return ExitCode.PASS
    return code


def check_names(policy: Sequence[PolicyRule]) -> None:
    """Raise Refusal for a law or provider that nothing knows: such a rule would never match and never say so."""
    laws = [rule for rule in policy if rule.when.law is not None]
    providers = [rule for rule in policy if rule.when.provider is not None]
    if laws:
        from sovscan.cli.judging import load_rulebook_or_refuse

        _known(laws, "law", [str(law.text.id) for law in load_rulebook_or_refuse(None).laws])
    if providers:
        from sovscan.cli.judging import load_catalogue_or_refuse

        _known(providers, "provider", list(load_catalogue_or_refuse(None).providers))


def baseline_in(file: FoundFile) -> Baseline:
    """The baseline in a file. Raises Refusal when it cannot be used."""
    try:
        return read_baseline(file.read(), file.shown)
    except BaselineError as error:
        raise Refusal(str(error), "make it again with 'sovscan baseline create RESULT --output FILE'") from error


def _known(rules: Sequence[PolicyRule], what: str, known: Sequence[str]) -> None:
    for rule in rules:
        given = str(getattr(rule.when, what))
        if given not in known:
            listing = "sovscan providers list" if what == "provider" else "rules/laws.yaml"
            near = suggestion(given, known)
            raise Refusal(f"{rule.where}: unknown {what} {given!r}", f"{near + '; ' if near else ''}see {listing}")


def _tightening_only(
    configuration: Configuration, file: FoundFile, refused: Sequence[PolicyRule], *, for_targets: bool
) -> tuple[Configuration, list[str]]:
    """What may only tighten the gate, and what is said of the rest.

    ``for_targets``: the file was given with ``-f``, so that its settings and declarations were applied.
    """
    why = "-f named the file for what it audits" if for_targets else "nobody named the file"
    notes = [f"{rule.where}: 'then: allow' not applied, because {why}" for rule in refused]
    if configuration.collect is not None and not for_targets:
        notes.append(f"{file.shown}: collection settings not applied, because nobody named the file")
    stated = len(configuration.declared) + (configuration.context is not None)
    if stated and not for_targets:
        notes.append(f"{file.shown}: {stated} declarations not applied, because nobody named the file")
    if notes:
        sort = "a file of targets" if for_targets else "a file that was only found"
        notes.append(f"{sort} may tighten the gate, never loosen it; name it: --config {file.shown}")
    kept = tuple(rule for rule in configuration.policy if rule.then is Then.FAIL)
    return replace(configuration, policy=kept, declared=(), context=None, collect=None), notes


def _waivers(file: FoundFile | None, today: str) -> tuple[Waiver, ...]:
    if file is None:
        return ()
    try:
        return read_waivers(file.read(), file.shown, today)
    except YamlError as error:
        raise Refusal(str(error), error.help or "its form: sovscan schema waivers") from error


def _word(given: str, known: Sequence[str], option: str) -> str:
    words = [str(word) for word in known]
    if given not in words:
        near = suggestion(given, words)
        raise Refusal(f"{option}: unknown word {given!r}", f"{near + '; ' if near else ''}one of {', '.join(words)}")
    return given
