"""On whose network each address stands: ``network``; subject is the address, values are ``AS64500 Name``.

For a target that is a network: the AS number itself, or the first and the last address of the prefix.

Read from the local table, of which ``table`` names the source: nobody is asked. Detail ``prefix``: the range found.
"""

import ipaddress

from sovscan.files.evidence_bundle import make_observation
from sovscan.model.evidence import Observation
from sovscan.model.target import TargetKind
from sovscan.model.text import Text
from sovscan.net.answers import NetworkAnswer
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.sites import SITE_KINDS

ADDRESS_PROBES = ("address", "autodiscover", "host-names", "microsoft-names", "mx-address", "ns-address", "spf")


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    numbers = (subject.name,) if subject.target.kind is TargetKind.NETWORK and subject.name.startswith("AS") else ()
    return tuple(network_observation(net.network(name)) for name in (*numbers, *addresses_seen(subject)))


def addresses_seen(subject: Subject) -> tuple[str, ...]:
    """Addresses among the target and what its probes observed, in canonical form, sorted, unique."""
    seen = subject.of(*ADDRESS_PROBES)
    texts = {value for found in seen if found.asked.type in {"A", "AAAA"} for value in found.values}
    if subject.target.kind is TargetKind.NETWORK:
        texts.update(ends_of(subject.name))
    return tuple(sorted({address for text in texts if (address := _canonical(text))}))


def ends_of(prefix: str) -> tuple[str, ...]:
    """The first and the last address of a prefix: a range of several networks shows at its ends; none for a number."""
    if prefix.startswith("AS"):
        return ()
    block = ipaddress.ip_network(prefix)
    return tuple(dict.fromkeys((str(block[0]), str(block[-1]))))


def network_observation(answer: NetworkAnswer) -> Observation:
    """The observation of one address; every network that originates it is kept."""
    return make_observation(
        probe="network",
        subject=answer.address,
        outcome=answer.outcome,
        reason=answer.reason,
        values=[f"AS{number} {name}".rstrip() for number, name in answer.asns],
        detail={name: text for name, text in (("prefix", answer.prefix), ("table", answer.asked.server)) if text},
        asked=answer.asked,
    )


def _canonical(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""


PROBE = Probe(
    id="network",
    asks=Text(
        fr="Le réseau qui annonce chaque adresse, dans une table locale datée ; rien n'est demandé à personne.",
        en="The network that announces each address, from a dated local table; nobody is asked.",
    ),
    observe=_observe,
    questions=lambda _: (),
    after=ADDRESS_PROBES,
    kinds=SITE_KINDS | {TargetKind.NETWORK},
)
