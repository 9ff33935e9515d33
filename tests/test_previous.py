"""A report says what changed since an earlier audit, and never takes for progress what was only not looked at."""

import functools
import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovscan.audit import audit
from sovscan.cli.bundle import write_bundle
from sovscan.cli.comparing import Files
from sovscan.cli.exits import ExitCode
from sovscan.cli.main import run
from sovscan.cli.previous import compared
from sovscan.compare import kept, kept_bytes
from sovscan.compare.sight import about
from sovscan.files.canonical import loads
from sovscan.files.evidence_bundle import in_order, make_observation, write_evidence
from sovscan.files.records import from_plain, to_plain
from sovscan.locale.words import words
from sovscan.model.audit import Audit
from sovscan.model.dependency import Confidence
from sovscan.model.evidence import Outcome
from sovscan.model.finding import Verdict
from sovscan.model.previous import Cause, Fate, Part, Previous
from sovscan.render.format import RenderOptions
from sovscan.render.html import render_html
from sovscan.render.markdown import render_markdown
from sovscan.render.registry import formats
from sovscan.render.text import render_text
from sovscan.render.view.findings import finding_row
from sovscan.render.view.reading import read
from sovscan.render.view.shown import Shown
from sovscan.render.view.since import change_row
from sovscan.score.policy import load_policy
from tests.hostile_text import ALL
from tests.later import DOMAIN, moved_mail, same_later
from tests.results import CATALOGUE, HALF_SILENT, RULEBOOK, SME, TOWN_HALL, judged, recorded, without
from tests.test_compare import other_catalogue, other_rules

OPTIONS = RenderOptions()
QUIET = ("--quiet", "--exit-zero")


def files():
    return Files(CATALOGUE(), RULEBOOK())


def since(evidence, before, today=None, profile="practical") -> Audit:
    """The audit of some evidence, compared with an earlier one."""
    today = today or files()
    result = audit(evidence, today.catalogue, today.rulebook, load_policy(profile))
    return compared(result, kept(before), today)


def told(result) -> Previous:
    assert result.previous is not None
    return result.previous


def fates(result) -> dict[Fate, set[str]]:
    found: dict[Fate, set[str]] = {}
    for change in told(result).findings:
        found.setdefault(change.fate, set()).add(f"{change.rule} {change.location}")
    return found


def points(result) -> dict[Part, float]:
    return {shift.part: shift.points for shift in told(result).shifts}


@pytest.fixture(scope="module")
def moved():
    return since(moved_mail(), judged(TOWN_HALL))


def test_a_move_of_the_mail_resolves_its_findings_and_names_who_left_and_who_came(moved):
    found = fates(moved)
    assert "inbound-mail-us-controlled mail_in:autodiscover.outlook.com" in found[Fate.RESOLVED]
    assert any(one.startswith("mail-gateway-foreign") for one in found[Fate.RESOLVED])
    assert "mail-host-foreign-presence mail_in:mx1.mail.ovh.net" in found[Fate.NEW]
    services = {(one.layer, one.role): one for one in told(moved).services}
    mailbox = services["mail_in", "mailbox"]
    assert ([one.name for one in mailbox.before], [one.name for one in mailbox.after]) == (["Microsoft"], ["OVHcloud"])
    assert mailbox.causes == (Cause.REAL,)
    assert services["mail_in", "gateway"].fate is Fate.RESOLVED


def test_what_was_answered_then_and_is_not_now_is_not_checked_and_never_resolved(moved):
    found = fates(moved)
    support = f"business-software-foreign saas:support.{DOMAIN}"
    assert support in found[Fate.UNCHECKED]
    assert support not in found.get(Fate.RESOLVED, set())
    service = next(one for one in told(moved).services if one.layer == "saas")
    assert (service.fate, service.causes) == (Fate.UNCHECKED, (Cause.LOST_SIGHT,))
    # Had it answered, it would stand as it stood.
    sighted = since(moved_mail(blind=False), judged(TOWN_HALL))
    assert not {one for fate in fates(sighted).values() for one in fate if one == support}


