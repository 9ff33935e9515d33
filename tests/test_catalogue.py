"""How names, tokens, addresses and issuers find their offer."""

import pytest

from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.load import jurisdictions
from sovscan.model.provider import SignalKind
from sovscan.probes.dkim import MAX_SELECTORS
from sovscan.probes.host_names import MAX_LABELS
from tests import results
from tests.catalogue_texts import catalogue_of, offer, provider


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return results.CATALOGUE()


def test_a_suffix_matches_whole_labels_only(catalogue: Catalogue) -> None:
    mx = SignalKind.MX
    assert catalogue.match_name(mx, "example-org.mail.protection.outlook.com")[0].offer.id == "microsoft-365"
    assert catalogue.match_name(mx, "mx.notmail.protection.outlook.com.example.net") == ()
    assert catalogue.match_name(mx, "x.notpphosted.com") == ()
    assert catalogue.match_name(SignalKind.WEB_HOST, "mydropbox.com") == ()
    assert catalogue.match_name(SignalKind.CNAME, "a.notbox.com") == ()


def test_a_dot_escaped_inside_a_label_is_no_boundary(catalogue: Catalogue) -> None:
    assert catalogue.match_name(SignalKind.MX, "evil\\.pphosted.com") == ()
    assert catalogue.match_name(SignalKind.MX, "a\\.b.pphosted.com")[0].offer.id == "proofpoint"


def test_letter_case_and_a_final_dot_do_not_matter(catalogue: Catalogue) -> None:
    assert catalogue.match_name(SignalKind.MX, "MX1.PPHOSTED.COM.")[0].offer.id == "proofpoint"


def test_the_longest_suffix_wins() -> None:
    found = catalogue_of(
        "providers:\n"
        + provider("wide", offer("wide", "mx: [mail.example.net]"))
        + provider("narrow", offer("narrow", "mx: [in.mail.example.net]"))
    )
    assert [match.offer.id for match in found.match_name(SignalKind.MX, "a.in.mail.example.net")] == ["narrow"]
    assert [match.offer.id for match in found.match_name(SignalKind.MX, "b.mail.example.net")] == ["wide"]


def test_a_shared_signature_gives_every_candidate(catalogue: Catalogue) -> None:
    offers = {match.offer.id for match in catalogue.match_name(SignalKind.CNAME, "ghs.googlehosted.com")}
    assert {"google-workspace", "google-cloud"} <= offers


def test_a_first_label_speaks_for_software_under_any_domain(catalogue: Catalogue) -> None:
    match = catalogue.match_name(SignalKind.MX, "zimbra.example.fr")[0]
    assert match.offer.id == "zimbra-selfhosted"
    assert match.offer.software
    assert catalogue.match_name(SignalKind.MX, "silvesva.it") == ()
    assert catalogue.match_name(SignalKind.MX, "esva.reseller.it")[0].offer.id == "libraesva"
    assert catalogue.match_name(SignalKind.MX, "esvamail.example.fr") == ()


def test_a_series_stands_for_one_name_a_number(catalogue: Catalogue) -> None:
    assert catalogue.match_name(SignalKind.NS, "ns-1.awsdns-07.co.uk")[0].provider.id == "amazon"
    assert catalogue.match_name(SignalKind.NS, "ns-1.awsdns-64.com") == ()
    assert catalogue.match_name(SignalKind.NS, "awsdns-07.evil.example") == ()


def test_a_token_is_anchored_and_ignores_case(catalogue: Catalogue) -> None:
    assert catalogue.match_token(SignalKind.TXT, "ms=ms12345678")[0].offer.id == "microsoft-365"
    assert catalogue.match_token(SignalKind.TXT, "note: MS=ms1") == ()
    assert catalogue.match_token(SignalKind.TXT, "google-site-verification=x")[0].signature.strength == "weak"
    assert catalogue.match_token(SignalKind.HEADER, "CF-Ray")[0].provider.id == "cloudflare"


def test_an_issuer_is_matched_as_a_whole(catalogue: Catalogue) -> None:
    found = catalogue.match_exact(SignalKind.CERT_ISSUER, "let's  encrypt")
    assert [match.provider.id for match in found] == ["letsencrypt"]
    assert found[0].role("ca") == "issuer"
    assert catalogue.match_exact(SignalKind.CERT_ISSUER, "Let's Encrypt Fake") == ()
    assert catalogue.match_exact(SignalKind.CERT_ISSUER, "R11") == ()


def test_an_address_block_is_matched_by_the_narrowest(catalogue: Catalogue) -> None:
    assert catalogue.match_range("40.92.1.1")[0].provider.id == "microsoft"
    assert catalogue.match_range("104.47.255.1") == ()
    assert catalogue.match_range("2a01:111:f400::1")[0].provider.id == "microsoft"
    nested = catalogue_of(
        "providers:\n"
        + provider("wide", offer("wide", "range: [10.0.0.0/8]"))
        + provider("narrow", offer("narrow", "range: [10.1.0.0/16]"))
    )
    assert [nested.match_range(text)[0].offer.id for text in ("10.0.0.1", "10.1.2.3", "10.2.0.0")] == [
        "wide",
        "narrow",
        "wide",
    ]
    assert nested.match_range("9.255.255.255") == nested.match_range("11.0.0.0") == ()


def test_an_asn_names_the_network(catalogue: Catalogue) -> None:
    assert {match.provider.id for match in catalogue.match_asn(16276)} == {"ovhcloud"}
    assert catalogue.match_asn(64500) == ()


def test_the_role_is_the_signatures_own_or_the_offers_first_in_the_layer(catalogue: Catalogue) -> None:
    match = catalogue.match_name(SignalKind.MX, "a.mxrecord.io")[0]
    assert (match.role("mail_in"), match.role("dns")) == ("gateway", None)
    plain = catalogue.match_name(SignalKind.NS, "a.ns.cloudflare.com")[0]
    assert (plain.role("dns"), plain.role("cdn"), plain.role("identity")) == ("sole", "proxy", None)


def test_a_tld_leads_to_its_registry(catalogue: Catalogue) -> None:
    registries = {tld: catalogue.match_name(SignalKind.TLD, f"example.{tld}")[0].provider.id for tld in ("fr", "eu")}
    assert registries == {"fr": "afnic", "eu": "eurid"}


def test_every_eea_country_and_the_common_generic_domains_have_a_registry(catalogue: Catalogue) -> None:
    names = {code.lower() for code in jurisdictions().eea} - {"gb"} | {"com", "net", "org", "info", "paris"}
    assert [name for name in sorted(names) if not catalogue.match_exact(SignalKind.TLD, name)] == []


def test_at_least_forty_selectors_and_the_usual_host_labels_are_asked(catalogue: Catalogue) -> None:
    assert len(catalogue.dkim_selectors()) >= 40
    assert {"selector1", "google", "default", "mbo0001"} <= set(catalogue.dkim_selectors())
    wanted = "sso adfs vpn webmail owa meet visio help support status jira git shop newsletter click track cdn assets"
    assert set(wanted.split()) <= set(catalogue.host_labels())


def test_every_name_of_the_catalogue_is_asked_within_the_limits_of_the_probes(catalogue: Catalogue) -> None:
    assert len(catalogue.dkim_selectors()) <= MAX_SELECTORS
    assert len(catalogue.host_labels()) <= MAX_LABELS
