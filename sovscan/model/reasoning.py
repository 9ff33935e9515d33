"""Why an attribution says what it says: what was looked for, found, absent or unread, and what each sign weighed."""

from dataclasses import dataclass

from sovscan.model.dependency import Dependency, Layer, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One class of sign that spoke for a candidate, or against it when the points are negative."""

    sign: str
    """Key in rules/attribution.yaml ``mailbox.signs``."""
    points: float
    proof: bool
    """Whether somebody set it up in order to use the service."""
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """Somebody who may keep the mailboxes."""

    name: str
    points: float
    signs: tuple[Weighed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What one probe asked for a layer, and what came of it."""

    probe: str
    answered: tuple[str, ...]
    """Subject and type of each question with an answer."""
    absent: tuple[str, ...]
    """Of each question whose answer is that there is nothing: a fact."""
    unread: tuple[tuple[str, str], ...]
    """Of each question without an answer, and the reason: a hole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasoning:
    """One layer of one target."""

    target: str
    layer: Layer
    dependencies: tuple[Dependency, ...]
    contenders: tuple[Contender, ...]
    """For incoming mail, most points first; empty for the other layers, which follow from each sign by itself."""
    probable: float
    """Points from which a contender is named; of no use without contenders."""
    contested: float
    """Lead in points below which two readings are shown."""
    looked: tuple[Looked, ...]