def test_points_gained_by_blindness_are_never_put_down_to_the_organisation(moved):
    assert points(moved)[Part.LOST_SIGHT] > 0
    sighted = since(moved_mail(blind=False), judged(TOWN_HALL))
    assert points(moved)[Part.EVIDENCE] == pytest.approx(points(sighted)[Part.EVIDENCE], abs=0.5)
    assert Part.LOST_SIGHT not in points(sighted)


@pytest.mark.parametrize("probe", ["mx", "web", "txt", "host-names", "ns", "address"])
def test_silence_alone_resolves_nothing_and_changes_nothing_at_the_organisation(probe):
    blind = same_later(without(recorded(TOWN_HALL), probe))
    found = since(blind, judged(TOWN_HALL))
    assert told(found).counts[Fate.RESOLVED] == 0
    assert told(found).counts[Fate.NEW] == 0
    assert points(found)[Part.EVIDENCE] == 0
    assert {one.fate for one in told(found).services} <= {Fate.UNCHECKED, Fate.FIRST_SEEN}
    back = since(same_later(recorded(TOWN_HALL)), audit(blind, CATALOGUE(), RULEBOOK(), load_policy()))
    assert told(back).counts[Fate.RESOLVED] == told(back).counts[Fate.NEW] == 0
    assert points(back)[Part.EVIDENCE] == 0


def test_a_question_nobody_asked_this_time_resolves_nothing():
    whole = recorded(TOWN_HALL)
    unasked = replace(whole, observations=tuple(seen for seen in whole.observations if seen.probe != "host-names"))
    found = since(same_later(unasked), judged(TOWN_HALL))
    assert told(found).counts[Fate.RESOLVED] == 0
    assert points(found)[Part.EVIDENCE] == 0


def answers(evidence, change):
    """The evidence with each observation as ``change`` tells it: fields to replace, or None to leave it out."""
    kept = []
    for seen in evidence.observations:
        fields = change(seen)
        if fields is not None:
            plain = {name: getattr(seen, name) for name in ("probe", "subject", "outcome", "reason", "values", "asked")}
            kept.append(make_observation(**({**plain, "detail": dict(seen.detail)} | fields)) if fields else seen)
    return replace(evidence, observations=in_order(kept))


def test_an_alias_that_a_half_failed_question_showed_and_shows_no_more_is_not_checked():
    def failed(detail):
        hole = {"outcome": Outcome.FAILED, "reason": "timeout", "values": ()} | detail
        return answers(recorded(TOWN_HALL), lambda seen: hole if seen.subject == f"support.{DOMAIN}" else {})

    halfway = audit(failed({}), CATALOGUE(), RULEBOOK(), load_policy())
    support = f"business-software-foreign saas:support.{DOMAIN}"
    lost = since(same_later(failed({"detail": {}})), halfway)
    assert support in fates(lost)[Fate.UNCHECKED]
    assert told(lost).counts[Fate.RESOLVED] == 0
    assert points(lost)[Part.EVIDENCE] == 0
    before = audit(failed({"detail": {}}), CATALOGUE(), RULEBOOK(), load_policy())
    gained = since(same_later(failed({})), before)
    assert support in fates(gained)[Fate.FIRST_SEEN]
    assert told(gained).counts[Fate.NEW] == 0


def test_a_page_that_nobody_asked_for_is_not_checked_although_its_host_moved():
    def moved_unread(seen):
        if seen.probe == "web":
            return None
        at_www = (seen.probe, seen.subject, seen.asked.type) == ("address", f"www.{DOMAIN}", "A")
        return {"values": ("192.0.2.7",)} if at_www else {}

    found = since(same_later(answers(recorded(TOWN_HALL), moved_unread)), judged(TOWN_HALL))
    assert any(one.startswith("fonts-or-scripts-foreign") for one in fates(found)[Fate.UNCHECKED])
    assert not [one for one in fates(found).get(Fate.RESOLVED, ()) if "web3p" in one]
    assert {one.fate for one in told(found).services if one.layer == "web3p"} == {Fate.UNCHECKED}


