"""The audit as canonical JSON: the file every other format can be made from again."""

from sovscan.files.canonical import dumps_pretty
from sovscan.files.records import to_plain
from sovscan.model.audit import Audit
from sovscan.render.format import Format, RenderOptions


def render_json(audit: Audit, language: str, options: RenderOptions) -> bytes:  # noqa: ARG001
    """``result.json``: sorted keys, UTF-8, LF; the same in every language and under every option."""
    return dumps_pretty(to_plain(audit))


FORMAT = Format(name="json", extension="json", media_type="application/json", render=render_json, localised=False)
