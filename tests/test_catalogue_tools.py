"""Counting the catalogue, saying what to read again first, and looking names up."""

import json
from pathlib import Path

import pytest

from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.census import ENOUGH, census, load_markets
from sovscan.catalogue.find import find
from sovscan.catalogue.lint import lint
from sovscan.catalogue.load import read_files
from sovscan.catalogue.recheck import rechecks
from sovscan.cli.exits import ExitCode
from sovscan.cli.main import run
from sovscan.model.provider import SignalKind
from sovscan.net.asn_table import AsnTable
from tests import results
from tests.catalogue_texts import SOURCES, catalogue_of, offer, provider

TODAY = "2026-11-21"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return results.CATALOGUE()


# --- what it holds


def test_the_catalogue_holds_what_a_french_organisation_meets(catalogue: Catalogue) -> None:
    found = census(catalogue, TODAY)
    assert found.providers.count >= 600
    assert found.mail_gateways.count >= 120
    assert found.web_third_parties.count >= 200
    assert found.authorities.count >= 25
    assert found.registrars_and_registries.count >= 25
    assert found.signatures["txt"] >= 150
    assert found.signatures["dkim_selector"] >= 40
    assert found.signatures["registrar"] >= 25


def test_every_proposed_service_has_a_sourced_owner(catalogue: Catalogue) -> None:
    proposed = census(catalogue, TODAY).proposed
    assert proposed.sourced == proposed.count > 50


def test_every_category_that_is_bought_has_three_choices_or_the_reason_why_not(catalogue: Catalogue) -> None:
    choices = census(catalogue, TODAY).categories
    short = [key for key in load_markets() if choices[key].total < ENOUGH and choices[key].why_few is None]
    assert short == []


def test_a_reason_is_dropped_once_there_are_three_choices(catalogue: Catalogue) -> None:
    choices = census(catalogue, TODAY).categories
    assert [key for key, choice in choices.items() if choice.why_few and choice.total >= ENOUGH] == []


def test_every_proposed_offer_is_described_in_both_languages(catalogue: Catalogue) -> None:
    proposed = [offer for _, offer in catalogue.offers.values() if offer.recommend]
    assert [offer.id for offer in proposed if offer.description is None] == []
    without = {offer.id for offer in proposed if offer.software and offer.open_source and offer.licence is None}
    assert without == {"self-hosted-fonts", "self-hosted-libs"}


def test_an_offer_counts_as_french_by_its_controller_and_only_with_a_source() -> None:
    owned = "    sources: [page]\n    control:\n      - {holder: Top, country: DE, sources: [page]}\n"
    text = (
        SOURCES
        + "providers:\n"
        + provider("held", offer("held", "mx: [a.example.com]", ", categories: [mail], recommend: true"), owned)
        + provider("own", offer("own", "mx: [b.example.com]", ", categories: [mail]"), "    sources: [page]\n")
    )
    choice = census(catalogue_of(text), TODAY).categories["mail"]
    assert (choice.offers, choice.french, choice.european, choice.free_software) == (2, 0, 1, 0)


# --- what to read again


def test_what_decides_more_is_read_again_first() -> None:
    text = (
        "providers:\n"
        + provider("small", offer("small", "mx: [a.example.com]"))
        + provider("great", offer("great", "mx: [b.example.com, c.example.com, d.example.com]"))
    )
    assert [item.provider for item in rechecks(catalogue_of(text), TODAY)] == ["great", "small"]


def test_a_sourced_owner_read_this_year_needs_no_second_reading() -> None:
    text = SOURCES + "providers:\n" + provider("x", offer("x", "mx: [a.example.com]"), "    sources: [page]\n")
    assert rechecks(catalogue_of(text), TODAY) == ()
    assert [item.reasons for item in rechecks(catalogue_of(text), "2027-12-01")] == [("read 2026-11-21",)]


def test_a_qualification_about_to_end_is_named_with_its_day(catalogue: Catalogue) -> None:
    reasons = {item.provider: item.reasons for item in rechecks(catalogue, TODAY)}
    assert "SecNumCloud of outscale-cloud-on-demand ends 2026-11-30" in reasons["outscale"]
    later = {item.provider: item.reasons for item in rechecks(catalogue, "2026-12-01")}
    assert "SecNumCloud of outscale-cloud-on-demand ended 2026-11-30" in later["outscale"]


def test_sources_that_disagree_are_read_again(catalogue: Catalogue) -> None:
    assert {item.provider: item.reasons for item in rechecks(catalogue, TODAY)}["altospam"] == ("conflict",)


# --- looking up


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mx1.vadesecure.com", "vade"),
        ("AS16276", "ovhcloud"),
        ("16276", "ovhcloud"),
        ("docusign=abc", "docusign"),
        ("Thoma Bravo", "proofpoint"),
        ("OVH sas", "ovhcloud"),
    ],
)
def test_a_host_a_token_a_number_or_a_name_finds_its_provider(catalogue: Catalogue, text: str, expected: str) -> None:
    assert expected in {found.id for found, _ in find(catalogue, text)}