def test_a_page_whose_host_is_no_more_is_gone_with_it():
    def taken_down(seen):
        if seen.probe in {"web", "tls"} and seen.subject.removeprefix("https://").startswith(f"www.{DOMAIN}"):
            return None
        if (seen.probe, seen.subject) == ("address", f"www.{DOMAIN}"):
            return {"outcome": Outcome.ABSENT, "reason": "nxdomain", "values": (), "detail": {}}
        return {}

    found = since(same_later(answers(recorded(TOWN_HALL), taken_down)), judged(TOWN_HALL))
    assert any("web3p" in one for one in fates(found)[Fate.RESOLVED])


@settings(max_examples=4, deadline=None)
@given(st.randoms(use_true_random=False))
def test_whatever_either_audit_missed_of_the_same_answers_nothing_is_new_or_resolved(chance):
    def glimpsed():
        def missed(seen):
            drawn = chance.random()
            hole = {"outcome": Outcome.FAILED, "reason": "timeout", "values": ()}
            told = {} if drawn < 0.1 else {"detail": {}}
            return hole | told if drawn < 0.2 else None if drawn < 0.3 else {}

        return answers(recorded(TOWN_HALL), missed)

    found = since(same_later(glimpsed()), audit(glimpsed(), CATALOGUE(), RULEBOOK(), load_policy()))
    assert told(found).counts[Fate.RESOLVED] == told(found).counts[Fate.NEW] == 0
    assert points(found)[Part.EVIDENCE] == 0
    assert not {one.fate for one in told(found).services} & {Fate.RESOLVED, Fate.NEW}


def test_a_sender_taken_out_of_the_policy_is_gone_although_nobody_asks_for_its_addresses_any_more():
    found = since(moved_mail(blind=False), judged(TOWN_HALL))
    assert any(one.startswith("outbound-sender-us-controlled") for one in fates(found)[Fate.RESOLVED])
    assert Fate.UNCHECKED not in fates(found)


def test_the_same_answers_half_a_year_later_have_no_real_change():
    found = since(same_later(recorded(TOWN_HALL)), judged(TOWN_HALL))
    assert points(found)[Part.EVIDENCE] == 0
    assert set(fates(found)) <= {Fate.RECOUNTED, Fate.PERSISTS}
    assert told(found).services == ()


def test_another_catalogue_and_other_rules_are_no_change_of_the_organisation():
    then = audit(recorded(TOWN_HALL), other_catalogue(), other_rules(), load_policy())
    found = since(recorded(TOWN_HALL), then)
    assert points(found)[Part.EVIDENCE] == 0
    assert points(found)[Part.FILES] == told(found).difference
    assert set(fates(found)) <= {Fate.RECOUNTED, Fate.PERSISTS}
    assert fates(found)[Fate.RECOUNTED]


def test_what_another_version_of_the_program_read_otherwise_is_the_methods_doing():
    first = judged(TOWN_HALL)
    older = replace(first, score=replace(first.score, value=first.score.value - 3), findings=first.findings[:-1])
    found = since(recorded(TOWN_HALL), older)
    assert points(found) == {Part.METHOD: 3.0, Part.EVIDENCE: 0.0}


def with_a_second_target():
    whole, other = recorded(TOWN_HALL), recorded(SME)
    second = tuple(replace(target, main=False) for target in other.targets)
    seen = in_order((*whole.observations, *other.observations))
    return replace(whole, targets=(*whole.targets, *second), observations=seen)


@functools.cache
def wide():
    return audit(with_a_second_target(), CATALOGUE(), RULEBOOK(), load_policy())


def test_a_target_left_out_takes_its_findings_out_of_scope_and_one_added_brings_its_own():
    both = with_a_second_target()
    second = tuple(target for target in both.targets if not target.main)
    left = since(same_later(recorded(TOWN_HALL)), wide())
    assert told(left).targets_removed == tuple(target.value for target in second)
    assert told(left).counts[Fate.RESOLVED] == told(left).counts[Fate.UNCHECKED] == 0
    assert told(left).counts[Fate.OUT_OF_SCOPE] > 0
    assert points(left)[Part.EVIDENCE] == 0
    added = since(same_later(both), judged(TOWN_HALL))
    assert told(added).targets_added == tuple(target.value for target in second)
    assert told(added).counts[Fate.NEW] == told(added).counts[Fate.FIRST_SEEN] == 0
    assert told(added).counts[Fate.IN_SCOPE] > 0


