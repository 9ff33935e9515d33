"""Whether the domain is known to Microsoft Entra: ``tenant`` (opt-in); subject is the domain.

Values: ``Managed``, ``Federated`` or ``Unknown``, Microsoft's own words. ``Unknown`` is no absence: it says nothing.
Detail ``federation_host``: where sign-in is handed over. No account is named or tried: the look-up takes any address
of the domain, and ``nobody`` is given.
"""

import re

from sovscan.files.canonical import CanonicalError, loads
from sovscan.files.evidence_bundle import make_observation
from sovscan.model.evidence import Observation, Outcome
from sovscan.model.text import Text
from sovscan.net.answers import HttpAnswer
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import at
from sovscan.readers.html import host_of

URL = "https://login.microsoftonline.com/getuserrealm.srf?login=nobody@{}&json=1"
KINDS = ("Managed", "Federated", "Unknown")

_XML_KIND = re.compile(rb"<NameSpaceType>([A-Za-z]{1,20})</NameSpaceType>")


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    answer = await net.http(URL.format(subject.name))
    outcome, reason = answer.outcome, answer.reason
    kind, host = "", ""
    if outcome is not Outcome.ANSWERED:
        # Microsoft not being there says nothing of the domain.
        outcome, reason = (Outcome.FAILED, reason) if outcome is Outcome.ABSENT else (outcome, reason)
    elif answer.status != 200:
        outcome, reason = Outcome.FAILED, f"http-{answer.status}"
    else:
        kind, host = _read(answer)
        if kind not in KINDS:
            outcome, reason = Outcome.FAILED, "malformed"
    return (
        make_observation(
            probe="tenant",
            subject=subject.name,
            outcome=outcome,
            reason=reason,
            values=(kind,) if outcome is Outcome.ANSWERED else (),
            detail={"federation_host": host} if outcome is Outcome.ANSWERED and host else {},
            asked=answer.asked,
        ),
    )


def _read(answer: HttpAnswer) -> tuple[str, str]:
    if match := _XML_KIND.search(answer.body):
        return match[1].decode("ascii"), ""
    try:
        realm = loads(answer.body)
    except CanonicalError:
        return "", ""
    if not isinstance(realm, dict):
        return "", ""
    return str(realm.get("NameSpaceType", "")), host_of(str(realm.get("AuthURL") or ""))[:253]


PROBE = Probe(
    id="tenant",
    asks=Text(
        fr="Si le domaine est connu de l'annuaire de Microsoft, à login.microsoftonline.com : Microsoft apprend "
        "que la question est posée. Aucun compte n'est nommé ni essayé.",
        en="Whether the domain is known to Microsoft's directory, from login.microsoftonline.com: Microsoft learns "
        "that the question is asked. No account is named or tried.",
    ),
    observe=_observe,
    questions=at("GET"),
    opt_in=True,
)
