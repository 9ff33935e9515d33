"""Whether the zone is signed: ``dnskey``, DNSKEY of the domain and of the zone it stands in; values are the records."""

from sovscan.model.evidence import Observation
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import ask, at
from sovscan.probes.zone_questions import of_its_zone


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    return await ask(net, "dnskey", of_its_zone(subject, "DNSKEY"), optional=True)


PROBE = Probe(
    id="dnskey",
    asks=Text(
        fr="Les clés DNSSEC de la zone (DNSKEY), au résolveur DNS.",
        en="The zone's DNSSEC keys (DNSKEY), from the DNS resolver.",
    ),
    observe=_observe,
    questions=at("DNSKEY"),
    after=("ns",),
)
