"""Documents of sample audits, each laid out once in a process: a report on paper costs seconds of processor time."""

import functools
import shutil
import subprocess
from collections.abc import Callable

import pytest

from sovscan.model.audit import Audit
from sovscan.render.format import RenderOptions
from sovscan.render.registry import formats


@functools.cache
def rendered(make: Callable[[], Audit], name: str, language: str) -> bytes:
    """The audit that ``make`` gives in the format of that name, without options."""
    return formats()[name].render(make(), language, RenderOptions())


@functools.cache
def text_of_pdf(content: bytes, *options: str) -> str:
    """What poppler reads in it; the test is skipped where poppler is not installed."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    ran = subprocess.run(["pdftotext", *options, "-", "-"], input=content, capture_output=True, check=True)
    return ran.stdout.decode()
