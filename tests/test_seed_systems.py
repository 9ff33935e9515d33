"""Every system that the five founding articles name has its entry, its signs or the statement that it has none."""

import pytest

from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.control import controller, is_eea
from sovscan.model.provider import OfferId, SignalKind
from tests import results

TODAY = "2026-11-21"

FOUND = {
    "Microsoft": ("microsoft-365", SignalKind.MX, "example-fr.mail.protection.outlook.com"),
    "Microsoft Teams": ("microsoft-teams", SignalKind.WEB_HOST, "teams.microsoft.com"),
    "Google": ("google-workspace", SignalKind.MX, "aspmx.l.google.com"),
    "Google Analytics": ("google-analytics", SignalKind.WEB_HOST, "www.googletagmanager.com"),
    "Cisco": ("cisco-secure-email", SignalKind.MX, "mx1.hc1234.iphmx.com"),
    "Webex": ("webex", SignalKind.WEB_HOST, "example.webex.com"),
    "Zoom": ("zoom", SignalKind.WEB_HOST, "us02web.zoom.us"),
    "8x8": ("jitsi-8x8", SignalKind.WEB_HOST, "meet.jit.si"),
    "Dropbox": ("dropbox", SignalKind.WEB_HOST, "www.dropbox.com"),
    "Twitter": ("x-twitter", SignalKind.WEB_HOST, "platform.twitter.com"),
    "Worteks": ("worteks", SignalKind.WEB_HOST, "www.worteks.com"),
    "W'Sweet": ("wsweet", SignalKind.WEB_HOST, "www.wsweet.com"),
    "LINAGORA": ("linagora", SignalKind.WEB_HOST, "linagora.com"),
    "Twake Workplace": ("twake-workplace", SignalKind.WEB_HOST, "example.twake.app"),
    "LinTo": ("linto", SignalKind.WEB_HOST, "linto.ai"),
    "Wimi": ("wimi", SignalKind.WEB_HOST, "example.wimi.pro"),
    "Plano": ("plano", SignalKind.WEB_HOST, "plano.numerique.gouv.fr"),
    "Altrnativ": ("altrnativ", SignalKind.WEB_HOST, "altrnativ.com"),
    "Qwant": ("qwant", SignalKind.WEB_HOST, "www.qwant.com"),
    "OVHcloud": ("ovhcloud", SignalKind.NS, "dns10.ovh.net"),
    "OVHcloud mail": ("ovh-mail", SignalKind.MX, "mx1.mail.ovh.net"),
    "Scaleway": ("scaleway", SignalKind.NS, "ns0.dom.scw.cloud"),
    "Clever Cloud": ("clever-cloud", SignalKind.CNAME, "domain.par.clever-cloud.com"),
    "IN Groupe": ("in-groupe", SignalKind.WEB_HOST, "ingroupe.com"),
    "Tofane Global": ("tofane-global", SignalKind.WEB_HOST, "tofaneglobal.com"),
    "Whaller": ("whaller", SignalKind.WEB_HOST, "my.whaller.com"),
    "Livestorm": ("livestorm", SignalKind.WEB_HOST, "app.livestorm.co"),
    "Jamespot": ("jamespot", SignalKind.WEB_HOST, "example.jamespot.pro"),
    "Private Discuss": ("private-discuss", SignalKind.WEB_HOST, "private-discuss.com"),
    "Visio": ("lasuite-visio", SignalKind.WEB_HOST, "visio.numerique.gouv.fr"),
}

WITHOUT_SIGNS = {
    "Team Mail": "team-mail",
    "LinShare": "linshare",
    "Wimi Armoured": "wimi-armoured",
    "Amplement": "amplement",
    "LSC": "lsc",
    "FusionIAM": "fusioniam",
    "OpenLDAP": "openldap",
    "Nextcloud": "nextcloud",
    "Kubernetes": "kubernetes",
    "Apache James": "apache-james",
    "Jitsi, self-hosted": "jitsi-selfhosted",
    "Whaller DONJON": "whaller-donjon",
    "Health Data Hub": "health-data-hub",
}
"""No record on the network tells them apart, or they are software under anybody's name."""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return results.CATALOGUE()


@pytest.mark.parametrize("system", FOUND)
def test_a_system_of_the_articles_is_recognised(catalogue: Catalogue, system: str) -> None:
    offer, kind, name = FOUND[system]
    assert offer in {match.offer.id for match in catalogue.match_name(kind, name)}


@pytest.mark.parametrize("system", WITHOUT_SIGNS)
def test_a_system_without_signs_has_an_entry_that_says_so(catalogue: Catalogue, system: str) -> None:
    _, offer = catalogue.offers[OfferId(WITHOUT_SIGNS[system])]
    names = {SignalKind.MX, SignalKind.CNAME, SignalKind.WEB_HOST, SignalKind.TXT, SignalKind.SPF}
    assert not [item for item in offer.signatures if item.kind in names and item.strength != "weak"]
    assert offer.description is not None or offer.caution is not None or offer.certifications or offer.software


def test_the_sign_in_of_worteks_shows_as_software_in_its_headers(catalogue: Catalogue) -> None:
    match = catalogue.match_token(SignalKind.HEADER, "Lm-Remote-User")[0]
    assert (match.offer.id, match.offer.software) == ("lemonldap-ng", True)


@pytest.mark.parametrize("offer", ["microsoft-365", "google-workspace", "webex", "zoom", "jitsi-8x8", "dropbox"])
def test_the_systems_to_detect_are_under_american_control(catalogue: Catalogue, offer: str) -> None:
    owner, _ = catalogue.offers[OfferId(offer)]
    assert controller(owner, catalogue, TODAY)[1] == "US"


@pytest.mark.parametrize(
    "offer",
    [
        "wsweet",
        "twake-workplace",
        "linshare",
        "linto",
        "team-mail",
        "wimi",
        "whaller",
        "jamespot",
        "livestorm",
        "ovhcloud",
        "scaleway",
        "clever-cloud",
        "in-groupe",
        "private-discuss",
        "lemonldap-ng",
        "nextcloud",
    ],
)
def test_the_alternatives_of_the_articles_are_european(catalogue: Catalogue, offer: str) -> None:
    owner, _ = catalogue.offers[OfferId(offer)]
    assert is_eea(controller(owner, catalogue, TODAY)[1])


def test_state_names_below_one_suffix_are_told_apart(catalogue: Catalogue) -> None:
    found = {
        name: catalogue.match_name(SignalKind.WEB_HOST, f"{name}.numerique.gouv.fr")[0].offer.id
        for name in ("visio", "docs", "tchap", "resana", "plano")
    }
    assert found == {
        "visio": "lasuite-visio",
        "docs": "lasuite-docs",
        "tchap": "tchap",
        "resana": "resana",
        "plano": "plano",
    }


def test_the_health_data_case_is_dated(catalogue: Catalogue) -> None:
    _, offer = catalogue.offers[OfferId("health-data-hub")]
    assert offer.caution is not None
    assert "2026" in offer.caution.en
