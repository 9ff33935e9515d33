"""Words of the evidence in the reader's language; a word that nobody foresaw is given back as it stands."""

from sovscan.locale.words import Words


def said(say: Words, key: str) -> str:
    """What a word of the evidence means: ``flag.parked``, ``probe.mx``; unforeseen, the word without its family."""
    return say(key) if say.has(key) else key.partition(".")[2]


def why(say: Words, reason: str) -> str:
    """Why a question has no answer: ``timeout`` as ``délai dépassé``, ``http-503`` as ``HTTP 503``."""
    if reason.startswith("http-"):
        return f"HTTP {reason.removeprefix('http-')}"
    return said(say, f"reason.{reason.removeprefix('dns-')}")
