"""A bundle as one file, and its seal: a time stamp checked offline against an authority made here with OpenSSL."""

import shutil
import subprocess
from pathlib import Path

import pytest

from sovscan.cli.archive import ArchiveError, packed, unpacked
from sovscan.cli.bundle import FILES, PREVIOUS_FILE, read_bundle, write_bundle
from sovscan.cli.exits import ExitCode
from sovscan.cli.main import run
from tests.sample_audit import european

AUTHORITY = """
[ca]
basicConstraints = critical,CA:TRUE
[stamper]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = here
[here]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha384, sha512
accuracy = secs:1
tsa_name = yes
ess_cert_id_alg = sha256
"""


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A folder in which ``openssl ts -reply`` answers; ``ca.pem`` is its root."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    pytest.importorskip("rfc3161_client", reason="the extra sovscan[seal] is not installed")
    folder = tmp_path_factory.mktemp("authority")
    (folder / "tsa.cnf").write_text(AUTHORITY)
    (folder / "serial").write_text("01\n")
    key = ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    for name, subject, extra in (
        ("ca", "/CN=Racine Exemple", ("-x509", "-days", "2", "-extensions", "ca", "-config", "req.cnf")),
        ("other", "/CN=Autre Racine", ("-x509", "-days", "2", "-extensions", "ca", "-config", "req.cnf")),
        ("stamper", "/O=Horodateur Exemple/CN=Unité 1", ("-utf8", "-config", "req.cnf")),
    ):
        (folder / "req.cnf").write_text("[req]\ndistinguished_name=dn\n[dn]\n" + AUTHORITY)
        openssl(folder, *key, "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", subject, *extra)
    openssl(
        folder, "x509", "-req", "-in", "stamper.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
        "-days", "2", "-extfile", "tsa.cnf", "-extensions", "stamper", "-out", "stamper.pem",
    )  # fmt: skip
    return folder


def answer(authority: Path, question: Path, reply: Path) -> None:
    openssl(
        authority, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", str(question), "-signer", "stamper.pem",
        "-inkey", "stamper.key", "-out", str(reply),
    )  # fmt: skip


@pytest.fixture
def bundle(tmp_path) -> Path:
    folder = tmp_path / "x.sovscan"
    write_bundle(folder, european().evidence, european())
    return folder


@pytest.fixture
def sealed(authority, bundle) -> Path:
    assert run(["evidence", "seal", str(bundle)]) is ExitCode.PASS
    reply = bundle.parent / "reply.tsr"
    answer(authority, bundle / "seal.tsq", reply)
    arguments = ["evidence", "seal", str(bundle), "--reply", str(reply), "--authority", str(authority / "ca.pem")]
    assert run(arguments) is ExitCode.PASS
    return bundle


def test_the_question_holds_the_hash_of_the_manifest_and_nothing_else(authority, bundle):
    import hashlib

    assert run(["evidence", "seal", str(bundle)]) is ExitCode.PASS
    question = (bundle / "seal.tsq").read_bytes()
    assert hashlib.sha256((bundle / "manifest.json").read_bytes()).digest() in question
    assert len(question) < 80
    again = question
    assert run(["evidence", "seal", str(bundle)]) is ExitCode.PASS
    assert (bundle / "seal.tsq").read_bytes() == again


def test_a_sealed_bundle_verifies_offline_under_the_authority_that_sealed_it(authority, sealed, capsys):
    assert run(["evidence", "verify", str(sealed), "--authority", str(authority / "ca.pem")]) is ExitCode.PASS
    said = capsys.readouterr().out
    assert "Horodateur Exemple" in said
    assert "not checked" not in said
    openssl(authority, "ts", "-verify", "-data", str(sealed / "manifest.json"), "-in", str(sealed / "seal.tsr"),
            "-CAfile", "ca.pem")  # fmt: skip


def test_without_an_authority_the_seal_is_told_and_so_is_what_was_not_checked(sealed, capsys):
    assert run(["evidence", "verify", str(sealed)]) is ExitCode.PASS
    assert "the signature was not checked" in capsys.readouterr().out


def test_another_authority_does_not_vouch_for_it(authority, sealed, capsys):
    assert run(["evidence", "verify", str(sealed), "--authority", str(authority / "other.pem")]) is ExitCode.POLICY
    assert "does not verify" in capsys.readouterr().out


def test_a_manifest_made_again_is_not_the_one_that_was_sealed(authority, sealed, capsys):
    reply = (sealed / "seal.tsr").read_bytes()
    write_bundle(sealed, european().evidence, None)
    assert not (sealed / "seal.tsr").exists()
    (sealed / "seal.tsr").write_bytes(reply)
    assert run(["evidence", "verify", str(sealed)]) is ExitCode.POLICY
    assert "about another manifest" in capsys.readouterr().out


@pytest.mark.parametrize("place", [0, 40, -1])
def test_a_reply_with_one_byte_changed_does_not_verify(authority, sealed, place):
    reply = bytearray((sealed / "seal.tsr").read_bytes())
    reply[place] ^= 1
    (sealed / "seal.tsr").write_bytes(reply)
    assert run(["evidence", "verify", str(sealed), "--authority", str(authority / "ca.pem")]) is ExitCode.POLICY