def test_a_target_below_another_is_not_of_the_scope_of_that_one():
    whole = recorded(TOWN_HALL)
    [above] = whole.targets
    both = replace(whole, targets=(above, replace(above, value=f"www.{DOMAIN}", main=False)))
    asked_above, asked_below = (about(both, {target.value}) for target in both.targets)
    page = ("web", f"https://www.{DOMAIN}/", "GET")
    assert page in asked_below
    assert page not in asked_above
    assert page in about(whole, {DOMAIN})


def test_a_mail_host_renamed_at_the_same_provider_is_neither_resolved_nor_new():
    def at(host):
        seen = [one for one in recorded(SME).observations if one.probe not in ("mx", "mx-address")]
        old = next(one for one in recorded(SME).observations if one.probe == "mx")
        asked = make_observation(
            probe="mx", subject=old.subject, outcome=Outcome.ANSWERED, values=(f"1 {host}",), asked=old.asked
        )
        return replace(recorded(SME), observations=in_order((*seen, asked)))

    before = audit(at("mx1.mail.ovh.net"), CATALOGUE(), RULEBOOK(), load_policy())
    found = since(same_later(at("mx4.mail.ovh.net")), before)
    about = [change for change in told(found).findings if "mail.ovh.net" in change.location]
    assert about
    assert {change.fate for change in about} == {Fate.PERSISTS}


@pytest.mark.parametrize("make", [moved_mail, lambda: same_later(without(recorded(TOWN_HALL), "web"))])
def test_the_parts_add_up_to_the_difference_of_the_scores_as_printed(make):
    found = since(make(), judged(TOWN_HALL))
    before = told(found)
    assert round(sum(shift.points for shift in before.shifts), 1) == before.difference
    assert round(round(found.score.value, 1) - round(before.standing.value, 1), 1) == before.difference
    assert before.open_after == sum(finding.verdict is not Verdict.CLEAR for finding in found.findings)
    standing = {Fate.NEW, Fate.FIRST_SEEN, Fate.IN_SCOPE, Fate.PERSISTS}
    counted = sum(before.counts[fate] for fate in standing)
    others = sum(change.after is not None for change in before.findings if change.fate not in standing)
    assert counted + others == before.open_after


def test_unrated_scores_are_not_compared_and_findings_still_are():
    before = judged(HALF_SILENT)
    found = since(same_later(recorded(HALF_SILENT)), before)
    for language in ("fr", "en"):
        text = render_text(found, language, OPTIONS).decode()
        assert words(language).number(before.score.value) not in text
        assert words(language)("since.part.evidence") not in render_html(found, language, OPTIONS).decode()
    assert "scores not comparable, grade unchanged (NR)" in render_text(found, "en", OPTIONS).decode()


# Through the command.


@pytest.fixture
def two(tmp_path):
    """Evidence of then and of now, and the result of then."""
    then, now = tmp_path / "then.jsonl", tmp_path / "now.jsonl"
    then.write_bytes(write_evidence(recorded(TOWN_HALL)))
    now.write_bytes(write_evidence(moved_mail()))
    assert run(["judge", str(then), "--output", f"json:{tmp_path / 'then.json'}", *QUIET]) is ExitCode.PASS
    return tmp_path / "then.json", now


def judge(*given) -> ExitCode:
    return run(["judge", *map(str, given), *QUIET])


def test_the_command_puts_the_comparison_into_the_result_and_every_form(two, tmp_path, capsys):
    before, now = two
    outputs = [f"{name}:{tmp_path / name}" for name in ("json", "html", "md", "text")]
    asked = [part for output in outputs for part in ("--output", output)]
    assert judge(now, "--previous", before, "--lang", "fr", *asked) is ExitCode.PASS
    result = from_plain(Audit, loads((tmp_path / "json").read_bytes()))
    resolved = words("fr")("since.count.resolved", n=told(result).counts[Fate.RESOLVED])
    unchecked = words("fr")("since.count.not-checked", n=told(result).counts[Fate.UNCHECKED])
    for name in ("html", "md", "text"):
        page = (tmp_path / name).read_text().replace("\\", "")
        assert resolved in page, name
        assert unchecked in page, name
        assert words("fr")("summary.no_change") not in page
    assert run(["report", str(tmp_path / "json"), "--format", "text", "--lang", "fr"]) is ExitCode.PASS
    assert resolved in capsys.readouterr().out


