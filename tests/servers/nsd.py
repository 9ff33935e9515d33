"""NSD, a real authoritative server, on a free port of loopback, where it is installed."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.exception
import dns.message
import dns.query

_CONFIGURATION = """server:
  ip-address: 127.0.0.1@{port}
  do-ip6: no
  username: ""
  zonesdir: "{folder}"
  zonelistfile: "{folder}/zone.list"
  database: ""
  logfile: "{folder}/nsd.log"
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd"
  xfrdir: "{folder}"
  server-count: 1
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
  minimal-responses: yes
remote-control:
  control-enable: no
"""


def nsd_program() -> str | None:
    """Path of NSD, or None where it is not installed."""
    return shutil.which("nsd") or shutil.which("nsd", path="/usr/sbin")


@contextmanager
def running_nsd(zones: dict[str, str], *, seconds: float = 20.0) -> Iterator[str]:
    """``127.0.0.1:port`` of NSD serving zone texts by origin; each text brings its own SOA and NS records."""
    program = nsd_program()
    if program is None:
        raise FileNotFoundError("nsd is not installed")
    with tempfile.TemporaryDirectory() as name:
        process, port = _started(program, Path(name), zones, seconds)
        try:
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def _started(
    program: str, folder: Path, zones: dict[str, str], seconds: float, tries: int = 3
) -> tuple[subprocess.Popen[bytes], int]:
    """NSD that answers. A port that was free may be taken before it has it: tests run in several processes."""
    port = _free_port()
    configuration = _CONFIGURATION.format(port=port, folder=folder)
    for number, (origin, text) in enumerate(zones.items()):
        (folder / f"{number}.zone").write_text(text, "utf-8")
        configuration += f'zone:\n  name: "{origin}"\n  zonefile: "{number}.zone"\n'
    (folder / "nsd.conf").write_text(configuration, "utf-8")
    process = subprocess.Popen(
        [program, "-d", "-c", str(folder / "nsd.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_up(process, port, next(iter(zones)), seconds)
    except RuntimeError:
        process.terminate()
        process.wait(10)
        if tries == 1:
            raise
        return _started(program, folder, zones, seconds, tries - 1)
    return process, port


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_up(process: subprocess.Popen[bytes], port: int, origin: str, seconds: float) -> None:
    query = dns.message.make_query(origin, "SOA")
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        try:
            if dns.query.udp(query, "127.0.0.1", timeout=0.2, port=port).answer:
                return
        except (dns.exception.DNSException, OSError):
            time.sleep(0.05)
    raise RuntimeError("nsd did not come up")
