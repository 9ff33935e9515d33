"""The laws: which ground they stand on, and how sure we are that they stand."""

import re

import pytest

from sovscan.model.dependency import Layer
from sovscan.model.exposure import Level
from tests import results

RULEBOOK = results.RULEBOOK()
LAWS = {law.text.id: law for law in RULEBOOK.laws}


def test_only_a_text_that_was_read_at_its_source_is_established():
    assert {ident for ident, law in LAWS.items() if law.text.established} == {"us-cloud-act"}


@pytest.mark.parametrize("ident", sorted(LAWS))
def test_a_law_that_is_not_established_says_so_in_its_state(ident):
    law = LAWS[ident].text
    if not law.established:
        assert re.search(r"confirmer|secondaire|échéance|Révision|accord|rapporté", law.state.fr), law.state.fr
        assert re.search(r"confirmed|secondary|lapsed|Revision|agreement|reported|Reported", law.state.en), law.state.en


def test_fisa_702_is_a_lapsed_statute_whose_directives_continue():
    state = LAWS["us-fisa-702"].text.state
    assert "lapsed" in state.en
    assert "directives continue" in state.en
    assert "échéance" in state.fr


def test_the_patriot_act_is_historic_and_goes_with_no_nexus():
    assert LAWS["us-patriot-act-215"].levels == ()
    assert "Historic" in LAWS["us-patriot-act-215"].text.state.en


def test_the_criminal_court_case_is_reported_and_contested():
    assert "contested" in LAWS["us-sanctions"].text.state.en


def test_access_and_cutoff_are_kept_apart():
    assert LAWS["us-cloud-act"].hazards == ("access",)
    assert LAWS["us-sanctions"].hazards == ("cutoff",)


@pytest.mark.parametrize("country", ["US", "GB", "CH", "CN", "RU", "CA", "IN", "JP", "KR", "AU", "IL"])
def test_each_country_of_the_legal_note_has_a_law_for_a_direct_provider(country):
    assert RULEBOOK.laws_for(country, Level.DIRECT, Layer.MAIL_IN)


def test_a_technology_nexus_is_reached_by_sanctions_not_by_the_cloud_act():
    assert RULEBOOK.laws_for("US", Level.TECHNOLOGY, Layer.HOSTING) == ("us-sanctions",)


def test_a_certificate_authority_is_not_reached_by_laws_about_communications():
    assert RULEBOOK.laws_for("US", Level.DIRECT, Layer.CA) == ("us-sanctions",)


def test_a_registry_is_reached_by_seizure():
    assert "us-domain-seizure" in RULEBOOK.laws_for("US", Level.DIRECT, Layer.REGISTRY)


def test_no_law_goes_with_an_immune_none_or_unknown_dependency():
    for level in (Level.IMMUNE, Level.NONE, Level.UNKNOWN):
        assert not any(level in law.levels for law in RULEBOOK.laws)


@pytest.mark.parametrize("ident", sorted(LAWS))
def test_a_law_is_worded_in_both_languages_without_verdict(ident):
    law = LAWS[ident].text
    for part in (law.name, law.ground, law.state):
        assert part.fr
        assert part.en
        assert not re.search(r"illegal|illégal|compliant|guaranteed", f"{part.fr} {part.en}", re.IGNORECASE)
    assert "'" not in f"{law.ground.fr}{law.state.fr}"
