"""What became of SARIF results since an earlier audit (SARIF 2.1.0, 3.27.24 ``baselineState``).

``absent`` tells a platform that something is gone. What was answered then and is not now, belongs to a target that was
left out this time, or went for no reason that was found, is not known to be gone: it stays in the file as an open
question, ``updated``.
"""

from collections.abc import Mapping
from typing import Any

from sovscan.model.finding import Finding
from sovscan.model.previous import Cause, Fate, FindingChange
from sovscan.render.format import RenderOptions
from sovscan.render.sarif_place import in_checkout, without_file
from sovscan.render.view.listing import is_inside
from sovscan.render.view.reading import Reading
from sovscan.render.view.since import change_row

_NOT_LOOKED_AT = (Fate.UNCHECKED, Fate.OUT_OF_SCOPE)


def state(reading: Reading, finding: Finding) -> dict[str, str]:
    """The ``baselineState`` of a finding that stands now; nothing when there is no earlier audit."""
    if reading.audit.previous is None:
        return {}
    change = reading.changes.get(finding.id)
    told = "unchanged" if change is None else "new" if change.before is None else "updated"
    return {"baselineState": told}


def gone(reading: Reading) -> tuple[FindingChange, ...]:
    """The findings of the earlier audit that do not stand now, those not looked at first."""
    before = reading.audit.previous
    changes = () if before is None else before.findings
    return tuple(sorted((each for each in changes if each.after is None), key=is_absent))


def is_absent(change: FindingChange) -> bool:
    """Whether what does not stand now is known not to stand."""
    return change.fate not in _NOT_LOOKED_AT and Cause.UNEXPLAINED not in change.causes


def _kind(change: FindingChange) -> str:
    """``pass`` where the organisation changed, or an answer closed a question."""
    if not is_absent(change):
        return "open"
    return "notApplicable" if change.fate is Fate.RECOUNTED else "pass"


def result(
    reading: Reading, change: FindingChange, numbers: Mapping[Any, int], options: RenderOptions
) -> dict[str, Any]:
    """The result of a finding that does not stand now."""
    row = change_row(reading, change)
    colon = reading.words("punctuation.colon")
    return {
        "ruleId": reading.shown(change.rule, 120),
        "ruleIndex": numbers[change.rule],
        "kind": _kind(change),
        "level": "none",
        "message": {"text": f"{row.now.word}{colon} {row.title} – {row.service}. ({row.causes})"},
        "locations": [
            {
                "physicalLocation": _physical(reading, change, options),
                "logicalLocations": [{"fullyQualifiedName": reading.shown(change.location, 120), "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"sovscan/v1": reading.shown(change.finding, 64)},
        "baselineState": "absent" if is_absent(change) else "updated",
        **({"suppressions": []} if options.gate and options.gate.rulings else {}),
        "properties": {"severity": change.severity.value, "fate": change.fate.value},
    }


def _physical(reading: Reading, change: FindingChange, options: RenderOptions) -> dict[str, Any]:
    kind, _, named = change.location.partition(":")
    of_file = kind not in ("domain", "organisation", change.layer)
    path, _, line = change.location.rpartition(":")
    if of_file and is_inside(path) and line.isascii() and line.isdigit() and int(line):
        return in_checkout(path, int(line))
    if options.targets_file is not None:
        return in_checkout(options.targets_file, dict(options.target_lines).get(named, 1))
    shown = reading.shown(named, 200)
    return without_file(reading, shown if is_inside(shown) else "organisation")
