"""The ownership traps as verdicts: what the ladder makes of the real catalogue, row by row and at a date.

Row numbers are those of the traps the catalogue was built against; ``test_catalogue_traps`` holds the records behind.
"""

import pytest

from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.control import established, is_sourced
from sovscan.catalogue.qualification import qualifications, valid_schemes
from sovscan.model.dependency import Confidence, Layer
from sovscan.model.exposure import Item, Level
from sovscan.model.provider import OfferId, Provider, ProviderId, SignalKind
from sovscan.rulebook.exposure import expose_offer
from sovscan.rulebook.rulebook import Rulebook
from sovscan.score.policy import Policy, load_policy
from tests import results

TODAY = "2026-11-21"


@pytest.fixture(scope="module")
def world() -> tuple[Catalogue, Rulebook, Policy]:
    return results.CATALOGUE(), results.RULEBOOK(), load_policy()


def verdict(world: tuple[Catalogue, Rulebook, Policy], offer: str, as_of: str = TODAY) -> Item:
    catalogue, rulebook, policy = world
    maker, found = catalogue.offers[OfferId(offer)]
    layer, _, role = found.roles[0].partition(".")
    return expose_offer(maker, found, Layer(layer), role, catalogue, rulebook, policy, as_of)


def maker_of(world: tuple[Catalogue, Rulebook, Policy], offer: str) -> Provider:
    return world[0].offers[OfferId(offer)][0]


def levels(item: Item) -> set[tuple[str, str]]:
    return {(nexus.level.value, nexus.country) for nexus in item.nexuses}


@pytest.mark.parametrize(
    ("row", "offer", "as_of", "expected"),
    [
        (1, "vade", "2024-02-28", {("NONE", "EU")}),
        (1, "vade", "2025-03-15", {("NONE", "EU")}),
        (1, "vade", "2026-01-15", {("PARENT", "US")}),
        (2, "hornetsecurity", "2025-03-15", {("NONE", "EU")}),
        (2, "hornetsecurity", TODAY, {("PARENT", "US")}),
        (3, "jitsi-8x8", TODAY, {("DIRECT", "US")}),
        (4, "piano-analytics", TODAY, {("PARENT", "US")}),
        (5, "matomo-cloud", TODAY, {("DIRECT", "NZ")}),
        (7, "gandi", TODAY, {("NONE", "EU")}),
        (8, "rainbow-ale", TODAY, {("PARENT", "CN")}),
        (9, "threema", TODAY, {("DIRECT", "CH")}),
        (10, "kiteworks", TODAY, {("DIRECT", "US")}),
        (10, "zivver", TODAY, {("PARENT", "US")}),
        (12, "criteo", TODAY, {("PRESENCE", "US")}),
        (13, "ovhcloud", TODAY, {("PRESENCE", "US"), ("PRESENCE", "CA")}),
        (14, "scaleway", TODAY, {("PRESENCE", "US")}),
        (15, "s3ns", TODAY, {("TECHNOLOGY", "US")}),
        (17, "aws-esc", TODAY, {("PARENT", "US")}),
        (18, "olvid", TODAY, {("HOSTED_ON", "US")}),
        (19, "private-discuss", TODAY, {("NONE", "EU")}),
        (20, "cegid", TODAY, {("PARENT", "US"), ("PARENT", "GB")}),
        (21, "atlassian", TODAY, {("DIRECT", "US")}),
        (22, "vimeo", TODAY, {("DIRECT", "US")}),
        (22, "brightcove", TODAY, {("DIRECT", "US")}),
        (22, "wetransfer", TODAY, {("HOSTED_ON", "US")}),
        (23, "qwant", TODAY, {("TECHNOLOGY", "US")}),
        (24, "tofane-global", TODAY, {("PRESENCE", "US")}),
        (26, "odoo", TODAY, {("PRESENCE", "US")}),
        (27, "entrust", TODAY, {("DIRECT", "US")}),
        (30, "tixeo", TODAY, {("NONE", "EU")}),
        (32, "imperva", TODAY, {("DIRECT", "US")}),
        (33, "sophos-mail", TODAY, {("DIRECT", "GB"), ("PARENT", "US")}),
        (33, "host-europe", TODAY, {("PARENT", "US")}),
        (34, "mailjet", TODAY, {("PARENT", "US")}),
        (35, "globalsign", TODAY, {("PARENT", "JP")}),
        (36, "planethoster", TODAY, {("DIRECT", "CA")}),
        (37, "upcloud", TODAY, {("PRESENCE", "US")}),
        (37, "hetzner", TODAY, {("PRESENCE", "US")}),
    ],
)
def test_a_sourced_row_has_its_verdict(world, row: int, offer: str, as_of: str, expected: set[tuple[str, str]]) -> None:
    item = verdict(world, offer, as_of)
    assert levels(item) == expected, row
    assert item.confidence is Confidence.CONFIRMED, row


