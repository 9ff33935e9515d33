"""Who supplies what, read from an audit: the rows of every register start here."""

from collections.abc import Iterator
from dataclasses import dataclass

from sovscan.model.audit import ProviderView
from sovscan.model.dependency import Confidence, Dependency, Layer
from sovscan.model.exposure import Item, Level, Nexus
from sovscan.render.view.reading import Reading

OUTSIDE = (Level.TECHNOLOGY, Level.PRESENCE, Level.INFLUENCE, Level.HOSTED_ON, Level.PARENT, Level.DIRECT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What one supplier does in one role."""

    provider: ProviderView | None
    """None: not identified."""
    label: str
    """Its name, or what evidence calls it."""
    layer: Layer
    role: str
    """As a reader calls it."""
    dependencies: tuple[Dependency, ...]
    items: tuple[Item, ...]

    @property
    def confidence(self) -> str:
        """The lowest of its dependencies."""
        found = [dependency.attribution.confidence for dependency in self.dependencies]
        return min(found, key=lambda each: each.rank, default=Confidence.WEAK).value

    @property
    def because(self) -> tuple[str, ...]:
        """Observations behind it, sorted."""
        return tuple(
            sorted(
                {
                    str(seen)
                    for dependency in self.dependencies
                    for signal in dependency.attribution.signals
                    for seen in signal.observations
                }
            )
        )

    @property
    def nexuses(self) -> tuple[Nexus, ...]:
        """Every nexus from outside the EU/EEA, or of unknown level, worst first, one a level and country."""
        kept: dict[tuple[Level, str], Nexus] = {}
        for item in self.items:
            for nexus in item.nexuses:
                kept.setdefault((nexus.level, nexus.country), nexus)
        order = list(Level)
        return tuple(sorted(kept.values(), key=lambda nexus: (-order.index(nexus.level), nexus.country)))

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries outside the EU/EEA with a hold, sorted."""
        return tuple(sorted({str(nexus.country) for nexus in self.nexuses if nexus.level in OUTSIDE}))


def supplies(reading: Reading) -> Iterator[Supply]:
    """Suppliers of services by layer, role and supplier.

    Of what the organisation runs itself the supplier is whose network it runs on; seen on nobody's, it has none.
    """
    groups: dict[tuple[str, str, str], list[Dependency]] = {}
    for dependency in reading.audit.dependencies:
        if (who := _supplier(dependency)) is not None:
            groups.setdefault((dependency.layer.value, dependency.role, who), []).append(dependency)
    order = [layer.value for layer in Layer]
    for (layer, _, who), found in sorted(groups.items(), key=lambda entry: (order.index(entry[0][0]), *entry[0])):
        provider = reading.providers.get(who)
        subjects = ", ".join(sorted({reading.shown(each.subject, 120) for each in found})[:5])
        unknown = f"{reading.words('provider.unidentified')} ({subjects})"
        yield Supply(
            provider=provider,
            label=reading.provider_name(who) if not who.startswith("?") else unknown,
            layer=Layer(layer),
            role=reading.role_name(found[0]),
            dependencies=tuple(found),
            items=tuple(reading.items[each.id] for each in found if each.id in reading.items),
        )


def _supplier(dependency: Dependency) -> str | None:
    """Catalogue id, or ``?`` and what is seen of somebody not identified; None: nobody else."""
    attributed, host = dependency.attribution, dependency.host
    if not attributed.operator_self:
        return attributed.provider or f"?{dependency.subject}"
    return (host.provider or f"?{host.label}") if host is not None else None


def controller_share(reading: Reading, supply: Supply) -> float | None:
    """Percent of the points lost that fall on the supplier's controller; None when nothing is lost or rated."""
    lost = 100 - reading.audit.score.value
    names = {item.controller for item in supply.items}
    own = {item.id for item in reading.audit.items if item.controller in names}
    carried = sum(term.access + term.cutoff for term in reading.audit.score.terms if term.dependency in own)
    return 100 * carried / lost if reading.rated and lost > 0 else None


def law_names(reading: Reading, nexuses: tuple[Nexus, ...]) -> str:
    """The texts that may apply on these grounds; those not established say so."""
    wanted = {law for nexus in nexuses for law in nexus.laws}
    said = reading.words("register.adequacy.confirm")
    return "; ".join(
        reading.words.of(law.name) + ("" if law.established else f" ({said})")
        for law in reading.audit.laws
        if law.id in wanted
    )
