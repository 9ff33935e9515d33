"""Who vouches for the main site: ``tls``; subject is the host, values are the issuers from the leaf upwards.

Detail: ``issuer_o issuer_cn issuer_c subject_cn names not_before not_after protocol`` of the leaf certificate, and
``fault`` when it was not verified (``tls-expired``, ``tls-name``, ``tls-untrusted`` ...): then its names are claims.
"""

from sovscan.files.evidence_bundle import make_observation
from sovscan.model.evidence import Observation, Outcome
from sovscan.model.text import Text
from sovscan.net.answers import TlsAnswer
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.sites import SITE_KINDS, site_hosts, tls_port

MAX_NAMES = 100
"""Names kept of one certificate."""


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    answers: list[TlsAnswer] = []
    for host in site_hosts(subject.target):
        answers.append(await net.tls(host, tls_port(subject.target)))
        if answers[-1].outcome is Outcome.ANSWERED:
            break
    # A certificate before a hole, a hole before an absence: the most that is known, and never more.
    rank = {Outcome.ANSWERED: 0, Outcome.FAILED: 1, Outcome.SKIPPED: 1, Outcome.ABSENT: 2}
    return (_certificate(min(answers, key=lambda answer: rank[answer.outcome])),)


def _certificate(answer: TlsAnswer) -> Observation:
    named = {
        "issuer_o": answer.issuer_o,
        "issuer_cn": answer.issuer_cn,
        "issuer_c": answer.issuer_c,
        "subject_cn": answer.subject_cn,
        "names": " ".join(answer.names[:MAX_NAMES]),
        "truncated": "yes" if len(answer.names) > MAX_NAMES else "",
        "not_before": answer.not_before,
        "not_after": answer.not_after,
        "protocol": answer.protocol,
        "fault": answer.fault or "",
    }
    return make_observation(
        probe="tls",
        subject=answer.host,
        outcome=answer.outcome,
        reason=answer.reason,
        values=answer.chain,
        detail={name: text for name, text in named.items() if text},
        asked=answer.asked,
    )


PROBE = Probe(
    id="tls",
    asks=Text(
        fr="Le certificat du site et l'autorité qui l'a émis, à l'hébergeur, par une poignée de main TLS.",
        en="The site's certificate and the authority that issued it, from its host, by a TLS handshake.",
    ),
    observe=_observe,
    questions=lambda target: ((site_hosts(target)[0], "TLS"),),
    kinds=SITE_KINDS,
)
