"""All UDP questions to one server over a few connected sockets, told apart by random ids and source ports.

A packet counts only if it comes from the server (the sockets are connected), bears an id that is pending on that very
socket, repeats the question, and reads whole. Anything else is passed over and the wait goes on, so that a forged
packet ahead of the true one changes nothing (RFC 5452 section 9).
"""

import asyncio
import os
import random
import socket
from collections.abc import Iterator
from contextlib import suppress
from struct import Struct

from sovscan.net.dns_codec import FORMERR, NOTIMP, REFUSED, SERVFAIL, Message, Question, read_message
from sovscan.net.dns_manners import RoundTrip, TokenBucket
from sovscan.net.dns_names import MalformedError
from sovscan.net.dns_server import Server
from sovscan.net.dns_timer import Ticker

SOCKETS = 4
SENDS = 3
"""Sends of one question at growing intervals, before the rarer retries."""

_MAX_PENDING = 30_000
_SENDS_BEFORE_NEW_PORT = 20_000
_RECEIVE_BUFFER = 4 << 20
_LARGEST = 4096
_AT_ONCE = 64
_DRAWS = Struct("!256I")


class Silence(Exception):  # noqa: N818 - what the network did, not what went wrong here
    """Raised when no readable answer came: ``reason`` is ``timeout``, ``unreachable`` or ``malformed``."""

    def __init__(self, reason: str, sends: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sends = sends


class Mux:
    """The sockets to one server and the questions pending on them; belongs to one running event loop."""

    def __init__(self, server: Server, bucket: TokenBucket, *, retries: int, retry_wait: tuple[float, float]) -> None:
        self.loop = asyncio.get_running_loop()
        self.bucket = bucket
        self.sends = SENDS + retries
        self.ticker = Ticker(self.loop, self._look)
        self.round_trip = RoundTrip()
        self.unplaced: list[_Pending] = []
        """Questions that found no socket to go out by."""
        self._server = server
        self._retry_wait = retry_wait
        self._ports: list[_Port] = []
        self._retired: list[_Port] = []
        self._draws: Iterator[int] = iter(())

    def ask(self, question: Question, deadline: float, *, edns: bool = True) -> "asyncio.Future[Message]":
        """The first readable response to a question, sent again as needed until ``deadline`` (loop time).

        The future raises Silence when none comes; who cancels it is no longer waited for.
        """
        future: asyncio.Future[Message] = self.loop.create_future()
        _Pending(self, question, deadline, future, edns=edns).send()
        self.ticker.start()
        return future

    def close(self) -> None:
        """Close all sockets; questions still pending stay unanswered."""
        self.ticker.close()
        for port in (*self._ports, *self._retired):
            port.close()
        self._ports.clear()

    def place(self, pending: "_Pending") -> "tuple[_Port, int]":
        """A socket and an id that is free on it, registered for a question. Raises OSError without any socket."""
        drawn = next(self._draws, None) or self._draw()
        if len(self._ports) < SOCKETS:
            port = _Port(self._server, self.loop)
            self._ports.append(port)
        else:
            index = (drawn >> 16) % SOCKETS
            port = self._ports[index]
            if port.sends >= _SENDS_BEFORE_NEW_PORT:
                port.retire()
                self._retired.append(port)
                port = self._ports[index] = _Port(self._server, self.loop)
        if len(port.table) >= _MAX_PENDING:
            raise OSError("too many questions pending")
        ident = drawn & 0xFFFF
        while ident in port.table:
            ident = self._draw() & 0xFFFF
        port.table[ident] = pending
        port.sends += 1
        return port, ident

    def wait_after(self, sends: int) -> float:
        """Seconds until the next send, or until there is none any more, after so many sends."""
        if sends == 1:
            return self.round_trip.timeout
        wait = self.round_trip.timeout * 2.0 ** (min(sends, SENDS) - 1)
        if sends >= SENDS:
            wait += random.uniform(*self._retry_wait)  # noqa: S311 - spreads load, protects nothing
        return wait

    def _look(self, now: float) -> bool:
        """Let every question whose time has come take its next step; whether any is left."""
        self._retired = [port for port in self._retired if port.table]
        ports = (*self._ports, *self._retired)
        due = [pending for port in ports for pending in port.table.values() if pending.next_step <= now]
        unplaced, self.unplaced = self.unplaced, []
        for pending in (*due, *unplaced):
            pending.expire(now)
        return bool(self.unplaced) or any(port.table for port in ports)

    def _draw(self) -> int:
        """32 unpredictable bits; a stock of them is drawn from the system at a time."""
        self._draws = iter(_DRAWS.unpack(os.urandom(_DRAWS.size)))
        return next(self._draws)


class _Port:
    """One connected socket, hence one source port, and the ids pending on it."""

    def __init__(self, server: Server, loop: asyncio.AbstractEventLoop) -> None:
        self.table: dict[int, _Pending] = {}
        self.sends = 0
        self._loop = loop
        self._retired = False
        self.sock = socket.socket(server.family, socket.SOCK_DGRAM)
        try:
            self.sock.setblocking(False)
            with suppress(OSError):
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
            # connect() lets the system pick a random free source port and drop what others send.
            self.sock.connect((server.address, server.port))
        except OSError:
            self.sock.close()
            raise
        loop.add_reader(self.sock.fileno(), self._readable)

    def retire(self) -> None:
        """Take no more questions; close once the pending ones are gone."""
        self._retired = True
        self.forget(-1)

    def forget(self, ident: int) -> None:
        """Give an id back."""
        self.table.pop(ident, None)
        if self._retired and not self.table:
            self.close()

    def close(self) -> None:
        """Close the socket."""
        if self.sock.fileno() >= 0:
            self._loop.remove_reader(self.sock.fileno())
            self.sock.close()

    def _readable(self) -> None:
        receive, pending_of = self.sock.recv, self.table.get
        for _ in range(_AT_ONCE):
            try:
                wire = receive(_LARGEST)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                # An ICMP error: nobody listens there. It does not say which question it was about.
                for pending in tuple(self.table.values()):
                    pending.refused()
                return
            if len(wire) < 12 or not wire[2] & 0x80:
                continue
            asker = pending_of(wire[0] << 8 | wire[1])
            if asker is not None:
                asker.receive(wire, self)
                if not self.table:
                    return  # nothing more is awaited here; a retired socket is closed by now


class _Pending:
    """One question on its way; earlier sends stay valid, so a late answer to any of them is taken."""

    __slots__ = (
        "_count", "_deadline", "_earlier", "_edns", "_future", "_ident", "_mux", "_noted", "_port", "_question",
        "_sent", "next_step",
    )  # fmt: skip

    def __init__(
        self, mux: Mux, question: Question, deadline: float, future: "asyncio.Future[Message]", *, edns: bool
    ) -> None:
        self._mux = mux
        self._question = question
        self._deadline = deadline
        self._edns = edns
        self._port: _Port | None = None
        self._ident = 0
        self._earlier: tuple[tuple[_Port, int, float], ...] = ()
        self._noted = "timeout"
        self._count = 0
        self._sent = 0.0
        self.next_step = 0.0
        """When to send again or to give up, in the loop's time."""
        self._future: asyncio.Future[Message] | None = future

    def send(self) -> None:
        """Send once, on a socket and with an id of its own, and set the time of the next step."""
        mux = self._mux
        self._count += 1
        try:
            if self._port is not None:
                self._earlier += ((self._port, self._ident, self._sent),)
                self._port = None
            self._sent = mux.loop.time()
            self._port, self._ident = mux.place(self)
            self._port.sock.send(self._question.packet(self._ident, edns=self._edns))
        except (BlockingIOError, InterruptedError):
            pass  # the system's buffer is full: as good as lost on the way
        except OSError:
            self.refused()
            return
        self.next_step = self._sent + mux.wait_after(self._count)
        if self._count >= mux.sends or self.next_step >= self._deadline:
            self.next_step = self._deadline

    def expire(self, now: float) -> None:
        """Send again or give up, if this is still the time to."""
        if self._settled():
            self.leave()
        elif now < self.next_step:
            self._wait_without_port()
        elif now >= self._deadline:
            self._give_up()
        else:
            self._mux.bucket.debit()
            self.send()

    def receive(self, wire: bytes, port: _Port) -> None:
        """Take a packet that bears one of this question's ids, if it is the answer."""
        future = self._future
        if future is None or future.done():
            return
        repeated = self._question.is_repeated_in(wire)
        try:
            message = read_message(wire, self._question if repeated else None)
        except MalformedError:
            self._noted = "malformed"
            return
        if not repeated and not _is_bare_refusal(wire):
            return
        sent = self._sent if self._count == 1 else self._sent_as(port, wire)
        self._mux.round_trip.sample(self._mux.loop.time() - sent)
        self.leave()
        future.set_result(message)

    def refused(self) -> None:
        """Note that the network says nobody listens; the sends left are spent soon."""
        if self._settled():
            return
        self._noted = "unreachable"
        if self._count >= SENDS:
            self._give_up()
            return
        self.next_step = self._mux.loop.time() + 0.05
        self._wait_without_port()

    def leave(self) -> None:
        """Give all ids back and take no more packets."""
        self._future = None
        if self._port is not None:
            self._port.forget(self._ident)
            self._port = None
        for port, ident, _ in self._earlier:
            port.forget(ident)
        self._earlier = ()

    def _sent_as(self, port: _Port, wire: bytes) -> float:
        """When the send that a packet answers went out; each has an id of its own, so there is no doubt about it."""
        ident = wire[0] << 8 | wire[1]
        return next((sent for *place, sent in self._earlier if place == [port, ident]), self._sent)

    def _wait_without_port(self) -> None:
        if self._port is None and not self._earlier:
            self._mux.unplaced.append(self)

    def _settled(self) -> bool:
        return self._future is None or self._future.done()

    def _give_up(self) -> None:
        future = self._future
        self.leave()
        if future is not None:
            future.set_exception(Silence(self._noted, self._count))


def _is_bare_refusal(wire: bytes) -> bool:
    """Whether it is an error without question section, as some servers send it."""
    return wire[4:12] == b"\0" * 8 and wire[3] & 15 in (FORMERR, SERVFAIL, NOTIMP, REFUSED)
