"""Errors that public lists make, and ownership that is not what the brand suggests: each one a test.

The numbers are those of the ownership traps the catalogue was built against.
"""

import pytest

from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.control import chain, controller, in_force, is_eea, is_sourced
from sovscan.catalogue.qualification import qualifications, valid_schemes
from sovscan.model.provider import OfferId, ProviderId, SignalKind
from tests import results

TODAY = "2026-11-21"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return results.CATALOGUE()


def under(catalogue: Catalogue, provider: str, as_of: str = TODAY) -> tuple[str, str]:
    return controller(catalogue.providers[ProviderId(provider)], catalogue, as_of)


def presence(catalogue: Catalogue, provider: str) -> set[str]:
    return {item.country for item in catalogue.providers[ProviderId(provider)].presence if in_force(item, TODAY)}


# --- errors found in public lists


@pytest.mark.parametrize(
    ("number", "provider"),
    [
        (29222, "infomaniak"),
        (21409, "ikoula"),
        (16347, "adista"),
        (8677, "worldline"),
        (8075, "microsoft"),
        (214101, "aws-esc"),
        (54113, "fastly"),
        (16276, "ovhcloud"),
        (24940, "hetzner"),
    ],
)
def test_a_network_belongs_to_whom_routing_data_says(catalogue: Catalogue, number: int, provider: str) -> None:
    assert {match.provider.id for match in catalogue.match_asn(number)} == {provider}


@pytest.mark.parametrize("number", [51786, 35189, 197133, 13193, 36408])
def test_networks_that_public_lists_misname_are_nobodys_here(catalogue: Catalogue, number: int) -> None:
    assert catalogue.match_asn(number) == ()


@pytest.mark.parametrize(
    ("host", "provider", "country"),
    [
        ("mx1.vadesecure.com", "vade", "US"),
        ("mx01.hornetsecurity.com", "hornetsecurity", "US"),
        ("cluster1.mailcontrol.com", "forcepoint", "US"),
        ("mx.antispamcloud.com", "n-able", "US"),
        ("mx1-eu1.ppe-hosted.com", "proofpoint", "US"),
        ("eu-smtp-inbound-1.mimecast.com", "mimecast", "GB"),
        ("d1.ess.barracudanetworks.com", "barracuda", "US"),
        ("cluster5.eu.messagelabs.com", "broadcom", "US"),
        ("example-fr.in.tmes.trendmicro.eu", "trendmicro", "JP"),
    ],
)
def test_a_gateway_leads_to_its_present_owner(catalogue: Catalogue, host: str, provider: str, country: str) -> None:
    match = catalogue.match_name(SignalKind.MX, host)[0]
    assert (match.provider.id, match.role("mail_in")) == (provider, "gateway")
    assert under(catalogue, provider)[1] == country


def test_the_owner_of_proofpoint_is_thoma_bravo(catalogue: Catalogue) -> None:
    assert under(catalogue, "proofpoint") == ("Thoma Bravo", "US")


def test_switzerland_and_the_united_kingdom_are_third_countries() -> None:
    assert not is_eea("CH")
    assert not is_eea("GB")


# --- ownership traps


def test_1_vade_changes_hands_twice(catalogue: Catalogue) -> None:
    readings = {day: under(catalogue, "vade", day)[1] for day in ("2024-02-28", "2025-03-15", "2026-01-15")}
    assert readings == {"2024-02-28": "FR", "2025-03-15": "DE", "2026-01-15": "US"}
    assert under(catalogue, "vade")[0] == "Thoma Bravo"


def test_2_hornetsecurity_is_german_until_december_2025(catalogue: Catalogue) -> None:
    days = ("2025-03-15", "2025-11-30", "2025-12-01", "2026-01-15")
    assert [under(catalogue, "hornetsecurity", day)[1] for day in days] == ["DE", "DE", "US", "US"]


def test_3_the_public_jitsi_is_american_and_its_code_is_technology_only(catalogue: Catalogue) -> None:
    assert catalogue.match_name(SignalKind.WEB_HOST, "meet.jit.si")[0].offer.id == "jitsi-8x8"
    assert under(catalogue, "8x8")[1] == "US"
    _, own = catalogue.offers[OfferId("jitsi-selfhosted")]
    assert (own.software, own.open_source, own.technology) == (True, True, ("8x8",))


