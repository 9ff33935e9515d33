"""Mail that an organisation runs itself on somebody's cloud: who runs it and on whose network are two facts.

The addresses lie in real blocks of the clouds' published European regions; who announces them is read in the network
table that ships. The only validated study of such mail found 1 of 20.
"""

import pytest

from sovscan.attribute import attribute
from sovscan.catalogue.control import controller, is_eea
from sovscan.net.asn_table import AsnTable
from tests import results
from tests.evidence_builder import AS_OF, Scene, of

AMERICAN = {
    "amazon": ("52.16.0.10", "54.72.8.9", "34.240.1.2", "3.248.7.7", "18.200.3.4", "63.32.5.6", "15.188.2.2",
               "35.180.9.9", "52.47.60.1", "3.120.4.4", "18.184.8.8", "2a05:d018:800::25"),
    "microsoft": ("20.50.2.3", "40.112.70.1", "51.103.4.5", "13.94.200.7", "104.45.14.9", "52.143.140.2",
                  "20.199.10.10", "51.124.8.8"),
    "google": ("34.76.10.10", "35.187.90.4", "35.205.3.3", "104.155.20.1", "34.155.7.7", "34.89.100.5",
               "2600:1901:0:1::25"),
    "digitalocean": ("165.22.20.1", "178.62.10.10", "46.101.100.9", "188.166.30.3", "138.68.70.7"),
    "linode": ("172.104.140.2", "139.162.150.3", "176.58.100.4"),
    "vultr": ("45.76.80.1", "95.179.130.2", "108.61.200.5"),
    "oracle": ("130.61.40.4", "132.145.20.9", "141.144.200.8"),
    "ibm": ("159.122.100.7", "158.176.80.3"),
}  # fmt: skip
EUROPEAN = ("51.38.10.4", "51.15.200.3", "88.198.20.7", "217.160.0.90", "80.67.169.12")


@pytest.fixture(scope="module")
def table():
    return AsnTable.bundled()


def mail_at(table: AsnTable, address: str):
    host = "mail.valmont.example"
    systems = [f"AS{number} {name}" for number, name in table.lookup(address)]
    scene = Scene().mx(host).mx_address(host, address).network(address, *systems)
    catalogue = results.CATALOGUE()
    (box,) = of(attribute(scene.evidence(), catalogue, AS_OF), "mail_in")
    held = catalogue.providers.get(box.host.provider) if box.host is not None else None
    return box, controller(held, catalogue, AS_OF)[1] if held is not None else "??"


def test_own_mail_on_an_american_cloud_is_found_with_both_facts(table):
    addresses = [address for blocks in AMERICAN.values() for address in blocks]
    found = []
    for address in addresses:
        box, country = mail_at(table, address)
        if box.attribution.operator_self and country == "US":
            found.append(address)
            assert {signal.kind.value for signal in box.attribution.signals} >= {"mx"}
            assert box.host.observations
    missed = sorted(set(addresses) - set(found))
    assert len(found) >= 0.9 * len(addresses), missed


def test_no_own_mail_on_an_american_cloud_is_called_european(table):
    for blocks in AMERICAN.values():
        for address in blocks:
            assert not is_eea(mail_at(table, address)[1]), address


def test_own_mail_on_a_european_network_is_not_called_american(table):
    for address in EUROPEAN:
        box, country = mail_at(table, address)
        assert box.attribution.operator_self
        assert country != "US", address
