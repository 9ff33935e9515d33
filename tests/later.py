"""The recorded town hall, audited again half a year later."""

import functools
from dataclasses import replace

from sovscan.audit import audit
from sovscan.cli.comparing import Files
from sovscan.cli.previous import compared
from sovscan.score.policy import load_policy
from tests import results
from tests.demo.organisations import TOWN_HALL
from tests.demo.record import record

DOMAIN = TOWN_HALL.domain
LATER = "2027-05-18T08:31:00Z"


@functools.cache
def moved_mail(*, blind: bool = True):
    """Mailboxes, gateway and senders moved to a French host; ``blind``: the name of the support desk timed out."""
    records = {
        key: values
        for key, values in TOWN_HALL.recording.records.items()
        if "pphosted" not in key[0] and "selector1" not in key[0] and not key[0].startswith("autodiscover")
    }
    texts = TOWN_HALL.recording.records[DOMAIN, "TXT"][1:]
    records |= {
        (DOMAIN, "MX"): ("1 mx1.mail.ovh.net", "5 mx2.mail.ovh.net"),
        ("mx1.mail.ovh.net", "A"): ("188.165.36.237",),
        ("mx2.mail.ovh.net", "A"): ("87.98.132.45",),
        (DOMAIN, "TXT"): ("v=spf1 include:mx.ovh.com include:spf.mailjet.com -all", *texts),
        ("mx.ovh.com", "TXT"): ("v=spf1 ptr:mail-out.ovh.net ip4:46.105.72.16/28 ?all",),
    }
    failures = {}
    if blind:
        del records[f"support.{DOMAIN}", "CNAME"]
        failures[f"support.{DOMAIN}", "*"] = "timeout"
    changed = replace(TOWN_HALL.recording, records=records, failures=failures)
    return replace(record(replace(TOWN_HALL, recording=changed)), collected_at=LATER)


def same_later(evidence):
    """The same answers, collected half a year later."""
    return replace(evidence, collected_at=LATER)


@functools.cache
def changed():
    """Its audit then, compared with the recorded one."""
    files = Files(results.CATALOGUE(), results.RULEBOOK())
    result = audit(moved_mail(), files.catalogue, files.rulebook, load_policy())
    return compared(result, results.judged(results.TOWN_HALL), files)
