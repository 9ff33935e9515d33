"""Which alternatives a report names: several vendors, services and free software, more than one country."""

from sovscan.model.audit import Alternative
from sovscan.model.exposure import Level
from sovscan.model.provider import OfferId, ProviderId
from sovscan.model.score import Grade
from sovscan.model.text import Country
from sovscan.render.view.replacing import varied


def offer(ident: str, country: str = "FR", *, by: str = "", licence: str | None = None) -> Alternative:
    return Alternative(
        offer=OfferId(ident),
        name=ident,
        provider=ProviderId(by or ident),
        provider_name=by or ident,
        country=Country(country),
        level=Level.NONE,
        nexuses=(),
        score_after=60.0,
        gain=5.0,
        grade_after=Grade.C,
        effort="M",
        licence=licence,
        hosts=(),
        qualification=None,
        caution=None,
    )


def named(*found: Alternative, most: int = 3) -> list[str]:
    return [one.offer for one in varied(found, most)]


def test_no_vendor_takes_two_places_while_others_are_left() -> None:
    assert named(offer("a1", by="a"), offer("a2", by="a"), offer("b"), offer("c")) == ["a1", "b", "c"]


def test_a_vendor_takes_the_places_that_nobody_else_could() -> None:
    assert named(offer("a1", by="a"), offer("a2", by="a")) == ["a1", "a2"]


def test_free_software_stands_beside_services() -> None:
    assert named(offer("a"), offer("b"), offer("c"), offer("free", licence="AGPL-3.0")) == ["a", "b", "free"]


def test_a_second_country_stands_beside_france() -> None:
    assert named(offer("a"), offer("b"), offer("c"), offer("de", "DE")) == ["a", "b", "de"]


def test_the_order_of_the_advice_is_kept() -> None:
    found = (offer("a"), offer("b"), offer("nl", "NL"), offer("free", "DE", licence="GPL-3.0"))
    assert named(*found) == ["a", "nl", "free"]


def test_nothing_is_named_where_nothing_was_found() -> None:
    assert named() == []
