"""CloudFormation, AWS SAM, Bicep, ARM templates and Pulumi projects: the platform they are written for."""

import re

from sovscan.repository.lines import Lines
from sovscan.repository.places import host_of, registry
from sovscan.repository.trace import Reader, Trace, TraceKind

_TYPE = re.compile(r"[\"']?Type[\"']?\s*:\s*[\"']?(AWS|Alexa|Custom)::[A-Za-z0-9:]+")
_STACK = re.compile(r"AWSTemplateFormatVersion|AWS::Serverless|\"?Resources\"?\s*:")
_ARM = re.compile(r"schema\.management\.azure\.com/schemas/[^\"']*deploymentTemplate", re.IGNORECASE)
_BICEP = re.compile(
    r"^\s*(?:resource\s+\w+\s+'([A-Za-z0-9.]+/[^'@]+)@|module\s+\w+\s+'(br(?:/public)?:[^']+)')", re.MULTILINE
)
_PULUMI_BACKEND = re.compile(r"^\s*url:\s*[\"']?(\S+?)[\"']?\s*$", re.MULTILINE)
_SERVERLESS = re.compile(r"^\s*name:\s*[\"']?(aws|google|azure)\b", re.MULTILINE)


def read(path: str, content: bytes) -> tuple[Trace, ...] | None:
    """The platform with the line of the first resource; None for files of another sort."""
    lines, name = Lines(content), path.lower().rpartition("/")[2]
    if name.endswith((".bicep", ".bicepparam")):
        return _bicep(lines)
    if name.startswith("pulumi."):
        return _pulumi(lines, name)
    if name.startswith("serverless."):
        found = _SERVERLESS.search(lines.text)
        return (_platform(f"serverless/{found[1]}", lines.at(found.start(1)), "resource"),) if found else ()
    if (resource := _TYPE.search(lines.text)) is not None and _STACK.search(lines.text):
        return (_platform("cloudformation", lines.at(resource.start()), "resource"),)
    if name.endswith(".json") and (schema := _ARM.search(lines.text)) is not None:
        return (_platform("azure-resource-manager", lines.at(schema.start()), "resource"),)
    return None


def _bicep(lines: Lines) -> tuple[Trace, ...]:
    traces: list[Trace] = []
    for found in _BICEP.finditer(lines.text):
        place = found.start(1) if found[1] else found.start(2)
        if found[1]:
            traces.append(_platform("azure-resource-manager", lines.at(place), "resource"))
        else:
            traces.extend(registry(f"//{found[2].removeprefix('br/public:').removeprefix('br:')}", lines.at(place)))
    return tuple(traces)


def _pulumi(lines: Lines, name: str) -> tuple[Trace, ...]:
    if name not in {"pulumi.yaml", "pulumi.yml"} or "name:" not in lines.text:
        return ()
    at = lines.text.find("backend:")
    found = _PULUMI_BACKEND.search(lines.text, at) if at >= 0 else None
    if found is None:
        # Without a word about it, the state goes to the maker's own service
        # (https://www.pulumi.com/docs/iac/concepts/state-and-backends/).
        return (Trace(kind=TraceKind.BACKEND, value="pulumi-cloud", line=1, detail="implicit"),)
    scheme, line = found[1].partition("://")[0], lines.at(found.start(1))
    if scheme in {"s3", "gs", "azblob"}:
        return (Trace(kind=TraceKind.BACKEND, value=scheme, line=line, detail="pulumi"),)
    host = host_of(found[1])
    return (Trace(kind=TraceKind.BACKEND, value=host, line=line),) if host else ()


def _platform(value: str, line: int, detail: str) -> Trace:
    return Trace(kind=TraceKind.PROVIDER, value=value, line=line, detail=detail)


READER = Reader(
    id="infrastructure-templates",
    patterns=(
        "*.bicep", "*.bicepparam", "pulumi.yaml", "pulumi.yml", "serverless.yml", "serverless.yaml", "*.template",
        "*.template.json", "*.template.yaml", "*.template.yml", "template.yaml", "template.yml",
        "*cloudformation*.y*ml", "*cloudformation*/*.y*ml", "*cloudformation*/*.json", "*cfn*.y*ml", "*stack*.y*ml",
        "azuredeploy*.json", "*arm*.json", "main*.json",
    ),
    read=read,
)  # fmt: skip
