"""What an unread question may hide: the score and the rules weigh it each in their own way, by role and by sort."""

from sovscan.catalogue.catalogue import Catalogue
from sovscan.model.evidence import Observation, Outcome
from sovscan.model.provider import SignalKind


def may_hide_a_service(seen: Observation, catalogue: Catalogue) -> bool:
    """Whether a question is a hole behind which somebody could stand whom nothing else names."""
    if not seen.is_hole:
        return False
    match seen.probe:
        case "rdap-domain":
            return seen.outcome is not Outcome.SKIPPED  # METHOD 5 step 4: a registrar not asked is printed, and no more
        case "spf":  # hosts name no sender, and what a known sender includes is its own affair
            return seen.asked.type == "TXT" and not catalogue.match_name(SignalKind.SPF, seen.subject)
        case _:
            return True
