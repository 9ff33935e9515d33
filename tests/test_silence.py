"""One silence is told once, named, with what to do; no gate reads it otherwise for that."""

import functools
import re
from collections import Counter
from dataclasses import replace

import pytest

from sovscan.cli.gate_lines import gate_lines
from sovscan.gate import GateTerms, decide
from sovscan.gate.baseline import make_baseline
from sovscan.gate.waivers import Match, Waiver
from sovscan.model.finding import Severity, Verdict
from sovscan.model.gate import Decision, GateResult, Standing
from sovscan.render.format import RenderOptions
from sovscan.render.page import page
from sovscan.render.registry import formats
from sovscan.rulebook.silence import told
from tests.demo.audits import demo
from tests.evidence_builder import Scene
from tests.silenced import judged, silenced, without

AGENCY, TOWN, DOMAIN = "agence-des-communs", "mairie-valombreuse", "valombreuse-demo.fr"
LAYERS = {"ns": "Name servers", "tls": "Certificates", "mx": "Inbound mail"}
PRINTED = "pdf"
"""The page that the PDF is drawn from."""


def unknown(audit):
    return {found.id for found in audit.findings if found.verdict is Verdict.UNKNOWN}


def render(kind, audit, language, gate=None):
    options = RenderOptions(gate=gate)
    if kind == PRINTED:
        return page(audit, language, options, printed=True)
    return formats()[kind].render(audit, language, options).decode()


def rows(kind, text):
    """What stands in the list of findings as a row of its own."""
    if kind in ("html", PRINTED):
        return re.findall(r'<tr id="(F-[0-9]+)">', text)
    if kind == "md":
        return re.findall(r"(?m)^\| [▲◆?✓] .*$", text)
    return re.findall(r"(?m)^  [▲◆?] .*$", text.partition("\nFindings\n")[2])


@pytest.mark.parametrize("probe", LAYERS)
def test_a_layer_that_is_silent_is_one_finding_that_names_it_and_holds_what_it_leaves_undecided(probe):
    audit = without(AGENCY, probe)
    own = unknown(demo(AGENCY))
    new = [one for one in told(audit, audit.findings) if one.finding.id in unknown(audit) - own]
    (one,) = new
    assert len(one.within) >= 2
    assert {one.finding.id, *(each.id for each in one.within)} == unknown(audit) - own
    assert one.gravest.severity.rank >= max(each.severity.rank for each in one.within)


@pytest.mark.parametrize("kind", ["html", PRINTED, "text", "md"])
def test_every_format_for_readers_tells_a_silent_layer_in_one_row_with_the_others_inside(kind):
    audit = without(AGENCY, "ns")
    text = render(kind, audit, "en")
    assert len(rows(kind, text)) == len([one for one in told(audit, audit.findings) if one.finding.verdict != "clear"])
    listed = re.split(r"<tr (?=id=)|\n(?=  [▲◆?]|\|)", text)
    (row,) = [
        one for one in listed if one.startswith(("id=", "  ", "|")) and "Every DNS operator" in one and "F-" in one
    ]
    shown = row.replace("\\", "")
    assert "Layers that gave no answer: Name servers" in shown
    for title in ("Contradictory evidence", "Operators not identified", "Every DNS operator controlled from outside"):
        assert re.search(rf"F-[0-9]+(</b>)? {title}", shown), title
    if kind in ("html", PRINTED):
        assert "Run the audit again, with another resolver" in text
        ids = Counter(re.findall(r'id="(F-[0-9]+)"', text))
        assert set(ids.values()) == {1}
        assert set(re.findall(r'href="#(F-[0-9]+)"', text)) <= set(ids)


def test_the_severity_told_is_the_highest_of_those_inside():
    audit = without(AGENCY, "txt")
    (one,) = [each for each in told(audit, audit.findings) if each.within]
    assert one.finding.rule == "critical-layer-unread"
    assert "coverage-gap" in {each.rule for each in one.within}
    text = render("text", audit, "en")
    assert "?  unknown" not in text
    assert re.search(r"\? unknown  critical  Critical layer left without an answer: Identity and workspace", text)


def test_machines_are_given_every_finding_on_its_own():
    audit = without(AGENCY, "ns")
    for kind in ("json", "jsonl", "sarif", "csv"):
        text = render(kind, audit, "en")
        assert all(found in text for found in unknown(audit)), kind


