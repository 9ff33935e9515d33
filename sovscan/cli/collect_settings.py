"""``collect:`` and ``asn_table:`` of ``sovscan.yaml``: how the network is asked, when the command line does not say."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sovscan.cli.discovery import FoundFile
from sovscan.cli.exits import Refusal
from sovscan.files.strict_yaml import Node

if TYPE_CHECKING:
    from sovscan.cli.collecting import CollectOptions

DEFAULT_RATE = 500.0
"""Questions a second to one resolver when nobody says otherwise."""
_KEYS = ("resolvers", "resolver_rate", "http_proxy", "scope", "probes")


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectSettings:
    """What the file says; None and empty: nothing."""

    resolvers: tuple[str, ...] = ()
    resolver_rate: float | None = None
    http_proxy: str | None = None
    scope: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    asn_table: Path | None = None
    """From the file's folder."""
    where: str = ""
    """Of the table, for messages."""


def read_collect(collect: Node | None, table: Node | None) -> CollectSettings | None:
    """The settings in a configuration; None when it has none. Raises YamlError."""
    if collect is None and table is None:
        return None
    keys = collect.mapping(optional=_KEYS) if collect is not None else {}

    def texts(name: str) -> tuple[str, ...]:
        return tuple(node.text() for node in keys[name].sequence()) if name in keys else ()

    rate = keys["resolver_rate"].number() if "resolver_rate" in keys else None
    if rate is not None and rate < 1:
        raise keys["resolver_rate"].error("at least one question a second")
    return CollectSettings(
        resolvers=texts("resolvers"),
        resolver_rate=rate,
        http_proxy=keys["http_proxy"].text() if "http_proxy" in keys else None,
        scope=texts("scope"),
        probes=texts("probes"),
        asn_table=Path(table.text()) if table is not None else None,
        where=table.where if table is not None else "",
    )


def with_file(options: "CollectOptions", said: CollectSettings | None, file: FoundFile | None) -> "CollectOptions":
    """The options with what the file says where the command line says nothing. Raises Refusal for a table not there."""
    if said is None:
        return options
    table = None
    if said.asn_table is not None:
        table = (file.path.parent if file is not None else Path()) / said.asn_table
        _check(table, said.where)
    rate = options.resolver_rate if options.resolver_rate != DEFAULT_RATE else said.resolver_rate or DEFAULT_RATE
    return replace(
        options,
        resolver=options.resolver or said.resolvers,
        resolver_rate=rate,
        http_proxy=options.http_proxy or said.http_proxy,
        scope=options.scope or said.scope,
        probe=options.probe or said.probes,
        asn_table=table,
    )


def _check(table: Path, where: str) -> None:
    from sovscan.net.asn_table import AsnTable, AsnTableError

    try:
        AsnTable.open(table)
    except OSError as error:
        raise Refusal(f"{where}: {table}: {error.strerror}", "give a table made by 'sovscan data update'") from error
    except AsnTableError as error:
        raise Refusal(f"{where}: {error}", "make it again with 'sovscan data update FILE'") from error
