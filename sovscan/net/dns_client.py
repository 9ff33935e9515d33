"""The DNS client: judged answers, each question asked once, politely, within a deadline.

What a question costs at most: one UDP send, two more at doubling adaptive time-outs, ``dns_retries`` rarer ones after
random waits, one TCP exchange; all of it within ``dns_deadline`` seconds of the first send. A SERVFAIL is asked again
after a random wait within the same bounds; FORMERR and BADVERS once without EDNS. Other refusals are final.
"""

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from sovscan.model.evidence import Asked, Outcome
from sovscan.net.answers import DnsAnswer
from sovscan.net.dns_codec import (
    AD,
    BADVERS,
    FORMERR,
    SERVFAIL,
    TC,
    Message,
    Question,
    question,
    rcode_text,
    type_number,
)
from sovscan.net.dns_judge import MAX_ALIASES, UNVERIFIED, Verdict, judge
from sovscan.net.dns_manners import Breaker, TokenBucket
from sovscan.net.dns_memory import AnswerMemory
from sovscan.net.dns_mux import Mux, Silence
from sovscan.net.dns_names import BadNameError, MalformedError, bare
from sovscan.net.dns_server import Server, system_resolvers
from sovscan.net.dns_tcp import ask_over_tcp
from sovscan.net.net import NetSettings

_EXAMINATION = 1.0
_TCP_AT_ONCE = 20


class _Line:
    """One server with everything that is remembered about it."""

    def __init__(self, text: str, settings: NetSettings) -> None:
        loop = asyncio.get_running_loop()
        self.server = Server(text)
        self.text = str(self.server)
        self.bucket = TokenBucket(settings.resolver_rate, loop.time)
        self.breaker = Breaker(loop.time)
        self.mux = Mux(self.server, self.bucket, retries=settings.dns_retries,
                       retry_wait=settings.dns_retry_wait)  # fmt: skip
        self.tcp = asyncio.Semaphore(_TCP_AT_ONCE)
        self.examined: asyncio.Task[None] | None = None


