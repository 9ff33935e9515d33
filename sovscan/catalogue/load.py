"""The catalogue and the list of countries from their files, through a compiled copy in the cache folder."""

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sovscan.catalogue import compiled
from sovscan.catalogue.cache import digest, through_cache
from sovscan.catalogue.catalogue import Catalogue, HostNames
from sovscan.files import bundled

if TYPE_CHECKING:
    from sovscan.catalogue.lint import Fault
    from sovscan.catalogue.read import Reading
    from sovscan.files.strict_yaml import Node

PROVIDERS = ("data", "providers.yaml")
HOST_NAMES = ("data", "host-names.yaml")
JURISDICTIONS = ("rules", "jurisdictions.yaml")
_SIGN_IN = "sign-in"
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class CatalogueError(ValueError):
    """The catalogue or an overlay is wrong; the message has a line ``file:line:column: fault`` for each fault."""

    def __init__(self, faults: "Sequence[Fault]") -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdictions:
    """Which country codes exist and which belong to the EEA (``rules/jurisdictions.yaml``)."""

    countries: frozenset[str]
    """ISO 3166-1 alpha-2, with ``EU`` and ``??``."""
    eea: frozenset[str]
    qualification_record_months: int
    """Age beyond which a qualification record gives no immunity."""


def load_catalogue(overlays: Sequence[Path] = (), *, cache: Path | None = None) -> Catalogue:
    """The bundled catalogue with ``overlays`` laid over it, later ones last.

    Compiled once for the same files; the copy is under ``cache`` (None: the user's cache folder). Raises YamlError on
    a fault of form, CatalogueError on faults of content, OSError on an overlay that cannot be read.
    """
    paths = [Path(path) for path in overlays]
    texts = [bundled.read(*parts) for parts in (PROVIDERS, HOST_NAMES, JURISDICTIONS)]
    texts += [path.read_bytes() for path in paths]
    names = tuple(path.name for path in paths)
    mark = digest(texts)

    def unpack(plain: Any) -> Catalogue:
        labels, sign_in, webmail, files_only, selectors = plain["host_names"]
        return Catalogue(
            date=plain["date"],
            digest=mark,
            providers=compiled.unpack(plain),
            host_names=HostNames(
                labels=tuple(labels),
                sign_in=frozenset(sign_in),
                webmail=tuple(webmail),
                files_only=frozenset(files_only),
                selectors=tuple(selectors),
            ),
            overlays=names,
        )

    return through_cache(
        "catalogue", texts, form=compiled.FORM, compile_=lambda: _compile(texts, names), unpack=unpack, folder=cache
    )


def read_files(overlays: Sequence[Path] = ()) -> "Reading":
    """The records of the bundled file and the overlays with their places, before lint. Raises YamlError."""
    paths = [Path(path) for path in overlays]
    texts = [bundled.read(*PROVIDERS), *(path.read_bytes() for path in paths)]
    return _read(texts, tuple(path.name for path in paths), jurisdictions().countries)


def read_host_names(text: bytes) -> HostNames:
    """The labels to ask for with what is read into some of them, and the selectors of nobody in particular.

    Raises YamlError with its place on a fault; a label that is read and never asked for is one.
    """
    from sovscan.files.strict_yaml import load

    top = load(text, name="host-names.yaml").mapping(
        required=("labels", "webmail", "files_only", "dkim_selectors"), optional=()
    )
    groups = top["labels"].mapping(required=(_SIGN_IN,))
    labels = labels_in(node for group in groups.values() for node in group.sequence())
    asked = frozenset(labels)
    return HostNames(
        labels=tuple(labels),
        sign_in=frozenset(node.text() for node in groups[_SIGN_IN].sequence()),
        webmail=tuple(labels_in(top["webmail"].sequence(), asked)),
        files_only=frozenset(labels_in(top["files_only"].sequence(), asked)),
        selectors=tuple(labels_in(top["dkim_selectors"].sequence())),
    )


@functools.cache
def jurisdictions() -> Jurisdictions:
    """The bundled list of countries. Raises YamlError when the file is damaged."""
    text = bundled.read(*JURISDICTIONS)

    def unpack(plain: Any) -> Jurisdictions:
        countries, eea, months = plain
        return Jurisdictions(
            countries=frozenset(countries), eea=frozenset(eea), qualification_record_months=int(months)
        )

    return through_cache(
        "jurisdictions", [text], form="1", compile_=lambda: _compile_jurisdictions(text), unpack=unpack
    )


def _compile(texts: Sequence[bytes], names: tuple[str, ...]) -> Any:
    from sovscan.catalogue.lint import lint

    reading = _read([texts[0], *texts[3:]], names, frozenset(_compile_jurisdictions(texts[2])[0]))
    faults = [fault for fault in lint(reading) if fault.serious]
    if faults:
        raise CatalogueError(faults)
    packed = compiled.pack(reading.providers)
    names_asked = read_host_names(texts[1])
    host_names = [
        list(names_asked.labels), sorted(names_asked.sign_in), list(names_asked.webmail),
        sorted(names_asked.files_only), list(names_asked.selectors),
    ]  # fmt: skip
    return {"date": reading.date, "host_names": host_names, **packed}


def _read(texts: Sequence[bytes], names: tuple[str, ...], countries: frozenset[str]) -> "Reading":
    from sovscan.catalogue.read import merge, read
    from sovscan.files.strict_yaml import CATALOGUE_LIMIT, RULE_LIMIT, load

    root = load(texts[0], name="providers.yaml", limit=CATALOGUE_LIMIT)
    for text, name in zip(texts[1:], names, strict=True):
        root = merge(root, load(text, name=name, limit=RULE_LIMIT))
    return read(root, countries)


def _compile_jurisdictions(text: bytes) -> tuple[list[str], list[str], int]:
    from sovscan.files.strict_yaml import load

    root = load(text, name="jurisdictions.yaml")
    top = root.mapping(required=("checked", "countries", "eea", "qualification_record_months"), optional=("sources",))
    countries = [node.text() for node in top["countries"].sequence()] + ["EU", "??"]
    eea = [node.word(countries, "country") for node in top["eea"].sequence()]
    return countries, eea, top["qualification_record_months"].integer()


def labels_in(nodes: "Iterable[Node]", among: frozenset[str] | None = None) -> list[str]:
    """Labels of host names, each once, of those ``among`` when given. Raises YamlError on one that is not so."""
    found: dict[str, Node] = {}
    for node in nodes:
        label = node.text()
        if not _LABEL.fullmatch(label):
            raise node.error(f"{label!r} is not a label of a host name", "lower case letters, digits and hyphens")
        if label in found:
            raise node.error(f"{label!r} stands twice", f"first at {found[label].where}")
        if among is not None and label not in among:
            raise node.error(f"{label!r} is not among the labels that are asked for", "add it under labels")
        found[label] = node
    return list(found)
