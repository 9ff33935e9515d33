"""Values of the facts about one domain, each with the observations it rests on."""

from collections.abc import Iterable, Mapping

from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.dependency import Layer
from sovscan.model.evidence import Observation, ObservationId, Outcome
from sovscan.readers.dmarc import TagRecord, parse_dmarc
from sovscan.readers.names import registrable
from sovscan.readers.spf_walk import SpfResult, walk
from sovscan.readers.zones import climb
from sovscan.rulebook.cel import FactValue
from sovscan.rulebook.judged import Basis, Judged, Whole
from sovscan.rulebook.unread_facts import asked_about

NULL_MX = "0 ."
"""RFC 7505."""
TOKEN_ONLY, DISPUTED = "token-only", "disputed"
"""Flags of the attribution: known by a verification token alone; resolvers disagree on what it rests on."""
_VERIFICATION = "verification"


class _Facts:
    def __init__(self) -> None:
        self.values: dict[str, FactValue] = {}
        self.bases: dict[str, Basis] = {}

    def put(
        self,
        name: str,
        value: FactValue | None,
        observations: Iterable[Observation] = (),
        dependencies: Iterable[Judged] = (),
    ) -> None:
        """Note what a fact rests on, and its value unless it is not known (None)."""
        ids = tuple(sorted({seen.id for seen in observations}))
        self.bases[name] = Basis(observations=ids, dependencies=tuple(dependencies))
        if value is not None:
            self.values[name] = value


def index(observations: Iterable[Observation]) -> dict[tuple[str, str], list[Observation]]:
    """Observations by probe and subject, in their order."""
    found: dict[tuple[str, str], list[Observation]] = {}
    for seen in observations:
        found.setdefault((seen.probe, seen.subject), []).append(seen)
    return found


def domain_facts(
    domain: str, judged: Iterable[Judged], seen: Mapping[tuple[str, str], list[Observation]], catalogue: Catalogue
) -> Whole:
    """The facts of one domain; ``judged`` are its own dependencies, ``seen`` all observations by probe and subject."""
    own = tuple(judged)
    facts = _Facts()
    _mail(facts, domain, own, seen)
    policy = _spf(facts, domain, own, seen)
    _policies(facts, domain, seen)
    _web(facts, domain, seen)
    _dns(facts, domain, own, seen)
    _questions(facts, domain, seen, policy, catalogue)
    tokens = [each for each in own if each.dependency.role == _VERIFICATION or TOKEN_ONLY in each.dependency.flags]
    texts = seen.get(("txt", domain), [])
    named = tuple(sorted({str(each.facts.get("provider.name", each.dependency.subject)) for each in tokens}))
    facts.put("domain.leftover_tokens", named if _known(texts) else None, texts, tokens)
    disputed = [each for each in own if DISPUTED in each.dependency.flags]
    shown = [each for found in seen.values() for each in found if "disagreement" in each.detail and _of(each, domain)]
    compared = [
        each for (probe, _), found in seen.items() if probe == "resolver-check" for each in found if _of(each, domain)
    ]
    heard = any(each.outcome.is_fact for each in compared)
    facts.put("domain.resolvers_compared", bool(compared or shown or disputed), compared)
    facts.put("domain.resolvers_disagree", True if disputed or shown else False if heard else None, shown, disputed)
    return Whole(location=domain, facts=facts.values, bases=facts.bases, otherwise=_any_of(domain, seen))


def _mail(
    facts: _Facts, domain: str, own: tuple[Judged, ...], seen: Mapping[tuple[str, str], list[Observation]]
) -> None:
    records = seen.get(("mx", domain), [])
    known = _known(records)
    values = {value for record in records for value in record.values}
    null = values == {NULL_MX}
    facts.put("mail.has_mx", bool(values) and not null if known else None, records)
    facts.put("mail.null_mx", null if known else None, records)
    fronts = [each for each in own if each.dependency.layer is Layer.MAIL_IN]
    gateways = [each for each in fronts if each.dependency.role == "gateway"]
    boxes = [each for each in fronts if each.dependency.role == "mailbox"]
    facts.put("mail.behind_gateway", bool(gateways) if known else None, records, gateways)
    identified = all(bool(each.facts["dependency.identified"]) for each in boxes) if boxes else None
    facts.put("mail.backend_identified", identified, records, (*gateways, *boxes))


