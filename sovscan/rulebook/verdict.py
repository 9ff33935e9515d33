"""One rule asked of one set of facts."""

from collections.abc import Mapping
from dataclasses import dataclass

from sovscan.model.finding import Verdict
from sovscan.rulebook.cel import Binding, Engine, FactValue
from sovscan.rulebook.rulebook import Rule

RULE_ERROR = "rule-error"
"""Stands among the missing facts when the rule itself failed: budget spent, or an invalid pattern."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a rule says, before ownership is weighed."""

    verdict: Verdict
    missing: tuple[str, ...] = ()
    """Facts that kept it from deciding, those the condition of an UNKNOWN rule is about, or ``rule-error``."""


def rule_on(rule: Rule, facts: Binding) -> Ruling:
    """EXPOSED, CLEAR, UNKNOWN or NOT_APPLICABLE; a failing rule is UNKNOWN, never CLEAR."""
    if rule.only is not None:
        where = rule.only.ask(facts)
        if where.value is False:
            return Ruling(verdict=Verdict.NOT_APPLICABLE)
        if where.value is None:
            return Ruling(verdict=Verdict.UNKNOWN, missing=where.missing or (RULE_ERROR,))
    answer = rule.when.ask(facts)
    if answer.value is None:
        return Ruling(verdict=Verdict.UNKNOWN, missing=answer.missing or (RULE_ERROR,))
    if not answer.value:
        return Ruling(verdict=Verdict.CLEAR)
    # What the condition rests on, never what it did not need: nobody may read "not decided" into a rule that held.
    about = tuple(name for name in rule.when.names if name in facts.names)
    return Ruling(verdict=rule.verdict, missing=about if rule.verdict is Verdict.UNKNOWN else ())


class Rulings:
    """What one rule says of the facts it names, worked out once for equal ones: thousands of services share them."""

    def __init__(self, rule: Rule, engine: Engine) -> None:
        self.rule = rule
        self._names = rule.names
        self._engine = engine
        self._known: dict[tuple[FactValue | None, ...], tuple[Ruling, Mapping[str, str]]] = {}

    def on(self, facts: Mapping[str, FactValue]) -> tuple[Ruling, Mapping[str, str]]:
        """What ``rule_on`` says, and the facts as they are printed."""
        key = tuple([facts.get(name) for name in self._names])
        found = self._known.get(key)
        if found is None:
            named = {name: facts[name] for name in self._names if name in facts}
            found = self._known[key] = (rule_on(self.rule, self._engine.bind(named)), printed(self.rule, named))
        return found


def printed(rule: Rule, facts: Mapping[str, FactValue]) -> dict[str, str]:
    """The facts a rule names that are known, as texts, by name."""
    return {name: _text(facts[name]) for name in rule.names if name in facts}


def _text(value: FactValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, float):
        return f"{value:.3f}"
    return str(value)