@pytest.mark.parametrize(
    ("row", "offer", "expected"),
    [
        (11, "exoscale", {("DIRECT", "CH"), ("PARENT", "MX")}),
        (33, "silae", {("PARENT", "US")}),
        (33, "heimdal", {("PARENT", "US")}),
        (38, "contabo", {("PARENT", "US")}),
    ],
)
def test_an_owner_outside_is_established_only_when_a_page_is_cited_for_every_link(
    world, row: int, offer: str, expected: set[tuple[str, str]]
) -> None:
    item = verdict(world, offer)
    assert levels(item) >= expected, row
    assert (item.confidence is Confidence.CONFIRMED) == is_sourced(maker_of(world, offer), world[0], TODAY), row


@pytest.mark.parametrize(
    "offer", ["yousign", "o2switch", "brevo", "universign", "altospam", "didomi", "nameshield", "libraesva"]
)
def test_a_european_seat_clears_nothing_until_the_owner_is_sourced(world, offer: str) -> None:
    found = {level for level, _ in levels(verdict(world, offer))}
    if not is_sourced(maker_of(world, offer), world[0], TODAY):
        assert found & {"UNKNOWN", "PARENT"}
        assert not found & {"NONE", "IMMUNE"}


def test_nowhere_in_the_catalogue_is_an_unsourced_owner_established(world) -> None:
    for maker, offer in world[0].offers.values():
        if not offer.roles or offer.software or is_sourced(maker, world[0], TODAY):
            continue
        item = verdict(world, offer.id)
        assert not {level for level, _ in levels(item)} & {"NONE", "IMMUNE"}, offer.id
        sure = {link.holder for link in established(maker, world[0], TODAY)}
        sure |= {maker.entity} if maker.seat_sources else set()
        for nexus in item.nexuses:
            assert not nexus.sourced or nexus.level not in (Level.DIRECT, Level.PARENT) or nexus.who in sure, offer.id


def test_3_and_6_software_run_by_oneself_leaves_its_maker_to_the_technology(world) -> None:
    for offer in ("jitsi-selfhosted", "zimbra-selfhosted"):
        assert world[0].offers[OfferId(offer)][1].software


def test_12_criteo_is_to_be_read_again_before_its_move(world) -> None:
    provider = world[0].providers[ProviderId("criteo")]
    cautions = [provider.caution, *(offer.caution for offer in provider.offers)]
    assert any(caution is not None and "2026" in caution.en for caution in cautions)


def test_16_bleu_runs_microsofts_stack_and_carries_no_qualification(world) -> None:
    item = verdict(world, "bleu")
    assert ("TECHNOLOGY", "US") in levels(item)
    assert not {level for level, _ in levels(item)} & {"IMMUNE", "NONE", "PARENT", "DIRECT"}


def test_27_an_issuer_that_left_public_tls_says_so(world) -> None:
    offer = world[0].offers[OfferId("entrust")][1]
    assert offer.caution is not None
    assert "2025" in offer.caution.en
    assert not offer.recommend


