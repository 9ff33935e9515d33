"""Content security policies: whom a page allows itself to load from (W3C CSP Level 3, 2.2 and 2.3)."""

import re
from collections.abc import Iterable, Mapping

_HOST_SOURCE = re.compile(
    r"(?:(?:https?|wss?)://)?(?P<host>(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]+)(?::[0-9*]+)?(?:/.*)?\Z",
    re.IGNORECASE,
)
_REPORTING = frozenset({"report-uri", "report-to"})


def parse_csp(policy: str) -> Mapping[str, tuple[str, ...]]:
    """Directives of one serialized policy with their sources; the first of two equal directives counts."""
    directives: dict[str, tuple[str, ...]] = {}
    for part in policy.split(";"):
        words = part.split()
        if words:
            directives.setdefault(words[0].lower(), tuple(words[1:]))
    return directives


def allowed_hosts(policies: Iterable[str], *, reporting: bool = True) -> tuple[str, ...]:
    """Hosts that the policies name, ``*.`` kept, lower case, sorted, unique: allowed, not proven to be used.

    ``reporting=False`` leaves out the hosts that only receive violation reports.
    """
    hosts: set[str] = set()
    for header in policies:
        for policy in header.split(","):
            for directive, sources in parse_csp(policy).items():
                if directive in _REPORTING and not reporting:
                    continue
                hosts.update(match["host"].lower() for match in map(_HOST_SOURCE.match, sources) if match)
    return tuple(sorted(hosts))
