"""Which authorities may issue certificates: ``caa``, climbing to the first name that says so (RFC 8659, 3).

One observation a name asked, the target first; values are ``flags tag "value"``, mailboxes reduced to their domain.
"""

from sovscan.model.evidence import Observation, Outcome
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import ask
from sovscan.probes.sites import SITE_KINDS, site_hosts
from sovscan.readers.mailboxes import without_mailboxes
from sovscan.readers.names import is_name, parents

MAX_NAMES = 6
"""Names asked for at most."""


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    name = site_hosts(subject.target)[-1]
    if not is_name(name):
        return ()
    found: list[Observation] = []
    for climbed in (name, *parents(name))[:MAX_NAMES]:
        found += await ask(net, "caa", ((climbed, "CAA"),), read=without_mailboxes, optional=True)
        if found[-1].outcome is not Outcome.ABSENT:
            break
    return tuple(found)


PROBE = Probe(
    id="caa",
    asks=Text(
        fr="Les autorités de certification autorisées (CAA), du domaine vers la racine, au résolveur DNS.",
        en="The certificate authorities allowed (CAA), from the domain up towards the root, from the DNS resolver.",
    ),
    observe=_observe,
    questions=lambda target: ((site_hosts(target)[-1], "CAA"),),
    kinds=SITE_KINDS,
)