def test_the_bundle_carries_what_was_compared_and_gives_the_same_bytes_again(two, tmp_path):
    before, now = two
    assert judge(now, "--previous", before, "--deliverables", tmp_path / "out", "--lang", "en") is ExitCode.PASS
    [bundle] = (tmp_path / "out").glob("*.sovscan")
    first = (tmp_path / "out" / "result.json").read_bytes()
    assert (bundle / "previous.json").read_bytes() == kept_bytes(judged(TOWN_HALL))
    for place in (bundle, bundle.with_name(f"{bundle.name}.tar.gz")):
        assert run(["evidence", "verify", str(place)]) is ExitCode.PASS
        again = tmp_path / "again.json"
        assert judge(place, "--output", f"json:{again}") is ExitCode.PASS
        assert again.read_bytes() == first
        # The bundle of then, or what a bundle kept of it, is as good as the whole result.
        assert judge(now, "--previous", bundle / "previous.json", "--output", f"json:{again}") is ExitCode.PASS
        assert again.read_bytes() == first
    alone = tmp_path / "alone.json"
    assert judge(bundle / "evidence.jsonl", "--output", f"json:{alone}") is ExitCode.PASS
    assert json.loads(alone.read_bytes())["previous"] is None


def test_a_bundle_whose_earlier_result_was_exchanged_does_not_verify(moved, tmp_path, capsys):
    bundle = tmp_path / "town.sovscan"
    write_bundle(bundle, moved_mail(), moved, kept(judged(TOWN_HALL)))
    assert run(["evidence", "verify", str(bundle)]) is ExitCode.PASS
    (bundle / "previous.json").write_bytes(kept_bytes(judged(TOWN_HALL, profile="strict")))
    assert run(["evidence", "verify", str(bundle)]) is ExitCode.POLICY
    assert "previous.json: is not what result.json is compared with" in capsys.readouterr().out


def test_a_folder_written_again_without_a_comparison_keeps_nothing_of_the_last(moved, tmp_path):
    bundle = tmp_path / "town.sovscan"
    for result, before in ((moved, kept(judged(TOWN_HALL))), (replace(moved, previous=None), None)):
        write_bundle(bundle, moved_mail(), result, before)
        assert (bundle / "previous.json").exists() is (before is not None)
        assert run(["evidence", "verify", str(bundle)]) is ExitCode.PASS


def test_an_audit_of_another_organisation_is_refused_and_named(two, tmp_path, capsys):
    other = tmp_path / "other.json"
    other.write_bytes(kept_bytes(judged(SME)))
    assert judge(two[1], "--previous", other) is ExitCode.USAGE
    said = capsys.readouterr().err
    assert "another organisation" in said
    assert DOMAIN in said
    assert "kerlann-demo.fr" in said


def damaged(plain, how):
    if how == "schema":
        return {**plain, "schema": "other-result/7"}
    if how == "key":
        return {**plain, "unheard": 1}
    if how == "answer":
        plain["evidence"]["observations"][0]["values"] = ["invented"]
    if how == "digest":
        plain["evidence_digest"] = "0" * 64
    return plain


@pytest.mark.parametrize("how", ["schema", "key", "answer", "digest"])
def test_a_foreign_or_damaged_result_is_refused(how, two, tmp_path, capsys):
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(damaged(json.loads(two[0].read_bytes()), how)))
    assert judge(two[1], "--previous", broken) is ExitCode.USAGE
    assert "broken.json" in capsys.readouterr().err


