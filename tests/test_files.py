"""Canonical JSON, records, safe text, names of files, and evidence lines."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovscan.files import canonical
from sovscan.files.evidence_bundle import (
    EvidenceError,
    evidence_digest,
    in_order,
    make_observation,
    read_evidence,
    write_evidence,
)
from sovscan.files.records import RecordError, from_plain, to_plain
from sovscan.files.safe_text import safe_text
from sovscan.files.schema import json_schema
from sovscan.files.writing import slug, write_atomically
from sovscan.model.evidence import Asked, Evidence, Outcome, Vantage
from sovscan.model.target import Target, TargetKind


def observation(subject="a.example", values=("20 b", "10 a"), started="2026-01-01T00:00:00.000Z", **more):
    asked = Asked(name=subject, type="MX", server="127.0.0.1:53", transport="udp", started=started)
    return make_observation(probe="mx", subject=subject, outcome=Outcome.ANSWERED, values=values, asked=asked, **more)


def evidence(*observations):
    return Evidence(
        organisation="Mairie d’Exemple",
        targets=(Target(kind=TargetKind.DOMAIN, value="a.example"),),
        collected_at="2026-01-01T00:00:00Z",
        vantage=Vantage(),
        observations=in_order(observations),
    )


def test_the_same_content_gives_the_same_bytes_whatever_the_order():
    assert canonical.dumps({"b": 1, "a": [True, None]}) == canonical.dumps({"a": [True, None], "b": 1})


@pytest.mark.parametrize("text", [b'{"a":1,"a":2}', b"[NaN]", b"[Infinity]", b"[" * 65 + b"]" * 65, b"\xff", b"{", b""])
def test_json_that_is_not_strict_is_refused(text):
    with pytest.raises(canonical.CanonicalError):
        canonical.loads(text)


def test_a_bracket_inside_a_text_is_not_nesting():
    assert canonical.loads(b'["' + b"[" * 100 + b'", "\\"["]') == ["[" * 100, '"[']


def test_lone_surrogates_are_replaced_on_entry():
    assert canonical.loads(b'["\\ud800", "\\ud83d\\ude00"]') == ["\ufffd", "\U0001f600"]


def test_not_a_number_is_never_written():
    with pytest.raises(ValueError, match="float"):
        canonical.dumps(float("nan"))


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)))
def test_what_is_written_reads_back(plain):
    assert canonical.loads(canonical.dumps(plain)) == plain


def test_a_record_survives_the_file():
    found = evidence(observation(), observation("b.example"))
    assert from_plain(Evidence, to_plain(found)) == found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"extra": 1}, "unknown key 'extra'"),
        ({"organisation": 7}, "expected str"),
        ({"targets": {}}, "expected list"),
        ({"targets": [{"kind": "planet", "value": "x"}]}, "is none of"),
    ],
)
def test_a_file_that_says_something_else_is_refused_with_its_path(change, words):
    with pytest.raises(RecordError, match=words):
        from_plain(Evidence, {**to_plain(evidence()), **change})


def test_a_missing_key_is_named():
    plain = to_plain(evidence())
    del plain["vantage"]
    with pytest.raises(RecordError, match="missing key 'vantage'"):
        from_plain(Evidence, plain)


def test_the_schema_accepts_what_the_reader_accepts():
    jsonschema = pytest.importorskip("jsonschema")
    schema = json_schema(Evidence, "sovscan-evidence/1")
    jsonschema.validate(to_plain(evidence(observation())), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**to_plain(evidence()), "extra": 1}, schema)


def test_the_identity_of_an_observation_ignores_time_and_server():
    assert observation(started="2026-01-01T00:00:00.000Z").id == observation(started="2027-01-01T00:00:00.000Z").id
    assert observation(values=["a", "b"]).id == observation(values=["b", "a"]).id
    assert observation(values=["a"]).id != observation(values=["b"]).id
    assert observation(detail={"x": "1"}).id != observation().id


def test_the_order_of_replies_cannot_be_seen():
    seen = [observation(f"{letter}.example") for letter in "cab"]
    assert write_evidence(evidence(*seen)) == write_evidence(evidence(*reversed(seen), seen[0]))


def test_evidence_reads_back_from_its_lines():
    found = evidence(observation(), observation("b.example"))
    assert read_evidence(write_evidence(found), "e.jsonl") == found


def test_evidence_of_another_schema_is_refused_naming_it():
    changed = write_evidence(evidence()).replace(b"sovscan-evidence/1", b"sovscan-evidence/9")
    with pytest.raises(EvidenceError, match="sovscan-evidence/9"):
        read_evidence(changed, "e.jsonl")


def test_a_changed_record_is_noticed():
    changed = write_evidence(evidence(observation())).replace(b"10 a", b"10 z")
    with pytest.raises(EvidenceError, match=r"e\.jsonl:2: observation o-[0-9a-f]{16} does not match"):
        read_evidence(changed, "e.jsonl")


def test_a_lone_surrogate_survives_the_file_as_a_question_mark():
    found = evidence(observation(values=["\ud800", "a"], detail={"x": "\udfff"}))
    assert read_evidence(write_evidence(found), "e.jsonl") == found
    assert found.observations[0].values == ("?", "a")


def test_the_digest_is_of_what_was_seen_not_when():
    early, late = observation(started="2026-01-01T00:00:00.000Z"), observation(started="2027-01-01T00:00:00.000Z")
    assert evidence_digest(evidence(early)) == evidence_digest(evidence(late))


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("a\u202eb", "a\\u{202e}b"),
        ("a\nb\r\tc", "a\\x0ab\\x0d\\x09c"),
        ("\x9b31m", "\\x9b31m"),
        ("\U000e0041", "\\u{e0041}"),
        ("été — ≥ 3", "été — ≥ 3"),
        ("\u200b", "\\u{200b}"),
        ("\ud800", "\\u{d800}"),
    ],
)
def test_what_cannot_be_seen_is_made_visible(hostile, shown):
    assert safe_text(hostile) == shown


def test_a_long_value_is_cut_and_says_so():
    shown = safe_text("a" * 65_536)
    assert len(shown) < 560
    assert shown.startswith("a" * 512 + "… [sha256:")


@given(st.text())
def test_safe_text_never_lets_a_control_character_pass(text):
    assert all(character.isprintable() or character in " \u00a0\u202f" for character in safe_text(text))


@given(st.text(min_size=0, max_size=300))
def test_a_file_name_cannot_leave_its_folder(text):
    name = slug(text)
    assert len(name) <= 120
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")
    assert ".." not in name
    assert not name.startswith((".", "-"))
    assert name


@pytest.mark.parametrize("reserved", ["con", "nul.txt", "COM1", "../x", "a/b"])
def test_reserved_names_are_changed(reserved):
    assert slug(reserved) != reserved


def test_names_that_differ_only_in_case_get_different_files():
    assert slug("Mairie") != slug("mairie")


def test_a_file_is_written_whole_and_a_link_is_replaced_not_followed(tmp_path):
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    link = tmp_path / "out"
    link.symlink_to(victim)
    write_atomically(link, b"report")
    assert victim.read_bytes() == b"precious"
    assert link.read_bytes() == b"report"
    assert not link.is_symlink()
    assert sorted(found.name for found in tmp_path.iterdir()) == ["out", "victim"]


def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_atomically(pipe, b"report")
        assert os.read(reader, 100) == b"report"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert [found.name for found in tmp_path.iterdir()] == ["pipe"]


def test_a_link_to_a_device_is_neither_followed_nor_replaced(tmp_path):
    link = tmp_path / "out"
    link.symlink_to(os.devnull)
    with pytest.raises(PermissionError, match="Neither a file nor a pipe"):
        write_atomically(link, b"report")
    assert link.is_symlink()


def test_a_name_that_cannot_be_written_is_said_as_it_was_asked(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError) as refused:
        write_atomically(tmp_path / "folder", b"x")
    assert refused.value.filename == str(tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
