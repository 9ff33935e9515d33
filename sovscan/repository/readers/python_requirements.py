"""pip's requirement and constraint files (https://pip.pypa.io/en/stable/reference/requirements-file-format/)."""

import re

from sovscan.repository.lines import Lines
from sovscan.repository.places import default_registry, package, registry
from sovscan.repository.trace import Reader, Trace

DEFAULT_INDEX = "pypi"
"""What pip asks when nothing else is said (https://pip.pypa.io/en/stable/cli/pip_install/)."""
_NAME = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?:$|[=<>!~;@(])")
_OPTION = re.compile(r"(--index-url|--extra-index-url|--find-links|-i|-f)(?:\s+|=)[\"']?(\S+)")
_DEVELOPMENT = re.compile(
    r"(?:\A|[._-])(?:dev|devel|development|tests?|testing|docs?|lint|ci|typing|bench)(?:[._-]|\Z)"
)


def read(path: str, content: bytes) -> tuple[Trace, ...] | None:
    """Packages, and the indexes they come from; a malformed line is passed over, and a file of prose is none."""
    words = "dev" if _DEVELOPMENT.search(path.lower().rpartition("/")[2]) else ""
    traces: list[Trace] = []
    first, named_index, odd, even = 0, False, 0, 0
    for number, text in _logical(Lines(content)):
        if option := _OPTION.match(text):
            named_index = named_index or option[1] in {"-i", "--index-url"}
            traces.extend(registry(option[2], number, words))
        elif (name := _NAME.match(text)) is not None:
            first = first or number
            traces.extend(package("pypi", normalised(name[1]), number, words))
            if "://" in text and (url := re.search(r"@\s*(?:[a-z]+\+)?(\w+://\S+)", text)):
                traces.extend(registry(url[1], number, words))
        elif re.match(r"(?:-e\s+|--editable[= ])?(?:git|hg|svn|bzr)\+|https?://", text):
            traces.extend(registry(text[text.find("://") - 5 :].partition("+")[2] or text, number, words))
        elif not text.startswith("-"):
            odd += 1
            continue
        even += 1
    if odd > even:
        return None
    if first and not named_index:
        traces.extend(default_registry(DEFAULT_INDEX, first, f"implicit for=pypi {words}".strip()))
    return tuple(traces)


def normalised(name: str) -> str:
    """A project name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _logical(lines: Lines) -> list[tuple[int, str]]:
    """Logical lines without comments: a backslash joins, the number is that of the first."""
    found: list[tuple[int, str]] = []
    joined: list[str] = []
    begun = 0
    for number, raw in lines.numbered():
        text = raw.rstrip("\r")
        begun = number if not joined else begun
        if text.endswith("\\") and not text.lstrip().startswith("#"):
            joined.append(text[:-1])
            continue
        whole = re.split(r"(?:^|\s)#", " ".join((*joined, text)), maxsplit=1)[0].strip()
        joined = []
        if whole:
            found.append((begun, whole))
    return found


READER = Reader(
    id="python-requirements",
    patterns=(
        "requirements*.txt", "*requirements.txt", "*-requirements*.txt", "requirements*.in", "constraints*.txt",
        "requirements/*.txt", "requirements/*.in",
    ),
    read=read,
)  # fmt: skip
