"""What a catalogue file must be, how overlays lie over it, how it is cached."""

import hashlib
import json
import os
from pathlib import Path

import jsonschema
import pytest

from sovscan.catalogue import read
from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.control import controller, is_eea, is_sourced
from sovscan.catalogue.lint import KNOWN_ROLES, lint
from sovscan.catalogue.load import CatalogueError, load_catalogue, read_files, read_host_names
from sovscan.catalogue.schema import provider_schema
from sovscan.files import bundled
from sovscan.files.strict_yaml import CATALOGUE_LIMIT, YamlError, load
from sovscan.model.provider import ProviderId, SignalKind
from tests.catalogue_texts import HEAD, SOURCES, faults, offer, provider, reading


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_the_bundled_catalogue_is_clean() -> None:
    assert [str(fault) for fault in lint(read_files(), today="2026-11-21")] == []


def test_the_bundled_catalogue_fits_its_schema_and_the_schema_fits_the_reader() -> None:
    schema = provider_schema()
    plain = load(bundled.read("data", "providers.yaml"), name="providers.yaml", limit=CATALOGUE_LIMIT).plain()
    for entry in plain["providers"].values():
        for holder in entry.get("control", []):
            if "share" in holder:
                holder["share"] = float(holder["share"])
        for item in entry.get("offers", {}).values():
            for key in ("host_known", "open_source", "self_hostable", "software", "recommend"):
                if key in item:
                    item[key] = item[key] == "true"
            for values in item.get("signatures", {}).values():
                for value in values:
                    if isinstance(value, dict) and "shared" in value:
                        value["shared"] = value["shared"] == "true"
    jsonschema.Draft202012Validator(schema).validate(plain)
    for name, keys in (("provider", read.PROVIDER_KEYS), ("offer", read.OFFER_KEYS), ("link", read.LINK_KEYS)):
        assert set(schema["$defs"][name]["properties"]) == {*keys[0], *keys[1]}


def test_owners_of_at_least_150_providers_are_sourced(catalogue: Catalogue) -> None:
    sourced = [found for found in catalogue.providers.values() if is_sourced(found, catalogue, "2026-11-21")]
    assert len(sourced) >= 150


def test_whatever_is_recommended_has_a_sourced_european_owner_or_is_free_software(catalogue: Catalogue) -> None:
    for owner, item in catalogue.offers.values():
        if item.recommend and not (item.software and item.open_source):
            assert is_sourced(owner, catalogue, "2026-11-21"), item.id
            country = controller(owner, catalogue, "2026-11-21")[1]
            assert is_eea(country) or country == "CH", item.id


def test_every_alternative_of_a_category_is_of_that_category_or_serves_it(catalogue: Catalogue) -> None:
    for owner in catalogue.providers.values():
        for names in owner.alternatives.values():
            assert not {item.id for item in owner.offers} & set(names), owner.id


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("providers: {x: {name: X, entity: X, seat: UK, checked: 2026-11-21}}", "p.yaml:2:43: unknown country 'UK'"),
        ("providers: {x: {name: X, entity: X, seat: XK, checked: 2026-11-21}}", "unknown country 'XK'"),
        ("providers: {x: {name: X, entity: X, seat: FR, checked: 2026-13-01}}", "'2026-13-01' is not a date"),
        ("providers: {x: {name: X, entity: X, seat: FR, checked: 2026-11-21, owner: Y}}", "unknown key 'owner'"),
        ("providers: {x: {name: X, seat: FR, checked: 2026-11-21}}", "missing key 'entity'"),
        ("providers: {X y: {name: X, entity: X, seat: FR, checked: 2026-11-21}}", "'X y' is not an identifier"),
        ("providers:\n" + provider("x", more="    sources: [nowhere]\n"), "unknown source 'nowhere'"),
        ("providers:\n" + provider("x", offer("x", "asn: ['012']")), "expected an AS number, found '012'"),
        ("providers:\n" + provider("x", offer("x", "mxx: [a.example]")), "unknown signal kind 'mxx'"),
        ("providers:\n" + provider("x", offer("x", "range: [10.0.0.1/8]")), "expected an address block"),
        ("providers:\n" + provider("x", more="    url: 'javascript:alert(1)'\n"), "is not an http address"),
        (
            "providers:\n" + provider("x", more="    control: [{holder: H, country: FR, share: 120}]\n"),
            "between 0 and 100",
        ),
        ("providers: [x]", "expected a mapping, found a list"),
    ],
)
def test_a_fault_of_form_is_refused_where_it_stands(text: str, message: str) -> None:
    with pytest.raises(YamlError) as refusal:
        reading(text)
    assert message in str(refusal.value)
    assert str(refusal.value).startswith("p.yaml:")


