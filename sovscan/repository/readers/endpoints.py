"""Addresses that programs and settings hold: hosts to connect to, told from those only mentioned."""

import re
from collections.abc import Iterator
from dataclasses import replace

from sovscan.repository.identifiers import identifiers
from sovscan.repository.lines import Lines
from sovscan.repository.places import HOST, package
from sovscan.repository.trace import Reader, Trace, TraceKind

MOST_HOSTS = 400
"""Distinct hosts kept of one file."""
MOST_SET_UP = 60
"""Distinct hosts up to which a file sets something up; with more it is a list about others."""
_CODE = (
    "*.py", "*.js", "*.mjs", "*.cjs", "*.ts", "*.mts", "*.cts", "*.jsx", "*.tsx", "*.go", "*.rs", "*.rb", "*.php",
    "*.java", "*.kt", "*.kts", "*.scala", "*.groovy", "*.cs", "*.fs", "*.vb", "*.c", "*.h", "*.cc", "*.cpp", "*.hpp",
    "*.swift", "*.dart", "*.lua", "*.pl", "*.pm", "*.ex", "*.exs", "*.erl", "*.clj", "*.sh", "*.bash", "*.ps1", "*.r",
    "*.vue", "*.svelte",
)  # fmt: skip
_SETTINGS = (
    ".env", ".env.*", "*.env", "*.ini", "*.cfg", "*.conf", "*.toml", "*.yaml", "*.yml", "*.json", "*.properties",
    "*.tf", "*.tofu", "*.tfvars", "*.xml", "*.service", "*.hcl", "*.plist", "*.config", "dockerfile", "containerfile",
    "dockerfile.*", "makefile", "*.bicep",
)  # fmt: skip
_LEFT_OUT = re.compile(
    r"(?:\A|/)(?:package(?:-lock)?\.json|npm-shrinkwrap\.json|composer\.(?:json|lock)|pyproject\.toml|cargo\.toml|"
    r"[\w.-]*lock[\w.-]*\.(?:json|ya?ml|toml)|pom\.xml|[\w.-]*schema[\w.-]*\.json|\.pre-commit-config\.yaml|tsconfig[\w.-]*\.json|"
    r"mkdocs\.yml|setup\.cfg|setup\.py|codemeta\.json|\.zenodo\.json|citation\.cff)\Z|\.min\.(?:js|css)\Z|"
    r"(?:\A|/)(?:locales?|i18n|translations)/|(?:\A|/)\.github/(?!workflows/)|(?:\A|/)docs?/(?:\w+/)?conf\.py\Z"
)
_CODE_NAME = re.compile(r"\.(?:" + "|".join(one[2:] for one in _CODE) + r")\Z")
# One anchored expression: a scheme with two slashes, then a host after an optional user; or a host alone in quotes or
# behind the sign that gives a setting its value.
_URL = re.compile(
    r"\b(?:https?|wss?|grpcs?|amqps?|mqtts?|postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|kafka|nats|ldaps?|"
    rf"smtps?|imaps?|ftps?|sftp|ssh|jdbc:[a-z]+)://(?:[^\s/@\"'<>]{{0,200}}@)?({HOST})(?![\w-]|\.[a-z0-9])",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(?:[\"'=]|[:=]\s|\s=\s|@)({HOST})(?=[\"'\s,;:/]|$)(?![\"']?\s*[:(]\s*[\"'{{(\[])", re.IGNORECASE | re.MULTILINE
)
_HINT = re.compile(r"\.(?:com|net|io|org|eu|fr|cloud|dev|app|de|ai|co|sh|us|cn|ru)\b", re.IGNORECASE)
_MODEL = re.compile(
    r"(?:from_pretrained|snapshot_download|hf_hub_download|load_dataset|SentenceTransformer|pipeline)\s*\(\s*"
    r"(?:repo_id\s*=\s*|model\s*=\s*|[\"'][\w-]+[\"']\s*,\s*model\s*=\s*)?[\"']([A-Za-z0-9][\w.-]*/[\w.-]+)[\"']"
)
_LOADED = re.compile(rf"\bimportScripts\(\s*[\"'](?:https?:)?//({HOST})", re.IGNORECASE)
"""What a service worker loads into every page of its site."""
_COMMENT = re.compile(r"\s*(?:#(?!!)|//|/?\*|--\s|;|<!--|%|\"\"\"|'''|rem\s|\.\. )", re.IGNORECASE)
_TAIL = re.compile(r"(?:^|\s)(?:#|//|--)\s")
_DOCUMENTATION = re.compile(r"^[ \t]*[rRuUbB]{0,2}(\"\"\"|''')(.*?)\1", re.DOTALL | re.MULTILINE)
_READING = re.compile(
    r"(?:docs?|documentation|home_?page|help|web_?site|author|licen[cs]e)(?:_?(?:url|link|href|uri))?\b[^=:\n]{0,20}[=:]",
    re.IGNORECASE,
)
_GENERATED = 5_000
"""Characters of a line that nobody typed: a tool put it together, from other people's code."""
_WEB = ("http://", "https://")
_PATH = re.compile(r"(?::\d+)?/[^\s\"'`)>,;/]")
_NOWHERE = (".example", ".test", ".invalid", ".local", ".localhost")
_SCHEMA_LINE = re.compile(r"[\"']?(?:\$schema|\$id|xmlns[:\w]*|xsi:\w+|@context|namespace)[\"']?\s*[:=]", re.IGNORECASE)


def read(path: str, content: bytes) -> tuple[Trace, ...] | None:
    """Each host once for each way it is named: in settings, in code, or only mentioned; and models fetched by name."""
    lowered = path.lower()
    if _LEFT_OUT.search(lowered):
        return None
    lines = Lines(content)
    if _HINT.search(lines.text) is None and "from_pretrained" not in lines.text:
        return ()
    in_code = _CODE_NAME.search(lowered) is not None
    traces = tuple(_hosts(lines, in_code=in_code, python=lowered.endswith(".py")))
    if len({trace.value for trace in traces}) <= MOST_SET_UP:
        return traces
    return tuple(replace(trace, detail=f"{trace.detail.partition(' ')[0]} mention") for trace in traces)


def _hosts(lines: Lines, *, in_code: bool, python: bool) -> Iterator[Trace]:
    prose = [(found.start(), found.end()) for found in _DOCUMENTATION.finditer(lines.text)] if python else []
    kept: set[tuple[str, str]] = set()
    names = identifiers()
    for shape in (_URL, _BARE):
        for found in shape.finditer(lines.text):
            begun = lines.text.rfind("\n", 0, found.start()) + 1
            before = lines.text[max(begun, found.start() - 400) : found.start(1)]
            host = found[1].lower()
            if (
                len(kept) >= MOST_HOSTS
                or _COMMENT.match(lines.text, begun)
                or _TAIL.search(before)
                or _SCHEMA_LINE.search(before)
            ):
                continue
            if any(start <= found.start() < end for start, end in prose):
                continue
            if names.empty.match(lines.text, found.start(1)) or _READING.search(before[-60:]):
                continue
            words = "code" if in_code else "settings"
            if names.used.match(lines.text, found.start(1)) or _is_generated(lines.text, begun):
                words = f"{words} mention"
            elif shape is _URL and found[0].lower().startswith(_WEB):
                words = f"{words} web" if _PATH.match(lines.text, found.end(1)) else f"{words} web root"
            if (host, words) not in kept and not host.endswith(_NOWHERE):
                kept.add((host, words))
                yield Trace(kind=TraceKind.ENDPOINT, value=host, line=lines.at(found.start(1)), detail=words)
    for loaded in _LOADED.finditer(lines.text) if in_code else ():
        line = lines.at(loaded.start(1))
        if not _COMMENT.match(lines.text, lines.text.rfind("\n", 0, loaded.start()) + 1):
            yield Trace(kind=TraceKind.SCRIPT, value=f"script {loaded[1].lower()}", line=line)
    for model in _MODEL.finditer(lines.text) if in_code else ():
        yield from (
            Trace(kind=TraceKind.MODEL, value=one.value, line=one.line)
            for one in package("huggingface", model[1], lines.at(model.start(1)))
        )


def _is_generated(text: str, begun: int) -> bool:
    """Whether the line that begins there is longer than anybody writes."""
    return text.find("\n", begun, begun + _GENERATED) < 0 and len(text) > begun + _GENERATED


READER = Reader(id="endpoints", patterns=(*_CODE, *_SETTINGS), read=read, manifest=False)
