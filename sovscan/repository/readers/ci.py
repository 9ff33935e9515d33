"""Files written for a hosted build service: GitHub Actions, GitLab CI, Jenkins and others, with the images they run.

Which file belongs to which service is what each service documents of itself; whose service that is, the catalogue says.
"""

import re
from collections.abc import Iterator

from sovscan.repository.lines import Lines
from sovscan.repository.places import image, is_open, registry
from sovscan.repository.trace import Reader, Trace, TraceKind
from sovscan.repository.yaml_leaves import Leaf, Leaves, leaves

_SERVICES: tuple[tuple[str, str], ...] = (
    (r"\.github/workflows/[^/]+\.ya?ml\Z", "actions.githubusercontent.com"),
    (r"\.circleci/config\.yml\Z", "circleci.com"),
    (r"\.travis\.yml\Z", "travis-ci.com"),
    (r"\.?azure-pipelines(?:[.-][^/]*)?\.ya?ml\Z", "dev.azure.com"),
    (r"bitbucket-pipelines\.yml\Z", "bitbucket.org"),
    (r"\.?appveyor\.yml\Z", "ci.appveyor.com"),
    (r"\.cirrus\.yml\Z", "cirrus-ci.com"),
    (r"\.buildkite/[^/]+\.ya?ml\Z", "buildkite.com"),
    (r"\.semaphore/[^/]+\.ya?ml\Z", "semaphoreci.com"),
    (r"codemagic\.yaml\Z", "codemagic.io"),
    (r"cloudbuild\.ya?ml\Z", "cloudbuild.googleapis.com"),
    (r"buildspec\.ya?ml\Z", "codebuild.amazonaws.com"),
    (r"bitrise\.yml\Z", "bitrise.io"),
    (r"\.readthedocs\.ya?ml\Z", "readthedocs.org"),
    (r"netlify\.toml\Z", "netlify.com"),
    (r"vercel\.json\Z", "vercel.com"),
    (r"fly\.toml\Z", "fly.io"),
    (r"render\.yaml\Z", "render.com"),
    (r"\.codecov\.yml\Z|codecov\.yml\Z", "codecov.io"),
)
_JENKINS_IMAGE = re.compile(r"(?:\bimage\s*(?:\(\s*)?|docker\.image\s*\(\s*)['\"]([^'\"\n]+)['\"]")


def read(path: str, content: bytes) -> tuple[Trace, ...]:
    """The service the file is written for, and the images, actions and indexes it uses. Raises UnreadError."""
    lowered = path.lower()
    service = next((host for shape, host in _SERVICES if re.search(rf"(?:\A|/){shape}", lowered)), "")
    lines = Lines(content)
    traces: list[Trace] = []
    if "jenkinsfile" in lowered.rpartition("/")[2]:
        for number, text in lines.numbered():
            for found in _JENKINS_IMAGE.finditer(re.split(r"(?:^|\s)(?://|\*)", text, maxsplit=1)[0]):
                traces.extend(image(found[1], number))
        return tuple(traces)
    if not lowered.endswith((".yml", ".yaml")):
        return (Trace(kind=TraceKind.CI, value=service, line=1),) if service and lines.text.strip() else ()
    read_leaves = leaves(lines)
    if service and read_leaves.found:
        traces.append(Trace(kind=TraceKind.CI, value=service, line=read_leaves.found[0].line))
    traces.extend(_used(lowered, read_leaves))
    return tuple(traces)


def _used(path: str, read_leaves: Leaves) -> Iterator[Trace]:
    for leaf in read_leaves.found:
        if _is_image(path, leaf):
            yield from image(leaf.value, leaf.line)
        elif leaf.key in {"PIP_INDEX_URL", "UV_INDEX_URL", "NPM_CONFIG_REGISTRY", "GOPROXY", "registry-url"}:
            yield from registry(leaf.value, leaf.line)


def _is_image(path: str, leaf: Leaf) -> bool:
    """Whether a scalar stands where the service takes an image."""
    gitlab = "gitlab" in path
    match leaf.key:
        case "uses":
            return leaf.value.startswith("docker://")
        case "image" | "container" | "docker":
            return _names_image(path, leaf)
        case "name":
            steps = "cloudbuild" in path and leaf.path[:2] == ("steps", "[]")
            return steps or "image" in leaf.path[-3:-1] or (gitlab and "services" in leaf.path)
        case "services":
            return gitlab and leaf.path[-1] == "[]"
        case _:
            return False


def _names_image(path: str, leaf: Leaf) -> bool:
    if is_open(leaf.value) and not re.search(r"[a-z0-9.]+/", leaf.value):
        return False
    if leaf.key == "image" and "circleci" in path and "machine" in leaf.path:
        return False
    if "azure-pipelines" in path or "appveyor" in path or "semaphore" in path:
        # There a bare word is the name of a machine, or of a container described elsewhere in the file.
        return "/" in leaf.value or (leaf.key != "docker" and ":" in leaf.value)
    return not leaf.value.startswith(("~", "/")) and bool(re.fullmatch(r"\S+", leaf.value))


READER = Reader(
    id="ci",
    patterns=(
        ".github/workflows/*.yml", ".github/workflows/*.yaml", ".gitlab-ci.yml", ".gitlab-ci.yaml", "*.gitlab-ci.yml",
        ".forgejo/workflows/*.yml", ".forgejo/workflows/*.yaml", ".gitea/workflows/*.yml", ".gitea/workflows/*.yaml",
        ".woodpecker.yml", ".woodpecker/*.yml", ".woodpecker/*.yaml", ".drone.yml", ".circleci/config.yml",
        ".travis.yml", "azure-pipelines*.yml", ".azure-pipelines*.yml", "bitbucket-pipelines.yml", "appveyor.yml",
        ".appveyor.yml", ".cirrus.yml", ".buildkite/*.yml", ".buildkite/*.yaml", ".semaphore/*.yml", "codemagic.yaml",
        "cloudbuild.yaml", "cloudbuild.yml", "buildspec.yml", "buildspec.yaml", "bitrise.yml", ".readthedocs.yml",
        ".readthedocs.yaml", "netlify.toml", "vercel.json", "fly.toml", "render.yaml", "jenkinsfile", "jenkinsfile.*",
        "*.jenkinsfile", "codecov.yml", ".codecov.yml",
    ),
    read=read,
)  # fmt: skip
