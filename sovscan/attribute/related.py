"""Other domains that the evidence itself shows beside the targets: found and named, never audited silently."""

from collections.abc import Iterator

from sovscan.attribute.mail_fronts import Kind, exchange_of
from sovscan.attribute.senders import policy_of
from sovscan.attribute.sites import host_in
from sovscan.attribute.view import View
from sovscan.attribute.weighing import load_weighing
from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.evidence import Evidence, ObservationId, Outcome
from sovscan.model.provider import SignalKind
from sovscan.model.related import Related, Way
from sovscan.model.target import Target
from sovscan.readers.dmarc import TagRecord, parse_dmarc

_SERVICES = (SignalKind.MX, SignalKind.SPF, SignalKind.WEB_HOST, SignalKind.CNAME, SignalKind.DMARC_RUA)


def related_domains(evidence: Evidence, catalogue: Catalogue) -> tuple[Related, ...]:
    """Registrable domains that no target covers and no service of the catalogue owns, sorted, each way once.

    They may be the organisation's own or a supplier's: which one, evidence does not say.
    """
    view = View(evidence, evidence.collected_at[:10], load_weighing())
    found: dict[tuple[str, Way, str], Related] = {}
    for target in view.domains:
        for way, name, shown in _names(view, catalogue, target):
            domain = view.registrable(name)
            if domain is None or view.owns(domain) or _is_a_service(catalogue, name):
                continue
            known = found.setdefault(
                (domain, way, target.value),
                Related(domain=domain, way=way, target=target.value, shown=name, observations=()),
            )
            found[domain, way, target.value] = Related(
                domain=domain,
                way=way,
                target=target.value,
                shown=known.shown,
                observations=tuple(sorted({*known.observations, *shown})),
            )
    return tuple(found[key] for key in sorted(found))


def _names(view: View, catalogue: Catalogue, target: Target) -> Iterator[tuple[Way, str, tuple[ObservationId, ...]]]:
    for name in (target.value, f"www.{target.value}"):
        for seen in view.observations("web"):
            if seen.outcome is Outcome.ANSWERED and host_in(seen.subject) == name:
                yield Way.REDIRECT, host_in(seen.detail.get("final_url", "")), (seen.id,)
    exchange = exchange_of(view, catalogue, target)
    for front in exchange.fronts:
        if front.kind is Kind.OPERATOR:
            yield Way.MAIL, front.hosts[0], exchange.read.observations
    policy = policy_of(view, catalogue, target.value)
    for node in policy.tree.nodes:
        if node.depth == 0 and node.kind in ("include", "redirect") and not node.macro:
            yield Way.SENDER, node.name, policy.observations
    reports = view.read("dmarc", f"_dmarc.{target.value}", "TXT")
    record = parse_dmarc(reports.values)
    if isinstance(record, TagRecord):
        for host in record.report_hosts("rua", "ruf"):
            yield Way.REPORTS, host, reports.observations


def _is_a_service(catalogue: Catalogue, name: str) -> bool:
    return any(catalogue.match_name(kind, name) for kind in _SERVICES)