def test_bytes_that_are_no_reply_are_refused(authority, bundle, tmp_path, capsys):
    (tmp_path / "bad.tsr").write_bytes(b"0\x82" + bytes(40))
    assert run(["evidence", "seal", str(bundle), "--reply", str(tmp_path / "bad.tsr")]) is ExitCode.USAGE
    assert "not a reply" in capsys.readouterr().err
    assert not (bundle / "seal.tsr").exists()


def test_an_authority_asked_for_where_nothing_is_sealed_is_a_fault(authority, bundle, capsys):
    assert run(["evidence", "verify", str(bundle), "--authority", str(authority / "ca.pem")]) is ExitCode.POLICY
    assert "no seal" in capsys.readouterr().out


def test_without_the_library_the_other_way_is_named(bundle, monkeypatch, capsys):
    import sys

    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    assert run(["evidence", "seal", str(bundle)]) is ExitCode.USAGE
    assert "sovscan[seal]" in capsys.readouterr().err


def test_a_packed_bundle_verifies_judges_and_renders_like_its_folder(sealed, authority, tmp_path):
    archive = tmp_path / "x.sovscan.tar.gz"
    assert run(["evidence", "pack", str(sealed)]) is ExitCode.PASS
    assert sorted(unpacked(archive.read_bytes())) == sorted(set(FILES) - {PREVIOUS_FILE})
    assert run(["evidence", "verify", str(archive), "--authority", str(authority / "ca.pem")]) is ExitCode.PASS
    assert read_bundle(archive) == read_bundle(sealed)
    pages = []
    for place in (sealed, archive):
        page = tmp_path / "page.html"
        assert run(["report", str(place), "--output", f"html:{page}", "--quiet"]) is ExitCode.PASS
        pages.append(page.read_bytes())
    assert pages[0] == pages[1]


def test_the_same_bundle_packs_to_the_same_bytes_with_no_date_and_no_name_of_a_user(bundle, tmp_path):
    import os

    first, second = tmp_path / "a" / "x.sovscan.tar.gz", tmp_path / "b" / "x.sovscan.tar.gz"
    assert run(["evidence", "pack", str(bundle), str(first)]) is ExitCode.PASS
    for file in bundle.iterdir():
        os.utime(file, (1, 1))
        file.chmod(0o600)
    assert run(["evidence", "pack", str(bundle), str(second)]) is ExitCode.PASS
    assert first.read_bytes() == second.read_bytes()
    write_bundle(tmp_path / "c" / "x.sovscan.tar.gz", european().evidence, european())
    assert (tmp_path / "c" / "x.sovscan.tar.gz").read_bytes() == first.read_bytes()


def test_an_archive_that_is_not_a_bundle_is_refused(tmp_path, capsys):
    with pytest.raises(ArchiveError, match="not a gzip"):
        unpacked(b"PK\x03\x04")
    with pytest.raises(ArchiveError, match="not one of a few plain files"):
        unpacked(packed({f"{n}.json": b"" for n in range(40)}, "x"))
    broken = tmp_path / "x.tar.gz"
    broken.write_bytes(packed({"manifest.json": b"{}"}, "x")[:-9])
    assert run(["evidence", "verify", str(broken)]) is ExitCode.USAGE
    assert "give a NAME.sovscan" in capsys.readouterr().err


def test_damaged_evidence_in_an_archive_is_refused_as_in_a_folder(tmp_path, capsys):
    broken = tmp_path / "x.tar.gz"
    broken.write_bytes(packed({"evidence.jsonl": b"{}\n"}, "x"))
    assert run(["judge", str(broken)]) is ExitCode.USAGE
    assert "collect again" in capsys.readouterr().err


def test_an_archive_that_unfolds_without_end_is_stopped(monkeypatch):
    import sovscan.cli.archive as module

    monkeypatch.setattr(module, "LARGEST", 100_000)
    with pytest.raises(ArchiveError, match="unfolds to more"):
        unpacked(packed({"evidence.jsonl": bytes(200_000)}, "x"))


def test_a_link_in_an_archive_is_not_followed(tmp_path):
    import gzip
    import io
    import tarfile

    tape = io.BytesIO()
    with tarfile.open(fileobj=tape, mode="w") as archive:
        entry = tarfile.TarInfo("x/evidence.jsonl")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(entry)
    with pytest.raises(ArchiveError, match="plain files"):
        unpacked(gzip.compress(tape.getvalue()))


def test_a_file_the_manifest_does_not_know_is_told(bundle, tmp_path, capsys):
    files = {path.name: path.read_bytes() for path in bundle.iterdir()}
    place = tmp_path / "y.tar.gz"
    place.write_bytes(packed(files | {"extra.txt": b"x"}, "y"))
    assert run(["evidence", "verify", str(place)]) is ExitCode.POLICY
    assert "extra.txt: is not in the manifest" in capsys.readouterr().out
