"""Domains beside the targets: what evidence shows is named as found, and never taken in silently."""

from dataclasses import replace

from sovscan.attribute.related import related_domains
from sovscan.model.related import Way
from sovscan.model.target import Target, TargetKind
from sovscan.render.explanation import render_explanation
from tests.evidence_builder import Scene
from tests.test_attribution_mail import MARKET

D = "valmont.example"


def ways(scene: Scene, *others: str) -> list[tuple[str, Way]]:
    evidence = scene.evidence()
    more = tuple(Target(kind=TargetKind.DOMAIN, value=value, main=False) for value in others)
    return [
        (each.domain, each.way) for each in related_domains(replace(evidence, targets=evidence.targets + more), MARKET)
    ]


def everywhere() -> Scene:
    scene = Scene().mx("mx.valmont-mail.test", "a.grating.test")
    scene.answer("web", f"https://www.{D}/", "GET", final_url="https://www.ville-valmont.test/accueil", status="200")
    scene.txt("v=spf1 include:_spf.syndicat.test include:spf.skyworks.test -all")
    return scene.answer(
        "dmarc", f"_dmarc.{D}", "TXT", "v=DMARC1; p=none; rua=mailto:@agence.test,mailto:@valmont.example"
    )


def test_each_way_is_named_once_and_services_of_the_catalogue_are_not():
    assert ways(everywhere()) == [
        ("agence.test", Way.REPORTS),
        ("syndicat.test", Way.SENDER),
        ("valmont-mail.test", Way.MAIL),
        ("ville-valmont.test", Way.REDIRECT),
    ]


def test_a_domain_that_is_a_target_is_no_longer_beside():
    assert ("ville-valmont.test", Way.REDIRECT) not in ways(everywhere(), "ville-valmont.test")


def test_a_page_that_was_refused_redirects_nobody():
    scene = Scene().failed("web", f"https://www.{D}/", "GET", "http-403")
    assert ways(scene) == []


def test_the_list_says_that_they_are_found_and_not_audited():
    found = related_domains(everywhere().evidence(), MARKET)
    assert all(each.observations for each in found)
    for language, words in (("en", "found, not audited"), ("fr", "trouvés, non audités")):
        said = render_explanation((), {}, language, found).decode()
        assert words in said
        assert "ville-valmont.test" in said
