"""What questions that fail no layer could still have shown: counted in the worst reading, and in nothing else.

METHOD 5 step 4 fails a layer for its essential questions alone; every other hole lowers confidence and is listed. But
what was never read cannot be excluded either, and the interval is the score with each unknown settled against the
organisation, then in its favour (METHOD 2).
"""

from collections.abc import Iterable, Iterator

from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.unread import may_hide_a_service
from sovscan.model.dependency import Confidence, Dependency, DependencyId, Layer
from sovscan.model.evidence import Evidence, Observation
from sovscan.model.exposure import Item, Level, Nexus
from sovscan.model.target import TargetKind
from sovscan.readers.names import is_within
from sovscan.score.policy import UNIDENTIFIED, Policy

UNREAD = "evidence-unread"
"""Flag of the attribution: an unread answer could have given the service to somebody else."""
SIGN_IN_ROLE = "identity.sso"
"""What a host name stands for besides, where people sign in under its label."""


def unread_items(
    evidence: Evidence, dependencies: Iterable[Dependency], policy: Policy, catalogue: Catalogue
) -> tuple[Item, ...]:
    """An UNKNOWN item for each service that an unread question could have shown, sorted by id.

    Each has a controller of its own: behind two silent names two services may stand. Questions that fail a layer, and
    a registrar never asked for, are not among them.
    """
    domains = {target.value: target.main for target in evidence.targets if target.kind is TargetKind.DOMAIN}
    found = [item for seen in evidence.observations for item in _of_question(seen, domains, policy, catalogue)]
    found += [
        _item(f"{each.layer}/{each.id}", each.layer, policy.roles[f"{each.layer}.{each.role}"], each.main, policy)
        for each in dependencies
        if UNREAD in each.flags and each.layer in policy.layers
    ]
    return tuple(sorted(found, key=lambda item: item.id))


def _of_question(seen: Observation, domains: dict[str, bool], policy: Policy, catalogue: Catalogue) -> Iterator[Item]:
    if seen.probe not in policy.unread or not may_hide_a_service(seen, catalogue):
        return
    within = [main for domain, main in domains.items() if is_within(seen.subject, domain)]
    main = all(within)
    roles = policy.unread[seen.probe]
    if seen.probe == "host-names" and seen.subject.partition(".")[0] in catalogue.host_names.sign_in:
        roles = (*roles, SIGN_IN_ROLE)
    for role in roles:
        layer = Layer(role.partition(".")[0])
        yield _item(f"{role}/{seen.subject}/{seen.asked.type}", layer, policy.roles[role], main, policy)


def _item(what: str, layer: Layer, weight: float, main: bool, policy: Policy) -> Item:
    return Item(
        id=DependencyId(f"unread/{what}"),
        layer=layer,
        controller=f"unread {what}",
        nexuses=(Nexus(level=Level.UNKNOWN, country=UNIDENTIFIED),),
        weight=weight if main else policy.secondary * weight,
        confidence=Confidence.CONFIRMED,
    )
