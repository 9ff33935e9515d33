"""On which addresses the name servers stand: ``ns-address``, A and AAAA of each NS host; subject is the host."""

from sovscan.model.evidence import Observation
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.addresses_of import ask_addresses
from sovscan.probes.probe import Probe, Subject
from sovscan.readers.zones import is_apex

MAX_HOSTS = 13
"""Hosts asked for, in alphabetical order; the root itself has thirteen."""


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    hosts = sorted({host for seen in subject.of("ns") if is_apex(seen) for host in seen.values})
    return await ask_addresses(net, "ns-address", hosts, limit=MAX_HOSTS)


PROBE = Probe(
    id="ns-address",
    asks=Text(
        fr="Les adresses des serveurs de noms (A, AAAA), au résolveur DNS.",
        en="The addresses of the name servers (A, AAAA), from the DNS resolver.",
    ),
    observe=_observe,
    questions=lambda _: (),
    after=("ns",),
)
