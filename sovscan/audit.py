"""The product in one function: evidence in, everything a report prints out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sovscan.advise import advise
from sovscan.attribute import attribute
from sovscan.attribute.calibration import load_calibration
from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.control import chain, controller, is_sourced
from sovscan.catalogue.qualification import qualifications
from sovscan.files.evidence_bundle import evidence_digest
from sovscan.model.audit import Advice, Audit, Count, LawText, ProviderView, QualificationView
from sovscan.model.dependency import Confidence, Dependency, Layer
from sovscan.model.evidence import Evidence
from sovscan.model.exposure import Inventory, Item, Level
from sovscan.model.finding import Finding, RuleText
from sovscan.model.provider import OfferId, Provider, ProviderId
from sovscan.model.text import Country
from sovscan.rulebook.exposure import expose
from sovscan.rulebook.judge import judge
from sovscan.rulebook.reach import Reaches
from sovscan.rulebook.rulebook import Rulebook
from sovscan.score import score
from sovscan.score.bands import published_bands
from sovscan.score.policy import Policy
from sovscan.score.unread import unread_items
from sovscan.score.visibility import failed_layers, secondary_holes

_OUTSIDE = (Level.DIRECT, Level.PARENT, Level.HOSTED_ON)
"""Levels at which a country controls the provider or the infrastructure a service rests on."""


def audit(
    evidence: Evidence, catalogue: Catalogue, rulebook: Rulebook, policy: Policy, *, as_of: str | None = None
) -> Audit:
    """The audit of one organisation; a pure function of its arguments.

    ``as_of``: ISO date at which ownership and qualifications are read; None: the day the evidence was collected.
    Raises ExposureError or InventoryError when the catalogue says what no reading of the method allows.
    """
    date = as_of or evidence.collected_at[:10]
    dependencies = attribute(evidence, catalogue, date)
    reaches = Reaches(catalogue, date, rulebook.ladder)
    items = tuple(expose(dependency, catalogue, rulebook, policy, date, reaches=reaches) for dependency in dependencies)
    inventory = Inventory(
        items=(*items, *secondary_holes(evidence, policy)),
        failed=failed_layers(evidence, policy),
        unread=unread_items(evidence, dependencies, policy, catalogue),
    )
    scored = score(inventory, policy)
    findings = judge(dependencies, items, scored, evidence, catalogue, rulebook, date, reaches=reaches)
    advice = advise(dependencies, inventory, catalogue, rulebook, policy, date)
    return Audit(
        organisation=evidence.organisation,
        as_of=date,
        profile=policy.profile,
        evidence=evidence,
        evidence_digest=evidence_digest(evidence),
        catalogue_digest=catalogue.digest,
        catalogue_date=catalogue.date,
        rulebook_digest=rulebook.digest,
        model_version=policy.model,
        overrides=_overrides(catalogue, rulebook, policy),
        dependencies=dependencies,
        items=inventory.items,
        findings=findings,
        score=scored,
        count=count_by_control(dependencies, items, catalogue, date),
        advice=advice,
        rules=_rules(findings, rulebook),
        laws=_laws(items, advice, findings, rulebook),
        providers=_providers(dependencies, advice, catalogue, date),
        qualifications=_qualifications(dependencies, advice, catalogue, date),
        bands={**published_bands(scored.value, policy), **_agreements()},
    )


def _agreements() -> Mapping[str, float]:
    """What each confidence is worth: ``agreed.WORD`` of the ``seen.WORD`` organisations it was measured on."""
    measured = load_calibration().items()
    return {
        key: float(number)
        for level, found in measured
        for key, number in ((f"agreed.{level}", found.agreed), (f"seen.{level}", found.seen))
    }


def count_by_control(
    dependencies: Sequence[Dependency], items: Sequence[Item], catalogue: Catalogue, as_of: str
) -> Count:
    """How many services stand under which control; build-time dependencies of repositories are left out.

    Under outside control: its provider, or the infrastructure it rests on, is controlled from there (DIRECT, PARENT,
    HOSTED_ON), the United States before any other country. Unknown: its level is UNKNOWN, or the country is not
    identified. Of the rest, French is what the ultimate parent in France controls, or what the organisation itself
    runs on such a provider's network. Outside control that a weak sign alone shows is counted, and counted apart too.
    """
    found = [each for each in zip(dependencies, items, strict=True) if each[0].layer is not Layer.SUPPLY]
    # A service that many files of a checkout name is one service.
    services = {
        (one.layer, one.role, one.domain, one.attribution.provider) if one.location else one.id: (one, item)
        for one, item in reversed(found)
    }
    seen = [_control(dependency, item, catalogue, as_of) for dependency, item in services.values()]
    return Count(
        total=len(seen),
        us=seen.count("us"),
        other_third=seen.count("other_third"),
        eu=seen.count("eu"),
        fr=seen.count("fr"),
        unknown=seen.count("unknown"),
        weak_outside=sum(
            control in {"us", "other_third"} and dependency.attribution.confidence is Confidence.WEAK
            for control, (dependency, _) in zip(seen, services.values(), strict=True)
        ),
    )


def _control(dependency: Dependency, item: Item, catalogue: Catalogue, as_of: str) -> str:
    holding = {nexus.country for nexus in item.nexuses if nexus.level in _OUTSIDE}
    if "US" in holding:
        return "us"
    if holding - {"??"}:
        return "other_third"
    if holding or any(nexus.level is Level.UNKNOWN for nexus in item.nexuses):
        return "unknown"
    return "fr" if _country_of(dependency, catalogue, as_of) == "FR" else "eu"


def _country_of(dependency: Dependency, catalogue: Catalogue, as_of: str) -> Country:
    """Of the ultimate parent, or of the network's when the organisation runs the service itself."""
    operator = dependency.attribution.provider
    if dependency.attribution.operator_self and dependency.host is not None:
        operator = dependency.host.provider
    provider = catalogue.providers.get(operator) if operator is not None else None
    return Country("??") if provider is None else controller(provider, catalogue, as_of)[1]


