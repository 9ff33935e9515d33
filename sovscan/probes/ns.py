"""Who answers for the name: ``ns``, NS of the domain; values are hosts.

A domain that is no zone of its own is served by an enclosing zone: its NS are asked upwards, to the registrable name.
Detail of an absence: ``zone``, the zone that says so.
"""

from sovscan.model.evidence import Observation, Outcome
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import at, from_dns
from sovscan.readers.zones import ZONE, enclosing, is_apex


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    found: list[Observation] = []
    for name in enclosing(subject.name):
        answer = await net.dns(name, "NS")
        absent = answer.outcome is Outcome.ABSENT and not answer.aliases
        found.append(from_dns("ns", answer, detail={ZONE: answer.zone if absent else ""}))
        if not found[-1].outcome.is_fact or is_apex(found[-1]):
            break
    return tuple(found)


PROBE = Probe(
    id="ns",
    asks=Text(
        fr="Les serveurs de noms du domaine, ou de la zone qui le contient (NS), au résolveur DNS.",
        en="The name servers of the domain, or of the zone it stands in (NS), from the DNS resolver.",
    ),
    observe=_observe,
    questions=at("NS"),
)
