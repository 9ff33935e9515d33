"""Every finding rule proves itself, says both languages, and means the same to a second engine."""

import random
import re

import cel
import pytest

from sovscan.model.finding import Verdict
from sovscan.rulebook.cel import LONGEST_CONDITION, LONGEST_TEXT, MOST_ITEMS, Condition, ConditionError, Engine
from sovscan.rulebook.examples import run_examples
from sovscan.rulebook.facts import FACTS, declared, types
from sovscan.rulebook.load import THEMES
from sovscan.rulebook.rulebook import DEPENDENCY
from sovscan.rulebook.verdict import RULE_ERROR, Rulings, printed, rule_on
from tests import results

RULEBOOK = results.RULEBOOK()
RULES = {rule.text.id: rule for rule in RULEBOOK.rules}
FORBIDDEN = re.compile(
    r"\b(illegal|unlawful|compliant|guaranteed|immune forever|illégale?s?|conformes?|garantie?s?)\b", re.IGNORECASE
)


def test_there_are_rules_over_every_scored_layer_and_the_organisation():
    themes = {rule.text.theme for rule in RULEBOOK.rules}
    assert len(RULEBOOK.rules) >= 30
    assert themes == set(THEMES)
    assert {rule.scope for rule in RULEBOOK.rules} == {"dependency", "domain", "organisation"}


def test_every_example_leads_to_the_verdict_it_states():
    assert [str(problem) for problem in run_examples(RULEBOOK)] == []


@pytest.mark.parametrize("ident", ["evidence-contradictory", "operators-not-identified"])
def test_what_was_found_is_not_called_undecided_for_what_else_was_not_read(ident):
    rule = RULES[ident]
    (counted,) = (name for name in rule.when.names if name != "organisation.fully_observed")
    assert rule_on(rule, RULEBOOK.engine.bind({counted: 1})).missing == (counted,)
    assert rule_on(rule, RULEBOOK.engine.bind({counted: 0})).missing == ("organisation.fully_observed",)


@pytest.mark.parametrize("ident", sorted(RULES))
def test_a_rule_shows_itself_exposed_clear_and_unknown(ident):
    shown = {example.verdict for example in RULES[ident].examples}
    assert {RULES[ident].verdict, Verdict.CLEAR, Verdict.UNKNOWN} <= shown
    assert (Verdict.EXPOSED in shown) is (RULES[ident].verdict is Verdict.EXPOSED)
    if RULES[ident].only is not None:
        assert Verdict.NOT_APPLICABLE in shown or RULES[ident].scope != "dependency"


@pytest.mark.parametrize(
    "ident",
    [
        "coverage-gap", "hosting-not-identified", "main-page-unread", "mailbox-hidden-by-gateway",
        "mailbox-not-identified", "operators-not-identified", "ownership-unsourced", "third-party-not-identified",
    ],
)  # fmt: skip
def test_a_rule_about_what_is_not_known_is_never_exposed_and_says_what_is_missing(ident):
    rule = RULES[ident]
    applies = [each for each in rule.examples if each.verdict is not Verdict.NOT_APPLICABLE]
    true = [each for each in applies if _second(rule.when.text, dict(each.facts)) is True]
    assert true
    for example in true:
        ruling = rule_on(rule, RULEBOOK.engine.bind(dict(example.facts)))
        held = tuple(name for name in rule.when.names if name in dict(example.facts))
        assert (ruling.verdict, ruling.missing) == (Verdict.UNKNOWN, held)


@pytest.mark.parametrize("ident", sorted(RULES))
def test_an_unknown_example_never_becomes_clear_by_the_absence_of_facts(ident):
    assert rule_on(RULES[ident], RULEBOOK.engine.bind({})).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("ident", sorted(RULES))
def test_a_second_engine_reads_every_example_alike(ident):
    rule = RULES[ident]
    for example in rule.examples:
        assert _second_opinion(rule, dict(example.facts)) is example.verdict, example.where


@pytest.mark.parametrize("ident", sorted(RULES))
def test_a_rule_keeps_to_the_wording_rules_in_both_languages(ident):
    text = RULES[ident].text
    for part in (text.title, text.why, text.remedy):
        for words in (part.fr, part.en):
            assert not FORBIDDEN.search(words), words
            assert "'" not in words, "apostrophes are ’"
        assert part.fr != part.en
        assert not re.search(r"\S[;:!?»](\s|$)", part.fr), f"a French space is missing: {part.fr}"
        assert not re.search(r"\s[;:!?](\s|$)", part.en), f"a French space in English: {part.en}"
    assert not text.title.fr.endswith("."), "a title is a noun phrase"
    assert text.why.fr.endswith(".")
    assert text.why.en.endswith(".")


@pytest.mark.parametrize("ident", sorted(RULES))
def test_a_finding_that_names_the_cloud_act_cites_it_and_a_strong_one_gives_the_proportion(ident):
    text = RULES[ident].text
    if "us-cloud-act" in text.laws:
        assert any("govinfo" in source.url for source in text.sources)
        if text.severity.rank >= 2:
            assert "NCSC" in text.why.fr
            assert "unlikely" in text.why.en


