"""pyproject.toml (PEP 621, 735, Poetry, uv, PDM), Pipfile, setup.cfg, lists in setup.py and pip's settings."""

import configparser
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from sovscan.repository.lines import Lines, strict
from sovscan.repository.places import default_registry, package, registry
from sovscan.repository.readers.python_requirements import DEFAULT_INDEX, normalised
from sovscan.repository.trace import Reader, Trace, UnreadError

_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
_SETUP_LIST = re.compile(
    r"\b(install_requires|extras_require|setup_requires|tests_require)\s*=\s*(\[[^\]]{0,20000}\]|\{[^}]{0,20000}\})"
)
_FIRST_INDEX = frozenset({"index-url", "index_url", "default-index"})
_REPLACES = "instead for=pypi"
_INDEX = re.compile(r"^\s*(index-url|extra-index-url|index_url|find-links|default-index)\s*=\s*(\S+)", re.MULTILINE)


def read(path: str, content: bytes) -> tuple[Trace, ...]:
    """Packages, development ones marked, and indexes. Raises UnreadError when the file does not parse."""
    name = path.lower().rpartition("/")[2]
    if name == "pipfile" or name.endswith(".toml"):
        lines = strict(content)
        try:
            plain = tomllib.loads(lines.text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise UnreadError("syntax", _line_of_fault(str(error))) from error
        return tuple(_pipfile(plain, lines) if name == "pipfile" else _project(plain, lines))
    lines = Lines(content)
    if name == "setup.cfg":
        return tuple(_setup(lines))
    if name == "setup.py":
        return tuple(_setup_program(lines))
    return tuple(
        one
        for found in _INDEX.finditer(lines.text)
        for one in registry(found[2], lines.at(found.start(2)), _REPLACES if found[1] in _FIRST_INDEX else "")
    )


def _project(plain: Mapping[str, Any], lines: Lines) -> Iterator[Trace]:
    project, tool = _table(plain.get("project")), _table(plain.get("tool"))
    named = False
    found = [(one, "") for one in _texts(project.get("dependencies"))]
    for group in _table(project.get("optional-dependencies")).values():
        found += [(one, "optional") for one in _texts(group)]
    development = [*_table(plain.get("dependency-groups")).values(), _table(tool.get("uv")).get("dev-dependencies")]
    development += list(_table(_table(tool.get("pdm")).get("dev-dependencies")).values())
    for group in development:
        found += [(one, "dev") for one in _texts(group)]
    found += [(one, "dev") for one in _texts(_table(plain.get("build-system")).get("requires"))]
    for text, words in found:
        name = _NAME.match(text)
        if name is not None:
            named = True
            yield from package("pypi", normalised(name[1]), _quoted_line(lines, text), words)
    poetry = _table(tool.get("poetry"))
    groups = [
        (poetry.get("dependencies"), "dependencies", ""),
        (poetry.get("dev-dependencies"), "dev-dependencies", "dev"),
    ]
    groups += [
        (_table(group).get("dependencies"), f"group.{title}.dependencies", "" if title == "main" else "dev")
        for title, group in _table(poetry.get("group")).items()
    ]
    for table, title, words in groups:
        start = max(0, lines.text.find(f"[tool.poetry.{title}]"))
        for key in _table(table):
            if key.lower() != "python":
                named = True
                yield from package("pypi", normalised(key), _key_line(lines, key, start), words)
    indexes = [*_tables(poetry.get("source")), *_tables(_table(tool.get("uv")).get("index")),
               *_tables(_table(tool.get("pdm")).get("source"))]  # fmt: skip
    urls = [str(one.get("url", "")) for one in indexes]
    urls += _texts(_table(tool.get("uv")).get("index-url")) + _texts(_table(tool.get("uv")).get("extra-index-url"))
    for url in urls:
        yield from registry(url, lines.of(url))
    replaced = any(one.get("default") or one.get("priority") in {"default", "primary"} for one in indexes)
    if named and not (replaced or _table(tool.get("uv")).get("index-url")):
        yield from default_registry(DEFAULT_INDEX, 1, "implicit for=pypi")


def _pipfile(plain: Mapping[str, Any], lines: Lines) -> Iterator[Trace]:
    for title, words in (("packages", ""), ("dev-packages", "dev")):
        start = max(0, lines.text.find(f"[{title}]"))
        for name in _table(plain.get(title)):
            yield from package("pypi", normalised(name), _key_line(lines, name, start), words)
    for source in _tables(plain.get("source")):
        yield from registry(str(source.get("url", "")), lines.of(str(source.get("url", ""))))


def _setup(lines: Lines) -> Iterator[Trace]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(lines.text)
    except configparser.Error as error:
        raise UnreadError("syntax", getattr(error, "lineno", 1) or 1) from error
    named = False
    texts = [(parser.get("options", "install_requires", fallback=""), "")]
    if parser.has_section("options.extras_require"):
        texts += [(value, "optional") for _, value in parser.items("options.extras_require")]
    for text, words in texts:
        for one in text.splitlines():
            name = _NAME.match(one) if one.strip() and not one.strip().startswith("#") else None
            if name is not None:
                named = True
                yield from package("pypi", normalised(name[1]), _whole_line(lines, one.strip()), words)
    if named:
        yield from default_registry(DEFAULT_INDEX, 1, "implicit for=pypi")


def _setup_program(lines: Lines) -> Iterator[Trace]:
    """Names that stand in the program as literal lists; nothing of it is run."""
    named = False
    for found in _SETUP_LIST.finditer(lines.text):
        words = {"install_requires": "", "extras_require": "optional"}.get(found[1], "dev")
        # Keys of a table of extras are titles, not packages.
        for literal in re.finditer(r"([\"'])([^\"'\n]*)\1(\s*:)?", found[2]):
            name = None if literal[3] else _NAME.match(literal[2])
            if name is not None:
                named = True
                yield from package("pypi", normalised(name[1]), lines.at(found.start(2) + literal.start()), words)
    if named:
        yield from default_registry(DEFAULT_INDEX, 1, "implicit for=pypi")


def _quoted_line(lines: Lines, text: str) -> int:
    """Of the first text in quotes that is exactly this, and not the value of a key such as ``name``."""
    shape = re.compile(rf"(?<![\w\"']\s=\s)[\"']{re.escape(text)}[\"']")
    found = shape.search(lines.text)
    return lines.at(found.start()) if found else lines.of(text)


def _whole_line(lines: Lines, text: str) -> int:
    return next((number for number, each in lines.numbered() if each.strip() == text), lines.of(text))


def _key_line(lines: Lines, name: str, start: int) -> int:
    found = re.compile(rf"^[ \t]*[\"']?{re.escape(name)}[\"']?\s*=", re.MULTILINE).search(lines.text, start)
    return lines.at(found.start()) if found else lines.at(start)


def _line_of_fault(message: str) -> int:
    found = re.search(r"line (\d+)", message)
    return int(found[1]) if found else 1


def _table(plain: object) -> Mapping[str, Any]:
    return plain if isinstance(plain, dict) else {}


def _tables(plain: object) -> list[Mapping[str, Any]]:
    return [one for one in plain if isinstance(one, dict)] if isinstance(plain, list) else []


def _texts(plain: object) -> list[str]:
    if isinstance(plain, str):
        return [plain]
    return [one for one in plain if isinstance(one, str)] if isinstance(plain, list) else []


READER = Reader(
    id="python-project",
    patterns=("pyproject.toml", "pipfile", "setup.cfg", "setup.py", "pip.conf", "pip.ini", "uv.toml"),
    read=read,
)
