"""Where this sovscan comes from, for formats that ask: said by its packager or by the runner, never made up."""

import os
from collections.abc import Iterator

VARIABLE = "SOVSCAN_INFORMATION_URI"
"""Set by ``ci/action.sh`` to the forge's address of the action that runs; a workflow may set its own."""
RULES_VARIABLE = "SOVSCAN_RULES_URI"
"""The address of the folder ``docs/rules``, likewise; never guessed from the other, for forges differ."""
_TITLES = ("homepage", "repository", "source", "source code")


def home_page() -> str | None:
    """The address in the variable, else in the metadata of the installed package; None: nobody says."""
    from sovscan.render.links import link

    return next((found for address in _addresses() if (found := link(address)) is not None), None)


def rule_pages() -> str | None:
    """The address in the variable; None: nobody says."""
    from sovscan.render.links import link

    return link(os.environ.get(RULES_VARIABLE, "").rstrip("/"))


def _addresses() -> Iterator[str]:
    yield os.environ.get(VARIABLE, "")
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        told = metadata("sovscan").get_all("Project-URL") or []
    except PackageNotFoundError:
        return
    named = {title.strip().lower(): address.strip() for title, _, address in (line.partition(",") for line in told)}
    yield from (named[title] for title in _TITLES if title in named)