def test_every_declared_fact_is_described_in_both_languages_and_named_once():
    assert len(declared()) == len(FACTS)
    for fact in FACTS:
        assert fact.meaning.fr.strip()
        assert fact.meaning.en.strip()
        assert fact.type in ("bool", "int", "double", "string", "list")
        assert not any(other.name.startswith(f"{fact.name}.") for other in FACTS), "no name is the head of another"


ENGINE = Engine({"a.x": "bool", "a.y": "bool", "a.list": "list", "a.text": "string"})


@pytest.mark.parametrize(
    ("condition", "facts", "value", "missing"),
    [
        ("a.x && a.y", {"a.x": False}, False, ()),
        ("a.y && a.x", {"a.x": False}, False, ()),
        ("a.x || a.y", {"a.x": True}, True, ()),
        ("a.y || a.x", {"a.x": True}, True, ()),
        ("a.x && a.y", {"a.x": True}, None, ("a.y",)),
        ("!a.x", {}, None, ("a.x",)),
        ('"s" in a.list', {"a.list": ()}, False, ()),
    ],
)
def test_a_missing_fact_matters_only_where_it_decides(condition, facts, value, missing):
    answer = ENGINE.compile(condition).ask(ENGINE.bind(facts))
    assert (answer.value, answer.missing) == (value, missing)


def test_a_spent_budget_is_a_problem_never_an_answer():
    text = "a.list.exists(x, a.list.exists(y, a.list.exists(z, x + y + z == 'no')))"
    # No rule may say this; the engine's own bound holds all the same.
    condition = Condition(text=text, names=("a.list",), expression=ENGINE._environment.compile(text))
    answer = condition.ask(ENGINE.bind({"a.list": tuple("abcdefghij" * 10)}))
    assert answer.value is None
    assert "budget" in answer.problem


def test_a_failing_rule_is_unknown_with_rule_error():
    from dataclasses import replace

    rule = RULES["inbound-mail-us-controlled"]
    broken = replace(rule, only=None, when=RULEBOOK.engine.compile("1 / 0 == 1"))
    ruling = rule_on(broken, RULEBOOK.engine.bind({}))
    assert (ruling.verdict, ruling.missing) == (Verdict.UNKNOWN, (RULE_ERROR,))


def test_a_list_too_long_to_be_asked_counts_as_not_known():
    answer = ENGINE.compile('"z" in a.list').ask(ENGINE.bind({"a.list": ("a",) * (MOST_ITEMS + 1)}))
    assert (answer.value, answer.missing) == (None, ("a.list",))


def test_a_text_too_long_to_be_asked_counts_as_not_known():
    condition = ENGINE.compile("a.text.contains('b') || 'b' in a.list")
    long = "a" * (LONGEST_TEXT + 1)
    assert condition.ask(ENGINE.bind({"a.text": long, "a.list": ()})).missing == ("a.text",)
    assert condition.ask(ENGINE.bind({"a.text": "", "a.list": (long,)})).missing == ("a.list",)


@pytest.mark.parametrize(
    "text", ["a.x || " * 400 + "a.x", "(" * 300 + "a.x" + ")" * 300, "a.text", "a.text.matches('(?=a)b')"]
)
def test_a_condition_too_long_too_deep_not_boolean_or_with_a_bad_pattern_is_refused(text):
    assert len(text) > LONGEST_CONDITION or len(text) < 1000
    with pytest.raises(ConditionError):
        ENGINE.compile(text)


def test_the_engine_knows_exactly_the_declared_facts():
    engine = Engine(types())
    for name, kind in types().items():
        question = {"bool": name, "string": f'{name} == ""', "list": f"size({name}) == 0"}
        assert engine.compile(question.get(kind, f"{name} == {name}")).names == (name,)


def _second_opinion(rule, facts):
    if rule.only is not None:
        applies = _second(rule.only.text, facts)
        if applies is False:
            return Verdict.NOT_APPLICABLE
        if applies is None:
            return Verdict.UNKNOWN
    return {True: rule.verdict, False: Verdict.CLEAR, None: Verdict.UNKNOWN}[_second(rule.when.text, facts)]


def _second(text, facts):
    """The answer of the Rust engine; None when it misses a fact."""
    nested = {}
    for name, value in facts.items():
        group, _, key = name.partition(".")
        nested.setdefault(group, {})[key] = list(value) if isinstance(value, tuple) else value
    try:
        return cel.evaluate(text, nested)
    except KeyError:
        return None
    except RuntimeError as error:
        if "Undefined variable" not in str(error):
            raise
        return None


def test_what_a_rule_says_of_one_service_is_never_told_of_another_with_other_facts():
    """Rulings are kept by the facts a rule names: whatever the others are, it must say what it says of them all."""
    values = {"bool": (True, False), "string": ("", "US", "FR", "parent"), "list": ((), ("US",), ("FR", "US"))}
    rules = [rule for rule in RULEBOOK.rules if rule.scope == DEPENDENCY]
    named = {name: values[types()[name]] for rule in rules for name in rule.names}
    kept = [Rulings(rule, RULEBOOK.engine) for rule in rules]
    chance = random.Random(20261122)
    for _ in range(200):
        facts = {name: chance.choice(found) for name, found in sorted(named.items()) if chance.random() < 0.8}
        bound = RULEBOOK.engine.bind(facts)
        for rule, rulings in zip(rules, kept, strict=True):
            assert rulings.on(facts) == (rule_on(rule, bound), printed(rule, facts)), rule.text.id
