"""An owner without a source is marked wherever it stands, and who is named is never called not identified."""

from dataclasses import replace

import pytest

from sovscan.locale.words import words
from sovscan.model.exposure import Level, Nexus
from sovscan.model.text import Country
from sovscan.render.format import RenderOptions
from sovscan.render.registers.register import all_registers, render_register
from sovscan.render.registry import formats
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
@pytest.mark.parametrize("name", ["text", "html"])
def test_an_owner_without_a_source_is_marked_beside_its_name(name, language):
    audit, _ = unsourced()
    assert SAID[language] in formats()[name].render(audit, language, RenderOptions()).decode()


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
