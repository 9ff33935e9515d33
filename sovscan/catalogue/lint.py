"""What is wrong with a catalogue beyond its form: dangling names, doubled signatures, claims without a source."""

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sovscan.catalogue.catalogue import EXACT_KINDS, LABEL_MARK, NAME_KINDS
from sovscan.catalogue.read import Reading
from sovscan.files.strict_yaml import suggestion
from sovscan.model.provider import Offer, Provider, SignalKind, Signature
from sovscan.readers.names import public_suffix

ROLES: dict[str, tuple[str, ...]] = {
    "mail_in": ("mailbox", "gateway", "backup"),
    "mail_out": ("relay", "bulk", "report"),
    "identity": ("tenant", "sso", "verification"),
    "hosting": ("origin", "secondary"),
    "cdn": ("proxy", "static"),
    "dns": ("sole", "shared"),
    "registry": ("registrar", "registry"),
    "ca": ("issuer",),
    "web3p": ("tag_manager", "analytics", "pixel", "replay", "captcha", "embed", "fonts", "script"),
    "saas": ("business", "forms", "marketing", "status"),
    "supply": ("image", "package", "ci", "forge"),
}
"""Layers and their roles (METHOD 3.4); the weights are in rules/scoring.yaml."""
KNOWN_ROLES = frozenset(f"{layer}.{role}" for layer, roles in ROLES.items() for role in roles)
MAX_AGE_DAYS = 365
"""Ownership read longer ago than this is stale and nothing is recommended from it (PROVIDER-SOURCES 5)."""
_SHORTEST_TOKEN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong at a place."""

    where: str
    """``file:line:column``."""
    message: str
    help: str | None = None
    serious: bool = True
    """False: worth a look, does not stop the catalogue from loading."""

    def __str__(self) -> str:
        """``file:line:column: fault``, with what to do about it."""
        return f"{self.where}: {self.message}" + (f" ({self.help})" if self.help else "")


def lint(reading: Reading, *, today: str | None = None, networks: Collection[int] | None = None) -> tuple[Fault, ...]:
    """Every fault, in the order of the file.

    With ``today`` (ISO date) also what is stale then; with ``networks`` also AS numbers that are not among them.
    """
    faults = [*_names(reading), *_signatures(reading), *_claims(reading)]
    if today is not None:
        faults += _stale(reading, today)
    if networks is not None:
        faults += _networks(reading, networks)
    return tuple(faults)


def _names(reading: Reading) -> Iterator[Fault]:
    offers = {str(offer.id): str(provider.id) for provider in reading.providers.values() for offer in provider.offers}
    known: set[str] = {*reading.providers, *offers}
    entities: dict[str, str] = {}
    for provider in reading.providers.values():
        where = reading.where[provider.id]
        if provider.id in offers and offers[provider.id] != provider.id:
            yield Fault(where=where, message=f"{provider.id!r} is also an offer of {offers[provider.id]!r}")
        other = entities.setdefault(provider.entity, provider.id)
        if other != provider.id:
            yield Fault(where=where, message=f"{provider.entity!r} is also the entity of {other!r}")
        for names in provider.alternatives.values():
            for name in names:
                if name not in offers:
                    yield _unknown(where, "alternative", name, offers)
        for offer in provider.offers:
            place = reading.where[f"offer:{offer.id}"]
            for party in (*offer.hosts, *offer.technology):
                if party not in known:
                    yield _unknown(place, "provider or offer", party, known)
            for role in (*offer.roles, *(item.role for item in offer.signatures if item.role)):
                if role not in KNOWN_ROLES:
                    yield _unknown(place, "role", role, KNOWN_ROLES)


def _signatures(reading: Reading) -> Iterator[Fault]:
    claimed: dict[tuple[SignalKind, str], tuple[str, Signature]] = {}
    for provider in reading.providers.values():
        for offer in provider.offers:
            for signature in offer.signatures:
                where = reading.where[f"signature:{offer.id}:{signature.kind}:{signature.value}"]
                message = _bad_value(signature)
                if message:
                    yield Fault(where=where, message=message)
                key = (signature.kind, " ".join(signature.value.lower().split()))
                owner, first = claimed.setdefault(key, (offer.id, signature))
                if first is not signature and not (owner != offer.id and first.shared and signature.shared):
                    yield Fault(
                        where=where,
                        message=f"{signature.kind} {signature.value!r} is already claimed by {owner!r}",
                        help="when both rightly claim it, write shared: true on each",
                    )


def _bad_value(signature: Signature) -> str | None:
    kind, value = signature.kind, signature.value
    if not value.strip():
        return f"empty {kind} signature"
    if value != value.strip():
        return f"{kind} {value!r} begins or ends with a space"
    if kind is SignalKind.TLD:
        return None if value == value.lower() and not value.startswith(".") else f"write the TLD {value!r} bare"
    if kind in NAME_KINDS:
        return _bad_name(kind, value)
    bounded = kind in EXACT_KINDS or kind in (SignalKind.ASN, SignalKind.RANGE)
    if not bounded and len(value) < _SHORTEST_TOKEN:
        return f"{kind} token {value!r} is too short to tell anything"
    return None


def _bad_name(kind: SignalKind, value: str) -> str | None:
    name = value.removesuffix(LABEL_MARK)
    labels = name.split(".")
    letters = set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    if not all(label and set(label) <= letters for label in labels):
        return f"{kind} {value!r} is not a name in lower-case A-labels without a final dot"
    if value.endswith(LABEL_MARK):
        return None if len(labels) == 1 else f"{kind} {value!r}: only one label may stand before .*"
    if public_suffix(name, private=False) == name:
        return f"{kind} {value!r} is a public suffix: it would match unrelated organisations"
    return None


def _claims(reading: Reading) -> Iterator[Fault]:
    for provider in reading.providers.values():
        for offer in provider.offers:
            place = reading.where[f"offer:{offer.id}"]
            if offer.recommend and (message := _not_recommendable(provider, offer)):
                yield Fault(where=place, message=message)
            for item in offer.certifications:
                if item.status == "valid" and not item.sources:
                    yield Fault(where=place, message=f"{item.scheme} without a source", serious=False)
        for link in provider.control:
            if link.since and link.until and link.since > link.until:
                yield Fault(where=reading.where[provider.id], message=f"{link.holder!r} ends before it begins")


def _not_recommendable(provider: Provider, offer: Offer) -> str | None:
    if offer.software and offer.open_source:
        return None
    if not provider.seat_sources or any(not link.sources for link in provider.control):
        return f"{offer.id!r} is recommended without a sourced owner"
    if provider.conflict is not None:
        return f"{offer.id!r} is recommended while sources disagree on its owner"
    return None


def _networks(reading: Reading, networks: Collection[int]) -> Iterator[Fault]:
    for provider in reading.providers.values():
        for offer in provider.offers:
            for item in offer.signatures:
                if item.kind is SignalKind.ASN and int(item.value) not in networks:
                    yield Fault(
                        where=reading.where[f"signature:{offer.id}:{item.kind}:{item.value}"],
                        message=f"AS{item.value} of {offer.id!r} originates no address in the network table",
                        help="it never matches; check the number against routing data",
                        serious=False,
                    )


def _stale(reading: Reading, today: str) -> Iterator[Fault]:
    limit = (datetime.date.fromisoformat(today) - datetime.timedelta(days=MAX_AGE_DAYS)).isoformat()
    for provider in reading.providers.values():
        where = reading.where[provider.id]
        if provider.checked < limit:
            yield Fault(where=where, message=f"{provider.id!r} was last read on {provider.checked}", serious=False)
        for offer in provider.offers:
            for item in offer.certifications:
                if item.status == "valid" and item.valid_to is not None and item.valid_to < today:
                    message = f"{item.scheme} of {offer.id!r} ended on {item.valid_to}"
                    yield Fault(where=reading.where[f"offer:{offer.id}"], message=message, serious=False)


def _unknown(where: str, what: str, name: str, known: Collection[str]) -> Fault:
    return Fault(where=where, message=f"unknown {what} {name!r}", help=suggestion(name, known))
