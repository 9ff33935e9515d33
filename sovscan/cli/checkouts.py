"""Source trees that are audited together with domains: from the command line, or ``repositories:`` of a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sovscan.cli.discovery import FoundFile
from sovscan.cli.exits import Refusal
from sovscan.files.strict_yaml import Node
from sovscan.model.target import Target

if TYPE_CHECKING:
    from sovscan.repository.scan import Scanned


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """One source tree."""

    path: Path
    name: str = ""
    """On reports; empty: the folder's."""
    main: bool = False
    """Whether its run-time services weigh as those of a main domain do; others weigh half."""
    where: Node | None = None
    """Its place in a file, for messages; None: the command line named it."""


def read_repositories(node: Node) -> tuple[Checkout, ...]:
    """``repositories:`` of a configuration. Raises YamlError."""
    return tuple(_checkout(each) for each in node.sequence())


def resolved(
    written: Iterable[Checkout], file: FoundFile | None, given: Sequence[Path] | None, targets: Iterable[Target]
) -> tuple[Checkout, ...]:
    """Those of a file, from its folder, then those of the command line; with names that no target has.

    Raises Refusal for one that is not there, and for one outside the folder of a file that nobody named: the author of
    a change must not choose what else is read.
    """
    taken = {target.value for target in targets}
    found: list[Checkout] = []
    base = file.path.parent if file is not None else Path()
    for each in (*(_from(each, base, file) for each in written), *(Checkout(path=path) for path in given or ())):
        place = f"{each.where.where}: " if each.where else ""
        if not each.path.is_dir():
            raise Refusal(f"{place}{each.path}: no such folder", "give the folder of a checkout")
        name = each.name or each.path.resolve().name or "repository"
        unique = name
        for attempt in range(1, 1 + len(taken)):
            unique = name if unique not in taken else f"{name} (files{'' if attempt == 1 else f' {attempt}'})"
        taken.add(unique)
        found.append(Checkout(path=each.path, name=unique, main=each.main, where=each.where))
    return tuple(found)


def scanned(checkouts: Sequence[Checkout], organisation: str | None) -> "Scanned":
    """What their files say."""
    from sovscan import __version__
    from sovscan.repository.scan import scan

    return scan(
        [each.path for each in checkouts],
        names=[each.name for each in checkouts],
        organisation=organisation,
        versions={"sovscan": __version__},
    )


def _checkout(node: Node) -> Checkout:
    if not isinstance(node.value, dict):
        return Checkout(path=Path(node.text()), where=node)
    keys = node.mapping(required=("path",), optional=("name", "main"))
    return Checkout(
        path=Path(keys["path"].text()),
        name=keys["name"].text() if "name" in keys else "",
        main=keys["main"].boolean() if "main" in keys else False,
        where=keys["path"],
    )


def _from(each: Checkout, base: Path, file: FoundFile | None) -> Checkout:
    path = base / each.path
    if file is not None and not file.named and not path.resolve().is_relative_to(base.resolve()):
        place = f"{each.where.where}: " if each.where else ""
        raise Refusal(
            f"{place}{each.path} lies outside the folder of a file that nobody named", f"name it: --config {file.shown}"
        )
    return Checkout(path=path, name=each.name, main=each.main, where=each.where)
