"""From options to the gate, and from its decision to an exit code."""

from collections.abc import Sequence

from sovscan.cli.console import say
from sovscan.cli.exits import ExitCode, Refusal
from sovscan.files.strict_yaml import suggestion
from sovscan.gate import Decision, GateTerms, decide
from sovscan.model.audit import Audit
from sovscan.model.dependency import Confidence
from sovscan.model.finding import Severity
from sovscan.model.score import Grade

_CODES = {
    Decision.PASSED: ExitCode.PASS,
    Decision.FAILED: ExitCode.POLICY,
    Decision.INCONCLUSIVE: ExitCode.INCONCLUSIVE,
}


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


def finish(result: Audit, terms: GateTerms, *, exit_zero: bool, quiet: bool) -> ExitCode:
    """The exit code of an audit, with one line on standard error that says why it is not 0."""
    gate = decide(result, terms)
    code = _CODES[gate.decision]
    if code is ExitCode.PASS:
        return code
    decisive = [reason for reason in gate.reasons if reason.decision is gate.decision]
    names = sorted({reason.detail or reason.what for reason in decisive})
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    word = "failed" if code is ExitCode.POLICY else "inconclusive"
    say(f"sovscan: gate {word} (exit {int(code)}): {shown}", quiet=quiet)
    if exit_zero:
        say(f"sovscan: --exit-zero turns exit {int(code)} into 0")
        return ExitCode.PASS
    return code


def _word(given: str, known: Sequence[str], option: str) -> str:
    words = [str(word) for word in known]
    if given not in words:
        near = suggestion(given, words)
        raise Refusal(f"{option}: unknown word {given!r}", f"{near + '; ' if near else ''}one of {', '.join(words)}")
    return given
