"""What a service is for, so that only like is proposed for like (rules/advice.yaml)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sovscan.files import bundled
from sovscan.files.strict_yaml import load

_FILE = "rules/advice.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purposes:
    """Categories by role, and how far advice goes."""

    by_role: Mapping[str, frozenset[str]]
    """Categories of offers by ``layer.role``; a role that is not in it is broad."""
    decisions: int
    weighed: int
    """Moves of one layer that are weighed against each other."""

    def of(self, role: str, current: frozenset[str]) -> frozenset[str]:
        """Categories wanted in ``layer.role`` in place of an offer of the categories ``current``; maybe none."""
        wanted = self.by_role.get(role)
        return current if wanted is None else wanted & current or wanted


def load_purposes() -> Purposes:
    """The bundled file. Raises YamlError when it is damaged."""
    root = load(bundled.read(*_FILE.split("/")), name=_FILE)
    top = root.mapping(required=("purposes", "decisions", "weighed"), optional=())
    return Purposes(
        by_role={
            role: frozenset(category.text() for category in node.sequence())
            for role, node in top["purposes"].mapping().items()
        },
        decisions=top["decisions"].integer(),
        weighed=top["weighed"].integer(),
    )
