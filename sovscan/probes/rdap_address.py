"""To whom each mail and site address is allotted: ``rdap-address`` (opt-in); subject is the address.

Values are holders; detail has the named facts of the regional registry's answer.
"""

from sovscan.model.evidence import Observation
from sovscan.model.target import TargetKind
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.network import addresses_seen, ends_of
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import not_asked
from sovscan.probes.registry_record import from_rdap
from sovscan.probes.sites import SITE_KINDS

MAX_ADDRESSES = 4
"""Addresses asked for; one question of the five is left for the domain. The rest is SKIPPED ``budget``."""

_MATTER = ("address", "mx-address")


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    wanted = {value for seen in subject.of(*_MATTER) for value in seen.values}
    if subject.target.kind is TargetKind.NETWORK:
        wanted.update(ends_of(subject.name)[:1])
    addresses = [address for address in addresses_seen(subject) if address in wanted]
    found = [
        from_rdap("rdap-address", await net.rdap_address(address), value="holder")
        for address in addresses[:MAX_ADDRESSES]
    ]
    left_out = (not_asked("rdap-address", (address, "RDAP"), "budget") for address in addresses[MAX_ADDRESSES:])
    return (*found, *left_out)


PROBE = Probe(
    id="rdap-address",
    asks=Text(
        fr="Le titulaire des adresses du courrier et du site, au registre régional (RDAP), quatre questions au plus.",
        en="The holder of the mail and site addresses, from the regional registry (RDAP), four questions at most.",
    ),
    observe=_observe,
    questions=lambda _: (),
    after=("address", "mx-address"),
    opt_in=True,
    kinds=SITE_KINDS | {TargetKind.NETWORK},
)
