"""Candidates for an inventory of supplier services: ISO/IEC 27001:2022, A.5.9 and A.5.19 to A.5.23."""

from collections.abc import Iterator

from sovscan.model.dependency import Layer
from sovscan.render.registers.register import Register, Row
from sovscan.render.registers.supplier import Supply, supplies
from sovscan.render.view.reading import Reading

_CLOUD = (Layer.MAIL_IN, Layer.IDENTITY, Layer.HOSTING, Layer.CDN, Layer.SAAS)


def _rows(reading: Reading) -> Iterator[tuple[Row, str, tuple[str, ...]]]:
    for supply in supplies(reading):
        view = supply.provider
        subjects = sorted({reading.shown(each.subject, 120) for each in supply.dependencies})
        cells: Row = (
            ", ".join(subjects),
            reading.layer_name(supply.layer),
            supply.role,
            supply.label,
            reading.parent_name(view) if view else "",
            view.controller_country if view else "",
            _qualifications(reading, supply),
            reading.words.day(view.checked) if view else "",
            _controls(supply.layer),
        )
        yield cells, supply.confidence, supply.because


def _qualifications(reading: Reading, supply: Supply) -> str:
    """Those held by the offers themselves that count at the audit's date, with their last day."""
    offers = {each.attribution.offer for each in supply.dependencies}
    return "; ".join(
        f"{reading.shown(view.certification.scheme, 60)} ({view.certification.valid_to})"
        for view in reading.audit.qualifications
        if view.counted and view.offer in offers
    )


def _controls(layer: Layer) -> str:
    named = ["A.5.9", "A.5.19", "A.5.20", "A.5.22"]
    if layer is Layer.SUPPLY:
        named.insert(3, "A.5.21")
    return " ".join([*named, "A.5.23"] if layer in _CLOUD else named)


REGISTER = Register(
    name="iso27001",
    columns=(
        "services",
        "layer",
        "role",
        "provider",
        "parent",
        "parent_country",
        "qualification",
        "checked",
        "control",
    ),
    rows=_rows,
)
