"""Invented audits, made by hand from the records: a town hall, a half-silent body, and one full of hostile text.

The town hall leans on Microsoft 365 behind a Proofpoint gateway, with its site at OVH. Levels and European
names are frozen for the tests and state nothing about any company; the catalogue does that.
"""

# ruff: noqa: E501, PLR0917 - tables of invented facts read better a row a line

import hashlib
from dataclasses import replace

from sovscan.files.evidence_bundle import evidence_digest, in_order, make_observation
from sovscan.model.audit import (
    Advice,
    Alternative,
    Audit,
    Count,
    LawText,
    Move,
    ProviderView,
    QualificationView,
    Step,
)
from sovscan.model.dependency import (
    Attribution,
    Confidence,
    Dependency,
    DependencyId,
    Hypothesis,
    Layer,
    Party,
    Signal,
)
from sovscan.model.evidence import Asked, Evidence, Observation, ObservationId, Outcome, Vantage
from sovscan.model.exposure import Item, Level, Nexus
from sovscan.model.finding import Finding, RuleId, RuleText, Severity, Verdict
from sovscan.model.provider import Certification, ControlLink, OfferId, ProviderId, SignalKind, Strength
from sovscan.model.score import Cap, Grade, LayerScore, Score, Term
from sovscan.model.target import Target, TargetKind
from sovscan.model.text import Country, Source, Text

D = "valmont.example"
AS_OF = "2026-11-20"

WEIGHTS = {
    Layer.MAIL_IN: (0.26, 0.20), Layer.IDENTITY: (0.18, 0.20), Layer.HOSTING: (0.16, 0.18), Layer.CDN: (0.12, 0.10),
    Layer.SAAS: (0.12, 0.08), Layer.WEB3P: (0.08, 0.02), Layer.MAIL_OUT: (0.05, 0.04), Layer.DNS: (0.02, 0.08),
    Layer.REGISTRY: (0.005, 0.06), Layer.CA: (0.005, 0.04),
}  # fmt: skip
LADDER = {
    Level.IMMUNE: (0.0, 0.0), Level.NONE: (0.0, 0.0), Level.TECHNOLOGY: (0.10, 0.50), Level.PRESENCE: (0.30, 0.15),
    Level.INFLUENCE: (0.40, 0.30), Level.UNKNOWN: (0.60, 0.60), Level.HOSTED_ON: (0.75, 0.70),
    Level.PARENT: (0.90, 0.85), Level.DIRECT: (1.0, 1.0),
}  # fmt: skip
FACTORS = {"US": (1.0, 1.0), "CA": (0.6, 0.4), "??": (1.0, 1.0), "CH": (0.25, 0.2)}
CERTAINTY = {Confidence.CONFIRMED: 1.0, Confidence.PROBABLE: 0.8, Confidence.WEAK: 0.5}


def town_hall() -> Audit:
    """The rich one: every verdict, every layer but the CDN, unknowns, alternatives, laws."""
    evidence = _evidence("Ville de Valmont-sur-Exemple", _observations())
    items = tuple(_item(*row) for row in ITEMS)
    score = _score(items, failed=(Layer.WEB3P,), grade=Grade.E, caps=(
        Cap(id="access-critical", grade=Grade.C, because=("identity", "mail_in")),
        Cap(id="exposed-dependency", grade=Grade.B, because=(
            "mail_in/gateway/valmont.example/proofpoint", "saas/business/valmont.example/zendesk")),
    ))  # fmt: skip
    return Audit(
        organisation=evidence.organisation,
        as_of=AS_OF,
        profile="practical",
        evidence=evidence,
        evidence_digest=evidence_digest(evidence),
        catalogue_digest=hashlib.sha256(b"catalogue").hexdigest(),
        catalogue_date="2026-11-15",
        rulebook_digest=hashlib.sha256(b"rulebook").hexdigest(),
        model_version="1.0",
        overrides={},
        dependencies=tuple(_dependency(*row) for row in ITEMS),
        items=items,
        findings=_findings(),
        score=score,
        count=Count(total=17, us=10, other_third=0, eu=1, fr=5, unknown=1, weak_outside=0),
        advice=_advice(score),
        rules=RULES,
        laws=LAWS,
        providers=PROVIDERS,
        qualifications=(
            QualificationView(
                offer=OfferId("hexacloud-mail"), offer_name="Hexa Courrier", counted=True, why_not=None,
                certification=Certification(
                    scheme="SecNumCloud", status="valid", scope=Text(fr="Messagerie collaborative", en="Collaborative mail"),
                    decision="0000", valid_from="2025-03-24", valid_to="2028-03-24", checked="2026-11-02",
                    sources=(_source("Catalogue (invented)", "https://qualifications.example/catalogue"),))),
            QualificationView(
                offer=OfferId("gallia-iaas"), offer_name="Gallia IaaS", counted=False, why_not="expired",
                certification=Certification(
                    scheme="SecNumCloud", scope=Text(fr="IaaS", en="IaaS"), decision="0001", valid_from="2023-05-30",
                    valid_to="2026-05-30", checked="2026-11-02",
                    sources=(_source("Catalogue (invented)", "https://qualifications.example/catalogue"),))),
        ),
        bands={"tie": 8.0, "low": -7.4, "high": 8.5},
    )  # fmt: skip


