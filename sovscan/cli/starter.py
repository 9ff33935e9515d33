"""A ``sovscan.yaml`` to begin with: the domains a checkout names as its own, and what may be written besides."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.provider import SignalKind
from sovscan.readers.names import InvalidName, canonical_domain, registrable

_LARGEST = 262_144
"""Bytes read of a file."""
_MOST = 10
_ORIGIN = re.compile(r"^\$ORIGIN\s+(\S+)", re.MULTILINE)
_SERVED = re.compile(r"^\s*server_name\s+([^;{}]+);", re.MULTILINE)
_KINDS = (SignalKind.WEB_HOST, SignalKind.CNAME, SignalKind.ENDPOINT)
_RESERVED = ("example.com", "example.net", "example.org", "localhost", "localdomain")
"""RFC 2606 and RFC 6761: names nobody owns, found in every template."""

_HEAD = """\
# What sovscan audits, and what its gate forbids. Every key is optional; 'sovscan config show' prints what is in force.
# In CI, name this file (--config, the copy of the base branch): a file that was only found may tighten the gate, and
# 'then: allow', declarations and waivers count only in a file that was named.

# organisation: Name printed on reports
"""
_TAIL = """\

# Source trees of the same organisation, from this folder: 'sovscan audit' reads them into the same report and gate.
# repositories:
#   - .
#   - {path: ../infrastructure, name: Infrastructure}

# Services a scan from outside cannot see. Offers: 'sovscan providers list'; self: run by yourselves.
# declared:
#   - {layer: saas, role: business, offer: self, service: Payroll, proof: contract-2026.pdf}

# What binds the organisation, for rules that no scan could apply. Obligations: hds sren dora nis2.
# context:
#   {sector: health, obligations: [hds], sensitive_data: true}

# An earlier audit of these targets, from this folder: the report says what changed since.
# previous: audits/last.sovscan

# How the network is asked, where the command line does not say; counts only in a file that was named.
# collect: {resolvers: [192.0.2.53], resolver_rate: 100, http_proxy: "http://proxy.example:3128", scope: [10.0.0.0/8]}
# asn_table: networks.bin  # made by 'sovscan data update'

# The first rule that matches decides. Layers: mail_in identity hosting cdn saas web3p mail_out dns registry ca supply.
# Levels, best first: IMMUNE NONE TECHNOLOGY PRESENCE INFLUENCE UNKNOWN HOSTED_ON PARENT DIRECT.
# Findings are accepted one by one, with an owner and an end, in sovscan-waivers.yaml beside this file.
policy:
#  - when: {layer: mail_in, level_at_least: HOSTED_ON}
#    then: fail
#    reason: Correspondence stays under European control
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDomain:
    """A domain a file names as the organisation's own."""

    name: str
    source: str
    """Relative path of the file."""


def own_domains(folder: Path, catalogue: Catalogue) -> tuple[OwnDomain, ...]:
    """The domains of a checkout's own files, without those of providers of the catalogue; at most ten, in that order.

    Read: CNAME, zone files, package.json and composer.json (homepage), pyproject.toml (URLs), nginx configurations.
    """
    found: dict[str, OwnDomain] = {}
    for source, name in _candidates(folder):
        domain = _own(name, catalogue)
        if domain is not None:
            found.setdefault(domain, OwnDomain(name=domain, source=source))
    return tuple(found.values())[:_MOST]


def starter(domains: Iterable[OwnDomain]) -> str:
    """The file's text."""
    listed = tuple(domains)
    if not listed:
        targets = "# Your domains; the first is the main one.\n# targets:\n#   - organisation.example\n"
    else:
        first, *others = listed
        rows = [f"  - {first.name}  # found in {first.source}"]
        rows += [f"  - {{name: {other.name}, main: false}}  # found in {other.source}" for other in others]
        targets = "# Domains to audit; one that is not main weighs half.\ntargets:\n" + "\n".join(rows) + "\n"
    return f"{_HEAD}\n{targets}{_TAIL}"


def _candidates(folder: Path) -> Iterator[tuple[str, str]]:
    for name in ("CNAME", "static/CNAME", "public/CNAME", "docs/CNAME"):
        yield from ((name, line.strip()) for line in _text(folder / name).splitlines())
    for pattern in ("*.zone", "zones/*", "dns/*.zone"):
        for path in sorted(folder.glob(pattern)):
            yield from ((_relative(path, folder), name) for name in _ORIGIN.findall(_text(path)))
    for name in ("package.json", "composer.json"):
        yield from ((name, address) for address in _addresses(_json(folder / name).get("homepage")))
    urls = _toml(folder / "pyproject.toml").get("project", {})
    urls = urls.get("urls", {}) if isinstance(urls, dict) else {}
    for address in urls.values() if isinstance(urls, dict) else ():
        yield from (("pyproject.toml", host) for host in _addresses(address))
    for pattern in ("nginx*.conf", "nginx/*.conf", "conf.d/*.conf"):
        for path in sorted(folder.glob(pattern)):
            for names in _SERVED.findall(_text(path)):
                yield from ((_relative(path, folder), name) for name in names.split())


def _own(written: str, catalogue: Catalogue) -> str | None:
    try:
        name = canonical_domain(written.rstrip("."))
    except InvalidName:
        return None
    domain = registrable(name)
    if domain is None or domain in _RESERVED:
        return None
    if any(catalogue.match_name(kind, tried) for kind in _KINDS for tried in (name, domain)):
        return None
    return domain


def _addresses(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        try:
            host = urlsplit(value).hostname
        except ValueError:
            return
        if host:
            yield host


def _text(path: Path) -> str:
    """The beginning of a regular file; empty for anything else."""
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as stream:
        return stream.read(_LARGEST).decode("utf-8", "replace")


def _json(path: Path) -> dict[str, Any]:
    try:
        plain = json.loads(_text(path) or "{}")
    except (ValueError, RecursionError):
        return {}
    return plain if isinstance(plain, dict) else {}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except (ValueError, RecursionError):
        return {}


def _relative(path: Path, folder: Path) -> str:
    """Of our own writing only: a file name may hold anything, a comment must stay one line."""
    text = path.relative_to(folder).as_posix()
    return text if text.isprintable() and text.isascii() else "a zone or server file"
