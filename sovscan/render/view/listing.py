"""Findings for formats that machines and platforms read: ordered, placed in a file, marked with what the gate says."""

from dataclasses import dataclass

from sovscan.model.audit import Audit
from sovscan.model.finding import Finding, Severity, Verdict
from sovscan.model.gate import Standing
from sovscan.render.format import RenderOptions
from sovscan.render.view.findings import FindingRow, finding_row
from sovscan.render.view.reading import Reading

TELLING = (Verdict.EXPOSED, Verdict.TO_CONFIRM, Verdict.UNKNOWN)
"""Verdicts that tell of something, the gravest first."""
_REPOSITORY = "repository"
_LONGEST_PATH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One finding with its words, its place in a file and its standing at the gate."""

    finding: Finding
    row: FindingRow
    standing: Standing
    why: str
    """Who accepted what until when; empty otherwise."""
    path: str | None
    """Relative to the root of the checkout, never outside it; None: no file of it says anything of the finding."""
    line: int | None
    """From 1; None without a file."""
    subject: str
    """What to call the finding's place where a format wants one and there is no file: its target. It reads as a
    relative path."""
    provider: str
    """Name of who runs the service; empty when the finding is about the whole."""
    controller: str
    country: str
    """ISO code of the ultimate controller's country, ``??`` when not identified; empty likewise."""
    level: str
    """Worst rung of the ladder; empty likewise."""


def listed(reading: Reading, options: RenderOptions) -> tuple[Listed, ...]:
    """Every finding, the heaviest first, favourable ones last."""
    rulings = {ruling.finding: ruling for ruling in options.gate.rulings} if options.gate else {}
    found = []
    for finding in sorted(reading.audit.findings, key=weight):
        ruling = rulings.get(finding.id)
        path, line = place(reading, finding, options) or (None, None)
        provider, controller, country, level = _who(reading, finding)
        found.append(
            Listed(
                finding=finding,
                row=finding_row(reading, finding),
                standing=ruling.standing if ruling else _without_gate(finding),
                why=reading.shown(ruling.why, 400) if ruling else "",
                path=path,
                line=line,
                subject=subject(reading, finding),
                provider=provider,
                controller=controller,
                country=country,
                level=level,
            )
        )
    return tuple(found)


def weight(finding: Finding) -> tuple[int, int, int, str]:
    """The sorting key: what tells first, then severity, then verdict."""
    telling = finding.verdict in TELLING
    grave = TELLING.index(finding.told) if telling else len(TELLING)
    return (0 if telling else 1, -finding.severity.rank, grave, finding.id)


def place(reading: Reading, finding: Finding, options: RenderOptions) -> tuple[str, int] | None:
    """The file and line of a repository finding, else where the target is named; never outside the checkout.

    None where no file was read that names targets or settings: a file nobody has is not pointed at.
    """
    path, colon, line = finding.location.rpartition(":")
    if finding.theme == _REPOSITORY and colon and is_inside(path) and line.isascii() and line.isdigit() and int(line):
        return path, int(line)
    if options.targets_file is None:
        return None
    return options.targets_file, dict(options.target_lines).get(_target(reading, finding), 1)


def subject(reading: Reading, finding: Finding) -> str:
    """The target of a finding as a relative path; the organisation's word where its name cannot be one."""
    named = reading.shown(_target(reading, finding), 200)
    return named if is_inside(named) else "organisation"


def _target(reading: Reading, finding: Finding) -> str:
    dependency = reading.dependencies.get(finding.dependency) if finding.dependency else None
    return dependency.domain if dependency else finding.location.partition(":")[2]


def verb(audit: Audit) -> str:
    """The verb that made the audit, for formats that keep runs apart: ``audit`` or ``repo``."""
    return "repo" if audit.evidence.vantage.mode == _REPOSITORY else "audit"


def is_inside(path: str) -> bool:
    """Whether a path is one a platform may be given: relative, inside, printable, of sane length."""
    parts = path.split("/")
    return (
        0 < len(path) <= _LONGEST_PATH
        and path.isprintable()
        and not path.startswith(("/", "~"))
        and "\\" not in path
        and not {"", ".", ".."} & set(parts)
    )


def _who(reading: Reading, finding: Finding) -> tuple[str, str, str, str]:
    dependency = reading.dependencies.get(finding.dependency) if finding.dependency else None
    if dependency is None:
        return "", "", "", ""
    item = reading.items.get(dependency.id)
    known = reading.providers.get(dependency.attribution.provider or "")
    return (
        reading.operator_name(dependency),
        reading.parent_name(known) if known else "",
        reading.seat_of_control(dependency),
        reading.worst_nexus(item).level.value if item else "",
    )


def _without_gate(finding: Finding) -> Standing:
    """Where nobody asked the gate: what is exposed fails and what is not decided is open, from medium upwards."""
    if finding.verdict not in TELLING or finding.severity is Severity.LOW:
        return Standing.BELOW
    return Standing.FAILS if finding.verdict is Verdict.EXPOSED else Standing.OPEN
