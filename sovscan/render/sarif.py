"""Findings as SARIF 2.1.0 (OASIS Standard), for code-scanning platforms.

A domain has no file: its findings point at the line that names it as a target, where a file does. Nothing favourable
is listed; the number of such findings stands in the properties of the run.
"""

import re
from collections.abc import Mapping
from typing import Any

from sovscan.files.bundled import listing
from sovscan.files.canonical import dumps_pretty
from sovscan.locale.words import words as words_of
from sovscan.model.audit import Audit
from sovscan.model.finding import Finding, RuleText, Severity, Verdict
from sovscan.model.gate import Ruling, Standing
from sovscan.render.format import Format, RenderOptions
from sovscan.render.links import link
from sovscan.render.sarif_place import ROOT, in_checkout, without_file
from sovscan.render.sarif_since import gone, is_absent, state
from sovscan.render.sarif_since import result as gone_result
from sovscan.render.view.findings import finding_row
from sovscan.render.view.listing import place, subject, verb
from sovscan.render.view.reading import Reading, read
from sovscan.render.view.shown import Shown

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST_RESULTS = 5000
"""What GitHub shows of a run; the heaviest come first and the rest is counted."""
_KINDS = {Verdict.EXPOSED: "fail", Verdict.TO_CONFIRM: "review", Verdict.UNKNOWN: "open"}
_LEVELS = {Severity.LOW: "note", Severity.MEDIUM: "warning", Severity.HIGH: "error", Severity.CRITICAL: "error"}
_SECURITY = {Severity.LOW: "2.0", Severity.MEDIUM: "5.0", Severity.HIGH: "7.5", Severity.CRITICAL: "9.5"}
"""Bands of GitHub's ``security-severity``; a label, not a CVSS score."""
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]{1,40})?")


