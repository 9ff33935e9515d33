"""``whatif``: a stored audit with services replaced, and the order to replace them in."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sovscan.cli import options as opt
from sovscan.cli.exits import Refusal
from sovscan.model.text import Text

if TYPE_CHECKING:
    from sovscan.advise.plan import Plan
    from sovscan.advise.whatif import Swap, WhatIf
    from sovscan.files.canonical import Plain

_SHOWN = 0.05
"""Points: a gain below prints as none."""


def whatif(
    audit: Annotated[Path, typer.Argument(metavar="AUDIT", help="result.json of an audit, or its bundle folder.")],
    replace: Annotated[
        list[str] | None,
        typer.Option("--replace", metavar="LAYER:PROVIDER=OFFER", help="Hand what a provider does to an offer."),
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="The order of moves that gains most for the effort.")] = False,
    moves: Annotated[int | None, typer.Option("--moves", metavar="N", help="Plan: moves at most.", min=0)] = None,
    budget: Annotated[
        int | None, typer.Option("--budget", metavar="DAYS", help="Plan: calendar days of moves in all.", min=0)
    ] = None,
    deadline: Annotated[
        str | None, typer.Option("--deadline", metavar="DATE", help="Plan: day by which it is done.")
    ] = None,
    max_effort: Annotated[
        str | None, typer.Option("--max-effort", metavar="S|M|L", help="Plan: greatest effort of a move.")
    ] = None,
    providers: opt.Providers = None,
    rules: opt.Rules = None,
    lang: opt.Lang = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Canonical JSON on standard output.")] = False,
) -> None:
    """The score once services are replaced, and a migration plan; nothing is collected.

    \b
    sovscan whatif result.json --replace mail_in:microsoft=bluemind
    sovscan whatif result.json --plan --moves 4 --budget 200
    """  # noqa: D301 - the help printer wants the control character itself
    from sovscan.advise.plan import Limits
    from sovscan.advise.plan import plan as plan_moves
    from sovscan.advise.whatif import WhatIfError
    from sovscan.advise.whatif import whatif as simulate
    from sovscan.cli import sockets
    from sovscan.cli.console import print_line, say, write_out
    from sovscan.cli.judging import (
        as_of_date,
        load_catalogue_or_refuse,
        load_policy_or_refuse,
        load_rulebook_or_refuse,
    )
    from sovscan.cli.language import languages
    from sovscan.cli.stored import read_result
    from sovscan.files import canonical
    from sovscan.model.exposure import Inventory
    from sovscan.score.unread import unread_items

    language = languages(lang)[0]
    if not replace and not plan:
        raise Refusal("nothing to do", "give --replace LAYER:PROVIDER=OFFER, or --plan")
    swaps = [_swap(given) for given in replace or ()]
    limits = Limits(moves=moves, days=budget, deadline=as_of_date(deadline, "--deadline"), effort=_effort(max_effort))
    if not plan and limits != Limits():
        raise Refusal("limits without --plan", "add --plan")
    with sockets.refused():
        stored = read_result(audit)
        catalogue, rulebook = load_catalogue_or_refuse(providers), load_rulebook_or_refuse(rules)
        policy = load_policy_or_refuse(stored.profile)
        if (stored.catalogue_digest, stored.rulebook_digest) != (catalogue.digest, rulebook.digest):
            say("sovscan: the audit was judged with another catalogue or other rules; replacements use today's")
        today = Inventory(
            items=stored.items,
            failed=tuple(row.layer for row in stored.score.layers if row.failed),
            unread=unread_items(stored.evidence, stored.dependencies, policy, catalogue),
        )
        try:
            done = [
                simulate(
                    swaps[:count],
                    stored.dependencies,
                    today,
                    catalogue=catalogue,
                    rulebook=rulebook,
                    policy=policy,
                    as_of=stored.as_of,
                )
                for count in range(len(swaps) + 1)
            ]
        except WhatIfError as error:
            raise Refusal(
                str(error), "see the services with 'sovscan report', offers with 'sovscan providers'"
            ) from error
        planned = None
        if plan:
            planned = plan_moves(
                stored.dependencies,
                done[-1].inventory,
                limits,
                catalogue=catalogue,
                rulebook=rulebook,
                policy=policy,
                as_of=stored.as_of,
            )
    if as_json:
        write_out(canonical.dumps_pretty(_plain(swaps, done, planned)), "application/json")
        return
    for line in (*_swap_lines(swaps, done, language), *(_plan_lines(planned, language) if planned else ())):
        print_line(line)


def _swap(given: str) -> "Swap":
    from sovscan.advise.whatif import Swap
    from sovscan.files.strict_yaml import suggestion
    from sovscan.model.dependency import Layer
    from sovscan.model.provider import OfferId, ProviderId

    found = re.fullmatch(r"([^:=]+):([^:=]+)=([^:=]+)", given)
    if found is None:
        raise Refusal(f"--replace {given!r}: expected LAYER:PROVIDER=OFFER", "for example mail_in:microsoft=bluemind")
    layers = [layer.value for layer in Layer]
    if found[1] not in layers:
        raise Refusal(f"--replace: unknown layer {found[1]!r}", suggestion(found[1], layers) or ", ".join(layers))
    return Swap(layer=Layer(found[1]), provider=ProviderId(found[2]), offer=OfferId(found[3]))


def _effort(given: str | None) -> str | None:
    from sovscan.advise.purposes import EFFORTS

    if given is not None and given.upper() not in EFFORTS:
        raise Refusal(f"--max-effort: unknown word {given!r}", f"one of {', '.join(EFFORTS)}")
    return given.upper() if given else None


def _plain(swaps: "Sequence[Swap]", done: "Sequence[WhatIf]", planned: "Plan | None") -> "Plain":
    from sovscan.files.records import to_plain

    def line(found: "WhatIf") -> "dict[str, Plain]":
        score = found.score
        return {
            "score": score.value,
            "grade": score.grade.value,
            "access": score.access,
            "cutoff": score.cutoff,
            "interval": [score.worst, score.best],
            "caps": [cap.id for cap in score.caps],
            "points_lost": {row.layer.value: row.points_lost for row in score.layers},
        }

    steps = [
        {**to_plain(swap), **line(after), "gain": after.score.value - before.score.value}
        for swap, before, after in zip(swaps, done, done[1:], strict=False)
    ]
    return {
        "before": line(done[0]),
        "after": line(done[-1]),
        "replaced": list(done[-1].replaced),
        "steps": steps,
        "plan": to_plain(planned) if planned else None,
    }


def _swap_lines(swaps: "Sequence[Swap]", done: "Sequence[WhatIf]", language: str) -> Iterator[str]:
    yield f"{_TODAY.in_language(language)}  {done[0].score.value:.1f}  {done[0].score.grade}"
    for swap, before, after in zip(swaps, done, done[1:], strict=False):
        gain = after.score.value - before.score.value
        yield f"{swap.layer}:{swap.provider} -> {swap.offer}  {gain:+.1f}  {after.score.value:.1f}  {after.score.grade}"
        held = _still_held(swap, after) if abs(gain) < _SHOWN else ""
        if held:
            yield _HELD.in_language(language).format(held=held, layer=swap.layer)


def _still_held(swap: "Swap", after: "WhatIf") -> str:
    """Who else reaches the layer from outside, or may, once the swap is done."""
    from sovscan.files.safe_text import safe_text
    from sovscan.model.exposure import Level

    clean = {Level.NONE, Level.IMMUNE}
    others = (
        item.controller
        for item in after.inventory.items
        if item.layer is swap.layer and any(nexus.level not in clean for nexus in item.nexuses)
    )
    return safe_text(", ".join(sorted({name for name in others if name})), 160)


_REASONS = {
    "effort": Text(
        fr="demande plus d’effort que --max-effort, ou un effort non estimé",
        en="takes more effort than --max-effort, or an effort not estimated",
    ),
    "waits": Text(
        fr="doit attendre un changement qui n’est pas au plan", en="has to wait for a move that is not in the plan"
    ),
    "moves": Text(fr="au-delà de --moves", en="beyond --moves"),
    "days": Text(fr="au-delà de --budget", en="beyond --budget"),
    "deadline": Text(fr="pas achevé à la date de --deadline", en="not done by --deadline"),
    "no-gain": Text(fr="ne relève rien à côté des autres", en="raises nothing beside the others"),
    "not-weighed": Text(
        fr="gagne moins que les changements qui ont été pesés", en="gains less than the moves that were weighed"
    ),
}
_TODAY = Text(fr="aujourd’hui", en="today")
_HELD = Text(
    fr="  rien de gagné tant que {held} tient encore {layer} : à remplacer d’abord",
    en="  nothing gained while {held} still holds {layer}: replace that first",
)
_PLAN = Text(fr="plan à partir du {begins} : {score} {grade}", en="plan from {begins}: {score} {grade}")
_EFFORT = Text(fr="effort {effort}, {days} jours, fait le {ends}", en="effort {effort}, {days} days, done {ends}")
_NOT_ESTIMATED = Text(fr="non estimé", en="not estimated")
_OPENS = Text(fr=" ; peut suivre : {opened}", en="; {opened} can follow")
_LEFT_OUT = Text(fr="laissé de côté", en="left out")
_DAYS = Text(
    fr="Les jours sont des jours calendaires de mise en œuvre, un changement après l’autre ; les délais d’un rapport "
    "comprennent la décision.",
    en="Days are calendar days of making a move, one after the other; lead times of a report include the decision.",
)
_ORDER = Text(
    fr="L’ensemble qui laisse perdre le moins dans les limites, dans l’ordre : d’abord ce que d’autres attendent, puis "
    "ce qui gagne le plus par jour. Les décisions d’un rapport suivent un autre ordre : le plus grand gain immédiat "
    "d’abord.",
    en="The set that leaves least lost within the limits, in this order: first what others wait for, then what gains "
    "most a day. The decisions of a report have another order: the largest immediate gain first.",
)


def _plan_lines(planned: "Plan", language: str) -> Iterator[str]:
    score = f"{planned.score_before:.1f}"
    yield _PLAN.in_language(language).format(begins=planned.begins, score=score, grade=planned.grade_before)
    for number, step in enumerate(planned.steps, 1):
        why = _OPENS.in_language(language).format(opened=", ".join(step.opens)) if step.opens else ""
        estimate = step.effort or _NOT_ESTIMATED.in_language(language)
        effort = _EFFORT.in_language(language).format(effort=estimate, days=step.days, ends=step.ends)
        after = f"{step.gain:+.1f}  {step.score_after:.1f}  {step.grade_after}"
        yield f"{number}. {step.layer}:{step.provider or 'self'} -> {step.offer}  {effort}  {after}{why}"
    for left in planned.left_out:
        told = _LEFT_OUT.in_language(language), _REASONS[left.reason].in_language(language)
        yield f"{told[0]}  {left.layer}:{left.provider or 'self'}: {told[1]}"
    yield _DAYS.in_language(language)
    yield _ORDER.in_language(language)
