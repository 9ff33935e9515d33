"""What could not be read never turns into a good word: no new owner, no "own", nothing surer (PITFALLS O2, P37)."""

from dataclasses import replace

import pytest

from sovscan.attribute import attribute
from sovscan.catalogue.load import load_catalogue
from sovscan.files.bundled import listing, read
from sovscan.files.evidence_bundle import in_order, make_observation, read_evidence
from sovscan.model.dependency import Dependency
from sovscan.model.evidence import Evidence, Observation, Outcome

DEMONSTRATIONS = [path[-1] for path in listing("data", "demo", suffix=".jsonl")]


def failed(seen: Observation) -> Observation:
    return make_observation(
        probe=seen.probe, subject=seen.subject, outcome=Outcome.FAILED, reason="servfail", asked=seen.asked
    )


def named(found: tuple[Dependency, ...]) -> set[tuple[str, str, str]]:
    """Layer, target and who, of everything that is claimed to be somebody's."""
    said = set()
    for each in found:
        who = each.attribution.provider or ("self" if each.attribution.operator_self else None)
        if who is not None:
            said.add((each.layer.value, each.domain, who))
    return said


def with_holes(evidence: Evidence, probe: str) -> Evidence:
    seen = (failed(each) if each.probe == probe else each for each in evidence.observations)
    return replace(evidence, observations=in_order(seen))


@pytest.mark.parametrize("name", DEMONSTRATIONS)
def test_whatever_probe_fails_nobody_new_is_named(name):
    catalogue = load_catalogue()
    evidence = read_evidence(read("data", "demo", name), name)
    whole = named(attribute(evidence, catalogue, "2026-11-21"))
    for probe in sorted({each.probe for each in evidence.observations}):
        less = named(attribute(with_holes(evidence, probe), catalogue, "2026-11-21"))
        # Behind a proxy or a relay that is no longer seen, its network may be taken for the host: never for an own one.
        new = {
            each for each in less - whole if each[2] == "self" or each[0] in ("mail_in", "identity", "dns", "registry")
        }
        assert new == set(), probe


@pytest.mark.parametrize("name", DEMONSTRATIONS)
def test_when_everything_fails_nothing_is_named(name):
    evidence = read_evidence(read("data", "demo", name), name)
    blind = replace(evidence, observations=in_order(failed(each) for each in evidence.observations))
    assert {layer for layer, _, _ in named(attribute(blind, load_catalogue(), "2026-11-21"))} <= {"registry"}