def half_silent() -> Audit:
    """Mail and hosting questions timed out: grade NR, and nothing favourable may be said."""
    whole = town_hall()
    kept = ("dns/", "registry/")
    evidence = _evidence("Syndicat des Eaux de Silence", in_order(
        seen if seen.probe in ("ns", "soa", "rdap-domain") else make_observation(
            probe=seen.probe, subject=seen.subject, outcome=Outcome.FAILED, reason="timeout", asked=seen.asked)
        for seen in whole.evidence.observations))  # fmt: skip
    items = tuple(item for item in whole.items if item.id.startswith(kept))
    failed = (
        Layer.MAIL_IN,
        Layer.IDENTITY,
        Layer.HOSTING,
        Layer.CDN,
        Layer.SAAS,
        Layer.WEB3P,
        Layer.MAIL_OUT,
        Layer.CA,
    )
    score = _score(
        items, failed=failed, grade=Grade.NR, caps=(Cap(id="coverage-insufficient", grade=Grade.NR, because=()),)
    )
    by_probe = {observation.probe: observation.id for observation in evidence.observations}
    holes = tuple(
        Finding(
            id=hashlib.sha256(f"hole {layer}".encode()).hexdigest()[:16], rule=RuleId("inbound-mail-us-controlled"),
            theme="mail" if layer is Layer.MAIL_IN else "hosting", dependency=None, layer=layer,
            location=f"{layer}:{D}", verdict=Verdict.UNKNOWN, severity=Severity.HIGH, confidence=Confidence.WEAK,
            because=(by_probe[probe],), missing=("provider.us_controlled",))
        for layer, probe in ((Layer.MAIL_IN, "mx"), (Layer.HOSTING, "address")))  # fmt: skip
    return replace(
        whole, organisation=evidence.organisation, evidence=evidence, items=items, score=score,
        dependencies=tuple(d for d in whole.dependencies if d.id.startswith(kept)),
        findings=holes, count=Count(total=3, us=0, other_third=0, eu=1, fr=2, unknown=0, weak_outside=0), advice=Advice(),
        qualifications=(), providers=tuple(p for p in whole.providers if p.id in ("ovh", "afnic", "registraire")))  # fmt: skip


def european() -> Audit:
    """A body on European providers only, to see the favourable wording."""
    whole = town_hall()
    kept = ("hosting/main/", "dns/", "registry/", "saas/tools/")
    mailbox = _item("mail_in/mailbox/valmont.example/hexacloud", "mail_in", "mailbox", "mx1.hexa.example", "hexacloud",
                    "Hexa Cloud SAS", (("NONE", "EU", ""),), 1.0, "confirmed")  # fmt: skip
    items = (mailbox, *(
        replace(item, nexuses=(Nexus(level=Level.NONE, country=Country("EU")),))
        for item in whole.items if item.id.startswith(kept)))  # fmt: skip
    kept_dependencies = tuple(d for d in whole.dependencies if d.id.startswith(kept))
    dependencies = (_dependency("mail_in/mailbox/valmont.example/hexacloud", "mail_in", "mailbox", "mx1.hexa.example",
                                "hexacloud", "Hexa Cloud SAS", (("NONE", "EU", ""),), 1.0, "confirmed"),
                    *kept_dependencies)  # fmt: skip
    clear = tuple(replace(f, verdict=Verdict.CLEAR, points_lost=0.0) for f in whole.findings if f.layer is Layer.HOSTING
                  and f.dependency and f.dependency.startswith("hosting/main"))  # fmt: skip
    return replace(
        whole, organisation="Coopérative du Val", items=items, dependencies=dependencies, findings=clear,
        score=_score(items, failed=(), grade=Grade.A, caps=()), advice=Advice(),
        count=Count(total=len(items), us=0, other_third=0, eu=1, fr=len(items) - 1, unknown=0, weak_outside=0))  # fmt: skip


def hostile(values: tuple[str, ...]) -> Audit:
    """The town hall with outside text replaced by ``values`` wherever the outside can write."""
    whole = town_hall()
    text = _Cycle(values)
    observations = tuple(
        replace(
            observation, subject=text(), values=tuple(text() for _ in observation.values) or (text(),),
            detail={key: text() for key in observation.detail}, reason=observation.reason and text(),
            asked=replace(observation.asked, name=text(), server=text()))
        for observation in whole.evidence.observations)  # fmt: skip
    providers = tuple(
        replace(
            provider, name=text(), entity=text(), controller=text(), caution=Text(fr=text(), en=text()),
            chain=tuple(replace(link, holder=text()) for link in provider.chain),
            sources=(Source(title=text(), url=text(), checked="2026-11-01"),))
        for provider in whole.providers)  # fmt: skip
    dependencies = tuple(
        replace(
            dependency, subject=text(), domain=text(), flags=(text(),),
            host=Party(provider=None, label=text()),
            attribution=replace(
                dependency.attribution, settle=Text(fr=text(), en=text()),
                signals=tuple(replace(signal, value=text()) for signal in dependency.attribution.signals)))
        for dependency in whole.dependencies)  # fmt: skip
    moves = tuple(
        replace(move, alternatives=tuple(
            replace(a, name=text(), provider_name=text(), licence=text(), caution=Text(fr=text(), en=text()),
                    hosts=(text(),))
            for a in move.alternatives))
        for move in whole.advice.moves)  # fmt: skip
    return replace(
        whole, organisation=text(), providers=providers, dependencies=dependencies,
        advice=replace(whole.advice, moves=moves),
        overrides={text(): text()},
        rules=tuple(replace(rule, sources=(Source(title=text(), url=text(), checked=text()),)) for rule in whole.rules),
        laws=tuple(replace(law, sources=(Source(title=text(), url=text(), checked=text()),)) for law in whole.laws),
        findings=tuple(
            replace(f, location=text(), missing=tuple(text() for _ in f.missing), facts={text(): text()})
            for f in whole.findings),
        evidence=replace(
            whole.evidence, organisation=text(), observations=observations,
            targets=(Target(kind=TargetKind.DOMAIN, value=text(), label=text()),),
            vantage=Vantage(resolvers=(text(),), options={text(): text()}, contacted=(text(), text()))))  # fmt: skip


def many_findings(count: int) -> Audit:
    """The town hall with ``count`` findings, to see that tables are cut and say so."""
    whole = town_hall()
    first = whole.findings[0]
    return replace(whole, findings=tuple(
        replace(first, id=hashlib.sha256(str(n).encode()).hexdigest()[:16], location=f"saas:app{n}.{D}")
        for n in range(count)))  # fmt: skip


