"""Where the mail logo comes from: ``bimi``, one TXT question; values are the records."""

from sovscan.model.evidence import Observation
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import ask, at, text_record

_QUESTIONS = at("TXT", "default._bimi.")


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    return await ask(net, "bimi", _QUESTIONS(subject.target), read=text_record, optional=True)


PROBE = Probe(
    id="bimi",
    asks=Text(
        fr="L'adresse du logo de messagerie (BIMI), au résolveur DNS ; le logo n'est pas téléchargé.",
        en="The address of the mail logo (BIMI), from the DNS resolver; the logo is not downloaded.",
    ),
    observe=_observe,
    questions=_QUESTIONS,
)
