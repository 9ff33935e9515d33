"""Outputs of a run: which formats, in which languages, to which files."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sovscan.cli.archive import SUFFIX
from sovscan.cli.bundle import write_bundle
from sovscan.cli.console import Progress, say, write_out
from sovscan.cli.exits import ExitCode, Refusal
from sovscan.cli.home_page import home_page, rule_pages
from sovscan.cli.language import languages
from sovscan.cli.looks import chosen_look
from sovscan.cli.pdf_child import ChildFailure, Job, Made, render_in_children
from sovscan.files.strict_yaml import suggestion
from sovscan.files.writing import slug, write_atomically
from sovscan.model.audit import Audit
from sovscan.model.gate import GateResult
from sovscan.render.format import Format, RenderError, RenderOptions
from sovscan.render.registry import format_named, formats

SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOutput:
    """One file to write, or standard output."""

    format: Format
    language: str
    path: Path | None
    """None: standard output."""
    sibling: str | None = None
    """Address, from this file, of the same page in the other language; None: none, or no page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything to write for one audit."""

    outputs: tuple[PlannedOutput, ...]
    options: RenderOptions
    quiet: bool
    bundles: Path | None = None
    """Folder in which the evidence bundle is kept, as a folder and as one archive; None: nowhere."""
    previous: Audit | None = None
    """What the result is compared with, for the bundle; None: nothing, or it is not at hand."""

    def ruled(self, gate: GateResult) -> "Plan":
        """The same outputs, with what the gate decided for the formats that say so."""
        return replace(self, options=replace(self.options, gate=gate))


def plan_outputs(
    format_name: str | None,
    outputs: Sequence[str] | None,
    lang: str,
    template: str,
    client: str | None,
    confidentiality: str | None,
    *,
    quiet: bool = False,
) -> Plan:
    """What ``--format``, ``--output`` and ``--lang`` ask for. Raises Refusal before anything is collected."""
    chosen = languages(lang)
    planned: list[PlannedOutput] = []
    if format_name is not None or not outputs:
        form = _known(format_name or "text")
        if form.binary and format_name is not None:
            raise Refusal(f"--format {form.name}: not for standard output", f"use --output {form.name}:FILE")
        planned.extend(PlannedOutput(format=form, language=language, path=None) for language in _spoken(form, chosen))
    for asked in outputs or ():
        name, colon, path = asked.partition(":")
        if not colon or not path:
            raise Refusal(f"--output {asked!r}: expected FORMAT:PATH", "for example --output pdf:report.pdf")
        form = _known(name)
        spoken = _spoken(form, chosen)
        planned.extend(
            PlannedOutput(
                format=form,
                language=language,
                path=_path(Path(path), language, several=len(spoken) > 1),
                sibling=_sibling(form, Path(path), language, spoken),
            )
            for language in spoken
        )
    paths = [output.path for output in planned if output.path is not None]
    if len(set(paths)) != len(paths):
        raise Refusal("--output: two outputs have the same path")
    sarif = any(output.format.name == "sarif" for output in planned)
    home, pages = (home_page(), rule_pages()) if sarif else (None, None)
    options = replace(
        chosen_look(template),
        client=client,
        confidentiality=confidentiality,
        home=home,
        rule_pages=pages,
        absent=not _opens_alerts(),
    )
    return Plan(outputs=tuple(planned), options=options, quiet=quiet)


def _opens_alerts() -> bool:
    """Whether SARIF is read where each result becomes an open alert, and one that is not listed any more is closed.

    GitHub looks neither at ``kind`` nor at ``baselineState``.
    """
    return os.environ.get("GITHUB_ACTIONS") == "true"


def deliver(result: Audit, plan: Plan) -> ExitCode:
    """Write everything planned for one audit; 0, or why not (see ``deliver_all``)."""
    return deliver_all([(result, plan)])


def deliver_all(planned: Sequence[tuple[Audit, Plan]], *, quiet: bool | None = None) -> ExitCode:
    """Write everything planned for several audits; 0, or why not.

    A PDF that cannot be made is a warning when something else was written, 2 when it was all that was asked, and 4
    when its layout broke. A look that cannot be filled is always 2.
    ``quiet`` is of the progress; None: when every plan is.
    """
    outputs = [(result, plan, output) for result, plan in planned for output in plan.outputs]
    jobs = [
        Job(result=result, format=output.format.name, language=output.language, options=_options(plan, output))
        for result, plan, output in outputs
        if output.format.isolated
    ]
    quiet = all(plan.quiet for _, plan in planned) if quiet is None else quiet
    if jobs:
        say(f"laying out {len(jobs)} PDF {'file' if len(jobs) == 1 else 'files'}", quiet=quiet)
    progress = Progress("laid out", quiet=quiet)
    made = iter(render_in_children(jobs, lambda done: progress.show(f"{done} of {len(jobs)} PDF files")))
    progress.close()
    failed: list[ChildFailure] = []
    refused = False
    for result, plan, output in outputs:
        content = next(made) if output.format.isolated else _rendered(result, plan, output)
        if isinstance(content, ChildFailure):
            failed.append(content)
            refused |= not output.format.isolated
            continue
        if output.path is None:
            write_out(content, output.format.media_type, ours=output.format.name == "github")
        else:
            write_atomically(output.path, content)
            say(f"wrote {output.path}", quiet=plan.quiet)
        if output.format.name == "github":
            _append_summary(result, output.language, plan)
    for result, plan in planned:
        if plan.bundles is not None:
            kept = plan.bundles / f"{slug(result.organisation)}.sovscan"
            for place in (kept, kept.with_name(kept.name + SUFFIX)):
                write_bundle(place, result.evidence, result, plan.previous)
    for failure in dict.fromkeys(failed):
        say(f"sovscan: {failure.message}")
        if failure.help:
            say(f"help: {failure.help}")
    if any(failure.code is ExitCode.INTERNAL for failure in failed):
        return ExitCode.INTERNAL
    return ExitCode.USAGE if refused or (failed and len(failed) == len(outputs)) else ExitCode.PASS


def _rendered(result: Audit, plan: Plan, output: PlannedOutput) -> Made:
    try:
        return output.format.render(result, output.language, _options(plan, output))
    except RenderError as error:
        return ChildFailure(message=f"{output.format.name}: {error}", help="mend the look", code=ExitCode.USAGE)


def _append_summary(result: Audit, language: str, plan: Plan) -> None:
    """Append the Markdown report to the job's summary, where a runner names the file."""
    if path := os.environ.get(SUMMARY_VARIABLE):
        with Path(path).open("ab") as summary:
            summary.write(formats()["md"].render(result, language, plan.options))


def _known(name: str) -> Format:
    found = format_named(name)
    if found is None:
        known = formats()
        near = suggestion(name, known)
        raise Refusal(f"unknown format {name!r}", f"{near + '; ' if near else ''}one of {', '.join(sorted(known))}")
    return found


def _spoken(form: Format, chosen: tuple[str, ...]) -> tuple[str, ...]:
    return chosen if form.localised else chosen[:1]


def _options(plan: Plan, output: PlannedOutput) -> RenderOptions:
    return replace(plan.options, sibling=output.sibling) if output.sibling else plan.options


def _sibling(form: Format, path: Path, language: str, spoken: tuple[str, ...]) -> str | None:
    """File name of the page in the other language: the two lie side by side."""
    others = [_path(path, other, several=True).name for other in spoken if other != language]
    return others[0] if form.name == "html" and others else None


def _path(path: Path, language: str, *, several: bool) -> Path:
    return path.with_name(f"{path.stem}.{language}{path.suffix}") if several else path
