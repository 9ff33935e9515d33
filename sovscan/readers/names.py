"""Names in one canonical form, and what a target written by a person means."""

import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

import idna

from sovscan.model.target import Target, TargetKind
from sovscan.readers.suffixes import Section, suffix_list

MAX_NAME = 253
"""Characters of a name in presentation form (RFC 1035, 2.3.4: 255 octets on the wire)."""

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)\Z")
_AS_NUMBER = re.compile(r"AS([0-9]{1,10})\Z", re.IGNORECASE)
_MAX_AS_NUMBER = 2**32 - 1


class InvalidName(ValueError):  # noqa: N818 - the word of the contract between rooms
    """A text is no name or target that can be audited; the message says why."""


class InvalidTargets(InvalidName):
    """Some lines of a list of targets cannot be audited."""

    def __init__(self, problems: tuple[tuple[int, str], ...]) -> None:
        self.problems = problems
        """Line number and reason of each."""
        super().__init__("\n".join(f"line {number}: {reason}" for number, reason in problems))


def canonical_domain(text: str) -> str:
    """The name in lower-case A-labels without trailing dot.

    UTS 46 (non-transitional: ``ß`` stays itself) and then our own check of letters, digits, hyphens and underscores,
    because resolvers accept far more. A label that is written with other characters and would turn into plain ASCII
    (``ＯＶＨ``, a hidden zero-width space) is refused: it looks like a name it is not. Raises InvalidName.
    """
    shown = text[:80]
    # U+3002 and its relatives are label separators in UTS 46.
    written = re.split("[.。．｡]", text.removesuffix("."))
    if not text or written == [""]:
        raise InvalidName("empty name")
    labels = [_canonical_label(label, shown) for label in written]
    name = ".".join(labels)
    if len(name) > MAX_NAME:
        raise InvalidName(f"{shown!r}: longer than {MAX_NAME} characters")
    if _NUMBER.match(labels[-1]):
        raise InvalidName(f"{shown!r}: a name cannot end in a number")
    return name


def is_name(text: str) -> bool:
    """Whether a text from the network is a name already in canonical form."""
    try:
        return canonical_domain(text) == text
    except InvalidName:
        return False


def labels_of(name: str) -> tuple[str, ...]:
    r"""The labels of a name in presentation form; ``\.`` inside a label does not split it (RFC 1035, 5.1)."""
    if "\\" not in name:
        return tuple(name.removesuffix(".").split("."))
    labels, label, escaped = [], "", False
    for character in name:
        if character == "." and not escaped:
            labels.append(label)
            label = ""
            continue
        label += character
        escaped = character == "\\" and not escaped
    return tuple(labels) if not label else (*labels, label)


def is_within(name: str, suffix: str) -> bool:
    """Whether a name equals a suffix or stands below it, by whole labels: ``notoutlook.com`` is not ``outlook.com``."""
    if "\\" not in name:
        return name == suffix or name.endswith("." + suffix)
    inner, outer = labels_of(name), labels_of(suffix)
    return inner[-len(outer) :] == outer


def public_suffix(name: str, *, private: bool = True) -> str:
    """The part of a canonical name under which anybody can register; the last label when no rule is known.

    ``private=False`` leaves out the suffixes that companies run for their customers, such as ``github.io``.
    """
    labels = labels_of(name)
    count = suffix_list().suffix(labels, private=private).labels
    return ".".join(labels[-count:])


def suffix_section(name: str) -> Section:
    """Who wrote the rule that gives the public suffix of a canonical name."""
    return suffix_list().suffix(labels_of(name)).section


def registrable(name: str, *, private: bool = True) -> str | None:
    """The public suffix of a canonical name and one label more; None when the name is itself a public suffix."""
    labels = labels_of(name)
    count = suffix_list().suffix(labels, private=private).labels
    return ".".join(labels[-count - 1 :]) if len(labels) > count else None


def parents(name: str) -> Iterator[str]:
    """The names above a canonical name, nearest first, down to the last label."""
    labels = labels_of(name)
    for start in range(1, len(labels)):
        yield ".".join(labels[start:])


def unicode_form(name: str) -> str:
    """The name as people read it, for display beside its A-labels; labels that do not decode stay as they are."""
    return ".".join(_u_label(label) for label in name.split("."))


def mixes_scripts(name: str) -> bool:
    """Whether one label of a canonical name mixes letters of several scripts, as look-alikes do (UTS 39, 5)."""
    return any(len(_scripts(_u_label(label))) > 1 for label in name.split("."))


