"""The texts at the domain itself: ``txt``, one TXT question; values are the records."""

from sovscan.model.evidence import Observation
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import ask, at, text_record

_QUESTIONS = at("TXT")


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    return await ask(net, "txt", _QUESTIONS(subject.target), read=text_record)


PROBE = Probe(
    id="txt",
    asks=Text(
        fr="Les textes publiés au nom du domaine (TXT : SPF, jetons de vérification), au résolveur DNS.",
        en="The texts published at the domain (TXT: SPF, verification tokens), from the DNS resolver.",
    ),
    observe=_observe,
    questions=_QUESTIONS,
)
