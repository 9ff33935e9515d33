"""Through whom the name is registered: ``rdap-domain``; subject is the registrable name, values are registrars.

Detail: the named facts of the registry's answer, such as ``registrar`` and ``registrar_id``.
"""

from sovscan.model.evidence import Observation
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.registry_record import from_rdap
from sovscan.readers.names import registrable


def _registered(name: str) -> str:
    return registrable(name, private=False) or name


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    return (from_rdap("rdap-domain", await net.rdap_domain(_registered(subject.name)), value="registrar"),)


PROBE = Probe(
    id="rdap-domain",
    asks=Text(
        fr="Le bureau d'enregistrement du domaine, au registre de son extension (RDAP), une seule question.",
        en="The domain's registrar, from the registry of its top-level domain (RDAP), one question.",
    ),
    observe=_observe,
    questions=lambda target: ((_registered(target.value), "RDAP"),),
)
