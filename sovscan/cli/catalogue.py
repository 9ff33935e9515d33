"""``providers``: who is who, and whether the entries hold."""

from typing import TYPE_CHECKING, Annotated

import typer

from sovscan.cli import options as opt
from sovscan.cli.exits import Done, ExitCode, Refusal
from sovscan.model.text import Text

if TYPE_CHECKING:
    from sovscan.catalogue.catalogue import Catalogue
    from sovscan.catalogue.census import Census
    from sovscan.model.exposure import Nexus
    from sovscan.model.provider import OfferId, Provider

app = typer.Typer(help="The catalogue of providers.", no_args_is_help=True, rich_markup_mode=None)

_SOURCED, _TO_CONFIRM = Text(fr="sourcé", en="sourced"), Text(fr="à confirmer", en="to confirm")
_NOTHING = Text(
    fr="sovscan : rien dans le catalogue ne contient {text}", en="sovscan: nothing in the catalogue holds {text}"
)
_OWNER = Text(fr="propriétaire sourcé", en="owner sourced")
_OFFERS, _PACKAGES = Text(fr="offres", en="offers"), Text(fr="registres et paquets", en="registries and packages")
_HEADS = Text(fr="catégorie offres EEE libre services", en="category offers EEA free services")
_FEW = Text(fr="moins de trois, et aucune raison n’est écrite", en="fewer than three, and no reason written")

Json = Annotated[bool, typer.Option("--json", help="As JSON.")]


@app.callback()
def _group() -> None:
    """The catalogue of providers."""


@app.command("list")
def list_providers(lang: opt.Lang = "auto", providers: opt.Providers = None) -> None:
    """One line a provider: id, controller, country, name."""
    from sovscan.cli.console import print_line
    from sovscan.cli.judging import load_catalogue_or_refuse
    from sovscan.cli.language import languages

    language = languages(lang)[0]
    catalogue = load_catalogue_or_refuse(providers)
    for _, provider in sorted(catalogue.providers.items()):
        print_line(_line(provider, catalogue, language))


@app.command("show")
def show(
    identifier: Annotated[str, typer.Argument(metavar="ID")],
    as_json: Json = False,
    lang: opt.Lang = "auto",
    as_of: opt.AsOf = None,
    providers: opt.Providers = None,
) -> None:
    """Owners, offers, signs and sources of one provider; an offer's id finds its provider."""
    from datetime import UTC, datetime

    from sovscan.catalogue.census import load_markets
    from sovscan.cli.console import write_out
    from sovscan.cli.judging import as_of_date, load_catalogue_or_refuse
    from sovscan.cli.language import languages
    from sovscan.files import canonical
    from sovscan.files.records import to_plain
    from sovscan.files.strict_yaml import suggestion
    from sovscan.render.provider_card import render_provider

    spoken, day = languages(lang), as_of_date(as_of) or datetime.now(UTC).date().isoformat()
    catalogue = load_catalogue_or_refuse(providers)
    found: dict[str, Provider] = {str(offer): provider for offer, (provider, _) in catalogue.offers.items()}
    found |= {str(key): provider for key, provider in catalogue.providers.items()}
    if identifier not in found:
        look = "look it up with 'sovscan providers search TEXT', by a part of its name or one of its hosts"
        near = suggestion(identifier, found)
        raise Refusal(f"no provider {identifier!r}", f"{near}; or {look}" if near else look)
    if as_json:
        write_out(canonical.dumps_pretty(to_plain(found[identifier])), "application/json")
        return
    levels, markets = _levels(found[identifier], catalogue, day), load_markets()
    for language in spoken:
        write_out(render_provider(found[identifier], catalogue, levels, markets, as_of=day, language=language))


@app.command("search")
def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="Part of a name, or a whole host, token or AS number.")],
    lang: opt.Lang = "auto",
    providers: opt.Providers = None,
) -> None:
    """Providers whose name, entity, offers or signatures hold a text, and whose signature a name ends with."""
    from sovscan.catalogue.find import find
    from sovscan.cli.console import print_line, say
    from sovscan.cli.judging import load_catalogue_or_refuse
    from sovscan.cli.language import languages

    language = languages(lang)[0]
    catalogue = load_catalogue_or_refuse(providers)
    found = find(catalogue, text)
    for provider, reasons in found:
        print_line(_line(provider, catalogue, language))
        for reason in reasons:
            print_line(f"    {reason}")
    if not found:
        say(_NOTHING.in_language(language).format(text=repr(text)))


@app.command("stats")
def stats(
    as_json: Json = False, lang: opt.Lang = "auto", as_of: opt.AsOf = None, providers: opt.Providers = None
) -> None:
    """How much the catalogue holds, how much of it has a source, and what can be proposed in each category."""
    from sovscan.catalogue.census import census
    from sovscan.cli.console import write_out
    from sovscan.cli.judging import as_of_date, load_catalogue_or_refuse
    from sovscan.cli.language import languages
    from sovscan.files import canonical
    from sovscan.files.records import to_plain

    language = languages(lang)[0]
    catalogue = load_catalogue_or_refuse(providers)
    found = census(catalogue, as_of_date(as_of) or catalogue.date)
    if as_json:
        write_out(canonical.dumps_pretty(to_plain(found)), "application/json")
    else:
        _print_census(found, language)


