"""What is asked of the zone that a name stands in, beside the name itself."""

from sovscan.probes.probe import Question, Subject
from sovscan.readers.zones import climb


def of_its_zone(subject: Subject, rrtype: str) -> tuple[Question, ...]:
    """The question at the target and, where that is no zone of its own, at the top of its zone; reads ``ns``."""
    seen = subject.of("ns")
    zone = climb(subject.name, lambda name: (found for found in seen if found.subject == name))
    return tuple((name, rrtype) for name in dict.fromkeys((subject.name, zone.apex)))