def test_what_is_no_result_at_all_is_refused(two, tmp_path):
    for content in (b"", b"\x00\xff", b"[]", b"{", two[1].read_bytes()):
        other = tmp_path / "other"
        other.write_bytes(content)
        assert judge(two[1], "--previous", other) is ExitCode.USAGE
    assert judge(two[1], "--previous", tmp_path / "nowhere") is ExitCode.USAGE


def test_an_earlier_bundle_that_was_changed_is_refused(two, tmp_path, capsys):
    bundle = tmp_path / "town.sovscan"
    write_bundle(bundle, recorded(TOWN_HALL), judged(TOWN_HALL))
    assert judge(two[1], "--previous", bundle, "--output", f"json:{tmp_path / 'a.json'}") is ExitCode.PASS
    stored = json.loads((bundle / "result.json").read_bytes())
    stored["score"]["value"] = 99.0
    (bundle / "result.json").write_text(json.dumps(stored))
    assert judge(two[1], "--previous", bundle) is ExitCode.USAGE
    assert "changed since the manifest was written" in capsys.readouterr().err


def test_an_audit_that_was_collected_later_is_no_earlier_one(two, tmp_path, capsys):
    later = tmp_path / "later.json"
    assert judge(two[1], "--output", f"json:{later}") is ExitCode.PASS
    assert judge(tmp_path / "then.jsonl", "--previous", later) is ExitCode.USAGE
    assert "collected later" in capsys.readouterr().err


def test_an_audit_refuses_another_organisation_before_the_first_packet(tmp_path, capsys):
    other = tmp_path / "other.json"
    other.write_bytes(kept_bytes(judged(SME)))
    assert run(["audit", DOMAIN, "--previous", str(other), "--offline", *QUIET]) is ExitCode.USAGE
    assert "another organisation" in capsys.readouterr().err


def test_an_organisation_file_names_the_earlier_audit_of_its_own_targets(tmp_path, monkeypatch):
    (tmp_path / "audits").mkdir()
    (tmp_path / "audits" / "last.json").write_bytes(kept_bytes(judged(TOWN_HALL)))
    file = tmp_path / "sovscan.yaml"
    file.write_text(f"targets: [{DOMAIN}]\nprevious: audits/last.json\n")
    monkeypatch.chdir(tmp_path)
    result = tmp_path / "now.json"
    assert run(["audit", "--offline", "--output", f"json:{result}", *QUIET]) is ExitCode.PASS
    found = from_plain(Audit, loads(result.read_bytes()))
    # Nothing was asked: whatever stood is not checked.
    assert told(found).counts[Fate.RESOLVED] == 0
    assert told(found).counts[Fate.UNCHECKED] > 0
    # It is of no use for what the command line names instead.
    assert run(["audit", "other.example", "--offline", "--output", f"json:{result}", *QUIET]) is ExitCode.PASS
    assert json.loads(result.read_bytes())["previous"] is None


def test_a_file_that_nobody_named_compares_with_nothing_outside_its_folder(tmp_path, monkeypatch, capsys):
    folder = tmp_path / "checkout"
    folder.mkdir()
    (tmp_path / "last.json").write_bytes(kept_bytes(judged(TOWN_HALL)))
    (folder / "sovscan.yaml").write_text(f"targets: [{DOMAIN}]\nprevious: ../last.json\n")
    monkeypatch.chdir(folder)
    assert run(["audit", "--offline", *QUIET]) is ExitCode.USAGE
    assert "sovscan.yaml:2:11" in capsys.readouterr().err
    result = tmp_path / "now.json"
    assert (
        run(["audit", "--offline", "--config", "sovscan.yaml", "--output", f"json:{result}", *QUIET]) is ExitCode.PASS
    )
    assert json.loads(result.read_bytes())["previous"] is not None


# In words.


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_part_cause_and_fate_has_words(language):
    say = words(language)
    for part in Part:
        assert all(say.has(f"since.{kind}.{part}") for kind in ("short", "part", "part_means"))
    assert all(say.has(f"since.cause.{cause}") for cause in Cause)
    for fate in Fate:
        assert all(say.has(f"since.{kind}.{fate}") for kind in ("count", "group", "note"))
    assert all(say.has(f"since.service.{fate}") for fate in Fate if fate is not Fate.PERSISTS)


