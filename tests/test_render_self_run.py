"""What an organisation runs itself is its own, wherever the network under it comes from; a level keeps its country."""

from dataclasses import replace

import pytest

from sovscan.locale.words import words
from sovscan.model.dependency import Party
from sovscan.model.exposure import Level, Nexus
from sovscan.model.provider import ProviderId
from sovscan.model.text import Country
from sovscan.render.format import RenderOptions
from sovscan.render.text import render_text
from sovscan.render.view.alternatives import move_view
from sovscan.render.view.conclusion import conclude
from sovscan.render.view.reading import read
from sovscan.render.view.replacing import what
from sovscan.render.view.shown import Shown
from sovscan.render.view.summary import summarise
from tests.sample_audit import town_hall


def self_run():
    """The town hall, running what the first decision replaces itself on the network of another provider."""
    audit = town_hall()
    first = audit.advice.decisions[0]
    move = next(one for one in audit.advice.moves if (one.layer, one.provider) == (first.layer, first.provider))
    host = Party(provider=ProviderId("ovh"), label="OVH SAS", country=Country("FR"))
    own = tuple(
        replace(one, attribution=replace(one.attribution, provider=None, operator_self=True), host=host)
        if one.id in move.dependencies
        else one
        for one in audit.dependencies
    )
    advice = replace(
        audit.advice,
        moves=tuple(replace(one, provider=None) if one == move else one for one in audit.advice.moves),
        decisions=(replace(first, provider=None), *audit.advice.decisions[1:]),
    )
    return replace(audit, dependencies=own, advice=advice)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_replacing_what_the_organisation_runs_never_speaks_of_an_operator_not_identified(language):
    reading = read(self_run(), words(language), Shown())
    move = next(one for one in reading.audit.advice.moves if one.provider is None)
    unknown, own = reading.words("provider.unidentified"), reading.words("provider.own_service")
    for said in (conclude(reading).change, what(reading, move), move_view(reading, move).title):
        assert own in said
        assert unknown not in said


def test_the_country_of_the_network_is_not_the_country_of_the_organisation():
    reading = read(self_run(), words("en"), Shown())
    own = next(one for one in reading.audit.dependencies if one.attribution.operator_self)
    assert reading.seat_of_control(own) == ""
    assert "the organisation itself FR" not in render_text(reading.audit, "en", RenderOptions()).decode()


@pytest.mark.parametrize(("language", "told"), [("fr", "réseau non identifié"), ("en", "network not identified")])
def test_of_what_the_organisation_runs_it_is_the_network_that_nobody_identified(language, told):
    audit = self_run()
    own = next(one for one in audit.dependencies if one.attribution.operator_self)
    unknown = (Nexus(level=Level.UNKNOWN, country=Country("??"), who=""),)
    items = tuple(replace(one, nexuses=unknown) if one.id == own.id else one for one in audit.items)
    row = next(one for one in summarise(read(replace(audit, items=items), words(language), Shown())).layers
               if one.provider == words(language)("provider.self"))  # fmt: skip
    assert row.level == told


def test_a_country_that_nobody_knows_is_not_printed_as_a_code():
    audit = town_hall()
    nobody = tuple(
        replace(one, attribution=replace(one.attribution, provider=None, offer=None, operator_self=False), host=None)
        for one in audit.dependencies
    )
    unknown = (Nexus(level=Level.UNKNOWN, country=Country("??"), who=""),)
    items = tuple(replace(one, nexuses=unknown) for one in audit.items)
    rows = summarise(read(replace(audit, dependencies=nobody, items=items), words("en"), Shown())).layers
    assert "operator not identified" in {row.provider for row in rows}
    assert "??" not in {row.country for row in rows}


def test_a_level_that_rests_on_the_seat_names_the_holder_abroad_as_well():
    audit = town_hall()
    main = next(one for one in audit.dependencies if one.layer.value == "mail_in")
    both = (
        Nexus(level=Level.DIRECT, country=Country("GB"), who="Filter Ltd"),
        Nexus(level=Level.PARENT, country=Country("US"), who="Holder Inc."),
    )
    mine = {one.id for one in audit.dependencies if one.layer is main.layer}
    audit = replace(audit, items=tuple(replace(one, nexuses=both) if one.id in mine else one for one in audit.items))
    row = next(one for one in summarise(read(audit, words("en"), Shown())).layers if one.name == "Inbound mail")
    assert row.level == "provider itself, GB; parent company, US"
