"""Catalogue files to records, with the place of every fault.

The form of the file is in ``data/README.md`` and ``data/schemas/provider.schema.json``.
"""

import dataclasses
import datetime
import ipaddress
import re
from collections.abc import Mapping

from sovscan.files.strict_yaml import Node, suggestion, titled
from sovscan.model.provider import (
    Certification,
    ControlLink,
    Offer,
    OfferId,
    Presence,
    Provider,
    ProviderId,
    SignalKind,
    Signature,
    Strength,
)
from sovscan.model.text import Country, Source, Text

SCHEMA = "sovscan-providers/1"

ABOUT_KEYS = (("date", "schema"), ("note", "strengths"))
PROVIDER_KEYS = (
    ("name", "entity", "seat", "checked"),
    ("sources", "control", "presence", "conflict", "offers", "alternatives", "caution", "url"),
)
LINK_KEYS = (("holder", "country"), ("kind", "share", "since", "until", "sources"))
PRESENCE_KEYS = (("country", "what"), ("since", "until", "sources"))
CERTIFICATION_KEYS = (
    ("scheme", "checked"),
    ("status", "scope", "decision", "valid_from", "valid_to", "sources"),
)
OFFER_KEYS = (
    ("name",),
    (
        "roles", "categories", "hosts", "host_known", "technology", "certifications", "signatures", "open_source",
        "self_hostable", "software", "licence", "effort", "description", "caution", "url", "sources", "recommend",
    ),
)  # fmt: skip
SIGNATURE_KEYS = (("value",), ("strength", "role", "shared"))
SOURCE_KEYS = (("title", "url", "checked"), ())
CONTROL_KINDS = ("control", "share", "veto")
CERTIFICATION_STATES = ("valid", "in_progress", "withdrawn")
EFFORTS = ("S", "M", "L")

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_SERIES = re.compile(r"\[([0-9]{1,3})-([0-9]{1,3})\]")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A catalogue file, or several merged, as records."""

    date: str
    """ISO date of the newest file."""
    providers: Mapping[ProviderId, Provider]
    sources: Mapping[str, Source]
    where: Mapping[str, str]
    """``file:line:column`` by ``provider``, ``offer:ID`` and ``signature:ID:KIND:VALUE``."""


def merge(base: Node, overlay: Node) -> Node:
    """The base with the overlay laid over it: mappings merge by key, anything else is replaced.

    So an overlay may give one new key of a known provider, or a whole new provider; places stay those of each file.
    """
    if not (isinstance(base.value, dict) and isinstance(overlay.value, dict)):
        return overlay
    value = dict(base.value)
    for key, node in overlay.value.items():
        value[key] = merge(value[key], node) if key in value else node
    return dataclasses.replace(base, value=value, keys=base.keys | overlay.keys)


def read(root: Node, countries: frozenset[str]) -> Reading:
    """The records of a catalogue file. Raises YamlError at the first fault of form."""
    top = root.mapping(required=("about", "providers"), optional=("sources",))
    about = top["about"].mapping(required=ABOUT_KEYS[0], optional=ABOUT_KEYS[1])
    about["schema"].word((SCHEMA,), "schema")
    sources = {key: _source(node) for key, node in top["sources"].mapping().items()} if "sources" in top else {}
    reader = _Reader(sources=sources, countries=countries, strengths=_strengths(about.get("strengths")))
    providers = {
        ProviderId(key): reader.provider(_identifier(top["providers"].keys[key]), node)
        for key, node in top["providers"].mapping().items()
    }
    return Reading(date=_day(about["date"]), providers=providers, sources=sources, where=reader.where)


@dataclasses.dataclass(slots=True)
class _Reader:
    sources: Mapping[str, Source]
    countries: frozenset[str]
    strengths: Mapping[SignalKind, Strength]
    where: dict[str, str] = dataclasses.field(default_factory=dict)

    def provider(self, key: str, node: Node) -> Provider:
        entry = node.mapping(required=PROVIDER_KEYS[0], optional=PROVIDER_KEYS[1])
        self.where[key] = node.where
        offers = entry["offers"].mapping() if "offers" in entry else {}
        return Provider(
            id=ProviderId(key),
            name=entry["name"].text(),
            entity=entry["entity"].text(),
            seat=self.country(entry["seat"]),
            seat_sources=self.cited(entry.get("sources")),
            control=tuple(self.link(item) for item in _list(entry.get("control"))),
            presence=tuple(self.presence(item) for item in _list(entry.get("presence"))),
            conflict=_text(entry.get("conflict")),
            offers=tuple(self.offer(_identifier(entry["offers"].keys[name]), item) for name, item in offers.items()),
            alternatives={
                category: tuple(OfferId(_identifier(item)) for item in names.sequence())
                for category, names in (entry["alternatives"].mapping() if "alternatives" in entry else {}).items()
            },
            caution=_text(entry.get("caution")),
            url=_address(entry.get("url")),
            checked=_day(entry["checked"]),
        )

    def offer(self, key: str, node: Node) -> Offer:
        entry = node.mapping(required=OFFER_KEYS[0], optional=OFFER_KEYS[1])
        if f"offer:{key}" in self.where:
            raise node.error(f"offer {key!r} is given twice", f"first given at {self.where[f'offer:{key}']}")
        self.where[f"offer:{key}"] = node.where
        effort = entry.get("effort")
        return Offer(
            id=OfferId(key),
            name=entry["name"].text(),
            roles=tuple(item.text() for item in _list(entry.get("roles"))),
            categories=tuple(_identifier(item) for item in _list(entry.get("categories"))),
            hosts=tuple(_identifier(item) for item in _list(entry.get("hosts"))),
            host_known=_truth(entry.get("host_known"), otherwise=False),
            technology=tuple(_identifier(item) for item in _list(entry.get("technology"))),
            certifications=tuple(self.certification(item) for item in _list(entry.get("certifications"))),
            signatures=self.signatures(key, entry.get("signatures")),
            open_source=entry["open_source"].boolean() if "open_source" in entry else None,
            self_hostable=entry["self_hostable"].boolean() if "self_hostable" in entry else None,
            software=_truth(entry.get("software"), otherwise=False),
            licence=entry["licence"].text() if "licence" in entry else None,
            effort=effort.word(EFFORTS, "effort") if effort else None,
            description=_text(entry.get("description")),
            caution=_text(entry.get("caution")),
            url=_address(entry.get("url")),
            sources=self.cited(entry.get("sources")),
            recommend=_truth(entry.get("recommend"), otherwise=False),
        )

    def signatures(self, offer: str, node: Node | None) -> tuple[Signature, ...]:
        found: list[Signature] = []
        for name, values in (node.mapping() if node else {}).items():
            kinds = [kind.value for kind in SignalKind]
            if node is None or name not in kinds:
                raise node.keys[name].error(f"unknown signal kind {name!r}", suggestion(name, kinds))  # type: ignore[union-attr]
            kind = SignalKind(name)
            for item in values.sequence():
                for signature in self.signature(kind, item):
                    self.where[f"signature:{offer}:{kind}:{signature.value}"] = item.where
                    found.append(signature)
        return tuple(found)

    def signature(self, kind: SignalKind, node: Node) -> tuple[Signature, ...]:
        bare = isinstance(node.value, str)
        entry = {"value": node} if bare else node.mapping(required=SIGNATURE_KEYS[0], optional=SIGNATURE_KEYS[1])
        strength = self.strengths.get(kind, Strength.STRONG)
        if "strength" in entry:
            strength = Strength(entry["strength"].word([item.value for item in Strength], "strength"))
        return tuple(
            Signature(
                kind=kind,
                value=value,
                strength=strength,
                role=entry["role"].text() if "role" in entry else None,
                shared=_truth(entry.get("shared"), otherwise=False),
            )
            for value in _values(kind, entry["value"])
        )

    def link(self, node: Node) -> ControlLink:
        entry = node.mapping(required=LINK_KEYS[0], optional=LINK_KEYS[1])
        share = entry["share"].number() if "share" in entry else None
        if share is not None and not 0 <= share <= 100:
            raise entry["share"].error(f"a share is between 0 and 100, not {share:g}")
        return ControlLink(
            holder=entry["holder"].text(),
            country=self.country(entry["country"]),
            kind=entry["kind"].word(CONTROL_KINDS, "kind of control") if "kind" in entry else "control",
            share=share,
            since=_moment(entry.get("since")),
            until=_moment(entry.get("until")),
            sources=self.cited(entry.get("sources")),
        )

    def presence(self, node: Node) -> Presence:
        entry = node.mapping(required=PRESENCE_KEYS[0], optional=PRESENCE_KEYS[1])
        return Presence(
            country=self.country(entry["country"]),
            what=_words(entry["what"]),
            since=_moment(entry.get("since")),
            until=_moment(entry.get("until")),
            sources=self.cited(entry.get("sources")),
        )

    def certification(self, node: Node) -> Certification:
        entry = node.mapping(required=CERTIFICATION_KEYS[0], optional=CERTIFICATION_KEYS[1])
        return Certification(
            scheme=entry["scheme"].text(),
            status=entry["status"].word(CERTIFICATION_STATES, "status") if "status" in entry else "valid",
            scope=_scope(entry.get("scope")),
            decision=entry["decision"].text() if "decision" in entry else None,
            valid_from=_day(entry["valid_from"]) if "valid_from" in entry else None,
            valid_to=_day(entry["valid_to"]) if "valid_to" in entry else None,
            checked=_day(entry["checked"]),
            sources=self.cited(entry.get("sources")),
        )

    def country(self, node: Node) -> Country:
        text = node.text()
        if text not in self.countries:
            near = "GB" if text == "UK" else None
            raise node.error(
                f"unknown country {text!r}",
                f"did you mean {near!r}?" if near else "give an ISO 3166-1 alpha-2 code, EU or ??",
            )
        return Country(text)

    def cited(self, node: Node | None) -> tuple[Source, ...]:
        return tuple(self.sources[item.word(self.sources, "source")] for item in _list(node))


def _values(kind: SignalKind, node: Node) -> tuple[str, ...]:
    text = node.text()
    if kind is SignalKind.ASN:
        if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**32 and text[0] != "0"):
            raise node.error(f"expected an AS number, found {text!r}", "digits only, without AS")
        return (text,)
    if kind is SignalKind.RANGE:
        try:
            return (str(ipaddress.ip_network(text)),)
        except ValueError as error:
            raise node.error(f"expected an address block, found {text!r}", str(error)) from error
    series = _SERIES.search(text)
    if series is None:
        return (text,)
    # One name a number, with the digits as written: awsdns-[00-63].com is 64 whole-label suffixes.
    first, last, width = int(series[1]), int(series[2]), len(series[1])
    if first > last or last - first > 999:
        raise node.error(f"the series {series[0]} does not run upwards")
    return tuple(f"{text[: series.start()]}{n:0{width}d}{text[series.end() :]}" for n in range(first, last + 1))


def _strengths(node: Node | None) -> Mapping[SignalKind, Strength]:
    kinds, levels = [kind.value for kind in SignalKind], [level.value for level in Strength]
    found = {}
    for name, item in (node.mapping(optional=kinds) if node else {}).items():
        found[SignalKind(name)] = Strength(item.word(levels, "strength"))
    return found


def _source(node: Node) -> Source:
    entry = node.mapping(required=SOURCE_KEYS[0], optional=SOURCE_KEYS[1])
    url = _address(entry["url"])
    title, french = titled(entry["title"])
    return Source(title=title, url=url or "", checked=_day(entry["checked"]), title_fr=french)


def _identifier(node: Node) -> str:
    text = node.text()
    if not _ID.fullmatch(text):
        raise node.error(f"{text!r} is not an identifier", "lower-case letters and digits, joined by single hyphens")
    return text


def _address(node: Node | None) -> str | None:
    if node is None:
        return None
    text = node.text()
    if not re.fullmatch(r"https?://[^\s<>\"']+", text):
        raise node.error(f"{text!r} is not an http address")
    return text


def _text(node: Node | None) -> Text | None:
    if node is None:
        return None
    return _words(node)


def _words(node: Node) -> Text:
    entry = node.mapping(required=("fr", "en"), optional=())
    return Text(fr=entry["fr"].text(), en=entry["en"].text())


def _scope(node: Node | None) -> Text | None:
    """Terms of the trade stand alone (``IaaS/PaaS``); words are given in both languages."""
    if node is None or isinstance(node.value, dict):
        return _text(node)
    text = node.text()
    if re.search(r"(?<![A-Za-z0-9])[a-z]{2}", text):
        raise node.error(f"{text!r} is in one language", "write {fr: …, en: …}")
    return Text(fr=text, en=text)


def _truth(node: Node | None, *, otherwise: bool) -> bool:
    return otherwise if node is None else node.boolean()


def _list(node: Node | None) -> tuple[Node, ...]:
    return () if node is None else node.sequence()


def _day(node: Node) -> str:
    text = node.text()
    if len(text) != 10 or _calendar(text) is None:
        raise node.error(f"{text!r} is not a date", "write YYYY-MM-DD")
    return text


def _moment(node: Node | None) -> str | None:
    if node is None:
        return None
    text = node.text()
    if _calendar(text) is None:
        raise node.error(f"{text!r} is not a date", "write YYYY, YYYY-MM or YYYY-MM-DD")
    return text


def _calendar(text: str) -> datetime.date | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return datetime.date.fromisoformat(text + "-01-01"[len(text) - 10 :] if len(text) < 10 else text)
    except ValueError:
        return None
