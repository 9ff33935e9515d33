"""Compose, Kubernetes, Helm values, Kustomize and Ansible: the images that run, and the charts that are fetched."""

import re
from collections.abc import Iterable, Iterator

from sovscan.repository.lines import Lines
from sovscan.repository.places import host_of, image, package, registry
from sovscan.repository.trace import Reader, Trace, TraceKind
from sovscan.repository.yaml_leaves import Leaf, leaves

_CONCERNED = re.compile(
    rb"\b(?:image|images|repository|registry|newName|apiVersion|repoURL|helmCharts|collections"
    rb"|AWSTemplateFormatVersion|imageRepository|helm_repo_url|community\.\w+|amazon\.aws|dependencies)\b[^\n:]{0,80}:"
    rb"|^[ \t]*(?:- )*[\w.]+\.[\w.]+\.\w+:",
    re.MULTILINE,
)
_MODULE = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)\.[a-z][a-z0-9_]*\Z")
_CHART_KEYS = frozenset({"repository", "repoURL", "repo_url", "repo", "chart_repo_url", "url"})
_CHARTS_ONLY = frozenset({"repoURL", "repo_url", "chart_repo_url"})
_BUILT_IN = frozenset({"ansible.builtin", "ansible.legacy"})


def read(path: str, content: bytes) -> tuple[Trace, ...] | None:
    """Images, chart repositories and Ansible collections; None for YAML that is about none of these."""
    if not _CONCERNED.search(content):
        return None
    lines = Lines(content)
    found = leaves(lines)
    traces = list(_images(found.found))
    traces.extend(_charts(path, found.found))
    traces.extend(_modules(found.found))
    words = "partial" if found.partial else ""
    return tuple(
        Trace(kind=one.kind, value=one.value, line=one.line, detail=f"{one.detail} {words}".strip()) for one in traces
    )


def _images(found: Iterable[Leaf]) -> Iterator[Trace]:
    parts: dict[tuple[tuple[str, ...], int], dict[str, Leaf]] = {}
    for leaf in found:
        key = leaf.key
        if key in {"image", "newName", "imageName", "container_image", "docker_image"} and leaf.path[-1] != "[]":
            if re.search(r"[A-Za-z]", leaf.value) and (key != "image" or not _is_picture(leaf)):
                yield from image(leaf.value, leaf.line)
        elif key in {"repository", "registry", "tag"} and len(leaf.path) > 1 and "image" in leaf.path[-2].lower():
            # Helm values write an image as a mapping.
            parts.setdefault((leaf.path[:-1], leaf.document), {})[key] = leaf
        elif leaf.path[:1] == ("images",) and leaf.path[-1] == "name" and "/" in leaf.value:
            continue
    for named in parts.values():
        if "repository" in named and named["repository"].value:
            host = named["registry"].value if "registry" in named else ""
            whole = f"{host}/{named['repository'].value}" if host else named["repository"].value
            tag = named["tag"].value if "tag" in named else ""
            yield from image(
                f"{whole}:{tag}" if re.fullmatch(r"[\w.-]{1,100}", tag) else whole, named["repository"].line
            )


def _is_picture(leaf: Leaf) -> bool:
    """Whether ``image`` names a picture, as site settings do, or a disk."""
    return bool(re.search(r"\.(?:png|jpe?g|svg|gif|webp|ico|iso|qcow2|img|vmdk)\Z", leaf.value.lower())) or (
        leaf.value.startswith(("/", "./", "../", "http://", "https://", "~"))
    )


def _charts(path: str, found: Iterable[Leaf]) -> Iterator[Trace]:
    chart = path.lower().rpartition("/")[2] in {"chart.yaml", "chart.lock", "requirements.yaml", "helmfile.yaml"}
    for leaf in found:
        about_charts = chart or leaf.key in _CHARTS_ONLY or (leaf.path[:1] == ("helmCharts",) and leaf.key == "repo")
        if leaf.key in _CHART_KEYS and about_charts:
            if leaf.value.startswith("oci://") or "://" in leaf.value:
                yield from registry(leaf.value, leaf.line)
        elif leaf.key in {"imageRepository", "image_registry", "imageRegistry"} and host_of(f"//{leaf.value}"):
            yield from registry(f"//{leaf.value}", leaf.line)


def _modules(found: Iterable[Leaf]) -> Iterator[Trace]:
    """Ansible collections, by the modules that tasks call and the collections that are installed."""
    seen: set[str] = set()
    for leaf in found:
        for part in leaf.path:
            module = _MODULE.match(part)
            if module is not None and (name := f"{module[1]}.{module[2]}") not in seen | _BUILT_IN:
                seen.add(name)
                yield from package("ansible", name, leaf.line)
        if (
            "collections" in leaf.path
            and leaf.key in {"name", "collections"}
            and (re.fullmatch(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", leaf.value))
        ):
            yield Trace(kind=TraceKind.PACKAGE, value=f"pkg:ansible/{leaf.value}", line=leaf.line)


READER = Reader(id="containers", patterns=("*.yaml", "*.yml", "chart.lock"), read=read)
