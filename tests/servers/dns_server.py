"""An authoritative DNS server on loopback that serves a zone text and misbehaves on demand (UDP and TCP).

    with DnsServer("example.test. MX 10 mail.example.test.", faults={"mail.example.test/AAAA": "servfail"}) as server:
        ask(server.address)

A name whose first label is the name of a fault meets that fault (``servfail.example.test``); ``faults`` maps further
names, as shell patterns with an optional ``/TYPE``, to a fault, ``slow:SECONDS`` or ``drop_first:COUNT``. Standalone:

    python -m tests.servers.dns_server --port 5300 --zone FILE
"""

import argparse
import fnmatch
import selectors
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import dns.rrset
import dns.zone

from tests.servers.dns_faults import FAULTS, Context

SOA_TEXT = "ns.box.test. hostmaster.box.test. 1 3600 600 86400 60"


class DnsServer:
    """Serves in a thread from ``with`` to its end; ``address`` is ``127.0.0.1:port``."""

    def __init__(
        self,
        zone_text: str = "",
        *,
        faults: Mapping[str, str] | None = None,
        origin: str = ".",
        recursive: bool = True,
        follow_aliases: bool = True,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        if not host.startswith("127."):
            raise ValueError("loopback addresses only")
        self.faults = dict(faults or {})
        """May be changed while the server runs."""
        self.asked: list[tuple[str, str, str]] = []
        """Name, type and transport of each question, in order of arrival."""
        self.recursive = recursive
        self.follow_aliases = follow_aliases
        self.origin = dns.name.from_text(origin)
        self._zone = _read_zone(zone_text, origin)
        self._inner = {parent for name in self._zone.nodes for parent in _parents(name)}
        self._seen: Counter[tuple[str, str]] = Counter()
        self._where = (host, port)
        self._stop = threading.Event()

    def __enter__(self) -> "DnsServer":
        self._datagrams, self._streams = _bound_pair(*self._where)
        self.port = self._datagrams.getsockname()[1]
        self.address = f"{self._where[0]}:{self.port}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join(5)
        self._datagrams.close()
        self._streams.close()

    def answer(self, wire: bytes, transport: str) -> list[bytes | float]:
        """What goes back, in order: messages, and waits in seconds between them; no message at all is silence."""
        query = dns.message.from_wire(wire)
        name = query.question[0].name
        text = name.to_text(omit_final_dot=True).lower()
        rrtype = dns.rdatatype.to_text(query.question[0].rdtype)
        self.asked.append((text, rrtype, transport))
        self._seen[text, rrtype] += 1
        context = Context(query, wire, transport, self._seen[text, rrtype], self)
        fault, _, argument = self._fault(text, rrtype).partition(":")
        if not fault:
            return [self.honest(context)]
        return FAULTS[fault](context, argument)

    def honest(self, context: Context) -> bytes:
        """The true answer from the zone."""
        reply = context.reply
        name, rrtype = context.name, context.rrtype
        reply.answer.clear()
        if not name.is_subdomain(self.origin):
            reply.flags &= ~dns.flags.AA
            reply.set_rcode(5)
            return context.wire_of(reply)
        for _ in range(20):
            node = self._zone.nodes.get(name) or self._wildcard(name)
            alias = node and node.get_rdataset(1, dns.rdatatype.CNAME)
            found = node and node.get_rdataset(1, rrtype)
            if found or not alias:
                break
            reply.answer.append(dns.rrset.from_rdata_list(name, 60, list(alias)))
            name = alias[0].target
            if not self.follow_aliases or not name.is_subdomain(self.origin):
                return context.wire_of(reply)
        if found:
            reply.answer.append(dns.rrset.from_rdata_list(name, 60, list(found)))
        else:
            if node is None and name not in self._inner:
                reply.set_rcode(3)
            reply.authority.append(dns.rrset.from_text(self.origin, 60, "IN", "SOA", SOA_TEXT))
        return context.wire_of(reply)

    def _fault(self, text: str, rrtype: str) -> str:
        for pattern, fault in self.faults.items():
            name, _, only = pattern.partition("/")
            if fnmatch.fnmatchcase(text, name) and only in ("", rrtype):
                return fault
        labels = text.replace("-", "_").split(".")
        if "nx_hijack" in labels:
            return "nx_hijack"
        return labels[0] if labels[0] in FAULTS else ""

    def _wildcard(self, name: dns.name.Name) -> dns.node.Node | None:
        for parent in _parents(name):
            node = self._zone.nodes.get(dns.name.Name((b"*", *parent.labels)))
            if node is not None or parent in self._zone.nodes:
                return node
        return None

    def _serve(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._datagrams, selectors.EVENT_READ)
            selector.register(self._streams, selectors.EVENT_READ)
            while not self._stop.is_set():
                for key, _ in selector.select(0.05):
                    if key.fileobj is self._datagrams:
                        self._take_datagram()
                    else:
                        connection, _ = self._streams.accept()
                        threading.Thread(target=self._take_stream, args=(connection,), daemon=True).start()

    def _take_datagram(self) -> None:
        try:
            wire, client = self._datagrams.recvfrom(65535)
            parts = self.answer(wire, "udp")
        except (dns.exception.DNSException, OSError):
            return
        if any(isinstance(part, float) for part in parts):
            threading.Thread(target=self._send_slowly, args=(parts, client), daemon=True).start()
        else:
            self._send_slowly(parts, client)

    def _send_slowly(self, parts: list[bytes | float], client: object) -> None:
        for part in parts:
            if isinstance(part, float):
                self._stop.wait(part)
            elif not self._stop.is_set():
                self._datagrams.sendto(part, client)

    def _take_stream(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(5)
            try:
                while len(prefix := connection.recv(2, socket.MSG_WAITALL)) == 2:
                    wire = connection.recv(struct.unpack("!H", prefix)[0], socket.MSG_WAITALL)
                    for part in self.answer(wire, "tcp"):
                        if isinstance(part, float):
                            self._stop.wait(part)
                        elif part[:4] == b"RAW:":
                            connection.sendall(part[4:])
                            return
                        else:
                            connection.sendall(struct.pack("!H", len(part)) + part)
            except (dns.exception.DNSException, OSError):
                return


def _read_zone(text: str, origin: str) -> dns.zone.Zone:
    lines = f"$TTL 60\n{text}\n"
    zone = dns.zone.from_text(lines, origin, relativize=False, check_origin=False, allow_include=False)
    if zone.get_rdataset(origin, "SOA") is None:
        full = f"$TTL 60\n{origin} IN SOA {SOA_TEXT}\n{origin} IN NS ns.box.test.\n{text}\n"
        zone = dns.zone.from_text(full, origin, relativize=False, check_origin=False, allow_include=False)
    return zone


def _parents(name: dns.name.Name) -> list[dns.name.Name]:
    parents = []
    while name != dns.name.root:
        name = name.parent()
        parents.append(name)
    return parents


def _bound_pair(host: str, port: int) -> tuple[socket.socket, socket.socket]:
    """A datagram and a stream socket on one port."""
    for _ in range(50):
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        datagrams.bind((host, port))
        streams = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        streams.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            streams.bind((host, datagrams.getsockname()[1]))
        except OSError:
            datagrams.close()
            streams.close()
            continue
        streams.listen(128)
        return datagrams, streams
    raise OSError("no port is free for both UDP and TCP")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--zone", type=Path)
    parser.add_argument("--origin", default=".")
    options = parser.parse_args()
    text = options.zone.read_text("utf-8") if options.zone else ""
    with DnsServer(text, origin=options.origin, host=options.host, port=options.port) as server:
        print("listening", server.address, flush=True)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
