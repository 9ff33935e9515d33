"""The theme pages: who is behind each service, why it matters, what could replace it."""

from dataclasses import dataclass

from sovscan.locale.observed import said
from sovscan.model.audit import ProviderView
from sovscan.model.dependency import Dependency, Layer
from sovscan.model.finding import Verdict
from sovscan.model.gate import GateResult
from sovscan.render.view.alternatives import MoveView, move_view
from sovscan.render.view.findings import Reason, reasons, told_of
from sovscan.render.view.reading import Control, Mark, Reading, worst
from sovscan.render.view.sources import owner_sources
from sovscan.rulebook.silence import Told

THEMES = {
    "mail": (Layer.MAIL_IN, Layer.MAIL_OUT),
    "identity": (Layer.IDENTITY,),
    "saas": (Layer.SAAS,),
    "hosting": (Layer.HOSTING, Layer.CDN),
    "names": (Layer.DNS, Layer.REGISTRY, Layer.CA),
    "web": (Layer.WEB3P,),
    "supply": (Layer.SUPPLY,),
}
MOST_ROWS = 50
MOST_EVIDENCE = 4
"""Evidence numbers of one service; all of them stand in result.json."""
MOST_MOVES = 4
MOST_AGAINST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainRow:
    """One service, from what was seen to who controls it."""

    id: str
    role: str
    subject: str
    domain: str
    operator: str
    owners: str
    """Legal entity when its name differs, then its holders, nearest first, each with its ISO country."""
    cited: tuple[str, ...]
    """Numbers of the sources of entity, seat and holders."""
    control: str
    levels: tuple[str, ...]
    host: str
    qualification: str
    """Empty: none counted."""
    mark: Mark
    confidence: str
    against: str | None
    evidence: tuple[str, ...]
    points: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A reading that competes with the one printed, or an open question."""

    service: str
    kept: str
    against: str | None
    """Signs that speak against the reading kept, with what they say; None: none."""
    other: str | None
    settle: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One theme page."""

    id: str
    name: str
    title: str
    lead: str
    rows: tuple[ChainRow, ...]
    left_out: int
    reasons: tuple[Reason, ...]
    doubts: tuple[Doubt, ...]
    moves: tuple[MoveView, ...]
    """Those with the largest gain."""
    moves_left_out: int
    holes: tuple[str, ...]


def themes(reading: Reading, gate: GateResult | None = None) -> tuple[Theme, ...]:
    """The theme pages, in fixed order; the source-code page only when a repository was read."""
    everything = told_of(reading, gate)
    return tuple(
        _theme(reading, name, layers, everything)
        for name, layers in THEMES.items()
        if name != "supply" or any(entry.layer is Layer.SUPPLY for entry in reading.audit.dependencies)
    )


def _theme(reading: Reading, name: str, layers: tuple[Layer, ...], everything: tuple[Told, ...]) -> Theme:
    words, audit = reading.words, reading.audit
    mine = sorted(
        (entry for entry in audit.dependencies if entry.layer in layers),
        key=lambda entry: (layers.index(entry.layer), -reading.points_of(entry.id), entry.id),
    )
    failed = [row.layer for row in audit.score.layers if row.layer in layers and row.failed]
    lost = sum(row.points_lost for row in audit.score.layers if row.layer in layers)
    most = sum(row.max_points for row in audit.score.layers if row.layer in layers)
    moves = sorted(
        (move for move in audit.advice.moves if reading.rated and move.layer in layers and move.alternatives),
        key=lambda move: -max(one.gain for one in move.alternatives),
    )
    lead = words("theme.lead", points=words.number(lost), most=words.number(most), n=words.counted(round(lost, 1)))
    return Theme(
        id=f"theme-{name}",
        name=words(f"theme.{name}"),
        title=_title(reading, name, mine, bool(failed)),
        lead=f"{lead} {words(f'theme.stake.{name}')}",
        rows=tuple(_chain(reading, entry) for entry in mine[:MOST_ROWS]),
        left_out=max(0, len(mine) - MOST_ROWS),
        reasons=reasons(reading, tuple(one for one in everything if one.finding.layer in layers)[:MOST_ROWS]),
        doubts=tuple(
            _doubt(reading, entry)
            for entry in mine
            if entry.attribution.runner_up or entry.attribution.settle or entry.attribution.against
        )[:12],
        moves=tuple(move_view(reading, move) for move in moves[:MOST_MOVES]),
        moves_left_out=max(0, len(moves) - MOST_MOVES),
        holes=tuple(words("theme.hole", layer=reading.layer_name(layer)) for layer in failed),
    )


