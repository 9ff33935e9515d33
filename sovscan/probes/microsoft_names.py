"""Names that Microsoft asks its customers to publish: ``microsoft-names``, A of each; subject is the name.

The list is Microsoft's own (``data/announced-names.yaml``).
Detail ``chain`` and ``alias`` when the name is an alias.
"""

from sovscan.catalogue.announced import announced_names
from sovscan.model.evidence import Observation
from sovscan.model.target import Target
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.guessed import ask_guessed
from sovscan.probes.probe import Probe, Question, Subject


def _questions(target: Target) -> tuple[Question, ...]:
    return tuple((f"{label}.{target.value}", "A") for label in announced_names().microsoft)


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    names = [name for name, _ in _questions(subject.target)]
    return await ask_guessed(net, "microsoft-names", names, "A", subject.of("wildcard"), limit=len(names))


PROBE = Probe(
    id="microsoft-names",
    asks=Text(
        fr="Les noms que Microsoft fait publier à ses clients, au résolveur DNS ; rien n'est demandé à Microsoft.",
        en="The names that Microsoft asks its customers to publish, from the DNS resolver; Microsoft is asked nothing.",
    ),
    observe=_observe,
    questions=_questions,
    after=("wildcard",),
)
