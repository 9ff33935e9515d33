"""The child that lays out strangers' text can reach nothing, and its end costs one document."""

import io
import os
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from sovscan.cli.confinement import environment
from sovscan.cli.exits import ExitCode
from sovscan.cli.pdf_child import ChildFailure, Job, render_in_children
from sovscan.files import canonical
from sovscan.files.records import to_plain
from sovscan.render.engine import PdfUnavailable, weasyprint
from sovscan.render.format import RenderOptions
from tests.sample_audit import european, hostile

try:
    weasyprint()
    MISSING = None
except PdfUnavailable as error:
    MISSING = f"{error}; {error.help}"

needs_pango = pytest.mark.skipif(MISSING is not None, reason=MISSING or "")
OPTIONS = RenderOptions()
SUMMARY = Job(result=european(), format="summary-pdf", language="en", options=OPTIONS)

TRIES = """
import os, socket, sys
from pathlib import Path
from sovscan.cli.confinement import confine, limit, own_files
folder, secret, port = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
limit(5)
print(*sorted(confine(own_files(), folder)))
def tried(name, act):
    try:
        act()
    except OSError as error:
        print(name, "refused")
    else:
        print(name, "done")
tried("read", lambda: secret.read_bytes())
tried("list", lambda: list(secret.parent.iterdir()))
tried("write", lambda: (secret.parent / "new").write_bytes(b"x"))
tried("passwords", lambda: Path("/etc/passwd").read_bytes())
tried("connect", lambda: socket.create_connection(("127.0.0.1", port), timeout=5))
tried("run", lambda: os.execv("/bin/true", ["true"]) if os.fork() == 0 else None)
tried("keep", lambda: (folder / "font").write_bytes(b"x"))
tried("import", lambda: __import__("sovscan.render.page"))
"""


@pytest.fixture
def listener():
    """A local port and the connections it saw."""
    seen: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                seen.append("connected")
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], seen
        server.shutdown(socket.SHUT_RDWR)


