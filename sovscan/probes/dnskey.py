"""Whether the zone is signed: ``dnskey``, one DNSKEY question; values are the records."""

from sovscan.model.evidence import Observation
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import ask, at

_QUESTIONS = at("DNSKEY")


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    return await ask(net, "dnskey", _QUESTIONS(subject.target), optional=True)


PROBE = Probe(
    id="dnskey",
    asks=Text(
        fr="Les clés DNSSEC de la zone (DNSKEY), au résolveur DNS.",
        en="The zone's DNSSEC keys (DNSKEY), from the DNS resolver.",
    ),
    observe=_observe,
    questions=_QUESTIONS,
)
