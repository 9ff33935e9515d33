"""Readers of single formats at the places where formats are treacherous."""

import importlib.util

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sovscan.attribute.repository_match import by_host, by_package
from sovscan.model.provider import SignalKind
from sovscan.repository import hcl
from sovscan.repository.lines import Lines
from sovscan.repository.places import host_of, image_of
from sovscan.repository.registry import Recogniser, all_readers
from sovscan.repository.trace import TraceKind, UnreadError
from sovscan.repository.yaml_leaves import leaves
from tests import results

RECOGNISER = Recogniser(all_readers())


def read(path: str, text: str) -> list[str]:
    return [
        f"{trace.line} {trace.kind} {trace.value}"
        for reader in RECOGNISER.readers_of(path)
        for trace in reader.read(path, text.encode()) or ()
    ]


@pytest.mark.parametrize(
    ("reference", "image"),
    [
        ("python", "docker.io/library/python"),
        ("python:3.13-slim", "docker.io/library/python:3.13-slim"),
        ("bitnami/redis", "docker.io/bitnami/redis"),
        ("localhost/x", "localhost/x"),
        ("registry:5000/x", "registry:5000/x"),
        ("Quay.io/a/b:1", "quay.io/a/b:1"),
        ("ghcr.io/a/b@sha256:" + "0" * 64, "ghcr.io/a/b@sha256:" + "0" * 64),
        ("user:secret@quay.io/a/b", "quay.io/a/b"),
        ("docker://alpine:3", "docker.io/library/alpine:3"),
        ("$CI_REGISTRY_IMAGE/x", "$CI_REGISTRY_IMAGE/x"),
        ("two words", None),
        ("", None),
        ("-x", None),
    ],
)
def test_an_image_says_its_registry_or_means_docker_hub(reference, image):
    assert image_of(reference) == image


def test_a_source_map_at_the_end_makes_no_bundle_of_a_program():
    program = "fetch('https://api.openai.com/v1')\n//# sourceMappingURL=data:application/json;base64," + "A" * 9_000
    assert [
        trace.detail for reader in RECOGNISER.readers_of("x.js") for trace in reader.read("x.js", program.encode())
    ] == ["code web"]


@given(st.text(max_size=80))
def test_any_text_as_an_image_or_url_is_read_or_refused(text):
    named = image_of(text)
    assert named is None or ("\n" not in named and " " not in named)
    host = host_of(text)
    assert host is None or ("@" not in host and "/" not in host)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://u:p@Api.OpenAI.com:443/v1", "api.openai.com"),
        ("//cdn.example.org/x", "cdn.example.org"),
        ("https://api.openai.com.evil.example.org/", "api.openai.com.evil.example.org"),
        ("https://[::1]/", None),
        ("https://localhost/", None),
        ("mailto:a@example.org", None),
    ],
)
def test_a_url_gives_its_host_whole_and_without_its_user(url, host):
    assert host_of(url) == host


def test_matching_is_by_whole_labels_and_whole_package_names():
    catalogue = results.CATALOGUE()
    assert by_host(catalogue, "notapi.openai.com.example.org", (SignalKind.ENDPOINT,)) is None
    assert by_host(catalogue, "xapi.openai.com", (SignalKind.ENDPOINT,)) is None
    assert by_package(catalogue, "pkg:pypi/boto3-stubs") is None
    assert (
        by_package(catalogue, "pkg:pypi/boto3").provider.id == by_package(catalogue, "pkg:npm/%40aws-sdk/x").provider.id
    )
    assert by_package(catalogue, "pkg:golang/github.com/aws/aws-sdk-go-v2/service/s3") is not None
    assert by_package(catalogue, "pkg:npm/react") is None


def test_a_heredoc_is_no_stage_and_a_stage_is_no_image():
    told = read(
        "Dockerfile",
        "FROM a AS one\nRUN <<-E && x\n\tFROM b\n\tE\nFROM one\nCOPY --from=one / /\nCOPY --from=c/d / /\n",
    )
    assert told == ["1 image docker.io/library/a", "7 image docker.io/c/d"]


def test_the_escape_directive_of_windows_joins_lines():
    assert read("Dockerfile", "# escape=`\nFROM `\n  mcr.microsoft.com/x\n") == ["2 image mcr.microsoft.com/x"]


def test_an_argument_without_default_stays_open():
    assert read("Dockerfile", "ARG A\nARG B=x/y\nFROM ${A:-q.example.org/z}\nFROM $B\nFROM $A\n") == [
        "3 image q.example.org/z", "4 image docker.io/x/y", "5 image $A",
    ]  # fmt: skip


def test_yaml_gives_lines_through_flow_maps_anchors_and_several_documents():
    found = leaves(Lines(b"a: &x {image: n1}\nb: *x\n? [k]\n: v\n---\nc:\n - image: n2\n")).found
    assert [(leaf.path, leaf.value, leaf.line) for leaf in found if leaf.key == "image"] == [
        (("a", "image"), "n1", 1), (("c", "[]", "image"), "n2", 7),
    ]  # fmt: skip


def test_a_template_is_read_line_by_line_and_marked():
    read_leaves = leaves(Lines(b"{{- if x }}\nimage: nginx\n{{- end }}\n"))
    assert read_leaves.partial
    assert [leaf.value for leaf in read_leaves.found] == ["nginx"]


def test_yaml_that_is_neither_valid_nor_a_template_is_unread():
    with pytest.raises(UnreadError):
        leaves(Lines(b"a: b: c\n - d"))


