"""From an inventory to a score: METHOD, with every number in rules/scoring.yaml."""

from sovscan.score.score import score as score

__all__ = ["score"]