def test_what_is_undecided_counts_at_the_gate_one_by_one():
    audit = without(AGENCY, "ns")
    ruled = decide(audit, GateTerms(fail_on=Severity.LOW))
    assert unknown(audit) <= {reason.finding for reason in ruled.reasons if reason.decision is Decision.INCONCLUSIVE}
    lines = list(
        gate_lines(without(AGENCY, "mx"), decide(without(AGENCY, "mx"), GateTerms(fail_on=Severity.MEDIUM)), 3)
    )
    assert [line for line in lines if line.startswith("?")] == [
        "? critical-layer-unread [critical, unknown]: Critical layer left without an answer"
    ]
    assert any("and 3 more rules left undecided by it" in line for line in lines)


def test_a_finding_that_somebody_accepted_or_that_the_baseline_knows_stands_alone():
    audit = without(AGENCY, "tls")
    (whole,) = [one for one in told(audit, audit.findings) if one.within]
    for standing in (Standing.WAIVED, Standing.KNOWN, Standing.ALLOWED):
        ruled = decide(audit, GateTerms())
        accepted = tuple(
            replace(ruling, standing=standing) if ruling.finding == whole.within[0].id else ruling
            for ruling in ruled.rulings
        )
        gate = GateResult(decision=ruled.decision, rulings=accepted)
        (now,) = [one for one in told(audit, audit.findings, gate) if one.within]
        assert whole.within[0] not in now.within
        assert Counter(
            x.id for one in told(audit, audit.findings, gate) for x in (one.finding, *one.within)
        ) == Counter(found.id for found in audit.findings)


def test_what_somebody_unknown_leaves_open_as_well_is_not_told_as_silence():
    audit = demo("syndicat-brumeval")
    (whole,) = [one for one in told(audit, audit.findings) if one.within]
    alone = {one.finding.rule for one in told(audit, audit.findings) if one.finding.verdict is Verdict.UNKNOWN}
    assert "mailbox-not-identified" in alone
    assert "same-foreign-controller-mail-identity" in alone
    assert not alone & {each.rule for each in whole.within}


@pytest.mark.parametrize("name", [AGENCY, TOWN])
def test_where_nothing_is_silent_every_finding_is_told_on_its_own(name):
    assert [one.finding for one in told(demo(name), demo(name).findings)] == list(demo(name).findings)


