"""Hosts, registries and images as files write them, in one form and without a user name or password."""

import re

from sovscan.repository.trace import LONGEST_VALUE, Trace, TraceKind

HOST = r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
_URL_HOST = re.compile(
    rf"(?:[a-z][a-z0-9+.-]{{0,20}}:)?//(?:[^\s/@\"'<>]*@)?({HOST})(?![a-z0-9_-]|\.[a-z0-9])", re.IGNORECASE
)
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@-]*\Z")
_HOLE = re.compile(r"\$\{?[A-Za-z_]|\{\{|<<|%\(|\$\(|\$\[\[|@@")


def host_of(url: str) -> str | None:
    """The host of a URL (scheme optional before ``//``) in lower case; None when there is none or it is no name."""
    found = _URL_HOST.match(url.strip())
    return found[1].lower() if found else None


def is_open(text: str) -> bool:
    """Whether a text holds something only known when it is run, such as a variable."""
    return _HOLE.search(text) is not None


def image_of(reference: str) -> str | None:
    """A container image with its registry spelt out; None when it is no reference.

    A first segment with a dot or colon, or ``localhost``, is a registry; anything else comes from Docker Hub
    (https://github.com/distribution/reference, read 2026-11-21). What depends on a variable is kept as written.
    """
    text = reference.strip().strip("\"'").removeprefix("docker://").removeprefix("docker-daemon:")
    if not text or len(text) > LONGEST_VALUE or any(character.isspace() for character in text):
        return None
    if is_open(text):
        first, slash, _ = text.partition("/")
        name = re.split(r"[:@]", first, maxsplit=1)[0]
        if slash and not is_open(first) and ("." in first or ":" in first or first == "localhost"):
            return text
        if not is_open(name) and _REFERENCE.match(name):
            # Only the tag, or what follows the first segment, is open: where it comes from is known.
            return f"docker.io/{text}" if slash and name == first else text if slash else f"docker.io/library/{text}"
        return text if re.match(r"[\w$\{]", text) else None
    if "@" in text and not re.search(r"@[a-z0-9+._-]+:[0-9a-fA-F]{8,}\Z", text):
        text = text.rpartition("@")[2]
    if not _REFERENCE.match(text):
        return None
    first, slash, _ = text.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return first.lower() + text[len(first) :]
    return f"docker.io/{text}" if slash else f"docker.io/library/{text}"


def image(reference: str, line: int, detail: str = "") -> tuple[Trace, ...]:
    """The trace of an image, or nothing when the text is no reference."""
    named = image_of(reference)
    if named is None:
        return ()
    words = f"{detail} open".strip() if is_open(named) else detail
    return (Trace(kind=TraceKind.IMAGE, value=named, line=line, detail=words),)


def registry(url: str, line: int, detail: str = "") -> tuple[Trace, ...]:
    """The trace of the host that packages come from, or nothing when the text names none."""
    host = host_of(url)
    return (Trace(kind=TraceKind.REGISTRY, value=host, line=line, detail=detail),) if host else ()


def default_registry(name: str, line: int, detail: str = "") -> tuple[Trace, ...]:
    """The trace of the registry that an ecosystem asks when a file names none, known by its own name."""
    return (Trace(kind=TraceKind.REGISTRY, value=name, line=line, detail=detail),)


def package(kind: str, name: str, line: int, detail: str = "") -> tuple[Trace, ...]:
    """The trace of a library as a package URL without version, or nothing when the name is not plain."""
    encoded = name.strip().replace("@", "%40")
    if not encoded or len(encoded) > LONGEST_VALUE or not re.fullmatch(r"[A-Za-z0-9%._~/+:-]+", encoded):
        return ()
    return (Trace(kind=TraceKind.PACKAGE, value=f"pkg:{kind}/{encoded}", line=line, detail=detail),)
