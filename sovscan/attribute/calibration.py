"""How often an attribution of each confidence agreed with labels that others made: measured, then read from a file."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from sovscan.files import bundled, strict_yaml
from sovscan.model.dependency import Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What was measured of one confidence, on mailboxes."""

    seen: int
    """Organisations whose mailboxes were named with it; at least 1."""
    agreed: int
    """Those of them whose label names the same."""

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.agreed / self.seen


@functools.cache
def load_calibration() -> Mapping[Confidence, Agreement]:
    """The figures of rules/calibration.yaml. Raises YamlError, with its place, on one that cannot be."""
    return read_calibration(bundled.read("rules", "calibration.yaml"))


def read_calibration(text: bytes) -> Mapping[Confidence, Agreement]:
    """The figures of a file of that form. Raises YamlError, with its place, on one that cannot be."""
    root = strict_yaml.load(text, name="rules/calibration.yaml")
    entries = root.mapping(required=[level.value for level in Confidence], optional=())
    return {Confidence(name): _agreement(node) for name, node in entries.items()}


def _agreement(node: strict_yaml.Node) -> Agreement:
    fields = node.mapping(required=("seen", "agreed"), optional=())
    seen, agreed = fields["seen"].integer(), fields["agreed"].integer()
    if not 0 <= agreed <= seen or seen == 0:
        raise fields["agreed"].error(f"{agreed} of {seen} cannot have agreed")
    return Agreement(seen=seen, agreed=agreed)