@app.command("stale")
def stale(
    as_json: Json = False,
    as_of: opt.AsOf = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", help="At most N entries; 0: all.", min=0)] = 40,
    providers: opt.Providers = None,
) -> None:
    """What to read again, first what decides most verdicts on the weakest ground."""
    from datetime import UTC, datetime

    from sovscan.catalogue.recheck import rechecks
    from sovscan.cli.console import print_line, say, write_out
    from sovscan.cli.judging import as_of_date, load_catalogue_or_refuse
    from sovscan.files import canonical
    from sovscan.files.records import to_plain

    day = as_of_date(as_of) or datetime.now(UTC).date().isoformat()
    every = rechecks(load_catalogue_or_refuse(providers), day)
    found = every[:limit] if limit else every
    if as_json:
        write_out(canonical.dumps_pretty(to_plain(found)), "application/json")
        return
    for item in found:
        print_line(f"{item.urgency:>5}  {item.provider:<28} {'; '.join(item.reasons)}")
    if len(found) < len(every):
        say(f"{len(every) - len(found)} more: --limit 0 shows them")


@app.command("validate")
def validate(providers: opt.Providers = None) -> None:
    """Check the catalogue and its overlays; exit 2 with the place of each fault."""
    from datetime import UTC, datetime

    from sovscan.catalogue.lint import lint
    from sovscan.catalogue.load import read_files
    from sovscan.cli.console import print_line
    from sovscan.files.strict_yaml import YamlError
    from sovscan.net.asn_table import AsnTable, AsnTableError

    try:
        networks = AsnTable.in_use().names()
    except AsnTableError as error:
        raise Refusal(str(error), "build the table again with 'sovscan data update'") from error
    try:
        reading = read_files(tuple(providers or ()))
    except YamlError as error:
        raise Refusal(str(error), error.help) from error
    faults = lint(reading, today=datetime.now(UTC).date().isoformat(), networks=networks)
    for fault in faults:
        print_line(str(fault) if fault.serious else f"{fault}  [worth a look]")
    if any(fault.serious for fault in faults):
        raise Done(ExitCode.USAGE)
    print("the catalogue holds")


def _line(provider: "Provider", catalogue: "Catalogue", language: str) -> str:
    from sovscan.catalogue.control import controller, is_sourced

    name, country = controller(provider, catalogue, catalogue.date)
    state = (_SOURCED if is_sourced(provider, catalogue, catalogue.date) else _TO_CONFIRM).in_language(language)
    return f"{provider.id:<28} {country:<3} {state:<11} {provider.name} ({name})"


def _levels(provider: "Provider", catalogue: "Catalogue", as_of: str) -> "dict[OfferId, tuple[Nexus, ...]]":
    """Where each offer stands on the ladder in its first role."""
    from sovscan.model.dependency import Layer
    from sovscan.rulebook.exposure import expose_offer
    from sovscan.rulebook.load import load_rulebook
    from sovscan.score.policy import load_policy

    rulebook, policy = load_rulebook(), load_policy()
    split = {offer: offer.roles[0].split(".", 1) for offer in provider.offers if offer.roles}
    return {
        offer.id: expose_offer(provider, offer, Layer(layer), role, catalogue, rulebook, policy, as_of).nexuses
        for offer, (layer, role) in split.items()
    }


def _print_census(found: "Census", language: str) -> None:
    from sovscan.catalogue.census import ENOUGH

    for label, group in (
        (Text(fr="prestataires", en="providers"), found.providers),
        (Text(fr="avec une signature", en="with a signature"), found.with_signature),
        (Text(fr="passerelles, filtres de courrier", en="mail gateways and filters"), found.mail_gateways),
        (Text(fr="tiers des sites", en="web third parties"), found.web_third_parties),
        (Text(fr="autorités de certification", en="certificate authorities"), found.authorities),
        (Text(fr="bureaux et registres", en="registrars and registries"), found.registrars_and_registries),
        (Text(fr="services proposés", en="proposed services"), found.proposed),
    ):
        name, owner = label.in_language(language), _OWNER.in_language(language)
        print(f"{name:<32} {group.count:>6}   {owner} {group.sourced:>5} ({100 * group.share:.0f} %)")
    print(f"{_OFFERS.in_language(language):<32} {found.offers:>6}")
    print(f"{_PACKAGES.in_language(language):<32} {found.registries_and_packages:>6}")
    for kind, number in sorted(found.signatures.items()):
        print(f"  {kind:<30} {number:>6}")
    category, offers, eea, free, services = _HEADS.in_language(language).split()
    print(f"\n{category:<22} {offers:>6} {'FR':>4} {eea:>4} {free:>5} {services:>8}")
    for key, choice in found.categories.items():
        few = ""
        if choice.bought and choice.total < ENOUGH:
            few = f"  {(choice.why_few or _FEW).in_language(language)}"
        counts = f"{choice.french:>4} {choice.european:>4} {choice.free_software:>5} {choice.services:>8}"
        print(f"{key:<22} {choice.offers:>6} {counts}{few}")