@pytest.mark.parametrize(
    ("number", "provider", "as_of", "country"),
    [
        (4, "piano-analytics", "2021-03-01", "FR"),
        (4, "piano-analytics", "2021-03-02", "US"),
        (5, "innocraft", TODAY, "NZ"),
        (6, "synacor", TODAY, "US"),
        (7, "gandi", "2022-12-31", "FR"),
        (7, "gandi", TODAY, "NL"),
        (8, "rainbow-ale", TODAY, "CN"),
        (9, "threema", "2025-12-01", "DE"),
        (9, "threema", TODAY, "DE"),
        (10, "kiteworks", TODAY, "US"),
        (11, "exoscale", TODAY, "MX"),
        (17, "aws-esc", TODAY, "US"),
        (20, "cegid", TODAY, "US"),
        (21, "atlassian", TODAY, "US"),
        (22, "wetransfer", "2024-06-30", "NL"),
        (22, "wetransfer", TODAY, "IT"),
        (33, "sophos", TODAY, "US"),
        (33, "host-europe", TODAY, "US"),
        (33, "heimdal", TODAY, "US"),
        (33, "silae", TODAY, "US"),
        (34, "mailjet", TODAY, "SE"),
        (35, "globalsign", TODAY, "JP"),
        (36, "planethoster", TODAY, "CA"),
    ],
)
def test_the_ultimate_controller_at_a_date(
    catalogue: Catalogue, number: int, provider: str, as_of: str, country: str
) -> None:
    assert under(catalogue, provider, as_of)[1] == country, number


def test_10_zivver_is_controlled_by_kiteworks(catalogue: Catalogue) -> None:
    assert under(catalogue, "zivver")[1] == "US"
    assert is_sourced(catalogue.providers[ProviderId("zivver")], catalogue, TODAY)


def test_11_the_chain_of_exoscale_goes_through_austria(catalogue: Catalogue) -> None:
    links = chain(catalogue.providers[ProviderId("exoscale")], catalogue, TODAY)
    assert [link.country for link in links] == ["AT", "MX"]


def test_12_criteo_has_an_american_presence_and_a_dated_caution(catalogue: Catalogue) -> None:
    assert presence(catalogue, "criteo") == {"US"}
    assert not any(offer.recommend for offer in catalogue.providers[ProviderId("criteo")].offers)


def test_13_ovh_is_present_in_the_united_states_and_in_canada(catalogue: Catalogue) -> None:
    assert presence(catalogue, "ovhcloud") == {"US", "CA"}
    assert under(catalogue, "ovhcloud") == ("OVH Groupe SA", "FR")


def test_14_scaleway_is_in_progress_and_not_qualified(catalogue: Catalogue) -> None:
    _, offer = catalogue.offers[OfferId("scaleway")]
    assert [view.why_not for view in qualifications(offer, TODAY)] == ["in-progress"]
    assert presence(catalogue, "scaleway") == {"US"}


def test_15_s3ns_is_french_qualified_and_on_google_technology(catalogue: Catalogue) -> None:
    _, offer = catalogue.offers[OfferId("s3ns")]
    assert under(catalogue, "s3ns") == ("Thales SA", "FR")
    assert offer.technology == ("google",)
    assert [valid_schemes(offer, day) for day in ("2025-12-16", TODAY)] == [(), ("SecNumCloud",)]


def test_16_bleu_is_french_on_microsoft_technology_and_unqualified(catalogue: Catalogue) -> None:
    _, offer = catalogue.offers[OfferId("bleu")]
    assert under(catalogue, "bleu") == ("Capgemini SE + Orange SA", "FR")
    assert offer.technology == ("microsoft",)
    assert valid_schemes(offer, TODAY) == ()
    assert not [item for item in offer.signatures if "outlook" in item.value]


