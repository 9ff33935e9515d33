"""The mark of a layer says what holds it: a record in error, a date to watch or a leftover exposes nothing."""

from dataclasses import replace

import pytest

from sovscan.locale.words import words
from sovscan.model.dependency import Layer, Signal
from sovscan.model.evidence import ObservationId
from sovscan.model.exposure import Level, Nexus
from sovscan.model.finding import Verdict
from sovscan.model.provider import SignalKind, Strength
from sovscan.model.text import Country
from sovscan.render.view.reading import read
from sovscan.render.view.shown import Shown
from sovscan.render.view.summary import summarise
from sovscan.render.view.themes import themes
from tests.sample_audit import town_hall


def reading(audit, language="en"):
    return read(audit, words(language), Shown())


def held(level, *findings):
    """The town hall, all services at one level, with findings of these verdicts about each."""
    audit = town_hall()
    country = Country("EU") if level in (Level.IMMUNE, Level.NONE) else Country("??")
    items = tuple(replace(one, nexuses=(Nexus(level=level, country=country, who=""),)) for one in audit.items)
    one = next(found for found in audit.findings if found.dependency is not None)
    about = tuple(
        replace(one, id=type(one.id)(f"{one.id}-{entry.id}-{verdict}"), verdict=verdict, dependency=entry.id,
                layer=entry.layer)
        for entry in audit.dependencies for verdict in findings
    )  # fmt: skip
    return reading(replace(audit, items=items, findings=about))


@pytest.mark.parametrize(
    ("level", "findings", "shown"),
    [
        (Level.IMMUNE, [Verdict.EXPOSED], Verdict.CLEAR),
        (Level.NONE, [Verdict.TO_CONFIRM], Verdict.CLEAR),
        (Level.NONE, [Verdict.UNKNOWN], Verdict.UNKNOWN),
        (Level.UNKNOWN, [Verdict.EXPOSED], Verdict.UNKNOWN),
    ],
)
def test_a_service_is_no_worse_than_its_level_and_what_is_left_open(level, findings, shown):
    case = held(level, *findings)
    assert {case.verdict_of(entry) for entry in case.audit.dependencies} == {shown}


def test_a_leftover_in_a_layer_without_services_exposes_nothing():
    audit = town_hall()
    one = next(found for found in audit.findings if found.verdict is Verdict.EXPOSED)
    about = replace(one, dependency=None, layer=Layer.SAAS)
    empty = replace(audit, dependencies=(), items=(), findings=(about,))
    assert reading(empty).layer_verdict(Layer.SAAS) is not Verdict.EXPOSED


@pytest.mark.parametrize(
    ("language", "told"), [("fr", "bureau d’enregistrement inconnu"), ("en", "registrar not known")]
)
def test_a_name_whose_registrar_nobody_named_is_not_shown_as_free_of_exposure(language, told):
    audit = town_hall()
    kept = tuple(replace(one, layer=Layer.REGISTRY, role="registry") for one in audit.dependencies[:1])
    items = tuple(
        replace(one, layer=Layer.REGISTRY, nexuses=(Nexus(level=Level.NONE, country=Country("EU"), who=""),))
        for one in audit.items if one.id == kept[0].id
    )  # fmt: skip
    case = reading(replace(audit, dependencies=kept, items=items, findings=()), language)
    row = next(row for row in summarise(case).layers if row.name == case.layer_name(Layer.REGISTRY))
    assert (case.layer_verdict(Layer.REGISTRY), row.mark.word) == (Verdict.UNKNOWN, told)


@pytest.mark.parametrize(("language", "told"), [("fr", "Contre elle"), ("en", "Against it")])
def test_signs_that_speak_against_a_reading_are_printed_beside_it(language, told):
    audit = town_hall()
    sign = Signal(kind=SignalKind.MX, value="mx.elsewhere.example", strength=Strength.MEDIUM,
                  observations=(ObservationId("o-0000000000000001"),))  # fmt: skip
    first = audit.dependencies[0]
    doubted = replace(first, attribution=replace(first.attribution, against=(sign,)))
    pages = themes(reading(replace(audit, dependencies=(doubted, *audit.dependencies[1:])), language))
    said = [doubt.against for page in pages for doubt in page.doubts if doubt.against]
    assert len(said) == 1
    assert said[0].startswith(told)
    assert "mx.elsewhere.example" in said[0]
