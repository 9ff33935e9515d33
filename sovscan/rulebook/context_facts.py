"""Values of the facts that the auditor declares of the organisation (probe ``declared-context``)."""

from collections.abc import Iterable

from sovscan.model.evidence import Observation, Outcome
from sovscan.rulebook.cel import FactValue


def context_facts(observations: Iterable[Observation]) -> tuple[dict[str, FactValue], tuple[Observation, ...]]:
    """The facts, and what they rest on; what was not declared is not known, but that nothing was declared is."""
    said = tuple(seen for seen in observations if seen.probe == "declared-context" and seen.outcome is Outcome.ANSWERED)
    facts: dict[str, FactValue] = {"context.declared": bool(said)}
    for seen in said:
        if "sector" in seen.detail:
            facts["context.sector"] = seen.detail["sector"]
        if "obligations" in seen.detail:
            facts["context.obligations"] = tuple(seen.detail["obligations"].split())
        if "sensitive_data" in seen.detail:
            facts["context.sensitive_data"] = seen.detail["sensitive_data"] == "true"
    return facts, said
