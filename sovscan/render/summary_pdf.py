"""The two-page summary as a PDF of its own, for a decision-maker."""

from sovscan.render.format import Format
from sovscan.render.pdf import render_summary_pdf

FORMAT = Format(
    name="summary-pdf",
    extension="pdf",
    media_type="application/pdf",
    render=render_summary_pdf,
    binary=True,
    isolated=True,
)
