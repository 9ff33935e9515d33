"""Who controls a provider, and what a qualification is worth, at a date."""

import pytest

from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.control import chain, controller, is_certain, is_eea, is_sourced
from sovscan.catalogue.qualification import qualifications, valid_schemes, why_not
from sovscan.model.provider import Certification, ControlLink, OfferId, ProviderId
from sovscan.model.text import Country, Source
from tests import results
from tests.catalogue_texts import SOURCES, catalogue_of, provider


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return results.CATALOGUE()


def link(**values: str | None) -> ControlLink:
    return ControlLink(holder="H", country=Country("US"), since=values.get("since"), until=values.get("until"))


def test_a_change_known_by_month_is_read_both_ways_within_it() -> None:
    text = (
        SOURCES
        + "providers:\n"
        + provider(
            "firm",
            more="    sources: [page]\n    control:\n"
            "      - {holder: Old, country: DE, until: 2026-01, sources: [page]}\n"
            "      - {holder: New, country: US, since: 2026-01, sources: [page]}\n",
        )
    )
    found = catalogue_of(text)
    firm = found.providers[ProviderId("firm")]
    holders = {
        day: [item.holder for item in chain(firm, found, day)] for day in ("2025-12-31", "2026-01-15", "2026-02-01")
    }
    assert holders == {"2025-12-31": ["Old"], "2026-01-15": ["Old", "New"], "2026-02-01": ["New"]}
    assert controller(firm, found, "2026-01-15") == ("New + Old", "US")
    assert not is_certain(link(since="2026-01"), "2026-01-15")
    assert is_certain(link(since="2026-01"), "2026-01-31")
    assert is_certain(link(until="2026-01-15"), "2026-01-15")


def test_a_chain_goes_on_through_a_known_entity_and_loops_are_cut() -> None:
    text = "providers:\n" + "".join(
        provider(one, more=f"    control: [{{holder: {other}, country: FR}}]\n", entity=one.upper())
        for one, other in (("a", "B"), ("b", "C"), ("c", "A"))
    )
    found = catalogue_of(text)
    assert [item.holder for item in chain(found.providers[ProviderId("a")], found, "2026-11-21")] == ["B", "C", "A"]
    assert controller(found.providers[ProviderId("a")], found, "2026-11-21")[0] == "A"


def test_a_mere_share_does_not_control() -> None:
    text = "providers:\n" + provider("a", more="    control: [{holder: Fund, country: US, kind: share, share: 21.2}]\n")
    found = catalogue_of(text)
    assert controller(found.providers[ProviderId("a")], found, "2026-11-21") == ("A", "FR")


def test_ownership_is_sourced_only_when_every_link_is() -> None:
    unsourced = "    sources: [page]\n    control: [{holder: Fund, country: US}]\n"
    found = catalogue_of(SOURCES + "providers:\n" + provider("a", more=unsourced))
    assert not is_sourced(found.providers[ProviderId("a")], found, "2026-11-21")


def test_the_eea_holds_norway_and_the_union_but_not_switzerland() -> None:
    assert [is_eea(code) for code in ("FR", "NO", "LI", "EU", "CH", "GB", "US", "??")] == [True] * 4 + [False] * 4


def record(**values: str) -> Certification:
    page = Source(title="t", url="https://example.org", checked="2026-09-15")
    fields = {"scheme": "SecNumCloud", "checked": "2026-09-15", "sources": (page,), **values}
    return Certification(**fields)  # type: ignore[arg-type]


def test_a_qualification_ends_the_day_after_its_last_day() -> None:
    item = record(valid_from="2023-11-30", valid_to="2026-11-30")
    assert [why_not(item, day) for day in ("2023-11-29", "2026-11-30", "2026-12-01")] == [
        "not-yet-valid",
        None,
        "expired",
    ]


def test_a_qualification_without_end_date_or_source_or_in_progress_does_not_count() -> None:
    assert why_not(record(valid_from="2026-01-01"), "2026-11-21") == "no-end-date"
    assert why_not(record(status="in_progress"), "2026-11-21") == "in-progress"
    assert why_not(record(status="withdrawn"), "2026-11-21") == "withdrawn"
    assert why_not(record(valid_to="2029-01-01", sources=()), "2026-11-21") == "unsourced"  # type: ignore[arg-type]


def test_a_record_read_more_than_six_months_ago_does_not_count() -> None:
    item = record(valid_from="2025-01-01", valid_to="2029-01-01")
    assert [why_not(item, day) for day in ("2026-03-01", "2027-03-15", "2027-03-16")] == [None, None, "over-age"]


def test_an_unknown_first_day_is_the_day_it_was_read() -> None:
    assert [why_not(record(valid_to="2028-01-25"), day) for day in ("2026-09-14", "2026-09-15")] == [
        "not-yet-valid",
        None,
    ]


def test_a_qualification_view_carries_the_offer_and_the_reason(catalogue: Catalogue) -> None:
    _, item = catalogue.offers[OfferId("outscale-cloud-on-demand")]
    (view,) = qualifications(item, "2026-12-01")
    assert (view.counted, view.why_not, view.offer) == (False, "expired", "outscale-cloud-on-demand")
    assert valid_schemes(item, "2026-11-21") == ("SecNumCloud",)
