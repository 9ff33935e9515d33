"""Which servers are asked: addresses as given, or those the system uses."""

import socket
from pathlib import Path


class Server:
    """Address and port of a server that is asked."""

    __slots__ = ("address", "family", "port")

    def __init__(self, text: str) -> None:
        """Read ``192.0.2.1``, ``192.0.2.1:5353``, ``2001:db8::1`` or ``[2001:db8::1]:5353``; raises ValueError."""
        host, port = text, "53"
        if text.startswith("["):
            host, bracket, rest = text[1:].partition("]")
            port = rest.removeprefix(":") if rest or not bracket else "53"
        elif text.count(":") == 1:
            host, port = text.split(":")
        self.family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            socket.inet_pton(self.family, host.partition("%")[0])
            self.port = int(port)
        except (OSError, ValueError) as error:
            raise ValueError(f"not an address and port: {text!r}") from error
        if not 0 < self.port < 65536:
            raise ValueError(f"not a port: {text!r}")
        self.address = host

    def __str__(self) -> str:
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


def system_resolvers(path: Path = Path("/etc/resolv.conf")) -> tuple[str, ...]:
    """``address:port`` of the resolvers of the system, the local host when none is named (resolv.conf(5))."""
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    found = []
    for line in lines:
        words = line.split()
        if len(words) > 1 and words[0] == "nameserver":
            try:
                found.append(str(Server(words[1] if ":" not in words[1] else f"[{words[1]}]")))
            except ValueError:
                continue
    return tuple(dict.fromkeys(found)) or ("127.0.0.1:53",)
