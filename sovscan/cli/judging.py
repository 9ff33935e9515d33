"""From evidence to an audit, with the files of the user's choice."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sovscan.cli.exits import Refusal
from sovscan.files.strict_yaml import YamlError
from sovscan.model.target import TargetKind

if TYPE_CHECKING:
    from sovscan.catalogue.catalogue import Catalogue
    from sovscan.model.audit import Audit
    from sovscan.model.evidence import Evidence
    from sovscan.rulebook.rulebook import Rulebook
    from sovscan.score.policy import Policy

PROFILES = ("practical", "strict")


def judge_evidence(
    evidence: "Evidence",
    *,
    profile: str,
    as_of: str | None,
    overlays: Sequence[Path] | None = None,
    rule_folders: Sequence[Path] | None = None,
    catalogue: "Catalogue | None" = None,
    previous: "Audit | None" = None,
) -> "Audit":
    """The audit of some evidence, with what changed since ``previous``.

    Raises Refusal when an option or a file is at fault.
    """
    from sovscan.audit import audit

    date = as_of_date(as_of)
    policy = load_policy_or_refuse(profile)
    # What files of a checkout say is judged by rules of its own, and nothing else.
    alone = all(target.kind is TargetKind.REPOSITORY for target in evidence.targets)
    rulebook = load_rulebook_or_refuse(rule_folders, ("repository",) if alone else None)
    if catalogue is None:
        catalogue = load_catalogue_or_refuse(overlays)
    result = audit(evidence, catalogue, rulebook, policy, as_of=date)
    if previous is None:
        return result
    from sovscan.cli.comparing import Files
    from sovscan.cli.previous import compared

    return compared(result, previous, Files(catalogue, rulebook))


def load_catalogue_or_refuse(overlays: Sequence[Path] | None) -> "Catalogue":
    """The catalogue with its overlays. Raises Refusal with the place of a fault."""
    from sovscan.catalogue.load import CatalogueError, load_catalogue

    try:
        return load_catalogue(_existing(overlays, "--providers"))
    except YamlError as error:
        raise Refusal(str(error), error.help) from error
    except CatalogueError as error:
        raise Refusal(str(error), "list every fault with 'sovscan providers validate'") from error


def load_rulebook_or_refuse(folders: Sequence[Path] | None, themes: Sequence[str] | None = None) -> "Rulebook":
    """The rules with those of further folders, of some themes or all. Raises Refusal with the place of a fault."""
    from sovscan.rulebook.load import THEMES, load_rulebook

    try:
        return load_rulebook(_existing(folders, "--rules"), themes=themes or THEMES)
    except YamlError as error:
        raise Refusal(str(error), error.help) from error


def load_policy_or_refuse(profile: str) -> "Policy":
    """The scoring policy of a profile. Raises Refusal when there is none of that name."""
    from sovscan.score.policy import load_policy

    if profile not in PROFILES:
        raise Refusal(f"--profile: unknown word {profile!r}", f"one of {', '.join(PROFILES)}")
    return load_policy(profile)


def as_of_date(given: str | None, option: str = "--as-of") -> str | None:
    """An ISO date, or None when none was given. Raises Refusal on another form."""
    from datetime import date

    if given is None:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
            raise ValueError(given)
        return date.fromisoformat(given).isoformat()
    except ValueError as error:
        raise Refusal(f"{option}: {given!r} is no date", "write it as 2026-11-21") from error


def _existing(paths: Sequence[Path] | None, option: str) -> tuple[Path, ...]:
    for path in paths or ():
        if not path.exists():
            raise Refusal(f"{option}: {path} does not exist", f"check the path given with {option}")
    return tuple(paths or ())
