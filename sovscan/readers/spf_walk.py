"""The tree of an SPF policy over answers already given, within the limits of RFC 7208, section 4.6.4."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from sovscan.model.evidence import Observation, Outcome
from sovscan.readers.names import InvalidName, canonical_domain
from sovscan.readers.spf import LOOKUP_KINDS, SpfProblem, SpfTerm, parse

MAX_LOOKUPS = 10
MAX_VOIDS = 2
MAX_MX_NAMES = 10
MAX_NODES = 200
"""Ours: terms kept of one policy, whatever it repeats."""

Lookup = Callable[[str], Observation | None]
"""The TXT observation of a name; None when it was not asked yet."""
TypedLookup = Callable[[str, str], Observation | None]
"""The observation of a name and record type; None when it was not asked yet."""


class SpfResult(StrEnum):
    """How far the policy can be evaluated."""

    OK = "ok"
    NONE = "none"
    """The domain publishes no policy: a fact."""
    PERMERROR = "permerror"
    TEMPERROR = "temperror"
    """An answer is missing: a hole."""
    PENDING = "pending"
    """Names are still to be asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfNode:
    """One term where it stands in the tree."""

    kind: str
    """``include a mx ptr ip4 ip6 exists`` or ``redirect``."""
    name: str
    """Name or network; the owner for a bare ``a``, ``mx`` or ``ptr``; with a macro, the literal labels after it."""
    owner: str
    """Name whose record holds the term."""
    depth: int
    """0 for the terms of the domain's own record."""
    macro: bool = False
    """Whether the full name depends on the message; such a name is never asked."""
    followed: bool = False
    """Whether it counts among the ten look-ups and was, or may be, asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfTree:
    """What a policy says as far as it was answered. A permanent error keeps everything found so far."""

    domain: str
    result: SpfResult
    reason: str | None
    """First reason of a permanent or temporary error; None otherwise."""
    records: tuple[tuple[str, str], ...]
    """Name and text of each record read, the domain's own first; two at one name when there are two."""
    nodes: tuple[SpfNode, ...]
    blocks: tuple[str, ...]
    """Networks of ip4 and ip6 terms, sorted."""
    lookups: int
    """Terms that cost a look-up, the one that broke the limit included."""
    voids: int
    to_ask: tuple[tuple[str, str], ...]
    """Names and record types still to be asked, in order."""
    truncated: bool
    """True when nodes were left out."""


def pending(tree: SpfTree) -> tuple[tuple[str, str], ...]:
    """The questions that would complete the tree; empty when it is complete or nothing more may be asked."""
    return tree.to_ask


def walk(domain: str, lookup: Lookup, *, typed: TypedLookup | None = None) -> SpfTree:
    """The tree of a canonical domain's policy.

    Records are read breadth first, so that the direct includes are known even when the limits stop the rest. ``typed``
    gives the answers for ``a``, ``mx`` and ``exists`` terms; without it these are counted but neither asked nor void.
    """
    return _Walk(domain=domain, lookup=lookup, typed=typed).run()


