"""Which languages to write, from ``--lang`` or the environment."""

import os

from sovscan.cli.exits import Refusal

LANGUAGES = ("fr", "en")
VARIABLE = "SOVSCAN_LANG"


def languages(asked: str) -> tuple[str, ...]:
    """``fr``, ``en`` or both, from ``fr|en|fr,en|auto``; ``auto`` is ``SOVSCAN_LANG``, else the environment's language.

    Raises Refusal on another word.
    """
    given_by = "--lang"
    if asked == "auto" and (named := os.environ.get(VARIABLE)):
        asked, given_by = named, VARIABLE
    if asked == "auto":
        return (_of_environment(),)
    chosen = tuple(dict.fromkeys(part.strip() for part in asked.split(",")))
    for language in chosen:
        if language not in LANGUAGES:
            raise Refusal(f"{given_by}: unknown language {language!r}", "one of fr, en, fr,en or auto")
    return chosen


def _of_environment() -> str:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return "fr" if value.lower().startswith("fr") else "en"
    return "en"
