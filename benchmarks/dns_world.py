"""A synthetic root zone with its questions and true answers, served by Knot or NSD on loopback; shared by the
DNS benchmarks. Seeded: every run builds the same world."""

import random
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

Question = tuple[str, str]
Expected = dict[Question, frozenset[str]]
"""Records by question, in the presentation form of the product; an empty set is an absence."""

_HOSTS = (
    ("www", "A"), ("www", "AAAA"), ("_dmarc", "TXT"), ("selector1._domainkey", "CNAME"), ("autodiscover", "CNAME"),
    ("_sip._tls", "SRV"), ("absent", "A"),
)  # fmt: skip
_PROFILES = ("microsoft", "google", "ovh", "gandi", "own")
_SHARED = {
    "spf.protection.outlook.com": ("TXT", ["v=spf1 ip4:40.92.0.0/15 ip4:40.107.0.0/16 -all"]),
    "_spf.google.com": ("TXT", ["v=spf1 include:_netblocks.google.com ~all"]),
    "_netblocks.google.com": ("TXT", ["v=spf1 ip4:35.190.247.0/24 ip4:64.233.160.0/19 ~all"]),
    "mx.ovh.com": ("TXT", ["v=spf1 ptr:mail-out.ovh.net ip4:8.33.137.105/32 ~all"]),
    "_mailcust.gandi.net": ("TXT", ["v=spf1 ip4:217.70.183.192/28 ?all"]),
    "aspmx.l.google.com": ("A", ["142.250.27.26"]),
    "mx1.mail.ovh.net": ("A", ["178.33.44.33"]),
    "spool.mail.gandi.net": ("A", ["217.70.178.1"]),
    "autodiscover.outlook.com": ("A", ["52.97.233.24"]),
}


def world(organisations: int = 20_000, seed: int = 35_000) -> tuple[str, Expected]:
    """Zone text of about 250,000 records at 20,000 organisations, and ten questions for each with their answers."""
    chance = random.Random(seed)
    lines = ["$TTL 300", ". SOA ns.box.test. host.box.test. 1 3600 600 86400 60", ". NS ns.box.test.",
             "ns.box.test. A 127.0.0.1"]  # fmt: skip
    expected: Expected = {}

    def put(name: str, rrtype: str, *values: str) -> None:
        for value in values:
            shown = f'"{value}"' if rrtype == "TXT" else value
            if rrtype in ("MX", "CNAME", "NS"):
                shown += "."
            lines.append(f"{name}. {rrtype} {shown}")
        expected[name, rrtype] = frozenset(values)

    for name, (rrtype, values) in _SHARED.items():
        put(name, rrtype, *values)
    for number in range(organisations):
        _organisation(f"org{number:05}.test", chance, put)
        name = f"org{number:05}.test"
        for rrtype in ("MX", "TXT", "CAA"):
            expected.setdefault((name, rrtype), frozenset())
        for label, rrtype in _HOSTS:
            expected.setdefault((f"{label}.{name}", rrtype), frozenset())
    return "\n".join(lines) + "\n", expected


def questions_of(expected: Expected, count: int, seed: int = 1) -> list[Question]:
    """Distinct questions in random order."""
    questions = sorted(expected)
    random.Random(seed).shuffle(questions)
    return questions[:count]


