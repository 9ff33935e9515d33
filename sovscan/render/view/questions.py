"""What to ask each provider, why, and what the answer would change."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sovscan.locale.questions import question_bank
from sovscan.model.dependency import Dependency
from sovscan.model.finding import Finding, Verdict
from sovscan.render.view.findings import finding_row
from sovscan.render.view.reading import Reading

MOST_PROVIDERS = 40
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
    for finding in reading.audit.findings:
        if finding.verdict in _OPEN:
            yield _of_finding(reading, finding)


def _of_finding(reading: Reading, finding: Finding) -> Question:
    words, row = reading.words, finding_row(reading, finding)
    dependency = reading.dependencies.get(finding.dependency) if finding.dependency else None
    settle = dependency.attribution.settle if dependency else None
    return Question(
        id=_id("finding", finding.id),
        provider=reading.operator_name(dependency) if dependency else words("finding.whole"),
        service=row.service,
        group="finding",
        ask=reading.sentence(settle) if settle else words("question.is_it_so", title=row.looks_for),
        why=words("question.because", number=row.number, id=finding.id),
        reference="",
        proof=words("question.missing", facts=", ".join(row.missing)) if row.missing else words("question.any_proof"),
        effect=_effect(reading, "level", finding.points_lost),
    )


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
            provider=reading.provider_name(provider),
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
    return words(f"question.effect.{effect}", points=words.number(points))


def _id(*parts: str) -> str:
    return f"q-{hashlib.sha256('|'.join(parts).encode('utf-8', 'replace')).hexdigest()[:12]}"
