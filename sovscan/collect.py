"""The only scheduler: probes in, evidence out.

A probe of a target starts as soon as the probes it reads have finished for that target; nothing waits for another
target. Whatever happens, every question a probe always asks leaves an observation, if only a hole.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from sovscan.files.evidence_bundle import in_order
from sovscan.model.evidence import Evidence, Observation, Outcome, Vantage
from sovscan.model.target import Target
from sovscan.net.net import Net
from sovscan.probes.probe import Hints, Probe, Subject
from sovscan.probes.questions import not_asked
from sovscan.readers.html import host_of

MAX_TARGETS_AT_ONCE = 20
TARGET_DEADLINE = 130.0
"""Seconds for one target; probes that have not finished by then leave SKIPPED ``deadline``.

A backstop: the network ends its own questions after 120 seconds, which loses none of what was answered before.
"""


class NetSource(Protocol):
    """Where the network of each target comes from; ``net.live.LiveNet`` is the real one."""

    def for_domain(self, domain: str) -> Net:
        """The network as the probes of one target see it, with a budget of its own."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeBug:
    """A probe that raised: a fault of sovscan, never of the network."""

    probe: str
    target: Target
    error: Exception


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


async def collect(
    targets: Sequence[Target],
    *,
    organisation: str,
    net: NetSource,
    probes: Sequence[Probe],
    hints: Hints | None = None,
    clock: Callable[[], datetime] = now,
    vantage: Vantage | None = None,
    versions: Mapping[str, str] | None = None,
    progress: Callable[[Target, str], None] | None = None,
    on_bug: Callable[[ProbeBug], None] | None = None,
    others: Mapping[str, NetSource] | None = None,
    concurrency: int = MAX_TARGETS_AT_ONCE,
    target_deadline: float = TARGET_DEADLINE,
) -> Evidence:
    """The evidence of one organisation: every target observed, observations unique and in canonical order.

    ``others``: further resolvers to compare with, by ``address:port``. ``progress`` is told the target and the id of
    each probe that ended, ``on_bug`` of each probe that raised. ``clock`` dates the end of collection.
    """
    gate = asyncio.Semaphore(concurrency)
    run = _Run(
        probes=tuple(probes),
        hints=hints or Hints(),
        progress=progress or (lambda _target, _probe: None),
        on_bug=on_bug or (lambda _bug: None),
        deadline=target_deadline,
    )

    async def one(target: Target) -> list[Observation]:
        async with gate:
            compared = {name: source.for_domain(target.value) for name, source in (others or {}).items()}
            return await run.observe(target, net.for_domain(target.value), compared)

    unique = tuple(dict.fromkeys(targets))
    found = await asyncio.gather(*(one(target) for target in unique))
    observations = in_order(observation for observations in found for observation in observations)
    return Evidence(
        organisation=organisation,
        targets=unique,
        collected_at=clock().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        vantage=_described(vantage or Vantage(), probes, observations),
        versions=dict(sorted((versions or {}).items())),
        observations=observations,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    probes: tuple[Probe, ...]
    hints: Hints
    progress: Callable[[Target, str], None]
    on_bug: Callable[[ProbeBug], None]
    deadline: float

    async def observe(self, target: Target, net: Net, others: Mapping[str, Net]) -> list[Observation]:
        """Everything that the probes that apply to a target observe of it within the deadline."""
        chosen = [p for p in self.probes if target.kind in p.kinds and (not p.opt_in or net.allowed(p.id))]
        done = {probe.id: asyncio.Event() for probe in chosen}
        seen: dict[str, tuple[Observation, ...]] = {}

        async def one(probe: Probe) -> None:
            for needed in probe.after:
                if needed in done:
                    await done[needed].wait()
            known = in_order(found for needed in probe.after for found in seen.get(needed, ()))
            subject = Subject(target=target, seen=known, hints=self.hints, others=others)
            seen[probe.id] = await self._ask(probe, subject, net)
            done[probe.id].set()
            self.progress(target, probe.id)

        try:
            async with asyncio.timeout(self.deadline), asyncio.TaskGroup() as group:
                for probe in chosen:
                    group.create_task(one(probe))
        except TimeoutError:
            # What had finished is kept; the rest becomes holes below.
            pass
        for probe in chosen:
            if probe.id not in seen:
                seen[probe.id] = _holes(probe, target, "deadline", Outcome.SKIPPED)
        return [observation for found in seen.values() for observation in found]

    async def _ask(self, probe: Probe, subject: Subject, net: Net) -> tuple[Observation, ...]:
        try:
            return await probe.observe(subject, net)
        # One of the two places that catch everything: a bug of one probe must neither lose the evidence of the others
        # nor look like an absence. The caller is told, and the run ends with code 4.
        except Exception as error:  # noqa: BLE001
            self.on_bug(ProbeBug(probe=probe.id, target=subject.target, error=error))
            return _holes(probe, subject.target, "probe-bug", Outcome.FAILED)


def _holes(probe: Probe, target: Target, reason: str, outcome: Outcome) -> tuple[Observation, ...]:
    """A hole for each question that the probe always asks; one for the target when these depend on others."""
    questions = probe.questions(target) or ((target.value, "*"),)
    return tuple(not_asked(probe.id, question, reason, outcome) for question in questions)


def _described(vantage: Vantage, probes: Iterable[Probe], seen: Sequence[Observation]) -> Vantage:
    """The vantage with the opt-in probes that asked nobody and everybody who was contacted."""
    asked = {observation.probe for observation in seen}
    left_out = sorted(probe.id for probe in probes if probe.opt_in and probe.id not in asked)
    options = {**vantage.options, **({"not_asked": " ".join(left_out)} if left_out else {})}
    contacted = {*vantage.contacted, *(party for observation in seen for party in _contacted(observation))}
    return replace(vantage, options=dict(sorted(options.items())), contacted=tuple(sorted(contacted)))


_NOT_REACHED = ("blocked", "redirects", "protocol-error")


def _contacted(observation: Observation) -> set[str]:
    """Whom a question reached beyond the resolver: hosts of pages and their redirects, TLS hosts, registries."""
    asked = observation.asked
    if not asked.server or asked.type not in {"GET", "TLS", "RDAP"}:
        return set()
    if asked.type == "TLS":
        return {observation.subject}
    if asked.type == "RDAP":
        return {host_of(asked.server) or asked.server}
    passed = observation.detail.get("redirects", "").split()
    if observation.outcome is not Outcome.ANSWERED and (observation.reason or "").startswith(_NOT_REACHED):
        passed = passed[:-1]  # the last redirect was refused before anything was sent
    urls = (asked.name, observation.detail.get("final_url", ""), *passed)
    return {host for url in urls if (host := host_of(url))}