def _overrides(catalogue: Catalogue, rulebook: Rulebook, policy: Policy) -> Mapping[str, str]:
    overlays = {"providers": catalogue.overlays, "rules": rulebook.overlays}
    return dict(policy.overrides) | {name: ", ".join(files) for name, files in overlays.items() if files}


def _rules(findings: Iterable[Finding], rulebook: Rulebook) -> tuple[RuleText, ...]:
    used = {finding.rule for finding in findings}
    return tuple(rule.text for rule in rulebook.rules if rule.text.id in used)


def _laws(
    items: Iterable[Item], advice: Advice, findings: Iterable[Finding], rulebook: Rulebook
) -> tuple[LawText, ...]:
    """Those that some nexus or rule names, and those printed for context only, of the countries that occur here.

    A country occurs where it reaches a service that was seen or one that is proposed.
    """
    nexuses = [nexus for item in items for nexus in item.nexuses]
    nexuses += [nexus for move in advice.moves for offer in move.alternatives for nexus in offer.nexuses]
    used = {law for nexus in nexuses for law in nexus.laws}
    used |= {law for rule in _rules(findings, rulebook) for law in rule.laws}
    countries = {nexus.country for nexus in nexuses}
    named = (law for law in rulebook.laws if law.text.id in used or not law.levels)
    return tuple(law.text for law in named if law.text.country in countries)


def _providers(
    dependencies: Iterable[Dependency], advice: Advice, catalogue: Catalogue, as_of: str
) -> tuple[ProviderView, ...]:
    """What was used of each entry, sorted by id."""
    named = {ident for dependency in dependencies for ident in _named_by(dependency)}
    named |= {alternative.provider for move in advice.moves for alternative in move.alternatives}
    for ident in _offers(dependencies, advice):
        if ident in catalogue.offers:
            named |= {_owner(name, catalogue) for name in catalogue.offers[ident][1].hosts}
    found = (catalogue.providers[ident] for ident in sorted(named & catalogue.providers.keys()))
    return tuple(_provider_view(provider, catalogue, as_of) for provider in found)


def _named_by(dependency: Dependency) -> Iterator[ProviderId]:
    attributed = dependency.attribution
    runner_up = attributed.runner_up.provider if attributed.runner_up else None
    parties = (party.provider for party in (dependency.host, dependency.technology) if party is not None)
    yield from (ident for ident in (attributed.provider, runner_up, *parties) if ident is not None)


def _owner(name: str, catalogue: Catalogue) -> ProviderId:
    """Of a provider's or an offer's id."""
    found = catalogue.offers.get(OfferId(name))
    return found[0].id if found else ProviderId(name)


def _provider_view(provider: Provider, catalogue: Catalogue, as_of: str) -> ProviderView:
    parent, country = controller(provider, catalogue, as_of)
    return ProviderView(
        id=provider.id,
        name=provider.name,
        entity=provider.entity,
        seat=provider.seat,
        controller=parent,
        controller_country=country,
        chain=chain(provider, catalogue, as_of),
        sourced=is_sourced(provider, catalogue, as_of),
        checked=provider.checked,
        sources=provider.seat_sources,
        caution=provider.conflict or provider.caution,
    )


def _offers(dependencies: Iterable[Dependency], advice: Advice) -> set[OfferId]:
    offers = {alternative.offer for move in advice.moves for alternative in move.alternatives}
    return offers | {found.attribution.offer for found in dependencies if found.attribution.offer is not None}


def _qualifications(
    dependencies: Iterable[Dependency], advice: Advice, catalogue: Catalogue, as_of: str
) -> tuple[QualificationView, ...]:
    known = sorted(_offers(dependencies, advice) & catalogue.offers.keys())
    return tuple(view for ident in known for view in qualifications(catalogue.offers[ident][1], as_of))
