"""The technical annex as a PDF of its own, for an expert or a counter-expert (REPORTS 2)."""

from sovscan.render.format import Format
from sovscan.render.pdf import render_annex_pdf

FORMAT = Format(
    name="annex-pdf",
    extension="pdf",
    media_type="application/pdf",
    render=render_annex_pdf,
    binary=True,
    isolated=True,
)
