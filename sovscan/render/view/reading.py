"""An audit with its cross-references resolved and its words chosen, for one language and one medium."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sovscan.locale.words import Words
from sovscan.model.audit import Audit, Move, ProviderView
from sovscan.model.dependency import Confidence, Dependency, DependencyId, Layer
from sovscan.model.exposure import Item, Level, Nexus
from sovscan.model.finding import Finding, RuleText, Verdict
from sovscan.model.previous import FindingChange
from sovscan.model.score import Grade
from sovscan.model.text import Source, Text
from sovscan.render.view.shown import Shown, cut, shorter
from sovscan.render.view.sources import numbered

LAYERS = tuple(layer for layer in Layer if layer is not Layer.SUPPLY)
"""The scored layers, in the order of the method."""

ICONS = {
    Verdict.EXPOSED: "▲",
    Verdict.TO_CONFIRM: "◆",
    Verdict.UNKNOWN: "?",
    Verdict.CLEAR: "✓",
    Verdict.NOT_APPLICABLE: "–",
}
_WORST_FIRST = (Verdict.EXPOSED, Verdict.TO_CONFIRM, Verdict.UNKNOWN, Verdict.CLEAR)
_OUTSIDE = (Level.DIRECT, Level.PARENT, Level.HOSTED_ON)
_LADDER = tuple(Level)


class Control(StrEnum):
    """Under whose control a service stands, as the control bar counts it."""

    US = "us"
    THIRD = "third"
    EU = "eu"
    FR = "fr"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A verdict as it is printed: never by colour alone."""

    key: str
    icon: str
    word: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The audit, indexed."""

    audit: Audit
    words: Words
    shown: Shown
    providers: Mapping[str, ProviderView]
    items: Mapping[DependencyId, Item]
    dependencies: Mapping[DependencyId, Dependency]
    findings_of: Mapping[DependencyId, tuple[Finding, ...]]
    rules: Mapping[str, RuleText]
    evidence_numbers: Mapping[str, str]
    """``E-001`` by observation id, in the order of the evidence file."""
    finding_numbers: Mapping[str, str]
    """``F-01`` by position in the audit; the fingerprint stays the identity."""
    source_numbers: Mapping[Source, str]
    """``S-01`` by source, see ``view/sources.py``."""
    changes: Mapping[str, FindingChange]
    """What became of each finding since an earlier audit, by id; one that stands unchanged is not there."""
    rated: bool

    def sentence(self, text: Text) -> str:
        """A sentence of a rule or of the catalogue: ours by its typography, hostile until escaped all the same."""
        return self.shown(self.words.of(text), 1200)

    def name(self, value: str, most: int = 80) -> str:
        """A name from outside, cut between words: it identifies nothing, so no digest follows it."""
        return cut(shorter(self.shown(value), most), most)

    def mark(self, verdict: Verdict) -> Mark:
        """Icon and word of a verdict."""
        return Mark(key=verdict.value, icon=ICONS[verdict], word=self.words(f"verdict.{verdict.value}"))

    def layer_name(self, layer: Layer) -> str:
        """The layer as a reader calls it."""
        return self.words(f"layer.{layer.value}")

    def role_name(self, dependency: Dependency) -> str:
        """The role as a reader calls it, or its key when the catalogue has no word for it."""
        key = f"role.{dependency.layer.value}.{dependency.role}"
        return self.words(key) if self.words.has(key) else self.shown(dependency.role, 60)

    def provider_name(self, provider: str | None, limit: int = 80) -> str:
        """The trade name of a provider, or that it is not identified."""
        if provider is None:
            return self.words("provider.unidentified")
        known = self.providers.get(provider)
        return self.name(known.name if known else provider, limit)

    def operator_name(self, dependency: Dependency, limit: int = 80) -> str:
        """Who runs the service: a provider, the organisation itself, or nobody known."""
        if dependency.attribution.operator_self:
            return self.words("provider.self")
        return self.provider_name(dependency.attribution.provider, limit)

    def replaced_name(self, move: Move, limit: int = 80) -> str:
        """What a move replaces: a provider, a service that the organisation runs itself, or nobody known."""
        own = [self.dependencies[one] for one in move.dependencies if one in self.dependencies]
        if move.provider is None and own and all(entry.attribution.operator_self for entry in own):
            return self.words("provider.own_service")
        return self.provider_name(move.provider, limit)

    def worst_nexus(self, item: Item) -> Nexus:
        """The nexus highest on the ladder, ties by country."""
        return max(item.nexuses, key=lambda nexus: (_LADDER.index(nexus.level), nexus.country))

    def level_word(self, nexus: Nexus, *, self_run: bool = False) -> str:
        """The level, with the country where one counts: ``parent company, US``; what has no source says so.

        Unknown beside somebody who is named is an owner to confirm: the operator is identified. Of what the
        organisation runs itself (``self_run``), it is the network under it that is not.
        """
        doubt = self.words("owner.to_confirm")
        if nexus.level is Level.UNKNOWN and (nexus.who or self_run):
            return doubt if nexus.who else self.words("level.own_network")
        word = self.words(f"level.{nexus.level.value}")
        if nexus.level not in (Level.IMMUNE, Level.NONE, Level.UNKNOWN):
            word = f"{word}, {self.shown(nexus.country, 2)}"
        return word if nexus.sourced else f"{word}, {doubt}"

    def parent_name(self, provider: ProviderView) -> str:
        """The ultimate parent; without a source, marked as to confirm where it stands."""
        name = self.name(provider.controller, 200)
        return name if provider.sourced else f"{name} ({self.words('owner.to_confirm')})"

    def doubt_of(self, provider: str | None) -> str:
        """That who owns a provider is to confirm; empty when that has a source, or nobody is named."""
        known = self.providers.get(provider or "")
        return self.words("owner.to_confirm") if known and not known.sourced else ""

    def seat_of_control(self, dependency: Dependency) -> str:
        """ISO code of the country of the ultimate controller; ``??`` when nobody is identified.

        Empty for what the organisation runs itself: the country of the network under it is not its own.
        """
        return "" if dependency.attribution.operator_self else self._counted_in(dependency)

    def place_of_control(self, dependency: Dependency) -> str:
        """Country of the ultimate controller, and those outside the EEA through which its chain passes on the way."""
        seat = self.seat_of_control(dependency)
        if not seat:
            return self.words("provider.self")
        item = self.items.get(dependency.id)
        passed = dict.fromkeys(
            self.words.country(nexus.country)
            for nexus in (item.nexuses if item else ())
            if nexus.level is Level.PARENT and nexus.country != seat
        )
        place = self.words.country(seat)
        return self.words("control.through", place=place, between=", ".join(passed)) if passed else place

    def _counted_in(self, dependency: Dependency) -> str:
        operator = dependency.attribution.provider
        if dependency.attribution.operator_self and dependency.host is not None:
            operator = dependency.host.provider
        known = self.providers.get(operator or "")
        if known:
            return self.shown(known.controller_country, 2)
        item = self.items.get(dependency.id)
        return self.shown(self.worst_nexus(item).country, 2) if item else "??"

    def control(self, dependency: Dependency) -> Control:
        """Under whose control the service stands: outside nexus first, then the unknown, then the parent's country."""
        item = self.items.get(dependency.id)
        nexuses = item.nexuses if item else ()
        outside = [nexus.country for nexus in nexuses if nexus.level in _OUTSIDE]
        if outside:
            return Control.US if "US" in outside else Control.UNKNOWN if set(outside) == {"??"} else Control.THIRD
        if any(nexus.level is Level.UNKNOWN for nexus in nexuses):
            return Control.UNKNOWN
        return Control.FR if self._counted_in(dependency) == "FR" else Control.EU

    def verdict_of(self, dependency: Dependency) -> Verdict:
        """Its level, and what findings leave open: a record in error or a date to watch exposes nothing by itself."""
        item = self.items.get(dependency.id)
        found = [finding.verdict for finding in self.findings_of.get(dependency.id, ())]
        if item is None:
            return worst(found)
        return worst([_verdict_of_level(item), *(one for one in found if one is Verdict.UNKNOWN)])

    def layer_verdict(self, layer: Layer) -> Verdict:
        """The worst of the layer: what could not be read, or a registrar nobody named, is never better than unknown."""
        mine = [entry for entry in self.audit.dependencies if entry.layer is layer]
        found = [self.verdict_of(entry) for entry in mine]
        about = (f.verdict for f in self.audit.findings if f.layer is layer and f.dependency is None)
        found += [verdict for verdict in about if verdict in (Verdict.UNKNOWN, Verdict.CLEAR)]
        if any(row.failed for row in self.audit.score.layers if row.layer is layer) or self.registrar_missing(layer):
            found.append(Verdict.UNKNOWN)
        return worst(found)

    def registrar_missing(self, layer: Layer) -> bool:
        """Whether it is the layer of names, with a registry and no registrar (METHOD 5.4: printed, fails nothing)."""
        roles = {entry.role for entry in self.audit.dependencies if entry.layer is layer}
        return layer is Layer.REGISTRY and bool(roles) and "registrar" not in roles

    def evidence_of(self, observations: tuple[str, ...]) -> tuple[str, ...]:
        """Printed numbers of observations, sorted, those in the file only."""
        return tuple(sorted({self.evidence_numbers[one] for one in observations if one in self.evidence_numbers}))

    def cited(self, sources: Iterable[Source]) -> tuple[str, ...]:
        """Numbers of sources, in their order."""
        return tuple(dict.fromkeys(self.source_numbers[one] for one in sources if one in self.source_numbers))

    def dependency_evidence(self, dependency: Dependency) -> tuple[str, ...]:
        """Printed numbers of the observations an attribution rests on."""
        return self.evidence_of(tuple(one for signal in dependency.attribution.signals for one in signal.observations))

    def points_of(self, dependency: DependencyId) -> float:
        """Points of the score that the dependency carries."""
        return sum(term.access + term.cutoff for term in self.audit.score.terms if term.dependency == dependency)

    def confidence_word(self, confidence: Confidence) -> str:
        """``confirmed``, ``probable`` or ``weak`` in the reader's language."""
        return self.words(f"confidence.{confidence.value}")


