"""Which offers could take over a service, and how they would stand in its place."""

from collections.abc import Mapping, Sequence

from sovscan.advise.purposes import Purposes
from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.dependency import Attribution, Confidence, Dependency, DependencyId, Layer, Party
from sovscan.model.exposure import Item
from sovscan.model.provider import Offer, OfferId, Provider, ProviderId
from sovscan.rulebook.exposure import expose, expose_offer
from sovscan.rulebook.rulebook import Rulebook
from sovscan.score.policy import Policy


class Market:
    """The offers of the catalogue, judged in the place of an organisation's dependencies by the same ladder."""

    def __init__(  # noqa: PLR0917
        self,
        dependencies: Sequence[Dependency],
        catalogue: Catalogue,
        rulebook: Rulebook,
        policy: Policy,
        as_of: str,
        purposes: Purposes,
    ) -> None:
        self._catalogue, self._rulebook, self._policy, self._as_of = catalogue, rulebook, policy, as_of
        self._purposes = purposes
        self._home = _home(dependencies)
        self._judged: dict[tuple[OfferId, str, str, bool], Item] = {}
        self._recommended: dict[str, list[tuple[Provider, Offer]]] = {}
        for _, (provider, offer) in sorted(catalogue.offers.items()):
            for role in offer.roles if offer.recommend else ():
                self._recommended.setdefault(role, []).append((provider, offer))

    def candidates(self, dependency: Dependency) -> Mapping[OfferId, tuple[Provider, Offer]]:
        """Offers that may be proposed in its role and serve the same purpose, its own offer left out.

        An offer that the provider's entry names as its replacement needs a role in the layer only: a tenant gives way
        to a sign-on service, which is no tenant.
        """
        attributed = dependency.attribution
        current = self._catalogue.offers.get(attributed.offer) if attributed.offer else None
        role = f"{dependency.layer}.{dependency.role}"
        wanted = self._purposes.of(role, frozenset(current[1].categories if current else ()))
        found = {
            offer.id: (maker, offer)
            for maker, offer in self._recommended.get(role, ())
            if not wanted.isdisjoint(offer.categories)
        }
        for ident in self._named(dependency, wanted):
            maker, offer = self._catalogue.offers[ident]
            if offer.recommend and self.serves(dependency, offer):
                found[ident] = (maker, offer)
        if attributed.offer is not None:
            found.pop(attributed.offer, None)
        return found

    def serves(self, dependency: Dependency, offer: Offer) -> bool:
        """Whether an offer can take over a dependency: by its role, or named as a replacement in the layer."""
        layer = dependency.layer
        return f"{layer}.{dependency.role}" in offer.roles or (
            any(role.startswith(f"{layer}.") for role in offer.roles) and offer.id in self._named(dependency)
        )

    def _named(self, dependency: Dependency, purposes: frozenset[str] | None = None) -> tuple[OfferId, ...]:
        """Offers that the provider's entry names as its replacements, for some purposes or for all."""
        provider = self._catalogue.providers.get(dependency.attribution.provider or ProviderId(""))
        if provider is None:
            return ()
        return tuple(
            ident
            for purpose, offers in sorted(provider.alternatives.items())
            if purposes is None or purpose in purposes
            for ident in offers
        )

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
