"""Terraform's and OpenTofu's lock file: the providers in full (https://developer.hashicorp.com/terraform/language/files/dependency-lock)."""

from sovscan.repository.hcl import parse
from sovscan.repository.lines import strict
from sovscan.repository.places import registry
from sovscan.repository.readers.terraform import provider_address
from sovscan.repository.trace import Reader, Trace, TraceKind


def read(_path: str, content: bytes) -> tuple[Trace, ...]:
    """Each provider, and the registry it was fetched from. Raises UnreadError when the file does not parse."""
    traces: list[Trace] = []
    for block in parse(strict(content)).inner("provider"):
        if block.labels:
            traces.append(
                Trace(
                    kind=TraceKind.PROVIDER, value=provider_address(block.labels[0]), line=block.line, detail="locked"
                )
            )
            if block.labels[0].count("/") == 2:
                traces.extend(registry(f"//{block.labels[0]}", block.line))
    return tuple(traces)


READER = Reader(id="terraform-lock", patterns=(".terraform.lock.hcl",), read=read, limit=4 * 1_048_576)
