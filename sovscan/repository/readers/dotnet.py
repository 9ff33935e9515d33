"""NuGet references of .NET projects, and the feeds they come from."""

import json
from collections.abc import Iterator

from sovscan.repository import xml_elements
from sovscan.repository.lines import Lines, strict
from sovscan.repository.places import package, registry
from sovscan.repository.trace import MIB, Reader, Trace, UnreadError

DEFAULT_FEED = "https://api.nuget.org/v3/index.json"
"""What the tools ask when nothing else is said (https://learn.microsoft.com/nuget/consume-packages/configuring-nuget-behavior)."""


def read(path: str, content: bytes) -> tuple[Trace, ...]:
    """Packages and feeds. Raises UnreadError."""
    if path.lower().endswith(".json"):
        return tuple(_lock(strict(content)))
    root = xml_elements.parse(content)
    if root.tag == "configuration":
        return tuple(_feeds(root))
    return tuple(_references(root))


def _references(root: xml_elements.Element) -> Iterator[Trace]:
    named = 0
    for element in root.below("PackageReference", "PackageVersion", "package", "GlobalPackageReference"):
        name = element.attributes.get("Include") or element.attributes.get("Update") or element.attributes.get("id", "")
        private = element.attributes.get("PrivateAssets", "") or element.text_of("PrivateAssets")
        named = named or element.line
        yield from package("nuget", name, element.line, "dev" if private.lower() == "all" else "")
    if named:
        yield from registry(DEFAULT_FEED, named, "implicit for=nuget")


def _feeds(root: xml_elements.Element) -> Iterator[Trace]:
    for sources in root.below("packageSources"):
        # Without ``clear`` the feeds of the machine and of the user stay in force
        # (https://learn.microsoft.com/nuget/reference/nuget-config-file).
        words = "instead for=nuget" if any(source.tag == "clear" for source in sources.children) else ""
        for source in sources.children:
            if source.tag == "add":
                yield from registry(source.attributes.get("value", ""), source.line, words)


def _lock(lines: Lines) -> Iterator[Trace]:
    try:
        plain = json.loads(lines.text)
    except (ValueError, RecursionError) as error:
        raise UnreadError("syntax", getattr(error, "lineno", 1)) from error
    groups = plain.get("dependencies") if isinstance(plain, dict) else None
    for group in groups.values() if isinstance(groups, dict) else ():
        for name in group if isinstance(group, dict) else ():
            yield from package("nuget", str(name), lines.of(json.dumps(name)), "locked")


READER = Reader(
    id="dotnet",
    patterns=("*.csproj", "*.fsproj", "*.vbproj", "directory.packages.props", "directory.build.props",
              "packages.config", "nuget.config", "packages.lock.json"),
    read=read,
    limit=4 * MIB,
)  # fmt: skip
