"""Where mail programs find their settings: ``autodiscover``.

A of ``autodiscover.D`` and SRV of ``_autodiscover._tcp.D``. Detail ``chain`` and ``alias`` when the name is an alias.
"""

from sovscan.model.evidence import Observation
from sovscan.model.target import Target
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.guessed import ask_guessed
from sovscan.probes.probe import Probe, Question, Subject
from sovscan.probes.questions import ask


def _questions(target: Target) -> tuple[Question, ...]:
    return ((f"autodiscover.{target.value}", "A"), (f"_autodiscover._tcp.{target.value}", "SRV"))


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    (name, rrtype), service = _questions(subject.target)
    host = await ask_guessed(net, "autodiscover", (name,), rrtype, subject.of("wildcard"), limit=1)
    return (*host, *await ask(net, "autodiscover", (service,), optional=True))


PROBE = Probe(
    id="autodiscover",
    asks=Text(
        fr="L'adresse de configuration automatique du courrier (autodiscover), au résolveur DNS.",
        en="The address of automatic mail set-up (autodiscover), from the DNS resolver.",
    ),
    observe=_observe,
    questions=_questions,
    after=("wildcard",),
)
