"""``rules/`` read, checked and compiled; every fault has its ``file:line:column``."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from sovscan.files import bundled
from sovscan.files.strict_yaml import Node, YamlError, load
from sovscan.model.dependency import Layer
from sovscan.model.finding import RuleId, RuleText, Severity, Verdict
from sovscan.model.text import Source, Text
from sovscan.rulebook.cel import Engine, FactValue
from sovscan.rulebook.facts import Fact, declared, types
from sovscan.rulebook.ladder import read_ladder, read_laws
from sovscan.rulebook.place import compile_at
from sovscan.rulebook.reading import one_of, source, text
from sovscan.rulebook.rulebook import DEPENDENCY, ORGANISATION, SCOPES, Example, Law, Rule, Rulebook

THEMES = ("mail", "identity", "hosting", "cdn", "dns", "web", "saas", "registry", "ca", "repository", "organisation")
"""Folders under ``rules/findings``."""

_REQUIRED = ("id", "severity", "when", "title", "why", "remedy", "sources", "examples")
_OPTIONAL = ("scope", "applies_to", "only", "laws", "verdict")
_VERDICTS = (Verdict.EXPOSED, Verdict.CLEAR, Verdict.UNKNOWN)
_WHEN_TRUE = (Verdict.EXPOSED, Verdict.UNKNOWN)
"""What a rule may say where its condition holds; the first unless it says otherwise."""


def load_rulebook(extra: Sequence[Path] = (), *, themes: Collection[str] = THEMES) -> Rulebook:
    """The bundled rules, and those of the folders in ``extra`` (laid out as ``<theme>/<id>.yaml``) after them.

    ``themes``: of the bundled rules only those of these are read; the digest covers all of them all the same. Raises
    YamlError at ``file:line:column`` on any fault, a rule id given twice included; OSError when a folder of ``extra``
    cannot be read.
    """
    engine = Engine(types())
    hashed = hashlib.sha256()

    def keep(name: str, content: bytes) -> bytes:
        hashed.update(f"{name}\0{len(content)}\0".encode() + content)
        return content

    exposure = keep("rules/exposure.yaml", bundled.read("rules", "exposure.yaml"))
    ladder, model = read_ladder(exposure, "rules/exposure.yaml", engine)
    laws = read_laws(keep("rules/laws.yaml", bundled.read("rules", "laws.yaml")), "rules/laws.yaml")
    rules: dict[RuleId, Rule] = {}
    shipped = [(theme, name, keep(name, content)) for theme, name, content in _bundled()]
    added = [(theme, name, keep(name, content)) for theme, name, content in _from_folders(extra)]
    for theme, name, content in (*(each for each in shipped if each[0] in themes), *added):
        rule = read_rule(content, name, theme, engine, laws)
        if rule.text.id in rules:
            raise YamlError(
                rule.where, f"rule {rule.text.id!r} is given twice", f"first at {rules[rule.text.id].where}"
            )
        rules[rule.text.id] = rule
    # The numbers of the method decide as much as the rules do: one digest covers all of rules/.
    for parts in bundled.listing("rules", suffix=".yaml"):
        if parts[1] != "findings":
            keep("/".join(parts), bundled.read(*parts))
    return Rulebook(
        rules=tuple(rules[ident] for ident in sorted(rules)),
        ladder=ladder,
        laws=laws,
        engine=engine,
        digest=hashed.hexdigest(),
        model_version=model,
        overlays=tuple(folder.name for folder in extra),
    )


def read_rule(content: bytes, name: str, theme: str, engine: Engine, laws: Iterable[Law]) -> Rule:
    """The rule in one file, whose name without ``.yaml`` is its id. Raises YamlError."""
    root = load(content, name=name)
    keys = root.mapping(required=_REQUIRED, optional=_OPTIONAL)
    ident = keys["id"].text()
    if ident != name.rpartition("/")[2].removesuffix(".yaml"):
        raise keys["id"].error(f"id {ident!r} is not the file name", "name the file after the rule")
    scope = one_of(keys["scope"], SCOPES, "scope") if "scope" in keys else DEPENDENCY
    applies_to = _layers(keys.get("applies_to"))
    if not applies_to and scope != ORGANISATION:
        raise root.error("missing key 'applies_to'", "list the layers, such as [mail_in]")
    known = {law.text.id: law for law in laws}
    named = tuple(sorted(one_of(node, known, "law") for node in _sequence(keys.get("laws"))))
    sources = _sources(keys["sources"])
    allowed = [each.value for each in _WHEN_TRUE]
    verdict = Verdict(one_of(keys["verdict"], allowed, "verdict")) if "verdict" in keys else Verdict.EXPOSED
    written = content.decode("utf-8-sig")
    rule_text = RuleText(
        id=RuleId(ident),
        theme=theme,
        severity=Severity(one_of(keys["severity"], [severity.value for severity in Severity], "severity")),
        title=text(keys["title"]),
        why=text(keys["why"]),
        remedy=text(keys["remedy"]),
        laws=named,
        sources=sources,
    )
    _short(keys["title"], rule_text.title)
    rule = Rule(
        text=rule_text,
        scope=scope,
        applies_to=applies_to,
        only=compile_at(keys["only"], written, engine) if "only" in keys else None,
        when=compile_at(keys["when"], written, engine),
        verdict=verdict,
        examples=tuple(_example(node) for node in keys["examples"].sequence()),
        where=root.where,
    )
    shown = {example.verdict for example in rule.examples}
    for wanted in (verdict, Verdict.CLEAR, Verdict.UNKNOWN):
        if wanted not in shown:
            raise keys["examples"].error(f"no example with verdict {wanted.value!r}", "a rule proves itself: add one")
    return rule


def _bundled() -> Iterable[tuple[str, str, bytes]]:
    for path in bundled.listing("rules", "findings", suffix=".yaml"):
        name = "/".join(path)
        if len(path) != 4 or path[2] not in THEMES:
            raise YamlError(f"{name}:1:1", "a rule lives in rules/findings/<theme>/<id>.yaml", ", ".join(THEMES))
        yield path[2], name, bundled.read(*path)


def _from_folders(folders: Sequence[Path]) -> Iterable[tuple[str, str, bytes]]:
    for folder in folders:
        if not folder.is_dir():
            raise YamlError(f"{folder.name}:1:1", "no such folder of rules")
        for path in sorted(folder.glob("*/*.yaml")):
            name = path.relative_to(folder.parent).as_posix()
            if path.parent.name not in THEMES:
                raise YamlError(f"{name}:1:1", f"unknown theme {path.parent.name!r}", ", ".join(THEMES))
            if not path.is_symlink():
                yield path.parent.name, name, path.read_bytes()


def _example(node: Node) -> Example:
    keys = node.mapping(required=("facts", "verdict"), optional=())
    facts = declared()
    allowed = [verdict.value for verdict in (*_VERDICTS, Verdict.NOT_APPLICABLE)]
    pairs = keys["facts"].mapping()
    for name in pairs:
        one_of(Node(value=name, name=node.name, line=keys["facts"].keys[name].line,
                    column=keys["facts"].keys[name].column), facts, "fact")  # fmt: skip
    return Example(
        facts=tuple((name, _value(value, facts[name])) for name, value in pairs.items()),
        verdict=Verdict(one_of(keys["verdict"], allowed, "verdict")),
        where=node.where,
    )


def _value(node: Node, fact: Fact) -> FactValue:
    match fact.type:
        case "bool":
            return node.boolean()
        case "int":
            return node.integer()
        case "double":
            return node.number()
        case "list":
            return tuple(entry.text() for entry in node.sequence())
        case _:
            return node.text()


def _layers(node: Node | None) -> tuple[Layer, ...]:
    known = [layer.value for layer in Layer]
    return tuple(Layer(one_of(entry, known, "layer")) for entry in _sequence(node))


def _sequence(node: Node | None) -> tuple[Node, ...]:
    return node.sequence() if node is not None else ()


def _sources(node: Node) -> tuple[Source, ...]:
    found = tuple(source(entry) for entry in node.sequence())
    if not found:
        raise node.error("no source", "give title, url and the day it was checked")
    return found


def _short(node: Node, title: Text) -> None:
    for language in ("fr", "en"):
        if len(title.in_language(language)) > 110:
            raise node.error(f"title longer than 110 characters in {language!r}", "keep the reason for `why`")
