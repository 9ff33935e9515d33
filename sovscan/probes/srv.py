"""Services announced by SRV records: ``srv``, one question a service; values are ``priority weight port host``."""

from sovscan.catalogue.announced import announced_names
from sovscan.model.evidence import Observation
from sovscan.model.target import Target
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Question, Subject
from sovscan.probes.questions import ask


def _questions(target: Target) -> tuple[Question, ...]:
    return tuple((f"{service}.{target.value}", "SRV") for service in announced_names().services)


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    return await ask(net, "srv", _questions(subject.target), optional=True)


PROBE = Probe(
    id="srv",
    asks=Text(
        fr="Les services annoncés par le domaine (SRV : courrier, agendas, téléphonie, messagerie), au résolveur DNS.",
        en="The services that the domain announces (SRV: mail, calendars, telephony, chat), from the DNS resolver.",
    ),
    observe=_observe,
    questions=_questions,
)
