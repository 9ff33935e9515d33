"""A small invented market: providers, offers and the dependencies of a town hall, to advise on."""

from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.dependency import Attribution, Confidence, Dependency, DependencyId, Layer, Party, Signal
from sovscan.model.provider import (
    Certification,
    ControlLink,
    Offer,
    OfferId,
    Provider,
    ProviderId,
    SignalKind,
    Strength,
)
from sovscan.model.text import Country, Source

AS_OF = "2026-11-21"
SOURCE = (Source(title="invented", url="https://source.example/", checked=AS_OF),)


def provider(ident, seat, *offers, parent=None, sourced=True, **more):
    holders = (ControlLink(holder=f"{ident} parent", country=Country(parent), sources=SOURCE),) if parent else ()
    return Provider(
        id=ProviderId(ident), name=ident.title(), entity=f"{ident} entity", seat=Country(seat), control=holders,
        seat_sources=SOURCE if sourced else (), offers=offers, checked=AS_OF, **more,
    )  # fmt: skip


def offer(ident, *roles, recommend=True, **more):
    return Offer(id=OfferId(ident), name=ident.title(), roles=roles, recommend=recommend, host_known=True, **more)


def qualified(until):
    return (
        Certification(scheme="SecNumCloud", valid_from="2025-01-01", valid_to=until, checked=AS_OF, sources=SOURCE),
    )


MAIL = "mail_in.mailbox"
SUITE = offer("suite", MAIL, "identity.tenant", "mail_out.relay", recommend=False, categories=("mail", "office"))
TRACKER = offer(
    "tracker", "web3p.analytics", "web3p.tag_manager", "web3p.fonts", recommend=False, categories=("analytics", "fonts")
)
CLOUD = offer("cloud", "hosting.origin", recommend=False, categories=("hosting",))
DESK = offer("desk", "saas.business", recommend=False, categories=("helpdesk",))

PROVIDERS = (
    provider("giant", "IE", SUITE, TRACKER, parent="US", alternatives={"identity": (OfferId("loire-login"),)}),
    provider("filter", "US", offer("filter-gate", "mail_in.gateway", recommend=False, categories=("mail-gateway",))),
    provider("tamis", "FR", offer("tamis-gate", "mail_in.gateway", categories=("mail-gateway",))),
    provider("nimbus", "US", CLOUD),
    provider("ticket", "US", DESK),
    provider("alpe", "CH", offer("alpe-mail", MAIL, categories=("mail",))),
    provider("nord", "DE", offer("nord-mail", MAIL, categories=("mail",)),
             offer("nord-host", "hosting.origin", MAIL, categories=("hosting",)),
             offer("nord-pay", "hosting.origin", categories=("payments",))),
    provider("loire", "FR", offer("loire-mail", MAIL, categories=("mail",), effort="M"),
             offer("loire-safe", MAIL, categories=("mail",), certifications=qualified("2028-03-24"), effort="L"),
             offer("loire-old", MAIL, categories=("mail",), certifications=qualified("2026-06-30")),
             offer("loire-quiet", MAIL, recommend=False, categories=("mail",)),
             offer("loire-login", "identity.sso", categories=("identity",), hosts=("nimbus",))),
    provider("rumour", "FR", offer("rumour-mail", MAIL, categories=("mail",)), sourced=False),
    provider("branch", "FR", offer("branch-mail", MAIL, categories=("mail",)), parent="US"),
    provider("mesure", "FR", offer("mesure-stats", "web3p.analytics", "web3p.tag_manager", categories=("analytics",)),
             offer("mesure-only", "web3p.analytics", categories=("analytics",))),
    provider("kiwi", "NZ", offer("kiwi-stats", "web3p.analytics", "web3p.tag_manager", software=True,
                                 open_source=True, licence="GPL-3.0", categories=("analytics",))),
    provider("videoco", "FR", offer("video-call", "saas.business", categories=("video",))),
    provider("monde", "US", offer("monde-edge", "cdn.proxy", "dns.sole", "registry.registrar", recommend=False,
                                  categories=("cdn", "dns", "registrar"))),
    provider("bord", "FR", offer("bord-edge", "cdn.proxy", categories=("cdn",)),
             offer("bord-dns", "dns.sole", categories=("dns",)),
             offer("bord-name", "registry.registrar", categories=("registrar",))),
    provider("aide", "FR", offer("aide-desk", "saas.business", categories=("helpdesk",))),
)  # fmt: skip


def catalogue():
    return Catalogue(date=AS_OF, digest="0" * 64, providers={found.id: found for found in PROVIDERS})


def dependency(layer, role, ident, offer_id=None, *, host=None, main=True):
    signal = Signal(kind=SignalKind.MX, value="mx", strength=Strength.STRONG, observations=())
    layer = Layer(layer)
    return Dependency(
        id=DependencyId(f"{layer}/{role}/mairie.test/{ident or 'self'}"),
        layer=layer,
        role=role,
        domain="mairie.test",
        subject="mairie.test",
        attribution=Attribution(
            provider=ProviderId(ident) if ident else None,
            offer=OfferId(offer_id) if offer_id else None,
            operator_self=ident is None,
            confidence=Confidence.CONFIRMED,
            signals=(signal,),
        ),
        host=Party(provider=ProviderId(host), label=host) if host else None,
        main=main,
    )


def town_hall():
    """On a US-controlled suite, a US cloud, US trackers and a US help desk."""
    return (
        dependency("mail_in", "mailbox", "giant", "suite"),
        dependency("identity", "tenant", "giant", "suite"),
        dependency("hosting", "origin", "nimbus", "cloud"),
        dependency("web3p", "analytics", "giant", "tracker"),
        dependency("web3p", "tag_manager", "giant", "tracker"),
        dependency("web3p", "fonts", "giant", "tracker"),
        dependency("saas", "business", "ticket", "desk"),
    )
