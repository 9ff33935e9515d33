"""Values of the facts about one dependency: those the ladder needs, and those that follow from its nexuses.

What is not known is left out; a negative answer is only given where it is known to be one.
"""

import datetime

from sovscan.catalogue.qualification import why_not
from sovscan.model.dependency import Dependency, Layer
from sovscan.model.exposure import Item, Level
from sovscan.model.provider import Offer
from sovscan.rulebook.cel import FactValue
from sovscan.rulebook.facts import HOLD
from sovscan.rulebook.reach import HOLD_FACTS, Reach
from sovscan.rulebook.rulebook import Ladder

OWN_NETWORK_FLAGS = ("own-network", "declared-with-proof")
_CARRIER_FLAG = "carrier-network"
_LEVELS = tuple(Level)
_CONTROL = (Level.DIRECT, Level.PARENT)


def by_carrier(dependency: Dependency) -> frozenset[Level]:
    """Levels that hold only if a carrier hosts the service, rather than renting a line to where it stands; often none.

    A carrier of traffic has no custody of stored data (18 U.S.C. 2713 asks for possession, custody or control).
    """
    if _CARRIER_FLAG not in dependency.flags or dependency.host is None:
        return frozenset()
    if dependency.attribution.provider == dependency.host.provider:
        return frozenset(HOLD)
    return frozenset({Level.HOSTED_ON})


def ladder_facts(dependency: Dependency, reached: Reach, as_of: str, ladder: Ladder) -> dict[str, FactValue]:
    """Everything the ladder may ask of a dependency."""
    attributed = dependency.attribution
    signals = sorted({signal.kind.value for signal in attributed.signals})
    facts: dict[str, FactValue] = {
        "dependency.layer": dependency.layer.value,
        "dependency.role": dependency.role,
        "dependency.subject": dependency.subject,
        "dependency.confidence": attributed.confidence.value,
        "dependency.flags": dependency.flags,
        "dependency.main": dependency.main,
        "dependency.identified": reached.provider is not None or attributed.operator_self,
        "dependency.self_run": attributed.operator_self,
        "dependency.own_network": any(flag in dependency.flags for flag in OWN_NETWORK_FLAGS),
        "dependency.has_runner_up": attributed.runner_up is not None,
        "dependency.contradicted": bool(attributed.against)
        or bool({"conflict", "contradicted"} & set(dependency.flags)),
        "dependency.signals": tuple(signals),
    }
    nobody = reached.provider is None and not attributed.operator_self
    if nobody and not reached.host_identified:
        return facts
    # Under an operator nobody knows, the network it runs on is still a fact.
    known = [name for name in HOLD_FACTS if not nobody or name.startswith("host.")]
    facts.update({name: tuple(hold.country for hold in reached.holds[name]) for name in known})
    facts["host.seen"] = reached.host_seen
    facts["host.identified"] = reached.host_identified
    facts["host.name"] = ", ".join(reached.host_names)
    if nobody:
        return facts
    facts.update(_offer_facts(reached, dependency.layer, as_of, ladder))
    facts["technology.name"] = ", ".join(reached.technology_names)
    if reached.provider is not None:
        facts.update(_provider_facts(reached))
    return facts