def render_sarif(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """One run with one result a finding, heaviest first."""
    reading = read(audit, words_of(language), Shown())
    listed = sorted(
        (finding for finding in audit.findings if finding.verdict in _KINDS),
        key=lambda finding: (-finding.severity.rank, list(_KINDS).index(finding.verdict), finding.id),
    )
    left = [change for change in gone(reading) if options.absent or not is_absent(change)]
    rules = sorted({*(finding.rule for finding in listed), *(change.rule for change in left)})
    numbers = {rule: number for number, rule in enumerate(rules)}
    rulings = {ruling.finding: ruling for ruling in options.gate.rulings} if options.gate else {}
    number = len(left)
    left = left[: max(0, MOST_RESULTS - len(listed))]
    shown = listed[:MOST_RESULTS]
    compared = any(ruling.standing is Standing.KNOWN for ruling in rulings.values())
    run = {
        "tool": {"driver": _driver(reading, rules, options)},
        "automationDetails": {"id": f"sovscan/{verb(audit)}/{language}/"},
        "language": language,
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": reading.words("sarif.root")}}},
        "results": [
            *(_result(reading, finding, numbers, options, rulings, compared=compared) for finding in shown),
            *(gone_result(reading, change, numbers, options) for change in left),
        ],
        "properties": {
            "clear": sum(finding.verdict is Verdict.CLEAR for finding in audit.findings),
            "cut": max(0, len(listed) + number - MOST_RESULTS),
            **_compared(reading),
            "grade": audit.score.grade.value,
            "evidenceDigest": reading.shown(audit.evidence_digest, 64),
        },
    }
    return dumps_pretty({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _compared(reading: Reading) -> dict[str, Any]:
    """Since when the states of the results are told, and how many are known to be gone, listed or not."""
    before = reading.audit.previous
    if before is None:
        return {}
    return {
        "since": reading.shown(before.collected_at, 40),
        "previous": reading.shown(before.digest, 64),
        "absent": sum(is_absent(change) for change in gone(reading)),
    }


def _driver(reading: Reading, rules: list[Any], options: RenderOptions) -> dict[str, Any]:
    home = options.home
    driver: dict[str, Any] = {
        "name": "sovscan",
        "rules": [_rule(reading, rule, reading.rules.get(rule), _page(options, rule)) for rule in rules],
        **({"informationUri": address} if home and (address := link(home)) else {}),
    }
    version = reading.audit.evidence.versions.get("sovscan", "")
    return {**driver, "semanticVersion": version} if _VERSION.fullmatch(version) else driver


def _page(options: RenderOptions, ident: str) -> str | None:
    """The page of a rule of ours, where pages have an address; a rule of the auditor's own has none."""
    ours = any(path[-1] == f"{ident}.yaml" for path in listing("rules", "findings", suffix=".yaml"))
    return link(f"{options.rule_pages}/{ident}.md") if options.rule_pages and ours else None


def _rule(reading: Reading, ident: str, rule: RuleText | None, page: str | None) -> dict[str, Any]:
    title = reading.sentence(rule.title) if rule else reading.shown(ident, 120)
    why = reading.sentence(rule.why) if rule else title
    remedy = reading.sentence(rule.remedy) if rule else ""
    severity = rule.severity if rule else Severity.MEDIUM
    name = "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", ident) if part)
    descriptor: dict[str, Any] = {
        "id": reading.shown(ident, 120),
        "name": name or "Rule",
        "shortDescription": {"text": title},
        "fullDescription": {"text": _sentence(why)},
        "help": _help(reading, rule, why, remedy, page),
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {
            "security-severity": _SECURITY[severity],
            "tags": ["security", "sovereignty", reading.shown(rule.theme if rule else "other", 40)],
        },
    }
    address = page or next((found for source in (rule.sources if rule else ()) if (found := link(source.url))), None)
    return {**descriptor, "helpUri": address} if address else descriptor


def _help(reading: Reading, rule: RuleText | None, why: str, remedy: str, page: str | None) -> dict[str, str]:
    """The rule in full, as text alone: why, what to do, its page, what it rests on."""
    words = reading.words
    told = [_sentence(why)]
    if remedy:
        told.append(f"{words('theme.remedy')} {_sentence(remedy)}")
    if page:
        told.append(f"{words('sarif.page')}{words('punctuation.colon')} {page}")
    titles = [reading.shown(one.in_language(words.language), 160) for one in (rule.sources if rule else ())]
    if titles:
        told.append(f"{words('finding.sources')} {words('punctuation.semicolon').join(titles)}.")
    return {"text": "\n".join(told)}


def _result(
    reading: Reading,
    finding: Finding,
    numbers: dict[Any, int],
    options: RenderOptions,
    rulings: Mapping[str, Ruling],
    *,
    compared: bool,
) -> dict[str, Any]:
    row = finding_row(reading, finding)
    kind = _KINDS[finding.verdict]
    said = f"{row.mark.word}{reading.words('punctuation.colon')} {row.title} – {row.service}. {row.why}"
    return {
        "ruleId": reading.shown(finding.rule, 120),
        "ruleIndex": numbers[finding.rule],
        "kind": kind,
        "level": _LEVELS[finding.severity] if kind == "fail" else "none",
        "message": {"text": said.strip()},
        "locations": [
            {
                "physicalLocation": _physical(reading, finding, options),
                "logicalLocations": [{"fullyQualifiedName": row.location, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"sovscan/v1": reading.shown(finding.id, 64)},
        **_of_the_gate(reading, finding, rulings, compared=compared),
        **state(reading, finding),
        "properties": {
            "severity": finding.severity.value,
            "confidence": finding.confidence.value,
            "pointsLost": row.points_value,
            "evidence": [reading.shown(one, 40) for one in finding.because],
        },
    }


def _physical(reading: Reading, finding: Finding, options: RenderOptions) -> dict[str, Any]:
    found = place(reading, finding, options)
    return without_file(reading, subject(reading, finding)) if found is None else in_checkout(*found)


def _of_the_gate(
    reading: Reading, finding: Finding, rulings: Mapping[str, Ruling], *, compared: bool
) -> dict[str, Any]:
    """Suppressions and baseline state: on every result or on none, as the standard asks.

    The state against a baseline gives way to the one against an earlier audit, which knows what is gone.
    """
    if not rulings:
        return {}
    ruling = rulings.get(finding.id)
    accepted = []
    if ruling is not None and ruling.standing.accepted:
        justification = reading.shown(ruling.why, 400)
        accepted = [{"kind": "external", "status": "accepted", "justification": justification}]
    if not compared:
        return {"suppressions": accepted}
    known = ruling is not None and ruling.standing is Standing.KNOWN
    return {"suppressions": accepted, "baselineState": "unchanged" if known else "new"}


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else text + "."


FORMAT = Format(name="sarif", extension="sarif", media_type="application/sarif+json", render=render_sarif)
