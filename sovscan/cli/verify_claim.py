"""``verify-claim``: a vendor's public claims against evidence and catalogue."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sovscan.cli import options as opt
from sovscan.cli.exits import Done, ExitCode
from sovscan.model.text import Text

if TYPE_CHECKING:
    from sovscan.advise.claims import Ruling
    from sovscan.catalogue.catalogue import Catalogue
    from sovscan.cli.collecting import CollectOptions
    from sovscan.model.audit import Audit

SCOPE = Text(
    fr="Affirmations de {vendors}. Lieux et sous-traitants sont ceux des services vus à {names} : ils ne disent "
    "quelque chose du vendeur que si ce domaine est le sien.",
    en="Claims of {vendors}. Places and subprocessors are those of the services seen at {names}: they say something "
    "of the vendor only if that domain is its own.",
)
BEARINGS = {
    "supported": Text(fr="étayée", en="supported"),
    "contradicted": Text(fr="contredite", en="contradicted"),
    "not_visible": Text(fr="non visible", en="not visible"),
}
"""What a bearing is called in the lines; ``--json`` keeps the words of the records."""


def verify_claim(
    claims: Annotated[Path, typer.Option("--claims", metavar="FILE", help="YAML file of claims.")],
    target: Annotated[
        str | None,
        typer.Argument(metavar="DOMAIN|BUNDLE|RESULT", help="Left out: the catalogue alone."),
    ] = None,
    as_of: opt.AsOf = None,
    resolver: opt.Resolver = None,
    resolver_rate: opt.ResolverRate = 500,
    http_proxy: opt.HttpProxy = None,
    scope: opt.Scope = None,
    probe: opt.ProbeNames = None,
    ca_file: opt.CaFile = None,
    offline: opt.Offline = False,
    providers: opt.Providers = None,
    lang: opt.Lang = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Canonical JSON on standard output.")] = False,
    quiet: opt.Quiet = False,
) -> None:
    """Supported, contradicted or not visible, claim by claim; exit 1 on a contradiction, 3 when one is not visible.

    A file of claims is YAML, for example:

    \b
    offer: outscale-cloud-on-demand
    claims:
      - {claim: qualified_offer, scheme: SecNumCloud}
      - {claim: hosted_in, countries: [FR]}
      - {claim: eu_controlled}
      - {claim: no_us_subprocessor, layers: [mail_in, hosting]}
      - {claim: open_source}
    """  # noqa: D301 - the help printer wants the control character itself
    from sovscan.advise.claims import Bearing, Known, verify
    from sovscan.advise.claims_file import read_claims
    from sovscan.cli.collecting import CollectOptions
    from sovscan.cli.configuration import read_file
    from sovscan.cli.console import print_line, say, write_out
    from sovscan.cli.exits import Refusal
    from sovscan.cli.judging import as_of_date, load_catalogue_or_refuse, load_policy_or_refuse, load_rulebook_or_refuse
    from sovscan.cli.language import languages
    from sovscan.files import canonical
    from sovscan.files.records import to_plain
    from sovscan.files.strict_yaml import YamlError

    language = languages(lang)[0]
    catalogue = load_catalogue_or_refuse(providers)
    try:
        claimed = read_claims(*read_file(str(claims)), catalogue)
    except YamlError as error:
        raise Refusal(str(error), error.help) from error
    options = CollectOptions(resolver, resolver_rate, http_proxy, scope, probe, ca_file, offline, quiet)
    audit = _audit(target, as_of, catalogue, options)
    known = Known(
        audit=audit,
        catalogue=catalogue,
        rulebook=load_rulebook_or_refuse(None),
        policy=load_policy_or_refuse("practical"),
        as_of=as_of_date(as_of) or (audit.as_of if audit else catalogue.date),
    )
    rulings = verify(claimed, known)
    vendors = sorted({catalogue.providers[claim.provider].name for claim in claimed if claim.provider})
    scope_line = ""
    if audit and vendors:
        names = ", ".join(target.value for target in audit.evidence.targets if target.main)
        scope_line = SCOPE.in_language(language).format(vendors=", ".join(vendors), names=names)
    if as_json:
        if scope_line:
            say(scope_line, quiet=quiet)
        write_out(canonical.dumps_pretty([to_plain(ruling) for ruling in rulings]), "application/json")
    else:
        # It stands with the rulings: what is pasted into a file must say what it was checked against.
        for line in filter(None, (scope_line, *(_line(ruling, language) for ruling in rulings))):
            print_line(line)
    found = {ruling.bearing for ruling in rulings}
    if Bearing.CONTRADICTED in found:
        raise Done(ExitCode.POLICY)
    if Bearing.NOT_VISIBLE in found:
        raise Done(ExitCode.INCONCLUSIVE)


def _line(ruling: "Ruling", language: str) -> str:
    told = BEARINGS[ruling.bearing.value].in_language(language)
    return f"{told:<13} {ruling.claim.kind:<19} {ruling.reason.in_language(language)}"


def _audit(target: str | None, as_of: str | None, catalogue: "Catalogue", options: "CollectOptions") -> "Audit | None":
    """The audit to check against: stored, judged from a bundle, or collected now; None without a target."""
    from sovscan.cli import sockets
    from sovscan.cli.bundle import RESULT_FILE, read_bundle
    from sovscan.cli.collecting import collect_evidence
    from sovscan.cli.judging import judge_evidence
    from sovscan.cli.stored import read_result

    if target is None:
        return None
    path = Path(target)
    if path.exists():
        with sockets.refused():
            if path.suffix == ".json" or (as_of is None and (path / RESULT_FILE).is_file()):
                return read_result(path)
            return judge_evidence(read_bundle(path), profile="practical", as_of=as_of, catalogue=catalogue)
    found = collect_evidence([target], None, None, catalogue, options)
    return judge_evidence(found.evidence, profile="practical", as_of=as_of, catalogue=catalogue)
