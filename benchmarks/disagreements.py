"""Where sovscan and a label differ, and why: our error, a doubtful label, or evidence that does not decide.

The class of each difference follows from the evidence alone, by the rules below; nothing is decided name by name.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sovscan.model.dependency import Dependency, Layer

US = ("microsoft", "google", "aws", "other-us")

ERROR, DOUBTFUL, OPEN = "our error", "label doubtful", "undecidable"
OWNED = "the provider that the MX names is US-controlled, which the label does not look up"
ON_US = "self-run or unlisted operator on a US-controlled network, which the label does not look up"
RELAY = "mail set-up or signatures lead into the suite, the label counts the relay that the MX names"
ACCOUNT = "the MX leads to a host that keeps mail, the label rests on an account, a sender or a token"
GAVE_UP = "the label gives up, the MX names who takes the mail"
BEHIND = "nothing tells what stands behind the gateway"
BEHIND_TOKEN = "behind the gateway the label takes an account, a token or a sender for the mailboxes"
BEHIND_SILENCE = "behind the gateway the label takes silence for own mailboxes, and says that they are unknown"
IS_GATEWAY = "the label counts the gateway itself as the mailbox"
NO_HOST = "no mail host with an address is recorded"
TWO = "two readings are about equal"
HOLLOW = "the MX is the domain itself or an address: it may lead nowhere"
UNSOURCED = "US-controlled by the catalogue, without a source yet"
EVIDENT = "the label misses a gateway whose service the MX names"
BY_LABEL = "taken for an appliance by the first label of the MX host"
NOT_SHOWN = "the label names a gateway that no MX record shows"
OWN_FILTER = "the label calls the mail host's own filter a gateway"
OTHER = "not explained by the rules"
OWNER_CONTRADICTS = (OWNED, ON_US)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference."""

    tier: str
    about: str
    """``mailbox`` or ``gateway``."""
    said: str
    us_differs: bool
    verdict: str
    why: str
    text: str


def differences(
    rows: list[dict], predictions: dict, found: dict, classes: tuple, sourced: Callable[[str], bool]
) -> Iterator[Difference]:
    """Every difference on mailbox and gateway, in the order of the rows; labels that are not comparable left out.

    ``sourced``: whether the owners of a provider have sources; without them no label is called doubtful for it.
    """
    klass, label_class = classes
    for row in rows:
        said, wanted = predictions[row["domain"]], label_class(row["label"])
        if wanted == "foreign":
            continue
        got = klass(said["provider"], said["jurisdiction"])
        mail = [each for each in found[row["domain"]] if each.layer is Layer.MAIL_IN]
        if wanted != got:
            yield _difference(
                row, said, mail, "mailbox", got, wanted, _mailbox(row["label"], wanted, got, mail, sourced)
            )
        if bool(row["label"].get("gateway")) != bool(said["gateway"]):
            yield _difference(row, said, mail, "gateway", got, wanted, _gateway(said, mail))


def _difference(  # noqa: PLR0917
    row: dict, said: dict, mail: list[Dependency], about: str, got: str, wanted: str, judged: tuple[str, str]
) -> Difference:
    label = row["label"]
    text = (
        f"{label['confidence']} {row['domain']} [{about}; {judged[0]}: {judged[1]}]: "
        f"label {label['provider']}/{label.get('gateway') or '-'}, "
        f"said {said['provider']}/{said['gateway'] or '-'}; {'; '.join(_shown(each) for each in mail)}"
    )
    return Difference(
        tier=label["confidence"],
        about=about,
        said=got,
        us_differs=about == "mailbox" and (wanted in US) != (got in US),
        verdict=judged[0],
        why=judged[1],
        text=text,
    )


