"""The ``context:`` of ``sovscan.yaml``: what the organisation is bound by and holds, which no scan can see."""

from dataclasses import dataclass
from pathlib import Path

from sovscan.files.evidence_bundle import make_observation
from sovscan.files.strict_yaml import Node
from sovscan.model.evidence import Asked, Observation, Outcome

OBLIGATIONS = ("hds", "sren", "dora", "nis2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the auditor declares of the organisation; None and empty: not declared, hence not known."""

    sector: str | None = None
    obligations: tuple[str, ...] | None = None
    """Of ``OBLIGATIONS``, sorted; empty: declared to be none of them."""
    sensitive_data: bool | None = None
    """Whether it holds data of particular sensitivity, in the sense of article 31 of the SREN law."""

    def observation(self, domain: str, file: str) -> Observation:
        """The declaration as evidence of its own kind: probe ``declared-context``, detail as declared."""
        said: dict[str, str] = {}
        if self.sector is not None:
            said["sector"] = self.sector
        if self.obligations is not None:
            said["obligations"] = " ".join(self.obligations)
        if self.sensitive_data is not None:
            said["sensitive_data"] = "true" if self.sensitive_data else "false"
        return make_observation(
            probe="declared-context",
            subject=domain,
            outcome=Outcome.ANSWERED,
            values=tuple(f"{name} {value}".rstrip() for name, value in said.items()),
            detail=said,
            asked=Asked(name=Path(file).name, type="FILE", server="declaration", transport="file"),
        )


def read_context(node: Node) -> Context:
    """The context in a mapping. Raises YamlError."""
    keys = node.mapping(optional=("sector", "obligations", "sensitive_data"))
    if not keys:
        raise node.error("an empty context", "give sector, obligations or sensitive_data, or leave it out")
    words = [entry.word(OBLIGATIONS, "obligation") for entry in _entries(keys.get("obligations"))]
    return Context(
        sector=keys["sector"].text() if "sector" in keys else None,
        obligations=tuple(sorted(set(words))) if "obligations" in keys else None,
        sensitive_data=keys["sensitive_data"].boolean() if "sensitive_data" in keys else None,
    )


def _entries(node: Node | None) -> tuple[Node, ...]:
    return node.sequence() if node is not None else ()
