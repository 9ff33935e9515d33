"""Findings as JUnit XML, for the test tables of Jenkins, GitLab and others.

A finding that fails the gate is a failure, one that is not decided an error, one that was accepted is skipped; what is
below the threshold or favourable passes. Only attributes of Jenkins' schema are written.
"""

from xml.etree import ElementTree as ET

from sovscan.locale.words import words as words_of
from sovscan.model.audit import Audit
from sovscan.model.finding import Verdict
from sovscan.model.gate import Decision, GateReason, Standing
from sovscan.render.format import Format, RenderOptions
from sovscan.render.view.listing import Listed, listed, verb
from sovscan.render.view.reading import Reading, read
from sovscan.render.view.shown import Shown

_TAGS = {Standing.FAILS: "failure", Standing.OPEN: "error"}
_SKIPPED = (Standing.WAIVED, Standing.ALLOWED, Standing.KNOWN, Standing.ASIDE)


def render_junit(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """One suite of findings and, where the gate has more to say, one of its own."""
    reading = read(audit, words_of(language), Shown())
    suites = [_suite(f"sovscan {verb(audit)}", [_case(reading, entry) for entry in listed(reading, options)], audit)]
    more = [reason for reason in options.gate.reasons if reason.what != "finding"] if options.gate else []
    if more:
        suites.append(_suite("sovscan gate", [_reason(reading, reason) for reason in more], audit))
    root = ET.Element("testsuites", {"name": "sovscan"})
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in suites)))
    root.extend(suites)
    ET.indent(root, " ")
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _suite(name: str, cases: list[ET.Element], audit: Audit) -> ET.Element:
    counted = {tag: sum(case.find(tag) is not None for case in cases) for tag in ("failure", "error", "skipped")}
    suite = ET.Element(
        "testsuite",
        {
            "name": name,
            "tests": str(len(cases)),
            "failures": str(counted["failure"]),
            "errors": str(counted["error"]),
            "skipped": str(counted["skipped"]),
            "timestamp": audit.evidence.collected_at.removesuffix("Z"),
        },
    )
    suite.extend(cases)
    return suite


def _case(reading: Reading, entry: Listed) -> ET.Element:
    row, finding = entry.row, entry.finding
    rule = reading.shown(finding.rule, 120)
    case = ET.Element(
        "testcase",
        {"name": f"{row.title} – {row.service} [{finding.id}]", "classname": f"sovscan.{finding.theme}.{rule}"},
    )
    told = f"{row.mark.word}, {row.severity}, {row.confidence}"
    if entry.standing in _TAGS:
        found = ET.SubElement(case, _TAGS[entry.standing], {"type": rule, "message": f"{told}. {row.why}"})
        place = f" ({entry.path}:{entry.line})" if entry.path else ""
        found.text = f"{row.location}{place}\n{row.remedy}"
    elif entry.standing in _SKIPPED and finding.verdict is not Verdict.CLEAR:
        word = reading.words(f"standing.{entry.standing.value}")
        ET.SubElement(case, "skipped", {"message": f"{word}. {entry.why}".rstrip(" .") + "."})
    elif finding.verdict is not Verdict.CLEAR:
        ET.SubElement(case, "system-out").text = f"{told}. {row.why}"
    return case


def _reason(reading: Reading, reason: GateReason) -> ET.Element:
    word = reading.words(f"gate.{reason.what.replace('-', '_')}")
    detail = " – ".join(reading.shown(part, 300) for part in (reason.detail, reason.why) if part)
    case = ET.Element("testcase", {"name": f"{word} {detail}".rstrip(), "classname": f"sovscan.gate.{reason.what}"})
    tag = "failure" if reason.decision is Decision.FAILED else "error"
    ET.SubElement(case, tag, {"type": reason.what, "message": detail or word})
    return case


FORMAT = Format(name="junit", extension="xml", media_type="application/xml", render=render_junit)
