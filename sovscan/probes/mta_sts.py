"""Whether mail must come encrypted: ``mta-sts``, TXT of ``_mta-sts.D`` and, when there is one, the policy file.

The policy's subject is its URL; values are its lines ``key: value`` (RFC 8461, 3.2). No file there is an absence.
"""

from sovscan.files.evidence_bundle import make_observation
from sovscan.model.evidence import Observation, Outcome
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import ask, at
from sovscan.readers.dmarc import parse_mta_sts, read_sts_policy

MAX_LINES = 50


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    found = await ask(net, "mta-sts", ((f"_mta-sts.{subject.name}", "TXT"),), optional=True)
    if found[0].outcome is not Outcome.ANSWERED or parse_mta_sts(found[0].values) is None:
        return found
    return (*found, await _policy(f"https://mta-sts.{subject.name}/.well-known/mta-sts.txt", net))


async def _policy(url: str, net: Net) -> Observation:
    answer = await net.http(url)
    outcome, reason = answer.outcome, answer.reason
    lines: tuple[tuple[str, str], ...] = ()
    if outcome is Outcome.ANSWERED:
        # A redirect must not be followed to a policy (RFC 8461, 3.3).
        lines = read_sts_policy(answer.body.decode("utf-8", "replace")) if not answer.redirects else ()
        if answer.status >= 500 or answer.status == 429:
            outcome, reason, lines = Outcome.FAILED, f"http-{answer.status}", ()
        elif answer.status != 200 or not lines:
            outcome, reason, lines = Outcome.ABSENT, "no-policy", ()
    return make_observation(
        probe="mta-sts",
        subject=url,
        outcome=outcome,
        reason=reason,
        values=[f"{key}: {value}"[:300] for key, value in lines[:MAX_LINES]],
        detail={"status": str(answer.status)} if answer.status else {},
        asked=answer.asked,
    )


PROBE = Probe(
    id="mta-sts",
    asks=Text(
        fr="L'exigence de chiffrement du courrier reçu (MTA-STS), au résolveur DNS puis à l'hôte mta-sts du domaine.",
        en="Whether mail must come encrypted (MTA-STS), from the DNS resolver, then from the domain's mta-sts host.",
    ),
    observe=_observe,
    questions=at("TXT", "_mta-sts."),
)
