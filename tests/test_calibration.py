"""What a confidence is worth is measured, kept in a file, and told to whoever reads an attribution."""

import pytest

from sovscan.attribute.calibration import load_calibration, read_calibration
from sovscan.attribute.explain import reasons
from sovscan.files.strict_yaml import YamlError
from sovscan.model.dependency import Confidence
from sovscan.render.explanation import render_explanation
from sovscan.render.format import RenderOptions
from sovscan.render.html import FORMAT
from tests.demo.audits import demo
from tests.evidence_builder import AS_OF, Scene
from tests.test_attribution_mail import MARKET

REST = "probable: {seen: 1, agreed: 1}\nweak: {seen: 1, agreed: 1}\n"
MAIL = {Confidence.CONFIRMED: (1419, 1438)}


def test_the_surer_word_was_right_at_least_as_often():
    shares = [load_calibration()[level].share for level in (Confidence.CONFIRMED, Confidence.PROBABLE, Confidence.WEAK)]
    assert shares == sorted(shares, reverse=True)
    assert all(0 < share <= 1 for share in shares)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("confirmed: {seen: 1, agreed: 1}\n", "1:1: missing key 'probable'"),
        ("confirmed: {seen: 1, agreed: 2}\n" + REST, "1:30: 2 of 1"),
        ("confirmed: {seen: 0, agreed: 0}\n" + REST, "1:30: 0 of 0"),
    ],
)
def test_figures_that_cannot_be_are_refused_with_their_place(text, fault):
    with pytest.raises(YamlError, match=f"rules/calibration.yaml:{fault}"):
        read_calibration(text.encode())


@pytest.mark.parametrize(
    ("language", "wanted"), [("en", "confirmed: right in 99% of 1,438 cases"), ("fr", "confirmée")]
)
def test_explain_says_how_often_a_confidence_was_right(language, wanted):
    found = reasons(Scene().mx("v.mail.skyworks.test").evidence(), MARKET, AS_OF)
    measured = {level.value: figures for level, figures in MAIL.items()}
    assert wanted in render_explanation(found, {}, language, (), measured).decode()
    assert wanted not in render_explanation((), {}, language, (), measured).decode()


def test_the_report_says_it_in_its_glossary():
    audit = demo("mairie-valombreuse")
    level = load_calibration()[Confidence.CONFIRMED]
    assert (audit.bands["seen.confirmed"], audit.bands["agreed.confirmed"]) == (level.seen, level.agreed)
    page = FORMAT.render(audit, "en", RenderOptions()).decode()
    assert "Measured on mailboxes of public bodies" in page
