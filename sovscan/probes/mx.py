"""Where mail is delivered: ``mx``, one MX question; values are ``preference host``.

Detail ``null_mx``: the domain says that it takes no mail (RFC 7505), which is an answer and no absence.
"""

from sovscan.model.evidence import Observation
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import at, from_dns

NULL_MX = "0 ."


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    answer = await net.dns(subject.name, "MX")
    null = bool(answer.records) and all(record.split(" ")[-1] == "." for record in answer.records)
    return (from_dns("mx", answer, detail={"null_mx": "yes" if null else ""}),)


PROBE = Probe(
    id="mx",
    asks=Text(
        fr="Les serveurs qui reçoivent le courrier du domaine (MX), au résolveur DNS.",
        en="The servers that receive the domain's mail (MX), from the DNS resolver.",
    ),
    observe=_observe,
    questions=at("MX"),
)
