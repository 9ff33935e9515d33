"""Which offers could take over a service, and how they would stand in its place."""

from collections.abc import Mapping, Sequence

from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.dependency import Attribution, Confidence, Dependency, DependencyId, Layer, Party
from sovscan.model.exposure import Item
from sovscan.model.provider import Offer, OfferId, Provider, ProviderId
from sovscan.rulebook.exposure import expose, expose_offer
from sovscan.rulebook.rulebook import Rulebook
from sovscan.score.policy import Policy

_BROAD = (Layer.SAAS,)
"""Layers where a role does not say what the service is for: there, an unknown category has no alternative."""


class Market:
    """The offers of the catalogue, judged in the place of an organisation's dependencies by the same ladder."""

    def __init__(
        self,
        dependencies: Sequence[Dependency],
        catalogue: Catalogue,
        rulebook: Rulebook,
        policy: Policy,
        as_of: str,
    ) -> None:
        self._catalogue, self._rulebook, self._policy, self._as_of = catalogue, rulebook, policy, as_of
        self._home = _home(dependencies)
        self._judged: dict[tuple[OfferId, str, str, bool], Item] = {}
        self._recommended: dict[str, list[tuple[Provider, Offer]]] = {}
        for _, (provider, offer) in sorted(catalogue.offers.items()):
            for role in offer.roles if offer.recommend else ():
                self._recommended.setdefault(role, []).append((provider, offer))

    def candidates(self, dependency: Dependency) -> Mapping[OfferId, tuple[Provider, Offer]]:
        """Offers that may be proposed in its role and serve the same purpose, its own offer left out."""
        attributed = dependency.attribution
        provider = self._catalogue.providers.get(attributed.provider) if attributed.provider else None
        current = self._catalogue.offers.get(attributed.offer) if attributed.offer else None
        purposes = set(current[1].categories) if current else set()
        named = {offer for offers in (provider.alternatives.values() if provider else ()) for offer in offers}
        return {
            offer.id: (maker, offer)
            for maker, offer in self._recommended.get(f"{dependency.layer}.{dependency.role}", ())
            if offer.id != attributed.offer
            and (offer.id in named or _same_purpose(purposes, set(offer.categories), dependency.layer))
        }

    def in_place_of(self, dependency: Dependency, provider: Provider, offer: Offer) -> Item:
        """The row an offer would have in the dependency's role; software is judged by who would run it."""
        key = (offer.id, dependency.layer, dependency.role, dependency.main)
        if key not in self._judged:
            self._judged[key] = (
                self._self_run(dependency, provider, offer)
                if offer.software
                else expose_offer(
                    provider,
                    offer,
                    dependency.layer,
                    dependency.role,
                    self._catalogue,
                    self._rulebook,
                    self._policy,
                    self._as_of,
                    main=dependency.main,
                )
            )
        return self._judged[key]

    def _self_run(self, dependency: Dependency, provider: Provider, offer: Offer) -> Item:
        """Run by the organisation where its own site is: an unidentified network when that was not seen."""
        run = Dependency(
            id=DependencyId(f"{dependency.layer}/{dependency.role}/{offer.id}/self"),
            layer=dependency.layer,
            role=dependency.role,
            domain="",
            subject=offer.id,
            attribution=Attribution(provider=None, operator_self=True, confidence=Confidence.CONFIRMED, signals=()),
            host=self._home,
            technology=None if offer.open_source else Party(provider=provider.id, label=provider.name),
            main=dependency.main,
        )
        return expose(run, self._catalogue, self._rulebook, self._policy, self._as_of)


def _home(dependencies: Sequence[Dependency]) -> Party | None:
    """Where the organisation's main site runs, by the first such dependency; None when it was not seen."""
    for dependency in dependencies:
        if dependency.layer is Layer.HOSTING and dependency.role == "origin" and dependency.main:
            operator: ProviderId | None = dependency.attribution.provider
            if operator is not None:
                return Party(provider=operator, label=operator)
            if dependency.host is not None:
                return dependency.host
    return None


def _same_purpose(current: set[str], proposed: set[str], layer: Layer) -> bool:
    if not current or not proposed:
        return layer not in _BROAD
    return not current.isdisjoint(proposed)
