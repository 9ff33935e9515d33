"""A hostile or slow rule is refused or stopped: it never hangs, reads nothing and runs nothing."""

import time
from dataclasses import replace

import pytest

from sovscan.cli.exits import ExitCode
from sovscan.cli.main import run
from sovscan.files.strict_yaml import YamlError
from sovscan.model.exposure import Inventory
from sovscan.model.finding import Verdict
from sovscan.rulebook.cel import LONGEST_TEXT, MOST_ITEMS, Engine
from sovscan.rulebook.exposure import expose
from sovscan.rulebook.facts import types
from sovscan.rulebook.judge import judge
from sovscan.rulebook.load import load_rulebook, read_rule
from sovscan.rulebook.reach import Reaches
from sovscan.rulebook.verdict import rule_on
from sovscan.score import score
from sovscan.score.policy import load_policy
from tests.results import CATALOGUE, HALF_SILENT, RULEBOOK, SME, STATE, TOWN_HALL, judged, recorded
from tests.test_rule_errors import GOOD, NAME

ENGINE = Engine(types())
DAY = "2026-11-21"


def timed(action, *arguments):
    start = time.process_time()
    found = action(*arguments)
    return found, time.process_time() - start


def read(text):
    content = text if isinstance(text, bytes) else text.encode()
    return read_rule(content, NAME, "mail", ENGINE, RULEBOOK().laws)


def with_condition(text):
    start, end = GOOD.index("when: |"), GOOD.index("title:")
    return GOOD[:start] + "when: " + text + "\n" + GOOD[end:]


BOMB = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else 'x'}]" for n in range(9))
FILES = {
    "aliases that multiply": BOMB,
    "an anchor": GOOD.replace("severity: high", "severity: &s high"),
    "merge keys": GOOD.replace("id: mail-example", "<<: {id: mail-example}"),
    "thirty thousand brackets": "[" * 30_000 + "]" * 30_000,
    "a tag that would run code": GOOD.replace("high", "!!python/object/apply:os.system ['true']"),
    "a tag that would read a file": GOOD.replace("high", "!include ../../etc/hostname"),
    "a NUL": GOOD.replace("high", "hi\0gh"),
    "UTF-16": GOOD.encode("utf-16"),
    "nothing": "",
    "a tab for a margin": "id:\n\tmail-example\n",
    "the same key twice": GOOD + "severity: low\n",
    "a key nobody knows": GOOD + "weight: 3\n",
    "a second document": GOOD + "---\n" + GOOD,
    "more than 256 KiB": GOOD + "#" * 262_144,
    "a country for a boolean": GOOD.replace("nexus.us_control: true", "nexus.us_control: NO"),
    "a number that is none": GOOD.replace("severity: high", "severity: .nan"),
    "a list for a text": GOOD.replace('fr: "Un titre"', "fr: [Un, titre]"),
    "a name that climbs out": GOOD.replace("id: mail-example", "id: ../../mail-example"),
    "no example at all": GOOD[: GOOD.index("examples:")] + "examples: []\n",
    "a title of a megabyte": GOOD.replace("Un titre", "t" * 120_000),
}


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_hostile_rule_file_is_refused_at_a_line_and_quickly(name):
    def refused():
        with pytest.raises(YamlError) as caught:
            read(FILES[name])
        return caught.value

    error, seconds = timed(refused)
    assert error.where.startswith(f"{NAME}:")
    assert len(str(error)) < 600
    assert seconds < 2


CONDITIONS = {
    "a pass inside a pass": "'dependency.flags.exists(a, dependency.flags.exists(b, a == b))'",
    "hidden by spaces": "'dependency.flags . exists (a, dependency.flags . all (b, a == b))'",
    "hidden by a comment": "|\n  dependency.flags.exists(a, dependency.flags. // x\n  all(b, a == b))",
    "hidden by three quotes": '\'dependency.flags.exists(a, """x""" == a)\'',
    "over a list of its own": "'[1,2,3].exists(a, [1,2,3].exists(b, a == b))'",
    "looking ahead": "'dependency.role.matches(\"(?=a)b\")'",
    "looking back at itself": "'dependency.role.matches(\"(a)\\\\1\")'",
    "a million repetitions": "'dependency.role.matches(\"(a{1000}){1000}\")'",
    "a pattern after a space": "'dependency.role.matches (\"(?=a)b\")'",
}


@pytest.mark.parametrize("name", sorted(CONDITIONS))
def test_a_hostile_condition_is_refused_with_something_to_do(name):
    with pytest.raises(YamlError) as caught:
        read(with_condition(CONDITIONS[name]))
    assert caught.value.help
    assert caught.value.where.startswith(f"{NAME}:")


SLOW = {
    "(a+)+": "dependency.subject.matches('^(a+)+$')",
    "five stars": "dependency.subject.matches('(.*)(.*)(.*)(.*)(.*)x')",
    "a pattern from outside": "dependency.subject.matches(host.name)",
    "a pattern for each item": "dependency.flags.all(x, !dependency.subject.matches('(a|b|aa|ab)*x' + x))",
    "text that grows": "dependency.flags.all(x, size(x + x + x + x + x + x + dependency.subject) > 0)",
    "division by nothing": "1 / size(dependency.flags) == 0 || 1 / 0 == 1",
}


