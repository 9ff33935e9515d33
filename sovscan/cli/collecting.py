"""From options to evidence: the one place where the network is opened."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sovscan import __version__
from sovscan.cli.as_one import tell_as_one
from sovscan.cli.checkouts import Checkout, resolved, scanned
from sovscan.cli.collect_settings import with_file
from sovscan.cli.console import Progress, say
from sovscan.cli.discovery import FoundFile
from sovscan.cli.exits import Refusal
from sovscan.files.evidence_bundle import in_order
from sovscan.files.strict_yaml import suggestion
from sovscan.model.target import Target

if TYPE_CHECKING:
    from sovscan.catalogue.catalogue import Catalogue
    from sovscan.cli.configuration import Configuration
    from sovscan.model.audit import Audit
    from sovscan.model.evidence import Evidence, Observation
    from sovscan.net.net import NetSettings
    from sovscan.repository.scan import Scanned


@dataclass(frozen=True, slots=True)
class CollectOptions:
    """The collection options of the command line, as given."""

    resolver: Sequence[str] | None
    resolver_rate: float
    http_proxy: str | None
    scope: Sequence[str] | None
    probe: Sequence[str] | None
    ca_file: Path | None
    offline: bool
    quiet: bool
    imports: Sequence[Path] | None = None
    repositories: Sequence[Path] | None = None
    """Source trees to read beside the targets."""
    language: str = "en"
    """Of what is said to the user on the way."""
    asn_table: Path | None = None
    """Table of networks in the place of the one in use."""


@dataclass(frozen=True, slots=True)
class Collected:
    """Evidence, and whether a probe of ours broke on the way: then the run ends with 4 once everything is written."""

    evidence: "Evidence"
    broken: bool
    previous: "Audit | None" = None
    """The earlier audit to compare with; None: none was named."""


def collect_evidence(
    names: Sequence[str] | None,
    file: str | None,
    organisation: str | None,
    catalogue: "Catalogue",
    options: CollectOptions,
    configuration: "Configuration | None" = None,
    config: FoundFile | None = None,
    previous: Path | None = None,
) -> Collected:
    """Ask everything about the targets, and read the source trees beside them.

    ``configuration``: what to audit when neither names nor a file say so, read from ``config``. ``previous``: an
    earlier audit; else the one that the file of the targets names. Raises Refusal when an option, a target, a tree or
    the earlier audit cannot be used.
    """
    from sovscan.attribute.related import related_domains
    from sovscan.cli.importing import as_observations, labels_of, read_imports
    from sovscan.cli.previous import named_previous, refuse_other
    from sovscan.collect import ProbeBug, collect
    from sovscan.net.live import LiveNet
    from sovscan.probes.probe import Hints
    from sovscan.probes.registry import all_probes
    from sovscan.repository.gone import with_gone
    from sovscan.repository.joining import joined, with_holes

    if names or file is not None or configuration is None or not (configuration.targets or configuration.repositories):
        configuration = read_targets(names, file, needed=not options.repositories)
        config = FoundFile(path=Path(file), origin="-f") if file is not None and file != "-" else None
    options = with_file(options, configuration.collect, config)
    targets = configuration.targets
    trees = resolved(configuration.repositories, config, options.repositories, targets)
    earlier = named_previous(previous, configuration.previous, config)
    if earlier is not None:
        main = [target.value for target in targets if target.main] or [tree.name for tree in trees]
        refuse_other(earlier, main, datetime.now(UTC).isoformat())
    organisation = organisation or configuration.organisation
    tell_as_one(targets, organisation, options.language, quiet=options.quiet)
    declared = _declared(configuration, trees, catalogue, file or "sovscan.yaml")
    imported = read_imports(options.imports)
    labels = dict.fromkeys((*catalogue.host_labels(), *labels_of(imported, targets)))
    probes = all_probes()
    opt_in = frozenset(options.probe or ())
    known = {probe.id for probe in probes if probe.opt_in}
    if unknown := sorted(opt_in - known):
        raise Refusal(f"--probe: {unknown[0]!r} is not an opt-in probe", f"one of {', '.join(sorted(known))}")
    settings = _settings(options, opt_in)

    def files() -> "Scanned":
        found = scanned(trees, organisation)
        places = [tree.path for tree in trees], [tree.name for tree in trees]
        return with_gone(found, earlier.evidence, *places) if earlier is not None else found

    if not targets:
        alone = with_holes(files())
        stated = (*declared, *as_observations(imported, targets))
        return Collected(replace(alone, observations=in_order((*alone.observations, *stated))), False, earlier)
    bugs: list[ProbeBug] = []
    progress = Progress("asking", quiet=options.quiet)
    # Further resolvers are asked the essential questions only, so that a disagreement is seen.
    others = settings.resolvers[1:]

    async def run() -> "Evidence":
        async with AsyncExitStack() as stack:
            net = await stack.enter_async_context(LiveNet(settings))
            compared = {
                other: await stack.enter_async_context(LiveNet(replace(settings, resolvers=(other,))))
                for other in others
            }
            return await collect(
                targets,
                organisation=organisation or targets[0].label or targets[0].value,
                net=net,
                probes=probes,
                hints=Hints(dkim_selectors=catalogue.dkim_selectors(), host_labels=tuple(labels)),
                clock=lambda: datetime.now(UTC),
                vantage=net.vantage(),
                versions={"sovscan": __version__, **net.versions()},
                progress=lambda target, probe: progress.show(f"{target.value} {probe}"),
                on_bug=bugs.append,
                others=compared,
            )

    try:
        found = asyncio.run(run())
    finally:
        progress.close()
    for bug in bugs:
        say(f"sovscan: probe {bug.probe} broke on {bug.target.value}, its questions are holes: {bug.error!r}")
    stated = (*declared, *as_observations(imported, targets))
    if stated:
        found = replace(found, observations=in_order((*found.observations, *stated)))
    if trees:
        found = joined(found, files(), {tree.name: tree.main for tree in trees})
    for beside in related_domains(found, catalogue):
        say(
            f"found: {beside.domain} ({beside.way} of {beside.target}), not audited; a target if it is the same body's",
            quiet=options.quiet,
        )
    return Collected(found, bool(bugs), earlier)


def _declared(
    configuration: "Configuration", trees: Sequence[Checkout], catalogue: "Catalogue", file: str
) -> "tuple[Observation, ...]":
    known = [*catalogue.offers, *catalogue.providers, "self"]
    main = next((target.value for target in configuration.targets if target.main), trees[0].name if trees else "")
    for declaration in configuration.declared:
        if declaration.offer not in known:
            raise Refusal(
                f"{declaration.where.where}: unknown offer {declaration.offer!r}",
                suggestion(declaration.offer, known) or "see 'sovscan providers list', or say self",
            )
    stated = [declaration.observation(main, file) for declaration in configuration.declared]
    if configuration.context is not None:
        stated.append(configuration.context.observation(main, file))
    return tuple(stated)


def read_targets(names: Sequence[str] | None, file: str | None, *, needed: bool = True) -> "Configuration":
    """Targets, the organisation's name and declarations, from arguments and ``-f``.

    The first target given on the command line or in a list is the main one; a .yaml file says for itself. Raises
    Refusal without a target, unless there are source trees or none is ``needed``.
    """
    from sovscan.cli.configuration import Configuration, read_configuration, read_file
    from sovscan.readers.names import InvalidName, parse_target, read_target_lines

    found: list[Target] = []
    configuration = Configuration(organisation=None, targets=())
    try:
        found.extend(parse_target(name) for name in names or ())
        if file is not None:
            content, printed = read_file(file)
            if file.endswith((".yaml", ".yml")):
                configuration = read_configuration(content, printed)
                if not names and (configuration.targets or configuration.repositories):
                    return configuration
                found.extend(configuration.targets)
            else:
                found.extend(read_target_lines(content.decode("utf-8-sig", "replace")))
    except InvalidName as error:
        raise Refusal(str(error), "a domain, a host, a URL, an AS number or a prefix") from error
    unique = list({target.value: target for target in found}.values())
    if not unique and not needed:
        return configuration
    if not unique:
        raise Refusal("no target", "give a domain, or a list of them with -f FILE")
    first, *others = unique
    targets = (first, *(replace(other, main=False) for other in others))
    # What a file compares with is an audit of its own targets.
    return replace(configuration, targets=targets, previous=None if names else configuration.previous)


def _settings(options: CollectOptions, opt_in: frozenset[str]) -> "NetSettings":
    from sovscan.net.http_client import proxy_url
    from sovscan.net.net import NetSettings
    from sovscan.readers.addresses import Scope

    try:
        Scope.parse(options.scope or ())
    except ValueError as error:
        raise Refusal(f"--scope: {error}", "write it as 127.0.0.0/8 or 127.0.0.0/8:8080,8443") from error
    try:
        if options.http_proxy is not None:
            proxy_url(options.http_proxy)
    except ValueError as error:
        raise Refusal(str(error), "write it as http://127.0.0.1:3128") from error
    if options.ca_file is not None and not options.ca_file.is_file():
        raise Refusal(f"--ca-file: {options.ca_file} does not exist")
    return NetSettings(
        resolvers=tuple(_resolver(given) for given in options.resolver or ()),
        resolver_rate=options.resolver_rate,
        http_proxy=options.http_proxy,
        scope=tuple(options.scope or ()),
        opt_in=opt_in,
        offline=options.offline,
        ca_file=str(options.ca_file) if options.ca_file else None,
        asn_table=str(options.asn_table) if options.asn_table else None,
    )


def _resolver(given: str) -> str:
    import ipaddress

    host, colon, port = given.rpartition(":")
    if not colon or (given.count(":") > 1 and not given.startswith("[")):
        host, port = given, "53"
    try:
        address = ipaddress.ip_address(host.strip("[]"))
        if not 0 < int(port) < 65_536:
            raise ValueError(port)
    except ValueError as error:
        raise Refusal(f"--resolver: {given!r} is not ADDRESS[:PORT]", "for example 127.0.0.1:5300") from error
    return f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"
