"""Whether the parent vouches for a zone: ``ds``, DS of the domain and of the zone it stands in; values: the records."""

from sovscan.model.evidence import Observation
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import ask, at
from sovscan.probes.zone_questions import of_its_zone


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    return await ask(net, "ds", of_its_zone(subject, "DS"), optional=True)


PROBE = Probe(
    id="ds",
    asks=Text(
        fr="L'empreinte de clé DNSSEC publiée par la zone parente (DS), au résolveur DNS.",
        en="The fingerprint of the DNSSEC key in the parent zone (DS), from the DNS resolver.",
    ),
    observe=_observe,
    questions=at("DS"),
    after=("ns",),
)
