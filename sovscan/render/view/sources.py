"""The sources of a report, numbered once, so that no page repeats a title."""

from collections.abc import Iterable, Iterator, Mapping

from sovscan.locale.law_watch import law_watch
from sovscan.model.audit import Audit, ProviderView
from sovscan.model.finding import Verdict
from sovscan.model.text import Source


def numbered(audit: Audit) -> Mapping[Source, str]:
    """``S-01`` by source, in the order of the report: findings, owners, texts, law in motion, qualifications."""
    rules = {rule.id: rule for rule in audit.rules}
    named = dict.fromkeys(found.rule for found in audit.findings if found.verdict is not Verdict.CLEAR)
    groups: list[Iterable[Source]] = [rules[rule].sources for rule in named if rule in rules]
    groups += [owner_sources(owner) for owner in _owners(audit)]
    groups += [law.sources for law in audit.laws]
    groups += [entry.sources for entry in law_watch()]
    groups += [view.certification.sources for view in audit.qualifications[:50]]
    once = dict.fromkeys(source for group in groups for source in group)
    places = {place: f"S-{n:02d}" for n, place in enumerate(dict.fromkeys(map(_place, once)), start=1)}
    return {source: places[_place(source)] for source in once}


def owner_sources(provider: ProviderView) -> tuple[Source, ...]:
    """What the printed chain of control rests on: entity and seat, then every holder, nearest first."""
    return tuple(dict.fromkeys((*provider.sources, *(one for held in provider.chain for one in held.sources))))


def _owners(audit: Audit) -> Iterator[ProviderView]:
    """Those whose chain is printed: who runs a service."""
    views = {view.id: view for view in audit.providers}
    named = dict.fromkeys(found.attribution.provider for found in audit.dependencies)
    return (views[one] for one in named if one in views)


def _place(source: Source) -> str:
    """A page is one source, however it is titled; what has no address is known by its title."""
    return source.url.partition("#")[0] or source.title