class _Cycle:
    """Next value at each call, from the beginning again after the last."""

    def __init__(self, values: tuple[str, ...]) -> None:
        self._values, self._next = values, 0

    def __call__(self) -> str:
        value = self._values[self._next % len(self._values)]
        self._next += 1
        return value


def _source(title: str, url: str, checked: str = "2026-11-02") -> Source:
    return Source(title=title, url=url, checked=checked)


def _observation(
    probe: str, subject: str, kind: str, values: tuple[str, ...], detail: dict[str, str] | None = None,
    outcome: Outcome = Outcome.ANSWERED, reason: str | None = None,
) -> Observation:  # fmt: skip
    transport = {"GET": "https", "TLS": "tcp", "RDAP": "https", "ASN": "table"}.get(kind, "udp")
    server = {"ASN": "asn-table 2026-11-01"}.get(kind, "198.51.100.53:53" if transport == "udp" else subject)
    return make_observation(
        probe=probe, subject=subject, outcome=outcome, reason=reason, values=values, detail=detail,
        asked=Asked(name=subject, type=kind, server=server, transport=transport,
                    started="2026-11-20T09:12:03.120Z", elapsed_ms=31))  # fmt: skip


def _observations() -> tuple[Observation, ...]:
    absent, failed, skipped = Outcome.ABSENT, Outcome.FAILED, Outcome.SKIPPED
    rows = [
        _observation("mx", D, "MX", ("10 mx1-eu1.ppe-hosted.com", "20 mx2-eu1.ppe-hosted.com")),
        _observation("mx-address", "mx1-eu1.ppe-hosted.com", "A", ("203.0.113.20",)),
        _observation("ns", D, "NS", ("dns17.ovh.net", "ns17.ovh.net")),
        _observation("soa", D, "SOA", ("dns17.ovh.net tech.ovh.net 2026111800 86400 3600 3600000 60",)),
        _observation("address", D, "A", ("203.0.113.77",)),
        _observation("address", f"www.{D}", "A", ("203.0.113.77",), {"chain": f"www.{D} > {D}"}),
        _observation("address", f"www.{D}", "AAAA", (), None, absent, "nodata"),
        _observation("txt", D, "TXT", (
            "MS=ms48151623", "google-site-verification=Zk3bXo2nT0q4vQ6ydX1w7aPZr5uLm8sE9cHjKfGiYtA",
            "v=spf1 include:spf.protection.outlook.com include:spf.brevo.com include:sendgrid.net -all")),
        _observation("spf", "spf.protection.outlook.com", "TXT", ("v=spf1 ip4:40.92.0.0/15 ip4:40.107.0.0/16 -all",)),
        _observation("spf", "spf.brevo.com", "TXT", ("v=spf1 ip4:203.0.113.128/25 ~all",)),
        _observation("spf", "sendgrid.net", "TXT", ("v=spf1 ip4:198.51.100.0/25 ~all",)),
        _observation("dmarc", f"_dmarc.{D}", "TXT", (f"v=DMARC1; p=quarantine; rua=mailto:@{D}",)),
        _observation("dkim", f"selector1._domainkey.{D}", "TXT", ("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A",),
                     {"chain": f"selector1._domainkey.{D} > selector1-valmont-example._domainkey.valmont.onmicrosoft.com"}),
        _observation("dkim", f"google._domainkey.{D}", "TXT", (), None, absent, "nxdomain"),
        _observation("autodiscover", f"autodiscover.{D}", "CNAME", ("autodiscover.outlook.com",)),
        _observation("microsoft-names", f"enterpriseregistration.{D}", "CNAME", ("enterpriseregistration.windows.net",)),
        _observation("microsoft-names", f"lyncdiscover.{D}", "CNAME", (), None, absent, "nxdomain"),
        _observation("srv", f"_caldavs._tcp.{D}", "SRV", (), None, absent, "nxdomain"),
        _observation("caa", D, "CAA", ('0 issue "letsencrypt.org"',)),
        _observation("mta-sts", f"_mta-sts.{D}", "TXT", (), None, absent, "nxdomain"),
        _observation("tls-rpt", f"_smtp._tls.{D}", "TXT", (), None, absent, "nxdomain"),
        _observation("ds", D, "DS", (), None, absent, "nodata"),
        _observation("dnskey", D, "DNSKEY", (), None, absent, "nodata"),
        _observation("host-names", f"extranet.{D}", "A", ("192.0.2.88",)),
        _observation("host-names", f"aide.{D}", "A", ("203.0.113.9",), {"chain": f"aide.{D} > valmont.zendesk.com"}),
        _observation("host-names", f"demarches.{D}", "A", ("203.0.113.61",), {"chain": f"demarches.{D} > valmont.portail.example"}),
        _observation("host-names", f"vpn.{D}", "A", (), None, failed, "servfail"),
        _observation("wildcard", f"*.{D}", "A", (), None, absent, "nxdomain"),
        _observation("web", f"https://www.{D}/", "GET", (
            "script https://www.googletagmanager.com/gtag/js", "link https://fonts.googleapis.com/css2",
            "iframe https://www.youtube-nocookie.com/embed/x"),
            {"status": "200", "generator": "WordPress 6.9", "server": "Apache", "truncated": "yes"}),
        _observation("web", f"https://extranet.{D}/", "GET", (), None, failed, "deadline"),
        _observation("tls", f"www.{D}", "TLS", (), {"issuer_o": "Let's Encrypt", "issuer_c": "US", "issuer_cn": "R12",
                                                    "not_after": "2027-01-18T10:00:00Z"}),
        _observation("network", "203.0.113.77", "ASN", ("AS16276 OVH SAS",), {"prefix": "203.0.113.0/24"}),
        _observation("network", "203.0.113.20", "ASN", ("AS22843 PROOFPOINT-ASN-US-EAST",), {"prefix": "203.0.113.0/27"}),
        _observation("network", "192.0.2.88", "ASN", (), None, absent, "not-in-table"),
        _observation("rdap-domain", D, "RDAP", ("Registraire Exemple SAS",), {"registrar": "Registraire Exemple SAS"}),
        _observation("tenant", D, "GET", (), None, skipped, "opt-in"),
        _observation("rdap-address", "203.0.113.77", "RDAP", (), None, skipped, "opt-in"),
    ]  # fmt: skip
    return in_order(rows)


def _evidence(organisation: str, observations: tuple[Observation, ...]) -> Evidence:
    return Evidence(
        organisation=organisation,
        targets=(
            Target(kind=TargetKind.DOMAIN, value=D),
            Target(kind=TargetKind.DOMAIN, value="valmont-tourisme.example", main=False),
            Target(kind=TargetKind.DECLARED, value="paie-en-ligne.example", label="Logiciel de paie"),
        ),
        collected_at="2026-11-20T09:14:40Z",
        vantage=Vantage(
            mode="recorded", resolvers=("198.51.100.53:53", "198.51.100.54:53"), options={"resolver-rate": "500"},
            contacted=("rdap.registre.example", f"www.{D}", f"extranet.{D}")),
        versions={"sovscan": "0.1.0", "asn_table": "2026-11-01 sha256:0a1b2c3d", "suffix_list": "2026-10-30"},
        observations=observations)  # fmt: skip


US_MS = ("us-cloud-act", "us-fisa-702", "us-ieepa")
ITEMS = (
    ("mail_in/gateway/valmont.example/proofpoint", "mail_in", "gateway", "mx1-eu1.ppe-hosted.com", "proofpoint",
     "Thoma Bravo", (("DIRECT", "US", "Proofpoint, Inc."),), 1.0, "confirmed"),
    ("mail_in/mailbox/valmont.example/microsoft", "mail_in", "mailbox", f"autodiscover.{D}", "microsoft",
     "Microsoft Corporation", (("PARENT", "US", "Microsoft Corporation"),), 1.0, "probable"),
    ("identity/tenant/valmont.example/microsoft", "identity", "tenant", f"enterpriseregistration.{D}", "microsoft",
     "Microsoft Corporation", (("PARENT", "US", "Microsoft Corporation"),), 1.0, "confirmed"),
    ("hosting/main/valmont.example/ovh", "hosting", "origin", f"www.{D}", "ovh", "OVH Groupe",
     (("PRESENCE", "US", "OVH US LLC"), ("PRESENCE", "CA", "Hébergement OVH Inc.")), 1.0, "confirmed"),
    ("hosting/secondary/extranet.valmont.example/unknown", "hosting", "secondary", f"extranet.{D}", None, "?extranet",
     (("UNKNOWN", "??", ""),), 0.5, "weak"),
    ("saas/business/valmont.example/zendesk", "saas", "business", f"aide.{D}", "zendesk", "Zendesk, Inc.",
     (("DIRECT", "US", "Zendesk, Inc."),), 0.6, "probable"),
    ("saas/tools/valmont.example/portail", "saas", "business", f"demarches.{D}", "portail", "Portail Exemple SAS",
     (("NONE", "EU", ""),), 0.6, "confirmed"),
    ("web3p/analytics/valmont.example/google", "web3p", "analytics", "www.googletagmanager.com", "google", "Alphabet Inc.",
     (("DIRECT", "US", "Google LLC"),), 0.5, "confirmed"),
    ("web3p/fonts/valmont.example/google", "web3p", "fonts", "fonts.googleapis.com", "google", "Alphabet Inc.",
     (("DIRECT", "US", "Google LLC"),), 0.25, "confirmed"),
    ("web3p/embed/valmont.example/google", "web3p", "embed", "www.youtube-nocookie.com", "google", "Alphabet Inc.",
     (("DIRECT", "US", "Google LLC"),), 0.3, "confirmed"),
    ("mail_out/relay/valmont.example/microsoft", "mail_out", "relay", "spf.protection.outlook.com", "microsoft",
     "Microsoft Corporation", (("PARENT", "US", "Microsoft Corporation"),), 1.0, "confirmed"),
    ("mail_out/bulk/valmont.example/brevo", "mail_out", "bulk", "spf.brevo.com", "brevo", "Brevo",
     (("PRESENCE", "US", "Brevo, Inc."),), 0.6, "confirmed"),
    ("mail_out/bulk/valmont.example/sendgrid", "mail_out", "bulk", "sendgrid.net", "sendgrid", "Twilio Inc.",
     (("DIRECT", "US", "Twilio Inc."),), 0.6, "weak"),
    ("dns/operator/valmont.example/ovh", "dns", "sole", "ns17.ovh.net", "ovh", "OVH Groupe",
     (("PRESENCE", "US", "OVH US LLC"), ("PRESENCE", "CA", "Hébergement OVH Inc.")), 1.0, "confirmed"),
    ("registry/registry/valmont.example/afnic", "registry", "registry", "example", "afnic", "Afnic", (("NONE", "EU", ""),),
     0.7, "confirmed"),
    ("registry/registrar/valmont.example/registraire", "registry", "registrar", D, "registraire",
     "Registraire Exemple BV", (("NONE", "EU", ""),), 0.7, "confirmed"),
    ("ca/issuer/valmont.example/isrg", "ca", "issuer", f"www.{D}", "isrg", "Internet Security Research Group",
     (("DIRECT", "US", "Internet Security Research Group"),), 1.0, "confirmed"),
)  # fmt: skip
FLAGS = {
    "mail_in/mailbox/valmont.example/microsoft": ("behind-gateway",),
    "mail_out/bulk/valmont.example/sendgrid": ("leftover",),
    "hosting/secondary/extranet.valmont.example/unknown": ("conflict",),
}
PROBE_OF = {
    "mail_in/gateway": ("mx", SignalKind.MX), "mail_in/mailbox": ("autodiscover", SignalKind.AUTODISCOVER),
    "identity": ("microsoft-names", SignalKind.CNAME), "hosting/main": ("network", SignalKind.ASN),
    "hosting/secondary": ("host-names", SignalKind.ASN), "saas": ("host-names", SignalKind.CNAME),
    "web3p": ("web", SignalKind.WEB_HOST), "mail_out": ("spf", SignalKind.SPF), "dns": ("ns", SignalKind.NS),
    "registry": ("rdap-domain", SignalKind.REGISTRAR), "ca": ("tls", SignalKind.CERT_ISSUER),
}  # fmt: skip


def _item(
    ident: str, layer: str, _role: str, _subject: str, provider: str | None, controller: str,
    nexuses: tuple[tuple[str, str, str], ...], weight: float, confidence: str,
) -> Item:  # fmt: skip
    laws = {"US": US_MS, "CA": ("ca-production-order",)}
    return Item(
        id=DependencyId(ident), layer=Layer(layer), controller=controller, weight=weight,
        confidence=Confidence(confidence),
        nexuses=tuple(Nexus(level=Level(level), country=Country(country), who=who, laws=laws.get(country, ()),
                            sourced=provider != "sendgrid") for level, country, who in nexuses))  # fmt: skip


def _because(ident: str) -> tuple[ObservationId, ...]:
    probe = next(value[0] for prefix, value in PROBE_OF.items() if ident.startswith(prefix))
    wanted = {
        "zendesk": "aide",
        "portail": "demarches",
        "unknown": "extranet",
        "brevo": "brevo",
        "sendgrid": "sendgrid",
    }
    tail = ident.rpartition("/")[2]
    rows = [row for row in _observations() if row.probe == probe and row.outcome is Outcome.ANSWERED]
    chosen = [row for row in rows if wanted.get(tail, "") in row.subject] or rows
    return tuple(row.id for row in chosen[:2])


def _dependency(
    ident: str, layer: str, role: str, subject: str, provider: str | None, _controller: str,
    _nexuses: tuple[tuple[str, str, str], ...], _weight: float, confidence: str,
) -> Dependency:  # fmt: skip
    kind = next(value[1] for prefix, value in PROBE_OF.items() if ident.startswith(prefix))
    known = ProviderId(provider) if provider else None
    signal = Signal(kind=kind, value=subject, strength=Strength.STRONG, observations=_because(ident), provider=known)
    settle = {
        "probable": Text(fr="Demander au service informatique quel système délivre les boîtes derrière la passerelle.",
                         en="Ask the IT department which system holds the mailboxes behind the gateway."),
        "weak": Text(fr="Vérifier si ce service est encore employé ; sinon retirer l'enregistrement.",
                     en="Check whether this service is still in use; if not, remove the record."),
    }.get(confidence)  # fmt: skip
    runner_up = None
    if ident.startswith("mail_in/mailbox"):
        runner_up = Hypothesis(provider=ProviderId("google"), offer=None, confidence=Confidence.WEAK, signals=(
            Signal(kind=SignalKind.TXT, value="google-site-verification=", strength=Strength.WEAK,
                   observations=tuple(row.id for row in _observations() if row.probe == "txt")),))  # fmt: skip
    host = None
    if layer in ("hosting", "mail_in") and provider in ("ovh", "proofpoint"):
        host = Party(provider=ProviderId(provider or ""), country=Country("FR" if provider == "ovh" else "US"),
                     label="AS16276 OVH SAS" if provider == "ovh" else "AS22843 PROOFPOINT-ASN-US-EAST")  # fmt: skip
    return Dependency(
        id=DependencyId(ident), layer=Layer(layer), role=role, domain=D, subject=subject, host=host,
        flags=FLAGS.get(ident, ()),
        attribution=Attribution(
            provider=known, offer=None, confidence=Confidence(confidence), signals=(signal,), runner_up=runner_up,
            settle=settle))  # fmt: skip


def _score(items: tuple[Item, ...], failed: tuple[Layer, ...], grade: Grade, caps: tuple[Cap, ...]) -> Score:
    layers, terms = [], []
    access = cutoff = 100.0
    for layer, (weight_a, weight_b) in WEIGHTS.items():
        mine = [item for item in items if item.layer is layer]
        rho = 0.10 if layer in (Layer.IDENTITY, Layer.SAAS) else 0.0
        phi = 0.05 * max((i.weight for i in mine if i.nexuses[0].level is not Level.IMMUNE), default=0.0)
        hole = 0.60 if layer in failed else 0.0
        risks, parts = [], []
        for hazard in (0, 1):
            by_controller: dict[str, tuple[float, str]] = {}
            for item in mine:
                h = max(LADDER[n.level][hazard] * FACTORS.get(n.country, (1.0, 1.0))[hazard] for n in item.nexuses)
                h += (1 - CERTAINTY[item.confidence]) * max(0.0, 0.60 - h)
                x = item.weight * h
                if x > by_controller.get(item.controller, (-1.0, ""))[0]:
                    by_controller[item.controller] = (x, item.id)
            safe = (1 - rho) * (1 - phi) * (1 - hole)
            for x, _ in by_controller.values():
                safe *= 1 - x
            risks.append(1 - safe)
            shares = {"residual": rho, "floor": phi, "failed": hole, **{i: x for x, i in by_controller.values()}}
            total = sum(shares.values()) or 1.0
            parts.append({key: value / total * (1 - safe) for key, value in shares.items()})
        points = 100 * (0.6 * weight_a * risks[0] + 0.4 * weight_b * risks[1])
        access -= 100 * weight_a * risks[0]
        cutoff -= 100 * weight_b * risks[1]
        layers.append(LayerScore(layer=layer, risk_access=risks[0], risk_cutoff=risks[1], points_lost=points,
                                 max_points=100 * (0.6 * weight_a + 0.4 * weight_b), failed=layer in failed))  # fmt: skip
        for key in dict.fromkeys((*parts[0], *parts[1])):
            a, b = 60 * weight_a * parts[0].get(key, 0.0), 40 * weight_b * parts[1].get(key, 0.0)
            if a + b > 0:
                special = key in ("residual", "floor", "failed")
                terms.append(Term(layer=layer, source=key, dependency=None if special else DependencyId(key), access=a,
                                  cutoff=b))  # fmt: skip
    value = 0.6 * access + 0.4 * cutoff
    coverage = sum(0.6 * a + 0.4 * b for layer, (a, b) in WEIGHTS.items() if layer not in failed)
    return Score(
        value=value, grade=grade, access=access, cutoff=cutoff, worst=value - 6.2, best=min(100.0, value + 5.1),
        coverage=coverage, lens_us=value + 0.9, lens_non_eu=value, seal_ceiling=1 if grade is Grade.E else 3,
        sov={"SOV-1": 45.2, "SOV-2": 38.8, "SOV-3": 37.1, "SOV-4": 44.0, "SOV-5": None, "SOV-6": None, "SOV-7": None,
             "SOV-8": None},
        caps=caps, layers=tuple(layers), terms=tuple(terms), profile="practical")  # fmt: skip


def _finding(rule: str, ident: str | None, verdict: str, severity: str, confidence: str = "confirmed",
             missing: tuple[str, ...] = (), points: float = 0.0) -> Finding:  # fmt: skip
    text = next(entry for entry in RULES if entry.id == rule)
    layer = Layer(ident.split("/")[0]) if ident else None
    location = f"{layer}:{ident.split('/')[2]}" if ident else f"organisation:{D}"
    because = _because(ident) if ident else tuple(row.id for row in _observations() if row.probe == "txt")
    return Finding(
        id=hashlib.sha256(f"{rule}\0{location}\0{ident}".encode()).hexdigest()[:16], rule=RuleId(rule),
        theme=text.theme, dependency=DependencyId(ident) if ident else None, layer=layer, location=location,
        verdict=Verdict(verdict), severity=Severity(severity), confidence=Confidence(confidence), because=because,
        missing=missing, points_lost=points, facts={"provider.us_controlled": "true" if verdict == "exposed" else ""})  # fmt: skip


def _findings() -> tuple[Finding, ...]:
    return (
        _finding("inbound-mail-us-controlled", ITEMS[0][0], "exposed", "high", points=11.0),
        _finding("inbound-mail-us-controlled", ITEMS[1][0], "exposed", "high", "probable", points=10.2),
        _finding("identity-us-controlled", ITEMS[2][0], "exposed", "high", points=14.8),
        _finding("business-saas-us-controlled", ITEMS[5][0], "exposed", "medium", "probable", points=5.4),
        _finding("trackers-us-controlled", ITEMS[7][0], "exposed", "medium", points=1.9),
        _finding("fonts-from-third-party", ITEMS[8][0], "exposed", "low", points=0.0),
        _finding("certificates-us-issuer", ITEMS[16][0], "exposed", "low", points=1.8),
        _finding("outbound-mail-us-controlled", ITEMS[10][0], "exposed", "medium", points=2.9),
        _finding("outbound-mail-us-controlled", ITEMS[12][0], "to_confirm", "medium", "weak", points=0.6),
        _finding("hosting-third-country-presence", ITEMS[3][0], "exposed", "low", points=3.8),
        _finding("hosting-unidentified", ITEMS[4][0], "unknown", "medium", "weak", ("provider.controller",), 1.9),
        _finding("business-saas-us-controlled", ITEMS[6][0], "clear", "medium"),
        _finding("registrar-outside-eu", ITEMS[15][0], "clear", "low"),
        _finding("one-controller-dominates", None, "exposed", "medium"),
    )


def _rule(ident: str, theme: str, severity: str, title: tuple[str, str], why: tuple[str, str],
          remedy: tuple[str, str]) -> RuleText:  # fmt: skip
    return RuleText(
        id=RuleId(ident), theme=theme, severity=Severity(severity), title=Text(fr=title[0], en=title[1]),
        why=Text(fr=why[0], en=why[1]), remedy=Text(fr=remedy[0], en=remedy[1]), laws=("us-cloud-act",),
        sources=(_source("18 U.S.C. § 2713", "https://www.govinfo.gov/content/pkg/PLAW-115publ141/html/PLAW-115publ141.htm"),))  # fmt: skip