@pytest.mark.parametrize("text", ['a = "x', "a {", "a = [1", "}", 'a = "${"', "/* x", "a = <<E\nx\n", "= 1"])
def test_a_terraform_file_that_does_not_close_is_unread(text):
    with pytest.raises(UnreadError):
        hcl.parse(Lines(text.encode()))


TERRAFORM = """
locals {
  a = { for k, v in var.x : k => { name = v.name } if v.ok }
  b = [for s in ["x", "y"] : upper(s)]
  c = var.on ? "yes" : "no"
  d = "nested ${lookup({ a = "b" }, "a", "${var.z}")} end"
  e = <<-EOT
    resource "fake" "x" { "
  EOT
  f = jsonencode({ "k" : ["v", { z = "w" }] })
  g = "%{ if x }a%{ else }b%{ endif }"
  h = "$${literal} %%{literal}"
}
resource "a_b" "c" {
  dynamic "setting" {
    for_each = var.s
    content { name = setting.value["n"] }
  }
  count = 1 # trailing
  tags  = merge(local.t, { "x/y" = "z" })
  // comment
}
module "m" { source = "git::https://git.example.org/x.git?ref=1" }
"""


def test_our_reader_of_terraform_agrees_with_python_hcl2_on_blocks_and_attributes():
    if importlib.util.find_spec("hcl2") is None:
        pytest.skip("python-hcl2 is not installed")
    import hcl2

    whole = hcl.parse(Lines(TERRAFORM.encode()))
    oracle = hcl2.loads(TERRAFORM)

    def plain(text: str) -> str:
        return text.strip('"')

    mine = {(block.type, *block.labels): set(block.attributes) for block in whole.blocks}
    theirs = {}
    for kind in ("locals", "resource", "module"):
        for entry in oracle[kind]:
            labels, body = [], entry
            for _ in range({"locals": 0, "resource": 2, "module": 1}[kind]):
                label = next(key for key in body if not key.startswith("__"))
                labels.append(plain(label))
                body = body[label]
            names = {plain(key) for key, value in body.items() if not key.startswith("__") and key != "dynamic"}
            theirs[(kind, *labels)] = names
    assert mine == theirs


def test_terraform_texts_keep_their_lines():
    whole = hcl.parse(Lines(TERRAFORM.encode()))
    module = next(whole.inner("module"))
    assert module.attributes["source"].texts == [("git::https://git.example.org/x.git?ref=1", 23)]


def test_every_reader_is_found_and_recognises_something():
    assert len(all_readers()) >= 18
    assert len({reader.id for reader in all_readers()}) == len(all_readers())


@pytest.mark.parametrize("path", ["README.md", "image.png", "LICENSE", "notes.txt"])
def test_prose_and_pictures_are_no_dependencies(path):
    assert RECOGNISER.readers_of(path) == ()


def traces_or_fault(path: str, content: bytes) -> tuple[int, str]:
    """Number of traces, and the reason when the file cannot be read; lines are counted from 1 either way."""
    count, fault = 0, ""
    for reader in RECOGNISER.readers_of(path):
        try:
            traces = reader.read(path, content) or ()
            assert all(trace.line >= 1 and isinstance(trace.kind, TraceKind) for trace in traces)
            count += len(traces)
        except UnreadError as error:
            fault = error.reason if error.line >= 1 else "no line"
    return count, fault


def test_an_empty_file_of_any_sort_says_nothing():
    for reader in all_readers():
        for pattern in reader.patterns:
            count, fault = traces_or_fault(pattern.replace("*", "x"), b"")
            assert count == 0
            assert fault in {"", "syntax"}


@given(st.binary(max_size=300))
def test_no_reader_breaks_on_any_bytes(content):
    for reader in all_readers():
        for pattern in {reader.patterns[0], reader.patterns[-1]}:
            _, fault = traces_or_fault(pattern.replace("*", "x"), content)
            assert fault in {"", "syntax", "not-utf-8", "too-deep", "entities", "too-large"}


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        (
            "pyproject.toml",
            '[project]\nname = "boto3"\ndescription = "Uses boto3"\ndependencies = [\n  "django",\n  "boto3",\n]\n',
            "6 package pkg:pypi/boto3",
        ),
        ("setup.cfg", "[metadata]\nname = boto3x\n[options]\ninstall_requires =\n boto3\n", "5 package pkg:pypi/boto3"),
        ("pom.xml", "<p>\n<repository>\n<url>https://m.example.org</url></repository></p>", "3 registry m.example.org"),
        ("x.yaml", "x:\n  - type: MX\n    values:\n      - exchange: a.example.org.\n  - type: TXT\n    value: none\n",
         "4 dns MX x a.example.org"),
    ],
)  # fmt: skip
def test_the_line_is_the_one_that_says_it_and_no_other_that_looks_alike(path, text, told):
    assert told in read(path, text)


def test_a_list_in_yaml_numbers_its_entries():
    found = leaves(Lines(b"a:\n  - [x, y]\n  - {k: v}\nb: 1\n")).found
    assert [(leaf.value, leaf.entries) for leaf in found] == [("x", (0, 0)), ("y", (0, 1)), ("v", (1,)), ("1", ())]


def test_a_scalar_alone_is_no_reason_to_stumble():
    for name in ("a.yaml", "chart.yaml", "compose.yaml", ".gitlab-ci.yml"):
        assert read(name, "image: # repository:\n") == []
        assert read(name, "'repoURL:'\n") == []
