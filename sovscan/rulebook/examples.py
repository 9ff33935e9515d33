"""Rules prove themselves: each example's facts must lead to the verdict it states."""

from dataclasses import dataclass

from sovscan.model.finding import Verdict
from sovscan.rulebook.rulebook import Example, Rule, Rulebook
from sovscan.rulebook.verdict import rule_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Disproof:
    """An example that does not lead where it says."""

    rule: Rule
    example: Example
    found: Verdict

    def __str__(self) -> str:
        """``file:line:column: rule: expected x, found y``."""
        wanted = self.example.verdict.value
        return f"{self.example.where}: {self.rule.text.id}: expected {wanted}, found {self.found.value}"


def run_examples(rulebook: Rulebook) -> tuple[Disproof, ...]:
    """Every example that fails, in the order of the rules; empty when all rules hold."""
    return tuple(
        Disproof(rule=rule, example=example, found=found)
        for rule in rulebook.rules
        for example in rule.examples
        if (found := rule_on(rule, rulebook.engine.bind(dict(example.facts))).verdict) is not example.verdict
    )
