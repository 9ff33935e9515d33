"""Terraform and OpenTofu: providers, regions, state backends, modules, addresses and DNS records.

Form: https://developer.hashicorp.com/terraform/language and https://opentofu.org/docs/language (read 2026-11-21).
"""

import json
import re
from collections.abc import Iterator

from sovscan.repository.hcl import Block, Value, parse
from sovscan.repository.lines import Lines, strict
from sovscan.repository.places import host_of, image, is_open, registry
from sovscan.repository.trace import Reader, Trace, TraceKind, UnreadError

DEFAULT_REGISTRIES = ("registry.terraform.io", "registry.opentofu.org")
_REGION = ("region", "location", "zone", "availability_zone")
_HOST_KEYS = ("endpoint", "address", "hostname", "host", "url", "auth_url", "api_url", "base_url")
_IMAGE_KEYS = ("image", "image_uri", "container_image", "docker_image")
_RECORD_TYPES = frozenset({"A", "AAAA", "CNAME", "MX", "NS", "TXT", "SRV", "ALIAS", "CAA"})


def read(path: str, content: bytes) -> tuple[Trace, ...]:
    """Everything a file of configuration says. Raises UnreadError when it does not parse."""
    if path.lower().endswith(".json"):
        return tuple(_of_file(_from_json(content)))
    return tuple(_of_file(parse(strict(content))))


def _of_file(whole: Block) -> Iterator[Trace]:
    sources: dict[str, str] = {}
    named = False
    for block in whole.inner("terraform"):
        for required in block.inner("required_providers"):
            for name, value in required.attributes.items():
                source = value.members.get("source")
                sources[name] = provider_address(source.text) if source is not None and source.text else ""
                named = True
                yield _provider(sources[name] or f"hashicorp/{name}", (source or value).line, "declared")
        for backend in (*block.inner("backend"), *block.inner("cloud")):
            yield from _backend(backend)
    for block in whole.inner("provider"):
        name = block.labels[0] if block.labels else ""
        if name:
            named = True
            yield _provider(sources.get(name) or f"hashicorp/{name}", block.line, _region(block))
            yield from _hosts(block)
    for block in whole.inner("resource", "data"):
        yield from _resource(block, sources)
    for block in whole.inner("module"):
        source = block.attributes.get("source")
        if source is not None and source.text and not source.text.startswith((".", "/")):
            yield from _module(source)
    if named and (line := next((block.line for block in whole.inner("terraform", "provider")), 0)):
        yield from registry(f"//{DEFAULT_REGISTRIES[0]}", line, "implicit")


def provider_address(text: str) -> str:
    """``namespace/type`` of a provider of the public registries, or with the host of another registry before it."""
    parts = text.strip().lower().split("/")
    if len(parts) == 3 and parts[0] in DEFAULT_REGISTRIES:
        parts = parts[1:]
    if len(parts) == 1:
        parts = ["hashicorp", *parts]
    return "/".join(parts)


def _provider(address: str, line: int, detail: str = "") -> Trace:
    return Trace(kind=TraceKind.PROVIDER, value=address, line=line, detail=detail)


def _region(block: Block) -> str:
    for key in _REGION:
        text = block.attributes[key].text if key in block.attributes else ""
        if text and re.fullmatch(r"[a-zA-Z0-9_-]{2,40}", text):
            return f"region={text}"
    return ""


def _backend(block: Block) -> Iterator[Trace]:
    kind = "remote" if block.type == "cloud" else (block.labels[0] if block.labels else "")
    found = _host_in(block)
    for inner in block.inner("workspaces", "endpoints"):
        found = found or _host_in(inner)
    endpoints = block.attributes.get("endpoints")
    if found is None and endpoints is not None:
        found = next((host_of(member.text) for member in endpoints.members.values() if host_of(member.text)), None)
    if kind:
        detail = " ".join(filter(None, (_region(block), f"endpoint={found}" if found else "")))
        yield Trace(kind=TraceKind.BACKEND, value=found or kind, line=block.line, detail=detail or kind)


def _host_in(block: Block) -> str | None:
    for key in _HOST_KEYS:
        text = block.attributes[key].text if key in block.attributes else ""
        if text and not is_open(text):
            host = host_of(text) or host_of(f"//{text}")
            if host:
                return host
    return None


