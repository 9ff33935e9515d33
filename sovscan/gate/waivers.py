"""Waivers: decisions to live with a finding, each with a reason, an owner and an end."""

import fnmatch
from dataclasses import dataclass
from datetime import date, timedelta

from sovscan.files.strict_yaml import RULE_LIMIT, Node, YamlError, load
from sovscan.model.dependency import Dependency
from sovscan.readers.names import InvalidName, canonical_domain, is_within, public_suffix

LONGEST_DAYS = 366
SHORTEST_REASON = 10
"""Characters."""
_WILD = frozenset("*/?.[]!-")
"""Characters of a path that by themselves name nothing: ``**/*.*`` is every file."""
_KEYS = ("domain", "path", "purl", "provider")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a waiver covers: everything given must hold, at least one thing is given."""

    domain: str | None = None
    """A domain of the audit with all that was found for it, or the name of a service and the names below it. Of what
    did not answer: a name, which excuses its own silence alone."""
    path: str | None = None
    """Glob over paths of a repository: ``*`` stays inside a folder, ``**`` does not."""
    purl: str | None = None
    """Package URL; without a version it covers every version."""
    provider: str | None = None
    """Catalogue id of the operator or of its host."""

    def __str__(self) -> str:
        return ", ".join(f"{key} {value}" for key in _KEYS if (value := getattr(self, key)) is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One entry of the file."""

    rule: str
    """Id of a finding rule, or ``policy`` for what the policy block fails."""
    match: Match
    reason: str
    owner: str
    expires: str
    """ISO date of the last day it holds."""
    ticket: str | None
    where: str
    """``file:line:column``."""

    def expired(self, today: str) -> bool:
        """Whether its last day is over on the ISO date ``today``."""
        return self.expires < today


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a finding, or what a policy rule matched, stands."""

    rule: str
    location: str
    """As in a finding: ``layer:subject`` or ``path:line``."""
    dependency: Dependency | None
    domains: tuple[str, ...] = ()
    """For what concerns the organisation as a whole: its main targets."""
    silent: tuple[str, ...] = ()
    """Of a finding about questions without an answer: the names that they asked for."""


def read_waivers(content: bytes, name: str, today: str) -> tuple[Waiver, ...]:
    """The entries of a waiver file. Raises YamlError with the place of a fault.

    ``today`` is the ISO date from which an end may lie at most 366 days ahead.
    """
    root = load(content, name=name, limit=RULE_LIMIT)
    return tuple(
        _waiver(node, today) for node in root.mapping(required=("waivers",), optional=())["waivers"].sequence()
    )


def covers(waiver: Waiver, place: Place) -> bool:
    """Whether a waiver speaks of a place, expired or not."""
    match = waiver.match
    return waiver.rule == place.rule and (
        (match.domain is None or _in_domain(match.domain, place))
        and (match.path is None or _on_path(match.path, place.location))
        and (match.purl is None or _is_package(match.purl, place.dependency))
        and (match.provider is None or _is_of(match.provider, place.dependency))
    )


def covers_name(waiver: Waiver, place: Place, name: str) -> bool:
    """Whether a waiver speaks of the silence of one name, expired or not; each of a place's names needs one.

    That name and none below it: of a name that did not answer nobody knows what is below.
    """
    return waiver.rule == place.rule and waiver.match == Match(domain=name)


def _waiver(node: Node, today: str) -> Waiver:
    keys = node.mapping(required=("rule", "match", "reason", "owner", "expires"), optional=("ticket",))
    reason = keys["reason"].text().strip()
    if len(reason) < SHORTEST_REASON:
        raise keys["reason"].error(
            f"a reason has at least {SHORTEST_REASON} characters", "say why the organisation accepts this, for a reader"
        )
    if not (owner := keys["owner"].text().strip()):
        raise keys["owner"].error("nobody owns this waiver", "name who decided it, a person or a service")
    return Waiver(
        rule=keys["rule"].text(),
        match=_match(keys["match"]),
        reason=reason,
        owner=owner,
        expires=_expiry(keys["expires"], today),
        ticket=keys["ticket"].text() if "ticket" in keys else None,
        where=node.where,
    )


def _match(node: Node) -> Match:
    keys = node.mapping(optional=_KEYS)
    if not keys:
        raise node.error("matches everything", f"name at least one of {', '.join(_KEYS)}")
    domain = None
    if "domain" in keys:
        try:
            domain = canonical_domain(keys["domain"].text())
        except InvalidName as error:
            raise keys["domain"].error(
                str(error), "a domain or host name, without a wildcard: what is below it is covered"
            ) from error
        if public_suffix(domain, private=False) == domain:
            raise keys["domain"].error("covers everybody's domains", "name a domain of your own, or a host")
    path = keys["path"].text() if "path" in keys else None
    if path is not None and set(path) <= _WILD:
        raise keys["path"].error("covers the whole repository", "name a folder or a file")
    return Match(
        domain=domain,
        path=path,
        purl=keys["purl"].text() if "purl" in keys else None,
        provider=keys["provider"].text() if "provider" in keys else None,
    )


def _expiry(node: Node, today: str) -> str:
    text = node.text()
    try:
        end = date.fromisoformat(text)
    except ValueError:
        raise _no_date(node, text) from None
    if end.isoformat() != text:
        raise _no_date(node, text)
    latest = date.fromisoformat(today) + timedelta(days=LONGEST_DAYS)
    if end > latest:
        raise node.error(
            f"expires more than {LONGEST_DAYS} days after {today}",
            f"at the latest {latest.isoformat()}, then decide again",
        )
    return text


def _no_date(node: Node, text: str) -> YamlError:
    return node.error(f"{text!r} is no date", "write it as 2026-11-21")


def _in_domain(domain: str, place: Place) -> bool:
    if place.dependency is not None:
        return place.dependency.domain == domain or is_within(place.dependency.subject, domain)
    return domain in place.domains or place.location.partition(":")[2] == domain


def _on_path(glob: str, location: str) -> bool:
    path, colon, line = location.rpartition(":")
    if not colon or not line.isdigit():
        return False
    return _segments_match(tuple(path.split("/")), tuple(glob.removeprefix("./").split("/")))


def _segments_match(path: tuple[str, ...], glob: tuple[str, ...]) -> bool:
    """Whether the folders of a path follow a glob; row by row, so that many ``**`` cost no more than one."""
    reached = {0}
    for pattern in glob:
        if pattern == "**":
            reached = set(range(min(reached), len(path) + 1)) if reached else set()
        else:
            reached = {at + 1 for at in reached if at < len(path) and fnmatch.fnmatchcase(path[at], pattern)}
    # A trailing "**" stands for what is in the folder, not for the folder's own name.
    return len(path) in reached


def _is_package(purl: str, dependency: Dependency | None) -> bool:
    if dependency is None:
        return False
    named = {dependency.subject, *(signal.value for signal in dependency.attribution.signals)}
    return any(name == purl or name.startswith(f"{purl}@") for name in named)


def _is_of(provider: str, dependency: Dependency | None) -> bool:
    if dependency is None:
        return False
    host = dependency.host.provider if dependency.host else None
    return provider in (dependency.attribution.provider, host)
