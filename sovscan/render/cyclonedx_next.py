"""The bill of materials in CycloneDX 1.7, for those who ask for it (see ``cyclonedx``)."""

from sovscan.model.audit import Audit
from sovscan.render.cyclonedx import bill
from sovscan.render.format import Format, RenderOptions

VERSION = "1.7"


def render_cyclonedx_next(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """What ``render_cyclonedx`` writes, said to be of the later version of the specification."""
    return bill(audit, language, options, VERSION)


FORMAT = Format(
    name="cyclonedx-1.7",
    extension="cdx.json",
    media_type="application/vnd.cyclonedx+json; version=1.7",
    render=render_cyclonedx_next,
)
