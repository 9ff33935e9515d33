"""Response headers: names, the server's word about itself, cookie names; never a cookie's value."""

import re
from collections.abc import Iterable

Headers = Iterable[tuple[str, str]]

_COOKIE_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}\Z")


def header_names(headers: Headers) -> tuple[str, ...]:
    """Names in lower case, sorted, unique."""
    return tuple(sorted({name.lower() for name, _ in headers}))


def header_values(headers: Headers, name: str) -> tuple[str, ...]:
    """Values of one header, in order."""
    return tuple(value.strip() for given, value in headers if given.lower() == name)


def cookie_names(headers: Headers) -> tuple[str, ...]:
    """Names of the cookies that are set (RFC 6265, 4.1.1), sorted, unique; malformed ones are left out."""
    names = (value.partition("=")[0].strip() for value in header_values(headers, "set-cookie"))
    return tuple(sorted({name for name in names if _COOKIE_NAME.match(name)}))
