"""Where a SARIF result is shown: a line of the checkout, or the name of its target where no file was read.

GitHub refuses a whole upload for one result without such a location (codeql-action, issue 2459).
"""

from typing import Any
from urllib.parse import quote

from sovscan.render.view.reading import Reading

ROOT = "SRCROOT"
"""Name of the checkout's own place in a run."""
_SAFE = "/._-"


def in_checkout(path: str, line: int) -> dict[str, Any]:
    """A physical location in a file of the checkout; the line counts from 1."""
    return {
        "artifactLocation": {"uri": quote(path, safe=_SAFE), "uriBaseId": ROOT},
        "region": {"startLine": line},
    }


def without_file(reading: Reading, name: str) -> dict[str, Any]:
    """A name in the place of a file, and that it is none."""
    return {
        "artifactLocation": {
            "uri": quote(name, safe=_SAFE),
            "description": {"text": reading.words("sarif.no_file")},
        },
        "region": {"startLine": 1},
    }
