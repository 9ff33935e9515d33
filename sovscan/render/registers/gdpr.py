"""Candidates for a transfer list: GDPR chapter V (articles 44 to 49), 28, 30(1)(e) and 13(1)(f).

One row for each supplier, role and third country with a hold. Adequate for transfers is never the same as safe.
"""

from collections.abc import Iterator

from sovscan.model.exposure import Level, Nexus
from sovscan.render.registers.register import Register, Row
from sovscan.render.registers.supplier import OUTSIDE, Supply, law_names, supplies
from sovscan.render.registers.transfers import adequacy
from sovscan.render.view.reading import Reading


def _rows(reading: Reading) -> Iterator[tuple[Row, str, tuple[str, ...]]]:
    for supply in supplies(reading):
        worst: dict[str, Nexus] = {}
        for nexus in supply.nexuses:
            # Technology without access to data moves none of it.
            if nexus.level in OUTSIDE and nexus.level is not Level.TECHNOLOGY:
                worst.setdefault(str(nexus.country), nexus)
        for country in sorted(worst):
            yield _row(reading, supply, country, worst[country]), supply.confidence, supply.because


def _row(reading: Reading, supply: Supply, country: str, nexus: Nexus) -> Row:
    words, view = reading.words, supply.provider
    direct = "direct" if nexus.level is Level.DIRECT else "indirect"
    named = tuple(each for each in supply.nexuses if each.country == country)
    return (
        supply.label,
        reading.shown(view.entity, 200) if view else "",
        reading.layer_name(supply.layer),
        supply.role,
        country,
        words(f"level.{nexus.level.value}"),
        words(f"register.transfer.{direct}"),
        _decision(reading, country),
        law_names(reading, named),
    )


def _decision(reading: Reading, country: str) -> str:
    words, found = reading.words, adequacy().get(country)
    if found is None:
        return words("register.adequacy.none")
    parts = [words("register.adequacy.whole" if found.whole else "register.adequacy.part")]
    if found.until is not None:
        parts.append(words("register.adequacy.until", day=words.day(found.until)))
    if not found.established:
        parts.append(words("register.adequacy.confirm"))
    return ", ".join(parts)


REGISTER = Register(
    name="gdpr",
    columns=("provider", "entity", "layer", "role", "country", "level", "transfer", "adequacy", "laws"),
    rows=_rows,
)
