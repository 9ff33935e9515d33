"""How a replacement is said: what kind of service, under which condition, with a few names as examples."""

from collections.abc import Sequence

from sovscan.model.audit import Alternative, Move, Step
from sovscan.model.exposure import Level
from sovscan.render.view.reading import Reading
from sovscan.render.view.shown import shorter

EXAMPLES = 3
_SHORT, _LONGEST, _ROOM = 34, 48, 72
"""Characters: of one name where it can be shortened, of one that cannot, of all of them."""
_TIE = 0.05
"""Points: gains that print alike."""
_OUTSIDE = (Level.DIRECT, Level.PARENT, Level.HOSTED_ON, Level.UNKNOWN)


def what(reading: Reading, move: Move) -> str:
    """``Replace X (mailboxes)``."""
    return reading.words("action.what", current=reading.replaced_name(move, 30), what=_what(reading, move))


def by_what(reading: Reading, move: Move, best: Alternative) -> str:
    """``by a mail service under European control, for example A, B or C, once Y is replaced``: it follows ``what``."""
    words = reading.words
    kind = f"{words(_kind(reading, move))} {words(f'kind_is.{_quality(examples(move, best))}')}".strip()
    names = listed(reading, examples(move, best))
    return words("action.by_what", kind=kind, names=names) + once(reading, move)


def once(reading: Reading, move: Move) -> str:
    """``, once Y is replaced`` when other replacements come first; else nothing."""
    if not move.after:
        return ""
    names = [reading.provider_name(provider, 26) for provider in move.after]
    return reading.words("action.once", n=len(names), names=_joined(reading, names, "list.and"))


def behind(reading: Reading, step: Step) -> tuple[Move, Alternative] | None:
    """The move and the alternative that a decision rests on; None in a result that does not hold together."""
    for move in reading.audit.advice.moves:
        if (move.layer, move.provider) == (step.layer, step.provider):
            for one in move.alternatives:
                if one.offer == step.offer:
                    return move, one
    return None


def examples(move: Move, best: Alternative) -> tuple[Alternative, ...]:
    """Some alternatives that gain as much as the best one, in the order of the advice."""
    return varied([one for one in move.alternatives if one.gain >= best.gain - _TIE], EXAMPLES) or (best,)


def varied(found: Sequence[Alternative], most: int) -> tuple[Alternative, ...]:
    """At most ``most`` of them in their order: the first, then what differs from it, so that no vendor is singled out.

    One offer a provider while there are others; where there is one, free software beside a service and a second
    country beside the first.
    """
    providers: dict[str, Alternative] = {}
    for one in found:
        providers.setdefault(one.provider, one)
    others = list(providers.values())
    chosen = others[:1]
    for differs in (_other_kind, _other_country):
        new = next((one for one in others if all(differs(one, other) for other in chosen)), None)
        if new is not None and len(chosen) < most:
            chosen.append(new)
    chosen += [one for one in (*others, *found) if one not in chosen][: most - len(chosen)]
    return tuple(one for one in found if one in chosen)


def _other_kind(one: Alternative, other: Alternative) -> bool:
    return (one.licence is None) != (other.licence is None)


def _other_country(one: Alternative, other: Alternative) -> bool:
    return one.country != other.country


def listed(reading: Reading, found: tuple[Alternative, ...]) -> str:
    """``A, B or C``: as many as there is room for, at least one."""
    names: list[str] = []
    for one in found:
        name = shorter(reading.name(one.name, _LONGEST), _SHORT)
        if not names or len(", ".join((*names, name))) <= _ROOM:
            names.append(name)
    return _joined(reading, names, "list.or")


def _joined(reading: Reading, names: list[str], last: str) -> str:
    *before, end = names
    return f"{', '.join(before)}{reading.words(last)}{end}" if before else end


def _what(reading: Reading, move: Move) -> str:
    roles = dict.fromkeys(
        reading.role_name(reading.dependencies[one]) for one in move.dependencies if one in reading.dependencies
    )
    name = next(iter(roles)) if len(roles) == 1 else reading.layer_name(move.layer)
    # Inside a sentence only the first letter falls: an acronym stays as it is.
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _kind(reading: Reading, move: Move) -> str:
    roles = {reading.dependencies[one].role for one in move.dependencies if one in reading.dependencies}
    closer = f"kind.{move.layer.value}.{next(iter(roles))}" if len(roles) == 1 else ""
    return closer if reading.words.has(closer) else f"kind.{move.layer.value}"


def _quality(found: tuple[Alternative, ...]) -> str:
    if all(one.qualification for one in found):
        return "qualified"
    if all(one.licence for one in found):
        return "free"
    if not any(nexus.level in _OUTSIDE for one in found for nexus in one.nexuses):
        return "european"
    return "other"
