"""The ``policy:`` block: what an organisation forbids or allows beyond severities, by layer, level, law and provider.

A condition that an unknown keeps from being decided fails nothing and allows nothing: it leaves the gate inconclusive.
"""

from dataclasses import dataclass
from enum import StrEnum

from sovscan.files.strict_yaml import Node
from sovscan.model.dependency import Confidence, Dependency, Layer
from sovscan.model.exposure import Item, Level

_LADDER = tuple(Level)


class Then(StrEnum):
    """What a matching rule does."""

    FAIL = "fail"
    ALLOW = "allow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """All of what is given must hold; at least one thing is given."""

    layer: Layer | None = None
    level_at_least: Level | None = None
    """Some nexus stands on this rung of the ladder or on a worse one."""
    law: str | None = None
    """Id of a law that some nexus names."""
    provider: str | None = None
    """Catalogue id. To fail: of the operator, its host or the maker of its technology; to allow: of the operator."""
    confidence: Confidence | None = None
    """The attribution is at least this sure; not given: the confidence asked of the whole gate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRule:
    """One entry of the block."""

    when: Condition
    then: Then
    reason: str
    where: str
    """``file:line:column``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyHit:
    """What the block says of one dependency."""

    rule: PolicyRule
    certain: bool
    """False: the rule would fail it if what is not known turned out badly."""


def read_policy(node: Node) -> tuple[PolicyRule, ...]:
    """The rules of the block, in their order. Raises YamlError with the place of a fault."""
    return tuple(_rule(entry) for entry in node.sequence())


def ruled(
    rules: tuple[PolicyRule, ...], dependency: Dependency, item: Item, min_confidence: Confidence
) -> PolicyHit | None:
    """The first rule that matches a dependency; failing that, the first one that would fail it if the worst held."""
    doubtful: PolicyHit | None = None
    for rule in rules:
        holds = _holds(rule, dependency, item, min_confidence)
        if holds:
            # A doubt about a stricter rule further up is not settled by a more lenient one below.
            if doubtful is not None and rule.then is Then.ALLOW:
                return doubtful
            return PolicyHit(rule=rule, certain=True)
        if holds is None and rule.then is Then.FAIL and doubtful is None:
            doubtful = PolicyHit(rule=rule, certain=False)
    return doubtful


def _rule(node: Node) -> PolicyRule:
    keys = node.mapping(required=("when", "then", "reason"), optional=())
    when = keys["when"].mapping(optional=("layer", "level_at_least", "law", "provider", "confidence"))
    if not when:
        raise keys["when"].error("empty condition", "name at least one of layer, level_at_least, law, provider")
    return PolicyRule(
        when=Condition(
            layer=Layer(when["layer"].word(list(Layer), "layer")) if "layer" in when else None,
            level_at_least=(
                Level(when["level_at_least"].word(list(Level), "level")) if "level_at_least" in when else None
            ),
            law=when["law"].text() if "law" in when else None,
            provider=when["provider"].text() if "provider" in when else None,
            confidence=(
                Confidence(when["confidence"].word(list(Confidence), "confidence")) if "confidence" in when else None
            ),
        ),
        then=Then(keys["then"].word(list(Then), "outcome")),
        reason=keys["reason"].text(),
        where=node.where,
    )


def _holds(rule: PolicyRule, dependency: Dependency, item: Item, min_confidence: Confidence) -> bool | None:
    """True, False, or None when what is not known decides."""
    when = rule.when
    if when.layer is not None and dependency.layer is not when.layer:
        return False
    if when.confidence is not None and item.confidence.rank < when.confidence.rank:
        return False
    parts = [_level_holds(when.level_at_least, item), _law_holds(when.law, item), _provider_holds(rule, dependency)]
    if False in parts:
        return False
    if None in parts or (when.confidence is None and item.confidence.rank < min_confidence.rank):
        return None
    return True


def _level_holds(wanted: Level | None, item: Item) -> bool | None:
    if wanted is None or any(_LADDER.index(nexus.level) >= _LADDER.index(wanted) for nexus in item.nexuses):
        return True
    return None if _is_unknown(item) else False


def _law_holds(wanted: str | None, item: Item) -> bool | None:
    if wanted is None or any(wanted in nexus.laws for nexus in item.nexuses):
        return True
    return None if _is_unknown(item) else False


def _provider_holds(rule: PolicyRule, dependency: Dependency) -> bool | None:
    wanted, attributed = rule.when.provider, dependency.attribution
    if wanted is None or attributed.provider == wanted:
        return True
    if rule.then is Then.ALLOW:
        return False
    parties = [party for party in (dependency.host, dependency.technology) if party is not None]
    if any(party.provider == wanted for party in parties):
        return True
    return None if attributed.provider is None and not attributed.operator_self else False


def _is_unknown(item: Item) -> bool:
    return any(nexus.level is Level.UNKNOWN for nexus in item.nexuses)
