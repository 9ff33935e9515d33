"""Several unrelated names on one command line: they are judged together, and whoever meant otherwise must hear it."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from sovscan.cli.console import say
from sovscan.model.target import Target, TargetKind
from sovscan.model.text import Text
from sovscan.readers.names import registrable

TOLD = Text(
    fr="sovscan : {n} cibles de {domains} domaines sont jugées comme une seule organisation, {name} : un score et un "
    "rapport pour l’ensemble",
    en="sovscan: {n} targets of {domains} domains are judged as one organisation, {name}: one score and one report "
    "for all of them",
)
APART = Text(
    fr="aide : pour les auditer séparément, un « sovscan audit DOMAINE » pour chacune ; si c’est bien une seule "
    "organisation, --organisation NOM le dit",
    en="help: to audit them apart, run 'sovscan audit DOMAIN' once for each; if they are one organisation, say so with "
    "--organisation NAME",
)


def tell_as_one(targets: Sequence[Target], named: str | None, language: str, *, quiet: bool) -> None:
    """Say that targets of several domains become one organisation, unless somebody ``named`` it."""
    found = {domain for target in targets if (domain := _domain(target))}
    if named or len(found) < 2:
        return
    name = targets[0].label or targets[0].value
    say(TOLD.in_language(language).format(n=len(targets), domains=len(found), name=name), quiet=quiet)
    say(APART.in_language(language), quiet=quiet)


def _domain(target: Target) -> str | None:
    """What the name was registered as; None for what has none."""
    if target.kind is TargetKind.URL:
        return registrable(urlsplit(target.value).hostname or "")
    return registrable(target.value) if target.kind in (TargetKind.DOMAIN, TargetKind.HOST) else None
