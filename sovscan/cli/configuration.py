"""``sovscan.yaml``: the organisation, its targets and what it declares, read strictly."""

from dataclasses import dataclass
from pathlib import Path

from sovscan.cli.checkouts import Checkout, read_repositories
from sovscan.cli.collect_settings import CollectSettings, read_collect
from sovscan.cli.context import Context, read_context
from sovscan.cli.exits import Refusal
from sovscan.files.evidence_bundle import make_observation
from sovscan.files.strict_yaml import Node, YamlError, load
from sovscan.gate.policy import PolicyRule, read_policy
from sovscan.model.evidence import Asked, Observation, Outcome
from sovscan.model.target import Target
from sovscan.readers.names import InvalidName, parse_target
from sovscan.score.policy import load_policy

_KEYS = ("organisation", "targets", "repositories", "declared", "context", "previous", "policy", "collect", "asn_table")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A service that no scan can see, or not precisely, as the organisation states it."""

    place: str
    """``layer.role`` of rules/scoring.yaml."""
    offer: str
    """Offer or provider of the catalogue, or ``self``."""
    service: str
    """What the organisation calls it."""
    proof: str | None
    """The document shown to the auditor; None: the declaration is weak."""
    where: Node
    """For messages about the offer."""

    def observation(self, domain: str, file: str) -> Observation:
        """The declaration as evidence of its own kind."""
        detail = {"domain": domain} | ({"proof": self.proof} if self.proof else {})
        return make_observation(
            probe="declared",
            subject=self.service,
            outcome=Outcome.ANSWERED,
            values=(f"{self.place} {self.offer}",),
            detail=detail,
            asked=Asked(name=Path(file).name, type="FILE", server="declaration", transport="file"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What an organisation file says."""

    organisation: str | None
    targets: tuple[Target, ...]
    """Empty in a file that only sets the gate of a repository."""
    repositories: tuple[Checkout, ...] = ()
    """Source trees of the same organisation, by paths from the file's folder."""
    declared: tuple[Declaration, ...] = ()
    context: Context | None = None
    """None: none declared."""
    previous: Node | None = None
    """Path, from the file's folder, of an earlier audit of its targets; None: none is named."""
    policy: tuple[PolicyRule, ...] = ()
    collect: CollectSettings | None = None
    """How the network is asked; None: nothing is said."""
    lines: tuple[tuple[str, int], ...] = ()
    """Line of each target in the file."""


def read_configuration(content: bytes, name: str) -> Configuration:
    """The configuration in a file. Raises Refusal with ``file:line:column`` and the next step."""
    try:
        return _configuration(load(content, name=name))
    except YamlError as error:
        raise Refusal(str(error), error.help or "its form: sovscan schema config") from error


def _configuration(root: Node) -> Configuration:
    keys = root.mapping(optional=_KEYS)
    nodes = keys["targets"].sequence() if "targets" in keys else ()
    targets = tuple(_target(node) for node in nodes)
    if "targets" in keys and not targets:
        raise keys["targets"].error("no target", "list at least one domain")
    if targets and not any(target.main for target in targets):
        raise keys["targets"].error("no main target", "leave out 'main: false' on the main domain")
    repositories = read_repositories(keys["repositories"]) if "repositories" in keys else ()
    organisation = keys["organisation"].text() if "organisation" in keys else None
    declared = tuple(_declaration(node) for node in keys["declared"].sequence()) if "declared" in keys else ()
    policy = read_policy(keys["policy"]) if "policy" in keys else ()
    context = read_context(keys["context"]) if "context" in keys else None
    lines = tuple((target.value, node.line) for target, node in zip(targets, nodes, strict=True))
    return Configuration(
        organisation=organisation,
        targets=targets,
        repositories=repositories,
        declared=declared,
        context=context,
        previous=_path(keys["previous"]) if "previous" in keys else None,
        policy=policy,
        collect=read_collect(keys.get("collect"), keys.get("asn_table")),
        lines=lines,
    )


def _path(node: Node) -> Node:
    if not node.text():
        raise node.error("no path", "name a result.json or a bundle, from the folder of this file")
    return node


def _declaration(node: Node) -> Declaration:
    keys = node.mapping(required=("layer", "role", "offer", "service"), optional=("proof",))
    places = [place.partition(".") for place in load_policy().roles]
    layer = keys["layer"].word({layer for layer, _, _ in places}, "layer")
    role = keys["role"].word({role for of, _, role in places if of == layer}, f"role of {layer}")
    return Declaration(
        place=f"{layer}.{role}",
        offer=keys["offer"].text(),
        service=keys["service"].text(),
        proof=keys["proof"].text() if "proof" in keys else None,
        where=keys["offer"],
    )


def _target(node: Node) -> Target:
    main, label = True, None
    name = node
    if isinstance(node.value, dict):
        keys = node.mapping(required=("name",), optional=("main", "label"))
        name = keys["name"]
        main = keys["main"].boolean() if "main" in keys else True
        label = keys["label"].text() if "label" in keys else None
    try:
        target = parse_target(name.text())
    except InvalidName as error:
        raise name.error(str(error), "a domain, a host, a URL, an AS number or a prefix") from error
    return Target(kind=target.kind, value=target.value, label=label, main=main)


def read_file(path: str) -> tuple[bytes, str]:
    """Content and printable name of a file of the user; ``-`` is standard input. Raises Refusal when unreadable."""
    import sys

    if path == "-":
        return sys.stdin.buffer.read(), "stdin"
    try:
        return Path(path).read_bytes(), path
    except OSError as error:
        raise Refusal(f"{path}: {error.strerror}", "check the path given with -f") from error