def test_18_olvid_is_french_and_hosted_on_a_us_cloud(catalogue: Catalogue) -> None:
    _, offer = catalogue.offers[OfferId("olvid")]
    assert under(catalogue, "olvid")[1] == "FR"
    assert (offer.hosts, offer.host_known, offer.recommend) == (("aws",), True, False)


def test_19_private_discuss_runs_on_a_qualified_host_and_is_not_qualified(catalogue: Catalogue) -> None:
    _, offer = catalogue.offers[OfferId("private-discuss")]
    assert offer.hosts == ("outscale",)
    assert offer.certifications == ()


def test_22_vimeo_and_brightcove_are_us_entities_of_an_italian_owner(catalogue: Catalogue) -> None:
    for name in ("vimeo", "brightcove"):
        assert catalogue.providers[ProviderId(name)].seat == "US"
        assert under(catalogue, name)[1] == "IT"
    assert catalogue.offers[OfferId("wetransfer")][1].hosts == ("aws",)


def test_23_qwant_depends_on_foreign_results(catalogue: Catalogue) -> None:
    assert catalogue.offers[OfferId("qwant")][1].technology == ("microsoft",)


@pytest.mark.parametrize(
    ("number", "provider"), [(24, "tofane-global"), (25, "linagora"), (26, "odoo"), (37, "upcloud")]
)
def test_a_european_owner_with_an_american_presence(catalogue: Catalogue, number: int, provider: str) -> None:
    assert presence(catalogue, provider) == {"US"}, number
    assert is_eea(under(catalogue, provider)[1])


def test_26_a_small_american_share_does_not_control_odoo(catalogue: Catalogue) -> None:
    (link,) = catalogue.providers[ProviderId("odoo")].control
    assert (link.kind, link.share) == ("share", 4)


@pytest.mark.parametrize(
    "offer",
    [
        "doctrine",
        "klaxoon",
        "ab-tasty",
        "o2switch",
        "axonaut",
        "sellsy",
        "detectify",
        "yousign",
        "brevo",
        "lucca",
        "seald",
        "odigo",
        "universign",
        "amplement",
        "glowbl",
        "livestorm",
    ],
)
def test_what_no_page_confirms_is_never_recommended(catalogue: Catalogue, offer: str) -> None:
    owner, found = catalogue.offers[OfferId(offer)]
    assert is_sourced(owner, catalogue, TODAY) or not found.recommend


@pytest.mark.parametrize(
    "offer",
    [
        "altrnativ",
        "altospam",
        "bleu",
        "cegid",
        "contabo",
        "didomi",
        "namecheap",
        "netframe",
        "olvid",
        "onlyoffice",
        "silae",
    ],
)
def test_what_its_owner_host_or_state_excludes_is_never_recommended(catalogue: Catalogue, offer: str) -> None:
    assert not catalogue.offers[OfferId(offer)][1].recommend


def test_the_owner_of_stormshield_is_named_by_a_page(catalogue: Catalogue) -> None:
    provider, offer = catalogue.offers[OfferId("stormshield")]
    assert offer.recommend
    assert is_sourced(provider, catalogue, TODAY)
    assert controller(provider, catalogue, TODAY)[0].startswith("Airbus")


def test_the_hosted_penpot_is_not_european_its_software_stays_free(catalogue: Catalogue) -> None:
    provider, hosted = catalogue.offers[OfferId("penpot")]
    assert provider.seat == "US"
    assert not hosted.recommend
    assert catalogue.offers[OfferId("penpot-selfhosted")][1].recommend


@pytest.mark.parametrize("offer", ["laposte-net", "posteo", "renater", "telia-mail"])
def test_a_mailbox_that_an_organisation_cannot_buy_is_not_proposed(catalogue: Catalogue, offer: str) -> None:
    assert not catalogue.offers[OfferId(offer)][1].recommend


def test_28_altrnativ_carries_its_caution(catalogue: Catalogue) -> None:
    assert catalogue.offers[OfferId("altrnativ")][1].caution is not None


def test_29_livestorms_host_is_not_known(catalogue: Catalogue) -> None:
    _, offer = catalogue.offers[OfferId("livestorm")]
    assert not offer.host_known
    assert under(catalogue, "livestorm")[1] == "FR"