def _title(reading: Reading, name: str, mine: list[Dependency], failed: bool) -> str:
    words = reading.words
    theme = words(f"theme.{name}")
    if not mine:
        return words("theme.title.unread" if failed else "theme.title.empty", theme=theme)
    seen = [reading.control(entry) for entry in mine]
    for control, key in ((Control.US, "us"), (Control.THIRD, "third"), (Control.UNKNOWN, "unknown")):
        if control in seen:
            return words(f"theme.title.{key}", theme=theme, n=seen.count(control), total=len(seen))
    if failed:
        return words("theme.title.partly", theme=theme, n=len(seen))
    verdict = worst([reading.verdict_of(entry) for entry in mine])
    key = {Verdict.CLEAR: "clear", Verdict.EXPOSED: "reached"}.get(verdict, "open")
    return words(f"theme.title.{key}", theme=theme, n=len(seen))


def _chain(reading: Reading, entry: Dependency) -> ChainRow:
    words, shown = reading.words, reading.shown
    provider = reading.providers.get(entry.attribution.provider or "")
    against = entry.attribution.against
    return ChainRow(
        id=shown(entry.id, 160),
        role=reading.role_name(entry),
        subject=shown(entry.subject, 90),
        domain=shown(entry.domain, 90),
        operator=reading.operator_name(entry),
        owners=_owners(reading, provider),
        cited=reading.cited(owner_sources(provider)) if provider else (),
        control=reading.place_of_control(entry),
        levels=_levels(reading, entry),
        host=_host(reading, entry),
        qualification=_qualification(reading, entry),
        mark=reading.mark(reading.verdict_of(entry)),
        confidence=reading.confidence_word(entry.attribution.confidence),
        against=words("chain.against", n=len(against)) if against else None,
        evidence=reading.dependency_evidence(entry)[:MOST_EVIDENCE],
        points=_points(reading, entry),
    )


def _levels(reading: Reading, entry: Dependency) -> tuple[str, ...]:
    item, own = reading.items.get(entry.id), entry.attribution.operator_self
    return tuple(dict.fromkeys(reading.level_word(nexus, self_run=own) for nexus in item.nexuses)) if item else ()


def _owners(reading: Reading, provider: ProviderView | None) -> str:
    if provider is None:
        return ""
    entity = [reading.name(provider.entity)] if provider.entity != provider.name else []
    doubt = [] if provider.sourced else [f"({reading.words('owner.to_confirm')})"]
    held = [f"→ {reading.name(held.holder)} ({reading.shown(held.country, 2)})" for held in provider.chain]
    return " ".join(entity + held + doubt)


def _points(reading: Reading, entry: Dependency) -> str:
    # A controller counts once a layer: its other services carry no points of their own, and are no better for it.
    points = reading.points_of(entry.id)
    if not points and reading.verdict_of(entry) is not Verdict.CLEAR:
        return reading.words("chain.counted")
    return reading.words("chain.points", points=reading.words.number(points))


def _host(reading: Reading, entry: Dependency) -> str:
    if "origin-hidden" in entry.flags:
        return reading.words("chain.hidden")
    if entry.host is None:
        return reading.words("chain.host_unseen")
    label = reading.shown(entry.host.label, 60)
    return label if entry.host.country == "??" else f"{label} ({reading.shown(entry.host.country, 2)})"


def _qualification(reading: Reading, entry: Dependency) -> str:
    words = reading.words
    for view in reading.audit.qualifications:
        if view.offer == entry.attribution.offer and view.counted and view.certification.valid_to:
            return words(
                "chain.qualified",
                scheme=reading.shown(view.certification.scheme, 40),
                until=words.day(view.certification.valid_to),
            )
    return ""


def _against(reading: Reading, entry: Dependency) -> str | None:
    told = tuple(
        dict.fromkeys(f"{said(reading.words, f'kind.{one.kind}')} {reading.shown(one.value, 60)}"
                      for one in entry.attribution.against)
    )  # fmt: skip
    if not told:
        return None
    left_out = [reading.words("card.more", n=len(told) - MOST_AGAINST)] if len(told) > MOST_AGAINST else []
    return reading.words("doubt.against", signs=", ".join((*told[:MOST_AGAINST], *left_out)))


def _doubt(reading: Reading, entry: Dependency) -> Doubt:
    words, other = reading.words, entry.attribution.runner_up
    return Doubt(
        service=f"{reading.role_name(entry)} ({reading.shown(entry.subject, 70)})",
        kept=words(
            "doubt.kept",
            name=reading.operator_name(entry),
            confidence=reading.confidence_word(entry.attribution.confidence),
        ),
        against=_against(reading, entry),
        other=None
        if other is None
        else words(
            "doubt.other",
            name=reading.provider_name(other.provider),
            confidence=reading.confidence_word(other.confidence),
        ),
        settle=None if entry.attribution.settle is None else reading.sentence(entry.attribution.settle),
    )
