"""Names at which organisations announce what they use: ``data/announced-names.yaml``."""

import functools
import re
from dataclasses import dataclass
from datetime import date

from sovscan.catalogue.load import labels_in
from sovscan.files import bundled
from sovscan.files.strict_yaml import Node, load

_SERVICE = re.compile(r"_[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\._(?:tcp|udp|tls)")
"""RFC 2782. No shorter than a label: ``_sipfederationtls`` is longer than a registered name may be (RFC 6335)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedNames:
    """Each list in the order in which it is asked or looked at."""

    services: tuple[str, ...]
    """SRV names that are asked for."""
    mailbox_services: tuple[str, ...]
    """SRV names at which mail programs look for the mailbox, whether asked for or not."""
    microsoft: tuple[str, ...]
    """First labels that Microsoft has its customers publish."""


@functools.cache
def announced_names() -> AnnouncedNames:
    """The bundled names, read once. Raises YamlError when the file is at fault."""
    return read_announced_names(bundled.read("data", "announced-names.yaml"))


def read_announced_names(text: bytes) -> AnnouncedNames:
    """The names of a file of that form. Raises YamlError with the place of the fault."""
    top = load(text, name="announced-names.yaml").mapping(required=("services", "microsoft"), optional=())
    services = top["services"].mapping(required=("asked", "mailbox", "sources"), optional=())
    microsoft = top["microsoft"].mapping(required=("labels", "sources"), optional=())
    for sources in (services["sources"], microsoft["sources"]):
        _check_sources(sources)
    return AnnouncedNames(
        services=_services(services["asked"]),
        mailbox_services=_services(services["mailbox"]),
        microsoft=tuple(labels_in(microsoft["labels"].sequence())),
    )


def _services(node: Node) -> tuple[str, ...]:
    found: dict[str, Node] = {}
    for each in node.sequence():
        name = each.text()
        if not _SERVICE.fullmatch(name):
            raise each.error(f"{name!r} is not the name of a service", "such as _imaps._tcp (RFC 2782)")
        if name in found:
            raise each.error(f"{name!r} stands twice", f"first at {found[name].where}")
        found[name] = each
    return tuple(found)


def _check_sources(node: Node) -> None:
    sources = node.sequence()
    if not sources:
        raise node.error("no source", "title, url and checked of the page that names them")
    for each in sources:
        fields = each.mapping(required=("title", "url"), optional=("checked",))
        if not fields["url"].text().startswith("https://"):
            raise fields["url"].error("not an https address")
        if "checked" in fields:
            _check_day(fields["checked"])


def _check_day(node: Node) -> None:
    try:
        date.fromisoformat(node.text())
    except ValueError:
        raise node.error("not a day", "YYYY-MM-DD") from None
