"""The audits between two audits: evidence judged again, so that one thing at a time is exchanged."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sovscan.cli.console import say
from sovscan.cli.exits import Refusal
from sovscan.compare.records import Stage
from sovscan.compare.scope import rescoped
from sovscan.compare.sight import Sight
from sovscan.model.audit import Audit
from sovscan.model.previous import Part

if TYPE_CHECKING:
    from sovscan.catalogue.catalogue import Catalogue
    from sovscan.model.evidence import Evidence
    from sovscan.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Files:
    """A catalogue and rules."""

    catalogue: "Catalogue"
    rulebook: "Rulebook"

    def of(self, audit: Audit) -> bool:
        """Whether the audit was judged with them."""
        return (self.catalogue.digest, self.rulebook.digest) == (audit.catalogue_digest, audit.rulebook_digest)


def stages(before: Audit, after: Audit, today: Files, then: Files | None = None) -> tuple[Stage, ...]:
    """The way from ``before`` to ``after``: catalogue, rules, method, date, scope, sight, then the answers themselves.

    What is equal is left out. ``then``: the files of ``before``, where they are at hand; catalogue and rules are then
    exchanged one by one. When ``after`` was judged with other files than today's, it is judged again as well, and
    standard error says so. Raises Refusal when ``then`` are not the files of ``before``.
    """
    if then is not None and not then.of(before):
        raise Refusal("A was not judged with --providers-before and --rules-before", "give the files of that day")
    if _circumstances(before) == _circumstances(after) and not today.of(after):
        return (Stage(part=Part.EVIDENCE, audit=after),)
    if not today.of(after):
        say("sovscan: B was judged with other files than today's and is judged again for the comparison")
        after = _judged(after.evidence, today, after.profile, after.as_of)
    found: list[Stage] = []
    profile, date = before.profile, before.as_of
    if then is not None and before.catalogue_digest != after.catalogue_digest:
        mixed = Files(today.catalogue, then.rulebook)
        found.append(Stage(part=Part.CATALOGUE, audit=_judged(before.evidence, mixed, profile, date)))
    if not today.of(before):
        part = Part.FILES if then is None else Part.RULES
        found.append(Stage(part=part, audit=_judged(before.evidence, today, profile, date)))
    if profile != after.profile:
        profile = after.profile
        found.append(Stage(part=Part.METHOD, audit=_judged(before.evidence, today, profile, date)))
    if date != after.as_of:
        date = after.as_of
        found.append(Stage(part=Part.DATE, audit=_judged(before.evidence, today, profile, date)))
    return (*found, *_to_evidence(before.evidence, after, today))


def stages_since(before: Audit, after: Audit, today: Files) -> tuple[Stage, ...]:
    """The same way to an audit that this program has just made of ``today``'s files.

    The evidence of ``before`` is judged again in any case: what another version of the program read otherwise in the
    same evidence is the method's doing and no change of the organisation.
    """
    way = stages(before, after, today)
    if not today.of(before):
        return way
    again = _judged(before.evidence, today, before.profile, before.as_of)
    if (again.findings, again.score, again.dependencies) == (before.findings, before.score, before.dependencies):
        return way
    return (Stage(part=Part.METHOD, audit=again), *way)


def _to_evidence(first: "Evidence", after: Audit, today: Files) -> tuple[Stage, ...]:
    found: list[Stage] = []

    def reached(part: Part, evidence: "Evidence") -> "Evidence":
        found.append(Stage(part=part, audit=_judged(evidence, today, after.profile, after.as_of)))
        return evidence

    if (scoped := rescoped(first, after.evidence)) != first:
        first = reached(Part.SCOPE, scoped)
    sight = Sight(first, after.evidence)
    if sight.lost:
        reached(Part.LOST_SIGHT, sight.blinded())
    if sight.gained:
        reached(Part.GAINED_SIGHT, sight.widened())
    return (*found, Stage(part=Part.EVIDENCE, audit=after))


def _circumstances(audit: Audit) -> tuple[str, ...]:
    """Everything but the evidence that decides an audit."""
    return audit.catalogue_digest, audit.rulebook_digest, audit.profile, audit.as_of


def _judged(evidence: "Evidence", files: Files, profile: str, date: str) -> Audit:
    from sovscan.audit import audit
    from sovscan.cli.judging import load_policy_or_refuse

    return audit(evidence, files.catalogue, files.rulebook, load_policy_or_refuse(profile), as_of=date)
