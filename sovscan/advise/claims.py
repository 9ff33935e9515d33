"""Whether evidence and catalogue bear a claim out, speak against it, or cannot see what it is about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sovscan.advise.claims_file import Claim, ClaimKind
from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.control import chain, established, is_eea, is_sourced
from sovscan.catalogue.qualification import why_not
from sovscan.model.audit import Audit
from sovscan.model.dependency import Confidence, Layer
from sovscan.model.evidence import Outcome
from sovscan.model.exposure import Item, Level, Nexus
from sovscan.model.text import Country, Source, Text
from sovscan.rulebook.exposure import expose_offer
from sovscan.rulebook.rulebook import Rulebook
from sovscan.score.policy import Policy

_HOLD = (Level.DIRECT, Level.PARENT, Level.HOSTED_ON)


class Bearing(StrEnum):
    """How evidence bears on a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_VISIBLE = "not_visible"
    """Neither: absence of contradiction is no support."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What was found about one claim."""

    claim: Claim
    bearing: Bearing
    reason: Text
    because: tuple[str, ...] = ()
    """Ids of dependencies or observations, or catalogue ids: what a counter-expert looks at; sorted."""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What claims are checked against."""

    audit: Audit | None
    """None: the catalogue alone."""
    catalogue: Catalogue
    rulebook: Rulebook
    policy: Policy
    as_of: str


def verify(claims: Sequence[Claim], known: Known) -> tuple[Ruling, ...]:
    """One ruling a claim, in their order."""
    return tuple(_RULINGS[claim.kind](claim, known) for claim in claims)


def _eu_controlled(claim: Claim, known: Known) -> Ruling:
    """By the control chain at the date: seat and everybody who controls, all of them with a source."""
    provider = known.catalogue.providers[claim.provider] if claim.provider else None
    if provider is None:
        return _ruling(claim, Bearing.NOT_VISIBLE, "aucun prestataire désigné", "no provider named")
    holders = [link for link in chain(provider, known.catalogue, known.as_of) if link.kind == "control"]
    sure = established(provider, known.catalogue, known.as_of)
    outside = [
        (link.holder, link.country, link.sources if link in sure else ())
        for link in holders
        if not is_eea(link.country)
    ]
    if not is_eea(provider.seat):
        outside.insert(0, (provider.entity, provider.seat, provider.seat_sources))
    shown = [(who, country, sources) for who, country, sources in outside if sources and country != "??"]
    if shown and provider.conflict is None:
        who, country, sources = shown[0]
        return _ruling(
            claim,
            Bearing.CONTRADICTED,
            f"{who} ({country}) contrôle {provider.entity}",
            f"{who} ({country}) controls {provider.entity}" if who != provider.entity else f"{who} is in {country}",
            because=(provider.id,),
            sources=sources,
        )
    if outside or not is_sourced(provider, known.catalogue, known.as_of):
        return _ruling(
            claim,
            Bearing.NOT_VISIBLE,
            "propriété non sourcée, ou sources contradictoires",
            "ownership without a source, or sources that disagree",
            because=(provider.id,),
        )
    return _ruling(
        claim,
        Bearing.SUPPORTED,
        f"siège et contrôle de {provider.entity} dans l’UE/EEE",
        f"{provider.entity} is seated in and controlled from the EU/EEA",
        because=(provider.id,),
        sources=provider.seat_sources,
    )


def _qualified(claim: Claim, known: Known) -> Ruling:
    """By the certifications recorded for the offer itself: a qualification is never the company's."""
    provider, offer = known.catalogue.offers[claim.offer]  # type: ignore[index]  # a claim of this kind names its offer
    held = [record for record in offer.certifications if record.scheme == claim.scheme]
    reasons = {why_not(record, known.as_of): record for record in held}
    if None in reasons:
        record = reasons[None]
        return _ruling(
            claim,
            Bearing.SUPPORTED,
            f"{offer.name} : {claim.scheme} jusqu’au {record.valid_to}",
            f"{offer.name}: {claim.scheme} until {record.valid_to}",
            because=(offer.id,),
            sources=record.sources,
        )
    for reason, (fr, en) in _AGAINST.items():
        if reason in reasons:
            return _ruling(
                claim,
                Bearing.CONTRADICTED,
                f"{offer.name} : {claim.scheme} {fr}",
                f"{offer.name}: {claim.scheme} {en}",
                because=(offer.id,),
                sources=reasons[reason].sources,
            )
    others = sorted(
        other.name
        for other in provider.offers
        if any(each.scheme == claim.scheme and why_not(each, known.as_of) is None for each in other.certifications)
    )
    return _ruling(
        claim,
        Bearing.NOT_VISIBLE,
        "aucune qualification utilisable relevée pour cette offre"
        + (f" ; qualifiée chez ce prestataire : {', '.join(others)}" if others else ""),
        "no usable qualification is on record for this offer"
        + (f"; qualified at this provider: {', '.join(others)}" if others else ""),
        because=(offer.id,),
    )