@pytest.mark.parametrize("offer", ["leaseweb", "upcloud", "contabo", "hetzner"])
def test_37_a_network_names_the_european_group_that_announces_it(world, offer: str) -> None:
    catalogue = world[0]
    _, found = catalogue.offers[OfferId(offer)]
    numbers = [item.value for item in found.signatures if item.kind is SignalKind.ASN]
    assert len(numbers) > 1
    assert {match.offer.id for number in numbers for match in catalogue.match_asn(int(number))} == {offer}


@pytest.mark.parametrize("offer", ["amplement", "glowbl", "netframe", "wimi-armoured", "whaller-donjon"])
def test_39_what_has_no_evidence_has_no_immunity(world, offer: str) -> None:
    assert valid_schemes(world[0].offers[OfferId(offer)][1], TODAY) == ()
    assert "IMMUNE" not in {level for level, _ in levels(verdict(world, offer))}


@pytest.mark.parametrize(("gateway", "host"), [("mailinblack", "mx1.mailinblack.com"), ("retarus", "a.retarus.com")])
def test_40_a_european_gateway_and_the_american_mailbox_behind_it_are_two_offers(
    world, gateway: str, host: str
) -> None:
    catalogue = world[0]
    seen = (
        catalogue.match_name(SignalKind.MX, host)[0],
        catalogue.match_name(SignalKind.SPF, "spf.protection.outlook.com")[0],
        catalogue.match_name(SignalKind.AUTODISCOVER, "autodiscover.outlook.com")[0],
    )
    assert [match.provider.id for match in seen] == [gateway, "microsoft", "microsoft"]
    assert seen[0].role("mail_in") == "gateway"


# --- errors of public lists that concern verdicts


def test_hotjar_belongs_to_contentsquare(world) -> None:
    assert world[0].offers[OfferId("hotjar")][0].id == "contentsquare"


def test_cloud_avenue_is_oranges_and_not_ovhs(world) -> None:
    found = {maker.id for maker, offer in world[0].offers.values() if "cloud avenue" in offer.name.lower()}
    assert found == {"orange-business"}


def test_the_network_that_telia_sold_is_no_longer_telias(world) -> None:
    catalogue = world[0]
    assert {match.provider.id for match in catalogue.match_asn(1299)} == {"arelion"}
    assert {match.provider.id for match in catalogue.match_asn(3301)} == {"telia"}


def test_a_seller_outside_the_eea_is_direct_whatever_the_regions_of_its_data(world) -> None:
    for offer in ("azure", "aws", "google-cloud"):
        assert not {level for level, _ in levels(verdict(world, offer))} & {"NONE", "IMMUNE", "PRESENCE"}


# --- the day after


@pytest.mark.parametrize(
    ("offer", "last_day", "day_after"),
    [
        ("outscale-cloud-on-demand", "2026-11-30", "2026-12-01"),
        ("ovh-hosted-private-cloud-snc", "2026-12-29", "2026-12-30"),
    ],
)
def test_a_qualified_offer_is_immune_on_its_last_day_and_not_on_the_next(
    world, offer: str, last_day: str, day_after: str
) -> None:
    assert levels(verdict(world, offer, last_day)) == {("IMMUNE", "EU")}
    assert "IMMUNE" not in {level for level, _ in levels(verdict(world, offer, day_after))}
    assert [view.why_not for view in qualifications(world[0].offers[OfferId(offer)][1], day_after)] == ["expired"]


def test_a_qualification_does_not_reach_back_before_its_first_day(world) -> None:
    assert "IMMUNE" not in {level for level, _ in levels(verdict(world, "ovh-snc-cloud-platform", "2026-07-30"))}
    assert levels(verdict(world, "ovh-snc-cloud-platform", TODAY)) == {("IMMUNE", "EU")}


def test_a_record_that_was_not_read_for_half_a_year_gives_no_immunity(world) -> None:
    assert "IMMUNE" not in {level for level, _ in levels(verdict(world, "numspot", "2027-06-01"))}