@pytest.mark.parametrize("name", sorted(SLOW))
def test_a_slow_condition_on_the_largest_facts_ends_at_once(name):
    condition = ENGINE.compile(SLOW[name])
    facts = {
        "dependency.subject": "a" * (LONGEST_TEXT - 1) + "!",
        "dependency.flags": ("b" * 40,) * MOST_ITEMS,
        "host.name": "(a{0,900}){0,900}$",
    }
    bound = ENGINE.bind(facts)
    answer, seconds = timed(condition.ask, bound)
    assert seconds < 0.2
    assert answer.value is not None or answer.problem


def test_a_rule_that_fails_on_every_service_is_unknown_everywhere_and_harms_no_other():
    broken = replace(
        next(rule for rule in RULEBOOK().rules if rule.text.id == "hosting-us-controlled"),
        only=None,
        when=RULEBOOK().engine.compile("dependency.subject.matches(dependency.role + '(')"),
    )
    others = tuple(rule for rule in RULEBOOK().rules if rule.text.id != broken.text.id)
    rulebook = replace(RULEBOOK(), rules=tuple(sorted((*others, broken), key=lambda rule: rule.text.id)))
    result = judged(TOWN_HALL)
    found = judge(result.dependencies, result.items, result.score, result.evidence, CATALOGUE(), rulebook, result.as_of)
    mine = [finding for finding in found if finding.rule == broken.text.id]
    assert mine
    assert {finding.verdict for finding in mine} == {Verdict.UNKNOWN}
    assert {finding.missing for finding in mine} == {("rule-error",)}
    assert {f.id: f for f in found if f.rule != broken.text.id} == {
        f.id: f for f in result.findings if f.rule != broken.text.id
    }


def test_markup_and_templates_in_a_rule_stay_the_letters_they_are():
    text = "<script>{{ 7*7 }}</script> {0.__class__} %(x)s"
    rule = read(GOOD.replace("Un titre", text))
    assert rule.text.title.fr == text


def test_a_folder_of_rules_reads_nothing_outside_itself(tmp_path):
    folder = tmp_path / "ours"
    (folder / "mail").mkdir(parents=True)
    (tmp_path / "outside.yaml").write_text(GOOD)
    (folder / "mail" / "mail-example.yaml").symlink_to(tmp_path / "outside.yaml")
    assert len(load_rulebook((folder,)).rules) == len(RULEBOOK().rules)


def crowd(count):
    """Services of every role and of every offer in the catalogue."""
    seen = [each for name in (TOWN_HALL, SME, STATE, HALF_SILENT) for each in judged(name).dependencies]
    offers = sorted(CATALOGUE().offers.items())
    found = []
    for number in range(count):
        each, (ident, (provider, _)) = seen[number % len(seen)], offers[number % len(offers)]
        attributed = replace(each.attribution, provider=provider.id, offer=ident, operator_self=False)
        subject = f"s{number}.example"
        found.append(
            replace(each, id=f"{each.layer}/{each.role}/{subject}/{ident}", subject=subject, attribution=attributed)
        )
    return tuple(found)


def test_three_thousand_services_are_judged_by_every_rule_in_under_a_second():
    policy, dependencies = load_policy(), crowd(3000)
    reaches = Reaches(CATALOGUE(), DAY, RULEBOOK().ladder)
    items = tuple(expose(each, CATALOGUE(), RULEBOOK(), policy, DAY, reaches=reaches) for each in dependencies)
    scored = score(Inventory(items=items), policy)
    times = []
    for _ in range(3):
        found, seconds = timed(
            lambda: judge(
                dependencies, items, scored, recorded(TOWN_HALL), CATALOGUE(), RULEBOOK(), DAY, reaches=reaches
            )
        )
        times.append(seconds)
    assert len(found) > 3000
    assert min(times) < 1, times


def test_judging_with_what_is_known_from_the_ladder_gives_the_same_findings():
    dependencies = crowd(200)
    policy = load_policy()
    reaches = Reaches(CATALOGUE(), DAY, RULEBOOK().ladder)
    alone = tuple(expose(each, CATALOGUE(), RULEBOOK(), policy, DAY) for each in dependencies)
    assert alone == tuple(expose(each, CATALOGUE(), RULEBOOK(), policy, DAY, reaches=reaches) for each in dependencies)


def test_rules_test_shows_each_example_and_refuses_a_rule_nobody_knows(capsys):
    assert run(["rules", "test", "mail-gateway-foreign"]) is ExitCode.PASS
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(next(r for r in RULEBOOK().rules if r.text.id == "mail-gateway-foreign").examples)
    assert all(line.startswith("holds") for line in lines)
    assert run(["rules", "test", "mail-gateway-foregn"]) is ExitCode.USAGE
    assert "did you mean 'mail-gateway-foreign'?" in capsys.readouterr().err


def test_rules_test_says_where_an_example_does_not_hold(tmp_path, capsys):
    folder = tmp_path / "ours"
    (folder / "mail").mkdir(parents=True)
    wrong = GOOD.replace("nexus.us_control: true, offer", "nexus.us_control: false, offer")
    (folder / "mail" / "mail-example.yaml").write_text(wrong)
    assert run(["rules", "test", "mail-example", "--rules", str(folder)]) is ExitCode.USAGE
    out = capsys.readouterr().out
    assert "fails mail-example" in out
    assert "ours/mail/mail-example.yaml:" in out
    assert "exposed, found clear" in out


def test_every_rule_is_unknown_without_facts_even_a_new_one():
    assert all(rule_on(rule, RULEBOOK().engine.bind({})).verdict is Verdict.UNKNOWN for rule in RULEBOOK().rules)
