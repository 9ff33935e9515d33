"""The start of authority: ``soa``, SOA of the domain and of the zone it stands in; values are the records."""

from sovscan.model.evidence import Observation
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import ask, at
from sovscan.probes.zone_questions import of_its_zone
from sovscan.readers.mailboxes import soa_without_mailbox


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    return await ask(net, "soa", of_its_zone(subject, "SOA"), read=soa_without_mailbox, optional=True)


PROBE = Probe(
    id="soa",
    asks=Text(
        fr="Le serveur primaire et le domaine de la boîte du responsable de la zone (SOA), au résolveur DNS.",
        en="The zone's primary server and the domain of its keeper's mailbox (SOA), from the DNS resolver.",
    ),
    observe=_observe,
    questions=at("SOA"),
    after=("ns",),
)
