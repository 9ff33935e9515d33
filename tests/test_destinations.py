"""What cannot be written is refused before anything is asked of the network or judged."""

import errno
import tempfile
from pathlib import Path

import pytest

from sovscan.cli import sockets
from sovscan.cli.destinations import refuse_unwritable
from sovscan.cli.exits import ExitCode, Refusal
from sovscan.cli.main import run
from tests.test_cli import SME

OUTPUTS = {
    "audit": ["audit", "x.example", "--resolver", "127.0.0.1:9"],
    "judge": ["judge", SME],
    "repo": ["repo", "."],
}


@pytest.fixture
def there(tmp_path, monkeypatch):
    """A working folder with a file and a folder in it."""
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("kept")
    Path("folder").mkdir()
    return tmp_path


@pytest.fixture
def silence(monkeypatch):
    """Whatever opens a socket or judges breaks the test."""

    def nobody(*_, **__):
        raise AssertionError("the run went on")

    monkeypatch.setattr("sovscan.cli.collecting.collect_evidence", nobody)
    monkeypatch.setattr("sovscan.cli.judging.judge_evidence", nobody)
    monkeypatch.setattr("sovscan.repository.scan.scan", nobody)


@pytest.mark.usefixtures("silence")
@pytest.mark.parametrize("verb", OUTPUTS)
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--output", "html:file/x.html"], "--output: file/x.html: "),
        (["--output", "html:folder"], "--output: folder: a folder is there"),
        (["--output", f"html:{'n' * 250}"], "File name too long"),
        (["--output", "html:/proc/nowhere/x.html"], "--output: /proc/nowhere/x.html: "),
        (["--deliverables", "file"], "--deliverables: "),
        (["--output", "html:a", "--output", "json:a/b"], "as a file and as a folder"),
    ],
)
def test_a_place_that_cannot_be_written_is_refused_before_the_work(there, verb, options, words, capsys):
    with sockets.refused():
        assert run([*OUTPUTS[verb], *options]) is ExitCode.USAGE
    told = capsys.readouterr()
    assert words in told.err
    assert "\nhelp: " in told.err
    assert told.out == ""
    assert sorted(path.name for path in there.iterdir()) == ["file", "folder"]
    assert Path("file").read_text() == "kept"


@pytest.mark.usefixtures("there", "silence")
@pytest.mark.parametrize("verb", ["audit", "collect", "repo"])
@pytest.mark.parametrize("place", ["file", "file/in.sovscan", "file/in.sovscan.tar.gz"])
def test_the_bundle_likewise(verb, place, capsys):
    target = "." if verb == "repo" else "x.example"
    assert run([verb, target, "--evidence", place]) is ExitCode.USAGE
    assert f"--evidence: {place}: " in capsys.readouterr().err


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "no-result", "--output", "html:file/x.html"],
        ["export", "dora", "no-result", "--output", "folder"],
        ["baseline", "create", "no-result", "--output", "file/b.json"],
        ["demo", "file"],
    ],
)
def test_every_verb_that_writes_looks_first(arguments, capsys):
    assert run(arguments) is ExitCode.USAGE
    told = capsys.readouterr().err
    assert "no result there" not in told
    assert "file" in told or "folder" in told


def test_looking_leaves_nothing_behind_and_accepts_what_can_be_made(there):
    refuse_unwritable([("--output", Path("new/deep/x.html")), ("--output", Path("file"))], [("--evidence", Path("b"))])
    refuse_unwritable([("--output", Path("/dev/null"))])
    assert sorted(path.name for path in there.iterdir()) == ["file", "folder"]


@pytest.mark.usefixtures("there")
def test_a_full_disk_is_no_fault_of_the_path(monkeypatch):
    def full(**_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(OSError, match="No space left"):
        refuse_unwritable([("--output", Path("x.html"))])


@pytest.mark.usefixtures("there")
def test_a_read_only_place_is_refused_whoever_asks(monkeypatch):
    def read_only(**_):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(tempfile, "TemporaryFile", read_only)
    with pytest.raises(Refusal, match=r"--output: x\.html: Read-only file system"):
        refuse_unwritable([("--output", Path("x.html"))])
