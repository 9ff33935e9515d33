"""From a host to the addresses that may be connected to: asked once, each one checked, and those used as they are."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sovscan.model.evidence import Outcome
from sovscan.net.answers import DnsAnswer
from sovscan.readers.addresses import WEB_PORTS, Scope, host_refusal, literal_address

Resolve = Callable[[str, str], Awaitable[DnsAnswer]]
"""``resolve(name, "A")``: one judged answer; never raises for what the network does."""

ADDRESSES_TRIED = 4
"""Of one host, IPv4 first; a name with thousands of addresses is not worth more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a connection may go."""

    outcome: Outcome
    """ANSWERED with addresses; ABSENT when the name has none; FAILED otherwise."""
    reason: str | None = None
    """``no-address``, ``blocked-address``, ``blocked-port``, or ``dns-`` and the reason of the name's failure."""
    addresses: tuple[str, ...] = ()
    """Checked; never to be resolved again."""


async def route(host: str, port: int, resolve: Resolve, scope: Scope) -> Route:
    """Return the checked addresses of a host (lower-case A-labels, or a literal address without brackets)."""
    if host_refusal(host) is not None:
        return Route(outcome=Outcome.FAILED, reason="blocked-address")
    literal = literal_address(host)
    if literal is not None:
        return _checked((literal,), port, scope)
    answers = await asyncio.gather(resolve(host, "A"), resolve(host, "AAAA"))
    addresses = tuple(record for answer in answers for record in answer.records)
    if addresses:
        return _checked(addresses, port, scope)
    for answer in answers:
        if answer.outcome is not Outcome.ABSENT:
            return Route(outcome=answer.outcome, reason=f"dns-{answer.reason}")
    return Route(outcome=Outcome.ABSENT, reason="no-address")


def refused_through_proxy(host: str, port: int, scope: Scope) -> str | None:
    """Return why a proxy must not be asked for this host, or None: there names are not resolved here."""
    if host_refusal(host) is not None:
        return "blocked-address"
    literal = literal_address(host)
    if literal is not None:
        return _checked((literal,), port, scope).reason
    return None if port in WEB_PORTS else "blocked-port"


def _checked(addresses: tuple[str, ...], port: int, scope: Scope) -> Route:
    """Return the addresses that may be reached; one blocked address does not spoil the others, nor is it used."""
    refusals = [(address, scope.refusal(address, port)) for address in addresses]
    usable = tuple(address for address, refusal in refusals if refusal is None)[:ADDRESSES_TRIED]
    if usable:
        return Route(outcome=Outcome.ANSWERED, addresses=usable)
    only_port = all(refusal == "port" for _, refusal in refusals)
    return Route(outcome=Outcome.FAILED, reason="blocked-port" if only_port else "blocked-address")
