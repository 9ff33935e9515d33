"""An HTTP server on loopback that serves pages by host and misbehaves on demand; raw sockets, so that it can.

    with HttpServer({"www.town.test/": page(b"<p>")}) as server:
        ask(f"http://www.town.test:{server.port}/")

A page is octets, sent as they are, or a function of the connection. ``asked`` records host, path and the head of each
request; ``connected`` counts connections, also those that never ask.
"""

import gzip
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Mapping

Page = bytes | Callable[[socket.socket], None]


class HttpServer:
    """Serves in threads from ``with`` to its end."""

    def __init__(
        self,
        pages: Mapping[str, Page] | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        proxy: str | None = None,
        greeting: bytes = b"",
    ) -> None:
        """``tls``: serve over TLS. ``proxy``: answer CONNECT with this status line, tunnelling on a 200.

        ``greeting``: speak first, as a server of another protocol does.
        """
        if host != "::1" and not host.startswith("127."):
            raise ValueError("loopback addresses only")
        self.pages = dict(pages or {})
        self.asked: list[tuple[str, str, str]] = []
        self.connected = 0
        self.most_at_once = 0
        self.tunnels: dict[str, tuple[str, int]] = {}
        self._tls = tls
        self._proxy = proxy
        self._greeting = greeting
        self._open = 0
        self._lock = threading.Lock()
        self._socket = socket.socket(socket.AF_INET6 if host == "::1" else socket.AF_INET)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((host, port))
        self._socket.listen(64)
        self.port = self._socket.getsockname()[1]
        self.address = f"{host}:{self.port}"

    def __enter__(self) -> "HttpServer":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connected += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self._open += 1
            self.most_at_once = max(self.most_at_once, self._open)
        try:
            connection.settimeout(20)
            if self._greeting:
                connection.sendall(self._greeting)
                connection.recv(65536)
                return
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            head = _head(connection)
            if head:
                self._answer(connection, head)
        except OSError:
            pass
        finally:
            with self._lock:
                self._open -= 1
            connection.close()

    def _answer(self, connection: socket.socket, head: str) -> None:
        method, target = head.split(" ")[:2]
        host = next((line[5:].strip() for line in head.split("\r\n") if line.lower().startswith("host:")), "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        if method == "CONNECT":
            self.asked.append((target, "CONNECT", head))
            connection.sendall(f"HTTP/1.1 {self._proxy or '501 Not here'}\r\nContent-Length: 0\r\n\r\n".encode())
            if (self._proxy or "").startswith("2"):
                _tunnel(connection, self.tunnels[target])
            return
        path = target if target.startswith("/") else "/" + target.split("/", 3)[3]
        self.asked.append((name, path, head))
        found = self.pages.get(name + path, self.pages.get(path, self.pages.get("*", NOT_FOUND)))
        if callable(found):
            found(connection)
        else:
            connection.sendall(found)


def page(
    body: bytes,
    *headers: str,
    status: str = "200 OK",
    kind: str = "text/html; charset=utf-8",
    length: int | None = None,
) -> bytes:
    """Return a whole response."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers]
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def redirect(location: str | bytes, status: str = "302 Found") -> bytes:
    """Return a redirect; octets go out as they are."""
    raw = location if isinstance(location, bytes) else location.encode()
    return f"HTTP/1.1 {status}\r\nLocation: ".encode() + raw + b"\r\nContent-Length: 0\r\n\r\n"


def gzip_bomb(megabytes: int) -> bytes:
    """Return a page of zeros that inflates to this size."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()
    return page(packed, "Content-Encoding: gzip")


def gzip_twice() -> bytes:
    """Return a page that is coded twice: few octets, hundreds of megabytes."""
    return page(gzip.compress(gzip.compress(bytes(50 << 20))), "Content-Encoding: gzip, gzip")


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for _ in range(4000):
        connection.sendall(b"x" * 65536)


def drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        connection.sendall(b"x")
        time.sleep(0.1)


def silent(connection: socket.socket) -> None:
    time.sleep(15)


def drip_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(1000):
        connection.sendall(f"X-{number}: y\r\n".encode())
        time.sleep(0.1)


def reset(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def continue_flood(connection: socket.socket) -> None:
    for _ in range(100_000):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 50)


def header_flood(size: int) -> bytes:
    """Return a response with this many octets of headers."""
    lines = "".join(f"X-{number}: {'a' * 1000}\r\n" for number in range(size // 1010 + 1))
    return f"HTTP/1.1 200 OK\r\n{lines}Content-Length: 0\r\n\r\n".encode()


NOT_FOUND = page(b"no such page", status="404 Not Found")


def _head(connection: socket.socket) -> str:
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65536)
        if not part:
            return ""
        received += part
    return received.partition(b"\r\n\r\n")[0].decode("latin-1")


def _tunnel(connection: socket.socket, target: tuple[str, int]) -> None:
    with socket.create_connection(target, timeout=10) as beyond:
        back = threading.Thread(target=_copy, args=(beyond, connection), daemon=True)
        back.start()
        _copy(connection, beyond)
        back.join(10)


def _copy(source: socket.socket, sink: socket.socket) -> None:
    try:
        while part := source.recv(65536):
            sink.sendall(part)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass
