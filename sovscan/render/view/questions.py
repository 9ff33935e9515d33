"""What to ask each provider, why, and what the answer would change."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sovscan.locale.questions import question_bank
from sovscan.model.dependency import Dependency
from sovscan.model.finding import Finding, Verdict
from sovscan.render.view.findings import finding_row, not_known
from sovscan.render.view.reading import Reading

MOST_PROVIDERS = 40
_FAMILIES = {
    "owners": ("provider.sourced", "provider.conflict"),
    "country": ("nexus.us_control", "nexus.foreign_control", "nexus.influence", "nexus.presence"),
    "host": ("nexus.foreign_host",),
    "technology": ("nexus.technology", "technology.countries"),
    "qualification": (
        "offer.valid_qualifications", "offer.expired_qualifications", "offer.unusable_qualifications",
        "offer.pending_qualifications", "offer.ending_qualifications", "offer.qualified_elsewhere",
        "organisation.unqualified_services",
    ),
    "operator": ("dependency.identified", "dependency.self_run"),
    "use": ("dependency.role", "dependency.flags"),
    "mail": ("mail.behind_gateway", "mail.backend_identified"),
    "senders": ("mail.spf_permerror", "domain.senders_asked", "domain.senders_read"),
    "dns": ("dns.operators", "dns.foreign_only"),
    "registrar": ("domain.registrar_asked", "domain.registrar_read"),
    "web": ("web.reachable",),
    "services": ("domain.hosts_asked", "domain.hosts_read"),
    "tokens": ("domain.leftover_tokens",),
    "accounts": (
        "domain.identity_asked", "domain.identity_read", "organisation.tenant_without_mailbox",
        "organisation.same_controller_mail_identity",
    ),
    "inventory": (
        "organisation.layers_failed", "organisation.fully_observed", "organisation.unidentified",
        "organisation.us_controllers_share", "organisation.us_controllers_share_limit",
        "organisation.largest_controller", "organisation.largest_controller_share",
        "organisation.controller_share_limit", "organisation.controller_layers_limit",
        "organisation.largest_controller_layers", "organisation.largest_controller_foreign",
        "organisation.fallback_under_one_hand", "organisation.several_critical_foreign",
        "organisation.data_layers_held",
    ),
    "context": ("context.declared", "context.obligations", "context.sensitive_data"),
}  # fmt: skip
"""Facts that the answer to one question settles, by its key of ``ask``."""
FAMILY_OF = {fact: family for family, facts in _FAMILIES.items() for fact in facts}
_OF_A_PROVIDER = ("owners", "country", "host", "technology")
"""Asked of nobody while no provider is named: then the question is who it is."""
_OPEN = (Verdict.UNKNOWN, Verdict.TO_CONFIRM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question in the reader's words."""

    id: str
    """``q-`` and 12 digits over what is asked of whom: the same at every run."""
    provider: str
    service: str
    group: str
    """Key of ``question.group``."""
    ask: str
    why: str
    reference: str
    """Empty when no text is concerned."""
    proof: str
    effect: str


def questions(reading: Reading) -> tuple[Question, ...]:
    """Open findings first, then what no audit can see, the provider that carries most points first."""
    return (*_of_findings(reading), *_of_providers(reading))


def clauses(reading: Reading) -> tuple[tuple[str, str], ...]:
    """Key of each group and its clause topic."""
    return tuple((entry.id, reading.words.of(entry.clause)) for entry in question_bank())


def _of_findings(reading: Reading) -> Iterator[Question]:
    """One question for all findings that the same answer of the same party would settle, by party."""
    found: dict[str, dict[tuple[str, str, str], list[Finding]]] = {}
    for finding in reading.audit.findings:
        if finding.verdict in _OPEN:
            dependency = reading.dependencies.get(finding.dependency) if finding.dependency else None
            asked = (*_asked(reading, finding, dependency), dependency.id if dependency else "")
            found.setdefault(_party(reading, dependency), {}).setdefault(asked, []).append(finding)
    for party, by_question in found.items():
        for (ask, proof, _), findings in by_question.items():
            yield _of_one(reading, party, ask, proof, findings)


def _of_one(reading: Reading, party: str, ask: str, proof: str, findings: list[Finding]) -> Question:
    words, rows = reading.words, [finding_row(reading, finding) for finding in findings]
    because = (words("question.because", number=row.number, id=row.fingerprint) for row in rows)
    return Question(
        id=_id("finding", *(finding.id for finding in findings[:1])),
        provider=party,
        service=rows[0].service,
        group="finding",
        ask=ask,
        why=", ".join(because),
        reference="",
        proof=proof,
        effect=_effect(reading, "level", max(finding.points_lost for finding in findings)),
    )


def _party(reading: Reading, dependency: Dependency | None) -> str:
    """Whom to ask: the provider when there is one, else the organisation."""
    if dependency is None or dependency.attribution.provider is None:
        return reading.words("provider.self")
    return _provider(reading, dependency.attribution.provider)


def _provider(reading: Reading, provider: str) -> str:
    doubt = reading.doubt_of(provider)
    return f"{reading.provider_name(provider)} ({doubt})" if doubt else reading.provider_name(provider)


def _asked(reading: Reading, finding: Finding, dependency: Dependency | None) -> tuple[str, str]:
    """The question and the proof expected; facts are terms of the rules and are never asked for by name."""
    words, row = reading.words, finding_row(reading, finding)
    family = next((FAMILY_OF[fact] for fact in finding.missing if fact in FAMILY_OF), "")
    if family in _OF_A_PROVIDER and dependency is not None and dependency.attribution.provider is None:
        family = "operator"
    if family:
        return words(f"ask.{family}"), words(f"ask_proof.{family}")
    if finding.missing:
        unknown = dict.fromkeys(not_known(reading, fact) for fact in finding.missing)
        listed = words("list.and").join(unknown)
        return words("question.establish", unknown=listed), words("question.read_again")
    return words("question.is_it_so", title=row.looks_for), words("question.any_proof")


def _of_providers(reading: Reading) -> Iterator[Question]:
    served: dict[str, list[Dependency]] = {}
    for dependency in reading.audit.dependencies:
        if dependency.attribution.provider is not None:
            served.setdefault(dependency.attribution.provider, []).append(dependency)
    points = {name: sum(reading.points_of(one.id) for one in mine) for name, mine in served.items()}
    for provider in sorted(served, key=lambda name: (-points[name], name))[:MOST_PROVIDERS]:
        yield from _of_provider(reading, provider, served[provider])


def _of_provider(reading: Reading, provider: str, served: list[Dependency]) -> Iterator[Question]:
    words = reading.words
    for entry in question_bank():
        concerned = [one for one in served if one.layer.value in entry.layers]
        if not concerned:
            continue
        yield Question(
            id=_id(entry.id, provider),
            provider=_provider(reading, provider),
            service=", ".join(dict.fromkeys(reading.role_name(one) for one in concerned)),
            group=entry.id,
            ask=words.of(entry.ask),
            why=words("question.criterion", criterion=entry.criterion),
            reference=words.of(entry.text),
            proof=words.of(entry.proof),
            effect=_effect(reading, entry.effect, sum(reading.points_of(one.id) for one in concerned)),
        )


def _effect(reading: Reading, effect: str, points: float) -> str:
    words = reading.words
    if effect != "context" and points < 0.05:
        effect = "context"
    return words(f"question.effect.{effect}", points=words.number(points), n=words.counted(points))


def _id(*parts: str) -> str:
    return f"q-{hashlib.sha256('|'.join(parts).encode('utf-8', 'replace')).hexdigest()[:12]}"
