"""The score and everything it is made of (METHOD 2 and 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sovscan.model.dependency import DependencyId, Layer


class Grade(StrEnum):
    """A to F, or NR: not rated."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"
    NR = "NR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One share of the points lost; all terms add up to 100 - score."""

    layer: Layer
    source: str
    """``residual``, ``floor``, ``failed``, or the id of the dependency that carries the controller's part."""
    dependency: DependencyId | None
    """None for the first three sources."""
    access: float
    """Points lost through access, already weighted (share x weight x 100)."""
    cutoff: float
    """Points lost through cut-off, likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerScore:
    """What one layer costs."""

    layer: Layer
    risk_access: float
    """R_A, 0 to 1."""
    risk_cutoff: float
    """R_B, 0 to 1."""
    points_lost: float
    max_points: float
    """Points the layer loses if fully exposed."""
    failed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """A rule that bounds the grade, and what set it off."""

    id: str
    """Key under ``caps`` in rules/scoring.yaml."""
    grade: Grade
    because: tuple[str, ...]
    """Layers or dependency ids that set it off, sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """0 to 100, 100 meaning that no exposure was observed."""

    value: float
    grade: Grade
    access: float
    cutoff: float
    worst: float
    best: float
    worst_grade: Grade = Grade.NR
    """Grade, caps included, of the recomputation with U = 1; NR exactly when ``grade`` is NR."""
    best_grade: Grade = Grade.NR
    """Likewise with U = 0."""
    coverage: float
    """0 to 1."""
    lens_us: float
    lens_non_eu: float
    seal_ceiling: int | None
    """Highest SEAL level not excluded by what was seen; None: nothing seen in the layers concerned."""
    sov: Mapping[str, float | None]
    """SOV-1 .. SOV-8; None where nothing can be seen from outside or only facts are given."""
    caps: tuple[Cap, ...]
    layers: tuple[LayerScore, ...]
    terms: tuple[Term, ...]
    profile: str
