"""The first sentence of the report, and the one that says what would change it."""

from dataclasses import dataclass

from sovscan.render.view.reading import Reading
from sovscan.render.view.replacing import behind, examples, listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """Three sentences: where we stand, what the grade means, what would change it."""

    title: str
    grade: str
    change: str


def conclude(reading: Reading) -> Conclusion:
    """The conclusion, from counts and simulation; nothing in it is typed."""
    return Conclusion(title=_title(reading), grade=_grade(reading), change=_change(reading))


def _title(reading: Reading) -> str:
    words, count = reading.words, reading.audit.count
    if count.total == 0:
        return words("conclusion.repository_nothing" if _is_code(reading) else "conclusion.nothing")
    if not reading.rated and not _is_code(reading):
        return words("conclusion.unrated", n=count.total, share=words.percent(reading.audit.score.coverage))
    if count.us:
        more = words("conclusion.and_third", n=count.other_third) if count.other_third else ""
        return words("conclusion.us", n=count.us, total=count.total) + more + _weak(reading)
    if count.other_third:
        return words("conclusion.third", n=count.other_third, total=count.total) + _weak(reading)
    if count.unknown:
        return words("conclusion.unknown", n=count.unknown, total=count.total)
    return words("conclusion.none", n=count.total)


def _weak(reading: Reading) -> str:
    weak = reading.audit.count.weak_outside
    return reading.words("conclusion.weak", n=weak) if weak else ""


def _grade(reading: Reading) -> str:
    words, score = reading.words, reading.audit.score
    if _is_code(reading):
        return words("grade.repository")
    if not reading.rated:
        reasons = [words(f"cap.{cap.id}") for cap in score.caps if words.has(f"cap.{cap.id}") and cap.grade == "NR"]
        reason = words("punctuation.semicolon").join(reasons)
        return words("grade.NR", reason=reason or words("cap.coverage-insufficient"))
    return words(f"grade.{score.grade.value}")


def _change(reading: Reading) -> str:
    words, audit = reading.words, reading.audit
    if _is_code(reading):
        return words("change.repository")
    if not reading.rated:
        return words("change.unrated")
    if not audit.advice.decisions:
        return words("change.none")
    first = audit.advice.decisions[0]
    found = behind(reading, first)
    if found is None:
        return words("change.none")
    key = "change.score" if first.grade_after is audit.score.grade else "change.grade"
    return words(
        key,
        current=reading.replaced_name(found[0], 30),
        names=listed(reading, examples(*found)),
        layer=words(f"layer_the.{first.layer.value}"),
        before=words.number(audit.score.value, 0),
        after=words.number(first.score_after, 0),
        grade=audit.score.grade.value,
        grade_after=first.grade_after.value,
    )


def _is_code(reading: Reading) -> bool:
    """Whether files of a repository are all that was looked at."""
    return reading.audit.evidence.vantage.mode == "repository"