def test_30_tixeo_holds_a_product_certificate_only(catalogue: Catalogue) -> None:
    assert {item.scheme for item in catalogue.offers[OfferId("tixeo")][1].certifications} == {"CSPN"}


def test_31_the_health_data_hub_is_a_case_and_not_a_service_to_buy(catalogue: Catalogue) -> None:
    _, offer = catalogue.offers[OfferId("health-data-hub")]
    assert (offer.roles, offer.hosts, offer.recommend) == ((), ("azure",), False)


def test_32_imperva_is_a_us_entity_of_a_french_group(catalogue: Catalogue) -> None:
    assert catalogue.providers[ProviderId("imperva")].seat == "US"
    assert under(catalogue, "imperva")[1] == "FR"


def test_altospam_has_two_versions_and_no_verdict(catalogue: Catalogue) -> None:
    found = catalogue.providers[ProviderId("altospam")]
    assert found.conflict is not None
    assert not is_sourced(found, catalogue, TODAY)


def test_the_same_mark_of_two_products_names_both(catalogue: Catalogue) -> None:
    shared = [
        (SignalKind.CNAME, "a.webdir.online.lync.com"),
        (SignalKind.SPF, "_spf.salesforce.com"),
        (SignalKind.CNAME, "ghs.googlehosted.com"),
    ]
    for kind, name in shared:
        assert len({match.offer.id for match in catalogue.match_name(kind, name)}) > 1, name


def test_a_search_console_token_is_a_weak_trace(catalogue: Catalogue) -> None:
    match = catalogue.match_token(SignalKind.TXT, "google-site-verification=abc")[0]
    assert match.signature.strength == "weak"


@pytest.mark.parametrize(
    "name", ["mydropbox.com", "mailbox.example", "ovhcloud.example", "notpingone.com", "xsalesforce.com", "player.fr"]
)
def test_nothing_matches_inside_a_label(catalogue: Catalogue, name: str) -> None:
    for kind in (SignalKind.MX, SignalKind.CNAME, SignalKind.WEB_HOST, SignalKind.SPF, SignalKind.NS):
        assert catalogue.match_name(kind, name) == ()


# --- qualified offers


@pytest.mark.parametrize(
    ("offer", "last_day"),
    [
        ("outscale-cloud-on-demand", "2026-11-30"),
        ("ovh-hosted-private-cloud-snc", "2026-12-29"),
        ("ovh-bare-metal-pod-snc", "2028-03-24"),
        ("ovh-snc-cloud-platform", "2029-07-31"),
        ("cloud-temple-secure-iaas", "2028-05-30"),
        ("cloud-temple-openshift", "2028-05-30"),
        ("numspot", "2029-07-31"),
        ("s3ns", "2028-12-17"),
        ("orange-cloud-avenue-secnum", "2028-07-11"),
        ("cegedim-cegnumcloud", "2027-12-04"),
        ("worldline-secured-iaas", "2028-03-31"),
        ("oodrive-meet-work-share", "2028-01-25"),
    ],
)
def test_a_qualified_offer_counts_until_its_last_day(catalogue: Catalogue, offer: str, last_day: str) -> None:
    (item,) = catalogue.offers[OfferId(offer)][1].certifications
    assert (item.valid_to, item.checked) == (last_day, "2026-09-15")
    assert valid_schemes(catalogue.offers[OfferId(offer)][1], TODAY) == ("SecNumCloud",)


@pytest.mark.parametrize("offer", ["whaller-donjon", "wimi", "pronote"])
def test_a_listed_offer_without_a_known_end_gives_no_immunity(catalogue: Catalogue, offer: str) -> None:
    views = qualifications(catalogue.offers[OfferId(offer)][1], TODAY)
    assert [view.why_not for view in views] == ["no-end-date"]


@pytest.mark.parametrize(
    "offer", ["ovhcloud", "outscale", "clever-cloud", "whaller", "wimi-armoured", "oodrive", "aws", "azure"]
)
def test_the_offer_and_not_the_company_is_qualified(catalogue: Catalogue, offer: str) -> None:
    assert valid_schemes(catalogue.offers[OfferId(offer)][1], TODAY) == ()
