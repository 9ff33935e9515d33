"""One silence, one statement: rules left undecided only because a layer was not read are told inside the one that is.

Nothing is taken away: every finding keeps its id, its verdict and what it does to a gate.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sovscan.model.audit import Audit
from sovscan.model.dependency import Layer
from sovscan.model.evidence import Observation
from sovscan.model.exposure import Level
from sovscan.model.finding import Finding, Verdict
from sovscan.model.gate import GateResult, Standing
from sovscan.rulebook.layers import CRITICAL, DATA

NAMES_LAYERS = "organisation.layers_failed"
"""The fact of the rules that say which layers were not read."""
NAMES_QUESTIONS = frozenset(f"domain.{sort}_read" for sort in ("hosts", "identity", "registrar", "senders"))
"""The facts of the rules that say that questions outside the essential ones were not answered."""
_MAIL_AND_IDENTITY = (Layer.MAIL_IN, Layer.IDENTITY)
_RESTS_ON: Mapping[str, tuple[Layer, ...]] = {
    "organisation.fully_observed": tuple(Layer),
    "organisation.same_controller_mail_identity": _MAIL_AND_IDENTITY,
    "organisation.tenant_without_mailbox": _MAIL_AND_IDENTITY,
    "organisation.fallback_under_one_hand": (Layer.MAIL_IN, Layer.DNS),
    "organisation.several_critical_foreign": CRITICAL,
    "organisation.data_layers_held": DATA,
    "organisation.unqualified_services": (*CRITICAL, Layer.SAAS),
    "mail.behind_gateway": (Layer.MAIL_IN,),
    "mail.backend_identified": (Layer.MAIL_IN,),
    "mail.spf_permerror": (Layer.MAIL_OUT,),
    "domain.leftover_tokens": (Layer.SAAS,),
    "dns.operators": (Layer.DNS,),
    "dns.foreign_only": (Layer.DNS,),
}
"""Facts that the essential questions of these layers settle. Whether a name answered is none: its rule says which."""
_UNDECIDED = (Standing.OPEN, Standing.BELOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A finding as a reader is told of it."""

    finding: Finding
    within: tuple[Finding, ...] = ()
    """Findings that are undecided for the same reason and no other, in their order."""

    @property
    def gravest(self) -> Finding:
        """The one of highest severity."""
        return max((self.finding, *self.within), key=lambda one: one.severity.rank)


def told(audit: Audit, findings: Iterable[Finding], gate: GateResult | None = None) -> tuple[Told, ...]:
    """The findings in their order, each with those that say no more than it does.

    Where any of those stands first, so does the one they are told in. One that somebody accepted, or that the baseline
    knows, stands alone: it is marked as such.
    """
    listed = tuple(findings)
    standings = {ruling.finding: ruling.standing for ruling in gate.rulings} if gate else {}
    silent = [one for one in listed if standings.get(one.id, Standing.OPEN) in _UNDECIDED and _is_silence(audit, one)]
    leads = sorted((one for one in silent if names_layers(one)), key=lambda one: -one.severity.rank)
    if not leads:
        return tuple(Told(finding=one) for one in listed)
    lead, ids = leads[0], {one.id for one in silent}
    whole = Told(finding=lead, within=tuple(one for one in silent if one.id != lead.id))
    first = silent[0].id
    return tuple(
        whole if one.id == first else Told(finding=one) for one in listed if one.id == first or one.id not in ids
    )


def names_layers(finding: Finding) -> bool:
    """Whether it is a finding that says which layers were not read."""
    return finding.verdict is Verdict.UNKNOWN and bool(finding.facts.get(NAMES_LAYERS))


def silent_questions(audit: Audit, finding: Finding) -> tuple[Observation, ...]:
    """The questions without an answer that a finding is about; empty for one that is about anything else as well."""
    wanting = _wanting(finding)
    if finding.verdict is not Verdict.UNKNOWN or not wanting or not wanting <= NAMES_QUESTIONS:
        return ()
    return tuple(seen for seen in audit.evidence.observations if seen.is_hole and seen.id in finding.because)


def left_open(audit: Audit, finding: Finding) -> frozenset[str]:
    """What keeps a finding undecided: facts not known, layers not read, questions without an answer; else empty."""
    if finding.verdict is not Verdict.UNKNOWN:
        return frozenset()
    asked = (seen for seen in audit.evidence.observations if seen.is_hole and seen.id in finding.because)
    layers = (row.layer for row in audit.score.layers if row.failed) if names_layers(finding) else ()
    return frozenset((*_wanting(finding), *layers, *(f"{seen.subject} {seen.asked.type}" for seen in asked)))


def states_silence(finding: Finding) -> bool:
    """Whether a finding says itself what was not read: nothing else is wanting for it to be decided."""
    return names_layers(finding) or (finding.verdict is Verdict.UNKNOWN and _wanting(finding) <= NAMES_QUESTIONS)


def _wanting(finding: Finding) -> set[str]:
    """Facts that were not known, of those that keep it from being decided."""
    return {fact for fact in finding.missing if fact not in finding.facts}


def _is_silence(audit: Audit, finding: Finding) -> bool:
    """Whether nothing but layers that were not read keeps it from being decided."""
    if finding.verdict is not Verdict.UNKNOWN or finding.dependency is not None:
        return False
    wanting = _wanting(finding)
    about = finding.location.partition(":")[2]
    of_main = finding.layer is None or any(target.main and target.value == about for target in audit.evidence.targets)
    if not of_main or not (wanting or names_layers(finding)):
        return False
    failed = {row.layer for row in audit.score.layers if row.failed}
    return all(_is_unread(audit, fact, failed) for fact in wanting)


def _is_unread(audit: Audit, fact: str, failed: set[Layer]) -> bool:
    """Whether a layer that a fact rests on was not read, and nobody unknown in another one leaves it open as well."""
    layers = _RESTS_ON.get(fact, ())
    if not failed.intersection(layers):
        return False
    return fact == "organisation.fully_observed" or not any(
        item.layer in layers and any(nexus.level is Level.UNKNOWN for nexus in item.nexuses) for item in audit.items
    )
