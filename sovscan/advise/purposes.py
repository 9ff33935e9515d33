"""What a service is for, so that only like is proposed for like (rules/advice.yaml)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sovscan.files import bundled
from sovscan.files.strict_yaml import load
from sovscan.model.dependency import Layer

EFFORTS = ("S", "M", "L")
_FILE = "rules/advice.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purposes:
    """Categories by role, and how far advice goes."""

    by_role: Mapping[str, frozenset[str]]
    """Categories of offers by ``layer.role``; a role that is not in it is broad."""
    effort: Mapping[str, str]
    """Usual effort of a move by ``layer.role``: ``S`` days, ``M`` weeks, ``L`` months."""
    days: Mapping[str, int]
    """Calendar days a move of each effort takes, moves being made one after the other."""
    before: Mapping[Layer, tuple[Layer, ...]]
    """Layers that have to be moved before a layer, where the same provider holds both."""
    planned: int
    """Moves among which a plan is chosen."""
    decisions: int
    weighed: int
    """Moves of one layer that are weighed against each other."""

    def of(self, role: str, current: frozenset[str]) -> frozenset[str]:
        """Categories wanted in ``layer.role`` in place of an offer of the categories ``current``; maybe none."""
        wanted = self.by_role.get(role)
        return current if wanted is None else wanted & current or wanted

    def heaviest(self, roles: Iterable[str]) -> str | None:
        """The greatest usual effort among ``layer.role`` keys; None when none of them is estimated."""
        known = [self.effort[role] for role in roles if role in self.effort]
        return max(known, key=EFFORTS.index, default=None)


def load_purposes() -> Purposes:
    """The bundled file. Raises YamlError when it is damaged."""
    root = load(bundled.read(*_FILE.split("/")), name=_FILE)
    keys = ("purposes", "effort", "days", "before", "planned", "decisions", "weighed")
    top = root.mapping(required=keys, optional=())
    layers = [layer.value for layer in Layer]
    return Purposes(
        by_role={
            role: frozenset(category.text() for category in node.sequence())
            for role, node in top["purposes"].mapping().items()
        },
        effort={role: node.word(EFFORTS, "effort") for role, node in top["effort"].mapping().items()},
        days={effort: top["days"].mapping(required=EFFORTS)[effort].integer() for effort in EFFORTS},
        before={
            Layer(layer): tuple(Layer(node.word(layers, "layer")) for node in nodes.sequence())
            for layer, nodes in top["before"].mapping(optional=layers).items()
        },
        planned=top["planned"].integer(),
        decisions=top["decisions"].integer(),
        weighed=top["weighed"].integer(),
    )
