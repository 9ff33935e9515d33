"""What an RDAP object says about a domain or a network (RFC 9083): few fields, hostile texts cut, nothing chosen."""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

MAX_TEXT = 256
MAX_ITEMS = 64
"""Entities, name servers, status words read of one object."""


class RdapMismatchError(ValueError):
    """The object is not about what was asked."""


class RdapUnreadableError(ValueError):
    """The object breaks the structure of RFC 9083."""


def domain_fields(plain: Any, domain: str) -> Mapping[str, str]:
    """Return what is said of a domain; only keys that have a value.

    ``registrar``, ``registrar_id`` (IANA), ``registrar_country``, ``nameservers`` and ``status`` (separated by
    spaces and ``, ``), ``conflict``: facts that the object states in several ways, as ``registrar: A | B``; such a
    fact is left out elsewhere, since choosing would be inventing. Raises RdapMismatchError.
    """
    if not isinstance(plain, dict) or plain.get("objectClassName") != "domain":
        raise RdapMismatchError("not a domain object")
    said = _text(plain.get("ldhName")).rstrip(".").lower()
    if said and said != domain:
        raise RdapMismatchError(f"about {said}")
    registrars = [entity for entity in _objects(plain.get("entities")) if "registrar" in _texts(entity.get("roles"))]
    stated = {
        "registrar": [_contact(entity)[0] for entity in registrars],
        "registrar_country": [_contact(entity)[1] for entity in registrars],
        "registrar_id": [
            _text(public.get("identifier"))
            for entity in registrars
            for public in _objects(entity.get("publicIds"))
            if _text(public.get("type")).lower() == "iana registrar id"
        ],
    }
    fields = _agreed(stated)
    servers = {_text(server.get("ldhName")).rstrip(".").lower() for server in _objects(plain.get("nameservers"))}
    fields["nameservers"] = " ".join(sorted(server for server in servers if server and " " not in server))
    fields["status"] = ", ".join(sorted(set(_texts(plain.get("status")))))
    return {key: value for key, value in fields.items() if value}


def address_fields(plain: Any, address: str) -> Mapping[str, str]:
    """Return what is said of the network that holds an address; only keys that have a value.

    ``network`` (its name), ``handle``, ``range``, ``type``, ``country``, ``holder`` (organisations only: names of
    natural persons are not kept), ``conflict``. Parsed by ipwhois; nothing is asked. Raises RdapMismatchError,
    RdapUnreadableError.
    """
    from ipwhois.exceptions import BaseIpwhoisException
    from ipwhois.net import Net as IpwhoisNet
    from ipwhois.rdap import RDAP

    # Its own initialiser opens a resolver; reading needs the address only.
    unasking = IpwhoisNet.__new__(IpwhoisNet)
    unasking.address_str = address
    if not isinstance(plain, dict) or plain.get("objectClassName") != "ip network":
        raise RdapMismatchError("not a network object")
    if not _within(address, _text(plain.get("startAddress")), _text(plain.get("endAddress"))):
        raise RdapMismatchError("about another range")
    try:
        # bootstrap and the two switches keep ipwhois from asking anybody anything.
        found = RDAP(unasking).lookup(response=plain, bootstrap=True, root_ent_check=False, depth=0)
    except (BaseIpwhoisException, AttributeError, IndexError, KeyError, TypeError, ValueError) as fault:
        raise RdapUnreadableError("not readable as a network object") from fault
    network, objects = found["network"], found["objects"] or {}
    holders = [
        _text((entity.get("contact") or {}).get("name"))
        for entity in objects.values()
        if "registrant" in _texts(entity.get("roles")) and (entity.get("contact") or {}).get("kind") in ("org", "group")
    ]
    fields = _agreed({"holder": holders})
    country = _text(network.get("country")).upper()
    fields["country"] = country if len(country) == 2 and country.isascii() and country.isalpha() else ""
    for key, source in (("network", "name"), ("handle", "handle"), ("type", "type")):
        fields[key] = _text(network.get(source))
    fields["range"] = f"{_text(plain['startAddress'])}-{_text(plain['endAddress'])}"
    return {key: value for key, value in fields.items() if value}


def _agreed(stated: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return each fact that is stated in one way only, and the others as conflicts."""
    fields: dict[str, str] = {}
    conflicts: list[str] = []
    for key, values in stated.items():
        distinct = sorted({value for value in values if value})
        if len(distinct) == 1:
            fields[key] = distinct[0]
        elif distinct:
            conflicts.append(f"{key}: {' | '.join(distinct)}"[: 4 * MAX_TEXT])
    fields["conflict"] = "; ".join(conflicts)
    return fields


def _contact(entity: Mapping[str, Any]) -> tuple[str, str]:
    """Return name and country of an entity's jCard (RFC 7095); empty where it has none."""
    card = entity.get("vcardArray")
    properties = card[1] if isinstance(card, list) and len(card) == 2 and isinstance(card[1], list) else []
    names = {"fn": "", "org": ""}
    country = ""
    for item in properties[:MAX_ITEMS]:
        if not isinstance(item, list) or len(item) < 4 or not isinstance(item[0], str):
            continue
        if item[0] in names:
            value = item[3][0] if isinstance(item[3], list) and item[3] else item[3]
            names[item[0]] = names[item[0]] or _text(value)
        elif item[0] == "adr":
            code = _text(item[1].get("cc")) if isinstance(item[1], dict) else ""
            last = _text(item[3][-1]) if isinstance(item[3], list) and item[3] else ""
            country = country or next(
                (text.upper() for text in (code, last) if len(text) == 2 and text.isalpha()), last
            )
    # ICANN's RDAP response profile puts the registrar's name in fn; org is the fallback.
    return names["fn"] or names["org"], country


def _within(address: str, first: str, last: str) -> bool:
    try:
        start, end, inside = (ipaddress.ip_address(text.partition("/")[0]) for text in (first, last, address))
    except ValueError:
        return False
    return start.version == end.version == inside.version and int(start) <= int(inside) <= int(end)


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    return (item for item in value[:MAX_ITEMS] if isinstance(item, dict)) if isinstance(value, list) else iter(())


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in value[:MAX_ITEMS] if isinstance(item, str)) if isinstance(value, list) else ()


def _text(value: Any) -> str:
    return " ".join(value.split())[:MAX_TEXT] if isinstance(value, str) else ""
