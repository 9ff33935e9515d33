"""The start of authority: ``soa``, one SOA question; values are the records."""

from sovscan.model.evidence import Observation
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import ask, at
from sovscan.readers.mailboxes import soa_without_mailbox

_QUESTIONS = at("SOA")


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    return await ask(net, "soa", _QUESTIONS(subject.target), read=soa_without_mailbox, optional=True)


PROBE = Probe(
    id="soa",
    asks=Text(
        fr="Le serveur primaire et le domaine de la boîte du responsable de la zone (SOA), au résolveur DNS.",
        en="The zone's primary server and the domain of its keeper's mailbox (SOA), from the DNS resolver.",
    ),
    observe=_observe,
    questions=_QUESTIONS,
)
