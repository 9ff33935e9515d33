"""Who receives reports on mail encryption: ``tls-rpt``, one TXT question; values are the records."""

from sovscan.model.evidence import Observation
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import ask, at
from sovscan.readers.mailboxes import without_mailboxes

_QUESTIONS = at("TXT", "_smtp._tls.")


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    return await ask(net, "tls-rpt", _QUESTIONS(subject.target), read=without_mailboxes, optional=True)


PROBE = Probe(
    id="tls-rpt",
    asks=Text(
        fr="Le destinataire des rapports de chiffrement du courrier (TLS-RPT, RFC 8460), au résolveur DNS.",
        en="Who receives reports on mail encryption (TLS-RPT, RFC 8460), from the DNS resolver.",
    ),
    observe=_observe,
    questions=_QUESTIONS,
)
