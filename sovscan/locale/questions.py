"""What every audit leaves open and somebody has to ask: the bank of questions to providers."""

import functools
from dataclasses import dataclass
from importlib.resources import files

from sovscan.files.strict_yaml import Node, load
from sovscan.model.text import Text

EFFECTS = ("level", "immune", "context")


@dataclass(frozen=True, slots=True, kw_only=True)
class BankedQuestion:
    """One thing to ask about a service."""

    id: str
    """Also the name of its group."""
    criterion: str
    """``SOV-1`` to ``SOV-8``: the part of it that cannot be seen from outside."""
    layers: tuple[str, ...]
    effect: str
    """What the answer does to the score: one of ``EFFECTS``."""
    ask: Text
    text: Text
    """Reference of the texts concerned."""
    proof: Text
    clause: Text
    """Heading of a clause and its purpose; never legal drafting."""


@functools.cache
def question_bank() -> tuple[BankedQuestion, ...]:
    """The entries of ``questions.yaml`` in file order. Raises YamlError on a faulty file."""
    content = files("sovscan.locale").joinpath("questions.yaml").read_bytes()
    return tuple(_entry(node) for node in load(content, name="locale/questions.yaml").sequence())


def _entry(node: Node) -> BankedQuestion:
    entry = node.mapping(
        required=("id", "criterion", "layers", "effect", "ask", "text", "proof", "clause"), optional=()
    )
    if entry["effect"].text() not in EFFECTS:
        raise entry["effect"].error(f"an effect is one of {', '.join(EFFECTS)}")
    return BankedQuestion(
        id=entry["id"].text(),
        criterion=entry["criterion"].text(),
        layers=tuple(layer.text() for layer in entry["layers"].sequence()),
        effect=entry["effect"].text(),
        ask=_both(entry["ask"]),
        text=_both(entry["text"]),
        proof=_both(entry["proof"]),
        clause=_both(entry["clause"]),
    )


def _both(node: Node) -> Text:
    said = node.mapping(required=("fr", "en"), optional=())
    return Text(fr=said["fr"].text(), en=said["en"].text())
