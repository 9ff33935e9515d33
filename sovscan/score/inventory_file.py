"""Inventories written by hand: what no scan can see, scored like everything else.

Two forms of a dependency, which may be mixed::

    dependencies:
      - [mail_in, OVH, PRESENCE, US, 1, [[PRESENCE, CA]]]     # layer, controller, level, country, s, further nexuses
      - layer: saas
        controller: Example SAS
        name: payroll                                         # what it is for, where one controller has two services
        role: business                                        # or weight: a number
        confidence: probable                                  # confirmed when left out
        main: false                                           # of a domain that is not a main one: half the weight
        nexuses: [{level: HOSTED_ON, country: US, who: Example Inc.}]    # or level and country
    failed: [hosting]                                         # layers whose essential question had no answer
"""

from sovscan.files.strict_yaml import Node, load
from sovscan.model.dependency import Confidence, DependencyId, Layer
from sovscan.model.exposure import Inventory, Item, Level, Nexus
from sovscan.model.text import Country
from sovscan.score.policy import UNIDENTIFIED, UNION, Policy, load_policy
from sovscan.score.risk import UNAFFECTED, InventoryError, check_nexus

_ROW = "a row is [layer, controller, level, country, s] and, where there are any, [[level, country], ...]"


def read_inventory(content: bytes, name: str, *, policy: Policy | None = None) -> Inventory:
    """The inventory in a YAML file; ``policy`` gives roles their weight (None: the practical profile).

    Raises YamlError with ``file:line:column`` for whatever is not such an inventory, an exposure through a country of
    the EU/EEA included. A dependency written twice counts once.
    """
    policy = policy or load_policy()
    top = load(content, name=name).mapping(required=("dependencies",), optional=("failed", "organisation"))
    items: dict[DependencyId, Item] = {}
    for node in top["dependencies"].sequence():
        item = _from_row(node, policy) if isinstance(node.value, tuple) else _from_mapping(node, policy)
        if items.setdefault(item.id, item) != item:
            raise node.error(f"{item.id} is already there with other facts", "give each its name")
    failed = top["failed"].sequence() if "failed" in top else ()
    return Inventory(items=tuple(items.values()), failed=tuple(sorted({_layer(node) for node in failed})))


def _from_row(node: Node, policy: Policy) -> Item:
    row = node.sequence()
    if len(row) not in (5, 6):
        raise node.error(f"{len(row)} entries in the row", _ROW)
    nexuses = [_nexus(row[2], row[3], policy)]
    for pair in row[5].sequence() if len(row) == 6 else ():
        if len(pair.sequence()) != 2:
            raise pair.error("a further nexus is [level, country]", _ROW)
        level, country = pair.sequence()
        nexuses.append(_nexus(level, country, policy))
    return _item(
        layer=_layer(row[0]),
        subject=",".join(f"{nexus.level.value}:{nexus.country}" for nexus in nexuses),
        role=row[4].text(),
        controller=row[1].text(),
        nexuses=tuple(nexuses),
        weight=_weight(row[4]),
        confidence=Confidence.CONFIRMED,
    )


def _from_mapping(node: Node, policy: Policy) -> Item:
    fields = node.mapping(
        required=("layer", "controller"),
        optional=("name", "offer", "role", "weight", "level", "country", "nexuses", "confidence", "main"),
    )
    layer = _layer(fields["layer"])
    if ("role" in fields) == ("weight" in fields):
        raise node.error("either a role or a weight")
    if "weight" in fields:
        role, weight = fields["weight"].text(), _weight(fields["weight"])
    else:
        roles = {key.partition(".")[2]: s for key, s in policy.roles.items() if key.startswith(f"{layer}.")}
        role = fields["role"].word(roles, f"role of {layer}")
        weight = roles[role]
    if ("level" in fields) == ("nexuses" in fields):
        raise node.error("either a level or nexuses")
    if "level" in fields:
        nexuses: tuple[Nexus, ...] = (_nexus(fields["level"], fields.get("country"), policy),)
    else:
        nexuses = tuple(_nexus_mapping(entry, policy) for entry in fields["nexuses"].sequence())
        if not nexuses:
            raise fields["nexuses"].error("no nexus", "what is not known is [{level: UNKNOWN}]")
    confidence = (
        fields["confidence"].word([c.value for c in Confidence], "confidence") if "confidence" in fields else ""
    )
    main = fields["main"].boolean() if "main" in fields else True
    named = [fields[key].text() for key in ("name", "offer") if key in fields]
    return _item(
        layer=layer,
        subject=", ".join(named) or ",".join(f"{nexus.level.value}:{nexus.country}" for nexus in nexuses),
        role=role,
        controller=fields["controller"].text(),
        nexuses=nexuses,
        weight=weight if main else weight * policy.secondary,
        confidence=Confidence(confidence or "confirmed"),
    )


def _item(
    *,
    layer: Layer,
    subject: str,
    role: str,
    controller: str,
    nexuses: tuple[Nexus, ...],
    weight: float,
    confidence: Confidence,
) -> Item:
    return Item(
        id=DependencyId(f"{layer.value}/{role}/{subject}/{controller}"),
        layer=layer,
        controller=controller,
        nexuses=nexuses,
        weight=weight,
        confidence=confidence,
    )


def _layer(node: Node) -> Layer:
    return Layer(node.word([layer.value for layer in Layer], "layer"))


def _weight(node: Node) -> float:
    weight = node.number()
    if not 0 <= weight <= 1:
        raise node.error(f"a role weight is between 0 and 1, found {node.value}")
    return weight


def _nexus_mapping(node: Node, policy: Policy) -> Nexus:
    fields = node.mapping(required=("level",), optional=("country", "who"))
    who = fields["who"].text() if "who" in fields else ""
    return _nexus(fields["level"], fields.get("country"), policy, who)


def _nexus(level_node: Node, country_node: Node | None, policy: Policy, who: str = "") -> Nexus:
    level = Level(level_node.word([level.value for level in Level], "level"))
    if country_node is not None:
        country = Country(country_node.word(policy.known_countries, "country"))
    elif level in UNAFFECTED:
        country = UNIDENTIFIED if level is Level.UNKNOWN else UNION
    else:
        raise level_node.error(f"{level.value} needs a country", 'one not identified is "??"')
    nexus = Nexus(level=level, country=country, who=who)
    try:
        check_nexus(nexus, policy, "this dependency")
    except InventoryError as error:
        raise (country_node or level_node).error(str(error), "a level of exposure needs a country outside") from None
    return nexus
