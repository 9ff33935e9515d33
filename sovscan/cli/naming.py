"""Which file and line named each target, for the formats that must point at a file of the checkout."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sovscan.cli.deliver import Plan
from sovscan.cli.discovery import repository_root
from sovscan.cli.gating import Gate
from sovscan.readers.names import InvalidName, parse_target


def named_in(plan: Plan, gate: Gate, file: str | None = None) -> Plan:
    """The plan with the file that names the targets and their lines in it.

    That is ``-f FILE``, else the configuration that was read; a target that stands in neither is at line 1 of it.
    Where neither was read, nothing is pointed at. The path is relative to the root of the repository; a file outside
    it is not named.
    """
    path, lines = (gate.config.path if gate.config else None), gate.configuration.lines
    if file is not None and file != "-":
        path = Path(file)
        if not file.endswith((".yaml", ".yml")):
            lines = _list_lines(path)
    inside = None if path is None else _inside(path)
    if inside is None:
        return replace(plan, options=replace(plan.options, targets_file=None, target_lines=()))
    return replace(plan, options=replace(plan.options, targets_file=inside, target_lines=lines))


def today() -> str:
    """The ISO date of the clock, in UTC."""
    return datetime.now(UTC).date().isoformat()


def _inside(path: Path) -> str | None:
    here = Path.cwd()
    full, root = path.resolve(), (repository_root(here) or here).resolve()
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else None


def _list_lines(path: Path) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), start=1):
        try:
            found.setdefault(parse_target(re.split(r"(?:^|\s)#", line, maxsplit=1)[0].strip()).value, number)
        except InvalidName:
            continue
    return tuple(found.items())