_AGAINST = {
    "expired": ("arrivée à échéance", "has expired"),
    "withdrawn": ("retirée", "was withdrawn"),
    "in-progress": ("en cours d’instruction, non obtenue", "in progress, not held"),
}


def _open_source(claim: Claim, known: Known) -> Ruling:
    offer = known.catalogue.offers[claim.offer][1]  # type: ignore[index]  # a claim of this kind names its offer
    if offer.open_source is None:
        return _ruling(claim, Bearing.NOT_VISIBLE, "licence non relevée", "licence not on record", because=(offer.id,))
    bearing = Bearing.SUPPORTED if offer.open_source else Bearing.CONTRADICTED
    licence = offer.licence or "?"
    return _ruling(
        claim, bearing, f"licence : {licence}", f"licence: {licence}", because=(offer.id,), sources=offer.sources
    )


def _no_us_subprocessor(claim: Claim, known: Known) -> Ruling:
    """No hold of the United States on what was seen; supported only where nothing can hide in the layers claimed."""
    rows = [*_rows_of_offer(claim, known), *_rows_seen(claim, known)]
    held = [(row, nexus) for row in rows for nexus in row.nexuses if nexus.level in _HOLD and nexus.country == "US"]
    sure = [(row, nexus) for row, nexus in held if nexus.sourced and row.confidence is not Confidence.WEAK]
    if sure:
        names = ", ".join(sorted({_who(nexus, row) for row, nexus in sure}))
        return _ruling(
            claim,
            Bearing.CONTRADICTED,
            f"prise américaine par : {names}",
            f"held from the United States through: {names}",
            because=tuple(row.id for row, _ in sure),
        )
    hidden = sorted({layer.value for layer in claim.layers if _can_hide(layer, rows, known)})
    seen = "1 service" if len(rows) == 1 else f"{len(rows)} services"
    if held or hidden or not rows:
        return _ruling(
            claim,
            Bearing.NOT_VISIBLE,
            f"rien vu sous contrôle américain avéré parmi {seen} ; non visible : {', '.join(hidden) or '–'}",
            f"nothing seen under established US control among {seen}; not visible: {', '.join(hidden) or '–'}",
            because=tuple(row.id for row, _ in held),
        )
    return _ruling(
        claim,
        Bearing.SUPPORTED,
        f"aucune prise américaine vue sur {seen}, couches entièrement lues",
        f"no US hold seen on {seen}, in layers that were read whole",
        because=tuple(row.id for row in rows),
    )


def _can_hide(layer: Layer, rows: Sequence[Item], known: Known) -> bool:
    """Whether a layer was not read, has something unidentified, or is one that no outside scan sees whole."""
    if known.audit is None:
        return True
    failed = any(row.layer is layer and row.failed for row in known.audit.score.layers)
    unknown = any(row.layer is layer and any(n.level is Level.UNKNOWN for n in row.nexuses) for row in rows)
    rule = known.policy.layers.get(layer)
    return failed or unknown or rule is None or rule.residual > 0


def _rows_seen(claim: Claim, known: Known) -> Iterator[Item]:
    return (row for row in (known.audit.items if known.audit else ()) if row.layer in claim.layers)


