"""Everything that one run hands over, for five readers, in one folder (REPORTS 2)."""

from dataclasses import replace
from pathlib import Path

from sovscan.cli.deliver import Plan, PlannedOutput
from sovscan.cli.exits import Refusal
from sovscan.cli.language import languages
from sovscan.render.csv_text import DIALECTS
from sovscan.render.logo import LONGEST, LogoError, as_address
from sovscan.render.registry import formats

FILES = (
    ("summary-pdf", "summary.pdf"),
    ("pdf", "report.pdf"),
    ("html", "report.html"),
    ("annex-pdf", "annex.pdf"),
    ("tickets-csv", "tickets.csv"),
    ("tickets-md", "tickets.md"),
    ("questions-csv", "questions.csv"),
    ("questions-md", "questions.md"),
)
"""Format and file name in the subfolder of each language."""


def with_deliverables(plan: Plan, folder: Path | None, lang: str) -> Plan:
    """The plan with a subfolder a language, ``result.json`` and the evidence bundle beside them."""
    if folder is None:
        return plan
    known, chosen = formats(), languages(lang)
    outputs = [
        PlannedOutput(
            format=known[name],
            language=language,
            path=folder / language / file,
            sibling=_sibling(file, language, chosen) if name == "html" else None,
        )
        for language in chosen
        for name, file in FILES
    ]
    outputs.append(PlannedOutput(format=known["json"], language=chosen[0], path=folder / "result.json"))
    return replace(plan, outputs=(*plan.outputs, *outputs), bundles=folder)


def with_wrapping(
    plan: Plan, consultant: str | None, contact: str | None, logo: Path | None, csv_dialect: str = "rfc4180"
) -> Plan:
    """The plan with the auditor's name, contact and logo. Raises Refusal for one that cannot be used."""
    if csv_dialect not in DIALECTS:
        raise Refusal(f"--csv-dialect: unknown word {csv_dialect!r}", f"one of {', '.join(DIALECTS)}")
    options = replace(
        plan.options,
        consultant=consultant,
        contact=contact,
        logo=None if logo is None else _logo(logo),
        csv_dialect=csv_dialect,
    )
    return replace(plan, options=options)


def _sibling(file: str, language: str, chosen: tuple[str, ...]) -> str | None:
    return next((f"../{other}/{file}" for other in chosen if other != language), None)


def _logo(path: Path) -> str:
    try:
        with path.open("rb") as opened:
            return as_address(opened.read(LONGEST + 1))
    except OSError as error:
        raise Refusal(f"--logo: {path}: {error.strerror}") from error
    except LogoError as error:
        raise Refusal(f"--logo: {path}: {error}", "give a PNG or JPEG of at most 200 KiB") from error
