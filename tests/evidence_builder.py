"""Evidence and catalogues by hand, for tests: invented domains, documentation addresses and private AS numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

from sovscan.attribute import attribute
from sovscan.catalogue.catalogue import Catalogue, HostNames
from sovscan.files.evidence_bundle import in_order, make_observation
from sovscan.model.dependency import Dependency
from sovscan.model.evidence import Asked, Evidence, Observation, Outcome, Vantage
from sovscan.model.provider import (
    ControlLink,
    Offer,
    OfferId,
    Provider,
    ProviderId,
    SignalKind,
    Signature,
    Strength,
)
from sovscan.model.target import Target, TargetKind
from sovscan.model.text import Country

AS_OF = "2026-11-21"
HOST_NAMES = HostNames(
    sign_in=frozenset({"adfs", "login", "sso"}),
    webmail=("webmail", "owa", "mail", "messagerie", "courrier", "correo", "outlook", "zimbra"),
    files_only=frozenset({"assets", "cdn", "images", "img", "media", "static", "video"}),
)


@dataclass
class Scene:
    """What the network said about one organisation, question by question."""

    domain: str = "valmont.example"
    others: tuple[str, ...] = ()
    seen: list[Observation] = field(default_factory=list)

    def answer(self, probe: str, subject: str, rrtype: str, *values: str, **detail: str) -> Scene:
        return self._put(probe, subject, rrtype, Outcome.ANSWERED, None, values, detail)

    def absent(self, probe: str, subject: str, rrtype: str, reason: str = "nxdomain", **detail: str) -> Scene:
        return self._put(probe, subject, rrtype, Outcome.ABSENT, reason, (), detail)

    def failed(self, probe: str, subject: str, rrtype: str, reason: str = "servfail") -> Scene:
        return self._put(probe, subject, rrtype, Outcome.FAILED, reason)

    def mx(self, *hosts: str, **addresses: str) -> Scene:
        """``"10 host"`` or ``"host"`` (preference 10)."""
        return self.answer("mx", self.domain, "MX", *(host if " " in host else f"10 {host}" for host in hosts))

    def mx_address(self, host: str, *addresses: str, chain: str = "") -> Scene:
        detail = {"chain": chain} if chain else {}
        for rrtype, mark in (("A", "."), ("AAAA", ":")):
            found = [address for address in addresses if mark in address and (rrtype == "AAAA") == (":" in address)]
            if found:
                self.answer("mx-address", host, rrtype, *found, **detail)
            else:
                self.absent("mx-address", host, rrtype, "nodata")
        return self

    def network(self, address: str, *systems: str) -> Scene:
        """``"AS64500 Name"``."""
        return self.answer("network", address, "ASN", *systems)

    def txt(self, *values: str) -> Scene:
        return self.answer("txt", self.domain, "TXT", *values)

    def spf(self, name: str, *values: str) -> Scene:
        return self.answer("spf", name, "TXT", *values)

    def autodiscover(self, end: str) -> Scene:
        name = f"autodiscover.{self.domain}"
        return self.answer("autodiscover", name, "A", chain=f"{name} > {end}", alias=end)

    def dkim(self, selector: str, end: str) -> Scene:
        name = f"{selector}._domainkey.{self.domain}"
        return self.answer("dkim", name, "TXT", "v=DKIM1; p=abc", chain=f"{name} > {end}", alias=end)

    def host(self, label: str, *addresses: str, end: str = "") -> Scene:
        name = f"{label}.{self.domain}"
        detail = {"chain": f"{name} > {end}", "alias": end} if end else {}
        return self.answer("host-names", name, "A", *addresses, **detail)

    def address(self, *addresses: str, name: str | None = None, end: str = "") -> Scene:
        subject = name or self.domain
        detail = {"chain": f"{subject} > {end}", "alias": end} if end else {}
        four = [each for each in addresses if ":" not in each]
        six = [each for each in addresses if ":" in each]
        if four or end:
            self.answer("address", subject, "A", *four, **detail)
        if six:
            self.answer("address", subject, "AAAA", *six, **detail)
        return self

    def evidence(self) -> Evidence:
        targets = (self.domain, *self.others)
        return Evidence(
            organisation="Commune de Valmont",
            targets=tuple(Target(kind=TargetKind.DOMAIN, value=value) for value in targets),
            collected_at="2026-11-21T08:00:00.000Z",
            vantage=Vantage(),
            observations=in_order(self.seen),
        )

    def attribute(self, known: Catalogue) -> tuple[Dependency, ...]:
        return attribute(self.evidence(), known, AS_OF)

    def _put(  # noqa: PLR0917
        self, probe: str, subject: str, rrtype: str, outcome: Outcome, reason: str | None, values=(), detail=None
    ) -> Scene:
        self.seen.append(
            make_observation(
                probe=probe, subject=subject, outcome=outcome, reason=reason, values=values, detail=detail or {},
                asked=Asked(name=subject, type=rrtype),
            )
        )  # fmt: skip
        return self


def sign(
    kind: str, value: str, role: str | None = None, strength: Strength = Strength.STRONG, *, shared=False
) -> Signature:
    return Signature(kind=SignalKind(kind), value=value, role=role, strength=strength, shared=shared)


def offer(id_: str, roles: str, *signatures: Signature, categories: tuple[str, ...] = ()) -> Offer:
    return Offer(
        id=OfferId(id_), name=id_.title(), roles=tuple(roles.split()), signatures=signatures, categories=categories
    )


def provider(id_: str, seat: str, *offers: Offer, control: tuple[ControlLink, ...] = ()) -> Provider:
    return Provider(
        id=ProviderId(id_), name=id_.title(), entity=f"{id_.title()} SA", seat=Country(seat), offers=offers,
        control=control, checked=AS_OF,
    )  # fmt: skip


def catalogue(*providers: Provider) -> Catalogue:
    known = {each.id: each for each in providers}
    return Catalogue(date=AS_OF, digest="0" * 64, providers=known, host_names=HOST_NAMES)


def of(dependencies: tuple[Dependency, ...], layer: str, role: str | None = None) -> tuple[Dependency, ...]:
    return tuple(each for each in dependencies if each.layer == layer and role in (None, each.role))


def who(dependencies: tuple[Dependency, ...]) -> list[str]:
    """Provider, ``self`` or ``?`` of each."""
    return [each.attribution.provider or ("self" if each.attribution.operator_self else "?") for each in dependencies]