def read(audit: Audit, words: Words, shown: Shown) -> Reading:
    """The audit, indexed for rendering."""
    by_dependency: dict[DependencyId, list[Finding]] = {}
    for finding in audit.findings:
        if finding.dependency is not None:
            by_dependency.setdefault(finding.dependency, []).append(finding)
    return Reading(
        audit=audit,
        words=words,
        shown=shown,
        providers={provider.id: provider for provider in audit.providers},
        items={item.id: item for item in audit.items},
        dependencies={dependency.id: dependency for dependency in audit.dependencies},
        findings_of={key: tuple(found) for key, found in by_dependency.items()},
        rules={rule.id: rule for rule in audit.rules},
        evidence_numbers={seen.id: f"E-{n:03d}" for n, seen in enumerate(audit.evidence.observations, start=1)},
        finding_numbers={found.id: f"F-{n:02d}" for n, found in enumerate(audit.findings, start=1)},
        source_numbers=numbered(audit),
        changes={change.finding: change for change in audit.previous.findings} if audit.previous else {},
        rated=audit.score.grade is not Grade.NR,
    )


def worst(verdicts: list[Verdict]) -> Verdict:
    """The worst of several verdicts; NOT_APPLICABLE when there is none."""
    return next((verdict for verdict in _WORST_FIRST if verdict in verdicts), Verdict.NOT_APPLICABLE)


def _verdict_of_level(item: Item) -> Verdict:
    levels = {nexus.level for nexus in item.nexuses}
    if levels <= {Level.IMMUNE, Level.NONE}:
        return Verdict.CLEAR
    if levels <= {Level.IMMUNE, Level.NONE, Level.UNKNOWN}:
        return Verdict.UNKNOWN
    sure = item.confidence is not Confidence.WEAK and all(nexus.sourced for nexus in item.nexuses)
    return Verdict.EXPOSED if sure else Verdict.TO_CONFIRM