def parse_target(text: str) -> Target:
    """The target a person wrote: a domain, ``host:NAME``, a URL, an AS number, an address or a prefix.

    A plain name is a domain, audited with its mail; ``www.NAME`` and ``host:NAME`` are single hosts. Of a URL the
    scheme, host, port and path are kept, never the user name, password, query or fragment. Raises InvalidName.
    """
    written = text.strip()
    if match := _AS_NUMBER.match(written):
        number = int(match[1])
        if not 0 < number <= _MAX_AS_NUMBER:
            raise InvalidName(f"{written}: an AS number lies between 1 and {_MAX_AS_NUMBER}")
        return Target(kind=TargetKind.NETWORK, value=f"AS{number}")
    if "://" in written:
        return Target(kind=TargetKind.URL, value=_canonical_url(written))
    if (network := _network(written)) is not None:
        return Target(kind=TargetKind.NETWORK, value=network)
    if written.lower().startswith("host:"):
        return Target(kind=TargetKind.HOST, value=_registered(canonical_domain(written[5:])))
    name = _registered(canonical_domain(written))
    return Target(kind=TargetKind.HOST if name.startswith("www.") else TargetKind.DOMAIN, value=name)


def read_target_lines(text: str) -> tuple[Target, ...]:
    """The targets of a list, one a line, in the order of their first appearance; ``#`` begins a comment.

    A byte-order mark, carriage returns and repetitions are accepted. Raises InvalidTargets, naming every bad line.
    """
    targets: dict[tuple[TargetKind, str], Target] = {}
    problems = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        written = re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()
        if not written:
            continue
        try:
            target = parse_target(written)
        except InvalidName as error:
            problems.append((number, str(error)))
        else:
            targets.setdefault((target.kind, target.value), target)
    if problems:
        raise InvalidTargets(tuple(problems))
    return tuple(targets.values())


def _canonical_label(label: str, shown: str) -> str:
    if not label:
        raise InvalidName(f"{shown!r}: empty label")
    if not label.isascii():
        try:
            mapped = idna.uts46_remap(label, std3_rules=False, transitional=False)
            if mapped.isascii():
                raise InvalidName(f"{shown!r}: looks like {mapped!r}, but is written with other characters")
            label = idna.alabel(mapped).decode("ascii")
        except (idna.IDNAError, UnicodeError) as error:
            if isinstance(error, InvalidName):
                raise
            raise InvalidName(f"{shown!r}: {error}") from error
    label = label.lower()
    if len(label) > 63:
        raise InvalidName(f"{shown!r}: a label is longer than 63 characters")
    if not _LABEL.match(label):
        raise InvalidName(f"{shown!r}: only letters, digits, hyphens and underscores, no hyphen at an end")
    if label.startswith("xn--"):
        try:
            idna.ulabel(label)
        except (idna.IDNAError, UnicodeError) as error:
            raise InvalidName(f"{shown!r}: {label!r} is no valid internationalised label") from error
    return label


def _u_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return idna.ulabel(label)
    except (idna.IDNAError, UnicodeError):
        return label


def _scripts(label: str) -> set[str]:
    # The standard library has no script property; the first word of a letter's name is its script.
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in label if letter.isalpha()}
    japanese = {"CJK", "HIRAGANA", "KATAKANA"}
    return (scripts - japanese) | {"CJK"} if scripts & japanese else scripts


def _registered(name: str) -> str:
    if registrable(name, private=False) is None:
        raise InvalidName(f"{name!r}: nobody's domain, it is a public suffix or a bare label")
    return name


def _network(text: str) -> str | None:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    if ipaddress.ip_interface(text).ip != network.network_address:
        raise InvalidName(f"{text!r}: the address lies inside the prefix; write {network}")
    return str(network)


def _canonical_url(text: str) -> str:
    if any(character <= " " or character == "\x7f" for character in text):
        raise InvalidName(f"{text[:80]!r}: a URL holds no spaces or control characters")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise InvalidName(f"{text[:80]!r}: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidName(f"{text[:80]!r}: only http and https URLs with a host")
    host = _canonical_host(parts.hostname)
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}{'' if port in (None, default) else f':{port}'}{parts.path or '/'}"


def _canonical_host(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return canonical_domain(host)
    return f"[{address}]" if address.version == 6 else str(address)