def nexus_facts(item: Item, reached: Reach, *, self_run: bool) -> dict[str, FactValue]:
    """What follows from the nexuses of a dependency; while ownership is open, only what is positively known."""
    levels = {nexus.level for nexus in item.nexuses}
    outside = [nexus for nexus in item.nexuses if nexus.level not in (Level.IMMUNE, Level.NONE, Level.UNKNOWN)]
    immune = Level.IMMUNE in levels
    owner = immune or (Level.UNKNOWN not in levels and (self_run or reached.sourced))
    shown = reached.host_seen or (reached.offer is not None and reached.offer.host_known)
    # A network that was seen and that nobody can name may be anybody's.
    host = immune or (shown and (reached.host_identified or not reached.host_names))
    facts: dict[str, FactValue] = {
        "nexus.level": max(levels, key=_LEVELS.index).value,
        "nexus.levels": tuple(level.value for level in _LEVELS if level in levels),
        "nexus.laws": tuple(sorted({law for nexus in item.nexuses for law in nexus.laws})),
    }
    if owner:
        facts["nexus.countries"] = tuple(sorted({nexus.country for nexus in outside}))

    def answer(name: str, *, found: bool, known: bool) -> None:
        if found or known:
            facts[name] = found

    control = [nexus for nexus in outside if nexus.level in _CONTROL]
    hosted = [nexus for nexus in outside if nexus.level is Level.HOSTED_ON]
    answer("nexus.us", found=any(nexus.country == "US" for nexus in outside), known=owner and host)
    answer("nexus.us_control", found=any(nexus.country == "US" for nexus in control), known=owner or self_run)
    answer("nexus.foreign_control", found=bool(control), known=owner or self_run)
    answer("nexus.foreign_host", found=bool(hosted), known=host)
    answer("nexus.us_host", found=any(nexus.country == "US" for nexus in hosted), known=host)
    answer("nexus.influence", found=Level.INFLUENCE in levels, known=owner)
    answer("nexus.presence", found=Level.PRESENCE in levels, known=owner)
    answer("nexus.technology", found=Level.TECHNOLOGY in levels, known=immune or reached.offer is not None)
    return facts


def _provider_facts(reached: Reach) -> dict[str, FactValue]:
    provider = reached.provider
    if provider is None:
        return {}
    facts: dict[str, FactValue] = {
        "provider.id": provider.id,
        "provider.name": provider.name,
        "provider.seat": provider.seat,
        "provider.controller": reached.controller,
        "provider.controller_country": reached.controller_country,
        "provider.sourced": reached.sourced,
        "provider.conflict": reached.conflict,
        "provider.owner_known": reached.owner_known,
    }
    if reached.owner_known:
        from_us = any(hold.country == "US" for name in HOLD_FACTS[:2] for hold in reached.holds[name])
        facts["provider.eea_controlled"] = reached.eea_controlled
        if from_us or reached.sourced:
            facts["provider.us_controlled"] = from_us
    return facts


def _offer_facts(reached: Reach, layer: Layer, as_of: str, ladder: Ladder) -> dict[str, FactValue]:
    offer = reached.offer
    if offer is None:
        facts: dict[str, FactValue] = {"offer.known": False, **_qualification_lists(None, as_of, ladder)}
    else:
        facts = {
            "offer.known": True,
            "offer.id": offer.id,
            "offer.host_known": offer.host_known,
            **_qualification_lists(offer, as_of, ladder),
        }
    others = reached.provider.offers if reached.provider else ()
    facts["offer.qualified_elsewhere"] = any(
        certification.scheme in ladder.immunity and why_not(certification, as_of) is None
        for other in others if other != offer and any(role.startswith(f"{layer}.") for role in other.roles)
        for certification in other.certifications
    )  # fmt: skip
    return facts


def _qualification_lists(offer: Offer | None, as_of: str, ladder: Ladder) -> dict[str, FactValue]:
    lists: dict[str, set[str]] = {name: set() for name in ("valid", "expired", "unusable", "pending", "ending")}
    horizon = (datetime.date.fromisoformat(as_of) + datetime.timedelta(days=ladder.ending_days)).isoformat()
    for certification in offer.certifications if offer else ():
        reason = why_not(certification, as_of)
        if reason is None:
            lists["valid"].add(certification.scheme)
            if certification.valid_to is not None and certification.valid_to <= horizon:
                lists["ending"].add(certification.scheme)
        elif reason == "expired":
            lists["expired"].add(certification.scheme)
        elif reason == "in-progress":
            lists["pending"].add(certification.scheme)
        elif reason in ("over-age", "no-end-date", "unsourced"):
            lists["unusable"].add(certification.scheme)
    # A certificate that was renewed has an old record too: the valid one decides.
    for name in ("expired", "unusable", "pending"):
        lists[name] -= lists["valid"]
    return {f"offer.{name}_qualifications": tuple(sorted(found)) for name, found in lists.items()}
