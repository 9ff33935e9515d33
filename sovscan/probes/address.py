"""Where the main site stands: ``address``, A and AAAA of the domain and of ``www``; subject is the name.

Detail ``chain``: the aliases from the name to the end, ``a > b > c``.
"""

from sovscan.model.evidence import Observation
from sovscan.model.target import Target
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.addresses_of import ask_addresses
from sovscan.probes.probe import Probe, Question, Subject
from sovscan.probes.sites import SITE_KINDS, site_hosts


def _questions(target: Target) -> tuple[Question, ...]:
    return tuple((host, rrtype) for host in site_hosts(target) for rrtype in ("A", "AAAA"))


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    return await ask_addresses(net, "address", site_hosts(subject.target), limit=2)


PROBE = Probe(
    id="address",
    asks=Text(
        fr="Les adresses du domaine et de son site www (A, AAAA), au résolveur DNS.",
        en="The addresses of the domain and of its www site (A, AAAA), from the DNS resolver.",
    ),
    observe=_observe,
    questions=_questions,
    kinds=SITE_KINDS,
)
