"""The numbers behind an attribution, read from ``rules/attribution.yaml``."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from sovscan.files import bundled, strict_yaml
from sovscan.model.dependency import Confidence
from sovscan.model.provider import Strength

_BOUND = {
    Strength.STRONG: Confidence.CONFIRMED,
    Strength.MEDIUM: Confidence.PROBABLE,
    Strength.WEAK: Confidence.WEAK,
}
_ORDER = (Confidence.WEAK, Confidence.PROBABLE, Confidence.CONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What one class of evidence is worth for a mailbox."""

    points: float
    proof: bool
    """Whether somebody set it up in order to use the service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """Points of signs and confidence of classes of evidence."""

    signs: Mapping[str, Sign]
    probable: float
    """Points from which a candidate is named."""
    contested: float
    """Lead in points below which two readings are shown."""
    behind_share: float
    """Share of the winner's points from which the next candidate is a second reading."""
    confidences: Mapping[str, Confidence]

    def points(self, sign: str) -> float:
        """Points of a class of sign."""
        return self.signs[sign].points

    def confidence(self, evidence: str, strength: Strength = Strength.STRONG) -> Confidence:
        """Confidence that a class of evidence gives, bounded by the strength of the signature."""
        return min(self.confidences[evidence], _BOUND[strength], key=lambda level: level.rank)


def lowered(confidence: Confidence, steps: int = 1) -> Confidence:
    """The confidence so many steps down; weak stays weak."""
    return _ORDER[max(0, confidence.rank - steps)]


@functools.cache
def load_weighing() -> Weighing:
    """The bundled numbers. Raises YamlError on a fault in the file."""
    name = "rules/attribution.yaml"
    root = strict_yaml.load(bundled.read("rules", "attribution.yaml"), name=name)
    top = root.mapping(required=("mailbox", "confidence"), optional=())
    mailbox = top["mailbox"].mapping(required=("signs", "probable", "contested", "behind_share"), optional=())
    signs: dict[str, Sign] = {}
    for key, node in mailbox["signs"].mapping().items():
        entry = node.mapping(required=("points", "proof"), optional=())
        signs[key] = Sign(points=entry["points"].number(), proof=entry["proof"].boolean())
    known = [level.value for level in Confidence]
    return Weighing(
        signs=signs,
        probable=mailbox["probable"].number(),
        contested=mailbox["contested"].number(),
        behind_share=mailbox["behind_share"].number(),
        confidences={
            key: Confidence(node.word(known, "confidence")) for key, node in top["confidence"].mapping().items()
        },
    )