def test_norway_is_a_country_and_not_a_no() -> None:
    found = reading("providers: {x: {name: X, entity: X, seat: NO, checked: 2026-11-21}}")
    assert found.providers[ProviderId("x")].seat == "NO"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (offer("x", "mx: [com]"), "'com' is a public suffix"),
        (offer("x", "mx: [co.uk]"), "'co.uk' is a public suffix"),
        (offer("x", "mx: ['']"), "empty mx signature"),
        (offer("x", "mx: [UPPER.example]"), "lower-case A-labels"),
        (offer("x", "mx: ['a..example.com']"), "lower-case A-labels"),
        (offer("x", "mx: ['a.b.*']"), "only one label may stand before"),
        (offer("x", "txt: [M=]"), "too short"),
        (
            offer("x", "mx: [a.example.com], spf: [a.example.com]", ", hosts: [nobody]"),
            "unknown provider or offer 'nobody'",
        ),
        (offer("x", "mx: [{value: a.example.com, role: mail_in.gatway}]"), "did you mean 'mail_in.gateway'?"),
        (offer("x", "mx: [a.example.com]", ", recommend: true"), "recommended without a sourced owner"),
    ],
)
def test_a_fault_of_content_is_found_by_lint(text: str, message: str) -> None:
    try:
        found = faults("providers:\n" + provider("x", text))
    except YamlError as refusal:
        found = [str(refusal)]
    assert any(message in fault for fault in found), found
    assert all(fault.startswith("p.yaml:") for fault in found)


def test_a_private_suffix_may_be_a_signature() -> None:
    assert faults("providers:\n" + provider("x", offer("x", "cname: [github.io]"))) == []


def test_a_signature_claimed_twice_is_refused_unless_both_say_so() -> None:
    plain, shared = "a.example.com", "{value: a.example.com, shared: true}"

    def both(first: str, second: str) -> list[str]:
        claims = provider("x", offer("x", f"mx: [{first}]")) + provider("y", offer("y", f"mx: [{second}]"))
        return faults("providers:\n" + claims)

    assert "already claimed by 'x'" in both(plain, plain)[0]
    assert "already claimed by 'x'" in both(plain, shared)[0]
    assert both(shared, shared) == []


def test_two_providers_cannot_be_the_same_entity() -> None:
    assert "also the entity of 'x'" in faults("providers:\n" + provider("x", entity="E") + provider("y", entity="E"))[0]


def test_a_recommendation_is_refused_while_sources_disagree() -> None:
    conflict = "    sources: [page]\n    conflict: {fr: deux versions, en: two versions}\n"
    text = SOURCES + "providers:\n" + provider("x", offer("x", "mx: [a.example.com]", ", recommend: true"), conflict)
    assert "while sources disagree" in faults(text)[0]


def test_stale_records_are_reported_and_do_not_stop_the_catalogue() -> None:
    found = lint(read_files(), today="2027-12-01")
    assert found
    assert not any(fault.serious for fault in found)
    assert any("ended on 2026-11-30" in fault.message for fault in found)


def test_every_role_of_the_catalogue_is_scored() -> None:
    scored = load(bundled.read("rules", "scoring.yaml"), name="scoring.yaml").value["roles"].plain()
    assert {f"{layer}.{role}" for layer, roles in scored.items() for role in roles} == KNOWN_ROLES


def test_an_overlay_adds_a_provider_and_changes_single_keys(tmp_path: Path) -> None:
    private = tmp_path / "private.yaml"
    private.write_text(
        HEAD.replace("2026-11-21", "2026-11-22")
        + "providers:\n"
        + provider("own-host", offer("own-host", "mx: [mail.own.example]"))
        + "  proofpoint: {name: Proofpoint (declared)}\n",
        encoding="utf-8",
    )
    found = load_catalogue([private], cache=tmp_path / "cache")
    assert found.match_name(SignalKind.MX, "mx.mail.own.example")[0].provider.id == "own-host"
    assert found.providers[ProviderId("proofpoint")].name == "Proofpoint (declared)"
    assert found.providers[ProviderId("proofpoint")].offers
    assert (found.overlays, found.date) == (("private.yaml",), "2026-11-22")
    assert found.digest != load_catalogue(cache=tmp_path / "cache").digest


def test_a_fault_in_an_overlay_names_the_overlay(tmp_path: Path) -> None:
    private = tmp_path / "private.yaml"
    private.write_text(HEAD + "providers:\n" + provider("bad", offer("bad", "mx: [com]")), encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"private\.yaml:\d+:\d+: mx 'com' is a public suffix"):
        load_catalogue([private], cache=tmp_path / "cache")
    private.write_text("providers: &a {x: *a}\n", encoding="utf-8")
    with pytest.raises(YamlError, match=r"private\.yaml:1:"):
        load_catalogue([private], cache=tmp_path / "cache")


