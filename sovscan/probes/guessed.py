"""Names that nobody announced but that are often there."""

from collections.abc import Sequence

from sovscan.model.evidence import Observation
from sovscan.net.net import Net
from sovscan.probes.questions import ask, not_asked, text_record
from sovscan.probes.wildcards import doubt_wildcards


async def ask_guessed(
    net: Net, probe: str, names: Sequence[str], rrtype: str, wildcards: Sequence[Observation], *, limit: int
) -> tuple[Observation, ...]:
    """One observation a name, those beyond ``limit`` SKIPPED; what merely repeats a wildcard is doubted."""
    questions = [(name, rrtype) for name in names]
    found = await ask(net, probe, questions[:limit], read=text_record, optional=True, alias_is_answer=True)
    left_out = (not_asked(probe, question, "budget") for question in questions[limit:])
    return (*doubt_wildcards(found, wildcards), *left_out)
