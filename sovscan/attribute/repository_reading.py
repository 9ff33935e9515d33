"""What one value of a file says, and what is left of many once the same thing is told only once."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sovscan.catalogue.catalogue import Match
from sovscan.model.dependency import Confidence, Layer
from sovscan.model.evidence import Observation, Outcome
from sovscan.model.provider import SignalKind
from sovscan.model.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One value of a file, taken apart."""

    kind: str
    value: str
    line: int
    words: frozenset[str]
    test_code: bool
    seen: Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A value with what the catalogue makes of it."""

    said: Said
    match: Match | None
    layer: Layer
    role: str
    sign: SignalKind
    confidence: Confidence
    flags: tuple[str, ...] = ()

    @property
    def apart(self) -> str:
        """What tells this service from others of the same file; an image is one by itself."""
        who = self.match.offer.id if self.match is not None else self.said.value
        return f"{who} {self.said.value}" if self.said.kind in {"image", "dns"} else str(who)

    @property
    def folder(self) -> str:
        """Of its file."""
        return self.said.seen.subject.rpartition("/")[0]

    @property
    def ecosystem(self) -> str:
        """Whose registry it is, such as ``npm``; empty when the file does not say."""
        return next((word.removeprefix("for=") for word in self.said.words if word.startswith("for=")), "")

    @property
    def locked(self) -> bool:
        """Whether a lock file says it: everything that came along, and what the manifest beside it says already."""
        return "locked" in self.said.words


def values_of(seen: Observation) -> Iterator[Said]:
    """Each value of a file, with the first of its lines."""
    for text in seen.values if seen.outcome is Outcome.ANSWERED else ():
        kind, _, value = text.partition(" ")
        lines, _, words = seen.detail.get(text, "").partition("; ")
        line = lines.partition(",")[0]
        yield Said(
            kind=kind,
            value=value,
            line=int(line) if line.isascii() and line.isdigit() else 1,
            words=frozenset(words.split()),
            test_code="test-code" in seen.detail or "dev" in words.split(),
            seen=seen,
        )


def not_replaced(readings: Iterable[Reading], told: Iterable[tuple[Target, list[Reading]]]) -> list[Reading]:
    """The default registries that no setting of the same folder, or of one above it, replaces by another."""
    replaced = {(one.ecosystem, one.folder) for _, each in told for one in each if "instead" in one.said.words}
    return [
        one
        for one in readings
        if not any(
            one.ecosystem == ecosystem and (not folder or f"{one.folder}/".startswith(f"{folder}/"))
            for ecosystem, folder in replaced
        )
    ]


def without_echoes(
    told: Sequence[tuple[Target, list[Reading]]], implicit: Collection[tuple[str, str]]
) -> Iterator[tuple[Target, list[Reading]]]:
    """The services without those of a lock file that the manifest of the same folder names as well.

    ``implicit``: names of targets with the folders whose manifest leaves the registry to the tool. A lock there that
    fetches everything from one host the catalogue does not know says no more than that.
    """
    named = {(target.value, one.folder, one.apart) for target, readings in told for one in readings if not one.locked}
    hosts = Counter(
        (target.value, one.said.seen.subject)
        for target, readings in told
        for one in readings
        if one.locked and one.said.kind == "registry"
    )
    for target, readings in told:
        one = readings[0]
        if all(each.locked for each in readings):
            if (target.value, one.folder, one.apart) in named:
                continue
            alone = hosts[target.value, one.said.seen.subject] == 1
            if one.said.kind == "registry" and one.match is None and alone and (target.value, one.folder) in implicit:
                continue
        yield target, readings
