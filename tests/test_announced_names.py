"""Names at which organisations announce what they use stand in data, with their sources."""

import pytest

from sovscan.catalogue.announced import announced_names, read_announced_names
from sovscan.files.strict_yaml import YamlError
from sovscan.model.target import Target, TargetKind
from sovscan.probes.registry import all_probes

SOURCES = "sources: [{title: RFC, url: 'https://rfc.example/1', checked: 2026-11-22}]"
MICROSOFT = f"microsoft: {{labels: [sip], {SOURCES}}}\n"


def written(asked: str = "_imaps._tcp", sources: str = SOURCES) -> bytes:
    return f"services:\n  asked: [{asked}]\n  mailbox: []\n  {sources}\n{MICROSOFT}".encode()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (written("imaps"), "2:11: 'imaps' is not the name of a service"),
        (written("_imaps._sctp"), "2:11: '_imaps._sctp' is not the name of a service"),
        (written("_imaps._tcp, _imaps._tcp"), "2:24: '_imaps._tcp' stands twice"),
        (written(sources="sources: []"), "4:12: no source"),
        (written(sources=SOURCES.replace("https", "http")), "4:.*: not an https address"),
        (written(sources=SOURCES.replace("-22", "-32")), "4:.*: not a day"),
        (written().replace(b"[sip]", b"[Sip]"), "5:22: 'Sip' is not a label"),
        (MICROSOFT.encode(), "1:1: missing key 'services'"),
    ],
)
def test_a_fault_in_the_announced_names_has_its_place(text: bytes, fault: str) -> None:
    with pytest.raises(YamlError, match=f"^announced-names.yaml:{fault}"):
        read_announced_names(text)


def test_what_is_asked_for_at_every_domain_is_what_the_file_lists_in_its_order() -> None:
    target = Target(kind=TargetKind.DOMAIN, value="exemple.fr")
    probes = {probe.id: probe.questions(target) for probe in all_probes()}
    names = announced_names()
    assert probes["srv"] == tuple((f"{name}.exemple.fr", "SRV") for name in names.services)
    assert probes["microsoft-names"] == tuple((f"{name}.exemple.fr", "A") for name in names.microsoft)
    assert "_imaps._tcp" in names.services
    assert set(names.mailbox_services) & set(names.services)
