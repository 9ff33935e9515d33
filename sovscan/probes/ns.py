"""Who answers for the name: ``ns``, NS of the domain; values are hosts.

A domain that is no zone of its own is served by an enclosing zone: its NS are asked upwards, to the registrable name.
"""

from sovscan.model.evidence import Observation, Outcome
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import ask, at
from sovscan.readers.names import is_within, parents, registrable


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    top = registrable(subject.name, private=False) or subject.name
    found: list[Observation] = []
    for name in (subject.name, *(parent for parent in parents(subject.name) if is_within(parent, top))):
        found += await ask(net, "ns", ((name, "NS"),))
        if found[-1].outcome is not Outcome.ABSENT:
            break
    return tuple(found)


PROBE = Probe(
    id="ns",
    asks=Text(
        fr="Les serveurs de noms du domaine (NS), au résolveur DNS.",
        en="The domain's name servers (NS), from the DNS resolver.",
    ),
    observe=_observe,
    questions=at("NS"),
)
