"""The sources of a report, numbered once, so that no page repeats a title."""

from collections.abc import Iterable, Mapping

from sovscan.locale.law_watch import law_watch
from sovscan.model.audit import Audit
from sovscan.model.finding import Verdict
from sovscan.model.text import Source


def numbered(audit: Audit) -> Mapping[Source, str]:
    """``S-01`` by source, in the order of the report: findings, texts, law in motion, qualifications."""
    rules = {rule.id: rule for rule in audit.rules}
    named = dict.fromkeys(found.rule for found in audit.findings if found.verdict is not Verdict.CLEAR)
    groups: list[Iterable[Source]] = [rules[rule].sources for rule in named if rule in rules]
    groups += [law.sources for law in audit.laws]
    groups += [entry.sources for entry in law_watch()]
    groups += [view.certification.sources for view in audit.qualifications[:50]]
    once = dict.fromkeys(source for group in groups for source in group)
    places = {place: f"S-{n:02d}" for n, place in enumerate(dict.fromkeys(map(_place, once)), start=1)}
    return {source: places[_place(source)] for source in once}


def _place(source: Source) -> str:
    """A page is one source, however it is titled; what has no address is known by its title."""
    return source.url.partition("#")[0] or source.title
