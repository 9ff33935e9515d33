"""What the terminal says when the gate does not open: three lines a failure, what, where, and the nearest way out."""

from collections.abc import Iterator, Mapping

from sovscan.gate import GateTerms
from sovscan.model.audit import Audit, Move
from sovscan.model.dependency import Dependency, DependencyId
from sovscan.model.finding import Finding, RuleText, Verdict
from sovscan.model.gate import Decision, GateReason, GateResult
from sovscan.model.score import Grade
from sovscan.rulebook.silence import silent_questions, states_silence, told

MOST_SHOWN = 5
UNDECIDED_NEXT = "collect again so that what is missing gets an answer, or declare it in sovscan.yaml with its proof"
"""The way out of a rule that could not be decided: what it would advise rests on nothing yet."""
_SIGNS = {Decision.FAILED: "▲", Decision.INCONCLUSIVE: "?"}


def gate_lines(audit: Audit, ruled: GateResult, code: int) -> Iterator[str]:
    """The lines, decisive reasons first, in English as all messages; values of strangers are escaped when printed."""
    decisive = [reason for reason in ruled.reasons if reason.decision is ruled.decision]
    names = sorted({_name(reason) for reason in decisive})
    shown = ", ".join(names[:MOST_SHOWN]) + (f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else "")
    yield f"sovscan: gate {ruled.decision} (exit {code}): {shown}"
    case = _Case(audit, ruled)
    groups: dict[object, list[GateReason]] = {}
    for reason in sorted(decisive, key=lambda one: (case.is_told_elsewhere(one), case.weight(one))):
        groups.setdefault(case.alike(reason), []).append(reason)
    told_first = sorted(groups.values(), key=lambda alike: min(case.weight(one) for one in alike))
    for alike in told_first[:MOST_SHOWN]:
        yield from case.three_lines(alike[0], more=len(alike) - 1)
    if rest := sum(map(len, told_first[MOST_SHOWN:])):
        yield f"+{rest} more: see any report, for example --format md"
    entry = next((found for alike in told_first if (found := case.waiver_entry(alike[0], len(alike)))), None)
    if entry:
        yield f"waive, if the organisation accepts it, in sovscan-waivers.yaml: - {entry}"


def passed_line(audit: Audit, terms: GateTerms) -> str:
    """That the gate opened, and how much it let through that somebody may want to read."""
    open_ones = (Verdict.EXPOSED, Verdict.TO_CONFIRM, Verdict.UNKNOWN)
    left = len(told(audit, [finding for finding in audit.findings if finding.verdict in open_ones]))
    asked = f"nothing undecided or exposed counts at {terms.fail_on} or above" if terms.fail_on else "--fail-on never"
    listed = f"; {left} {'finding' if left == 1 else 'findings'} in the report" if left else ""
    return f"sovscan: gate passed (exit 0): {asked}{listed}"


def _name(reason: GateReason) -> str:
    if reason.what in ("finding", "grade", "score", "regression", "not-rated"):
        return reason.detail or reason.what
    return reason.what