RULES = (
    _rule("inbound-mail-us-controlled", "mail", "high",
          ("Courrier entrant confié à un prestataire sous contrôle américain",
           "Inbound mail is handled by a US-controlled provider"),
          ("Toute la correspondance passe en clair par ce service, réinitialisations de mots de passe comprises.",
           "All correspondence passes through this service in clear, password resets included."),
          ("Étudier une messagerie dont l'exploitant est contrôlé dans l'Union européenne.",
           "Consider a mail service whose operator is controlled in the European Union.")),
    _rule("outbound-mail-us-controlled", "mail", "medium",
          ("Expéditeur autorisé sous contrôle américain", "An authorised sender is US-controlled"),
          ("Ce service peut envoyer au nom du domaine et voit une partie du courrier.",
           "This service may send in the domain's name and sees part of the mail."),
          ("Retirer de SPF les expéditeurs inutiles ; remplacer les autres.",
           "Remove unneeded senders from SPF; replace the others.")),
    _rule("identity-us-controlled", "identity", "high",
          ("Annuaire et connexion sous contrôle américain", "Directory and sign-in are US-controlled"),
          ("La connexion unique ouvre tous les autres systèmes.", "Single sign-on is the key to every other system."),
          ("Prévoir un annuaire de secours exploité en propre.", "Plan a fall-back directory run in house.")),
    _rule("business-saas-us-controlled", "saas", "medium",
          ("Service métier en ligne sous contrôle américain", "A business service online is US-controlled"),
          ("Les demandes des usagers y sont conservées.", "Requests from the public are kept there."),
          ("Comparer avec les offres européennes du même rôle.", "Compare with European offers of the same role.")),
    _rule("trackers-us-controlled", "web", "medium",
          ("Mesure d'audience sous contrôle américain", "Audience measurement is US-controlled"),
          ("L'adresse et la navigation des visiteurs sont transmises.", "Visitors' addresses and browsing are passed on."),
          ("Mesurer l'audience avec un outil auto-hébergé.", "Measure the audience with a self-hosted tool.")),
    _rule("fonts-from-third-party", "web", "low",
          ("Polices chargées chez un tiers hors Union", "Fonts are loaded from a third party outside the Union"),
          ("Chaque visite révèle l'adresse du visiteur au tiers.", "Each visit reveals the visitor's address to it."),
          ("Héberger les polices sur le site.", "Host the fonts on the site itself.")),
    _rule("certificates-us-issuer", "ca", "low",
          ("Certificats émis par une autorité américaine", "Certificates come from a US authority"),
          ("Un refus d'émission couperait le site à l'expiration ; aucune donnée n'est vue.",
           "A refusal to issue would cut the site at expiry; no content is seen."),
          ("Tenir prête une seconde autorité, européenne.", "Keep a second, European authority ready.")),
    _rule("hosting-third-country-presence", "hosting", "low",
          ("Hébergeur européen présent dans un pays tiers", "A European host has a presence in a third country"),
          ("Les tribunaux de ce pays peuvent s'adresser au groupe par sa filiale.",
           "Courts of that country may address the group through its subsidiary."),
          ("Demander l'offre qualifiée de l'hébergeur.", "Ask for the host's qualified offer.")),
    _rule("hosting-unidentified", "hosting", "medium",
          ("Exploitant d'un service non identifié", "The operator of a service could not be identified"),
          ("Une inconnue n'est jamais comptée comme favorable.", "An unknown is never counted as favourable."),
          ("Déclarer l'exploitant de ce service.", "Declare who operates this service.")),
    _rule("registrar-outside-eu", "registry", "low",
          ("Bureau d'enregistrement contrôlé hors Union", "The registrar is controlled outside the Union"),
          ("Le nom peut être bloqué ou transféré sur ordre.", "The name may be blocked or moved on an order."),
          ("Transférer le nom.", "Transfer the name.")),
    _rule("one-controller-dominates", "organisation", "medium",
          ("Un seul groupe porte plus de la moitié des points perdus", "One group carries more than half of the points lost"),
          ("Une seule décision extérieure toucherait plusieurs couches à la fois.",
           "One outside decision would affect several layers at once."),
          ("Séparer la messagerie de l'annuaire.", "Separate mail from the directory.")),
)  # fmt: skip

LAWS = (
    LawText(
        id="us-cloud-act", name=Text(fr="CLOUD Act", en="CLOUD Act"), reference="18 U.S.C. § 2713", country=Country("US"),
        ground=Text(fr="Possession, garde ou contrôle des données, où qu'elles soient stockées.",
                    en="Possession, custody or control of the data, wherever it is stored."),
        state=Text(fr="En vigueur (état au 21 novembre 2026).", en="In force (state on 21 November 2026)."),
        established=True,
        sources=(_source("Public Law 115-141", "https://www.govinfo.gov/content/pkg/PLAW-115publ141/html/PLAW-115publ141.htm"),)),
    LawText(
        id="us-fisa-702", name=Text(fr="FISA, section 702", en="FISA section 702"), reference="50 U.S.C. § 1881a",
        country=Country("US"),
        ground=Text(fr="Directives aux fournisseurs de services de communications électroniques.",
                    en="Directives to electronic communication service providers."),
        state=Text(fr="Loi échue le 12 juin 2026 ; certifications en cours jusqu'en mars 2027.",
                   en="Statute lapsed on 12 June 2026; certifications run into March 2027."),
        established=False,
        sources=(_source("Press", "https://www.cgnnews.net/news/2026/06/12/section-702-expiration-congress-surveillance-deadlock/"),)),
    LawText(
        id="us-ieepa", name=Text(fr="Sanctions fondées sur l'IEEPA", en="Sanctions under IEEPA"), reference="50 U.S.C. § 1701 ff.",
        country=Country("US"),
        ground=Text(fr="Interdit aux personnes américaines de servir une personne désignée : risque de coupure.",
                    en="Forbids US persons to serve a listed person: a cut-off hazard."),
        state=Text(fr="À confirmer.", en="To be confirmed."), established=False, sources=()),
    LawText(
        id="ca-production-order", name=Text(fr="Ordonnances de communication", en="Production orders"),
        reference="Criminal Code, s. 487.014", country=Country("CA"),
        ground=Text(fr="Présence d'une filiale : R. c. OVH, Ontario, 25 septembre 2025, recours ouvert.",
                    en="Presence of a subsidiary: R. v OVH, Ontario, 25 September 2025, review open."),
        state=Text(fr="Recours ouvert (à confirmer).", en="Review open (to be confirmed)."), established=False,
        sources=(_source("Privacy Across Borders", "https://privacyacrossborders.org/2026/02/03/what-canadas-king-vs-ovh-case-reveals-and-affirms-about-cross-border-data-access/"),)),
)  # fmt: skip


def _provider(ident: str, name: str, entity: str, seat: str, controller: str, country: str,
              chain: tuple[tuple[str, str], ...] = (), sourced: bool = True) -> ProviderView:  # fmt: skip
    sources = (_source("Register (invented)", f"https://register.example/{ident}"),) if sourced else ()
    return ProviderView(
        id=ProviderId(ident), name=name, entity=entity, seat=Country(seat), controller=controller,
        controller_country=Country(country), sourced=sourced, checked="2026-11-02", sources=sources,
        chain=tuple(ControlLink(holder=holder, country=Country(where), sources=sources) for holder, where in chain))  # fmt: skip