@dataclass(slots=True, kw_only=True)
class _Walk:
    domain: str
    lookup: Lookup
    typed: TypedLookup | None
    records: list[tuple[str, str]] = field(default_factory=list)
    nodes: list[SpfNode] = field(default_factory=list)
    permanent: list[str] = field(default_factory=list)
    temporary: list[str] = field(default_factory=list)
    to_ask: dict[tuple[str, str], None] = field(default_factory=dict)
    lookups: int = 0
    voids: int = 0
    truncated: bool = False

    def run(self) -> SpfTree:
        queue: deque[tuple[str, tuple[str, ...]]] = deque([(self.domain, ())])
        result = None
        while queue:
            name, ancestors = queue.popleft()
            seen = self._answer(self.lookup(name), name, "TXT")
            if seen is None:
                continue
            policy = parse(seen.values) if seen.outcome is Outcome.ANSWERED else None
            if policy is None:
                if not ancestors:
                    result = SpfResult.NONE
                else:
                    self.permanent.append(f"no-record: {name}")
                continue
            if isinstance(policy, SpfProblem):
                self.permanent.append(policy.reason)
                self.records += [(name, text) for text in policy.texts]
            else:
                self.records.append((name, policy.text))
            queue.extend(self._terms(policy.terms, name, ancestors))
        return self._tree(result)

    def _terms(
        self, terms: tuple[SpfTerm, ...], owner: str, ancestors: tuple[str, ...]
    ) -> list[tuple[str, tuple[str, ...]]]:
        """Nodes for each term; returns the names whose records come next."""
        follow = []
        for term in terms:
            if term.kind == "all":
                continue
            if len(self.nodes) >= MAX_NODES:
                self.truncated = True
                break
            costs = term.kind in LOOKUP_KINDS or term.kind == "redirect"
            self.lookups += costs
            if self.lookups > MAX_LOOKUPS and costs:
                self.permanent.append("too-many-lookups")
            name = self._name(term, owner)
            allowed = costs and name is not None and self.lookups <= MAX_LOOKUPS and self.voids <= MAX_VOIDS
            self.nodes.append(
                SpfNode(
                    kind=term.kind,
                    name=term.literal_end if term.has_macro else name or term.value,
                    owner=owner,
                    depth=len(ancestors),
                    macro=term.has_macro,
                    followed=allowed,
                )
            )
            if not allowed or name is None:
                continue
            if term.kind in {"include", "redirect"}:
                if name == owner or name in ancestors:
                    self.permanent.append(f"loop: {name}")
                else:
                    follow.append((name, (*ancestors, owner)))
            else:
                self._ask_addresses(term.kind, name)
        return follow

    def _name(self, term: SpfTerm, owner: str) -> str | None:
        """The name a term asks for; None when it has a macro or is no name."""
        if term.has_macro or term.kind in {"ip4", "ip6"}:
            return None
        if not term.value:
            return owner
        try:
            return canonical_domain(term.value)
        except InvalidName:
            return None

    def _ask_addresses(self, kind: str, name: str) -> None:
        if self.typed is None or kind == "ptr":
            return
        rrtype = "MX" if kind == "mx" else "A"
        seen = self._answer(self.typed(name, rrtype), name, rrtype)
        if seen is None:
            return
        if seen.outcome is Outcome.ABSENT:
            self.voids += 1
            if self.voids > MAX_VOIDS:
                self.permanent.append("too-many-voids")
        elif kind == "mx" and len(seen.values) > MAX_MX_NAMES:
            self.permanent.append(f"too-many-mx: {name}")

    def _answer(self, seen: Observation | None, name: str, rrtype: str) -> Observation | None:
        """The observation when it is a fact; otherwise it is noted as pending or as a hole."""
        if seen is None:
            self.to_ask.setdefault((name, rrtype))
            return None
        if not seen.outcome.is_fact:
            self.temporary.append(f"{seen.reason or seen.outcome.value}: {name}")
            return None
        return seen

    def _tree(self, result: SpfResult | None) -> SpfTree:
        if result is None:
            if self.permanent:
                result = SpfResult.PERMERROR
            elif self.temporary:
                result = SpfResult.TEMPERROR
            else:
                result = SpfResult.PENDING if self.to_ask else SpfResult.OK
        errors = self.permanent or self.temporary
        return SpfTree(
            domain=self.domain,
            result=result,
            reason=errors[0] if errors else None,
            records=tuple(dict.fromkeys(self.records)),
            nodes=tuple(self.nodes),
            blocks=tuple(sorted({node.name for node in self.nodes if node.kind in {"ip4", "ip6"}})),
            lookups=self.lookups,
            voids=self.voids,
            to_ask=tuple(self.to_ask),
            truncated=self.truncated,
        )
