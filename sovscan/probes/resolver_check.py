"""Whether other resolvers say the same: ``resolver-check``, only when several resolvers are given.

One observation an essential question and further resolver; subject is the name, values are what that resolver says.
Detail: ``resolver``, and ``agrees`` yes or no. A resolver that fails disagrees with nobody: its answer is a hole.
"""

from sovscan.files.evidence_bundle import make_observation
from sovscan.model.evidence import Observation
from sovscan.model.target import Target
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Question, Subject
from sovscan.probes.questions import ask, text_record
from sovscan.probes.sites import site_hosts

CHECKED = ("address", "mx", "ns", "txt")


def _questions(target: Target) -> tuple[Question, ...]:
    name = target.value
    return ((name, "MX"), (name, "NS"), (name, "TXT"), *((host, "A") for host in site_hosts(target)))


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:  # noqa: ARG001 - the first resolver is known
    first = {(seen.subject, seen.asked.type): seen for seen in subject.of(*CHECKED)}
    found = []
    for resolver, other in sorted(subject.others.items()):
        for seen in await ask(other, "resolver-check", _questions(subject.target), read=text_record):
            known = first.get((seen.subject, seen.asked.type))
            detail = {**seen.detail, "resolver": resolver}
            if known is not None and known.outcome.is_fact and seen.outcome.is_fact:
                same = (known.outcome, known.values) == (seen.outcome, seen.values)
                detail["agrees"] = "yes" if same else "no"
            found.append(
                make_observation(
                    probe=seen.probe,
                    subject=seen.subject,
                    outcome=seen.outcome,
                    reason=seen.reason,
                    values=seen.values,
                    detail=detail,
                    asked=seen.asked,
                )
            )
    return tuple(found)


PROBE = Probe(
    id="resolver-check",
    asks=Text(
        fr="Les questions essentielles, une seconde fois, aux autres résolveurs indiqués, pour voir s'ils s'accordent.",
        en="The essential questions, a second time, from the other resolvers given, to see whether they agree.",
    ),
    observe=_observe,
    questions=lambda _: (),
    after=CHECKED,
)
