"""``rules/exposure.yaml`` and ``rules/laws.yaml`` as records."""

from sovscan.catalogue.load import jurisdictions
from sovscan.files.strict_yaml import Node, load
from sovscan.model.audit import LawText
from sovscan.model.dependency import Layer
from sovscan.model.exposure import Level
from sovscan.model.text import Country
from sovscan.rulebook.cel import Engine
from sovscan.rulebook.place import compile_at
from sovscan.rulebook.reach import HOLD_FACTS
from sovscan.rulebook.reading import one_of, source, text
from sovscan.rulebook.rulebook import Ladder, Law, Rung

HAZARDS = ("access", "cutoff")
_LEVELS = tuple(level.value for level in Level)
_LAYERS = tuple(layer.value for layer in Layer)
_OWN_COUNTRY = (Level.IMMUNE, Level.NONE, Level.UNKNOWN)


def read_ladder(content: bytes, name: str, engine: Engine) -> tuple[Ladder, str]:
    """The ladder and the version of the method it states. Raises YamlError."""
    root = load(content, name=name)
    keys = root.mapping(required=("model", "influence", "immunity", "ending_days", "rungs", "otherwise"), optional=())
    shares = keys["influence"].mapping(required=("alone", "together"), optional=())
    rest = keys["otherwise"].mapping(required=("level", "ground"), optional=())
    written = content.decode("utf-8-sig")
    ladder = Ladder(
        rungs=tuple(_rung(node, written, engine) for node in keys["rungs"].sequence()),
        otherwise=Level(one_of(rest["level"], _LEVELS, "level")),
        otherwise_ground=text(rest["ground"]),
        alone=shares["alone"].number(),
        together=shares["together"].number(),
        immunity=tuple(node.text() for node in keys["immunity"].sequence()),
        ending_days=keys["ending_days"].integer(),
    )
    return ladder, keys["model"].text()


def read_laws(content: bytes, name: str) -> tuple[Law, ...]:
    """The laws, sorted by id. Raises YamlError."""
    keys = load(content, name=name).mapping(required=("state", "laws"), optional=())
    entries = keys["laws"].mapping()
    return tuple(_law(ident, entries[ident]) for ident in sorted(entries))


def _rung(node: Node, written: str, engine: Engine) -> Rung:
    keys = node.mapping(required=("level", "when", "ground"), optional=("countries", "exclusive"))
    level = Level(one_of(keys["level"], _LEVELS, "level"))
    countries = one_of(keys["countries"], HOLD_FACTS, "list of countries") if "countries" in keys else None
    if (countries is None) != (level in _OWN_COUNTRY):
        raise node.error(f"{level} {'needs' if countries is None else 'takes no'} countries")
    return Rung(
        level=level,
        when=compile_at(keys["when"], written, engine),
        countries=countries,
        exclusive="exclusive" in keys and keys["exclusive"].boolean(),
        ground=text(keys["ground"]),
    )


def _law(ident: str, node: Node) -> Law:
    keys = node.mapping(
        required=("name", "reference", "country", "hazards", "levels", "ground", "state", "established", "sources"),
        optional=("layers",),
    )
    country = Country(one_of(keys["country"], jurisdictions().countries, "country"))
    levels = tuple(Level(one_of(entry, _LEVELS, "level")) for entry in keys["levels"].sequence())
    for level, entry in zip(levels, keys["levels"].sequence(), strict=True):
        if level in _OWN_COUNTRY:
            raise entry.error(f"no law reaches a dependency at level {level}")
    sources = tuple(source(entry) for entry in keys["sources"].sequence())
    established = keys["established"].boolean()
    if established and not sources:
        raise keys["established"].error("an established law needs a source", "or write established: false")
    layers = keys["layers"].sequence() if "layers" in keys else ()
    return Law(
        text=LawText(
            id=ident,
            name=text(keys["name"]),
            reference=keys["reference"].text(),
            country=country,
            ground=text(keys["ground"]),
            state=text(keys["state"]),
            established=established,
            sources=sources,
        ),
        levels=levels,
        layers=tuple(Layer(one_of(entry, _LAYERS, "layer")) for entry in layers) or tuple(Layer),
        hazards=tuple(one_of(entry, HAZARDS, "hazard") for entry in keys["hazards"].sequence()),
    )