def test_a_confined_process_reads_writes_and_reaches_nothing_outside(tmp_path, listener):
    port, seen = listener
    folder, elsewhere = tmp_path / "own", tmp_path / "user"
    folder.mkdir()
    elsewhere.mkdir()
    (elsewhere / "secret").write_text("x")
    ran = subprocess.run(
        [sys.executable, "-P", "-c", TRIES, folder, elsewhere / "secret", str(port)],
        env=environment(folder), cwd=folder, capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    granted, *tried = ran.stdout.splitlines()
    done = dict(line.split() for line in tried)
    assert done["keep"] == done["import"] == "done"
    if "network" in granted:
        assert done["connect"] == "refused"
        assert seen == []
    if "files" in granted:
        assert [done[name] for name in ("read", "list", "write", "passwords")] == ["refused"] * 4
    if granted.split() != ["files", "network"]:
        pytest.skip(f"this kernel grants only: {granted or 'nothing'}")


def test_the_child_is_told_nothing_of_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("FORGE_TOKEN", "s3cret")
    monkeypatch.setenv("PYTHONSTARTUP", "x.py")
    told = environment(tmp_path)
    assert "FORGE_TOKEN" not in told
    assert "PYTHONSTARTUP" not in told
    assert told["HOME"] == told["TMPDIR"] == str(tmp_path)


@needs_pango
def test_nothing_is_imported_from_the_folder_that_is_being_audited(tmp_path, monkeypatch):
    for name in ("weasyprint", "jinja2", "yaml", "sovscan"):
        (tmp_path / f"{name}.py").write_text("import pathlib\npathlib.Path(__file__).with_name('ran').touch()\n")
    monkeypatch.chdir(tmp_path)
    (made,) = render_in_children([SUMMARY])
    assert isinstance(made, bytes)
    assert not (tmp_path / "ran").exists()


@needs_pango
def test_a_document_that_ends_the_child_costs_itself_alone():
    made = render_in_children([SUMMARY, replace(SUMMARY, format="nonsense"), SUMMARY])
    assert [type(one) for one in made] == [bytes, ChildFailure, bytes]
    assert made[1].code is ExitCode.INTERNAL
    assert made[0] == made[2]


@needs_pango
def test_a_document_that_takes_too_long_is_stopped_by_the_clock(monkeypatch):
    import sovscan.cli.pdf_child as module

    monkeypatch.setattr(module, "SECONDS", 0.05)
    (made,) = render_in_children([SUMMARY])
    assert isinstance(made, ChildFailure)
    assert "stopped after" in made.message


def reaching(path: Path, port: int) -> tuple[str, ...]:
    """Ways of asking a renderer for a file or an address, each in every wrapping that markup or a style sheet knows."""
    addresses = (
        f"file://{path}", f"FILE:///{path}", str(path), f"//127.0.0.1:{port}/a", f"http://127.0.0.1:{port}/b",
        f"ftp://127.0.0.1:{port}/c", f"sovscan:../../../..{path}", f"\\\\127.0.0.1\\{path}",
    )  # fmt: skip
    wrappings = (
        "{}", '<img src="{}">', "<link rel=stylesheet href='{}'>", '<link rel="attachment" href="{}">',
        '<a rel="attachment" href="{}">x</a>', "<style>@import '{}';</style>", "url({})", '"><object data="{}">',
        "</style><style>@font-face{{font-family:x;src:url({})}}</style>", '<svg><image xlink:href="{}"/></svg>',
        '<svg><use href="{}#x"/></svg>', '<iframe src="{}"></iframe>', '<base href="{}">',
        '<meta http-equiv="refresh" content="0;url={}">',
        '<?xml-stylesheet href="{}"?>', '<!DOCTYPE x [<!ENTITY y SYSTEM "{}">]>&y;',
        '<input type=image src="{}">', "<embed src={}>",
    )  # fmt: skip
    return tuple(wrapping.format(address) for wrapping in wrappings for address in addresses)


@needs_pango
@pytest.mark.parametrize("form", ["pdf", "annex-pdf"])
def test_no_way_of_naming_a_file_or_an_address_reaches_it(form, tmp_path, listener):
    pikepdf = pytest.importorskip("pikepdf")
    port, seen = listener
    canary = tmp_path / "canary.svg"
    canary.write_text("CANARY-7319")
    asked = reaching(canary, port)
    (made,) = render_in_children([replace(SUMMARY, result=hostile(asked), format=form)])
    assert isinstance(made, bytes), made
    assert seen == []
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert sorted(pdf.attachments) == ["evidence.jsonl", "result.json"]
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                assert b"CANARY-7319" not in thing.read_bytes()
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/URI":
                assert str(thing.URI).startswith("https://")


def test_no_descriptor_of_the_parent_reaches_the_child(tmp_path):
    if not Path("/proc/self/fd").exists():
        pytest.skip("descriptors are listed in Linux's /proc")
    opened = os.open(tmp_path, os.O_RDONLY)
    os.set_inheritable(opened, True)
    try:
        ran = subprocess.run(
            [sys.executable, "-P", "-c", "import os; print(len(os.listdir('/proc/self/fd')))"],
            env=environment(tmp_path), capture_output=True, check=True,
        )  # fmt: skip
    finally:
        os.close(opened)
    # Standard input, output and error, and the listing itself.
    assert int(ran.stdout) == 4


@needs_pango
def test_who_waits_is_told_how_many_documents_are_done():
    heard: list[int] = []
    made = render_in_children([SUMMARY, replace(SUMMARY, format="nonsense"), SUMMARY], heard.append)
    assert len(made) == 3
    assert sorted(heard) == [1, 2, 3]


@needs_pango
def test_progress_is_for_a_terminal_and_never_for_a_pipe(tmp_path):
    import pty

    (tmp_path / "result.json").write_bytes(canonical.dumps(to_plain(european())))
    command = [sys.executable, "-m", "sovscan", "report", str(tmp_path / "result.json"), "--lang", "fr"]
    command += ["--output", f"summary-pdf:{tmp_path / 's.pdf'}"]
    quiet = {name: value for name, value in os.environ.items() if name != "CI"}
    piped = subprocess.run(command, capture_output=True, check=True, env=quiet)
    assert b"\r" not in piped.stderr
    assert piped.stdout == b""
    ours, theirs = pty.openpty()
    ran = subprocess.Popen(command, stderr=theirs, stdout=subprocess.PIPE, env=quiet)
    ran.wait(timeout=120)
    os.close(theirs)
    said = b""
    while chunk := _read(ours):
        said += chunk
    os.close(ours)
    assert b"\rlaid out 1 of 1 PDF files" in said
    assert ran.stdout is not None
    assert ran.stdout.read() == b""


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:
        # Linux says so when the other end of a terminal is closed.
        return b""
