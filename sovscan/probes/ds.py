"""Whether the parent zone vouches for this one: ``ds``, one DS question; values are the records."""

from sovscan.model.evidence import Observation
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import ask, at

_QUESTIONS = at("DS")


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    return await ask(net, "ds", _QUESTIONS(subject.target), optional=True)


PROBE = Probe(
    id="ds",
    asks=Text(
        fr="L'empreinte de clé DNSSEC publiée par la zone parente (DS), au résolveur DNS.",
        en="The fingerprint of the DNSSEC key in the parent zone (DS), from the DNS resolver.",
    ),
    observe=_observe,
    questions=_QUESTIONS,
)
