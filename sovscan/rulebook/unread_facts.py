"""Which questions about a domain could each have shown a service, and which of them nobody answered."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.unread import may_hide_a_service
from sovscan.model.evidence import Observation, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The questions of one sort."""

    all: tuple[Observation, ...]
    silent: tuple[Observation, ...]
    """Those that are holes: what they would have shown is not known."""


def asked_about(
    domain: str,
    seen: Mapping[tuple[str, str], list[Observation]],
    policy: Iterable[Observation],
    catalogue: Catalogue,
) -> dict[str, Asked]:
    """By sort: ``identity``, ``hosts``, ``senders``, ``registrar``; ``policy``: the SPF records that were followed."""
    found = {name: _of(shows, domain, seen, catalogue) for name, shows in _SORTS.items()}
    included = [each for each in policy if each.probe == "spf"]
    found["senders"] = _asked((*found["senders"].all, *included), catalogue)
    return found


def _asked(asked: tuple[Observation, ...], catalogue: Catalogue) -> Asked:
    return Asked(all=asked, silent=tuple(each for each in asked if may_hide_a_service(each, catalogue)))


def _of(
    shows: Callable[[str, str, str, Catalogue], bool],
    domain: str,
    seen: Mapping[tuple[str, str], list[Observation]],
    catalogue: Catalogue,
) -> Asked:
    asked = (
        each
        for (probe, subject), found in seen.items()
        if shows(probe, subject, domain, catalogue)
        for each in found
        if probe != _REGISTRAR or each.outcome is not Outcome.SKIPPED  # METHOD 5.4: not asked is printed, and no more
    )
    return _asked(tuple(asked), catalogue)


def _shows_accounts(probe: str, subject: str, domain: str, catalogue: Catalogue) -> bool:
    label, _, rest = subject.partition(".")
    match probe:
        case "microsoft-names":
            return rest == domain
        case "autodiscover":
            return rest in {domain, f"_tcp.{domain}"}
        case "host-names":
            return rest == domain and label in catalogue.host_names.sign_in
        case "dkim":
            return rest == f"_domainkey.{domain}" and label in catalogue.suite_selectors
        case _:
            return False


def _shows_hosts(probe: str, subject: str, domain: str, _: Catalogue) -> bool:
    return probe == "host-names" and subject.partition(".")[2] == domain


def _shows_senders(probe: str, subject: str, domain: str, _: Catalogue) -> bool:
    match probe:
        case "dkim":
            return subject.partition(".")[2] == f"_domainkey.{domain}"
        case "dmarc":
            return subject == f"_dmarc.{domain}"
        case "tls-rpt":
            return subject == f"_smtp._tls.{domain}"
        case _:
            return False


_REGISTRAR = "rdap-domain"


def _shows_registrar(probe: str, subject: str, domain: str, _: Catalogue) -> bool:
    return probe == _REGISTRAR and (subject == domain or domain.endswith(f".{subject}"))


_SORTS: Mapping[str, Callable[[str, str, str, Catalogue], bool]] = {
    "identity": _shows_accounts,
    "hosts": _shows_hosts,
    "senders": _shows_senders,
    "registrar": _shows_registrar,
}
