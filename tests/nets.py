"""Networks for the tests of probes: each one a whole behaviour of the world, implementing the ``Net`` protocol."""

import asyncio
import random

from sovscan.model.evidence import Asked, Outcome
from sovscan.net.answers import DnsAnswer, HttpAnswer, NetworkAnswer, RdapAnswer, TlsAnswer

STARTED = "2026-11-21T10:00:00.000Z"


class SettledNet:
    """Every question ends the same way; the base of the networks below."""

    outcome = Outcome.FAILED
    reason = "timeout"
    web_reason = "deadline"

    def __init__(self, opt_in=()):
        self.opt_in = frozenset(opt_in)
        self.asked = []

    def _asked(self, name, rrtype, server="127.0.0.1:53", transport="udp"):
        self.asked.append((name, rrtype))
        return Asked(name=name, type=rrtype, server=server, transport=transport, started=STARTED)

    async def dns(self, name, rrtype):
        asked = self._asked(name, rrtype)
        return DnsAnswer(name=name, rrtype=rrtype, outcome=self.outcome, reason=self.reason, final=name, asked=asked)

    async def http(self, url):
        return HttpAnswer(url=url, outcome=self.outcome, reason=self.web_reason, asked=self._asked(url, "GET"))

    async def tls(self, host, port=443):
        return TlsAnswer(host=host, outcome=self.outcome, reason=self.web_reason, asked=self._asked(host, "TLS"))

    async def rdap_domain(self, domain):
        return RdapAnswer(subject=domain, outcome=self.outcome, reason=self.reason, asked=self._asked(domain, "RDAP"))

    async def rdap_address(self, address):
        return RdapAnswer(subject=address, outcome=self.outcome, reason=self.reason, asked=self._asked(address, "RDAP"))

    def network(self, address):
        asked = Asked(name=address, type="ASN", server="table", transport="table")
        return NetworkAnswer(address=address, outcome=self.outcome, reason=self.reason, asked=asked)

    def allowed(self, probe_id):
        return probe_id in self.opt_in

    def for_domain(self, domain):
        return self


class SilentNet(SettledNet):
    """Nobody answers."""


class AbsentNet(SettledNet):
    """Everything is truly not there."""

    outcome = Outcome.ABSENT
    reason = "nxdomain"
    web_reason = "no-address"


class OfflineNet(SettledNet):
    """Nothing may be asked."""

    outcome = Outcome.SKIPPED
    reason = "offline"
    web_reason = "offline"


class ZoneNet(AbsentNet):
    """Answers from records given as ``{(name, type): records}``; aliases under type CNAME; absence otherwise."""

    def __init__(self, records, pages=None, certificates=None, opt_in=(), failing=()):
        super().__init__(opt_in)
        self.records = records
        self.pages = pages or {}
        self.certificates = certificates or {}
        self.failing = dict(failing)
        """Reason by (name, type)."""

    async def dns(self, name, rrtype):
        asked = self._asked(name, rrtype)
        aliases, final = [], name
        while (target := self._found(final, "CNAME")) and rrtype != "CNAME":
            final = target[0]
            aliases.append(final)
        found = self._found(final, rrtype)
        common = {"name": name, "rrtype": rrtype, "aliases": tuple(aliases), "final": final, "asked": asked}
        if reason := self.failing.get((final, rrtype)):
            return DnsAnswer(outcome=Outcome.FAILED, reason=reason, **common)
        if found:
            return DnsAnswer(outcome=Outcome.ANSWERED, records=tuple(sorted(found)), rcode="noerror", **common)
        known = any(owner == final for owner, _ in self.records)
        return DnsAnswer(outcome=Outcome.ABSENT, reason="nodata" if known else "nxdomain", **common)

    def _found(self, name, rrtype):
        parent = name.partition(".")[2]
        return self.records.get((name, rrtype)) or (
            None if any(owner == name for owner, _ in self.records) else self.records.get((f"*.{parent}", rrtype))
        )

    async def http(self, url):
        asked = self._asked(url, "GET", "192.0.2.1:443", "https")
        page = self.pages.get(url)
        if page is None:
            return HttpAnswer(url=url, outcome=Outcome.ABSENT, reason="no-address", asked=asked)
        if isinstance(page, str):
            return HttpAnswer(url=url, outcome=Outcome.FAILED, reason=page, asked=asked)
        status, headers, body = page
        return HttpAnswer(
            url=url, final_url=url, outcome=Outcome.ANSWERED, status=status, headers=headers, body=body, asked=asked
        )

    async def tls(self, host, port=443):
        issuer = self.certificates.get(host)
        if issuer is None:
            return await super().tls(host, port)
        asked = self._asked(host, "TLS", "192.0.2.1:443", "tls")
        return TlsAnswer(host=host, outcome=Outcome.ANSWERED, issuer_o=issuer, chain=(issuer,), asked=asked)

    def network(self, address):
        asked = Asked(name=address, type="ASN", server="table of 2026-11-01", transport="table")
        return NetworkAnswer(
            address=address,
            outcome=Outcome.ANSWERED,
            asns=((64500, "Example Net"),),
            prefix="192.0.2.0/24",
            asked=asked,
        )


