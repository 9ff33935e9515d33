"""The published uncertainty of a score (METHOD 7.4): read, never drawn, here."""

from collections.abc import Mapping

from sovscan.files import bundled
from sovscan.files.strict_yaml import load
from sovscan.score.policy import Policy


def published_bands(value: float, policy: Policy) -> Mapping[str, float]:
    """``tie``, and ``low`` and ``high``: the 5 and 95 % ends around a score, in points relative to it.

    The ends are those of the published example whose score is nearest, kept inside 0 to 100; of two equally near the
    lower one. Raises YamlError when rules/sensitivity.yaml is damaged.
    """
    root = load(bundled.read("rules", "sensitivity.yaml"), name="rules/sensitivity.yaml")
    examples = root.mapping(required=("examples",))["examples"].sequence()
    measured = [
        tuple(row[key].number() for key in ("score", "low", "high"))
        for row in (example.mapping(required=("score", "low", "high")) for example in examples)
    ]
    score, low, high = min(measured, key=lambda row: (abs(row[0] - value), row[0]))
    # The file has one decimal: so have the differences.
    return {
        "tie": policy.tie,
        "low": max(round(low - score, 1), -value),
        "high": min(round(high - score, 1), 100 - value),
    }
