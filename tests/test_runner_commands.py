"""What is printed on a CI runner is no command to it, whoever wrote the names: GitHub, Azure Pipelines, TeamCity."""

import json
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import html5lib
import pytest

from sovscan.cli.commands import without_commands
from sovscan.cli.console import write_out
from sovscan.cli.main import run
from sovscan.files.canonical import dumps
from sovscan.files.records import to_plain
from sovscan.render.format import RenderOptions
from sovscan.render.registry import formats
from tests.hostile_text import WORKFLOW
from tests.sample_audit import hostile

HOSTILE = (
    *WORKFLOW, "::error::x", "\u00a0::set-output name=a::b", "a ##[set-env name=X]y", "##vso[task.setvariable a=b]c",
    "##teamcity[buildProblem]", "###[error]x", "#\u200b#[error]x", "##[group]",
)  # fmt: skip
PRINTED = sorted(name for name, one in formats().items() if not one.binary)


def commands(text: str) -> list[str]:
    """Lines in which a runner would find a command: two colons at the beginning, or a bracket after two signs."""
    return [line for line in text.splitlines() if line.strip().startswith("::") or re.search(r"##[a-z]*\[", line)]


@pytest.mark.parametrize("name", PRINTED)
def test_no_format_prints_a_command_that_a_stranger_wrote(name):
    written = formats()[name]
    content = written.render(hostile(HOSTILE), "en", RenderOptions())
    told = without_commands(content, written.media_type, ours=name == "github").decode()
    found = commands(told)
    if name == "github":
        # Those that are ours begin with a level and properties, and hold no second command.
        assert found
        assert all(re.match(r"::(error|warning|notice) (file|title)=", line) for line in found)
        assert not any("##[" in line for line in found)
    else:
        assert found == []


@pytest.mark.parametrize("name", [name for name in PRINTED if "json" in formats()[name].media_type])
def test_json_on_standard_output_says_the_same_as_in_a_file(name):
    written = formats()[name]
    content = written.render(hostile(HOSTILE), "en", RenderOptions())
    told = without_commands(content, written.media_type)
    for before, after in zip(content.splitlines(), told.splitlines(), strict=True):
        if "jsonl" in written.media_type:
            assert json.loads(before) == json.loads(after)
    if "jsonl" not in written.media_type:
        assert json.loads(content) == json.loads(told)


def test_markup_on_standard_output_says_the_same_as_in_a_file():
    for name in ("html", "junit"):
        written = formats()[name]
        content = written.render(hostile(HOSTILE), "en", RenderOptions())
        told = without_commands(content, written.media_type)
        if name == "junit":
            assert list(ET.fromstring(content).itertext()) == list(ET.fromstring(told).itertext())
        else:
            texts = ["".join(html5lib.parse(one, namespaceHTMLElements=False).itertext()) for one in (content, told)]
            assert texts[0] == texts[1]


def test_what_holds_no_command_is_printed_byte_for_byte():
    for name in PRINTED:
        written = formats()[name]
        content = written.render(hostile(("harmless",) * 4), "en", RenderOptions())
        assert without_commands(content, written.media_type, ours=name == "github") == content


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("kind", ["text/plain", "text/csv", "text/markdown", "text/html", "application/xml"])
def test_no_line_begins_with_a_command_however_lines_end(kind, end):
    told = without_commands(f"a{end}  ::error::x{end}::warning::y{end}".encode(), kind).decode()
    assert commands(told) == []


def test_bytes_that_are_no_text_are_printed_as_they_came():
    assert without_commands(b"\xff\xfe \x80 ::\n\x00", "text/plain") == b"\xff\xfe \x80 ::\n\x00"


def test_a_pdf_is_left_alone():
    assert without_commands(b"%PDF ##[error]\n::error::", "application/pdf") == b"%PDF ##[error]\n::error::"


@pytest.mark.parametrize("verb", [["report"], ["diff"]])
def test_the_command_line_prints_no_command_of_a_stranger(verb, tmp_path, capfd):
    named = replace(hostile(HOSTILE), organisation="##[error]made up")
    file = tmp_path / "result.json"
    file.write_bytes(dumps(to_plain(named)))
    run([*verb, str(file), *([str(file)] if verb == ["diff"] else ["--format", "text"])])
    captured = capfd.readouterr()
    assert captured.out or captured.err
    assert commands(captured.out) == []
    assert commands(captured.err) == []


@pytest.mark.parametrize("name", ["::error::x", "##[error]x"])
def test_a_name_of_a_file_that_is_not_there_is_no_command(name, capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for line in (["report", name], ["judge", name], ["repo", name], ["explain", name, "--offline"],
                 ["rules", "show", name], ["providers", "show", name], ["providers", "search", name],
                 ["audit", name, "--offline"],
                 ["score", name], ["evidence", "verify", name], ["--" + name], [name]):  # fmt: skip
        run(line)
        captured = capfd.readouterr()
        assert commands(captured.out + captured.err) == [], line


def test_standard_output_itself_is_guarded(capfd):
    write_out(b"a ##[error]x\n::error::y\n")
    assert commands(capfd.readouterr().out) == []


@pytest.mark.parametrize("name", PRINTED)
def test_half_a_character_breaks_no_format(name):
    written = formats()[name]
    content = written.render(hostile(("\ud83d", "a\udc00b", "\ud83d\ude00")), "en", RenderOptions())
    assert without_commands(content, written.media_type, ours=name == "github").decode()


@pytest.mark.parametrize("sign", ["\x7f", "\x85", "\x9b2J", "\u200b", "\u202e", "\u2066", "\U000e0041", "\ufeff"])
def test_json_on_standard_output_holds_nothing_that_a_terminal_obeys(sign):
    content = dumps({"name": f"a{sign}b"})
    told = without_commands(content, "application/json")
    assert sign not in told.decode()
    assert json.loads(told) == {"name": f"a{sign}b"}