def _hosts(block: Block) -> Iterator[Trace]:
    host = _host_in(block)
    if host:
        yield Trace(kind=TraceKind.ENDPOINT, value=host, line=block.line)


def _resource(block: Block, sources: dict[str, str]) -> Iterator[Trace]:
    kind = block.labels[0] if block.labels else ""
    prefix = kind.partition("_")[0]
    if prefix and block.type == "resource":
        alias = block.attributes.get("provider")
        address = sources.get(prefix) or f"hashicorp/{prefix}"
        if alias is None or not alias.text:
            yield _provider(address, block.line, " ".join(filter(None, ("resource", _region(block)))))
    for key in _IMAGE_KEYS:
        if key in block.attributes and block.attributes[key].text:
            yield from image(block.attributes[key].text, block.attributes[key].line)
    if kind.rpartition("_")[2] in {"record", "recordset"} or kind.endswith(("_rr", "_zone_record")):
        yield from _record(block)


def _record(block: Block) -> Iterator[Trace]:
    def text(*keys: str) -> str:
        return next((block.attributes[key].text for key in keys if key in block.attributes), "")

    kind = text("type", "fieldtype", "record_type").upper()
    values = next(
        (block.attributes[key] for key in ("records", "value", "content", "target", "data", "values", "rrdatas")
         if key in block.attributes), None,
    )  # fmt: skip
    if kind in _RECORD_TYPES and values is not None:
        name = text("name", "subdomain") or "@"
        for value, line in values.texts:
            if value and not is_open(value) and not is_open(name):
                yield Trace(kind=TraceKind.DNS, value=f"{kind} {name} {value.rstrip('.')}", line=line)


def _module(source: Value) -> Iterator[Trace]:
    text = source.text
    host = host_of(text.removeprefix("git::").removeprefix("hg::").removeprefix("s3::").removeprefix("gcs::"))
    if host is None and (found := re.match(r"(?:git@)?([a-z0-9.-]+\.[a-z]{2,})[:/]", text)):
        host = found[1]
    if host is None and text.count("/") in {2, 3}:
        host = DEFAULT_REGISTRIES[0]
    if host:
        yield Trace(kind=TraceKind.REGISTRY, value=host, line=source.line)


def _from_json(content: bytes) -> Block:
    """``.tf.json`` as blocks (https://developer.hashicorp.com/terraform/language/syntax/json); lines by key."""
    lines = Lines(content)
    try:
        plain = json.loads(lines.text)
    except (ValueError, RecursionError) as error:
        raise UnreadError("syntax", getattr(error, "lineno", 1)) from error
    if not isinstance(plain, dict):
        raise UnreadError("syntax")
    whole = Block("", (), 1)
    depths = {"terraform": 0, "provider": 1, "resource": 2, "data": 2, "module": 1}
    for kind, depth in depths.items():
        for labels, body in _labelled(plain.get(kind), depth):
            whole.blocks.append(_json_block(kind, labels, body, lines))
    return whole


def _labelled(
    plain: object, depth: int, labels: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], dict[str, object]]]:
    for one in plain if isinstance(plain, list) else [plain]:
        if isinstance(one, dict):
            if depth == 0:
                yield labels, one
            else:
                for label, body in one.items():
                    yield from _labelled(body, depth - 1, (*labels, str(label)))


def _json_block(kind: str, labels: tuple[str, ...], body: dict[str, object], lines: Lines) -> Block:
    line = lines.of(json.dumps(labels[-1] if labels else kind))
    block = Block(kind, labels, line)
    for key, value in body.items():
        if key in {"required_providers", "backend", "cloud"}:
            for inner, content in _labelled(value, 1 if key == "backend" else 0):
                block.blocks.append(_json_block(key, inner, content, lines))
        else:
            block.attributes[str(key)] = _json_value(str(key), value, lines)
    return block


def _json_value(key: str, plain: object, lines: Lines) -> Value:
    value = Value(lines.of(json.dumps(key)))
    for one in plain if isinstance(plain, list) else [plain]:
        if isinstance(one, dict):
            for name, inner in one.items():
                value.members.setdefault(str(name), _json_value(str(name), inner, lines))
        elif isinstance(one, str):
            value.texts.append((one, lines.of(json.dumps(one))))
    return value


READER = Reader(id="terraform", patterns=("*.tf", "*.tofu", "*.tf.json", "*.tofu.json", "terragrunt.hcl"), read=read)
