"""Small catalogue files for tests."""

from sovscan.catalogue import read
from sovscan.catalogue.catalogue import Catalogue
from sovscan.catalogue.lint import lint
from sovscan.catalogue.load import jurisdictions
from sovscan.files.strict_yaml import load

HEAD = "about: {schema: sovscan-providers/1, date: 2026-11-21, strengths: {txt: weak}}\n"
SOURCES = "sources: {page: {title: A page, url: 'https://example.org/a', checked: 2026-11-21}}\n"


def reading(text: str) -> read.Reading:
    return read.read(load((HEAD + text).encode(), name="p.yaml"), jurisdictions().countries)


def catalogue_of(text: str) -> Catalogue:
    found = reading(text)
    return Catalogue(date=found.date, digest="", providers=found.providers)


def provider(ident: str, offers: str = "", more: str = "", *, entity: str = "") -> str:
    return (
        f"  {ident}:\n    name: {ident}\n    entity: {entity or ident.title()}\n    seat: FR\n    checked: 2026-11-21\n"
        f"{more}" + (f"    offers:\n{offers}" if offers else "")
    )


def offer(ident: str, signatures: str, more: str = "") -> str:
    return f"      {ident}: {{name: {ident}, roles: [mail_in.gateway], signatures: {{{signatures}}}{more}}}\n"


def faults(text: str) -> list[str]:
    return [str(fault) for fault in lint(reading(text))]
