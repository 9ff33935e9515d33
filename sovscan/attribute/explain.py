"""The reasoning behind the dependencies: evidence and catalogue in, weights and gaps out; pure."""

import re
from collections.abc import Iterator, Mapping

from sovscan.attribute import attribute
from sovscan.attribute.mail import mailbox_outcome
from sovscan.attribute.mail_ballot import Candidate
from sovscan.attribute.sites import host_in
from sovscan.attribute.view import View
from sovscan.attribute.weighing import Weighing, load_weighing
from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.dependency import Layer
from sovscan.model.evidence import Evidence, Observation, Outcome
from sovscan.model.reasoning import Contender, Looked, Reasoning, Weighed
from sovscan.model.target import Target, TargetKind

PROBES_BY_LAYER: Mapping[Layer, tuple[str, ...]] = {
    Layer.MAIL_IN: ("mx", "mx-address", "autodiscover", "srv", "dkim", "txt", "spf", "mta-sts", "tenant", "network"),
    Layer.IDENTITY: ("microsoft-names", "autodiscover", "dkim", "host-names", "txt", "tenant"),
    Layer.HOSTING: ("address", "host-names", "web", "network"),
    Layer.CDN: ("address", "host-names", "web", "network"),
    Layer.SAAS: ("host-names", "srv", "txt", "spf", "web", "tls"),
    Layer.WEB3P: ("web",),
    Layer.MAIL_OUT: ("txt", "spf", "dmarc", "tls-rpt", "network"),
    Layer.DNS: ("ns", "ns-address", "soa", "ds", "network"),
    Layer.REGISTRY: ("rdap-domain",),
    Layer.CA: ("tls", "caa"),
}
"""What a layer rests on, in the order in which it is read."""


def reasons(
    evidence: Evidence, catalogue: Catalogue, as_of: str, *, layers: tuple[Layer, ...] = ()
) -> tuple[Reasoning, ...]:
    """The reasoning for each target and layer; of the layers named, or of all that were asked about or found."""
    weighing = load_weighing()
    view = View(evidence, as_of, weighing)
    dependencies = attribute(evidence, catalogue, as_of, weighing=weighing)
    found = []
    for target in evidence.targets:
        for layer in layers or tuple(PROBES_BY_LAYER):
            here = tuple(each for each in dependencies if each.layer is layer and each.domain == target.value)
            looked = tuple(_looked(view, evidence, target, layer))
            if not (layers or here or looked):
                continue
            mail = layer is Layer.MAIL_IN and target.kind is TargetKind.DOMAIN
            ranked = mailbox_outcome(view, catalogue, target)[1].ranked if mail else ()
            found.append(
                Reasoning(
                    target=target.value,
                    layer=layer,
                    dependencies=here,
                    contenders=tuple(_contender(weighing, candidate) for candidate in ranked),
                    probable=weighing.probable,
                    contested=weighing.contested,
                    looked=looked,
                )
            )
    return tuple(found)


def _contender(weighing: Weighing, candidate: Candidate) -> Contender:
    return Contender(
        name=candidate.name,
        points=candidate.points,
        signs=tuple(
            Weighed(sign=sign, points=weighing.points(sign), proof=weighing.signs[sign].proof, signals=tuple(signals))
            for sign, signals in candidate.signs.items()
        ),
    )


def _looked(view: View, evidence: Evidence, target: Target, layer: Layer) -> Iterator[Looked]:
    """Questions about the target, and about what their answers lead to: the hosts of an MX, their addresses."""
    led_to: set[str] = set()
    alone = len(evidence.targets) == 1 and target.kind is not TargetKind.DOMAIN
    for probe in PROBES_BY_LAYER[layer]:
        asked: list[Observation] = []
        left = list(view.observations(probe))
        while found := [seen for seen in left if alone or seen.subject in led_to or _is_about(seen.subject, target)]:
            asked += found
            told = {seen.id for seen in found}
            left = [seen for seen in left if seen.id not in told]
            led_to.update(name for seen in found for name in _names_in(seen))
        asked.sort(key=lambda seen: (seen.subject, seen.asked.type, seen.id))
        if asked:
            yield Looked(
                probe=probe,
                answered=tuple(_question(seen) for seen in asked if seen.outcome is Outcome.ANSWERED),
                absent=tuple(_question(seen) for seen in asked if seen.outcome is Outcome.ABSENT),
                unread=tuple((_question(seen), seen.reason or "") for seen in asked if not seen.outcome.is_fact),
            )


def _is_about(subject: str, target: Target) -> bool:
    """Whether a name, URL or the like holds the target by whole labels, or is a domain above it."""
    name = host_in(target.value) if target.kind is TargetKind.URL else target.value
    whole = rf"(?<![\w-]){re.escape(name)}(?![\w.-])"
    return re.search(whole, subject) is not None or ("." in subject and name.endswith(f".{subject}"))


def _names_in(seen: Observation) -> Iterator[str]:
    for value in seen.values:
        for word in value.split():
            yield from (word, word.partition(":")[2].partition("/")[0], word.partition("=")[2])


def _question(seen: Observation) -> str:
    return f"{seen.subject} {seen.asked.type}"
