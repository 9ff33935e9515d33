"""Which of catalogue, rules and method moved a finding when more than one was exchanged at once.

The same evidence was judged twice, and both audits carry the facts each finding rests on. Facts come from the
catalogue; another verdict on the same facts comes from the rule.
"""

from sovscan.model.audit import Audit
from sovscan.model.dependency import Dependency, DependencyId
from sovscan.model.exposure import Item
from sovscan.model.finding import Finding
from sovscan.model.previous import Cause


def exchanged(before: Finding | None, after: Finding | None, first: Audit, second: Audit) -> tuple[Cause, ...]:
    """CATALOGUE, RULES or METHOD; both where what is stored does not tell them apart."""
    rules = Cause.RULES if first.model_version == second.model_version else Cause.METHOD
    if first.catalogue_digest == second.catalogue_digest:
        return (rules,)
    if first.rulebook_digest == second.rulebook_digest:
        return (Cause.CATALOGUE,)
    if before is not None and after is not None:
        return _of_both(before, after, rules)
    if before is not None:
        return _of_one(before, first, second, rules)
    return _of_one(after, second, first, rules) if after is not None else ()


def _of_both(before: Finding, after: Finding, rules: Cause) -> tuple[Cause, ...]:
    """Other values of facts that both name are the catalogue's doing; other names, or nothing other, the rule's."""
    names = before.facts.keys() & after.facts.keys()
    moved = any(before.facts[name] != after.facts[name] for name in names) or before.confidence is not after.confidence
    rewritten = _named(before) != _named(after) or before.severity is not after.severity
    if moved and rewritten:
        return (Cause.CATALOGUE, rules)
    if moved or (before.facts.keys() != after.facts.keys() and not rewritten):
        return (Cause.CATALOGUE,)
    return (rules,)


def _named(finding: Finding) -> set[str]:
    return {*finding.facts, *finding.missing}


def _of_one(found: Finding, there: Audit, elsewhere: Audit, rules: Cause) -> tuple[Cause, ...]:
    """A finding that only one audit has: its service was recognised otherwise, its rule is another, or both."""
    own, other = _service(there, found.dependency), _service(elsewhere, found.dependency)
    if own == other:
        return (rules,)
    if not own or not other:
        return (Cause.CATALOGUE,)
    texts = {rule.id: rule for rule in there.rules}, {rule.id: rule for rule in elsewhere.rules}
    if found.rule in texts[1]:
        same = texts[0].get(found.rule) == texts[1][found.rule]
        return (Cause.CATALOGUE,) if same else (Cause.CATALOGUE, rules)
    # About a domain or the whole, a rule that says nothing at all elsewhere is not there.
    return (rules,) if found.dependency is None else (Cause.CATALOGUE, rules)


_Service = tuple[tuple[Dependency, Item | None], ...]


def _service(audit: Audit, ident: DependencyId | None) -> _Service:
    """What a finding is about: one dependency with its row, or all of them."""
    rows = {item.id: item for item in audit.items}
    return tuple((found, rows.get(found.id)) for found in audit.dependencies if ident is None or found.id == ident)