def test_the_compiled_copy_gives_the_same_catalogue(tmp_path: Path) -> None:
    cold, warm = load_catalogue(cache=tmp_path), load_catalogue(cache=tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    assert (cold.providers, cold.host_names, cold.digest) == (warm.providers, warm.host_names, warm.digest)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Catalogue, str, bytes]:
    """The catalogue, and the name and content of its compiled copy."""
    folder = tmp_path_factory.mktemp("compiled")
    whole = load_catalogue(cache=folder)
    (copy,) = folder.iterdir()
    return whole, copy.name, copy.read_bytes()


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "foreign", "not-json"])
def test_a_damaged_copy_is_rebuilt_and_never_trusted(
    tmp_path: Path, compiled: tuple[Catalogue, str, bytes], damage: str
) -> None:
    whole, name, content = compiled
    copy = tmp_path / name
    head, _, body = content.partition(b"\n")
    damaged = {
        "cut": content[: len(content) // 2],
        "flip": content.replace(b"Proofpoint", b"Proofpaint", 1),
        "empty": b"",
        "foreign": b"0" * 64 + head[64:] + b"\n" + body,
        "not-json": head + b"\n" + b"[" * 100_000,
    }[damage]
    copy.write_bytes(damaged)
    again = load_catalogue(cache=tmp_path)
    assert again.providers == whole.providers
    assert copy.read_bytes() == content


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="needs POSIX permissions")
def test_a_copy_that_others_may_write_is_not_trusted(tmp_path: Path, compiled: tuple[Catalogue, str, bytes]) -> None:
    whole, name, content = compiled
    copy = tmp_path / name
    key, _, body = content.partition(b"\n")
    foreign = body.replace(b"Proofpoint", b"Proofpaint", 1)
    copy.write_bytes(key[:65] + hashlib.sha256(foreign).hexdigest().encode() + b"\n" + foreign)
    copy.chmod(0o666)
    assert load_catalogue(cache=tmp_path).providers == whole.providers
    assert copy.stat().st_mode & 0o022 == 0


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert load_catalogue(cache=tmp_path / "file" / "below").providers


def test_the_schema_is_json(catalogue: Catalogue) -> None:
    assert json.loads(json.dumps(provider_schema()))["$defs"]["offer"]["properties"]["software"]


def test_the_scope_of_a_qualification_has_words_in_both_languages_or_none():
    def scoped(said: str) -> str:
        held = f", certifications: [{{scheme: SecNumCloud, checked: 2026-11-01, scope: {said}}}]"
        return "providers:\n" + provider("x", offer("x", "cname: [x.example]", held))

    with pytest.raises(YamlError, match="in one language"):
        faults(scoped("service platform"))
    for said in ("IaaS/PaaS", "{fr: plateforme de services, en: service platform}"):
        assert not any("scope" in fault for fault in faults(scoped(said)))


READ_INTO = "webmail: []\nfiles_only: []\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("labels:\n  sign-in: [sso]\n  build: [Git]\ndkim_selectors: []\n", "3:11: 'Git' is not a label"),
        ("labels:\n  sign-in: [sso]\n  build: [a.b]\ndkim_selectors: []\n", "3:11: 'a.b' is not a label"),
        ("labels:\n  sign-in: [sso]\n  build: [sso]\ndkim_selectors: []\n", "3:11: 'sso' stands twice"),
        ("labels:\n  build: [git]\ndkim_selectors: []\n", "2:3: missing key 'sign-in'"),
        ("labels:\n  sign-in: [sso]\ndkim_selectors: [a b]\n", "3:18: 'a b' is not a label"),
        ("labels:\n  sign-in: [sso]\n", "1:1: missing key 'dkim_selectors'"),
    ],
)
def test_a_fault_in_the_names_to_ask_for_has_its_place(text: str, fault: str) -> None:
    with pytest.raises(YamlError, match=f"^host-names.yaml:{fault}"):
        read_host_names(f"{text}{READ_INTO}".encode())


@pytest.mark.parametrize("key", ["webmail", "files_only"])
def test_nothing_is_read_into_a_label_that_is_not_asked_for(key: str) -> None:
    other = {"webmail": "files_only", "files_only": "webmail"}[key]
    text = f"labels:\n  sign-in: [sso]\n{key}: [sso, mail]\n{other}: []\ndkim_selectors: []\n"
    with pytest.raises(YamlError, match=r"^host-names\.yaml:3:.*'mail' is not among the labels that are asked for"):
        read_host_names(text.encode())


def test_what_is_read_into_a_label_reaches_the_catalogue_as_the_file_has_it() -> None:
    names = read_host_names(bundled.read("data", "host-names.yaml"))
    assert names.sign_in
    assert names.sign_in <= set(names.labels)
    assert names.webmail[0] == "webmail"
    assert "static" in names.files_only
    assert load_catalogue().host_names == names
