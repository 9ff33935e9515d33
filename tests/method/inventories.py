"""The published inventories, and short ways to write others."""

from pathlib import Path

from sovscan.files.strict_yaml import load
from sovscan.model.dependency import Confidence, DependencyId, Layer
from sovscan.model.exposure import Inventory, Item, Level, Nexus
from sovscan.score.inventory_file import read_inventory

_FRENCH_NAMES = "12345"


def example(number: int, *added: str, failed: str = "", without: str = "") -> Inventory:
    """Example ``number``, with rows added, the rows of layer ``without`` left out, and probes failed."""
    document = load((Path(__file__).parent / "vectors.yaml").read_bytes(), name="vectors.yaml").plain()
    key = next(key for key in document["examples"] if key.startswith(str(number)))
    rows = list(document["examples"][key])
    if str(number) in _FRENCH_NAMES:
        rows += document["names_fr"]
    return inventory(*(_written(row) for row in rows if row[0] != without), *added, failed=failed)


def inventory(*rows: str, failed: str = "") -> Inventory:
    """An inventory of rows such as ``[mail_in, Google, DIRECT, US, 1]``."""
    lines = ["dependencies:", *(f"  - {row}" for row in rows), f"failed: [{failed}]"]
    return read_inventory("\n".join(lines).encode(), "rows.yaml")


def item(  # noqa: PLR0917
    layer: Layer, controller: str, level: Level, country: str, weight: float, confidence: Confidence
) -> Item:
    """One item with one nexus."""
    return Item(
        id=DependencyId(f"{layer}/{controller}/{level}/{country}/{weight}/{confidence}"),
        layer=layer,
        controller=controller,
        nexuses=(Nexus(level=level, country=country),),
        weight=weight,
        confidence=confidence,
    )


def _written(entry: object) -> str:
    return "[" + ", ".join(map(_written, entry)) + "]" if isinstance(entry, list) else str(entry)
