"""Who may send mail for a domain by its SPF policy, and whether the domain says so itself or through a supplier."""

from dataclasses import dataclass

from sovscan.attribute.networks import networks_of
from sovscan.attribute.statement import signal
from sovscan.attribute.view import View
from sovscan.catalogue.catalogue import Catalogue, Match
from sovscan.model.dependency import Signal
from sovscan.model.evidence import Observation, ObservationId
from sovscan.model.provider import SignalKind
from sovscan.readers.spf import SpfRecord, parse
from sovscan.readers.spf_walk import SpfNode, SpfResult, SpfTree, walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """One name or block that an SPF policy lets send."""

    value: str
    evidence: str
    """``spf`` in the domain's own words, ``spf_supplier`` through another's record, ``spf_blocks`` as addresses."""
    matches: tuple[Match, ...]
    """Empty: nobody that is known."""
    observations: tuple[ObservationId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """An SPF policy with everybody it lets send."""

    tree: SpfTree
    senders: tuple[Sender, ...]
    observations: tuple[ObservationId, ...]
    """The answers that were read, holes included."""
    hosts: tuple[str, ...]
    """Names the domain itself allows by ``a`` and ``mx``."""
    unread: tuple[Observation, ...]
    """Records of the policy that are holes."""
    error: str | None
    """Why receivers must treat the policy as broken (RFC 7208, section 4.6.4); None when they need not."""

    @property
    def refuses_all(self) -> bool:
        """Whether the policy lets nobody send."""
        return bool(self.tree.records) and not self.tree.nodes


def policy_of(view: View, catalogue: Catalogue, domain: str) -> Policy:
    """The policy of a domain over the TXT answers in evidence."""
    return view.once(f"policy {domain}", lambda: _policy(view, catalogue, domain))


def closed_policy(policy: Policy) -> Signal | None:
    """The record of a policy that was read in full and refuses whoever it does not name; None when it is not so."""
    tree = policy.tree
    if (
        tree.result is not SpfResult.OK
        or policy.error is not None
        or tree.truncated
        or len(tree.records) == 0
        or any(node.macro for node in tree.nodes)
    ):
        return None
    record = parse([tree.records[0][1]])
    last = record.terms[-1] if isinstance(record, SpfRecord) and record.terms else None
    if last is None or last.kind != "all" or last.qualifier not in ("-", "~"):
        return None
    return signal(SignalKind.SPF, tree.records[0][1], policy.observations)


def _policy(view: View, catalogue: Catalogue, domain: str) -> Policy:
    read: dict[str, Observation] = {}

    def lookup(name: str) -> Observation | None:
        probe = "txt" if name == domain else "spf"
        seen = next((each for each in view.observations(probe, name) if each.asked.type == "TXT"), None)
        if seen is not None:
            read[name] = seen
        return seen

    def asked(name: str, rrtype: str) -> Observation | None:
        return next((each for each in view.observations("spf", name) if each.asked.type == rrtype), None)

    tree = walk(domain, lookup)
    # Hosts that ``a``, ``mx`` and ``exists`` lead to name nobody, but too many of them that are void break a policy.
    judged = walk(domain, lookup, typed=asked)
    ids = tuple(sorted(seen.id for seen in read.values()))
    parents = {node.name: node.owner for node in tree.nodes if node.kind in ("include", "redirect")}
    senders: list[Sender] = []
    for node in tree.nodes:
        sender = _sender(view, catalogue, node, _origin(view, catalogue, node.owner, domain, parents), read, ids)
        if sender is not None:
            senders.append(sender)
    hosts = tuple(node.name for node in tree.nodes if node.depth == 0 and node.kind in ("a", "mx") and not node.macro)
    return Policy(
        tree=tree,
        senders=tuple(senders),
        observations=ids,
        hosts=hosts,
        unread=tuple(seen for seen in read.values() if not seen.outcome.is_fact),
        error=judged.reason if judged.result is SpfResult.PERMERROR else None,
    )


def _sender(  # noqa: PLR0917
    view: View,
    catalogue: Catalogue,
    node: SpfNode,
    origin: str,
    read: dict[str, Observation],
    ids: tuple[ObservationId, ...],
) -> Sender | None:
    if origin == "known":
        return None
    holding = (read[node.owner].id,) if node.owner in read else ids[:1]
    if not holding:
        return None
    if node.kind in ("ip4", "ip6"):
        address = node.name.partition("/")[0]
        matches = _blocks(view, catalogue, address)
        if origin != "own" or not matches:
            return None
        return Sender(value=node.name, evidence="spf_blocks", matches=matches, observations=holding)
    if node.kind == "ptr" or not node.name or view.owns(node.name):
        return None
    matches = catalogue.match_name(SignalKind.SPF, node.name)
    if node.kind in ("a", "mx", "exists") and not matches:
        return None
    evidence = "spf" if origin == "own" else "spf_supplier"
    return Sender(value=node.name, evidence=evidence, matches=matches, observations=holding)


def _origin(view: View, catalogue: Catalogue, owner: str, domain: str, parents: dict[str, str]) -> str:
    """Whose words a record is: the domain's ``own``, a ``supplier``'s, or a ``known`` provider's inner affairs."""
    for _ in range(len(parents) + 1):
        if owner == domain:
            return "own"
        if catalogue.match_name(SignalKind.SPF, owner):
            return "known"
        if not view.owns(owner):
            above = _origin(
                view,
                catalogue,
                parents.get(owner, domain),
                domain,
                {name: parent for name, parent in parents.items() if name != owner},
            )
            return "known" if above == "known" else "supplier"
        owner = parents.get(owner, domain)
    return "supplier"


def _blocks(view: View, catalogue: Catalogue, address: str) -> tuple[Match, ...]:
    try:
        blocks = catalogue.match_range(address)
    except ValueError:
        return ()
    if blocks:
        return blocks
    return tuple(match for holder in networks_of(view, catalogue, (address,)).holders for match in holder.matches)
