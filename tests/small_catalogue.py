"""Small catalogues and dependencies, built in a line, for tests of judgement."""

from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.dependency import Attribution, Confidence, Dependency, DependencyId, Layer, Party, Signal
from sovscan.model.evidence import ObservationId
from sovscan.model.provider import (
    Certification,
    ControlLink,
    Offer,
    OfferId,
    Presence,
    Provider,
    ProviderId,
    SignalKind,
    Strength,
)
from sovscan.model.text import Country, Source, Text

DAY = "2026-11-21"
SOURCES = (Source(title="Register", url="https://register.example/", checked=DAY),)


def provider(ident, seat="FR", *, control=(), presence=(), offers=(), sourced=True, conflict=None, entity=None):
    return Provider(
        id=ProviderId(ident),
        name=ident.upper(),
        entity=entity or f"{ident} SAS",
        seat=Country(seat),
        seat_sources=SOURCES if sourced else (),
        control=tuple(control),
        presence=tuple(
            Presence(country=Country(code), what=Text(fr=f"filiale {code}", en=f"subsidiary {code}"), sources=SOURCES)
            for code in presence
        ),
        conflict=Text(fr="deux sources", en="two sources") if conflict else None,
        offers=tuple(offers),
        checked=DAY,
    )


def link(holder, country, *, kind="control", share=None, since=None, until=None, sourced=True):
    return ControlLink(
        holder=holder,
        country=Country(country),
        kind=kind,
        share=share,
        since=since,
        until=until,
        sources=SOURCES if sourced else (),
    )


def offer(ident, *, roles=("hosting.origin",), hosts=(), host_known=True, technology=(), certifications=()):
    return Offer(
        id=OfferId(ident),
        name=ident,
        roles=roles,
        hosts=tuple(hosts),
        host_known=host_known,
        technology=tuple(technology),
        certifications=tuple(certifications),
    )


def secnumcloud(valid_to="2028-12-17", *, status="valid", checked=DAY, scheme="SecNumCloud"):
    return Certification(
        scheme=scheme, status=status, valid_from="2023-01-01", valid_to=valid_to, checked=checked, sources=SOURCES
    )


def catalogue(*providers):
    return Catalogue(date=DAY, digest="0" * 64, providers={each.id: each for each in providers})


def party(ident, label="AS64500 EXAMPLE", country="FR"):
    return Party(provider=ProviderId(ident) if ident else None, label=label, country=Country(country))


def depends(
    who=None,
    *,
    on=None,
    layer="hosting",
    role="origin",
    self_run=False,
    host=None,
    technology=None,
    flags=(),
    confidence="confirmed",
    subject="www.mairie.example",
    domain="mairie.example",
    main=True,
    observation="o-0000000000000001",
    against=(),
):
    signal = Signal(
        kind=SignalKind.CNAME, value=subject, strength=Strength.STRONG, observations=(ObservationId(observation),)
    )
    return Dependency(
        id=DependencyId(f"{layer}/{role}/{subject}/{who or ('self' if self_run else 'unlisted')}"),
        layer=Layer(layer),
        role=role,
        domain=domain,
        subject=subject,
        attribution=Attribution(
            provider=ProviderId(who) if who else None,
            offer=OfferId(on) if on else None,
            operator_self=self_run,
            confidence=Confidence(confidence),
            signals=(signal,),
            against=tuple(against),
        ),
        host=host,
        technology=technology,
        flags=tuple(sorted(flags)),
        main=main,
    )
