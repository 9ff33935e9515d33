"""Who may send in the domain's name: ``spf``, the records that its policy includes; subject is the name asked.

One TXT observation a name that ``include`` or ``redirect`` leads to, one A or MX observation a name that ``a``,
``exists`` or ``mx`` leads to, within the limits of RFC 7208, section 4.6.4. The policy itself is in ``txt``.
"""

from sovscan.model.evidence import Observation
from sovscan.model.text import Text
from sovscan.net.net import Net
from sovscan.probes.probe import Probe, Subject
from sovscan.probes.questions import ask, text_record
from sovscan.readers.spf_walk import pending, walk


async def _observe(subject: Subject, net: Net) -> tuple[Observation, ...]:
    policy = {(seen.subject, seen.asked.type): seen for seen in subject.of("txt")}
    answers: dict[tuple[str, str], Observation] = {}

    def known(name: str, rrtype: str) -> Observation | None:
        return answers.get((name, rrtype)) or policy.get((name, rrtype))

    while questions := pending(walk(subject.name, lambda name: known(name, "TXT"), typed=known)):
        for seen in await ask(net, "spf", questions, read=text_record):
            answers[(seen.subject, seen.asked.type)] = seen
        if not all(known(*question) for question in questions):
            # A network that answers another question than the one asked must not keep the walk going.
            break
    return tuple(answers.values())


PROBE = Probe(
    id="spf",
    asks=Text(
        fr="Les expéditeurs que le domaine autorise (SPF : inclusions et redirections, dix au plus), au résolveur DNS.",
        en="The senders that the domain authorises (SPF: includes and redirects, ten at most), from the DNS resolver.",
    ),
    observe=_observe,
    questions=lambda _: (),
    after=("txt",),
)
