"""The public suffix list: where a name that somebody registered begins (https://publicsuffix.org/list/)."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import idna

from sovscan.files.bundled import read


class Section(StrEnum):
    """Who wrote the rule: a registry, a company that rents out subdomains, or nobody."""

    ICANN = "icann"
    PRIVATE = "private"
    UNLISTED = "unlisted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suffix:
    """The public suffix of one name."""

    labels: int
    """How many labels at the end of the name are public."""
    section: Section


@dataclass(frozen=True, slots=True, kw_only=True)
class SuffixList:
    """The rules of the list by their A-labels."""

    plain: dict[str, Section]
    wildcard: dict[str, Section]
    """Keyed without ``*.``."""
    exception: dict[str, Section]
    """Keyed without ``!``."""
    version: str
    """The date line of the file; empty when it has none."""

    def suffix(self, labels: tuple[str, ...], *, private: bool = True) -> Suffix:
        """The suffix of canonical labels: an exception wins, else the longest rule, else the last label."""
        found = Suffix(labels=min(1, len(labels)), section=Section.UNLISTED)
        for count in range(1, len(labels) + 1):
            name = ".".join(labels[-count:])
            if self._applies(self.exception, name, private):
                return Suffix(labels=count - 1, section=self.exception[name])
            if self._applies(self.plain, name, private):
                found = Suffix(labels=count, section=self.plain[name])
            if count < len(labels) and self._applies(self.wildcard, name, private):
                found = Suffix(labels=count + 1, section=self.wildcard[name])
        return found

    @staticmethod
    def _applies(rules: dict[str, Section], name: str, private: bool) -> bool:
        section = rules.get(name)
        return section is not None and (private or section is Section.ICANN)


@cache
def suffix_list() -> SuffixList:
    """The bundled list, read once."""
    return parse_suffix_list(read("data", "public_suffix_list.dat").decode("utf-8"))


def parse_suffix_list(text: str) -> SuffixList:
    """The rules of a list in the format of publicsuffix.org."""
    plain: dict[str, Section] = {}
    wildcard: dict[str, Section] = {}
    exception: dict[str, Section] = {}
    section, version = Section.ICANN, ""
    for line in text.splitlines():
        if line.startswith("//"):
            if "===BEGIN PRIVATE DOMAINS===" in line:
                section = Section.PRIVATE
            elif line.startswith("// VERSION:"):
                version = line.removeprefix("// VERSION:").strip()
            continue
        rule = line.split()[0] if line.split() else ""
        if rule.startswith("!"):
            exception[_a_labels(rule[1:])] = section
        elif rule.startswith("*."):
            wildcard[_a_labels(rule[2:])] = section
        elif rule:
            plain[_a_labels(rule)] = section
    return SuffixList(plain=plain, wildcard=wildcard, exception=exception, version=version)


def _a_labels(name: str) -> str:
    return name.lower() if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
