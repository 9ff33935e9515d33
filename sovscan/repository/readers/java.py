"""Maven and Gradle: libraries and repositories."""

import re
from collections.abc import Iterator

from sovscan.repository import xml_elements
from sovscan.repository.lines import Lines
from sovscan.repository.places import package, registry
from sovscan.repository.trace import Reader, Trace

CENTRAL = "https://repo.maven.apache.org/maven2"
"""What Maven asks when nothing else is said (https://maven.apache.org/ref/current/maven-model-builder/super-pom.html)."""
_COORDINATES = re.compile(r"[\"']([A-Za-z][\w.-]+):([A-Za-z][\w.-]+)(?::[^\"'\n]*)?[\"']")
_NAMED = re.compile(r"group\s*[:=]\s*[\"']([\w.-]+)[\"']\s*,\s*(?:name|module)\s*[:=]\s*[\"']([\w.-]+)[\"']")
_CATALOGUE = re.compile(r"module\s*=\s*[\"']([\w.-]+):([\w.-]+)[\"']")
_CONFIGURATION = re.compile(r"^\s*(test|androidTest)\w*(?:Implementation|Compile|RuntimeOnly|Api)?\b")
_URL = re.compile(r"(?:url\s*[=(]?\s*(?:uri\(\s*)?|setUrl\(\s*|maven\s*\(\s*)[\"'](https?://[^\"'\s]+)")
_BUILT_IN = {
    "mavenCentral()": CENTRAL,
    "google()": "https://dl.google.com/dl/android/maven2",
    "gradlePluginPortal()": "https://plugins.gradle.org/m2",
}


def read(path: str, content: bytes) -> tuple[Trace, ...]:
    """Libraries and repositories; of Gradle's programs what stands in them as text. Raises UnreadError."""
    if path.lower().endswith(".xml"):
        return tuple(_maven(content))
    return tuple(_gradle(Lines(content)))


def _maven(content: bytes) -> Iterator[Trace]:
    root = xml_elements.parse(content)
    named = False
    for element in root.below("dependency", "plugin"):
        group, name = element.text_of("groupId"), element.text_of("artifactId")
        if group and name and "${" not in group + name:
            words = "dev" if element.tag == "plugin" or element.text_of("scope") == "test" else ""
            named = True
            yield from package("maven", f"{group}/{name}", element.line, words)
    replaced = False
    for element in root.below("repository", "pluginRepository", "mirror", "snapshotRepository"):
        url = next((each for each in element.children if each.tag == "url"), element)
        replaced = replaced or (element.tag == "mirror" and element.text_of("mirrorOf") in {"*", "central"})
        yield from registry(url.text.strip(), url.line)
    if named and not replaced:
        yield from registry(CENTRAL, root.line, "implicit")


def _gradle(lines: Lines) -> Iterator[Trace]:
    for number, raw in lines.numbered():
        text = raw.partition("//")[0] if "://" not in raw else raw
        words = "dev" if _CONFIGURATION.match(text) else ""
        for shape in (_COORDINATES, _NAMED, _CATALOGUE):
            for group, name in shape.findall(text):
                if "." in group or shape is not _COORDINATES:
                    yield from package("maven", f"{group}/{name}", number, words)
        for url in _URL.findall(text):
            yield from registry(url, number)
        for call, url in _BUILT_IN.items():
            if call in text:
                yield from registry(url, number)


READER = Reader(
    id="java",
    patterns=("pom.xml", "*.pom.xml", "settings.xml", "build.gradle", "build.gradle.kts", "settings.gradle",
              "settings.gradle.kts", "libs.versions.toml", "*.gradle"),
    read=read,
)  # fmt: skip