def test_what_was_not_checked_is_marked_unknown_and_never_clear(moved):
    page = render_html(moved, "en", OPTIONS).decode()
    chapter = page[page.index('id="since"') : page.index("</section>", page.index('id="since"'))]
    row = next(one for one in chapter.split("<tr>") if f"support.{DOMAIN}" in one)
    assert re.search(r'"mark unknown">(<i aria-hidden="true">\?</i> )?not checked', row)
    assert "resolved" not in row


def test_hostile_text_of_an_earlier_result_is_shown_harmless(moved):
    before = told(moved)
    cycle = iter(ALL * 20)
    hostile = replace(
        moved,
        previous=replace(
            before,
            collected_at=next(cycle),
            model_version=next(cycle),
            catalogue_date=next(cycle),
            profile=next(cycle),
            targets_added=(next(cycle), next(cycle)),
            findings=tuple(
                replace(one, location=next(cycle), operator=one.operator and replace(one.operator, name=next(cycle)))
                for one in before.findings
            ),
            services=tuple(
                replace(one, domain=next(cycle), before=tuple(replace(who, name=next(cycle)) for who in one.before))
                for one in before.services
            ),
        ),
    )
    unseen = "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
    for language in ("fr", "en"):
        page = render_html(hostile, language, OPTIONS).decode()
        assert not re.search(unseen, page)
        assert page.count("<script") == 1
        for render in (render_text, render_markdown):
            assert not re.search(unseen, render(hostile, language, OPTIONS).decode())


def test_the_result_with_a_comparison_is_what_its_schema_describes(moved, capsysbinary):
    jsonschema = pytest.importorskip("jsonschema")
    assert run(["schema", "result"]) is ExitCode.PASS
    schema = json.loads(capsysbinary.readouterr().out)
    jsonschema.validate(json.loads(formats()["json"].render(moved, "en", OPTIONS)), schema)
    assert from_plain(Audit, to_plain(moved)) == moved


def test_a_result_written_before_there_were_comparisons_is_still_read():
    plain = to_plain(judged(SME))
    del plain["previous"]
    assert from_plain(Audit, plain) == judged(SME)


# --- marks in the tables of findings, and states in SARIF ------------------------------------------------------------


@pytest.mark.parametrize(("language", "new"), [("fr", "Nouveau depuis le "), ("en", "New since ")])
def test_every_table_of_findings_marks_what_is_new_with_its_day(moved, language, new):
    number = sum(change.fate is Fate.NEW and change.after is not None for change in told(moved).findings)
    assert number > 0
    mark = f"{new}{words(language).day(told(moved).collected_at)}"
    for render in (render_html, render_markdown):
        assert render(moved, language, OPTIONS).decode().count(mark) == number
    assert mark in render_text(moved, language, OPTIONS).decode()
    alone = replace(moved, previous=None)
    for render in (render_html, render_markdown, render_text):
        assert new not in render(alone, language, OPTIONS).decode()


def test_what_was_only_not_read_then_is_not_marked_new():
    blind = without(recorded(TOWN_HALL), "web")
    found = since(same_later(recorded(TOWN_HALL)), audit(blind, CATALOGUE(), RULEBOOK(), load_policy()))
    page = render_markdown(found, "en", OPTIONS).decode()
    assert "Not read on " in page
    assert "New since " not in page


def sarif(result, **options):
    log = json.loads(formats()["sarif"].render(result, "en", replace(OPTIONS, **options)))
    schema = json.loads((Path(__file__).parent / "schemas" / "sarif-schema-2.1.0.json").read_text())
    jsonschema.Draft7Validator(schema).validate(log)
    return log["runs"][0]


def test_every_result_has_a_state_and_it_is_that_of_the_comparison(moved):
    states = {one["partialFingerprints"]["sovscan/v1"]: one["baselineState"] for one in sarif(moved)["results"]}
    changes = {change.finding: change for change in told(moved).findings}
    for finding in moved.findings:
        change = changes.get(finding.id)
        if change is not None and change.after is None:
            continue
        expected = "unchanged" if change is None else "updated" if change.before else "new"
        assert states.get(finding.id, expected) == expected
    for change in changes.values():
        if change.after is None:
            looked_at = change.fate not in (Fate.UNCHECKED, Fate.OUT_OF_SCOPE)
            assert states[change.finding] == ("absent" if looked_at else "updated")
    assert {"new", "unchanged", "updated", "absent"} == set(states.values())