PROVIDERS = (
    _provider("afnic", "Afnic", "Afnic", "FR", "Afnic", "FR"),
    _provider("brevo", "Brevo", "Sendinblue SAS", "FR", "Brevo", "FR"),
    _provider("google", "Google", "Google Ireland Limited", "IE", "Alphabet Inc.", "US", (("Google LLC", "US"), ("Alphabet Inc.", "US"))),
    _provider("hexacloud", "Hexa Cloud", "Hexa Cloud SAS", "FR", "Hexa Cloud SAS", "FR"),
    _provider("isrg", "Let's Encrypt", "Internet Security Research Group", "US", "Internet Security Research Group", "US"),
    _provider("microsoft", "Microsoft 365", "Microsoft Ireland Operations Limited", "IE", "Microsoft Corporation", "US",
              (("Microsoft Corporation", "US"),)),
    _provider("ovh", "OVHcloud", "OVH SAS", "FR", "OVH Groupe", "FR", (("OVH Groupe", "FR"),)),
    _provider("portail", "Portail Exemple", "Portail Exemple SAS", "FR", "Portail Exemple SAS", "FR"),
    _provider("proofpoint", "Proofpoint", "Proofpoint, Inc.", "US", "Thoma Bravo", "US", (("Thoma Bravo", "US"),)),
    _provider("registraire", "Registraire Exemple", "Registraire Exemple SAS", "FR", "Registraire Exemple BV", "NL",
              (("Registraire Exemple BV", "NL"),)),
    _provider("sendgrid", "SendGrid", "Twilio Inc.", "US", "Twilio Inc.", "US", sourced=False),
    _provider("zendesk", "Zendesk", "Zendesk, Inc.", "US", "Zendesk, Inc.", "US"),
)  # fmt: skip


def _grade(value: float) -> Grade:
    return next(
        (Grade(g) for g, low in (("A", 80), ("B", 65), ("C", 50), ("D", 35), ("E", 20)) if value >= low), Grade.F
    )


def _alternative(ident: str, name: str, provider: str, country: str, level: str, score: float, now: float,
                 effort: str | None, **more: object) -> Alternative:  # fmt: skip
    nexus = Nexus(level=Level(level), country=Country("US" if level == "PRESENCE" else "EU"))
    return Alternative(
        offer=OfferId(ident), name=name, provider=ProviderId(ident.split("-")[0]), provider_name=provider,
        country=Country(country), level=Level(level), nexuses=(nexus,), score_after=score, gain=score - now,
        grade_after=_grade(score), effort=effort, licence=more.get("licence"), host_known="hosts" in more, hosts=more.get("hosts", ()),  # type: ignore[arg-type]
        qualification=more.get("qualification"), caution=more.get("caution"))  # type: ignore[arg-type]  # fmt: skip


def _advice(score: Score) -> Advice:
    now = score.value
    points = {layer.layer.value: layer.points_lost for layer in score.layers}
    caution = Text(fr="Aucune reprise automatique des agendas partagés ; prévoir une période de double exploitation.",
                   en="Shared calendars are not migrated automatically; plan a period of running both.")  # fmt: skip
    mail = (
        _alternative("hexacloud-mail", "Hexa Courrier", "Hexa Cloud", "FR", "IMMUNE", now + 9.4, now, "L",
                     licence="AGPL-3.0", hosts=("Hexa Cloud",), qualification="SecNumCloud, 2028-03-24", caution=caution),
        _alternative("gallia-mail", "Gallia Messagerie", "Gallia Numérique", "FR", "NONE", now + 8.6, now, "M",
                     licence="Apache-2.0", hosts=("Gallia Numérique",)),
        _alternative("nordpost-mail", "Nordpost", "Nordpost AB", "SE", "NONE", now + 8.6, now, "M",
                     hosts=("Nordpost AB",), caution=caution))  # fmt: skip
    identity = (
        _alternative("self-directory", "Annuaire exploité en propre", "—", "FR", "NONE", now + 14.1, now, "L",
                     licence="GPL-2.0"),)  # fmt: skip
    web = (
        _alternative("self-matomo", "Mesure d'audience auto-hébergée", "—", "FR", "NONE", now + 2.4, now, "S",
                     licence="GPL-3.0"),)  # fmt: skip
    saas = (
        _alternative("aide-desk", "Guichet Exemple", "Guichet Exemple SCOP", "FR", "NONE", now + 4.2, now, "M",
                     licence="AGPL-3.0", hosts=("Gallia Numérique",)),
        _alternative("kontakt-desk", "Kontakt Desk", "Kontakt GmbH", "DE", "PRESENCE", now + 2.6, now, "S"))  # fmt: skip

    def after(*done: str) -> dict[str, float]:
        return {key: value * (0.18 if key in done else 1.0) for key, value in points.items()}

    return Advice(
        moves=(
            Move(layer=Layer.IDENTITY, provider=ProviderId("microsoft"), dependencies=(DependencyId(ITEMS[2][0]),), alternatives=identity),
            Move(layer=Layer.MAIL_IN, provider=ProviderId("microsoft"), dependencies=(DependencyId(ITEMS[1][0]),), alternatives=mail),
            Move(layer=Layer.SAAS, provider=ProviderId("zendesk"), dependencies=(DependencyId(ITEMS[5][0]),), alternatives=saas),
            Move(layer=Layer.WEB3P, provider=ProviderId("google"), alternatives=web,
                 dependencies=tuple(DependencyId(ITEMS[n][0]) for n in (7, 8, 9)))),
        decisions=(
            Step(layer=Layer.IDENTITY, provider=ProviderId("microsoft"), offer=OfferId("self-directory"), gain=14.1,
                 score_after=now + 14.1, grade_after=_grade(now + 14.1), effort="L", layer_points_after=after("identity")),
            Step(layer=Layer.MAIL_IN, provider=ProviderId("microsoft"), offer=OfferId("hexacloud-mail"), gain=9.4,
                 score_after=now + 23.5, grade_after=_grade(now + 23.5), effort="L", layer_points_after=after("identity", "mail_in")),
            Step(layer=Layer.SAAS, provider=ProviderId("zendesk"), offer=OfferId("aide-desk"), gain=4.2,
                 score_after=now + 27.7, grade_after=_grade(now + 27.7), effort="M",
                 layer_points_after=after("identity", "mail_in", "saas"))))  # fmt: skip
