"""On which addresses mail is delivered: ``mx-address``, A and AAAA of each MX host; subject is the host."""

from sovscan.model.evidence import Observation
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.addresses_of import ask_addresses
from sovscan.probes.probe import Probe, Subject

MAX_HOSTS = 20
"""Hosts asked for, best preference first."""


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    records = [value.partition(" ") for seen in subject.of("mx") for value in seen.values]
    ranked = sorted((_preference(preference), host) for preference, _, host in records if host != ".")
    return await ask_addresses(net, "mx-address", (host for _, host in ranked), limit=MAX_HOSTS)


def _preference(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else 65536


PROBE = Probe(
    id="mx-address",
    asks=Text(
        fr="Les adresses des serveurs qui reçoivent le courrier (A, AAAA), au résolveur DNS.",
        en="The addresses of the servers that receive mail (A, AAAA), from the DNS resolver.",
    ),
    observe=_observe,
    # Which hosts there are is only known from the MX records; without them, that question is the hole.
    questions=lambda _: (),
    after=("mx",),
)
