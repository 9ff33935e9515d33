"""SPF by RFC 7208: the grammar, the limits, and every provider found whatever the result."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovscan.files.evidence_bundle import make_observation
from sovscan.model.evidence import Asked, Outcome
from sovscan.readers.spf import SpfProblem, SpfRecord, parse
from sovscan.readers.spf_walk import MAX_NODES, SpfResult, pending, walk

SUITE = json.loads((Path(__file__).parent / "fixtures" / "spf_suite.json").read_text(encoding="utf-8"))


def answered(name, rrtype, values, reason=None, outcome=None):
    outcome = outcome or (Outcome.ANSWERED if values else Outcome.ABSENT)
    reason = None if outcome is Outcome.ANSWERED else reason or "nxdomain"
    asked = Asked(name=name, type=rrtype)
    return make_observation(probe="spf", subject=name, outcome=outcome, reason=reason, values=values, asked=asked)


def tree_of(domain, zone):
    """The tree over a whole zone, ``{"name/TYPE": records}``; anything else is absent."""

    def typed(name, rrtype):
        values = zone.get(f"{name}/{rrtype}", ())
        if values == "TIMEOUT":
            return answered(name, rrtype, (), "timeout", Outcome.FAILED)
        return answered(name, rrtype, values)

    return walk(domain, lambda name: typed(name, "TXT"), typed=typed)


def policy(text, **included):
    """The tree of ``d.example`` with this record, and the records of names below ``example``."""
    zone = {"d.example/TXT": (text,), **{f"{label}.example/TXT": (record,) for label, record in included.items()}}
    return tree_of("d.example", zone)


def names(tree):
    return [node.name for node in tree.nodes]


@pytest.mark.parametrize(("texts", "expected"), SUITE["records"])
def test_records_are_read_as_the_rfc_7208_suite_says(texts, expected):
    found = parse(texts)
    assert {SpfRecord: "ok", SpfProblem: "permerror", type(None): "none"}[type(found)] == expected


@pytest.mark.parametrize("case", SUITE["trees"], ids=lambda case: case["name"])
def test_limits_are_those_of_the_rfc_7208_suite(case):
    result = tree_of(case["domain"], case["zone"]).result
    if case["name"] == "include-temperror":
        assert result is SpfResult.TEMPERROR
    elif case["name"] == "include-at-limit":
        # Its sender matches before the eleventh look-up; a policy is judged for the sender that matches nothing.
        assert result is SpfResult.PERMERROR
    elif case["result"] == ["permerror"]:
        assert result is SpfResult.PERMERROR
    else:
        assert result is SpfResult.OK


def test_case_does_not_matter():
    tree = policy("V=SPF1 INCLUDE:SPF.Prestataire.EXAMPLE -ALL")
    assert names(tree) == ["spf.prestataire.example"]


def test_two_records_are_an_error_that_shows_both():
    zone = {"d.example/TXT": ("v=spf1 -all", "v=spf1 include:_spf.google.com ~all", "other")}
    tree = tree_of("d.example", zone)
    assert (tree.result, tree.reason) == (SpfResult.PERMERROR, "several-records")
    assert [text for _, text in tree.records] == ["v=spf1 -all", "v=spf1 include:_spf.google.com ~all"]
    assert "_spf.google.com" in names(tree)


def test_a_bad_prefix_length_is_an_error_that_keeps_the_other_terms():
    tree = policy("v=spf1 ip4:192.0.2.1/33 include:spf.a.example ip6:::/129 -all")
    assert tree.result is SpfResult.PERMERROR
    assert tree.reason.startswith("syntax: ip4:192.0.2.1/33")
    assert names(tree) == ["spf.a.example"]


def test_no_policy_is_a_fact_and_no_answer_is_a_hole():
    assert tree_of("d.example", {}).result is SpfResult.NONE
    assert tree_of("d.example", {"d.example/TXT": ("hello",)}).result is SpfResult.NONE
    silent = tree_of("d.example", {"d.example/TXT": "TIMEOUT"})
    assert (silent.result, silent.reason) == (SpfResult.TEMPERROR, "timeout: d.example")


def test_an_include_that_does_not_answer_is_a_hole_and_keeps_the_others():
    zone = {"d.example/TXT": ("v=spf1 include:a.example include:b.example -all",), "a.example/TXT": "TIMEOUT"}
    zone["b.example/TXT"] = ("v=spf1 ip4:192.0.2.0/24 -all",)
    tree = tree_of("d.example", zone)
    assert tree.result is SpfResult.TEMPERROR
    assert tree.blocks == ("192.0.2.0/24",)


def test_redirect_is_followed_unless_all_comes_first():
    tree = policy("v=spf1 redirect=_spf.example", _spf="v=spf1 ip4:192.0.2.7 ip6:2001:DB8::/32 -all")
    assert tree.result is SpfResult.OK
    assert tree.blocks == ("192.0.2.7/32", "2001:db8::/32")
    assert names(policy("v=spf1 -all redirect=_spf.example")) == []


def test_mutual_includes_are_an_error_and_end():
    tree = policy("v=spf1 include:a.example -all", a="v=spf1 include:d.example include:other.example -all")
    assert (tree.result, tree.reason) == (SpfResult.PERMERROR, "loop: d.example")
    assert "other.example" in names(tree)


def test_thirty_levels_stop_at_ten_lookups():
    zone = {f"s{i}.example/TXT": (f"v=spf1 include:s{i + 1}.example -all",) for i in range(30)}
    asked = []
    tree = walk("s0.example", lambda name: asked.append(name) or answered(name, "TXT", zone[f"{name}/TXT"]))
    assert (tree.result, tree.reason) == (SpfResult.PERMERROR, "too-many-lookups")
    assert len(asked) == 11
    assert names(tree)[-1] == "s11.example"


def test_eleven_includes_are_too_many_and_all_are_named():
    zone = {f"w{i}.example/TXT": (f"v=spf1 ip4:192.0.2.{i} -all",) for i in range(11)}
    ten = "v=spf1 " + " ".join(f"include:w{i}.example" for i in range(10))
    assert tree_of("d.example", {**zone, "d.example/TXT": (ten + " -all",)}).result is SpfResult.OK
    tree = tree_of("d.example", {**zone, "d.example/TXT": (ten + " include:w10.example -all",)})
    assert (tree.result, tree.reason) == (SpfResult.PERMERROR, "too-many-lookups")
    assert "w10.example" in names(tree)
    assert [node.followed for node in tree.nodes if node.name == "w10.example"] == [False]


def test_two_voids_are_allowed_and_three_are_not():
    assert policy("v=spf1 a:v1.example a:v2.example -all").result is SpfResult.OK
    tree = policy("v=spf1 a:v1.example a:v2.example a:v3.example include:later.example -all")
    assert (tree.result, tree.reason) == (SpfResult.PERMERROR, "too-many-voids")
    assert "later.example" in names(tree)


def test_a_bomb_of_nine_by_nine_ends_at_once():
    bomb = "v=spf1 " + " ".join(f"include:b{i}.example" for i in range(9)) + " -all"
    started = time.process_time()
    tree = policy(bomb, **{f"b{i}": bomb for i in range(9)})
    assert tree.result is SpfResult.PERMERROR
    assert len(tree.nodes) <= MAX_NODES
    assert time.process_time() - started < 0.5


def test_a_record_of_a_thousand_terms_is_cut_with_a_flag():
    tree = policy("v=spf1 " + " ".join(f"ip4:192.0.2.{i % 256}" for i in range(1000)) + " -all")
    assert len(tree.nodes) == MAX_NODES
    assert tree.truncated


def test_a_macro_is_never_expanded_and_names_only_its_literal_end():
    tree = policy("v=spf1 exists:%{i}._spf.mta.prestataire.example include:%{d}.evil.example include:x.%{d} -all")
    assert [(node.name, node.macro, node.followed) for node in tree.nodes] == [
        ("_spf.mta.prestataire.example", True, False),
        ("evil.example", True, False),
        ("", True, False),
    ]
    assert tree.result is SpfResult.OK
    assert tree.to_ask == ()


def test_a_look_alike_include_is_kept_as_it_is():
    assert names(policy("v=spf1 include:_spf.google.com.evil.example -all")) == ["_spf.google.com.evil.example"]


def test_more_than_ten_mail_hosts_behind_mx_are_an_error():
    hosts = tuple(f"10 m{i}.example" for i in range(11))
    tree = tree_of("d.example", {"d.example/TXT": ("v=spf1 mx -all",), "d.example/MX": hosts})
    assert (tree.result, tree.reason) == (SpfResult.PERMERROR, "too-many-mx: d.example")


def test_a_walk_says_what_is_still_to_be_asked():
    first = walk("d.example", lambda _: None)
    assert pending(first) == (("d.example", "TXT"),)
    known = {"d.example": answered("d.example", "TXT", ("v=spf1 include:a.example a mx:m.example -all",))}
    second = walk("d.example", known.get, typed=lambda _name, _type: None)
    assert second.result is SpfResult.PENDING
    assert set(pending(second)) == {("a.example", "TXT"), ("d.example", "A"), ("m.example", "MX")}


@pytest.mark.parametrize(
    "text",
    ["v=spf1 a:" + "a." * 32000 + "é", "v=spf1 include:" + "%{d}" * 16000 + "!", "v=spf1 a:" + "a-" * 32000,
     "v=spf1 x=" + "%" * 64000, "v=spf1 a" + "/1" * 32000, "v=spf1 " + "include:a.example " * 4000,
     "v=spf1 a:" + "1" * 64000],
)  # fmt: skip
def test_a_long_hostile_record_is_read_in_linear_time(text):
    started = time.process_time()
    parse([text])
    assert time.process_time() - started < 0.5


@given(st.lists(st.text(max_size=60).map(lambda text: "v=spf1 " + text), max_size=3))
def test_any_text_after_the_version_is_a_record_or_an_error(texts):
    found = parse(texts)
    assert (found is None) == (not texts)
    if len(texts) > 1:
        assert isinstance(found, SpfProblem)


SPF_WORDS = st.sampled_from(
    ["include:a.example", "include:b.example", "redirect=c.example", "a", "mx", "ptr", "exists:%{i}.x.example", "-all",
     "ip4:192.0.2.0/24", "ip4:x", "a:a.example/24//64", "?include:d.example", "~all", "exp=e.example", "moo"]
)  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c", "d", "e"]), st.lists(SPF_WORDS, max_size=8).map(" ".join), min_size=1
    )
)
def test_every_tree_keeps_within_the_limits(records):
    zone = {f"{label}.example/TXT": (f"v=spf1 {text}",) for label, text in records.items()}
    asked = []

    def lookup(name):
        asked.append(name)
        return answered(name, "TXT", zone.get(f"{name}/TXT", ()))

    tree = walk("d.example", lookup)
    assert len(asked) <= 11
    assert len(tree.nodes) <= MAX_NODES
    assert tree.result in {SpfResult.OK, SpfResult.NONE, SpfResult.PERMERROR}
    assert (tree.reason is None) == (tree.result in {SpfResult.OK, SpfResult.NONE})
