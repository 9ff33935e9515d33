"""Services on names of their own: ``host-names``, A of the catalogue's labels below the domain; subject is the name.

Detail ``chain`` and ``alias`` when the name is an alias. Under a wildcard an answer that any name would get is FAILED
``wildcard`` with its values kept.
"""

from sovscan.model.evidence import Observation
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.guessed import ask_guessed
from sovscan.probes.probe import Probe, Subject

MAX_LABELS = 160
"""Labels asked for; the rest is SKIPPED ``budget``."""


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    names = [f"{label}.{subject.name}" for label in subject.hints.host_labels]
    return await ask_guessed(net, "host-names", names, "A", subject.of("wildcard"), limit=MAX_LABELS)


PROBE = Probe(
    id="host-names",
    asks=Text(
        fr="Les noms de service usuels sous le domaine (webmail, intranet, visio…), au résolveur DNS ; une liste fixe "
        "et publiée.",
        en="The usual service names below the domain (webmail, intranet, video…), from the DNS resolver; a fixed, "
        "published list.",
    ),
    observe=_observe,
    questions=lambda _: (),
    after=("wildcard",),
)