@contextmanager
def served(zone: str) -> Iterator[tuple[str, str]]:
    """``127.0.0.1:port`` and the name and version of the server: Knot where installed, else NSD."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        (folder / "root.zone").write_text(zone, "utf-8")
        program, arguments, label = _server(folder, port)
        process = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait(port, process)
            yield f"127.0.0.1:{port}", label
        finally:
            process.terminate()
            process.wait(20)


def free_port() -> int:
    """A UDP port of loopback that nobody uses."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program(name: str) -> str | None:
    """Path of a program, also outside an ordinary user's search path."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


def _organisation(name: str, chance: random.Random, put) -> None:
    """Everything of one organisation but NS records: in one flat zone they would delegate it away."""
    kind = chance.choice(_PROFILES)
    address = f"198.{chance.randrange(18, 20)}.{chance.randrange(256)}.{chance.randrange(256)}"
    put(name, "A", address)
    put(f"www.{name}", "A", address)
    if chance.random() < 0.4:
        put(f"www.{name}", "AAAA", f"2001:db8:{chance.randrange(1, 65536):x}::1")
    if chance.random() < 0.2:
        put(name, "CAA", '0 issue "letsencrypt.org"')
    if chance.random() < 0.6:
        put(f"_dmarc.{name}", "TXT", f"v=DMARC1; p=quarantine; rua=mailto:dmarc@{name}")
    token = f"google-site-verification={chance.randrange(16**12):x}"
    label = name.replace(".", "-")
    if kind == "microsoft":
        put(name, "MX", f"0 {label}.mail.protection.outlook.com")
        put(f"{label}.mail.protection.outlook.com", "A", "52.101.73.1", "52.101.73.2")
        put(name, "TXT", "v=spf1 include:spf.protection.outlook.com -all", f"MS=ms{chance.randrange(10**8)}", token)
        put(f"autodiscover.{name}", "CNAME", "autodiscover.outlook.com")
        put(f"selector1._domainkey.{name}", "CNAME", f"selector1-{label}._domainkey.contoso.onmicrosoft.com")
    elif kind == "google":
        put(name, "MX", "1 aspmx.l.google.com", "5 alt1.aspmx.l.google.com", "10 alt2.aspmx.l.google.com")
        put(name, "TXT", "v=spf1 include:_spf.google.com ~all", token)
    elif kind == "ovh":
        put(name, "MX", "1 mx1.mail.ovh.net", "5 mx2.mail.ovh.net")
        put(name, "TXT", "v=spf1 include:mx.ovh.com ~all", "1|www." + name)
    elif kind == "gandi":
        put(name, "MX", "10 spool.mail.gandi.net", "50 fb.mail.gandi.net")
        put(name, "TXT", "v=spf1 include:_mailcust.gandi.net ?all")
    else:
        put(name, "MX", f"10 mail.{name}")
        put(f"mail.{name}", "A", address)
        put(name, "TXT", f"v=spf1 a mx ip4:{address} -all")


def _server(folder: Path, port: int) -> tuple[str, list[str], str]:
    knot, nsd = program("knotd"), program("nsd")
    if knot:
        (folder / "knot.conf").write_text(
            f'server:\n  listen: 127.0.0.1@{port}\n  rundir: "{folder}"\n  udp-workers: 1\n  tcp-workers: 1\n'
            f'  background-workers: 1\ndatabase:\n  storage: "{folder}/db"\nzone:\n  - domain: "."\n'
            f'    file: "{folder}/root.zone"\n    zonefile-load: whole\n    journal-content: none\n'
            "    semantic-checks: off\n",
            "utf-8",
        )
        return knot, ["-c", str(folder / "knot.conf")], _version([knot, "-V"])
    if nsd:
        (folder / "nsd.conf").write_text(
            f'server:\n  ip-address: 127.0.0.1@{port}\n  do-ip6: no\n  username: ""\n  zonesdir: "{folder}"\n'
            f'  database: ""\n  logfile: "{folder}/log"\n  pidfile: "{folder}/pid"\n  xfrdfile: "{folder}/xfrd"\n'
            f'  xfrdir: "{folder}"\n  zonelistfile: "{folder}/list"\n  rrl-ratelimit: 0\n  minimal-responses: yes\n'
            'remote-control:\n  control-enable: no\nzone:\n  name: "."\n  zonefile: "root.zone"\n',
            "utf-8",
        )
        return nsd, ["-d", "-c", str(folder / "nsd.conf")], _version([nsd, "-v"])
    raise SystemExit("neither knotd nor nsd is installed: this benchmark needs a real server")


def _version(command: list[str]) -> str:
    shown = subprocess.run(command, capture_output=True, text=True, check=False)
    return (shown.stdout or shown.stderr).splitlines()[0]


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    query = dns.message.make_query("ns.box.test", "A")
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            if dns.query.udp(query, "127.0.0.1", timeout=0.3, port=port).answer:
                return
        except (dns.exception.DNSException, OSError):
            time.sleep(0.1)
    raise SystemExit("the DNS server did not come up")
