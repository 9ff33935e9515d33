"""Which authorities may issue certificates: ``caa``, climbing to the first name that says so (RFC 8659, 3).

One observation a name asked, the target first; values are ``flags tag "value"``, mailboxes reduced to their domain.
"""

from itertools import islice

from sovscan.model.evidence import Observation, Outcome
from sovscan.model.target import Target
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Question, Subject
from sovscan.probes.questions import ask
from sovscan.probes.sites import SITE_KINDS, site_hosts
from sovscan.readers.mailboxes import without_mailboxes
from sovscan.readers.names import is_name, parents

MAX_NAMES = 6
"""Names asked for at most."""


def _questions(target: Target) -> tuple[Question, ...]:
    name = site_hosts(target)[-1]
    return ((name, "CAA"),) if is_name(name) else ()


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    found: list[Observation] = []
    climbed = (above for name, _ in _questions(subject.target) for above in (name, *parents(name)))
    for climbed_to in islice(climbed, MAX_NAMES):
        found += await ask(net, "caa", ((climbed_to, "CAA"),), read=without_mailboxes, optional=True)
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
    questions=_questions,
    kinds=SITE_KINDS,
)
