"""The texts of law that an audit names, a row each."""

from dataclasses import dataclass

from sovscan.model.audit import LawText
from sovscan.model.text import Country
from sovscan.render.view.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRow:
    """One text, with how well it is established."""

    name: str
    reference: str
    country: str
    ground: str
    state: str
    status: str
    established: bool
    cited: tuple[str, ...]


def law_rows(reading: Reading) -> list[LawRow]:
    """The texts that reach a service seen here, or one that is proposed, in the order of the audit."""
    words = reading.words
    seen = {nexus.country for item in reading.audit.items for nexus in item.nexuses}
    return [
        LawRow(
            name=reading.sentence(law.name),
            reference=reading.shown(law.reference, 120),
            country=_reached(reading, law, seen),
            ground=reading.sentence(law.ground),
            state=reading.sentence(law.state),
            established=law.established,
            status=words("law.established" if law.established else "law.to_confirm"),
            cited=reading.cited(law.sources),
        )
        for law in reading.audit.laws
    ]


def _reached(reading: Reading, law: LawText, seen: set[Country]) -> str:
    country = reading.words.country(law.country)
    return country if law.country in seen else f"{country} · {reading.words('law.proposed_only')}"
