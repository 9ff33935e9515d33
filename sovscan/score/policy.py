"""The numbers of the method, typed: rules/scoring.yaml under a profile and the auditor's overrides."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import fsum

from sovscan.catalogue.load import Jurisdictions, jurisdictions
from sovscan.files import bundled
from sovscan.files.strict_yaml import Node, YamlError, load, suggestion
from sovscan.model.dependency import Confidence, Layer
from sovscan.model.exposure import Level
from sovscan.model.score import Grade
from sovscan.model.text import Country

UNION = Country("EU")
UNIDENTIFIED = Country("??")
PROFILES = ("practical", "strict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazards:
    """One number for access, one for cut-off."""

    access: float
    cutoff: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerPolicy:
    """What a layer weighs, hides and needs."""

    weight: Hazards
    residual: float
    """Part of the layer that an outside scan never sees."""
    essential: tuple[str, ...]
    """Probes whose hole on a main domain fails the layer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapRule:
    """When the grade is at most ``grade``."""

    id: str
    grade: Grade
    on: str
    """``dependency``, ``access``, ``cutoff``, ``coverage`` or ``nothing``."""
    threshold: float = 0.0
    """Reached from this value on; for ``coverage``, below it."""
    weight: float = 0.0
    """Least role weight, for ``dependency``."""
    layers: tuple[Layer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SovRule:
    """How one objective of the EU Cloud Sovereignty Framework is read."""

    seen: int
    of: int
    """Criteria of the official calculator that are touched, and how many it has."""
    hazard: str | None
    """``access`` or ``cutoff``; None: facts only, or nothing to see from outside."""
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Every number of the method, with those an auditor changed."""

    model: str
    profile: str
    levels: Mapping[Level, Hazards]
    """All but UNKNOWN, which takes ``unknown``."""
    countries: Mapping[Country, Hazards]
    adequate: Hazards
    adequate_countries: frozenset[Country]
    identified: Hazards
    """Factor of the identified countries without a line of their own."""
    eea: frozenset[str]
    """The EU as such, its members, and Iceland, Liechtenstein and Norway."""
    known_countries: frozenset[str]
    """Every code that a nexus may name, ``EU`` and ``??`` included."""
    layers: Mapping[Layer, LayerPolicy]
    """The layers that are scored; ``supply`` is not one of them."""
    roles: Mapping[str, float]
    """Role weight by ``layer.role``."""
    unread: Mapping[str, tuple[str, ...]]
    """Roles that an unread question of a probe could have shown, though it fails no layer."""
    confidence: Mapping[Confidence, float]
    unknown: float
    """U of METHOD 4."""
    floor: float
    secondary: float
    """Factor on the role weights of a domain that is not a main one."""
    tie: float
    """Points below which two scores in mid-scale are a tie."""
    shares: Hazards
    grades: tuple[tuple[Grade, float], ...]
    """Lowest score of each grade, best first; F has none."""
    caps: tuple[CapRule, ...]
    lens_us: frozenset[Country]
    seal_layers: tuple[Layer, ...]
    seal_ceilings: Mapping[Level, int]
    sov: Mapping[str, SovRule]
    overrides: Mapping[str, str] = field(default_factory=dict)
    """``path`` to ``old -> new`` for each number the auditor changed."""

    def level(self, level: Level) -> Hazards:
        """Value of a level before the country counts."""
        if level is Level.UNKNOWN:
            return Hazards(access=self.unknown, cutoff=self.unknown)
        return self.levels[level]

    def country(self, country: Country) -> Hazards:
        """What a country takes of a level's value (METHOD 3.2)."""
        if country in self.countries:
            return self.countries[country]
        return self.adequate if country in self.adequate_countries else self.identified

    def with_unknown(self, value: float) -> "Policy":
        """The same policy with another value for everything that is not known: the ends of the interval."""
        return replace(self, unknown=value)

    def through_us_lens(self) -> "Policy":
        """The same policy when only the countries of ``lens_us`` count."""
        nothing = Hazards(access=0.0, cutoff=0.0)
        return replace(
            self,
            countries={country: self.country(country) for country in self.lens_us},
            adequate=nothing,
            identified=nothing,
        )


def load_policy(profile: str = "practical", overrides: Mapping[str, str | float] | None = None) -> Policy:
    """The policy of a profile; ``overrides`` maps a path of rules/scoring.yaml, as ``parameters.floor``, to a number.

    Raises YamlError, at ``file:line:column`` or at ``override PATH``, when a value cannot be a number of the method.
    """
    if profile not in PROFILES:
        raise YamlError(f"profile {profile}", "there is no such profile", suggestion(profile, PROFILES))
    root = load(bundled.read("rules", "scoring.yaml"), name="rules/scoring.yaml")
    name = f"rules/profiles/{profile}.yaml"
    changes = load(bundled.read("rules", "profiles", f"{profile}.yaml"), name=name)
    root = _changed(root, changes.mapping(required=("values",), optional=())["values"])
    recorded: dict[str, str] = {}
    for path, value in sorted((overrides or {}).items()):
        root, old = _overridden(root, path.split("."), str(value), f"override {path}")
        recorded[path] = f"{old} -> {value}"
    return _policy(root, jurisdictions(), profile, recorded)


def _changed(base: Node, change: Node) -> Node:
    """``base`` with the numbers of ``change`` in their place; the shape stays."""
    if not isinstance(base.value, dict) or not isinstance(change.value, dict):
        if type(base.value) is not type(change.value) or isinstance(base.value, tuple):
            raise change.error("a profile changes numbers, never the shape of rules/scoring.yaml")
        return change
    entries = dict(base.value)
    for key, value in change.value.items():
        if key not in entries:
            raise change.keys[key].error(f"unknown key {key!r}", suggestion(key, entries))
        entries[key] = _changed(entries[key], value)
    return replace(base, value=entries)


def _overridden(base: Node, path: list[str], value: str, where: str) -> tuple[Node, str]:
    entries = base.value
    if not isinstance(entries, dict) or path[0] not in entries:
        known = entries if isinstance(entries, dict) else ()
        raise YamlError(where, f"rules/scoring.yaml has no {path[0]!r} there", suggestion(path[0], known))
    inner: Node = entries[path[0]]
    if len(path) > 1:
        inner, old = _overridden(inner, path[1:], value, where)
    else:
        try:
            inner.number()
        except YamlError:
            raise YamlError(where, "only a number can be overridden") from None
        old = inner.text()
        inner = Node(value=value, name=where, line=1, column=1)
        inner.number()
    return replace(base, value={**entries, path[0]: inner}), old


def _policy(root: Node, codes: Jurisdictions, profile: str, overrides: Mapping[str, str]) -> Policy:
    top = root.mapping(
        required=(
            "model", "levels", "countries", "other_countries", "adequate", "layers", "roles", "unread", "confidence",
            "parameters", "shares", "grades", "caps", "lens_us", "seal", "sov",
        ),
        optional=(),
    )  # fmt: skip
    other = top["other_countries"].mapping(required=("adequate", "identified"), optional=())
    parameters = top["parameters"].mapping(required=("unknown", "floor", "secondary", "tie"), optional=())
    seal = top["seal"].mapping(required=("layers", "ceilings"), optional=())
    levels = [level.value for level in Level if level is not Level.UNKNOWN]
    countries = {Country(name): _hazards(node) for name, node in top["countries"].mapping().items()}
    for country in sorted(codes.eea & countries.keys()):
        raise top["countries"].keys[country].error("a country of the EU/EEA has no factor")
    return Policy(
        model=top["model"].text(),
        profile=profile,
        levels={Level(k): _hazards(v) for k, v in top["levels"].mapping(required=levels, optional=()).items()},
        countries=countries,
        adequate=_hazards(other["adequate"]),
        adequate_countries=frozenset(_countries(top["adequate"])),
        identified=_hazards(other["identified"]),
        eea=codes.eea,
        known_countries=codes.countries,
        layers=_layers(top["layers"]),
        roles=_roles(top["roles"]),
        unread=_unread(top["unread"], _roles(top["roles"])),
        confidence={Confidence(k): _share(v) for k, v in _all_of(top["confidence"], Confidence).items()},
        unknown=_share(parameters["unknown"]),
        floor=_share(parameters["floor"]),
        secondary=_share(parameters["secondary"]),
        tie=parameters["tie"].number(),
        shares=_shares(top["shares"]),
        grades=_grades(top["grades"]),
        caps=tuple(_cap(name, node) for name, node in top["caps"].mapping().items()),
        lens_us=frozenset(_countries(top["lens_us"])),
        seal_layers=_layer_names(seal["layers"]),
        seal_ceilings={Level(k): v.integer() for k, v in _all_of(seal["ceilings"], Level).items()},
        sov={name: _sov(node) for name, node in top["sov"].mapping().items()},
        overrides=overrides,
    )


def _share(node: Node) -> float:
    number = node.number()
    if not 0 <= number <= 1:
        raise node.error(f"expected a number from 0 to 1, found {node.value}")
    return number


def _hazards(node: Node) -> Hazards:
    pair = node.mapping(required=("access", "cutoff"), optional=())
    return Hazards(access=_share(pair["access"]), cutoff=_share(pair["cutoff"]))


def _shares(node: Node) -> Hazards:
    shares = _hazards(node)
    if abs(shares.access + shares.cutoff - 1) > 1e-9:
        raise node.error("the two shares do not sum to 1")
    return shares


def _all_of(node: Node, words: type[Confidence] | type[Level]) -> dict[str, Node]:
    return node.mapping(required=[word.value for word in words], optional=())


def _countries(node: Node) -> tuple[Country, ...]:
    return tuple(Country(entry.text()) for entry in node.sequence())


def _layer_names(node: Node) -> tuple[Layer, ...]:
    return tuple(Layer(entry.word([layer.value for layer in Layer], "layer")) for entry in node.sequence())


def _layers(node: Node) -> dict[Layer, LayerPolicy]:
    scored = [layer.value for layer in Layer if layer is not Layer.SUPPLY]
    layers: dict[Layer, LayerPolicy] = {}
    for name, entry in node.mapping(required=scored, optional=()).items():
        fields = entry.mapping(required=("weight", "residual", "essential"), optional=())
        layers[Layer(name)] = LayerPolicy(
            weight=_hazards(fields["weight"]),
            residual=_share(fields["residual"]),
            essential=tuple(probe.text() for probe in fields["essential"].sequence()),
        )
    for hazard in ("access", "cutoff"):
        if abs(fsum(getattr(layer.weight, hazard) for layer in layers.values()) - 1) > 1e-9:
            raise node.error(f"the {hazard} weights of the layers do not sum to 1", "change another one as well")
    return layers


def _roles(node: Node) -> dict[str, float]:
    layers = node.mapping(required=[layer.value for layer in Layer], optional=())
    return {
        f"{layer}.{role}": _share(weight) for layer, entry in layers.items() for role, weight in entry.mapping().items()
    }


def _unread(node: Node, roles: Mapping[str, float]) -> dict[str, tuple[str, ...]]:
    return {
        probe: tuple(role.word(tuple(roles), "role") for role in entry.sequence())
        for probe, entry in node.mapping().items()
    }


def _grades(node: Node) -> tuple[tuple[Grade, float], ...]:
    rated = [grade.value for grade in Grade if grade not in (Grade.F, Grade.NR)]
    entries = node.mapping(required=rated, optional=())
    grades = tuple((Grade(name), entries[name].number()) for name in rated)
    if any(better[1] <= worse[1] for better, worse in pairwise(grades)):
        raise node.error("a better grade needs a higher score than the next")
    return grades


def _cap(name: str, node: Node) -> CapRule:
    fields = node.mapping(required=("grade", "on"), optional=("from", "below", "weight", "layers"))
    on = fields["on"].word(("dependency", "access", "cutoff", "coverage", "nothing"), "cap")
    if on != "nothing":
        wanted = "below" if on == "coverage" else "from"
        node.mapping(required=(wanted, "weight") if on == "dependency" else (wanted,))
    return CapRule(
        id=name,
        grade=Grade(fields["grade"].word([grade.value for grade in Grade], "grade")),
        on=on,
        threshold=next((_share(fields[key]) for key in ("from", "below") if key in fields), 0.0),
        weight=_share(fields["weight"]) if "weight" in fields else 0.0,
        layers=_layer_names(fields["layers"]) if "layers" in fields else (),
    )


def _sov(node: Node) -> SovRule:
    fields = node.mapping(required=("seen", "of", "hazard", "layers"), optional=())
    hazard = fields["hazard"].word(("access", "cutoff", "none"), "hazard")
    return SovRule(
        seen=fields["seen"].integer(),
        of=fields["of"].integer(),
        hazard=None if hazard == "none" else hazard,
        layers=_layer_names(fields["layers"]),
    )
