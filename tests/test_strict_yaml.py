"""YAML is read as it was written, or refused at a place."""

import pytest

from sovscan.files.strict_yaml import MAX_DEPTH, RULE_LIMIT, YamlError, load


def refused(text: bytes | str) -> YamlError:
    with pytest.raises(YamlError) as caught:
        load(text.encode() if isinstance(text, str) else text, name="f.yaml")
    return caught.value


@pytest.mark.parametrize("written", ["NO", "on", "012", "1:30", "1.10", "2026-01-01", "0x1F", "1_000"])
def test_a_scalar_is_the_text_that_was_written(written):
    assert load(f"a: {written}".encode(), name="f").mapping()["a"].text() == written


def test_every_node_knows_its_place():
    root = load(b"a:\n  - x\n  - b: y\n", name="f.yaml")
    assert root.mapping()["a"].sequence()[1].mapping()["b"].where == "f.yaml:3:8"


def test_an_empty_value_is_null_and_a_quoted_one_is_not():
    root = load(b"a:\nb: ''\nc: ~\nd: '~'\n", name="f").mapping()
    assert [root[key].is_null() for key in "abcd"] == [True, False, True, False]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a: &x 1\nb: *x\n", "f.yaml:1:4", "anchors"),
        ("a: *x\n", "f.yaml:1:4", "aliases"),
        ("a: !!python/object/apply:os.system [ls]\n", "f.yaml:1:4", "tags"),
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3:1", "duplicate key 'a'"),
        ("a: 1\n<<: {b: 2}\n", "f.yaml:2:1", "merge keys"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1", "second document"),
        ("", "f.yaml:1:1", "empty"),
        ("? [a]\n: 1\n", "f.yaml:1:3", "key must be a text"),
        ("a: 1\n\tb: 2\n", "f.yaml:2:1", "not valid YAML"),
        ('a: "x\\0y"\n', "f.yaml:1:4", "NUL"),
    ],
)
def test_what_is_not_accepted_is_refused_at_its_place(text, place, words):
    error = refused(text)
    assert error.where == place
    assert words in error.message


def test_deep_nesting_is_refused_before_it_can_exhaust_the_stack():
    assert f"deeper than {MAX_DEPTH}" in refused("[" * 30_000).message


def test_nesting_at_the_limit_is_read():
    load(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, name="f")


def test_size_and_encoding_are_bounded():
    assert "larger than" in refused(b"a" * (RULE_LIMIT + 1)).message
    assert refused(b"a: 1\nb: \xff\n").where == "f.yaml:2:1"
    assert refused("a: 1".encode("utf-16")).message == "not UTF-8"


def test_an_unknown_key_comes_with_a_suggestion():
    root = load(b"countrry: FR\n", name="f")
    with pytest.raises(YamlError) as caught:
        root.mapping(required=(), optional=("country", "name"))
    assert caught.value.help == "did you mean 'country'?"


@pytest.mark.parametrize(("written", "number"), [("0.26", 0.26), ("-1", -1.0), ("16", 16.0)])
def test_plain_digits_are_numbers(written, number):
    assert load(f"a: {written}".encode(), name="f").mapping()["a"].number() == number


@pytest.mark.parametrize("written", [".nan", "inf", "1e3", "'1'", "0x10", "1_0", "１", "yes"])
def test_anything_else_is_not_a_number(written):
    with pytest.raises(YamlError):
        load(f"a: {written}".encode(), name="f").mapping()["a"].number()


@pytest.mark.parametrize("written", ["yes", "on", "True", "'true'"])
def test_only_true_and_false_are_booleans(written):
    with pytest.raises(YamlError):
        load(f"a: {written}".encode(), name="f").mapping()["a"].boolean()