def _rows_of_offer(claim: Claim, known: Known) -> Iterator[Item]:
    """The rows the offer would have in its own roles, by the catalogue."""
    if claim.offer is None:
        return
    provider, offer = known.catalogue.offers[claim.offer]
    for place in offer.roles:
        layer, _, role = place.partition(".")
        if layer in known.policy.layers and Layer(layer) in claim.layers:
            yield expose_offer(
                provider, offer, Layer(layer), role, known.catalogue, known.rulebook, known.policy, known.as_of
            )


def _who(nexus: Nexus, row: Item) -> str:
    return nexus.who or row.controller


def _hosted_in(claim: Claim, known: Known) -> Ruling:
    """By the registration of the addresses; the country of a network says where it is run from, not where it is."""
    if known.audit is None:
        return _ruling(
            claim,
            Bearing.NOT_VISIBLE,
            "aucune adresse à lire : désigner un domaine",
            "no address to read: give a domain",
        )
    addresses = _addresses(claim, known.audit)
    registered = {
        seen.subject: (Country(seen.detail["country"]), seen.id)
        for seen in known.audit.evidence.observations
        if seen.probe == "rdap-address" and seen.subject in addresses and seen.detail.get("country")
    }
    outside = {address: found for address, found in registered.items() if not _within(found[0], claim.countries)}
    ids = tuple(ident for _, ident in (outside or registered).values())
    if outside:
        shown = ", ".join(f"{address} ({country})" for address, (country, _) in sorted(outside.items()))
        return _ruling(
            claim,
            Bearing.CONTRADICTED,
            f"adresses enregistrées hors des pays annoncés : {shown}",
            f"addresses registered outside the countries claimed: {shown}",
            because=ids,
        )
    hidden = any(
        dependency.layer in claim.layers and {"origin-hidden", "behind-gateway"} & set(dependency.flags)
        for dependency in known.audit.dependencies
    )
    failed = any(row.layer in claim.layers and row.failed for row in known.audit.score.layers)
    if addresses and addresses == registered.keys() and not hidden and not failed:
        return _ruling(
            claim,
            Bearing.SUPPORTED,
            f"{len(addresses)} adresses vues, toutes enregistrées dans les pays annoncés ; le lieu même ne se voit pas",
            f"{len(addresses)} addresses seen, all registered in the countries claimed; the place itself is not seen",
            because=ids,
        )
    return _ruling(
        claim,
        Bearing.NOT_VISIBLE,
        "le lieu ne se voit pas : origine masquée, ou enregistrement non demandé (--probe rdap-address)",
        "the place is not visible: origin hidden, or registration not asked for (--probe rdap-address)",
        because=ids,
    )


def _addresses(claim: Claim, audit: Audit) -> set[str]:
    probes = {"mx-address"} if set(claim.layers) == {Layer.MAIL_IN} else {"address"}
    if Layer.MAIL_IN in claim.layers:
        probes.add("mx-address")
    return {
        value
        for seen in audit.evidence.observations
        if seen.probe in probes and seen.outcome is Outcome.ANSWERED and seen.asked.type in ("A", "AAAA")
        for value in seen.values
    }


def _within(country: Country, claimed: Sequence[Country]) -> bool:
    return country in claimed or ("EU" in claimed and is_eea(country))


def _ruling(  # noqa: PLR0917
    claim: Claim,
    bearing: Bearing,
    fr: str,
    en: str,
    because: Sequence[str] = (),
    sources: tuple[Source, ...] = (),
) -> Ruling:
    return Ruling(
        claim=claim,
        bearing=bearing,
        reason=Text(fr=fr, en=en),
        because=tuple(sorted(set(because))),
        sources=sources,
    )


_RULINGS = {
    ClaimKind.EU_CONTROLLED: _eu_controlled,
    ClaimKind.QUALIFIED_OFFER: _qualified,
    ClaimKind.OPEN_SOURCE: _open_source,
    ClaimKind.NO_US_SUBPROCESSOR: _no_us_subprocessor,
    ClaimKind.HOSTED_IN: _hosted_in,
}
