"""Law, qualifications, evidence, scope and manifest."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from sovscan.files.evidence_bundle import evidence_digest
from sovscan.locale.law_watch import law_watch
from sovscan.locale.observed import said, why
from sovscan.model.evidence import Observation, Outcome
from sovscan.render.view.findings import MOST_EVIDENCE, telling
from sovscan.render.view.law_rows import LawRow, law_rows
from sovscan.render.view.reading import Reading
from sovscan.render.view.shown import halves

MOST_HOLES = 12
"""Printed among the evidence."""
PRINTED_EVIDENCE, PRINTED_VALUES = 50, 4
SHOWN_EVIDENCE, SHOWN_VALUES = 300, 8
"""Rows in the HTML page; the rest is in the bundle."""
_TABLE = re.compile(r"(?:asn )?table (\d{4}-\d\d-\d\d)")
"""What stands in the place of a server where nobody was asked: the local table of networks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationRow:
    """One certification the audit looked at."""

    offer: str
    scheme: str
    scope: str
    decision: str
    validity: str
    counted: str
    good: bool
    checked: str
    cited: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """One observation."""

    number: str
    id: str
    probe: str
    probe_name: str
    subject: str
    question: str
    outcome: str
    values: tuple[str, ...]
    asked: str
    """Of whom and when; empty when nobody was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeRow:
    """How one probe fared."""

    probe: str
    name: str
    """What it asks for."""
    answered: str
    absent: str
    failed: str
    skipped: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Annexes:
    """Everything behind the theme pages."""

    laws: tuple[LawRow, ...]
    watch: tuple[tuple[str, tuple[str, ...]], ...]
    """Sentence, numbers of sources."""
    qualifications: tuple[QualificationRow, ...]
    probes: tuple[tuple[ProbeRow, ...], ...]
    """In two halves, to stand side by side."""
    evidence: tuple[tuple[str, tuple[EvidenceRow, ...]], ...]
    """By probe where it is the whole; one group without a name where it is a choice."""
    evidence_note: str
    total: int
    holes: tuple[tuple[str, ...], ...]
    """In two halves likewise."""
    targets: tuple[tuple[str, str, str], ...]
    scope: tuple[tuple[str, str], ...]
    manifest: tuple[tuple[str, str], ...]


def annexes(reading: Reading, most_evidence: int, most_values: int, *, everything: bool = False) -> Annexes:
    """The annexes, with at most ``most_evidence`` observations of ``most_values`` values and as many details each.

    ``everything``: whatever was observed, probe by probe, rather than what carries findings.
    """
    chosen = (
        list(reading.audit.evidence.observations[:most_evidence]) if everything else _chosen(reading, most_evidence)
    )
    total = len(reading.audit.evidence.observations)
    return Annexes(
        laws=tuple(law_rows(reading)),
        watch=tuple((reading.words.of(entry.text), reading.cited(entry.sources)) for entry in law_watch()),
        qualifications=tuple(_qualifications(reading)),
        probes=halves(_probes(reading)),
        evidence=_grouped(reading, chosen, most_values, by_probe=everything),
        total=total,
        evidence_note=reading.words("evidence.note", n=len(chosen), total=total) + _of_one_server(reading),
        holes=halves(_holes(reading)),
        targets=tuple(
            (
                reading.shown(target.value, 120),
                reading.words(f"target.{target.kind.value}"),
                reading.shown(target.label, 120)
                if target.label
                else reading.words("target.main" if target.main else "target.other"),
            )
            for target in reading.audit.evidence.targets[:50]
        ),
        scope=_scope(reading),
        manifest=_manifest(reading),
    )


def _chosen(reading: Reading, most: int) -> list[Observation]:
    """Answers that carry findings first, then those behind attributions, then holes; the rest only travels beside.

    So do absences beyond those that a finding names: a hundred names that do not exist look all the same.
    """
    audit = reading.audit
    number = reading.evidence_numbers
    named = {
        one
        for finding in telling(audit.findings)
        for one in sorted(number.keys() & set(finding.because), key=lambda one: number[one])[:MOST_EVIDENCE]
    }
    carrying = {one for finding in telling(audit.findings) for one in finding.because}
    behind = {
        one for entry in audit.dependencies for signal in entry.attribution.signals for one in signal.observations
    }
    ranks = {
        one.id: 2 if not one.outcome.is_fact else 0 if one.id in carrying else 1
        for one in audit.evidence.observations
        if (one.id in carrying or one.id in behind or not one.outcome.is_fact)
        and (one.outcome is not Outcome.ABSENT or one.id in named or one.id in behind)
    }
    cited = [one for one in audit.evidence.observations if one.id in ranks]
    ranked = sorted(cited, key=lambda one: (ranks[one.id], number[one.id]))
    answers = sum(1 for one in ranked if one.outcome.is_fact)
    # Holes stand in the scope already: a few show what one looks like.
    ranked = ranked[: min(most, answers + MOST_HOLES) if most <= PRINTED_EVIDENCE else most]
    return sorted(ranked, key=lambda one: number[one.id])


def _qualifications(reading: Reading) -> list[QualificationRow]:
    words, shown = reading.words, reading.shown
    rows = []
    for view in reading.audit.qualifications[:50]:
        held = view.certification
        start = words.day(held.valid_from) if held.valid_from else "–"
        end = words.day(held.valid_to) if held.valid_to else words("qualification.no_end")
        key = f"qualification.{view.why_not}"
        rows.append(
            QualificationRow(
                offer=shown(view.offer_name, 90),
                scheme=shown(held.scheme, 60),
                scope=shown(reading.sentence(held.scope), 160) if held.scope else "–",
                decision=shown(held.decision, 40) if held.decision else "–",
                validity=shown(f"{start} → {end}", 90),
                good=view.counted,
                counted=words("qualification.counted")
                if view.counted
                else words(
                    "qualification.not_counted", why=words(key) if words.has(key) else shown(view.why_not or "–", 40)
                ),
                checked=shown(words.day(held.checked), 40),
                cited=reading.cited(held.sources),
            )
        )
    return rows


def _probes(reading: Reading) -> list[ProbeRow]:
    counts = Counter((one.probe, one.outcome) for one in reading.audit.evidence.observations)
    return [
        ProbeRow(
            probe=reading.shown(probe, 60),
            name=_probe_name(reading, probe),
            answered=str(counts[probe, Outcome.ANSWERED]),
            absent=str(counts[probe, Outcome.ABSENT]),
            failed=str(counts[probe, Outcome.FAILED]),
            skipped=str(counts[probe, Outcome.SKIPPED]),
        )
        for probe in sorted({one.probe for one in reading.audit.evidence.observations})
    ]


def _evidence_row(reading: Reading, one: Observation, most: int) -> EvidenceRow:
    shown = reading.shown
    outcome = reading.words(f"outcome.{one.outcome.value}")
    values = [shown(value) for value in one.values[:most]]
    if len(one.values) > most:
        values.append(reading.words("evidence.more_values", n=len(one.values) - most))
    values += [f"{shown(key, 40)}: {shown(value, 200)}" for key, value in sorted(one.detail.items())][:most]
    return EvidenceRow(
        number=reading.evidence_numbers[one.id],
        id=one.id,
        probe=shown(one.probe, 40),
        probe_name=_probe_name(reading, one.probe),
        subject=shown(one.subject, 160),
        question=f"{shown(one.asked.name, 160)} {shown(one.asked.type, 20)}",
        outcome=f"{outcome} ({shown(why(reading.words, one.reason), 60)})" if one.reason else outcome,
        values=tuple(values),
        asked=_asked(reading, one),
    )


def _probe_name(reading: Reading, probe: str) -> str:
    return reading.shown(said(reading.words, f"probe.{probe}"), 60)


def _grouped(
    reading: Reading, chosen: list[Observation], most: int, *, by_probe: bool
) -> tuple[tuple[str, tuple[EvidenceRow, ...]], ...]:
    rows = [_evidence_row(reading, one, most) for one in chosen]
    if not by_probe:
        return (("", tuple(rows)),)
    return tuple((probe, tuple(mine)) for probe, mine in groupby(rows, key=lambda row: row.probe))


def _asked(reading: Reading, one: Observation) -> str:
    words, asked = reading.words, one.asked
    server = reading.shown(said(words, f"party.{asked.server}"), 80)
    # Without its fraction: the attached evidence has the time whole.
    whole, point, _ = asked.started.partition(".")
    when = reading.shown(f"{whole}Z" if point else asked.started, 40)
    if not server:
        return ""
    if read := _TABLE.fullmatch(asked.server):
        return words("evidence.read_in", day=words.day(read[1]))
    if asked.server == _one_server(reading):
        return words("evidence.asked_on", when=when)
    return words("evidence.asked_at", server=server, when=when)


def _one_server(reading: Reading) -> str:
    """The resolver when there was one; empty when there were several: then each row names its own."""
    resolvers = reading.audit.evidence.vantage.resolvers
    return resolvers[0] if len(resolvers) == 1 else ""


def _of_one_server(reading: Reading) -> str:
    server = reading.shown(_one_server(reading), 60)
    return f" {reading.words('evidence.one_server', server=server)}" if server else ""


def _holes(reading: Reading) -> tuple[str, ...]:
    rows = [
        f"{reading.evidence_numbers[one.id]} · {reading.shown(one.probe, 40)} · {reading.shown(one.subject, 90)} · "
        f"{reading.words(f'outcome.{one.outcome.value}')} ({reading.shown(why(reading.words, one.reason or '–'), 60)})"
        for one in reading.audit.evidence.observations
        if not one.outcome.is_fact
    ]
    more = [reading.words("evidence.more_holes", n=len(rows) - 20)] if len(rows) > 20 else []
    return tuple(rows[:20] + more)


def _scope(reading: Reading) -> tuple[tuple[str, str], ...]:
    words, evidence, shown = reading.words, reading.audit.evidence, reading.shown
    vantage = evidence.vantage
    mode = words(f"mode.{vantage.mode}") if words.has(f"mode.{vantage.mode}") else shown(vantage.mode, 40)
    contacted = ", ".join(shown(said(words, f"party.{party}"), 80) for party in vantage.contacted[:30])
    if len(vantage.contacted) > 30:
        contacted = words("scope.more", listed=contacted, n=len(vantage.contacted) - 30)
    number = len(evidence.targets)
    name = reading.name(reading.audit.organisation, 70)
    as_one = ((words("scope.as_one"), words("scope.as_one_means", n=number, name=name)),) if number > 1 else ()
    return (
        *as_one,
        (words("scope.collected"), shown(words.moment(evidence.collected_at), 120)),
        (words("scope.mode"), mode),
        (words("scope.resolvers"), ", ".join(shown(one, 60) for one in vantage.resolvers[:8]) or "–"),
        (words("scope.contacted"), contacted or words("scope.nobody")),
        (
            words("scope.options"),
            ", ".join(_option(reading, key, value) for key, value in sorted(vantage.options.items())[:12])
            or words("scope.defaults"),
        ),
        (
            words("scope.profile"),
            words(f"profile.{reading.audit.profile}")
            if words.has(f"profile.{reading.audit.profile}")
            else shown(reading.audit.profile, 40),
        ),
    )


def _option(reading: Reading, key: str, value: str) -> str:
    """A setting of the collection, in words."""
    words = reading.words
    name = reading.shown(said(words, f"option.{key}"), 40)
    if key in ("not_asked", "probes"):
        value = ", ".join(said(words, f"probe.{probe}") for probe in value.split())
    return f"{name}{words('punctuation.colon')} {reading.shown(value, 200)}"


def _manifest(reading: Reading) -> tuple[tuple[str, str], ...]:
    audit, words, shown = reading.audit, reading.words, reading.shown
    versions = [
        (words(f"version.{key}") if words.has(f"version.{key}") else shown(key, 40), shown(value, 120))
        for key, value in sorted(audit.evidence.versions.items())
    ]
    matches = evidence_digest(audit.evidence) == audit.evidence_digest
    return (
        (words("manifest.model"), shown(audit.model_version, 20)),
        (words("manifest.rules"), shown(audit.rulebook_digest, 64)),
        (words("manifest.catalogue"), f"{shown(audit.catalogue_date, 20)} · {shown(audit.catalogue_digest, 64)}"),
        (words("manifest.evidence"), shown(audit.evidence_digest, 64)),
        (words("manifest.match"), words("manifest.match_yes" if matches else "manifest.match_no")),
        (words("manifest.as_of"), shown(audit.as_of, 20)),
        *([(words("manifest.previous"), shown(audit.previous.digest, 64))] if audit.previous else []),
        *versions,
    )
