"""An owner without a source is marked wherever it stands, and who is named is never called not identified."""

import json
from dataclasses import replace

import pytest

from sovscan.locale.words import words
from sovscan.model.exposure import Level, Nexus
from sovscan.model.text import Country
from sovscan.render.format import RenderOptions
from sovscan.render.registers.register import all_registers, render_register
from sovscan.render.registry import formats
from sovscan.render.view.alternatives import move_view
from sovscan.render.view.reading import read
from sovscan.render.view.report import view
from sovscan.render.view.shown import Shown
from tests.sample_audit import town_hall

SAID = {"fr": "propriété à confirmer", "en": "ownership to be confirmed"}


def unsourced():
    """The town hall, its mail provider without a source of ownership."""
    audit = town_hall()
    main = next(one for one in audit.dependencies if one.layer.value == "mail_in" and one.attribution.provider)
    providers = tuple(
        replace(one, sourced=False, sources=()) if one.id == main.attribution.provider else one
        for one in audit.providers
    )
    lost = Nexus(level=Level.UNKNOWN, country=Country("??"), who="Somebody Europe Ltd", sourced=False)
    items = tuple(replace(one, nexuses=(lost,)) if one.id == main.id else one for one in audit.items)
    return replace(audit, providers=providers, items=items), main


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", sorted(name for name, one in formats().items() if not one.binary and name != "json"))
def test_an_owner_without_a_source_is_marked_beside_its_name(name, language):
    audit, _ = unsourced()
    assert SAID[language] in formats()[name].render(audit, language, RenderOptions()).decode()


def test_the_whole_result_carries_it_as_a_value():
    audit, main = unsourced()
    plain = json.loads(formats()["json"].render(audit, "en", RenderOptions()))
    (owner,) = (one for one in plain["providers"] if one["id"] == main.attribution.provider)
    assert owner["sourced"] is False


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Suède (SE), par une société mère : États-Unis (US)"),
        ("en", "Sweden (SE), through a parent: United States (US)"),
    ],
)
def test_a_parent_in_another_country_stands_beside_the_country_of_the_holder(language, said):
    audit = town_hall()
    main = next(one for one in audit.dependencies if one.layer.value == "mail_in" and one.attribution.provider)
    between = Nexus(level=Level.PARENT, country=Country("US"), who="Between, Inc.", sourced=True)
    providers = tuple(
        replace(one, controller_country=Country("SE")) if one.id == main.attribution.provider else one
        for one in audit.providers
    )
    items = tuple(replace(one, nexuses=(between,)) if one.id == main.id else one for one in audit.items)
    reading = read(replace(audit, providers=providers, items=items), words(language), Shown())
    assert reading.place_of_control(main).replace("\u202f", " ").replace("\xa0", " ") == said


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_alternative_whose_owner_has_no_source_is_marked_in_the_table(language):
    whole = town_hall()
    move = whole.advice.moves[0]
    offers = (replace(move.alternatives[0], sourced=False), *move.alternatives[1:])
    found = move_view(read(whole, words(language), Shown()), replace(move, alternatives=offers))
    assert [one.doubt for one in found.alternatives].count(SAID[language]) == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"self_run": True}, "self-hosted"),
        ({"hosts": (), "host_known": True}, "own infrastructure"),
        ({"hosts": ("Hexa Cloud",), "host_known": True}, "Hexa Cloud"),
        ({"hosts": ("Hexa Cloud",), "host_known": False}, "Hexa Cloud (to be confirmed)"),
        ({"hosts": (), "host_known": False}, "to be confirmed"),
    ],
)
def test_where_an_alternative_runs_is_said_as_far_as_it_is_known(more, said):
    whole = town_hall()
    move = replace(whole.advice.moves[0], alternatives=(replace(whole.advice.moves[0].alternatives[0], **more),))
    assert move_view(read(whole, words("en"), Shown()), move).alternatives[0].host == said


@pytest.mark.parametrize("printed", [True, False])
def test_the_row_of_the_service_says_it_in_both_media(printed):
    audit, main = unsourced()
    report = view(audit, "en", RenderOptions(), printed=printed)
    row = next(row for theme in report.themes for row in theme.rows if row.id == main.id)
    assert SAID["en"] in row.owners
    assert row.levels == (SAID["en"],), "the operator is named: it is not 'not identified'"


@pytest.mark.parametrize("name", ["dora", "nis2", "iso27001"])
def test_each_register_that_names_a_parent_says_it_is_to_confirm(name):
    audit, _ = unsourced()
    assert SAID["en"] in render_register(all_registers()[name], audit, "en").decode()


def test_nobody_named_stays_not_identified():
    reading = read(town_hall(), words("en"), Shown())
    assert reading.level_word(Nexus(level=Level.UNKNOWN, country=Country("??"))) == "not identified"


def test_a_level_without_a_source_keeps_its_country_and_its_doubt():
    reading = read(town_hall(), words("en"), Shown())
    direct = Nexus(level=Level.DIRECT, country=Country("US"), who="Somebody Inc.", sourced=False)
    assert reading.level_word(direct) == "provider itself, US, ownership to be confirmed"
