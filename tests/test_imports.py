"""Files of others as evidence: what they show is kept without what they must not tell."""

import json

import pytest
from typer.testing import CliRunner

from sovscan.cli.importing import as_observations, labels_of
from sovscan.cli.main import app, run
from sovscan.files.evidence_bundle import read_evidence
from sovscan.model.target import Target, TargetKind
from sovscan.readers.imports import Imported, ImportFileError, ImportKind, read_import
from tests.evidence_builder import Scene, catalogue, of, offer, provider, sign, who

HAR = {
    "log": {
        "version": "1.2",
        "entries": [
            {"pageref": "p1", "request": {"url": "https://www.valmont.example/?jeton=secret"}},
            {"pageref": "p1", "_resourceType": "script", "request": {"url": "https://tags.pixel.test/a.js?id=secret"}},
            {"pageref": "p1", "request": {"url": "https://fonts.pixel.test/f.woff2"},
             "response": {"content": {"mimeType": "font/woff2"}}},
            {"pageref": "p1", "request": {"url": "data:text/plain,secret"}},
        ],
    }
}  # fmt: skip
LOG = (
    b"1700000000.123    45 192.0.2.7 TCP_TUNNEL/200 39 CONNECT api.desk.test:443 jdupont HIER_DIRECT/192.0.2.9 -\n"
    b'192.0.2.7 - jdupont [21/Nov/2026:10:00:00 +0100] "GET http://www.autre.test/secret?x=1 HTTP/1.1" 200 5\n'
)
CERTIFICATES = [
    {"common_name": "valmont.example", "name_value": "valmont.example\n*.valmont.example\nged.valmont.example"},
    {"dns_names": ["a.b.valmont.example", "other.test", "not a name"]},
]
TARGETS = (Target(kind=TargetKind.DOMAIN, value="valmont.example"),)
MARKET = catalogue(
    provider("pixel", "US", offer("pixel-tags", "web3p.analytics", sign("web_host", "pixel.test"))),
    provider("desk", "US", offer("desk-app", "saas.business", sign("endpoint", "api.desk.test"))),
)


def scene_with(imported: Imported) -> Scene:
    scene = Scene()
    scene.seen.extend(as_observations([("file", imported)], TARGETS))
    return scene


def test_a_har_archive_shows_what_pages_load_and_no_secret():
    found = read_import(json.dumps(HAR).encode(), "site.har")
    assert found.kind is ImportKind.HAR
    assert found.pages == (
        (
            "https://www.valmont.example/",
            ("link https://fonts.pixel.test/f.woff2", "script https://tags.pixel.test/a.js"),
        ),
    )
    assert "secret" not in repr(found)


def test_what_scripts_load_later_is_attributed_like_the_page_itself():
    third = of(scene_with(read_import(json.dumps(HAR).encode(), "site.har")).attribute(MARKET), "web3p")
    assert who(third) == ["pixel"]


def test_a_proxy_log_keeps_hosts_and_nothing_of_the_people():
    found = read_import(LOG, "access.log")
    assert (found.kind, found.names) == (ImportKind.PROXY_LOG, ("api.desk.test", "www.autre.test"))
    assert "jdupont" not in repr(found)
    assert "192.0.2.7" not in repr(found)


def test_a_service_that_machines_reach_is_probable_and_an_unknown_host_names_nobody():
    (service,) = of(scene_with(read_import(LOG, "access.log")).attribute(MARKET), "saas")
    assert (service.attribution.provider, service.attribution.confidence) == ("desk", "probable")


@pytest.mark.parametrize("content", [json.dumps(CERTIFICATES), "\n".join(map(json.dumps, CERTIFICATES))])
def test_certificate_exports_give_names_below_the_targets_and_labels_to_ask_for(content):
    found = read_import(content.encode(), "crt.json")
    assert found.kind is ImportKind.CERTIFICATES
    assert "other.test" in found.names
    (seen,) = as_observations([("crt.json", found)], TARGETS)
    assert seen.values == ("a.b.valmont.example", "ged.valmont.example", "valmont.example")
    assert labels_of([("crt.json", found)], TARGETS) == ("ged",)


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"{", b"[1, 2]", b'{"log": {}}', b'{"log": {"entries": [1, null]}}', b"[" * 5000, b"\xff\xfe"],
)
def test_a_file_that_is_none_of_them_is_refused_by_name(content):
    with pytest.raises(ImportFileError, match=r"x\.bin"):
        read_import(content, "x.bin")


def test_the_command_takes_files_in_without_the_network(tmp_path):
    file = tmp_path / "site.har"
    file.write_text(json.dumps(HAR))
    result = CliRunner().invoke(app, ["collect", "valmont.example", "--offline", "--quiet", "--import", str(file)])
    evidence = read_evidence(result.stdout_bytes, "stdout")
    (seen,) = [each for each in evidence.observations if each.probe == "har"]
    assert (seen.asked.transport, seen.detail["file"]) == ("file", "site.har")
    assert str(tmp_path) not in result.stdout


def test_a_file_that_cannot_be_read_is_refused_before_anything_is_asked(tmp_path):
    assert run(["collect", "valmont.example", "--offline", "--import", str(tmp_path / "none.har")]) == 2


def audited(*files: str) -> set[tuple[str, str | None]]:
    """Layer and provider of each dependency in an audit without network, over these files."""
    given = [argument for file in files for argument in ("--import", file)]
    command = ["audit", "valmont.example", "--offline", "--quiet", "--no-config", "--format", "json", *given]
    report = json.loads(CliRunner().invoke(app, command).stdout)
    return {(each["layer"], each["attribution"]["provider"]) for each in report["dependencies"]}


def test_an_audit_judges_what_an_archive_a_log_and_an_export_show(tmp_path):
    for name, content in (("site.har", json.dumps(HAR).replace("tags.pixel.test", "www.google-analytics.com").encode()),
                          ("access.log", LOG), ("crt.json", json.dumps(CERTIFICATES).encode())):  # fmt: skip
        (tmp_path / name).write_bytes(content)
    taken = audited(*(str(tmp_path / name) for name in ("site.har", "access.log", "crt.json")))
    assert ("web3p", "google") in taken
    assert ("web3p", "google") not in audited()


def test_an_audit_keeps_what_it_took_in_with_its_evidence(tmp_path):
    (tmp_path / "site.har").write_text(json.dumps(HAR))
    run(["audit", "valmont.example", "--offline", "--quiet", "--no-config", "--import", str(tmp_path / "site.har"),
         "--evidence", str(tmp_path / "kept")])  # fmt: skip
    (kept,) = (tmp_path / "kept").rglob("evidence.jsonl")
    probes = {each.probe for each in read_evidence(kept.read_bytes(), "kept").observations}
    assert "har" in probes


def test_an_audit_refuses_a_file_that_is_none_of_them(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("hello")
    assert run(["audit", "valmont.example", "--offline", "--no-config", "--import", str(tmp_path / "notes.txt")]) == 2
    assert "notes.txt" in capsys.readouterr().err