class DnsClient:
    """Asks recursive or authoritative servers; to be used as an asynchronous context manager.

    Needs an event loop with ``add_reader`` (on Windows the selector loop).
    """

    def __init__(self, settings: NetSettings) -> None:
        """Raises ValueError when a resolver is not an address with an optional port."""
        self._settings = settings
        self.resolvers = tuple(str(Server(text)) for text in settings.resolvers or system_resolvers())
        """Servers in use, ``address:port``; the first one answers unless ``server`` is given."""
        self._lines: dict[str, _Line] = {}
        self._flights: dict[str, list[asyncio.Future[DnsAnswer | None]]] = {}
        self._dated_ms = -1
        self._dated = ""

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._memory = AnswerMemory(self._loop.time)
        self._epoch = datetime.now(UTC).timestamp() - self._loop.time()
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for line in self._lines.values():
            line.mux.close()
            if line.examined is not None:
                line.examined.cancel()
        self._lines.clear()

    async def ask(self, name: str, rrtype: str, *, server: str | None = None) -> DnsAnswer:
        """The judged answer for a name and type; never raises for anything the network does.

        The same question to the same server is asked once: simultaneous askers share it, later ones get what was kept.
        ``server`` (``address:port``) asks another server than the first resolver. Raises ValueError for an unknown
        record type; a name that cannot be asked for gives FAILED ``bad-name``.
        """
        server = server or self.resolvers[0]
        answer = await self._once(name, rrtype, server)
        return await self._follow(answer, server) if _unfinished(answer) else answer

    async def _once(self, name: str, rrtype: str, server: str) -> DnsAnswer:
        """What one question brings, before any alias is followed beyond it; from memory when it was asked before."""
        name = bare(name)
        key = f"{name} {rrtype} {server}"
        while True:
            kept = self._memory.recall(key)
            if kept is not None:
                return kept
            waiting = self._flights.get(key)
            if waiting is None:
                break
            follower: asyncio.Future[DnsAnswer | None] = self._loop.create_future()
            waiting.append(follower)
            shared = await follower
            if shared is not None:
                return shared
        # Nobody is asking yet: ask for all who join meanwhile. Should this asker be cancelled, another takes over.
        waiting = self._flights[key] = []
        answer = None
        try:
            answer = await self._settle(name, rrtype, server)
            if answer.asked.started:
                self._memory.keep(key, answer)
            return answer
        finally:
            del self._flights[key]
            for follower in waiting:
                if not follower.done():
                    follower.set_result(answer)

    async def _follow(self, first: DnsAnswer, server: str) -> DnsAnswer:
        """Ask on for the end of an alias chain that the server did not finish."""
        last, aliases = first, first.aliases
        end = self._loop.time() + self._settings.dns_deadline
        while True:
            reason = ""
            if len(aliases) > MAX_ALIASES or len({first.name, *aliases}) <= len(aliases):
                reason = "chain"
            elif not _unfinished(last):
                break
            elif self._loop.time() > end:
                reason = "timeout"
            if reason:
                return replace(first, outcome=Outcome.FAILED, reason=reason, aliases=aliases, final=aliases[-1])
            last = await self._once(aliases[-1], first.rrtype, server)
            aliases += last.aliases
        return replace(
            last,
            name=first.name,
            aliases=aliases,
            final=aliases[-1],
            ad=first.ad and last.ad,
            tries=first.tries + last.tries,
            asked=replace(first.asked, elapsed_ms=first.asked.elapsed_ms + last.asked.elapsed_ms),
        )

    async def _settle(self, name: str, rrtype: str, server: str) -> DnsAnswer:
        """Ask one server one question until it is settled, one way or the other."""
        number = type_number(rrtype)
        if self._settings.offline:
            return self._unasked(name, rrtype, Outcome.SKIPPED, "offline")
        try:
            asked = question(name, number)
        except BadNameError:
            return self._unasked(name, rrtype, Outcome.FAILED, "bad-name")
        line = self._lines.get(server) or self._line(server)
        if line.breaker.is_open:
            return self._unasked(name, rrtype, Outcome.FAILED, "circuit-open", server=line.text)
        if not line.bucket.unlimited:
            await line.bucket.take()
        begun = self._loop.time()
        deadline = begun + self._settings.dns_deadline
        tries: tuple[str, ...] = ()
        edns, retries, transport, hole = True, self._settings.dns_retries, "udp", ""
        message: Message | None = None
        while True:
            try:
                message = await line.mux.ask(asked, deadline, edns=edns)
                line.breaker.replied()
                if message.flags & TC:
                    transport = "tcp"
                    message = await self._over_tcp(line, asked, deadline, edns=edns)
                    hole = "" if message is not None else "truncated"
            except Silence as silence:
                self._note_silence(line, silence)
                message, hole = None, silence.reason
            except MalformedError:
                message, hole = None, "malformed"
            if message is None or not message.rcode:
                break
            if edns and message.rcode in (FORMERR, BADVERS):
                edns = False
                line.bucket.debit()
            elif message.rcode == SERVFAIL and retries and (wait := self._wait(deadline)):
                retries -= 1
                await asyncio.sleep(wait)
                await line.bucket.take()
            else:
                break
            tries += (rcode_text(message.rcode),)
        verdict = Verdict(Outcome.FAILED, hole, final=asked.name) if message is None else judge(asked, message)
        return DnsAnswer(
            name=asked.name,
            rrtype=rrtype,
            outcome=verdict.outcome,
            reason=verdict.reason,
            records=verdict.records,
            aliases=verdict.aliases,
            final=verdict.final,
            rcode=rcode_text(message.rcode) if message is not None else "",
            ad=message is not None and bool(message.flags & AD),
            truncated=verdict.truncated,
            zone=verdict.zone,
            note=message.note if message is not None else "",
            tries=tries,
            asked=Asked(
                name=asked.name,
                type=rrtype,
                server=line.text,
                transport=transport,
                started=self._date(begun),
                elapsed_ms=round((self._loop.time() - begun) * 1000),
            ),
        )

    async def _over_tcp(self, line: _Line, asked: Question, deadline: float, *, edns: bool) -> Message | None:
        async with line.tcp:
            line.bucket.debit()
            left = deadline - self._loop.time()
            return await ask_over_tcp(asked, line.server, left, edns=edns) if left > 0 else None

    def _wait(self, deadline: float) -> float:
        """Seconds before a question that met SERVFAIL is asked again; 0 when no time is left for that."""
        least, most = self._settings.dns_retry_wait
        most = min(most, (deadline - self._loop.time()) / 2)
        return random.uniform(least, most) if most >= least else 0.0  # noqa: S311 - spreads load, protects nothing

    def _note_silence(self, line: _Line, silence: Silence) -> None:
        if silence.reason == "malformed":
            line.breaker.replied()  # nonsense, but somebody is there
            return
        line.breaker.silent()
        if line.breaker.suspects and (line.examined is None or line.examined.done()):
            line.examined = self._loop.create_task(self._examine(line))

    async def _examine(self, line: _Line) -> None:
        """Leave a server alone if it is silent about the root as well; else its silences were those of dead zones."""
        try:
            await line.mux.ask(question(".", 6), self._loop.time() + _EXAMINATION)
        except Silence:
            line.breaker.open()
        else:
            line.breaker.replied()

    def _line(self, server: str) -> _Line:
        line = self._lines[server] = _Line(server, self._settings)
        return line

    def _unasked(self, name: str, rrtype: str, outcome: Outcome, reason: str, *, server: str = "") -> DnsAnswer:
        asked = Asked(name=name, type=rrtype, server=server)
        return DnsAnswer(name=name, rrtype=rrtype, outcome=outcome, reason=reason, final=name, asked=asked)

    def _date(self, at: float) -> str:
        """UTC date of a time of the loop's clock, with milliseconds."""
        milliseconds = int((self._epoch + at) * 1000)
        if milliseconds != self._dated_ms:
            self._dated_ms = milliseconds
            moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
            self._dated = moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
        return self._dated


def _unfinished(answer: DnsAnswer) -> bool:
    """Whether an alias leads out of what the server said, so that its end must be asked for."""
    return bool(answer.aliases) and answer.outcome is Outcome.FAILED and answer.reason in UNVERIFIED
