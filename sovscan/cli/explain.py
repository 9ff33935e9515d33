"""``explain``: the reasoning behind an attribution, from recorded evidence or live."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sovscan.cli import options as opt
from sovscan.cli.exits import Done, ExitCode, Refusal

if TYPE_CHECKING:
    from sovscan.catalogue.catalogue import Catalogue
    from sovscan.model.dependency import Layer
    from sovscan.model.evidence import Evidence
    from sovscan.render.explanation import Owners

SHORT = {"mail": "mail_in", "sender": "mail_out", "web": "web3p"}
"""Everyday words for layers."""


def explain(
    subject: Annotated[str, typer.Argument(metavar="TARGET|BUNDLE", help="A target, or a folder NAME.sovscan.")],
    layer: Annotated[
        list[str] | None, typer.Option("--layer", metavar="NAME", help="mail, identity, hosting, dns ...; repeatable.")
    ] = None,
    lang: opt.Lang = "auto",
    as_of: opt.AsOf = None,
    resolver: opt.Resolver = None,
    resolver_rate: opt.ResolverRate = 500,
    http_proxy: opt.HttpProxy = None,
    scope: opt.Scope = None,
    probe: opt.ProbeNames = None,
    ca_file: opt.CaFile = None,
    offline: opt.Offline = False,
    providers: opt.Providers = None,
    quiet: opt.Quiet = False,
) -> None:
    """Print the reasoning: signs, weights, what was absent, what could not be read, what would settle it."""
    from sovscan.attribute.calibration import load_calibration
    from sovscan.attribute.explain import reasons
    from sovscan.attribute.related import related_domains
    from sovscan.cli.bundle import read_bundle
    from sovscan.cli.collecting import CollectOptions, collect_evidence
    from sovscan.cli.console import write_out
    from sovscan.cli.judging import as_of_date, load_catalogue_or_refuse
    from sovscan.cli.language import languages
    from sovscan.render.explanation import render_explanation

    layers = _layers(layer or ())
    spoken = languages(lang)
    date = as_of_date(as_of)
    catalogue = load_catalogue_or_refuse(providers)
    broken = False
    if Path(subject).exists():
        evidence = read_bundle(Path(subject))
    else:
        collected = collect_evidence(
            [subject],
            None,
            None,
            catalogue,
            CollectOptions(resolver, resolver_rate, http_proxy, scope, probe, ca_file, offline, quiet),
        )
        evidence, broken = collected.evidence, collected.broken
    found = reasons(evidence, catalogue, date or evidence.collected_at[:10], layers=layers)
    related = related_domains(evidence, catalogue)
    owners = _owners(catalogue, evidence, date)
    agreements = {level.value: (each.agreed, each.seen) for level, each in load_calibration().items()}
    for language in spoken:
        write_out(render_explanation(found, owners, language, related, agreements))
    if broken:
        raise Done(ExitCode.INTERNAL)


def _layers(names: "list[str] | tuple[()]") -> "tuple[Layer, ...]":
    from sovscan.attribute.explain import PROBES_BY_LAYER

    known = {each.value: each for each in PROBES_BY_LAYER}
    chosen = []
    for name in names:
        key = SHORT.get(name, name)
        if key not in known:
            raise Refusal(f"--layer: unknown word {name!r}", f"one of {', '.join([*SHORT, *known])}")
        chosen.append(known[key])
    return tuple(chosen)


def _owners(catalogue: "Catalogue", evidence: "Evidence", as_of: str | None) -> "Owners":
    from sovscan.catalogue.control import controller, is_sourced

    date = as_of or evidence.collected_at[:10]
    return {
        ident: (each.name, *controller(each, catalogue, date), is_sourced(each, catalogue, date))
        for ident, each in catalogue.providers.items()
    }
