"""Dockerfile and Containerfile (https://docs.docker.com/reference/dockerfile/, read 2026-11-21)."""

import re
from collections.abc import Iterator, Mapping

from sovscan.repository.lines import Lines
from sovscan.repository.places import image, is_open, registry
from sovscan.repository.trace import Reader, Trace

_INSTRUCTION = re.compile(r"\s*([A-Za-z]+)\s+(.*)", re.DOTALL)
_HEREDOC = re.compile(r"<<(-?)[\"']?([A-Za-z_][A-Za-z0-9_]*)[\"']?")
_VARIABLE = re.compile(r"\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)(?::?([-+])([^{}]*))?\})")
_MOUNT_FROM = re.compile(r"--mount=\S*?\bfrom=([^,\s]+)")
_INDEX = re.compile(r"(?:--index-url|--extra-index-url|-i|--registry|--default-index|GOPROXY|PIP_INDEX_URL|"
                    r"NPM_CONFIG_REGISTRY|UV_INDEX_URL)[= ]+[\"']?(https?://\S+)")  # fmt: skip
_BEGINS = re.compile(rb"^[ \t]*FROM[ \t]+(?![\w.]+[ \t]+import\b)", re.IGNORECASE | re.MULTILINE)
_OWN_STAGE = re.compile(r"[0-9]+\Z")
_DEEPEST = 4


def read(_path: str, content: bytes) -> tuple[Trace, ...] | None:
    """Images built on or copied from, and package indexes named on the way; None for a program that has the name."""
    if _BEGINS.search(content) is None:
        return None
    traces: list[Trace] = []
    stages: set[str] = set()
    defaults: dict[str, str] = {}
    for number, name, rest in _instructions(Lines(content).numbered()):
        match name:
            case "ARG" if not stages:
                key, equals, value = rest.strip().partition("=")
                if equals:
                    defaults[key.strip()] = _filled(value.strip().strip("\"'"), defaults)
            case "FROM":
                words = [word for word in rest.split() if not word.startswith("--")]
                if not words:
                    continue
                base = _filled(words[0], defaults)
                if base.lower() not in stages and base != "scratch":
                    traces.extend(image(base, number))
                stages.add(words[2].lower() if len(words) > 2 and words[1].lower() == "as" else f"#{len(stages)}")
            case "COPY" | "ADD" | "RUN":
                copied = re.findall(r"(?:^|\s)--from=(\S+)", rest) if name == "COPY" else _MOUNT_FROM.findall(rest)
                for source in copied:
                    filled = _filled(source, defaults)
                    if filled.lower() not in stages and not _OWN_STAGE.match(filled) and not is_open(filled):
                        traces.extend(image(filled, number))
                for url in _INDEX.findall(rest):
                    traces.extend(registry(url, number))
            case "ENV":
                for url in _INDEX.findall(rest):
                    traces.extend(registry(url, number))
            case _:
                pass
    return tuple(traces)


def _instructions(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str, str]]:
    """Each instruction in capitals with its first line and the rest of its text; bodies of heredocs are passed over."""
    escape = "\\"
    waiting = iter(lines)
    for number, raw in waiting:
        text = raw.rstrip("\r")
        if directive := re.match(r"#\s*escape\s*=\s*([`\\])", text, re.IGNORECASE):
            escape = directive[1]
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        parts = [text]
        while parts[-1].rstrip().endswith(escape):
            parts[-1] = parts[-1].rstrip()[:-1]
            following = next(waiting, None)
            # Comments and empty lines inside a continued instruction do not end it.
            while following is not None and (not following[1].strip() or following[1].lstrip().startswith("#")):
                following = next(waiting, None)
            if following is None:
                break
            parts.append(following[1].rstrip("\r"))
        whole = " ".join(parts)
        found = _INSTRUCTION.match(whole)
        if found is None:
            continue
        name = found[1].upper()
        yield number, name, found[2]
        if name in {"RUN", "COPY", "ADD"}:
            for dash, word in _HEREDOC.findall(whole):
                for _, inner in waiting:
                    ended = inner.rstrip("\r")
                    if (ended.lstrip("\t") if dash else ended) == word:
                        break


def _filled(text: str, defaults: Mapping[str, str], depth: int = _DEEPEST) -> str:
    """With the defaults of ``ARG`` put in; what has none stays as written."""

    def value(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        known = defaults.get(name, "")
        if found[3] == "+":
            return found[4] if known else ""
        if found[3] == "-":
            return known or found[4]
        return known if name in defaults else found[0]

    filled = _VARIABLE.sub(value, text)[:1_000]
    return filled if filled == text or depth == 0 else _filled(filled, defaults, depth - 1)


READER = Reader(
    id="dockerfile",
    patterns=("dockerfile", "dockerfile.*", "*.dockerfile", "containerfile", "containerfile.*", "*.containerfile"),
    read=read,
)