def _mailbox(
    label: dict, wanted: str, got: str, mail: list[Dependency], sourced: Callable[[str], bool]
) -> tuple[str, str]:
    boxes = [each for each in mail if each.role == "mailbox"]
    flags = {flag for each in boxes for flag in each.flags}
    rules: tuple[tuple[Callable[[], bool], tuple[str, str]], ...] = (
        (lambda: got == "unknown" and (not boxes or "dead-mx" in flags), (OPEN, NO_HOST)),
        (lambda: got == "unknown" and bool(flags & {"mx-is-domain", "mx-is-address", "wildcard"}), (OPEN, HOLLOW)),
        (lambda: got == "unknown" and "conflict" in flags, (OPEN, TWO)),
        (lambda: got == "unknown" and "behind-gateway" in flags and wanted in US, (OPEN, BEHIND_TOKEN)),
        (
            lambda: got == "unknown" and "behind-gateway" in flags and _is_the_gateway(label, mail),
            (DOUBTFUL, IS_GATEWAY),
        ),
        (lambda: got == "unknown" and "behind-gateway" in flags and _gives_up(label), (DOUBTFUL, BEHIND_SILENCE)),
        (lambda: got == "unknown" and "behind-gateway" in flags, (OPEN, BEHIND)),
        (lambda: wanted == "unknown", (DOUBTFUL, GAVE_UP)),
        (lambda: got in ("microsoft", "google") and wanted not in US and _led_in(boxes), (DOUBTFUL, RELAY)),
        (lambda: got in US and wanted not in US and not _all_sourced(boxes, sourced), (OPEN, UNSOURCED)),
        (lambda: got in US and wanted not in US and _operated(boxes), (DOUBTFUL, ON_US)),
        (lambda: got not in ("microsoft", "google", "unknown", "non-us") and wanted not in US, (DOUBTFUL, OWNED)),
        (lambda: wanted in US and got not in US and not _led_elsewhere(boxes), (DOUBTFUL, ACCOUNT)),
    )
    return next((verdict for holds, verdict in rules if holds()), (ERROR, OTHER))


def _gateway(said: dict, mail: list[Dependency]) -> tuple[str, str]:
    if said["gateway"]:
        named = any(each.role == "gateway" and each.attribution.provider for each in mail)
        return (DOUBTFUL, EVIDENT) if named else (OPEN, BY_LABEL)
    if any("relay" in each.flags for each in mail):
        return (ERROR, "seen as a relay, its product is not known")
    named = any(each.role == "mailbox" and each.attribution.provider for each in mail)
    suite = any("mail.protection.outlook" in each.subject for each in mail)
    return (DOUBTFUL, NOT_SHOWN if suite else OWN_FILTER) if named else (ERROR, "a gateway that is not listed")


def _led_in(boxes: list[Dependency]) -> bool:
    """Whether more than a sender or a token leads into a suite."""
    kinds = {signal.kind.value for each in boxes if each.attribution.provider for signal in each.attribution.signals}
    return bool(kinds & {"autodiscover", "dkim", "srv", "spf"})


def _led_elsewhere(boxes: list[Dependency]) -> bool:
    """Whether mail set-up or signatures speak for somebody else than the one named."""
    others = [signal for each in boxes for signal in each.attribution.against]
    others += [signal for each in boxes if each.attribution.runner_up for signal in each.attribution.runner_up.signals]
    return bool({signal.kind.value for signal in others} & {"autodiscover", "dkim", "srv"})


def _is_the_gateway(label: dict, mail: list[Dependency]) -> bool:
    """Whether the label's provider is no more than the name of the gateway that the MX shows."""
    bare = lambda text: "".join(filter(str.isalnum, text.lower()))  # noqa: E731
    gateways = {part for each in mail if each.role == "gateway" for part in each.subject.split(".")}
    return bare(label["provider"]) in {bare(part) for part in gateways}


def _gives_up(label: dict) -> bool:
    return "backend provider unknown" in (label.get("reason") or "")


def _all_sourced(boxes: list[Dependency], sourced: Callable[[str], bool]) -> bool:
    named = [each.attribution.provider or (each.host.provider if each.host else None) for each in boxes]
    return all(sourced(who) for who in named if who is not None)


def _operated(boxes: list[Dependency]) -> bool:
    return any(each.attribution.provider is None and each.host is not None and each.host.provider for each in boxes)


def _shown(seen: Dependency) -> str:
    said = seen.attribution
    who = said.provider or ("self" if said.operator_self else "?")
    signals = ", ".join(f"{each.kind}={each.value[:60]}" for each in said.signals)
    host = seen.host.label if seen.host else "?"
    return f"{seen.role} {seen.subject}: {who} on {host} ({said.confidence}; {' '.join(seen.flags)}; {signals})"