@pytest.mark.parametrize("kind", ["html", "md"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_points_are_printed_where_the_method_gives_none(kind, language):
    audit = without(AGENCY, "ns")
    text = render(kind, audit, language)
    assert "–</td></tr>" in text or kind == "md"
    whole = {"fr": "L’organisation dans son ensemble", "en": "The organisation as a whole"}[language]
    assert not re.search(rf"{whole}[^\n]*?<td>0[.,]0</td>", text)


# one name


@functools.cache
def silent_names(*names):
    return judged(silenced(demo(TOWN).evidence, lambda seen: seen.probe == "host-names" and seen.subject in names))


def waiver(name, rule="host-names-unread", expires="2027-01-31"):
    return Waiver(rule=rule, match=Match(domain=name), reason="not in use any more", owner="IT", expires=expires,
                  ticket=None, where=f"sovscan-waivers.yaml:{name}")  # fmt: skip


def of_names(audit, *waivers):
    """Decision about silent host names alone."""
    ruled = decide(audit, GateTerms(fail_on=Severity.HIGH, waivers=waivers))
    return {reason.decision for reason in ruled.reasons if reason.detail == "host-names-unread"} | {
        reason.decision for reason in ruled.reasons if reason.what == "expired-waiver"
    }


WIKI, BLOG = f"wiki.{DOMAIN}", f"blog.{DOMAIN}"


def test_one_silent_name_is_named_with_what_to_do_in_the_report_and_at_the_gate():
    audit = silent_names(WIKI)
    shown = render("md", audit, "en").replace("\\", "")
    assert f"Service names left without an answer: {WIKI} A (timed out)" in shown
    assert of_names(audit) == {Decision.INCONCLUSIVE}
    only = [found for found in audit.findings if found.rule == "host-names-unread"]
    alone = replace(audit, findings=tuple(only))
    lines = "\n".join(gate_lines(alone, decide(alone, GateTerms()), 3))
    assert f"where: hosting:{DOMAIN}: no answer to {WIKI} A (timeout)" in lines
    assert "next: Run the audit again" in lines
    assert "accept it by that one name in sovscan-waivers.yaml" in lines
    assert f"{{rule: host-names-unread, match: {{domain: {WIKI}}}" in lines


def test_a_name_that_goes_silent_after_the_baseline_was_made_is_not_known():
    known = GateTerms(baseline=make_baseline(silent_names(WIKI)))
    assert decide(silent_names(WIKI), known).decision is Decision.PASSED
    assert decide(silent_names(BLOG), known).decision is Decision.INCONCLUSIVE
    assert decide(silent_names(WIKI, BLOG), known).decision is Decision.INCONCLUSIVE


def test_a_layer_that_goes_silent_after_the_baseline_was_made_is_not_known():
    known = GateTerms(baseline=make_baseline(without(AGENCY, "mx")))
    assert decide(without(AGENCY, "mx"), known).decision is Decision.PASSED
    assert decide(without(AGENCY, "mx", "ns"), known).decision is Decision.INCONCLUSIVE


def test_a_waiver_of_one_name_excuses_its_silence_and_nobody_elses():
    assert of_names(silent_names(WIKI), waiver(WIKI)) == set()
    assert of_names(silent_names(WIKI), waiver(BLOG)) == {Decision.INCONCLUSIVE}
    both = silent_names(WIKI, BLOG)
    assert of_names(both, waiver(WIKI)) == {Decision.INCONCLUSIVE}
    assert of_names(both, waiver(WIKI), waiver(BLOG)) == set()
    assert of_names(silent_names(WIKI), waiver(WIKI, rule="coverage-gap")) == {Decision.INCONCLUSIVE}


def test_a_waiver_of_what_is_above_a_silent_name_does_not_excuse_it():
    """Neither the zone around the audited name nor a part of it: what else goes silent there was not accepted."""
    name = "ville.valombreuse.example"
    wiki, key = f"wiki.{name}", f"s1._domainkey.{name}"
    audit = judged(Scene(domain=name).failed("host-names", wiki, "A").failed("dkim", key, "TXT").evidence())
    for rule, silent, above in (
        ("host-names-unread", wiki, "valombreuse.example"), ("sender-questions-unread", key, f"_domainkey.{name}"),
    ):  # fmt: skip
        (found,) = (each for each in audit.findings if each.rule == rule)
        for accepted, waived in ((silent, True), (name, True), (above, False), (f"x.{silent}", False)):
            ruled = decide(audit, GateTerms(waivers=(waiver(accepted, rule=rule),)))
            assert (ruled.standing(found.id) is Standing.WAIVED) is waived, (rule, accepted)


def test_a_waiver_of_names_excuses_nothing_that_more_than_their_silence_leaves_open():
    audit = silent_names(WIKI)
    (found,) = (each for each in audit.findings if each.rule == "host-names-unread")
    more = replace(found, missing=(*found.missing, "mail.dmarc_policy"))
    assert of_names(replace(audit, findings=(more,)), waiver(WIKI)) == {Decision.INCONCLUSIVE}


def test_a_waiver_of_a_name_ends_like_any_other():
    assert of_names(silent_names(WIKI), waiver(WIKI, expires="2026-01-01")) == {
        Decision.INCONCLUSIVE, Decision.FAILED,
    }  # fmt: skip


def test_a_waiver_of_a_name_excuses_no_layer():
    audit = judged(silenced(demo(TOWN).evidence, lambda seen: seen.probe == "address"))
    ruled = decide(audit, GateTerms(waivers=(waiver(f"www.{DOMAIN}", rule="critical-layer-unread"),)))
    assert "critical-layer-unread" in {reason.detail for reason in ruled.reasons}


# countries


@pytest.mark.parametrize("name", [AGENCY, TOWN, "atelier-kerlann", "syndicat-brumeval"])
def test_the_legal_annex_names_no_country_that_occurs_nowhere(name):
    audit = demo(name)
    seen = {nexus.country for item in audit.items for nexus in item.nexuses}
    proposed = {n.country for move in audit.advice.moves for one in move.alternatives for n in one.nexuses}
    assert {law.country for law in audit.laws} <= seen | proposed
    annex = render("html", audit, "en").partition('id="law"')[2].partition("</section>")[0]
    assert ("concerns a proposed replacement alone" in annex) == any(law.country not in seen for law in audit.laws)
    for item in audit.items:
        assert {law for nexus in item.nexuses for law in nexus.laws} <= {law.id for law in audit.laws}