def _spf(
    facts: _Facts, domain: str, own: tuple[Judged, ...], seen: Mapping[tuple[str, str], list[Observation]]
) -> tuple[Observation, ...]:
    """The facts about the policy; what comes back is every record that it led to."""
    read: list[Observation] = []

    def lookup(name: str) -> Observation | None:
        probe = "txt" if name == domain else "spf"
        found = next((each for each in seen.get((probe, name), []) if each.asked.type == "TXT"), None)
        if found is not None:
            read.append(found)
        return found

    def host(name: str, rrtype: str) -> Observation | None:
        return next((each for each in seen.get(("spf", name), []) if each.asked.type == rrtype), None)

    tree = walk(domain, lookup)
    void = walk(domain, lookup, typed=host).result is SpfResult.PERMERROR
    answered = _known(seen.get(("txt", domain), []))
    facts.put("mail.spf_present", tree.result is not SpfResult.NONE if answered else None, read)
    broken = void or {SpfResult.PERMERROR: True, SpfResult.OK: False, SpfResult.NONE: False}.get(tree.result)
    facts.put("mail.spf_permerror", broken, read)
    left = [each for each in own if each.dependency.layer is Layer.MAIL_OUT and "leftover" in each.dependency.flags]
    names = tuple(sorted({str(each.facts.get("provider.name", each.dependency.subject)) for each in left}))
    facts.put("mail.spf_leftovers", names if broken is not None else None, read, left)
    return tuple(read)


def _policies(facts: _Facts, domain: str, seen: Mapping[tuple[str, str], list[Observation]]) -> None:
    records = seen.get(("dmarc", f"_dmarc.{domain}"), [])
    above = registrable(domain)
    if above is not None and above != domain and _known(records) and not any(record.values for record in records):
        records = seen.get(("dmarc", f"_dmarc.{above}"), records)  # RFC 7489, 6.6.3: the organisational domain's holds
    policy = parse_dmarc(value for record in records for value in record.values)
    wanted = policy.tags.get("p", "absent").lower() if isinstance(policy, TagRecord) else "absent"
    facts.put("mail.dmarc_policy", wanted if _known(records) else None, records)
    zone = climb(domain, lambda name: seen.get(("ns", name), ()))
    signed = seen.get(("ds", zone.apex), [])  # the keys are those of the zone that the domain stands in
    vouched = any(record.outcome is Outcome.ANSWERED for record in signed)
    # While it is open whose zone a name stands in, no key at the name itself says nothing of that zone.
    found = vouched or zone.complete or domain == above
    facts.put("mail.dnssec", vouched if _known(signed) and found else None, signed)


def _web(facts: _Facts, domain: str, seen: Mapping[tuple[str, str], list[Observation]]) -> None:
    hosts = (domain, f"www.{domain}")
    pages = [each for host in hosts for each in seen.get(("web", f"https://{host}/"), [])]
    answered = any(page.outcome is Outcome.ANSWERED for page in pages)
    failed = any(not page.outcome.is_fact for page in pages)
    facts.put("web.reachable", answered if answered or failed else None, pages)


def _dns(
    facts: _Facts, domain: str, own: tuple[Judged, ...], seen: Mapping[tuple[str, str], list[Observation]]
) -> None:
    zone = climb(domain, lambda name: seen.get(("ns", name), ()))
    records = list(zone.observations)
    operators = [each for each in own if each.dependency.layer is Layer.DNS]
    usable = bool(zone.servers) and bool(operators)
    facts.put("dns.operators", len({each.item.controller for each in operators}) if usable else None, records,
              operators)  # fmt: skip
    foreign = [each.facts.get("nexus.foreign_control") for each in operators]
    facts.put("dns.foreign_only", _all(foreign) if usable else None, records, operators)


def _questions(
    facts: _Facts,
    domain: str,
    seen: Mapping[tuple[str, str], list[Observation]],
    policy: Iterable[Observation],
    catalogue: Catalogue,
) -> None:
    """Whether whatever could show a service was asked and answered: a silent name may be anybody's."""
    for sort, asked in asked_about(domain, seen, policy, catalogue).items():
        facts.put(f"domain.{sort}_asked", bool(asked.all), asked.all)
        read = bool(asked.all) and not asked.silent
        facts.put(f"domain.{sort}_read", True if read else None, asked.silent or asked.all)


def _all(answers: Iterable[FactValue | None]) -> bool | None:
    """Whether all are true; None while one is not known and none is false."""
    found = list(answers)
    if any(answer is False for answer in found):
        return False
    return None if any(answer is None for answer in found) else True


def _known(observations: Iterable[Observation]) -> bool:
    """Whether the question was put and nothing about it is a hole."""
    found = list(observations)
    return bool(found) and all(seen.outcome.is_fact for seen in found)


def _of(observation: Observation, domain: str) -> bool:
    return observation.subject == domain or observation.subject.endswith(f".{domain}")


def _any_of(domain: str, seen: Mapping[tuple[str, str], list[Observation]]) -> tuple[ObservationId, ...]:
    for probe in ("mx", "txt", "ns", "address"):
        if (probe, domain) in seen:
            return tuple(sorted({each.id for each in seen[probe, domain]}))
    within = (each.id for found in seen.values() for each in found if _of(each, domain))
    return tuple(sorted(within))[:1]
