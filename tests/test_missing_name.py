"""A name that does not exist never passes: what a typing error leads to, from the evidence to the exit code."""

import pytest

from sovscan.attribute import attribute
from sovscan.cli.exits import ExitCode
from sovscan.cli.main import run
from sovscan.files.evidence_bundle import write_evidence
from sovscan.model.exposure import Inventory
from sovscan.model.score import Grade
from sovscan.score import score
from sovscan.score.policy import load_policy
from sovscan.score.visibility import failed_layers
from tests import results
from tests.evidence_builder import AS_OF, Scene
from tests.servers.nsd import nsd_program, running_nsd

APEX = (("mx", "MX"), ("ns", "NS"), ("txt", "TXT"), ("soa", "SOA"), ("address", "A"), ("address", "AAAA"))
ZONE = """$ORIGIN example.
@ 3600 SOA ns.example. root.example. 1 3600 600 86400 60
@ 3600 NS ns.example.
ns 3600 A 127.0.0.1
parked 3600 TXT "nothing here"
"""


def nowhere(domain="comune-de-lile.fr", reason="nxdomain"):
    """A name of which every question got the same absence."""
    scene = Scene(domain=domain)
    for probe, rrtype in APEX:
        scene.absent(probe, domain, rrtype, reason)
    for rrtype in ("A", "AAAA"):
        scene.absent("address", f"www.{domain}", rrtype)
    scene.absent("web", f"https://www.{domain}/", "GET", "no-address")
    return scene.absent("tls", f"www.{domain}", "TLS", "no-address")


def judged(scene, tmp_path, *arguments):
    bundle = tmp_path / "evidence.jsonl"
    bundle.write_bytes(write_evidence(scene.evidence()))
    return run(["judge", str(bundle), "--no-config", "--format", "json", *arguments])


def test_a_name_that_does_not_exist_is_inconclusive_and_the_message_says_to_check_its_spelling(tmp_path, capsys):
    assert judged(nowhere(), tmp_path) is ExitCode.INCONCLUSIVE
    told = capsys.readouterr().err
    assert "no-such-name: comune-de-lile.fr does not exist" in told
    assert "check the spelling" in told


def test_it_passes_at_no_threshold(tmp_path):
    assert judged(nowhere(), tmp_path, "--fail-on", "never") is ExitCode.INCONCLUSIVE


def test_nothing_is_claimed_of_a_name_that_does_not_exist_its_registry_included():
    scene = nowhere().answer("rdap-domain", "comune-de-lile.fr", "RDAP", "OVH SAS", registrar="OVH SAS")
    assert attribute(scene.evidence(), results.CATALOGUE(), AS_OF) == ()


def test_no_layer_of_a_name_that_does_not_exist_counts_as_read_and_there_is_no_grade():
    policy = load_policy()
    failed = failed_layers(nowhere().evidence(), policy)
    assert set(failed) == {layer for layer, rule in policy.layers.items() if rule.essential}
    unrated = score(Inventory(items=(), failed=failed), policy)
    assert unrated.grade is Grade.NR
    assert unrated.coverage < 0.05


@pytest.mark.parametrize(
    "shown",
    [
        Scene(domain="ville.fr").absent("mx", "ville.fr", "MX").txt("v=spf1 -all"),
        Scene(domain="ville.fr").absent("mx", "ville.fr", "MX", "nodata"),
        Scene(domain="ville.fr").absent("mx", "ville.fr", "MX").host("intranet", "192.0.2.1"),
        Scene(domain="ville.fr").failed("mx", "ville.fr", "MX", "timeout"),
    ],
    ids=["answers", "has no such record", "has a host below", "was not heard of"],
)
def test_a_name_about_which_anything_else_is_known_is_not_called_missing(shown):
    assert shown.evidence().missing_domains == ()


def test_an_alias_that_leads_nowhere_is_a_name_that_exists():
    scene = Scene(domain="shop.ville.fr")
    scene.seen.append(
        Scene(domain="shop.ville.fr").answer("mx", "shop.ville.fr", "MX", chain="shop.ville.fr > gone.example").seen[0]
    )
    assert scene.evidence().missing_domains == ()


def test_a_name_of_which_nothing_but_the_registry_was_seen_is_inconclusive(tmp_path, capsys):
    assert judged(nowhere(reason="nodata"), tmp_path, "--fail-on", "never") is ExitCode.INCONCLUSIVE
    assert "nothing-but-registry: nothing but the registry of the name was seen" in capsys.readouterr().err


@pytest.mark.server
@pytest.mark.skipif(nsd_program() is None, reason="nsd is not installed")
def test_the_command_itself_told_nxdomain_by_a_real_server_ends_with_3(capsys):
    with running_nsd({"example.": ZONE}) as address:
        code = run(["audit", "lile.example", "--no-config", "--resolver", address, "--format", "json"])
    assert code is ExitCode.INCONCLUSIVE
    assert "no-such-name: lile.example does not exist" in capsys.readouterr().err
