"""Findings as OCSF 1.8.0 events of the class Compliance Finding (https://schema.ocsf.io/1.8.0/classes/compliance_finding).

JSON Lines: OCSF describes single events, each of which carries its own product and schema version, and those who read
them (log shippers, event stores, ``jq``) take one a line; an array would have to be unpacked first, and could not be
appended to. Captions beside the numbers (``High``, ``Fail``) are the schema's own words in every language.

Every finding is written, as in ``jsonl``: only what is favourable has the status Pass. What is not decided is Unknown,
and what a weak attribution keeps from being a failure is Warning, which the schema calls lack of information. Left out
because nothing seen would make them true: ``region`` (where data lies cannot be seen from outside), ``requirements``
(the laws looked at, which are tags of the finding, ask nothing of the audited), ``src_url``, and ``owner``, which is a
user account: who runs a service is its ``group``, the parent behind and its country are tags. The gate's own reasons
are no findings: the exit code tells of them.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sovscan.files import canonical
from sovscan.locale.words import words as words_of
from sovscan.model.audit import Audit
from sovscan.model.dependency import Confidence, Dependency
from sovscan.model.finding import Severity, Verdict
from sovscan.model.gate import Standing
from sovscan.render.format import Format, RenderOptions
from sovscan.render.links import link
from sovscan.render.view.listing import TELLING, Listed, listed, verb
from sovscan.render.view.reading import Reading, read
from sovscan.render.view.shown import Shown

VERSION = "1.8.0"
"""Of the schema: the newest whose published export our tests could be held to."""
_CATEGORY, _CLASS, _CREATE, _RULE = 2, 2003, 1, 1
_OTHER = 99
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_STATUSES = {
    Verdict.EXPOSED: (3, "Fail"),
    Verdict.TO_CONFIRM: (2, "Warning"),
    Verdict.UNKNOWN: (0, "Unknown"),
    Verdict.CLEAR: (1, "Pass"),
}
_SEVERITIES = {
    Severity.LOW: (2, "Low"),
    Severity.MEDIUM: (3, "Medium"),
    Severity.HIGH: (4, "High"),
    Severity.CRITICAL: (5, "Critical"),
}
_HARMLESS = (1, "Informational")
"""Of what is favourable: whoever asks for high severities is not shown what passed."""
_CONFIDENCES = {Confidence.WEAK: (1, "Low"), Confidence.PROBABLE: (2, "Medium"), Confidence.CONFIRMED: (3, "High")}
_ASIDE = (Standing.KNOWN, Standing.ASIDE)
"""What the schema has no word for: the status is then ours."""


def render_ocsf(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """One event a finding, the heaviest first; no byte where there is no finding."""
    reading = read(audit, words_of(language), Shown())
    metadata, time = _metadata(reading, language), _milliseconds(audit.evidence.collected_at)
    entries = [entry for entry in listed(reading, options) if entry.finding.verdict in _STATUSES]
    events = [{"metadata": metadata, "time": time, **_event(reading, entry)} for entry in entries]
    return b"".join(canonical.dumps(event) + b"\n" for event in events)


def _metadata(reading: Reading, language: str) -> dict[str, Any]:
    audit = reading.audit
    product = {"name": "sovscan", "vendor_name": "sovscan", "lang": language}
    version = audit.evidence.versions.get("sovscan", "")
    return {
        "version": VERSION,
        "product": {**product, "version": reading.shown(version, 40)} if version else product,
        "log_name": f"sovscan {verb(audit)}",
        "original_time": reading.shown(audit.evidence.collected_at, 40),
        # Events of one run belong together; another reading of the same evidence is told by its rules and date.
        "correlation_uid": reading.shown(audit.evidence_digest, 64),
    }


def _event(reading: Reading, entry: Listed) -> dict[str, Any]:
    row, verdict = entry.row, entry.finding.verdict
    severity_id, severity = _HARMLESS if verdict is Verdict.CLEAR else _SEVERITIES[entry.finding.severity]
    confidence_id, confidence = _CONFIDENCES[entry.finding.confidence]
    event = {
        "category_uid": _CATEGORY,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Compliance Finding",
        # An audit has no memory: whoever keeps its events knows by finding_info.uid what was there before.
        "activity_id": _CREATE,
        "activity_name": "Create",
        "type_uid": _CLASS * 100 + _CREATE,
        "type_name": "Compliance Finding: Create",
        "severity_id": severity_id,
        "severity": severity,
        "confidence_id": confidence_id,
        "confidence": confidence,
        "message": f"{row.mark.word}{reading.words('punctuation.colon')} {row.title} – {row.service}",
        **_workflow(reading, entry),
        "finding_info": _finding(reading, entry),
        "compliance": _compliance(reading, entry),
        "resources": [_resource(reading, entry)],
        "unmapped": _unmapped(reading, entry),
    }
    return {**event, "remediation": _remediation(reading, entry)} if row.remedy else event


def _workflow(reading: Reading, entry: Listed) -> dict[str, Any]:
    """What became of the finding, as far as the gate knows: accepted, seen before, or new."""
    status: dict[str, Any] = {"status_id": 1, "status": "New"}
    if entry.standing.accepted:
        status = {"status_id": 3, "status": "Suppressed"}
    elif entry.standing in _ASIDE:
        status = {"status_id": _OTHER, "status": reading.words(f"standing.{entry.standing.value}")}
    return {**status, "status_detail": entry.why} if entry.why else status


def _finding(reading: Reading, entry: Listed) -> dict[str, Any]:
    row, finding = entry.row, entry.finding
    rule = reading.rules.get(finding.rule)
    laws = [law for law in reading.audit.laws if rule and law.id in rule.laws] if finding.verdict in TELLING else []
    told = [
        f"{reading.sentence(law.name)} ({reading.shown(law.reference, 120)}) – {reading.sentence(law.state)}"
        for law in laws
    ]
    found: dict[str, Any] = {
        "uid": reading.shown(finding.id, 64),
        "title": row.title,
        "types": [reading.shown(finding.theme, 40)],
        "analytic": {
            "uid": reading.shown(finding.rule, 120),
            "name": row.looks_for,
            "type_id": _RULE,
            "type": "Rule",
            "version": reading.shown(reading.audit.rulebook_digest, 64),
        },
        **({"desc": row.why} if row.why else {}),
    }
    return {**found, "tags": [{"name": "law", "values": told}]} if told else found


def _compliance(reading: Reading, entry: Listed) -> dict[str, Any]:
    status_id, status = _STATUSES[entry.finding.verdict]
    compliance: dict[str, Any] = {
        "standards": ["sovscan"],
        "control": reading.shown(entry.finding.rule, 120),
        "category": reading.shown(entry.finding.theme, 40),
        "desc": entry.row.looks_for,
        "status_id": status_id,
        "status": status,
    }
    return {**compliance, "status_details": list(entry.row.missing)} if entry.row.missing else compliance


def _resource(reading: Reading, entry: Listed) -> dict[str, Any]:
    """The service, who runs it and under whose control; the organisation when the rule is about the whole."""
    key = entry.finding.dependency
    found = reading.dependencies.get(key) if key else None
    if found is None:
        return {"name": reading.shown(reading.audit.organisation, 200) or "?", "type": "organisation"}
    tags = {
        "role": reading.role_name(found),
        "controller": entry.controller,
        "country_of_control": entry.country.replace("??", ""),
        "level": entry.level,
    }
    return {
        "uid": reading.shown(found.id, 300),
        "name": reading.shown(found.subject, 300) or "?",
        "type": reading.shown(f"{found.layer.value}/{found.role}", 120),
        "namespace": reading.shown(found.domain, 253),
        "tags": [{"name": name, "value": value} for name, value in tags.items() if value],
        **_operator(reading, found),
    }


def _operator(reading: Reading, found: Dependency) -> dict[str, Any]:
    """Who runs the service; nothing when nobody was identified."""
    provider = found.attribution.provider
    if provider is None and not found.attribution.operator_self:
        return {}
    group = {"name": reading.operator_name(found), "type": "operator"}
    return {"group": {**group, "uid": reading.shown(provider, 80)} if provider else group}


def _remediation(reading: Reading, entry: Listed) -> dict[str, Any]:
    rule = reading.rules.get(entry.finding.rule)
    addresses = [address for source in (rule.sources if rule else ()) if (address := link(source.url))]
    told: dict[str, Any] = {"desc": entry.row.remedy}
    return {**told, "references": list(dict.fromkeys(addresses))} if addresses else told


def _unmapped(reading: Reading, entry: Listed) -> dict[str, Any]:
    finding = entry.finding
    return {
        "verdict": finding.verdict.value,
        "standing": entry.standing.value,
        "location": entry.row.location,
        "path": entry.path,
        "line": entry.line,
        "points_lost": entry.row.points_value,
        "evidence": [reading.shown(one, 40) for one in finding.because],
        "as_of": reading.shown(reading.audit.as_of, 40),
        "catalogue": reading.shown(reading.audit.catalogue_digest, 64),
    }


def _milliseconds(collected: str) -> int:
    """Of the end of collection since 1970, never of now; 0 where the evidence holds no date."""
    try:
        moment = datetime.fromisoformat(collected)
    except ValueError:
        return 0
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) // _MILLISECOND


FORMAT = Format(name="ocsf", extension="ocsf.jsonl", media_type="application/jsonl", render=render_ocsf)