def test_silence_alone_makes_nothing_absent():
    blind = same_later(without(recorded(TOWN_HALL), "mx"))
    run = sarif(since(blind, judged(TOWN_HALL)))
    kept = [one for one in run["results"] if one["properties"].get("fate") == "not-checked"]
    assert kept
    assert {(one["kind"], one["level"], one["baselineState"]) for one in kept} == {("open", "none", "updated")}
    assert run["properties"]["absent"] == sum(one["baselineState"] == "absent" for one in run["results"])
    assert not [one for one in run["results"] if one["baselineState"] == "absent" and one["kind"] == "pass"]


def test_what_is_new_on_a_weak_sign_is_to_be_confirmed_in_the_comparison_as_in_the_list(moved):
    new = next(one for one in told(moved).findings if one.fate is Fate.NEW and one.after is Verdict.EXPOSED)
    weak = tuple(replace(one, confidence=Confidence.WEAK) if one.id == new.finding else one for one in moved.findings)
    marks = []
    for result in (moved, replace(moved, findings=weak)):
        reading = read(result, words("en"), Shown())
        listed = next(finding_row(reading, one) for one in result.findings if one.id == new.finding)
        marks.append((listed.mark.key, change_row(reading, new).now.key))
    assert marks == [("exposed", "exposed"), ("to_confirm", "to_confirm")]


def test_leaving_a_target_out_makes_none_of_its_findings_absent():
    run = sarif(since(same_later(recorded(TOWN_HALL)), wide()))
    left = [one for one in run["results"] if one["properties"].get("fate") == "out-of-scope"]
    assert left
    assert {(one["kind"], one["level"], one["baselineState"]) for one in left} == {("open", "none", "updated")}


def test_what_is_gone_and_nobody_can_say_why_stays_an_open_question(moved):
    gone = next(one for one in told(moved).findings if one.after is None and one.fate is Fate.RESOLVED)
    odd = replace(gone, fate=Fate.RECOUNTED, causes=(Cause.UNEXPLAINED,))
    before = replace(told(moved), findings=tuple(odd if one == gone else one for one in told(moved).findings))
    (state,) = (
        (one["kind"], one["baselineState"])
        for one in sarif(replace(moved, previous=before))["results"]
        if one["partialFingerprints"]["sovscan/v1"] == gone.finding
    )
    assert state == ("open", "updated")


def test_without_an_earlier_audit_no_result_has_a_state():
    assert not [one for one in sarif(judged(TOWN_HALL))["results"] if "baselineState" in one]


def test_where_alerts_are_opened_for_every_result_what_is_gone_is_counted_only(moved):
    run = sarif(moved, absent=False)
    assert run["properties"]["absent"] == sarif(moved)["properties"]["absent"] > 0
    assert "absent" not in {one["baselineState"] for one in run["results"]}
    assert "not-checked" in {one["properties"].get("fate") for one in run["results"]}


def test_a_hostile_earlier_result_leads_no_reader_out_of_the_checkout(moved):
    gone = next(change for change in told(moved).findings if change.after is None)
    for location in ("../../etc/passwd:1", "/etc/passwd:1", "hosting:2001:db8::1", "a\x1b[31m:2", "~/x:3"):
        layer = "hosting" if location.startswith("hosting") else gone.layer
        changed = replace(gone, location=location, layer=layer)
        result = replace(moved, previous=replace(told(moved), findings=(changed,)))
        (place,) = (
            one["locations"][0]["physicalLocation"]["artifactLocation"]
            for one in sarif(result)["results"]
            if one["partialFingerprints"]["sovscan/v1"] == gone.finding
        )
        assert "uriBaseId" not in place
        assert not place["uri"].startswith(("/", ".", "~"))
