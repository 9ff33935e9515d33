"""Which addresses may become links."""

from urllib.parse import urlsplit

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&()*+,;=%")
_LONGEST = 2048


def link(url: str) -> str | None:
    """The address when it may be followed, else None: then it is shown as text.

    Only ``https``, plain ASCII of RFC 3986, a host with a dot, no user name, no port but the usual one. A source in the
    catalogue is written by people, but overlays are handed around and RDAP answers carry links.
    """
    if len(url) > _LONGEST or not url.startswith("https://") or not set(url) <= _PLAIN:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    named = "." in host.strip(".") and all(character.isalnum() or character in "-." for character in host)
    return url if named and parts.username is None and port in (None, 443) else None