class SlowNet(ZoneNet):
    """A zone whose answers come back after random moments, in random order."""

    def __init__(self, records, seed, longest=0.01, **more):
        super().__init__(records, **more)
        self._random = random.Random(seed)
        self._longest = longest

    async def dns(self, name, rrtype):
        await asyncio.sleep(self._random.uniform(0, self._longest))
        return await super().dns(name, rrtype)

    async def http(self, url):
        await asyncio.sleep(self._random.uniform(0, self._longest))
        return await super().http(url)

    async def tls(self, host, port=443):
        await asyncio.sleep(self._random.uniform(0, self._longest))
        return await super().tls(host, port)


LIES = {
    "MX": ("10", "x y z", "-1 .", "99999999999999999999 a.example", "0 .", "10 <script>alert(1)</script>.example",
           "10 a\\000b.example", "10 192.0.2.1", "5 2001:db8::1", "10 ../../etc", ""),
    "NS": ('"><img', "a..b", "", "."),
    "SOA": ("", "a", "a b c d e f g", "mname jean\\.dupont.mairie.example 1 2 3 4 5"),
    "TXT": ("v=spf1 include:%{d} include: redirect=", "v=spf1 include:loop.example -all", "\x1b[2J",
            "v=DMARC1; rua=mailto:", "v=STSv1; id=1", "a" * 70000, "v=spf1 " + "include:a.example " * 500),
    "CAA": ("", '0 issue "', '999 issue ";"', "0 iodef \"mailto:jean.dupont@mairie.example\""),
    "A": ("192.0.2.1", "999.1.1.1", "localhost", "127.0.0.1"),
    "AAAA": ("::1", "::ffff:1.2.3.4%eth0", "zz"),
}  # fmt: skip


class LyingNet(SettledNet):
    """Everybody answers everything, with whatever breaks a reader."""

    outcome = Outcome.ANSWERED
    reason = None

    async def dns(self, name, rrtype):
        records = tuple(sorted(LIES.get(rrtype, ("", "\x00", "a b c d e f g h"))))
        return DnsAnswer(
            name=name,
            rrtype=rrtype,
            outcome=Outcome.ANSWERED,
            records=records,
            aliases=("x\\.y.example", name),
            final=name,
            truncated=True,
            note="\x1b]0;owned\x07" * 100,
            asked=self._asked(name, rrtype),
        )

    async def http(self, url):
        body = (
            b"<script src='//[bad'><script src='https://user:SECRETCANARY@a.example:99999/'>" + b"<" * 1000 + b"\xff\0"
        )
        return HttpAnswer(
            url=url,
            final_url="https://user:SECRETCANARY@[oops/",
            outcome=Outcome.ANSWERED,
            status=200,
            headers=(
                ("set-cookie", "sid=SECRETCANARY; Path=/"),
                ("content-security-policy", "; ;, default-src\x00 *.a.example"),
            ),
            redirects=("https://user:SECRETCANARY@b.example/?token=SECRETCANARY",),
            body=body,
            asked=self._asked(url, "GET"),
        )

    async def tls(self, host, port=443):
        return TlsAnswer(
            host=host,
            outcome=Outcome.ANSWERED,
            issuer_o="<b>\n",
            names=tuple(f"n{number}.example" for number in range(5000)),
            asked=self._asked(host, "TLS"),
        )

    async def rdap_domain(self, domain):
        fields = {"registrar": "x" * 10000, "mail": "jean.dupont@mairie.example"}
        return RdapAnswer(subject=domain, outcome=Outcome.ANSWERED, fields=fields, asked=self._asked(domain, "RDAP"))

    rdap_address = rdap_domain

    def network(self, address):
        asked = Asked(name=address, type="ASN", server="table", transport="table")
        return NetworkAnswer(address=address, outcome=Outcome.ANSWERED, asns=((0, ""), (2**40, "\n")), asked=asked)
