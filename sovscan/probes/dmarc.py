"""What happens to forged mail, and who is told: ``dmarc``, TXT of ``_dmarc``; mailboxes are reduced to their domain.

A subdomain without a policy of its own falls under that of its organisational domain (RFC 7489, 6.6.3), asked next.
"""

from sovscan.model.evidence import Observation, Outcome
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import ask, at
from sovscan.readers.mailboxes import without_mailboxes
from sovscan.readers.names import registrable


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    found = await ask(net, "dmarc", ((f"_dmarc.{subject.name}", "TXT"),), read=without_mailboxes)
    top = registrable(subject.name)
    if top and top != subject.name and found[0].outcome is Outcome.ABSENT:
        found += await ask(net, "dmarc", ((f"_dmarc.{top}", "TXT"),), read=without_mailboxes)
    return found


PROBE = Probe(
    id="dmarc",
    asks=Text(
        fr="La politique DMARC du domaine et le destinataire de ses rapports, au résolveur DNS ; les boîtes sont "
        "réduites à leur domaine.",
        en="The domain's DMARC policy and who receives its reports, from the DNS resolver; mailboxes are reduced to "
        "their domain.",
    ),
    observe=_observe,
    questions=at("TXT", "_dmarc."),
)
