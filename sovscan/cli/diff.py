"""``diff``: two stored audits, and whether the world, the rules or our sight of it changed."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sovscan.cli import options as opt
from sovscan.cli.exits import Done, ExitCode
from sovscan.model.text import Text

if TYPE_CHECKING:
    from sovscan.compare.records import Change, Comparison
    from sovscan.model.audit import Audit


def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="result.json of the first audit, or its bundle folder.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="The same of the second audit.")],
    fail_on_new: Annotated[
        bool, typer.Option("--fail-on-new", help="Exit 1 when a finding is new, 3 when a new question is open.")
    ] = False,
    fail_on: opt.FailOn = "high",
    providers: opt.Providers = None,
    rules: opt.Rules = None,
    providers_before: Annotated[
        list[Path] | None, typer.Option("--providers-before", metavar="FILE", help="Catalogue overlay of A.")
    ] = None,
    rules_before: Annotated[
        list[Path] | None, typer.Option("--rules-before", metavar="DIR", help="Further rules of A.")
    ] = None,
    lang: opt.Lang = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Canonical JSON on standard output.")] = False,
) -> None:
    """Findings new, gone and changed, and why: a real change, other rules, another catalogue, lost or gained sight.

    Evidence of A is judged again with the files of today where A was judged with others.
    """
    from sovscan.cli import sockets
    from sovscan.cli.comparing import Files, stages
    from sovscan.cli.console import print_line, say, write_out
    from sovscan.cli.gating import gate_terms
    from sovscan.cli.judging import load_catalogue_or_refuse, load_rulebook_or_refuse
    from sovscan.cli.language import languages
    from sovscan.cli.stored import read_result
    from sovscan.compare import compare
    from sovscan.files import canonical
    from sovscan.files.records import to_plain

    language = languages(lang)[0]
    limit = gate_terms(fail_on, "weak", None, None).fail_on
    with sockets.refused():
        first, second = read_result(before), read_result(after)
        if not _main_targets(first) & _main_targets(second):
            say(_OTHER.in_language(language))
        today = Files(load_catalogue_or_refuse(providers), load_rulebook_or_refuse(rules))
        then = None
        if providers_before or rules_before:
            then = Files(load_catalogue_or_refuse(providers_before), load_rulebook_or_refuse(rules_before))
        found = compare(first, stages(first, second, today, then))
    if as_json:
        write_out(canonical.dumps_pretty(to_plain(found)), "application/json")
    else:
        for line in _lines(found, language):
            print_line(line)
    if fail_on_new and limit is not None:
        new = [change for change in found.changes if _is_new(change) and change.severity.rank >= limit.rank]
        # What is exposed only because an answer is gone is an open question, whatever its rule calls it.
        if any(change.after == "exposed" and change.causes != ("lost-visibility",) for change in new):
            raise Done(ExitCode.POLICY)
        if new:
            raise Done(ExitCode.INCONCLUSIVE)


def _main_targets(audit: "Audit") -> set[str]:
    return {target.value for target in audit.evidence.targets if target.main}


def _is_new(change: "Change") -> bool:
    """Not there before, or not yet exposed."""
    return change.kind == "new" or (change.after == "exposed" and change.before != "exposed")


def _lines(found: "Comparison", language: str) -> Iterator[str]:
    def said(word: str) -> str:
        return _WORDS[word].in_language(language) if word in _WORDS else word

    yield f"score {found.score_before:.1f} {found.grade_before} -> {found.score_after:.1f} {found.grade_after}"
    for shift in found.shifts:
        if abs(shift.score) >= 0.05:
            yield f"  {shift.score:+.1f} {said('through')} {said(shift.part)}"
    for change in found.changes:
        verdicts = f"{said(change.before or '-')} -> {said(change.after or '-')}"
        causes = ", ".join(said(cause) for cause in change.causes)
        what = f"{said(change.kind):<8} {said(change.severity):<9}"
        yield f"{what} {change.rule}  {change.location}  {verdicts}  [{causes}]"
    if not found.changes:
        yield _NOTHING.in_language(language)


_OTHER = Text(
    fr="sovscan : A et B n’auditent pas la même cible principale : ce qui diffère n’est pas l’évolution d’une "
    "organisation",
    en="sovscan: A and B do not audit the same main target: what differs is no change of one organisation",
)
_NOTHING = Text(fr="aucun constat n’a changé", en="no finding changed")
_FRENCH = {
    "through": "par",
    "new": "nouveau",
    "gone": "disparu",
    "changed": "changé",
    "low": "faible",
    "medium": "moyenne",
    "high": "élevée",
    "critical": "critique",
    "exposed": "exposé",
    "to_confirm": "à confirmer",
    "unknown": "inconnu",
    "clear": "rien d’observé",
    "real": "changement réel",
    "evidence": "changement réel",
    "lost-visibility": "réponse perdue",
    "gained-visibility": "réponse gagnée",
    "scope": "périmètre",
    "date": "date de lecture",
    "catalogue": "catalogue",
    "files": "catalogue et règles",
    "rules": "règles",
    "method": "méthode",
    "unexplained": "non établi",
}
_WORDS = {word: Text(fr=french, en=word) for word, french in _FRENCH.items()}
