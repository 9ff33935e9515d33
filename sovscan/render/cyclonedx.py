"""The services an organisation leans on as a CycloneDX 1.6 bill of materials (SaaSBOM, ECMA-424)."""

import uuid
from typing import Any
from urllib.parse import quote

from sovscan.files import canonical
from sovscan.files.records import to_plain
from sovscan.locale.words import words as words_of
from sovscan.model.audit import Audit
from sovscan.model.dependency import Dependency, Layer
from sovscan.model.gate import Standing
from sovscan.render.format import Format, RenderOptions
from sovscan.render.view.reading import Reading, read
from sovscan.render.view.shown import Shown

VERSION = "1.6"
"""Of the specification when none is asked for: what platforms read today."""
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cyclonedx.org/bom/sovscan")
"""Where serial numbers of ours come from: the same result has the same one."""
_FLOWS = {
    Layer.MAIL_IN: "inbound",
    Layer.MAIL_OUT: "outbound",
    Layer.DNS: "inbound",
    Layer.REGISTRY: "outbound",
    Layer.CA: "outbound",
}


def render_cyclonedx(audit: Audit, language: str, options: RenderOptions) -> bytes:
    """Services with provider, country, boundary and data; packages as components. Digest and dates make it stable."""
    return bill(audit, language, options, VERSION)


def bill(audit: Audit, language: str, options: RenderOptions, version: str) -> bytes:
    """The same in a version of the specification, ``1.6`` or ``1.7``: what is written stands in both."""
    reading = read(audit, words_of(language), Shown())
    packages = [found for found in audit.dependencies if _is_package(found)]
    services = [found for found in audit.dependencies if not _is_package(found)]
    waived = _waived(reading, options)
    bom = {
        "$schema": f"http://cyclonedx.org/schema/bom-{version}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "serialNumber": uuid.uuid5(_SPACE, canonical.digest(to_plain(audit))).urn,
        "version": 1,
        "metadata": _metadata(reading, language),
        "services": [_service(reading, number, found, waived) for number, found in enumerate(services, start=1)],
        "components": [_component(reading, number, found, waived) for number, found in enumerate(packages, start=1)],
    }
    return canonical.dumps_pretty(bom)


def _metadata(reading: Reading, language: str) -> dict[str, Any]:
    audit = reading.audit
    tool = {"type": "application", "name": "sovscan"}
    version = audit.evidence.versions.get("sovscan", "")
    score = reading.words.number(audit.score.value) if reading.rated else ""
    return {
        "timestamp": audit.evidence.collected_at,
        "tools": {"components": [{**tool, "version": reading.shown(version, 40)} if version else tool]},
        "component": {
            "type": "application",
            "bom-ref": "organisation",
            "name": reading.shown(audit.organisation, 200) or "?",
        },
        "properties": _properties(
            language=language,
            grade=audit.score.grade.value,
            score=score,
            evidence=audit.evidence_digest,
            catalogue=audit.catalogue_digest,
            rules=audit.rulebook_digest,
        ),
    }


def _service(reading: Reading, number: int, found: Dependency, waived: frozenset[str]) -> dict[str, Any]:
    operator = reading.operator_name(found)
    country = reading.seat_of_control(found)
    provider: dict[str, Any] = {"bom-ref": f"provider-{number}", "name": operator}
    if country not in ("", "??"):
        provider["address"] = {"bom-ref": f"address-{number}", "country": country}
    return {
        "bom-ref": f"service-{number}",
        "provider": provider,
        "name": f"{reading.role_name(found)} – {operator}",
        "description": reading.layer_name(found.layer),
        "endpoints": [quote(found.subject[:512], safe="/.-_~", errors="replace")],
        "x-trust-boundary": not found.attribution.operator_self,
        "data": [{"flow": _FLOWS.get(found.layer, "bi-directional"), "classification": found.layer.value}],
        "properties": _about(reading, found, waived),
    }


def _component(reading: Reading, number: int, found: Dependency, waived: frozenset[str]) -> dict[str, Any]:
    purl = reading.shown(found.subject, 300)
    return {
        "type": "library",
        "bom-ref": f"package-{number}",
        "name": purl.rpartition("/")[2] or purl,
        "purl": purl,
        "properties": _about(reading, found, waived),
    }


def _about(reading: Reading, found: Dependency, waived: frozenset[str]) -> list[dict[str, str]]:
    item = reading.items.get(found.id)
    nexuses = item.nexuses if item else ()
    evidence = reading.dependency_evidence(found)[:20]
    known = reading.providers.get(found.attribution.provider or "")
    return _properties(
        id=reading.shown(found.id, 300),
        layer=found.layer.value,
        role=reading.shown(found.role, 60),
        domain=reading.shown(found.domain, 253),
        location=reading.shown(found.location or "", 400),
        jurisdiction=" ".join(sorted({reading.shown(nexus.country, 2) for nexus in nexuses})),
        level=reading.worst_nexus(item).level.value if item else "",
        controller=reading.name(known.controller, 200) if known else "",
        ownership=reading.doubt_of(found.attribution.provider),
        confidence=found.attribution.confidence.value,
        evidence=" ".join(evidence),
        waived="true" if found.id in waived else "",
    )


def _properties(**named: str) -> list[dict[str, str]]:
    return [{"name": f"sovscan:{name}", "value": value} for name, value in named.items() if value]


def _waived(reading: Reading, options: RenderOptions) -> frozenset[str]:
    """Dependencies one of whose findings is waived."""
    rulings = options.gate.rulings if options.gate else ()
    waived = {ruling.finding for ruling in rulings if ruling.standing is Standing.WAIVED}
    return frozenset(found.dependency for found in reading.audit.findings if found.dependency and found.id in waived)


def _is_package(found: Dependency) -> bool:
    return found.layer is Layer.SUPPLY and found.subject.startswith("pkg:")


FORMAT = Format(
    name="cyclonedx", extension="cdx.json", media_type="application/vnd.cyclonedx+json", render=render_cyclonedx
)
