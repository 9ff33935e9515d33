"""An inventory's score, by METHOD 5: same inventory and policy, same digits."""

from dataclasses import replace

from sovscan.model.exposure import Inventory
from sovscan.model.score import Grade, Score
from sovscan.score.frameworks import seal_ceiling, sov_profile
from sovscan.score.grade import Headline, headline
from sovscan.score.policy import Policy
from sovscan.score.risk import layer_risks
from sovscan.score.terms import layer_score, terms


def score(inventory: Inventory, policy: Policy) -> Score:
    """The score and everything it is made of, unrounded.

    Order and duplicates of items change nothing. Items of layers the policy does not score, such as ``supply``, are
    left out. Raises InventoryError for an item that no reading of the method allows.
    """
    risks = layer_risks(inventory, policy)
    main = headline(risks, policy)
    doubted = replace(inventory, items=(*inventory.items, *inventory.unread))
    worst = _headline(doubted, policy.with_unknown(1.0))
    best = _headline(inventory, policy.with_unknown(0.0))
    return Score(
        value=main.value,
        grade=main.grade,
        access=main.access,
        cutoff=main.cutoff,
        worst=worst.value,
        best=best.value,
        worst_grade=Grade.NR if main.grade is Grade.NR else worst.grade,
        best_grade=best.grade,
        coverage=main.coverage,
        lens_us=_headline(inventory, policy.through_us_lens()).value,
        lens_non_eu=main.value,
        seal_ceiling=seal_ceiling(risks, policy),
        sov=sov_profile(risks, policy),
        caps=main.caps,
        layers=tuple(layer_score(risk, policy) for risk in risks),
        terms=tuple(term for risk in risks for term in terms(risk, policy)),
        profile=policy.profile,
    )


def _headline(inventory: Inventory, policy: Policy) -> Headline:
    return headline(layer_risks(inventory, policy), policy)
