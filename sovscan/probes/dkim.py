"""Who signs the mail: ``dkim``, TXT of the catalogue's selectors at ``_domainkey``; subject is the name asked.

Detail ``chain`` and ``alias`` when the selector is an alias, which shows the signer even where no key is published.
"""

from sovscan.model.evidence import Observation
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.guessed import ask_guessed
from sovscan.probes.probe import Probe, Subject

MAX_SELECTORS = 128
"""Selectors asked for; the rest is SKIPPED ``budget``."""


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    names = [f"{selector}._domainkey.{subject.name}" for selector in subject.hints.dkim_selectors]
    return await ask_guessed(net, "dkim", names, "TXT", subject.of("wildcard"), limit=MAX_SELECTORS)


PROBE = Probe(
    id="dkim",
    asks=Text(
        fr="Les clés de signature du courrier sous les sélecteurs usuels (DKIM), au résolveur DNS.",
        en="The keys that sign mail, under the usual selectors (DKIM), from the DNS resolver.",
    ),
    observe=_observe,
    questions=lambda _: (),
    after=("wildcard",),
)