class _Case:
    """An audit, indexed for messages."""

    def __init__(self, audit: Audit, ruled: GateResult) -> None:
        self._audit = audit
        self._within = {each.id: one.finding for one in told(audit, audit.findings, ruled) for each in one.within}
        self._code = audit.evidence.vantage.mode == "repository"
        """Whether files are all that was looked at."""
        self._findings: Mapping[str, Finding] = {finding.id: finding for finding in audit.findings}
        self._dependencies: Mapping[DependencyId, Dependency] = {found.id: found for found in audit.dependencies}
        self._rules: Mapping[str, RuleText] = {rule.id: rule for rule in audit.rules}

    def weight(self, reason: GateReason) -> tuple[int, float, str]:
        """Heaviest first: expired waivers and policy, then severity and points."""
        finding = self._findings.get(reason.finding or "")
        if finding is None or reason.what != "finding":
            return -9, 0.0, reason.detail
        return -finding.severity.rank, -finding.points_lost, finding.id

    def is_told_elsewhere(self, reason: GateReason) -> bool:
        """Whether it is undecided for the reason that another finding states."""
        return reason.what == "finding" and reason.finding in self._within

    def alike(self, reason: GateReason) -> object:
        """What reasons have in common that are told as one; else nothing.

        In files the rule and the provider; of what one silence leaves undecided, the finding that states it.
        """
        finding = self._findings.get(reason.finding or "")
        if reason.what == "finding" and finding is not None:
            lead = self._within.get(finding.id, finding)
            if lead in self._within.values():
                return lead.id
        dependency = self._dependency(reason, finding)
        if reason.what != "finding" or finding is None or dependency is None or dependency.location is None:
            return id(reason)
        who = dependency.attribution.provider
        return (finding.rule, finding.verdict, who) if who is not None else id(reason)

    def three_lines(self, reason: GateReason, more: int = 0) -> Iterator[str]:
        """What, where and what next. ``more``: places, or undecided rules, that are not told one by one."""
        finding = self._findings.get(reason.finding or "")
        dependency = self._dependency(reason, finding)
        yield f"{_SIGNS[reason.decision]} {self._what(reason, finding, dependency)}"
        kind = "place" if dependency is not None else "rule left undecided by it"
        several = kind.replace("place", "places").replace("rule", "rules")
        besides = f" and {more} more {kind if more == 1 else several}" if more else ""
        yield f"    where: {self._where(finding, dependency)}{besides}"
        yield f"    next: {self._next(reason, finding, dependency)}"

    def waiver_entry(self, reason: GateReason, places: int = 1) -> str | None:
        """An entry of a waiver file for a reason, or for the same in several places; None when none could cover it."""
        finding = self._findings.get(reason.finding or "")
        dependency = self._dependency(reason, finding)
        if reason.what not in ("finding", "policy") or (finding is None and dependency is None):
            return None
        rule = finding.rule if finding is not None and reason.what == "finding" else "policy"
        match = self._match(finding, dependency)
        if places > 1 and dependency is not None and dependency.attribution.provider is not None:
            match = f"{{provider: {dependency.attribution.provider}}}"
        return f"{{rule: {rule}, match: {match}, reason: '…', owner: '…', expires: '…'}}" if match else None

    def _dependency(self, reason: GateReason, finding: Finding | None) -> Dependency | None:
        ident = reason.dependency or (finding.dependency if finding else None)
        return self._dependencies.get(ident) if ident else None

    def _what(self, reason: GateReason, finding: Finding | None, dependency: Dependency | None) -> str:
        if reason.what == "expired-waiver":
            return f"expired waiver: {reason.detail}"
        if reason.what == "policy":
            who = self._who(dependency)
            doubt = "" if reason.decision is Decision.FAILED else "could break "
            return f"{doubt}policy {reason.detail}: {reason.why}{f' – {who}' if who else ''}"
        if finding is not None:
            rule = self._rules.get(finding.rule)
            who = self._who(dependency)
            title = rule.title.en if rule else finding.rule
            return f"{finding.rule} [{finding.severity}, {finding.told}]: {title}{f' – {who}' if who else ''}"
        if reason.what == "nothing-observed":
            return f"nothing-observed: {'no file could be read' if self._code else 'no question was answered'}"
        if reason.what == "no-such-name":
            return f"no-such-name: {reason.detail} does not exist"
        if reason.what == "nothing-but-registry":
            return "nothing-but-registry: nothing but the registry of the name was seen"
        return f"{reason.what}: {reason.detail}"

    def _who(self, dependency: Dependency | None) -> str:
        if dependency is None or dependency.attribution.provider is None:
            return ""
        ident = dependency.attribution.provider
        return next((found.name for found in self._audit.providers if found.id == ident), str(ident))

    def _where(self, finding: Finding | None, dependency: Dependency | None) -> str:
        if finding is not None and (silent := silent_questions(self._audit, finding)):
            named = [f"{seen.subject} {seen.asked.type} ({seen.reason})" for seen in silent]
            rest = f" and {len(named) - MOST_SHOWN} more" if len(named) > MOST_SHOWN else ""
            return f"{finding.location}: no answer to {', '.join(named[:MOST_SHOWN])}{rest}"
        if finding is not None:
            domain = dependency.domain if dependency is not None and dependency.location is None else ""
            return f"{finding.location}{f' ({domain})' if domain and domain not in finding.location else ''}"
        if dependency is not None:
            return dependency.location or f"{dependency.layer}:{dependency.subject} ({dependency.domain})"
        return self._audit.organisation

    def _next(self, reason: GateReason, finding: Finding | None, dependency: Dependency | None) -> str:
        if reason.what == "expired-waiver":
            return "mend it, or decide again: a new end and a new reason; list them with 'sovscan waivers check'"
        if reason.what == "nothing-observed":
            if self._code:
                return "check the path: give the folder that holds the manifests, then run again"
            if "offline" in self._audit.evidence.vantage.options:
                return "run again without --offline: no question was sent"
            return "check the network and the resolver with 'sovscan doctor', then run again"
        if reason.what in ("no-such-name", "nothing-but-registry"):
            return "check the spelling of the name, then run again with the one the organisation uses"
        if reason.what in ("score", "grade", "not-rated", "regression"):
            step = next(iter(self._audit.advice.decisions), None)
            return f"first step: {step.layer}, {step.offer} (+{step.gain:.1f} points)" if step else "see the report"
        fix = self._fix(finding, dependency)
        explain = (
            f"sovscan rules show {finding.rule}" if finding and reason.what == "finding" else "sovscan config show"
        )
        return f"{fix}explain: {explain}"

    def _fix(self, finding: Finding | None, dependency: Dependency | None) -> str:
        """Of an undecided finding what would settle it; else the best alternative, else the rule's remedy."""
        if finding is not None and finding.verdict is not Verdict.EXPOSED:
            settle = dependency.attribution.settle if dependency else None
            if settle is not None:
                return f"{settle.en} – "
            wanting = any(fact not in finding.facts for fact in finding.missing) and not states_silence(finding)
            if finding.verdict is Verdict.UNKNOWN and wanting:
                return f"{UNDECIDED_NEXT} – "
        move = self._move(dependency)
        if move is not None and move.alternatives:
            best = move.alternatives[0]
            rated = not self._code and self._audit.score.grade is not Grade.NR
            gain = f"+{best.gain:.1f} points" if best.gain >= 0.05 and rated else ""
            owner = best.provider_name if best.provider_name != best.name else ""
            return f"{best.name} ({', '.join(filter(None, (owner, best.country, gain)))}) – "
        rule = self._rules.get(finding.rule) if finding else None
        return f"{rule.remedy.en} – " if rule else ""

    def _move(self, dependency: Dependency | None) -> Move | None:
        moves = self._audit.advice.moves
        return next((move for move in moves if dependency is not None and dependency.id in move.dependencies), None)

    def _match(self, finding: Finding | None, dependency: Dependency | None) -> str | None:
        path = ((dependency.location if dependency else None) or "").rpartition(":")[0]
        if path:
            return "{path: '" + path.replace("'", "''") + "'}"
        if dependency is not None:
            return f"{{domain: {dependency.domain or dependency.subject}}}"
        if finding is None:
            return None
        silent = {seen.subject for seen in silent_questions(self._audit, finding)}
        if silent:
            # The one name, so that nothing else of the domain may go silent unseen.
            return f"{{domain: {min(silent)}}}"
        scope, _, subject = finding.location.partition(":")
        main = next((target.value for target in self._audit.evidence.targets if target.main), subject)
        return f"{{domain: {main if scope == 'organisation' else subject}}}"