def test_nothing_is_found_by_an_empty_text(catalogue: Catalogue) -> None:
    assert find(catalogue, "  ") == ()


# --- networks


def test_every_network_of_the_catalogue_is_in_the_table() -> None:
    found = lint(read_files(), networks=AsnTable.bundled().names())
    assert [str(fault) for fault in found if "network table" in fault.message] == []


def test_a_network_that_originates_nothing_is_pointed_at() -> None:
    reading = read_files()
    known = {
        int(item.value)
        for entry in reading.providers.values()
        for each in entry.offers
        for item in each.signatures
        if item.kind is SignalKind.ASN
    }
    (fault,) = [fault for fault in lint(reading, networks=known - {16276}) if "network table" in fault.message]
    assert "AS16276" in fault.message
    assert not fault.serious


# --- the command


def test_stats_are_json_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["providers", "stats", "--json"]) is ExitCode.PASS
    plain = json.loads(capsys.readouterr().out)
    assert plain["providers"]["count"] >= plain["providers"]["sourced"] > 0
    mail = plain["categories"]["mail"]
    assert {"french", "european", "free_software", "services", "bought", "why_few", "offers"} == set(mail)
    assert 0 < mail["services"] < mail["french"] + mail["european"]
    assert plain["providers"]["share"] == round(plain["providers"]["sourced"] / plain["providers"]["count"], 3)


def test_stale_takes_a_date_and_a_limit(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["providers", "stale", "--as-of", TODAY, "--limit", "3"]) is ExitCode.PASS
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 3
    assert "--limit 0" in captured.err


def test_search_says_when_nothing_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["providers", "search", "no-such-thing-anywhere"]) is ExitCode.PASS
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "nothing in the catalogue" in captured.err


def test_an_offers_id_shows_its_provider(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["providers", "show", "ovh-mail", "--json"]) is ExitCode.PASS
    assert json.loads(capsys.readouterr().out)["id"] == "ovhcloud"


OWNED = """about: {schema: sovscan-providers/1, date: 2026-11-21}
sources:
  register: {title: "Register of Valombreuse", url: "https://register.example/a", checked: 2026-11-20}
providers:
  valo:
    name: Valo
    entity: Valo SAS
    seat: FR
    sources: [register]
    checked: 2026-11-20
    control:
      - {holder: "Overseas Holding, Inc.", country: US, since: 2026-03, sources: [register]}
      - {holder: "Former SE", country: DE, until: 2026-02}
    presence:
      - {country: CA, what: {fr: "bureau de Montréal", en: "Montreal office"}}
    offers:
      valo:
        name: Valo Cloud
        roles: [hosting.origin]
        certifications:
          - {scheme: SecNumCloud, valid_to: 2026-06-30, checked: 2026-05-01, sources: [register]}
        signatures:
          cname: [valo.example]
"""


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", ["siège\u00a0: France (FR) [1]", "Overseas Holding, Inc., États-Unis (US)\u00a0: contrôle",
                "société mère, États-Unis (US)",
                "depuis 2026-03 [1]", "ne vaut pas à cette date – à confirmer", "bureau de Montréal",
                "SecNumCloud\u00a0: expirée, jusqu’au 30 juin 2026 [1]", "cname\u00a0: valo.example",
                "[1] Register of Valombreuse, lu le 20 novembre 2026"]),
        ("en", ["seat: France (FR) [1]", "parent company, United States (US)", "since 2026-03 [1]",
                "not in force on that day – to be confirmed", "Montreal office",
                "SecNumCloud: expired, until 30 June 2026",
                "https://register.example/a"]),
    ],
)  # fmt: skip
def test_a_card_tells_owners_dates_levels_and_sources(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, told: list[str]
) -> None:
    overlay = tmp_path / "private.yaml"
    overlay.write_text(OWNED, encoding="utf-8")
    asked = ["providers", "show", "valo", "--providers", str(overlay), "--lang", language, "--as-of", "2026-11-22"]
    assert run(asked) is ExitCode.PASS
    printed = capsys.readouterr().out
    assert [part for part in told if part not in printed] == []


def test_a_card_follows_the_date_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    overlay = tmp_path / "private.yaml"
    overlay.write_text(OWNED, encoding="utf-8")
    run(["providers", "show", "valo", "--providers", str(overlay), "--lang", "en", "--as-of", "2025-11-22"])
    printed = capsys.readouterr().out
    assert "On 22 November 2025, ultimately controlled by: Former SE, Germany (DE)" in printed
    assert "parent company" not in printed


def test_validate_names_the_place_of_a_fault_in_an_overlay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    private = tmp_path / "private.yaml"
    private.write_text(
        "about: {schema: sovscan-providers/1, date: 2026-11-21}\nproviders:\n" + provider("x", offer("x", "mx: [com]")),
        encoding="utf-8",
    )
    assert run(["providers", "validate", "--providers", str(private)]) is ExitCode.USAGE
    assert "private.yaml:" in capsys.readouterr().out
