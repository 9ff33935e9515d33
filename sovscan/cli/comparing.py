"""The audits between two audits: evidence judged again, so that one thing at a time is exchanged."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sovscan.cli.console import say
from sovscan.cli.exits import Refusal
from sovscan.compare.records import Part, Stage
from sovscan.model.audit import Audit

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
    """The way from ``before`` to ``after``: catalogue, rules, method, date, then evidence; what is equal is left out.

    ``then``: the files of ``before``, where they are at hand; catalogue and rules are then exchanged one by one. When
    ``after`` was judged with other files than today's, it is judged again as well, and standard error says so. Raises
    Refusal when ``then`` are not the files of ``before``.
    """
    if then is not None and not then.of(before):
        raise Refusal("A was not judged with --providers-before and --rules-before", "give the files of that day")
    if _circumstances(before) == _circumstances(after):
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
    return (*found, Stage(part=Part.EVIDENCE, audit=after))


def _circumstances(audit: Audit) -> tuple[str, ...]:
    """Everything but the evidence that decides an audit."""
    return audit.catalogue_digest, audit.rulebook_digest, audit.profile, audit.as_of


def _judged(evidence: "Evidence", files: Files, profile: str, date: str) -> Audit:
    from sovscan.audit import audit
    from sovscan.cli.judging import load_policy_or_refuse

    return audit(evidence, files.catalogue, files.rulebook, load_policy_or_refuse(profile), as_of=date)
