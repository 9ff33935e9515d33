"""What collection could not see: failed layers of the main domains, unknown items of the others (METHOD 5)."""

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

from sovscan.model.dependency import Confidence, DependencyId, Layer
from sovscan.model.evidence import Evidence, Observation, Outcome
from sovscan.model.exposure import Item, Level, Nexus
from sovscan.model.target import TargetKind
from sovscan.readers.zones import climb
from sovscan.score.policy import UNIDENTIFIED, Policy

NOT_SEEN = "?"
"""Controller of what was not seen on secondary domains: one for each layer, however many domains are silent."""

_ADDRESS_TYPES = ("A", "AAAA")

_ByProbe = Mapping[str, tuple[Observation, ...]]


def failed_layers(evidence: Evidence, policy: Policy) -> tuple[Layer, ...]:
    """Layers one of whose essential questions is a hole, or was never asked, on a main domain; sorted.

    Without a main domain, or with one that does not exist, every layer that has an essential question is failed: of
    the organisation's own name nothing was read.
    """
    seen = _by_probe(evidence)
    domains = _domains(evidence, main=True)
    if not set(domains).isdisjoint(evidence.missing_domains):
        domains = ()
    return tuple(
        sorted(
            layer
            for layer, rule in policy.layers.items()
            if rule.essential
            and not (
                domains and all(_is_settled(probe, domain, seen) for probe in rule.essential for domain in domains)
            )
        )
    )


def secondary_holes(evidence: Evidence, policy: Policy) -> tuple[Item, ...]:
    """An UNKNOWN item for each layer and secondary domain with an essential hole, sorted by id.

    Its weight is the layer's largest role weight, halved as for every secondary domain. All of one layer have the same
    controller: many silent domains of one organisation never cost more than one.
    """
    seen = _by_probe(evidence)
    found = [
        Item(
            id=DependencyId(f"{layer}/not-seen/{domain}/{NOT_SEEN}"),
            layer=layer,
            controller=NOT_SEEN,
            nexuses=(Nexus(level=Level.UNKNOWN, country=UNIDENTIFIED),),
            weight=policy.secondary * _largest_weight(layer, policy),
            confidence=Confidence.CONFIRMED,
        )
        for layer, rule in policy.layers.items()
        for domain in _domains(evidence, main=False)
        if not all(_is_settled(probe, domain, seen) for probe in rule.essential)
    ]
    return tuple(sorted(found, key=lambda item: item.id))


def _domains(evidence: Evidence, *, main: bool) -> tuple[str, ...]:
    return tuple(
        sorted(
            {target.value for target in evidence.targets if target.kind is TargetKind.DOMAIN and target.main is main}
        )
    )


def _largest_weight(layer: Layer, policy: Policy) -> float:
    return max(weight for role, weight in policy.roles.items() if role.startswith(f"{layer}."))


def _by_probe(evidence: Evidence) -> _ByProbe:
    found: dict[str, list[Observation]] = {}
    for observation in evidence.observations:
        found.setdefault(observation.probe, []).append(observation)
    return {probe: tuple(observations) for probe, observations in found.items()}


def _is_settled(probe: str, domain: str, seen: _ByProbe) -> bool:
    return _SETTLED.get(probe, _settled_at_the_name)(probe, domain, seen)


def _settled_at_the_name(probe: str, domain: str, seen: _ByProbe) -> bool:
    return _are_facts(observation for observation in seen.get(probe, ()) if observation.subject == domain)


def _settled_addresses(probe: str, domain: str, seen: _ByProbe) -> bool:
    """The domain itself for A and AAAA, and its ``www`` name wherever that was asked."""
    asked = seen.get(probe, ())
    return _has_both_families(domain, asked) and all(
        observation.outcome.is_fact for observation in asked if observation.subject == f"www.{domain}"
    )


def _settled_servers(probe: str, domain: str, seen: _ByProbe) -> bool:
    """NS of the domain; where it is no zone of its own, of each enclosing name up to the zone it stands in."""
    asked = seen.get(probe, ())
    return climb(domain, lambda name: (found for found in asked if found.subject == name)).complete


def _settled_mail_hosts(probe: str, domain: str, seen: _ByProbe) -> bool:
    """A and AAAA of each host that MX names; a null MX (RFC 7505) and an absent one name none."""
    records = (value for found in seen.get("mx", ()) if found.subject == domain for value in found.values)
    hosts = {record.split(" ", 1)[-1] for record in records} - {"."}
    return all(_has_both_families(host, seen.get(probe, ())) for host in hosts)


def _settled_site(probe: str, domain: str, seen: _ByProbe) -> bool:
    """Seen at the domain or its ``www`` name; a site that has no address at either is a fact as well."""
    names = (domain, f"www.{domain}")
    outcomes = [found.outcome for found in seen.get(probe, ()) if _host(found.subject) in names]
    return Outcome.ANSWERED in outcomes or (bool(outcomes) and all(outcome is Outcome.ABSENT for outcome in outcomes))


_SETTLED: Mapping[str, Callable[[str, str, _ByProbe], bool]] = {
    "address": _settled_addresses,
    "mx-address": _settled_mail_hosts,
    "ns": _settled_servers,
    "tls": _settled_site,
    "web": _settled_site,
}


def _has_both_families(name: str, observations: Iterable[Observation]) -> bool:
    asked = [observation for observation in observations if observation.subject == name]
    return all(_are_facts(found for found in asked if found.asked.type == family) for family in _ADDRESS_TYPES)


def _are_facts(observations: Iterable[Observation]) -> bool:
    """Whether there is at least one observation, and each of them is a fact."""
    outcomes = [observation.outcome for observation in observations]
    return bool(outcomes) and all(outcome.is_fact for outcome in outcomes)


def _host(subject: str) -> str:
    try:
        return (urlsplit(subject).hostname or "") if "://" in subject else subject
    except ValueError:
        return ""
