"""The reasoning of ``sovscan explain`` as plain lines, in one language."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sovscan.files.safe_text import safe_text
from sovscan.locale.observed import said, why
from sovscan.locale.words import Words, words
from sovscan.model.dependency import Dependency, Hypothesis, Signal
from sovscan.model.provider import ProviderId
from sovscan.model.reasoning import Contender, Looked, Reasoning, Weighed
from sovscan.model.related import Related, Way
from sovscan.model.text import Country

MOST = 6
"""Questions of one probe that are written out; the rest is counted."""

Owners = Mapping[ProviderId, tuple[str, str, Country, bool]]
"""Name, ultimate parent and its country of each provider that may be named, and whether that has a source."""


def render_explanation(
    reasonings: Iterable[Reasoning],
    owners: Owners,
    language: str,
    related: Sequence[Related] = (),
    agreements: Mapping[str, tuple[int, int]] | None = None,
) -> bytes:
    """UTF-8 lines; what the network said is made safe, the order is that of the reasonings.

    ``agreements``: by confidence how many of how many measured mailboxes agreed with others' labels; None: not said.
    """
    say = words(language)
    told = tuple(reasonings)
    blocks = ["\n".join(_block(reasoning, owners, say)) for reasoning in told]
    if related:
        blocks.append("\n".join((say("related.heading"), *(f"  {_related(each, say)}" for each in related))))
    if agreements and any(reasoning.dependencies for reasoning in told):
        blocks.append("\n".join((say("explain.agreed"), *(f"  {_agreed(each, say)}" for each in agreements.items()))))
    return ("\n\n".join(blocks) + "\n").encode("utf-8")


def _agreed(measured: tuple[str, tuple[int, int]], say: Words) -> str:
    level, (agreed, seen) = measured
    return say(
        "explain.agreed.of",
        confidence=say(f"confidence.{level}"),
        share=say.percent(agreed / seen),
        seen=say.number(seen, 0),
    )


def _related(found: Related, say: Words) -> str:
    names = {"domain": found.domain, "target": found.target}
    if found.way in (Way.MAIL, Way.SENDER):
        names["shown"] = safe_text(found.shown)
    return say(f"related.{found.way}", **names)


def _block(reasoning: Reasoning, owners: Owners, say: Words) -> Iterator[str]:
    yield say("explain.heading", target=safe_text(reasoning.target), layer=say(f"layer.{reasoning.layer}"))
    if reasoning.dependencies:
        yield f"  {say('explain.verdict')}"
    else:
        yield f"  {say('explain.nothing', why=say(_why_nothing(reasoning)))}"
    for dependency in reasoning.dependencies:
        yield from _dependency(dependency, owners, say)
    if reasoning.contenders:
        limits = {"probable": _figure(reasoning.probable, say), "contested": _figure(reasoning.contested, say)}
        yield f"  {say('explain.weights', **limits)}"
        for contender in reasoning.contenders:
            yield from _contender(contender, say)
    if reasoning.looked:
        yield f"  {say('explain.looked')}"
        for looked in reasoning.looked:
            yield from _looked(looked, say)


def _why_nothing(reasoning: Reasoning) -> str:
    if any(looked.unread for looked in reasoning.looked):
        read = any(looked.answered or looked.absent for looked in reasoning.looked)
        return "explain.nothing.partly" if read else "explain.nothing.unread"
    if any(looked.answered for looked in reasoning.looked):
        return "explain.nothing.shown"
    return "explain.nothing.absent" if reasoning.looked else "explain.nothing.asked"


def _dependency(found: Dependency, owners: Owners, say: Words) -> Iterator[str]:
    held = found.attribution
    parts = [_who(held.provider, owners, say, operator_self=held.operator_self)]
    if found.host is not None:
        parts.append(say("explain.on", host=safe_text(found.host.label)))
    if found.technology is not None:
        parts.append(say("explain.runs", maker=safe_text(found.technology.label)))
    holder = held.provider or (found.host.provider if found.host is not None else None)
    if holder is not None and holder in owners:
        _, controller, country, sourced = owners[holder]
        doubt = "" if sourced else f" ({say('owner.to_confirm')})"
        key = "explain.controlled" if held.provider else "explain.host_controlled"
        parts.append(say(key, controller=controller, country=say.country(country)) + doubt)
    parts.append(say("explain.confidence", confidence=say(f"confidence.{held.confidence}")))
    role = say(f"role.{found.layer}.{found.role}")
    yield f"    {role} · {safe_text(found.subject)} · {', '.join(parts)}"
    if found.flags:
        marks = ", ".join(safe_text(said(say, f"flag.{one}")) for one in found.flags)
        yield f"      {say('explain.flags', flags=marks)}"
    yield from _signals(held.signals, say("explain.for"), say)
    yield from _signals(held.against, say("explain.against"), say)
    if held.runner_up is not None:
        yield f"      {_runner_up(held.runner_up, owners, say)}"
    if held.settle is not None:
        yield f"      {say('explain.settle', what=safe_text(say.of(held.settle), 600))}"


def _runner_up(other: Hypothesis, owners: Owners, say: Words) -> str:
    who = _who(other.provider, owners, say, operator_self=False)
    if other.provider is None and other.signals:
        who = safe_text(other.signals[0].value, 120)
    return say("explain.runner_up", who=who, confidence=say(f"confidence.{other.confidence}"))


def _who(provider: ProviderId | None, owners: Owners, say: Words, *, operator_self: bool) -> str:
    if provider is not None:
        return owners[provider][0] if provider in owners else provider
    return say("explain.self") if operator_self else say("explain.unlisted")


def _signals(signals: Iterable[Signal], side: str, say: Words) -> Iterator[str]:
    alike: dict[tuple[str, str, str], list[str]] = {}
    for signal in signals:
        alike.setdefault((signal.kind, signal.value, signal.strength), []).extend(signal.observations)
    for (kind, value, level), observations in alike.items():
        strength, seen = say(f"explain.strength.{level}"), " ".join(dict.fromkeys(observations))
        told = f"{said(say, f'kind.{kind}')} {safe_text(value, 160)} ({strength}) {seen}"
        yield f"      {side}{say('punctuation.colon')} {told}".rstrip()


def _contender(contender: Contender, say: Words) -> Iterator[str]:
    points = {"points": _figure(contender.points, say), "n": say.counted(contender.points)}
    yield f"    {say('explain.points', name=safe_text(contender.name), **points)}"
    for weighed in contender.signs:
        yield f"      {_weighed(weighed, say)}"


def _weighed(weighed: Weighed, say: Words) -> str:
    proof = f" [{say('explain.proof')}]" if weighed.proof else ""
    colon = say("punctuation.colon")
    seen = ", ".join(dict.fromkeys(safe_text(signal.value, 100) for signal in weighed.signals))
    points = f"{'+' if weighed.points >= 0 else ''}{_figure(weighed.points, say)}"
    return f"{points} {say(f'sign.{weighed.sign}')}{proof}{f'{colon} {seen}' if seen else ''}"


def _looked(looked: Looked, say: Words) -> Iterator[str]:
    unread = tuple(f"{question} ({why(say, reason)})" if reason else question for question, reason in looked.unread)
    for key, questions in (
        ("explain.answered", looked.answered),
        ("explain.absent", looked.absent),
        ("explain.unread", unread),
    ):
        if questions:
            shown = [safe_text(question, 160) for question in questions[:MOST]]
            left = len(questions) - len(shown)
            shown += [say("explain.more", n=left)] if left else []
            asked = said(say, f"probe.{looked.probe}")
            yield f"    {say(key)}, {asked}{say('punctuation.colon')} {', '.join(shown)}"


def _figure(value: float, say: Words) -> str:
    """As short as it can be: 3 and 3,5."""
    return say.number(value, 0 if value == round(value) else 1)
